"""Licence jobs of every medium: each item is bought once, whatever happens to its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from license_service import entries, links, states
from media_service import APIS, LINKED_ONCE, MARKED, UNMARKED, MediaService, job_of, settings
from scripted_server import Clock, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    ImagesApi,
    LedgerError,
    LicenseJob,
    UsersApi,
    models,
)
from shutterstock_api.calls.binding import resolve
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.schema.fields import fields_of
from shutterstock_api.schema.medium import Medium

# What is bought.


def test_every_medium_has_a_class():
    assert set(APIS) == set(MEDIA)
    assert {*MARKED, *UNMARKED} == set(MEDIA)
    assert (len(MARKED), len(UNMARKED), len(LINKED_ONCE)) == (2, 5, 3)


def test_each_item_is_bought_once(job: LicenseJob, service: MediaService, medium: Medium, tmp_path: Path):
    ids = [str(number) for number in range(1, 8)]
    assert job.add(ids) == 7
    report = job.run(tmp_path / "files")
    assert service.sold == dict.fromkeys(ids, 1)
    assert [(one.id, one.state, one.charge) for one in report.items] == [(id, "licensed", 1) for id in ids]
    assert report.images == report.items
    for sold, one in zip(service.books, report.items, strict=True):
        assert one.license_id == sold["id"]
        assert one.path == tmp_path / "files" / f"{one.id}.{service.extension}"
        assert one.path.read_bytes() == service.content(sold["id"])
        assert (one.bytes, one.error) == (len(service.content(sold["id"])), None)
    assert (report.charge, report.unknown_charges) == (7, 0)
    assert links(job) == [None] * 7
    before = len(service.log)
    assert job.run(tmp_path / "files") == report
    assert len(service.log) == before


def test_requests_of_many_with_a_marker_and_of_one_without(
    job: LicenseJob, service: MediaService, medium: Medium
):
    job.add([str(number) for number in range(1, 61)])
    job.run()
    sizes = [len(body[medium.items]) for body in service.bodies]
    assert sizes == ([50, 10] if medium.marker else [1] * 60)
    log = ["license"] * 2 if medium.marker else ["history", "license"] * 60
    assert service.log == (log if medium.has_license_id else log + ["history"] * 120)  # for the ids


def test_what_a_request_holds(job: LicenseJob, service: MediaService, medium: Medium):
    job.add("17")
    job.run()
    told = settings(medium)
    beside = {name: told.pop(name) for name in medium.beside if name in told}
    entry = {medium.item_id: "17", **told}
    (body,) = service.bodies
    marker = body[medium.items][0].pop("metadata", None)
    assert body == {medium.items: [entry], **beside}
    assert (marker is not None) == bool(medium.metadata)


@pytest.mark.parametrize("act", ["lost", "nothing"])
@pytest.mark.parametrize("before", [0, 2])
def test_an_answer_that_is_lost(
    job: LicenseJob, service: MediaService, medium: Medium, act: str, before: int
):
    for _ in range(before):
        service.sell("1", {"metadata": {"license_job": "of another job"}})
    service.clock.now += 3600
    service.acts = iter([act])
    job.add(["1", "2"])
    report = job.run()
    assert states(report) == {"1": "licensed", "2": "licensed"}
    assert service.sold == {"1": before + 1, "2": 1}
    (first,) = (one for one in report.items if one.id == "1")
    by_history = act == "lost"
    if by_history:
        assert (first.license_id, first.charge) == (f"L{before + 1}", None)
    unknown = (2 if medium.marker else 1) * by_history
    assert report.unknown_charges == unknown
    assert str(report).endswith(f"charge {2 - unknown}" + (f", {unknown} unknown" if unknown else ""))


def test_what_the_history_cannot_prove_stays_unknown(job: LicenseJob, service: MediaService):
    """Nobody can look after the request."""
    service.acts = iter(["lost"])
    service.history = lambda _: answer(500) if "license" in service.log else None
    job.add("1")
    for _ in range(3):
        assert states(job.run()) == {"1": "unknown"}
    assert service.sold == {"1": 1}
    service.history = lambda _: None
    assert states(job.run()) == {"1": "licensed"}
    assert service.sold == {"1": 1}


@pytest.mark.parametrize("name", UNMARKED)
def test_another_buyer_of_the_same_id_leaves_doubt(
    client: ApiClient, server: Server, clock: Clock, tmp_path: Path, name: str
):
    service = MediaService(server, clock, MEDIA[name])

    def history(_: Any) -> None:
        if service.log[-2:] == ["license", "history"] and len(service.books) == 1:
            service.sell("1")

    service.acts, service.history = iter(["lost"]), history
    job = job_of(MEDIA[name], client, tmp_path / "job.sqlite")
    job.add("1")
    for _ in range(2):
        assert states(job.run()) == {"1": "unknown"}
    assert len(service.bodies) == 1


def test_a_refusal_costs_nothing(job: LicenseJob, service: MediaService):
    service.refusals["2"] = "Not for sale"
    job.add(["1", "2"])
    report = job.run()
    assert states(report) == {"1": "licensed", "2": "failed"}
    assert [one.error for one in report.failed] == ["Not for sale"]


def test_licences_that_are_there_are_taken(job: LicenseJob, service: MediaService):
    """Also where their file is out of reach: to buy it again takes `license_again`."""
    service.sell("1")
    job.add(["1", "2"])
    report = job.run(reuse_existing=True)
    assert [one.reused for one in report.items] == [True, False]
    assert service.sold == {"1": 1, "2": 1}


@pytest.mark.parametrize("field", ["image", "video", "audio", "sfx"])
def test_nobody_knows_under_which_name_the_history_has_sound_effects(
    client: ApiClient, server: Server, clock: Clock, tmp_path: Path, field: str
):
    medium = MEDIA["sound effect"]
    service = MediaService(server, clock, medium)
    service.history_item = field
    service.sell("1")
    service.clock.now += 3600
    job = job_of(medium, client, tmp_path / "job.sqlite")
    job.add(["1", "2"])
    service.acts = iter(["lost"])
    report = job.run(reuse_existing=True)
    assert [(one.license_id, one.reused) for one in report.items] == [("L1", True), ("L2", False)]
    assert service.sold == {"1": 1, "2": 1}


# What a job must be told.


def test_a_setting_that_must_not_be_left_to_the_service(
    client: ApiClient, service: MediaService, medium: Medium, tmp_path: Path
):
    for name in medium.job_settings:
        told = {key: value for key, value in settings(medium).items() if key != name}
        job = LicenseJob(APIS[medium.name](client), tmp_path / f"{name}.sqlite", **told)
        with pytest.raises(
            ApiValueError, match=rf"{medium.items}\[1\]\.{name}: required; pass LicenseJob\({name}="
        ):
            job.add([{medium.item_id: "1", name: "x"}, {medium.item_id: "2", name: ""}])
        assert job.add({medium.item_id: "1", name: "x"}) == 1
        assert entries(job)[0][name] == "x"
    assert service.log == []


def test_which_settings_these_are():
    required = {name: set(medium.job_settings) for name, medium in MEDIA.items()}
    editorial = {"license", "country"}
    assert required == {
        "image": set(),
        "video": {"size"},
        "track": {"license"},
        "sound effect": {"subscription_id"},
        "editorial image": editorial,
        "editorial video": editorial,
        "editorial item": editorial,
    }


def test_settings_of_other_media_are_refused(client: ApiClient, medium: Medium, tmp_path: Path):
    known = {field for model in _entry_models(medium) for field in model.__struct_fields__} | set(
        medium.beside
    )
    given = {"size", "license", "country", "subscription_id", "format", "audio_layout"}
    for name in given - known:
        with pytest.raises(ApiTypeError, match=f"{name}: .* has no such field"):
            LicenseJob(APIS[medium.name](client), tmp_path / "bad.sqlite", **{name: "x"})
    assert not (tmp_path / "bad.sqlite").exists()
    for name in (given & known) - {"size"}:
        LicenseJob(APIS[medium.name](client), tmp_path / "good.sqlite", **{name: "x"})


def test_what_can_be_added(job: LicenseJob, service: MediaService, medium: Medium):
    thing = job._wishes()._thing
    wish = next(model for model in _entry_models(medium))
    job.add([thing(id="1"), wish(**{medium.item_id: "2", **_without(settings(medium), medium.beside)})])
    job.add({medium.item_id: "3"})
    searches = [one for name, one in APIS[medium.name].operations.items() if name.startswith("search_")]
    found = [str(fields_of(resolve(one.returns))["data"].type) for one in searches]
    assert any(f".{thing.__name__}]" in listed for listed in found)


def test_a_thing_of_another_medium(job: LicenseJob, medium: Medium):
    other = models.Image if medium.name != "image" else models.Video
    with pytest.raises(ApiTypeError, match="has no such field|required"):
        job.add(other(id="1"))


def test_an_api_that_licenses_nothing(client: ApiClient, tmp_path: Path):
    with pytest.raises(ApiTypeError, match="UsersApi licenses nothing"):
        LicenseJob(UsersApi(client), tmp_path / "job.sqlite")


def test_a_ledger_belongs_to_one_medium(job: LicenseJob, client: ApiClient, medium: Medium, tmp_path: Path):
    for name, other in MEDIA.items():
        if name != medium.name:
            with pytest.raises(LedgerError, match=f"licenses {medium.name}s, not {name}s"):
                job_of(other, client, tmp_path / "job.sqlite")
    assert job_of(medium, client, tmp_path / "job.sqlite").status().items == []


def _entry_models(medium: Medium) -> list[type[Any]]:
    """Return the models of what a request lists."""
    name = {
        "image": "LicenseImage",
        "video": "LicenseVideo",
        "track": "LicenseAudio",
        "sound effect": "LicenseSFX",
        "editorial video": "LicenseEditorialVideoContent",
    }.get(medium.name, "LicenseEditorialContent")
    return [resolve(name)]


def _without(told: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


# The report.


def test_the_table_has_the_names_of_the_service(job: LicenseJob, medium: Medium, tmp_path: Path):
    job.add("17")
    job.export(tmp_path / "report.csv")
    header, row = (tmp_path / "report.csv").read_text("utf-8").splitlines()
    assert header.startswith(f"{medium.item_id},state,error,license_id,charge,")
    assert row.startswith("17,planned,")
    assert f">{medium.name.capitalize()}<" in job.status()._repr_html_()


def test_a_format_1_ledger_is_of_images(client: ApiClient, tmp_path: Path):
    LicenseJob(ImagesApi(client), tmp_path / "job.sqlite").add("1")
    report = LicenseJob(client, tmp_path / "job.sqlite").status()
    assert (report.medium, report.items[0].image_id, report.items[0].id) == ("image", "1", "1")
