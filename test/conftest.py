"""What all tests share: a clean environment, servers in the test process, clocks that do not tick."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses
from scripted_server import TOKEN, Clock, Server

from shutterstock_api import ApiClient, Configuration, ImagesApi
from shutterstock_api.credentials import token_endpoint
from shutterstock_api.transport import pools
from shutterstock_api.transport.tls import VARIABLES


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "error")
    # Processes inherit which signals are ignored, as in a background job or under nohup. Tests send them.
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)  # Windows has not all of them
        if number and signal.getsignal(number) == signal.SIG_IGN:
            default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, default)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's environment reaches a test."""
    for name in os.environ:
        if name.startswith("SHUTTERSTOCK_") or name.lower().endswith("_proxy") or name in VARIABLES:
            monkeypatch.delenv(name)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)  # in whose presence progress bars show
    token_endpoint.refused_tokens.clear()  # a port may be that of an earlier test's server


@pytest.fixture
def server() -> Iterator[Server]:
    """An http server; say what it answers with `answers()` or `always()`."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def refusing() -> Iterator[str]:
    """The URL of a port where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(server: Server, clock: Clock) -> Iterator[ApiClient]:
    """A client of `server` with a token, whose pauses take no time."""
    with ApiClient(Configuration(server.url, access_token=TOKEN)) as made:
        made.timing = clock.timing
        yield made


@pytest.fixture
def api(client: ApiClient) -> ImagesApi:
    return ImagesApi(client)


@pytest.fixture
def exchanges(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    """`responses` in place of the network, for tests of a single exchange."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()

    def urlopen(pool: Any, method: str, url: str, body: Any, headers: Any, **_: Any) -> Any:
        whole = f"{pool.scheme}://{pool.host}:{pool.port or 443}{url}".replace(":443/", "/")
        answer = session.request(
            method, whole, data=body, headers=headers, stream=True, allow_redirects=False
        )
        return answer.raw

    for pool_class in pools.POOLS.values():
        monkeypatch.setattr(pool_class, "urlopen", urlopen)
    with responses.RequestsMock() as mock:
        yield mock
    session.close()
