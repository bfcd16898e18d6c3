"""Licence jobs against the sandbox: its words, its faults, its links that grow old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Clock

from shutterstock_api import ImagesApi, LicenseImage, LicenseJob, LicenseReport, LicenseRequestMetadata
from shutterstock_api.sandbox import Fault, Sandbox
from shutterstock_api.sandbox.account.links import LINK_LIFETIME

Sold = Callable[[], list[dict[str, Any]]]
IDS = [str(1001 + number) for number in range(60)]


@pytest.fixture
def job(api: ImagesApi, tmp_path: Path) -> LicenseJob:
    return LicenseJob(api, tmp_path / "job.sqlite", size="small", editorial_acknowledgement=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "images"


def states(report: LicenseReport) -> Counter[str]:
    return Counter(image.state for image in report.images)


def whole(folder: Path) -> int:
    """Count the files; each must be a whole JPEG."""
    files = list(folder.iterdir())
    for path in files:
        data = path.read_bytes()
        assert data.startswith(b"\xff\xd8")
        assert data.endswith(b"\xff\xd9")
    return len(files)


def test_what_the_sandbox_refuses(job: LicenseJob, sold: Sold):
    job.add(["1001", "no-such-image", LicenseImage(image_id="1002", subscription_id="s45678901")])
    report = job.run()
    assert [(image.state, image.error) for image in report.images] == [
        ("licensed", None),
        ("failed", "Image not found"),
        ("failed", "Subscription is expired"),  # it is the only one that says so
    ]
    assert report.stopped is None
    assert len(sold()) == 1


def test_an_allotment_that_ends_in_the_middle(job: LicenseJob, sold: Sold, sandbox: Sandbox, folder: Path):
    subscription = "s23456789"
    job.add([LicenseImage(image_id=str(2001 + one), subscription_id=subscription) for one in range(110)])
    job.add("1001")
    report = job.run(folder)
    assert states(report) == {"licensed": 101, "planned": 10}
    assert (sandbox.allotment(subscription), len(sold()), whole(folder)) == (0, 101, 101)
    assert report.stopped == "image 2101: Insufficient allotment"
    assert (report.charge, job.run(folder).images) == (101, report.images)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(close="before", operation="license_images"),
        Fault(close="after", operation="license_images"),
        Fault(status=502, body="html", operation="license_images"),
        Fault(status=504, done=True, operation="license_images"),
        Fault(truncate=0.5, operation="license_images"),
        Fault(garbage=True, operation="license_images"),
        Fault(rate_limit=120, operation="license_images"),
        Fault(status=503, operation="download_image"),
        Fault(truncate=0.5, operation="download"),
        Fault(status=503, operation="download"),
    ],
    ids=repr,
)
def test_each_image_once_and_whole_in_spite_of(
    job: LicenseJob, sandbox: Sandbox, sold: Sold, folder: Path, fault: Fault
):
    sandbox.faults.add(fault, times=2)
    job.add(IDS[:12])
    report = job.run(folder)
    if report.unknown or report.planned:
        report = job.run(folder)
    assert states(report) == {"licensed": 12}
    assert Counter(licence["image_id"] for licence in sold()) == Counter(IDS[:12])
    assert (whole(folder), report.without_file, report.stopped) == (12, [], None)


def test_links_that_have_grown_old(job: LicenseJob, sold: Sold, clock: Clock, folder: Path):
    job.add(IDS[:5])
    job.run()
    clock.now += LINK_LIFETIME + 1
    assert job.run(folder).without_file == []
    assert (whole(folder), len(sold())) == (5, 5)


def test_licences_that_cannot_be_downloaded_again(api: ImagesApi, clock: Clock, tmp_path: Path, folder: Path):
    """Resellers' are such: the link of the answer is all that there is."""
    metadata = LicenseRequestMetadata(customer_id="c")
    job = LicenseJob(
        api,
        tmp_path / "job.sqlite",
        subscription_id="s56789012",
        metadata=metadata,
        editorial_acknowledgement=True,
    )
    job.add([LicenseImage(image_id=one, price=12.5) for one in IDS[:3]])
    report = job.run()
    assert (report.prices, report.charge) == ({"USD": 37.5}, 0)
    assert job.run(folder).without_file == []
    assert whole(folder) == 3
    clock.now += LINK_LIFETIME + 1
    (folder / "1001.jpg").unlink()
    (failed,) = job.run(folder).without_file
    assert "does not allow to download the image again" in str(failed.file_error)


def test_licences_of_another_job_are_reused(
    job: LicenseJob, api: ImagesApi, tmp_path: Path, sold: Sold, folder: Path
):
    job.add(IDS[:5])
    job.run()
    other = LicenseJob(api, tmp_path / "other.sqlite", size="small", editorial_acknowledgement=True)
    other.add(IDS[:6])
    assert [image.reused for image in other.run(reuse_existing=True, dry_run=True).images] == [True] * 5 + [
        False
    ]
    assert len(sold()) == 5
    report = other.run(folder, reuse_existing=True, max_charge=1)
    assert (states(report), len(sold()), whole(folder), report.charge) == ({"licensed": 6}, 6, 6, 1)


def test_without_the_scope_to_look(sandbox: Sandbox, connect: Any, sold: Sold, tmp_path: Path):
    scopes = ("licenses.create", "purchases.view")
    api = connect(access_token=sandbox.token(scopes))
    sandbox.faults.add(Fault(close="after", operation="license_images"), times=1)
    job = LicenseJob(api, tmp_path / "job.sqlite", editorial_acknowledgement=True)
    job.add(IDS[:3])
    for _ in range(2):
        assert states(job.run()) == {"unknown": 3}
    assert len(sold()) == 3
