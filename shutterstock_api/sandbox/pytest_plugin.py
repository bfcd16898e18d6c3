"""A fixture `sandbox`, as of 1.1: `pytest_plugins = ["shutterstock_api.sandbox.pytest_plugin"]`.

`shutterstock_api.pytest_plugin` has newer ones, which need no such line and are faster.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh sandbox for one test. The test fails where the sandbox itself breaks the contract."""
    with Sandbox() as running:
        yield running
