"""A fixture `sandbox`, as of 1.1: `pytest_plugins = ["shutterstock_api.sandbox.pytest_plugin"]`.

Deprecated: `shutterstock_api.pytest_plugin` has newer fixtures, which need no such line and are faster.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from .sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh sandbox for one test. The test fails if the sandbox itself breaks the contract."""
    warnings.warn(
        "the fixture `sandbox` is deprecated: use `shutterstock_sandbox`, which needs no `pytest_plugins`",
        DeprecationWarning,
        stacklevel=2,
    )
    with Sandbox() as running:
        yield running
