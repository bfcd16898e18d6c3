"""Fixtures for tests of programs that use this library: `shutterstock_sandbox`, `shutterstock_client`.

pytest loads this plugin in every environment in which the library is installed. So nothing but pytest is
imported until a test uses one of the fixtures.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shutterstock_api import ApiClient
    from shutterstock_api.sandbox import Sandbox


class _Clock:
    """The machine's clock, which is moved forward instead of sleeping."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds


@pytest.fixture(scope="session")
def _shutterstock_world() -> Iterator[tuple[Sandbox, _Clock]]:
    """One server for all tests of a process, and its clock."""
    try:
        from shutterstock_api.sandbox import Sandbox
    except ModuleNotFoundError as error:
        raise pytest.fail.Exception(f"shutterstock_sandbox: {error}", pytrace=False) from None
    clock = _Clock()
    sandbox = Sandbox(clock=clock.time).start()
    yield sandbox, clock
    sandbox.stop()


@pytest.fixture
def shutterstock_sandbox(_shutterstock_world: tuple[Sandbox, _Clock]) -> Iterator[Sandbox]:
    """A sandbox of the service on this machine, reset for each test: see `shutterstock_api.sandbox.Sandbox`.

    Nothing remains from earlier tests. The test fails if the sandbox itself breaks the contract.
    """
    sandbox, clock = _shutterstock_world
    clock.ahead = 0.0
    sandbox.reset()
    yield sandbox
    if sandbox.violations:
        pytest.fail("\n".join(("the sandbox broke the contract:", *sandbox.violations)), pytrace=False)


@pytest.fixture
def shutterstock_client(
    shutterstock_sandbox: Sandbox, _shutterstock_world: tuple[Sandbox, _Clock]
) -> Iterator[ApiClient]:
    """A client of the sandbox, with all scopes. Its waits take no time: they move the sandbox's clock."""
    from shutterstock_api.support.timing import Timing

    _, clock = _shutterstock_world
    with shutterstock_sandbox.client() as client:
        client.timing = Timing(sleep=clock.sleep, monotonic=clock.monotonic, time=clock.time)
        yield client


@pytest.fixture
def shutterstock_api_client(shutterstock_client: ApiClient) -> ApiClient:
    """The fixture `shutterstock_client`, under the name that it had in 1.1."""
    return shutterstock_client
