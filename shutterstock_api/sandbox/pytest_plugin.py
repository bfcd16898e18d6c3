"""A `sandbox` fixture. In conftest.py: `pytest_plugins = ["shutterstock_api.sandbox.pytest_plugin"]`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh sandbox for one test. The test fails where the sandbox itself breaks the contract."""
    with Sandbox() as running:
        yield running
