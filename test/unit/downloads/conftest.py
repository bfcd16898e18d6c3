"""A link, and how it is downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from download_server import SECRET, Get
from scripted_server import Server

from shutterstock_api import ApiClient, download


@pytest.fixture
def link(server: Server) -> str:
    return f"{server.url}/files/cat.jpg?sign={SECRET}"


@pytest.fixture
def get(client: ApiClient, link: str, tmp_path: Path) -> Get:
    """Download the link to `cat.jpg`."""

    def call(source: Any = link, destination: Any = tmp_path / "cat.jpg", **options: Any) -> Any:
        return download(source, destination, api=client, **options)

    return call
