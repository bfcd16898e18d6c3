"""Media whose files cannot be downloaded again: the link is kept, and nothing is bought anew unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from license_service import links, states
from media_service import LINKED_ONCE, MediaService, job_of
from scripted_server import answer

from shutterstock_api import ApiClient, ApiTypeError, ImagesApi, LedgerError, LicenseJob
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.jobs.files import JobFiles
from shutterstock_api.schema.medium import Medium

LOST = "The link to the file was lost or has expired, and the service does not give another one."


@pytest.fixture(params=LINKED_ONCE)
def medium(request: pytest.FixtureRequest) -> Medium:
    return MEDIA[request.param]


def test_the_link_is_in_the_ledger_before_the_file_is_asked_for(
    job: LicenseJob, service: MediaService, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    job.add("1")
    monkeypatch.setattr(JobFiles, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        job.run(folder)
    assert (states(job.status()), links(job)) == ({"1": "licensed"}, [service.link("L1")])
    monkeypatch.undo()
    (item,) = job.run(folder).items
    assert item.path is not None
    assert item.path.read_bytes() == service.content("L1")
    assert (service.sold, links(job)) == ({"1": 1}, [None])


def test_the_link_is_a_secret(job: LicenseJob, service: MediaService, caplog: pytest.LogCaptureFixture):
    job.add("1")
    report = job.run()
    assert "signature" in str(links(job))
    assert "signature" not in f"{report!r} {report} {report.items} {report._repr_html_()} {caplog.text}"


def test_ids_of_licences_come_from_the_history_as_soon_as_it_has_them(
    job: LicenseJob, service: MediaService, folder: Path
):
    service.sell("1")
    service.clock.now += 3600
    service.history = lambda _: answer(500) if "license" in service.log else None
    job.add(["1", "2"])
    assert [one.license_id for one in job.run(folder).items] == [None, None]
    service.history = lambda _: None
    assert [one.license_id for one in job.run(folder).items] == ["L2", "L3"]
    before = len(service.log)
    job.run(folder)
    assert len(service.log) == before


def test_an_id_that_may_be_another_s_is_not_taken(job: LicenseJob, service: MediaService, folder: Path):
    job.add("1")
    job.run(folder, quiet=True)
    service.clock.now += 10
    other = job_of(service.medium, job._client, folder.parent / "other.sqlite")

    def history(_: object) -> None:
        if len(service.books) == 2:
            service.sell("1")

    service.history = history
    other.add("1")
    assert [one.license_id for one in other.run(folder.parent / "others").items] == [None]


def test_the_files_are_fetched_while_others_are_bought(job: LicenseJob, service: MediaService, folder: Path):
    """The first file is here before the third item is asked for."""
    held: list[bool] = []

    def history(_: object) -> None:
        if len(service.books) == 2:
            while not (folder / f"1.{service.medium.extension}").exists():
                pass
            held.append(True)

    service.history = history
    job.add(["1", "2", "3"])
    job.run(folder)
    assert held


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_link_that_has_ended(job: LicenseJob, service: MediaService, folder: Path, status: int):
    service.file = lambda _: answer(status)
    job.add("1")
    for _ in range(2):
        report = job.run(folder)
        (item,) = report.items
        assert (item.state, item.path) == ("licensed", None)
        assert str(item.file_error).startswith(f"GET {service.server.url}/")
        assert f" {status} " in str(item.file_error)
        assert LOST in str(item.file_error)
        assert "license_again()" in str(item.file_error)
        assert report.without_file == [item]
        assert "1 has no file: " in str(report)
    assert service.sold == {"1": 1}
    service.file = lambda _: None
    assert job.run(folder).items[0].path


def test_a_disk_that_is_full_is_no_link_that_has_ended(
    job: LicenseJob, service: MediaService, tmp_path: Path
):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / f"1.{service.medium.extension}").mkdir()
    job.add("1")
    (item,) = job.run(tmp_path / "files").items
    assert item.file_error
    assert LOST not in item.file_error


def test_an_answer_with_the_link_that_is_lost(job: LicenseJob, service: MediaService, folder: Path):
    """The history proves the licence, and has no link."""
    service.acts = iter(["lost"])
    job.add("1")
    for _ in range(2):
        (item,) = job.run(folder).items
        assert (item.state, item.license_id, item.charge) == ("licensed", "L1", None)
        assert str(item.file_error).startswith(LOST)
    assert service.sold == {"1": 1}
    assert "link" not in service.log


def test_it_is_bought_again_when_somebody_asks_for_that(job: LicenseJob, service: MediaService, folder: Path):
    service.acts = iter(["sell", "lost"])
    job.add(["1", "2"])
    job.run(folder)
    assert service.sold == {"1": 1, "2": 1}
    job.license_again("2")
    report = job.status()
    assert (states(report), report.items[1].license_id) == ({"1": "licensed", "2": "planned"}, None)
    report = job.run(folder)
    assert service.sold == {"1": 1, "2": 2}
    assert report.without_file == []
    assert report.items[1].path
    assert report.items[1].path.read_bytes() == service.content("L3")


def test_a_first_purchase_of_unknown_charge_counts_as_much_as_the_dearest(
    job: LicenseJob, service: MediaService, folder: Path
):
    """Its answer was lost, and the history tells no charge."""
    service.acts, service.charge = iter(["sell", "lost"]), 4
    job.add(["1", "2"])
    job.run(folder)
    job.license_again("2")
    report = job.run(folder, max_charge=11)
    assert "max_charge" in str(report.stopped)
    assert service.sold == {"1": 1, "2": 1}
    job.run(folder, max_charge=12)
    assert service.sold == {"1": 1, "2": 2}


def test_a_second_purchase_counts_too_and_is_told_from_the_first(
    job: LicenseJob, service: MediaService, folder: Path
):
    service.file, service.charge = lambda _: answer(410), 4
    job.add("1")
    job.run(folder)
    job.license_again(["1"])
    report = job.run(folder, max_charge=7)
    assert "max_charge" in str(report.stopped)
    assert (report.charge, service.sold) == (4, {"1": 1})
    service.acts = iter(["nothing", "lost"])
    service.file = lambda _: None
    report = job.run(folder, max_charge=8)
    assert (states(report), service.sold) == ({"1": "licensed"}, {"1": 2})
    assert (report.items[0].license_id, report.charge) == ("L2", 4)
    markers = {body["editorial"][0].get("metadata", {}).get("license_job") for body in service.bodies}
    assert len(markers) == 2 * bool(service.medium.metadata)


def test_what_has_its_file_or_is_not_bought_is_not_bought_again(
    job: LicenseJob, service: MediaService, folder: Path
):
    service.file = lambda licence: answer(410) if licence == "L2" else None
    job.add(["1", "2"])
    job.run(folder)
    job.add("3")
    for ids in (["2", "1"], "3", ["404"]):
        with pytest.raises(LedgerError, match="is not licensed without a file; nothing was planned"):
            job.license_again(ids)
    assert states(job.status()) == {"1": "licensed", "2": "licensed", "3": "planned"}


def test_files_that_can_be_downloaded_again_need_no_second_licence(client: ApiClient, tmp_path: Path):
    job = LicenseJob(ImagesApi(client), tmp_path / "job.sqlite")
    with pytest.raises(ApiTypeError, match=r"images are downloaded again by run\(\)"):
        job.license_again("1")


def test_without_a_directory_the_run_says_what_will_be_lost(
    job: LicenseJob, service: MediaService, capsys: pytest.CaptureFixture[str], folder: Path
):
    job.add("1")
    job.run(quiet=True)
    job.run(folder, dry_run=True)
    assert capsys.readouterr().err == ""
    job.run()
    assert f"no file of these {service.medium.name}s is downloaded" in capsys.readouterr().err
    job.run(folder)
    assert capsys.readouterr().err == ""
