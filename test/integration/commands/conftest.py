"""A shell whose variables lead to a sandbox, by the clock of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shell import Shell

from shutterstock_api.sandbox import Sandbox


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with Sandbox(images=10_000) as running:
        yield running


@pytest.fixture
def sandbox(world: Sandbox) -> Iterator[Sandbox]:
    yield world
    world.reset()


@pytest.fixture
def shell(sandbox: Sandbox, tmp_path: Path) -> Shell:
    known = {"SHUTTERSTOCK_API_HOST": sandbox.url, "SHUTTERSTOCK_API_TOKEN": sandbox.token()}
    return Shell(tmp_path, known)
