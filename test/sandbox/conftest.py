"""A running sandbox and a plain HTTP client for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from shutterstock_api.sandbox import SCOPES, Sandbox

Get = Callable[..., Any]

if find_spec("schemathesis") is None:  # which only `tox -e once` installs
    collect_ignore = ["test_schemathesis.py"]


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: Any
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Client:
    """Speaks HTTP to a sandbox; every call carries a token with all scopes unless told otherwise."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.pool = urllib3.PoolManager(maxsize=8, retries=False, timeout=10)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, Any] | None = None,
        scopes: tuple[str, ...] = SCOPES,
        **query: Any,
    ) -> Reply:
        sent: dict[str, Any] = {
            "Authorization": f"Bearer {self.sandbox.token(scopes)}",
            "User-Agent": "tests",
        }
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body), "application/json"
        sent |= headers or {}
        sent = {name: value for name, value in sent.items() if value is not None}
        url = path if path.startswith("http") else self.sandbox.url + path
        if query:
            url += "?" + urlencode(query, doseq=True)
        response = self.pool.request(method, url, body=data, headers=sent, redirect=False)
        return Reply(response.status, response.headers, response.data)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET that must succeed."""
        reply = self("GET", path, **query)
        assert reply.status == 200, reply.data
        return reply.json

    def search(self, **query: Any) -> Any:
        """The JSON of a search."""
        return self.get("/v2/images/search", **query)

    def license(self, *images: str | dict[str, Any], **query: Any) -> list[dict[str, Any]]:
        """The entries of the answer to licensing."""
        entries = [{"image_id": image} if isinstance(image, str) else image for image in images]
        reply = self("POST", "/v2/images/licenses", {"images": entries}, **query)
        assert reply.status == 200, reply.data
        return reply.json["data"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(request: pytest.FixtureRequest, clock: Clock) -> Callable[..., Client]:
    """Start a sandbox with these arguments and return a client for it."""

    def begin(**arguments: Any) -> Client:
        sandbox = Sandbox(**{"clock": clock, "images": 100_000, **arguments})
        sandbox.start()
        client = Client(sandbox)
        request.addfinalizer(sandbox.stop)
        request.addfinalizer(client.pool.clear)
        return client

    return begin


@pytest.fixture
def client(clock: Clock) -> Iterator[Client]:
    with Sandbox(clock=clock, images=100_000) as sandbox:
        client = Client(sandbox)
        yield client
        client.pool.clear()
