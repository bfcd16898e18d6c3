"""Progress, status, a bar."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from license_service import Entries, Make, Service, ids, instead, lost, serve, states
from scripted_server import answer

from shutterstock_api import ApiClient, ImagesApi, LedgerError, LicenseJob, LicenseReport, Progress
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.jobs import run

# Progress, status.


def test_progress_ends_at_the_totals(make: Make, service: Service, folder: Path):
    seen: list[Progress] = []
    job = make(*ids(70))
    report = job.run(folder, progress=seen.append)
    assert seen[-1] == Progress(report.bytes, report.bytes, 70, 70, 70)
    assert [one.licensed for one in seen] == sorted(one.licensed for one in seen)
    again: list[Progress] = []
    job.run(folder, progress=again.append)
    assert again[-1] == seen[-1]
    alone: list[Progress] = []
    job.run(progress=alone.append)
    assert alone[-1] == Progress(0, 0, 0, 0, 70)


def test_progress_counts_failed_downloads_once(make: Make, service: Service, client: ApiClient, folder: Path):
    client.configuration.retries = 0
    service.file = lambda licence: answer(503) if licence == "L1" else None
    seen: list[Progress] = []
    make("1", "2").run(folder, progress=seen.append)
    assert (seen[-1].files, seen[-1].total_files) == (2, 2)


def test_status_from_elsewhere(make: Make, service: Service, folder: Path):
    job = make(*ids(60))
    found: list[LicenseReport] = []

    def ask() -> None:
        found.append(job.status())

    def progress(now: Progress) -> None:
        if now.licensed == 50 and not found:
            thread = threading.Thread(target=ask)
            thread.start()
            thread.join()

    job.run(progress=progress)
    assert Counter(states(found[0]).values()) == {"licensed": 50, "planned": 10}


def test_images_added_meanwhile_are_bought_too(make: Make, service: Service, api: ImagesApi, tmp_path: Path):
    def more(service: Service, images: Entries) -> bytes:
        LicenseJob(api, tmp_path / "job.sqlite").add(ids(3, 100))
        return serve(service, images)

    service.acts = iter([more])
    assert len(make("1").run().licensed) == 4


def test_settings_that_change_while_a_request_is_made(
    make: Make, service: Service, monkeypatch: pytest.MonkeyPatch
):
    job = make("1")
    room = run.JobRun._room

    def changed(run: run.JobRun) -> int:
        job.add({"image_id": "1", "size": "small"}, replace=True)
        return room(run)

    monkeypatch.setattr(run.JobRun, "_room", changed)
    with pytest.raises(LedgerError, match="image 1 is no longer planned so"):
        job.run()
    assert service.bodies == []
    monkeypatch.undo()
    job.run()
    assert service.bodies[0][0]["size"] == "small"


def test_export(make: Make, tmp_path: Path):
    job = make("1", "2")
    job.run()
    job.export(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text("utf-8").splitlines()[1].startswith("1,licensed,,L1,1")


def test_words_with_half_a_character(make: Make, service: Service):
    service.acts = iter([instead(answer(403, b'{"message": "caf\\ud800"}'))])
    report = make("1").run()
    assert (states(report), "Reason: caf?. It needs" in str(report.stopped)) == ({"1": "planned"}, True)


def test_limits_of_the_contract():
    assert (run.CHUNK, IMAGES.size) == (50, "huge")


# A bar.


class Bar(list[str]):
    """What a bar shows besides itself."""

    disable, fp, total = False, None, 0

    def write(self, text: str, file: Any) -> None:
        self.append(text)

    def update(self, count: int) -> None: ...

    def set_description(self, text: str, refresh: bool) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("disable", [False, True])
def test_a_bar_says_what_is_waited_for(
    make: Make, service: Service, monkeypatch: pytest.MonkeyPatch, disable: bool
):
    bar = Bar()
    bar.disable = disable
    monkeypatch.setattr("shutterstock_api.downloads.progress._bar", lambda of_bytes: bar)
    service.acts, service.delay = iter([lost]), 60
    assert states(make("1").run(progress=True)) == {"1": "licensed"}
    first, second = ("licensing continues in 5 s: ", "the outcome of 1 image is unknown: next look-up in ")
    assert [text.startswith(start) for text, start in zip(bar, (first, second), strict=False)] == (
        [] if disable else [True, True]
    )


def test_a_filter_of_the_log_that_raises_ends_no_run(make: Make, service: Service):
    def refuse(record: logging.LogRecord) -> bool:
        raise LookupError(record.levelname)

    logger = logging.getLogger("shutterstock_api")
    service.acts, service.delay = iter([lost]), 60
    logger.addFilter(refuse)
    try:
        assert states(make("1").run()) == {"1": "licensed"}
    finally:
        logger.removeFilter(refuse)
