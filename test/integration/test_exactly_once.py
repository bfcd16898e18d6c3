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
from other_processes import Place, SharedClock, Step, killed_at
from scripted_server import Clock

from shutterstock_api import ApiClient, Configuration, DecodeError, ImagesApi, LedgerError, LicenseJob
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.jobs.run import JobRun
from shutterstock_api.licensing.history import LicenseHistory
from shutterstock_api.sandbox import Fault, Sandbox
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.images.pictures import Pictures

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

    def license_(self: JobRun, body: Any) -> Any:
        real(self, body)
        raise Killed

    with monkeypatch.context() as patch:
        real = JobRun._license
        patch.setattr(JobRun, "_license", license_)
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


LEDGER, RUN, PART = (
    "shutterstock_api.jobs.ledger:Ledger",
    "shutterstock_api.jobs.run:JobRun",
    "shutterstock_api.downloads.part_file:PartFile",
)
LICENSED = Step(RUN, "_license", True)
NOT_LICENSED = Step(RUN, "_license", False)
FIRST_RUN = [
    *around(LEDGER, "retry_failed", "intend", "settle", "keep"),
    *around(RUN, "_license"),
    *around(PART, "begin", "write", "finish"),
    *around("os", "fsync", "replace"),
    *around("os", "replace", time=3),
    *around("shutterstock_api.jobs.files", "sync_folder"),
]
NEXT_RUN = [
    *around(LEDGER, "doubt", "settle", "keep"),
    *around("shutterstock_api.jobs.history", "look_up"),
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
    clock: SharedClock,
    catalogue: Catalogue,
    tmp_path: Path,
) -> None:
    images = tmp_path / "images"
    for step in steps:
        place = Place(sandbox.url, sandbox.token(), clock, tmp_path / "campaign.sqlite", images)
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


# Trouble that no kill is needed for.


@pytest.fixture
def many(api: ImagesApi, path: Path, catalogue: Catalogue) -> list[str]:
    """So many images that the ledger grows when something is written down of each."""
    wanted = [str(number) for number in range(1000, 2000) if not catalogue.image(number).is_editorial][:50]
    LicenseJob(api, path, size="small").add(wanted)
    return wanted


def no_longer_growing(ledger: Ledger) -> None:
    """Let the disk be full for a ledger."""
    pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
    ledger._connection.execute(f"PRAGMA max_page_count = {pages}")


@pytest.mark.parametrize("step", ["intend", "settle"])
def test_a_full_disk_under_the_ledger(
    many: list[str], api: ImagesApi, path: Path, sandbox: Sandbox, sold: Sold, monkeypatch: Any, step: str
) -> None:
    def full(self: Ledger, *arguments: Any) -> None:
        no_longer_growing(self)
        real(self, *arguments)

    real = getattr(Ledger, step)
    job = LicenseJob(api, path, size="small")
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, step, full)
        with pytest.raises(LedgerError, match="full"):
            job.run()
    posts = [request for request in sandbox.requests if request.method == "POST"]
    assert len(posts) == (0 if step == "intend" else 1), "a request left that the ledger knows nothing of"
    assert Counter(image.state for image in job.status().images) == {
        "planned" if step == "intend" else "unknown": 50
    }
    assert len(job.run().licensed) == 50
    assert bought(sold) == Counter(many)


def test_a_sandbox_that_goes_and_comes_back(tmp_path: Path, clock: Clock, catalogue: Catalogue) -> None:
    books, images = tmp_path / "books.sqlite", tmp_path / "images"
    with Sandbox(database=books, clock=clock.time) as first:
        port, token = int(first.url.rpartition(":")[2]), first.token()
    lives = iter(
        [Fault(close="after", operation="license_images"), Fault(close="before", operation="download")]
    )

    def sleep(seconds: float) -> None:
        """While the job waits, the sandbox comes back, and breaks off in another place."""
        clock.sleep(seconds)
        nonlocal running
        if seconds > 0.1 and running is None:
            running = Sandbox(port=port, database=books, clock=clock.time).start()
            if fault := next(lives, None):
                running.faults.add(fault)

    running: Sandbox | None = None
    client = ApiClient(Configuration(f"http://127.0.0.1:{port}", access_token=token, proxy=""))
    client.timing = clock.timing._replace(sleep=sleep)
    job = LicenseJob(client, tmp_path / "campaign.sqlite", size="small")
    job.add(IMAGES)
    try:
        report = job.run(images)
        assert running
        sold = Counter(licence["image_id"] for licence in running.licenses() if licence["image_id"] in IMAGES)
    finally:
        if running:
            running.stop()
    report.raise_for_failures()
    assert sold == Counter(IMAGES)
    assert_whole(images, catalogue)


def test_an_image_whose_history_cannot_be_read_holds_up_no_other(
    job: LicenseJob, api: ImagesApi, sandbox: Sandbox, sold: Sold, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(self: LicenseHistory, *arguments: Any) -> Any:
        if self._filters["image_id"] == IMAGES[0]:
            raise DecodeError(reason="the licence history cannot be read")
        return real(self, *arguments)

    sandbox.faults.add(Fault(close="before", operation="license_images"), times=1)
    with monkeypatch.context() as patch:
        real = LicenseHistory._page
        patch.setattr(LicenseHistory, "_page", page)
        report = job.run()
    assert [image.state for image in report.images] == ["unknown", "licensed", "licensed"]
    assert len(job.run().licensed) == 3
    assert bought(sold) == Counter(IMAGES)
