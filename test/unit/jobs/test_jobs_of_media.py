"""Jobs of a medium whose licences nothing marks: the history before and after a request tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from license_service import states
from scripted_server import Clock, Server, answer
from tracks import TRACKS, TracksApi, TrackService

from shutterstock_api import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    LedgerError,
    LicenseJob,
    LicenseOutcomeUnknown,
)
from shutterstock_api.contract import media
from shutterstock_api.contract.media import IMAGES


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MEDIA", {**media.MEDIA, "track": TRACKS})


@pytest.fixture
def service(server: Server, clock: Clock) -> TrackService:
    made = TrackService(clock)
    server.always(made)
    return made


@pytest.fixture
def job(client: ApiClient, service: TrackService, tmp_path: Path) -> LicenseJob:
    return LicenseJob(TracksApi(client), tmp_path / "job.sqlite")


def sold(service: TrackService) -> Counter[str]:
    return Counter(item for _, item, _ in service.books)


def test_one_at_a_time_each_looked_up_before(job: LicenseJob, service: TrackService):
    job.add(["1", "2"])
    report = job.run()
    assert service.bodies == [{"audio": [{"audio_id": "1"}]}, {"audio": [{"audio_id": "2"}]}]
    assert service.log == ["GET", "POST"] * 2
    assert [(one.image_id, one.license_id) for one in report.licensed] == [("1", "L1"), ("2", "L2")]


def test_the_report_of_a_dry_run_is_one_of_its_medium(job: LicenseJob):
    job.add("1")
    assert job.run(dry_run=True).to_records()[0]["audio_id"] == "1"


@pytest.mark.parametrize("act", ["lost", "nothing"])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_is_new_in_the_history_was_bought(
    job: LicenseJob, service: TrackService, clock: Clock, act: str, before: int
):
    for _ in range(before):
        service.sell("1")
    service.acts = iter([act])
    job.add("1")
    report = job.run()
    assert [(one.state, one.license_id) for one in report.images] == [("licensed", f"L{before + 1}")]
    assert sold(service) == {"1": before + 1}
    assert len(service.bodies) == (1 if act == "lost" else 2)


def test_licences_that_somebody_else_buys_meanwhile_leave_doubt(job: LicenseJob, service: TrackService):
    def history(_: Any) -> None:
        if service.log[-2:] == ["POST", "GET"] and len(service.books) == 1:
            service.sell("1")

    service.acts, service.history = iter(["lost"]), history
    job.add("1")
    assert states(job.run()) == {"1": "unknown"}
    assert states(job.run()) == {"1": "unknown"}
    assert len(service.bodies) == 1


def test_a_licence_that_shows_late_is_not_taken_for_an_older_one_s(
    job: LicenseJob, service: TrackService, clock: Clock
):
    """Somebody has bought it a minute before, and the history did not show it yet."""
    service.history = lambda _: answer(200, {"data": []}) if len(service.log) == 1 else None
    service.sell("1")
    clock.now += 60
    service.acts = iter(["nothing"])
    job.add("1")
    assert states(job.run()) == {"1": "unknown"}
    assert len(service.bodies) == 1


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (answer(403), "403"),
        (answer(200, {"data": [], "total_count": 1}), "its end cannot be found for track 1"),
        (answer(200, {"data": []}, Age="3"), "a store on the way has answered for track 1"),
    ],
)
def test_without_the_history_before_nothing_is_bought(
    job: LicenseJob, service: TrackService, page: bytes, words: str
):
    service.history = lambda _: page
    job.add("1")
    report = job.run()
    assert str(report.stopped).startswith("the licence history cannot be read: ")
    assert words in str(report.stopped)
    assert (states(report), service.bodies) == ({"1": "planned"}, [])


def test_what_stands_beside_the_items_holds_for_a_request(
    job: LicenseJob, service: TrackService, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(TracksApi, "medium", TRACKS._replace(marker=True))
    wishes = [{"audio_id": item, "country": country} for item, country in ("1a", "2a", "3b", "4a")]
    job.add([*wishes, "5"])
    assert len(job.run().licensed) == 5
    assert service.bodies == [
        {"audio": [{"audio_id": "1"}, {"audio_id": "2"}], "country": "a"},
        {"audio": [{"audio_id": "3"}], "country": "b"},
        {"audio": [{"audio_id": "4"}], "country": "a"},
        {"audio": [{"audio_id": "5"}]},
    ]


def test_what_stands_beside_the_items_is_checked(
    client: ApiClient, service: TrackService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The contract of images knows no country, and none in an image."""
    monkeypatch.setattr(TracksApi, "medium", IMAGES._replace(beside=("country",)))
    images = LicenseJob(TracksApi(client), tmp_path / "images.sqlite")
    with pytest.raises(ApiTypeError, match=r"body\.country: LicenseImageRequest has no such field"):
        images.add(["1", {"image_id": "2", "country": "a"}])
    assert images.add(["1"]) == 1


def test_a_ledger_of_another_medium(job: LicenseJob, client: ApiClient, tmp_path: Path):
    with pytest.raises(LedgerError, match="licenses tracks, not images"):
        LicenseJob(client, tmp_path / "job.sqlite")


def test_errors_name_the_medium(job: LicenseJob, service: TrackService, client: ApiClient):
    with pytest.raises(ApiTypeError, match="audio: expected ids or audio to license, got 7.*; write '7'"):
        job.add(7)  # type: ignore[arg-type]
    with pytest.raises(ApiValueError, match=r"audio\[1\]\.audio_id: .*; write '2'"):
        job.add(["1", "02"])
    with pytest.raises(LedgerError, match="track 1 is not unknown"):
        job.settle("1", None)


Call = Callable[[], Any]


def test_a_request_of_its_own(client: ApiClient, service: TrackService, clock: Clock):
    """Without a look before it, a licence in the history is no proof of what it bought; none in it is."""
    service.acts = iter(["lost", "nothing"])
    body = {"audio": [{"audio_id": "1"}]}
    for outcome in ("unknown", "not_licensed"):
        with pytest.raises(LicenseOutcomeUnknown) as caught:
            client.request("POST", "/v2/audio/licenses", body=body)
        clock.now += 700
        assert getattr(caught.value.reconcile(), outcome) == ["1"]
        assert caught.value.medium == "track"
        service.books.clear()
