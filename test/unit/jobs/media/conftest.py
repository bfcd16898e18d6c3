"""Licence jobs of every medium; a module may take some media only, with a `medium` of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from media_service import MediaService, job_of
from scripted_server import Clock, Server

from shutterstock_api import ApiClient, LicenseJob
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.schema.medium import Medium


@pytest.fixture(params=MEDIA)
def medium(request: pytest.FixtureRequest) -> Medium:
    return MEDIA[request.param]


@pytest.fixture
def service(server: Server, clock: Clock, medium: Medium) -> MediaService:
    return MediaService(server, clock, medium)


@pytest.fixture
def job(client: ApiClient, service: MediaService, medium: Medium, tmp_path: Path) -> LicenseJob:
    return job_of(medium, client, tmp_path / "job.sqlite")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"
