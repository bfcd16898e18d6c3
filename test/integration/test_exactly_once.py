"""A licence job against the sandbox: interrupted anywhere, it buys each image once and loses nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from _elsewhere import Place, Step, killed_at
from _server import Clock

from shutterstock_api import ApiClient, ImagesApi, LicenseJob
from shutterstock_api.sandbox import Sandbox
from shutterstock_api.sandbox.catalogue import Catalogue
from shutterstock_api.sandbox.pictures import Pictures

Sold = Callable[[], list[dict[str, Any]]]
IMAGES = [str(number) for number in range(100, 103)]


class Killed(BaseException):
    """The process ends here: nobody catches this."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "campaign.sqlite"


@pytest.fixture
def job(api: ImagesApi, path: Path) -> LicenseJob:
    made = LicenseJob(api, path, size="small")
    made.add(IMAGES)
    return made


def killed_after_license(job: LicenseJob, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run be killed when its first request has been served."""

    def license_images(self: ImagesApi, *arguments: Any, **named: Any) -> Any:
        real(self, *arguments, **named)
        raise Killed

    with monkeypatch.context() as patch:
        real = ImagesApi.license_images
        patch.setattr(ImagesApi, "license_images", license_images)
        with pytest.raises(Killed):
            job.run()


def bought(sold: Sold) -> Counter[str]:
    return Counter(licence["image_id"] for licence in sold())


@pytest.mark.parametrize("ahead", [3600, -3600])
def test_a_clock_that_was_wrong_when_it_was_killed(
    job: LicenseJob, client: ApiClient, clock: Clock, sold: Sold, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    client.timing = clock.timing._replace(time=lambda: clock.now + ahead)
    killed_after_license(job, monkeypatch)
    client.timing = clock.timing
    assert len(job.run().licensed) == 3
    assert bought(sold) == Counter(IMAGES)


def around(owner: str, *names: str, time: int = 1) -> Iterator[Step]:
    """Return the moments just before and just after these steps."""
    for name in names:
        yield Step(owner, name, False, time)
        yield Step(owner, name, True, time)


LEDGER, API, PART = (
    "shutterstock_api.ledger:Ledger",
    "shutterstock_api:ImagesApi",
    "shutterstock_api.part_file:PartFile",
)
LICENSED = Step(API, "license_images", True)
NOT_LICENSED = Step(API, "license_images", False)
FIRST_RUN = [
    *around(LEDGER, "retry_failed", "intend", "settle", "keep"),
    *around(API, "license_images"),
    *around(PART, "begin", "write", "finish"),
    *around("os", "fsync", "replace"),
    *around("os", "replace", time=3),
    *around("shutterstock_api.job_files", "sync_folder"),
]
NEXT_RUN = [
    *around(LEDGER, "doubt", "settle", "keep"),
    *around("shutterstock_api.job_history", "reconcile"),
    *around("os", "replace"),
]


def called(step: object) -> str:
    return f"{step.name}-{'after' if step.after else 'before'}-{step.time}" if isinstance(step, Step) else ""


@pytest.mark.exhaustive
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize(
    "steps",
    [
        *([step] for step in FIRST_RUN),
        *([LICENSED, step] for step in NEXT_RUN),
        *([NOT_LICENSED, step] for step in [*NEXT_RUN, *around(LEDGER, "intend"), LICENSED]),
    ],
    ids=lambda steps: " ".join(called(step) for step in steps),
)
def test_killed_at_any_step(
    steps: list[Step],
    job: LicenseJob,
    sandbox: Sandbox,
    sold: Sold,
    clock: Clock,
    catalogue: Catalogue,
    tmp_path: Path,
) -> None:
    images = tmp_path / "images"
    for step in steps:
        place = Place(sandbox.url, sandbox.token(), clock.now, tmp_path / "campaign.sqlite", images)
        assert killed_at(step, place) == -signal.SIGKILL
    report = job.run(images)
    report.raise_for_failures()
    assert bought(sold) == Counter(IMAGES)
    assert {image.license_id for image in report.licensed} == {licence["id"] for licence in sold()}
    assert_whole(images, catalogue)
    with closing(sqlite3.connect(tmp_path / "campaign.sqlite")) as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def assert_whole(images: Path, catalogue: Catalogue) -> None:
    """All files are here, whole, and no others."""
    pictures = Pictures(catalogue)
    assert sorted(os.listdir(images)) == [f"{image}.jpg" for image in IMAGES]
    for image in IMAGES:
        assert (images / f"{image}.jpg").read_bytes() == pictures.licensed(int(image), "small")
