"""A licence job against the sandbox: interrupted anywhere, it buys each image once and loses nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from _server import Clock

from shutterstock_api import ApiClient, ImagesApi, LicenseJob

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
