"""The only link to a paid file is kept, whatever the answer looks like and wherever the files go."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from license_service import links, states
from media_service import LINKED_ONCE, MediaService, job_of

from shutterstock_api import ApiClient, LedgerError, LicenseJob
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.schema.medium import Medium

Result = dict[str, Any]


@pytest.fixture(params=LINKED_ONCE)
def medium(request: pytest.FixtureRequest) -> Medium:
    return MEDIA[request.param]


def without_id(result: Result) -> Result:
    return {name: value for name, value in result.items() if name != "editorial_id"}


def with_prefix(result: Result) -> Result:
    return {**result, "editorial_id": f"i{result['editorial_id']}"}


def of_another(result: Result) -> Result:
    return {**result, "editorial_id": "404"}


def changed(service: MediaService, change: Callable[[Result], Result]) -> None:
    """Let the service answer in another way."""
    result = service._result
    service._result = lambda entry: change(result(entry))  # type: ignore[method-assign]


@pytest.mark.parametrize("change", [without_id, with_prefix])
def test_one_entry_for_one_item_is_about_that_item(
    job: LicenseJob, service: MediaService, folder: Path, change: Callable[[Result], Result]
):
    changed(service, change)
    service.refusals["2"] = "Not for sale"
    job.add(["1", "2"])
    report = job.run(folder)
    assert states(report) == {"1": "licensed", "2": "failed"}
    assert (report.charge, report.unknown_charges, service.sold) == (1, 0, {"1": 1})
    path = report.items[0].path
    assert path
    assert path.read_bytes() == service.content("L1")


def test_an_entry_that_names_another_item_is_not(job: LicenseJob, service: MediaService, folder: Path):
    changed(service, of_another)
    job.add("1")
    (item,) = job.run(folder).items
    assert (item.state, item.charge, item.path) == ("licensed", None, None)  # the history says so


def test_a_run_with_another_folder_leaves_the_files_where_they_are(
    job: LicenseJob, service: MediaService, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    job.add("1")
    folder.mkdir()
    monkeypatch.chdir(folder)
    first = job.run("here")
    for other in (folder / "other", "here"):
        monkeypatch.chdir(folder.parent)
        report = job.run(other)
        assert report == first
        assert report.items[0].path == folder / "here" / f"1.{service.extension}"
    with pytest.raises(LedgerError, match="is not licensed without a file"):
        job.license_again("1")


def test_a_licence_whose_link_was_not_tried_is_not_bought_again(
    job: LicenseJob, service: MediaService, folder: Path
):
    job.add("1")
    job.run(quiet=True)
    with pytest.raises(LedgerError, match=r"run\(\) with a directory downloads the file"):
        job.license_again("1")
    assert job.run(folder).items[0].path
    assert service.sold == {"1": 1}


def test_a_lost_ledger_does_not_buy_again(
    job: LicenseJob, service: MediaService, client: ApiClient, folder: Path
):
    job.add(["1", "2"])
    job.run(folder)
    again = job_of(service.medium, client, folder.parent / "again.sqlite")
    again.add(["1", "2", "3"])
    report = again.run(reuse_existing=True, quiet=True)
    assert [one.reused for one in report.items] == [True, True, False]
    assert service.sold == {"1": 1, "2": 1, "3": 1}
    report = again.run(folder.parent / "others", reuse_existing=True)
    assert [one.id for one in report.without_file] == ["1", "2"]


def test_a_file_that_is_there_already_may_be_another(job: LicenseJob, service: MediaService, folder: Path):
    """Somebody has downloaded its preview."""
    folder.mkdir()
    path = folder / f"1.{service.extension}"
    path.write_bytes(b"preview")
    job.add("1")
    for _ in range(2):
        assert job.run(folder).items[0].bytes == 7
        assert links(job) == [service.link("L1")]
    path.unlink()
    job.run(folder)
    assert path.read_bytes() == service.content("L1")
    assert (links(job), service.sold) == ([None], {"1": 1})


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that are sent")
@pytest.mark.parametrize("act", ["sell", "lost"])
def test_ctrl_c_waits_for_the_answer(
    job: LicenseJob, service: MediaService, folder: Path, capsys: pytest.CaptureFixture[str], act: str
):
    before = signal.getsignal(signal.SIGINT)
    service.acts = iter([act])
    strike(service)
    job.add(["1", "2"])
    with pytest.raises(KeyboardInterrupt):
        job.run(folder)
    assert "press Ctrl-C again" in capsys.readouterr().err
    state = "licensed" if act == "sell" else "unknown"
    assert states(job.status()) == {"1": state, "2": "planned"}
    assert links(job) == [service.link("L1") if act == "sell" else None, None]
    assert signal.getsignal(signal.SIGINT) is before
    assert [one.path is not None for one in job.run(folder).items] == [act == "sell", True]
    assert service.sold == {"1": 1, "2": 1}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that are sent")
def test_a_second_ctrl_c_does_not_wait(job: LicenseJob, service: MediaService, folder: Path):
    strike(service, 2)
    job.add("1")
    with pytest.raises(KeyboardInterrupt):
        job.run(folder, quiet=True)
    assert states(job.status()) == {"1": "unknown"}
    assert states(job.run(folder)) == {"1": "licensed"}
    assert service.sold == {"1": 1}


def strike(service: MediaService, times: int = 1) -> None:
    """Press Ctrl-C while the first licence request is being served."""
    result = service._result

    def struck(entry: Result) -> Result:
        told = result(entry)
        for _ in range(times if len(service.books) == 1 else 0):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)
        return told

    service._result = struck  # type: ignore[method-assign]
