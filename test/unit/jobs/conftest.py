"""`LicenseJob` against a service that refuses, hides, loses and forgets: nothing is bought twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from license_service import Make, Service
from scripted_server import Clock, Server

from shutterstock_api import ImagesApi, LicenseJob
from shutterstock_api.jobs import run


@pytest.fixture
def service(server: Server, clock: Clock) -> Service:
    return Service(server, clock)


@pytest.fixture
def make(api: ImagesApi, service: Service, tmp_path: Path) -> Make:
    """Return the job whose ledger is `job.sqlite`."""

    def job(*images: Any, **options: Any) -> LicenseJob:
        made = LicenseJob(api, tmp_path / "job.sqlite", **options)
        made.add(list(images))
        return made

    return job


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "images"


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)
