"""What each kind of operation makes of each fault: how often it is sent, and what comes of it.

A row is a fault and the rule that holds for it. Each row is tried with every operation; then the server is
well again, and the next calls must get their own answers at the first attempt.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import Any

import pytest
from fault_rows import CASES, LARGEST, OPERATIONS, Call, Row
from fault_server import Fault

from shutterstock_api import ApiClient, ApiConnectionError, ApiException, ApiTimeoutError, ImagesApi

pytestmark = pytest.mark.exhaustive


# Faults.


@pytest.mark.parametrize(("row", "name"), CASES)
def test_a_fault(serve: Any, row: Row, name: str) -> None:
    kind, call = OPERATIONS[name]
    server, client = serve(row.scheme, max_response_size=LARGEST)
    api = ImagesApi(client)
    if row.reused:
        api.get_image("1")
    before = _arrived(server, row.fault)
    server.fault = row.fault
    error: ApiException | None = None
    try:
        call(api, _request_timeout=row.patience)
    except ApiException as caught:
        error = caught
    if row.rule is None:
        assert _arrived(server, row.fault) - before <= (3 if kind == "read" else 1)
    else:
        expected = getattr(row.rule, kind)
        server.settle(lambda: _arrived(server, row.fault) - before >= expected.sent)
        sent = _arrived(server, row.fault) - before
        assert (sent, type(error) if error else None) == (expected.sent, expected.error)
        if error:
            assert (error.attempts, error.status) == (expected.sent, expected.status)
    if row.fault.take != "request":
        assert not server.requests
    _all_is_well_again(server, api, call)


def _arrived(server: Any, fault: Fault) -> int:
    """How many requests arrived; what came on a connection that is not read counts as one."""
    counts = {"request": len(server.requests), "headers": server.partial, "body": server.partial}
    return counts.get(fault.take, server.connections)


def _all_is_well_again(server: Any, api: ImagesApi, call: Call) -> None:
    server.settle()
    server.fault = None
    so_far = len(server.requests)
    assert api.get_image("afterwards", _retries=0).id == "afterwards"
    call(api, _retries=0)
    assert len(server.requests) == so_far + 2


# Where nothing can have left.


def _refused(serve: Any, monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    server, client = serve()
    server.close()
    return client


def _nameless(serve: Any, monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    return serve(host="http://service.test", allow_insecure_host=True)[1]


def _untrusted(serve: Any, monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    return serve("https", ssl_ca_cert=None)[1]


def _misnamed(serve: Any, monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    return serve("https", assert_hostname="service.test")[1]


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("way", [_refused, _nameless, _untrusted, _misnamed])
def test_nothing_left(serve: Any, monkeypatch: pytest.MonkeyPatch, way: Any, name: str) -> None:
    client = way(serve, monkeypatch)
    with pytest.raises(ApiConnectionError) as caught:
        OPERATIONS[name][1](ImagesApi(client))
    assert (type(caught.value), caught.value.attempts) == (ApiConnectionError, 3)
    assert (caught.value.sent, caught.value.status) == (False, None)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_connection_that_nobody_accepts(serve: Any, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as waiting:
        for _ in range(4):  # fill the queue of the listener
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        _, client = serve(host=f"http://127.0.0.1:{full.getsockname()[1]}")
        with pytest.raises(ApiTimeoutError) as caught:
            OPERATIONS[name][1](ImagesApi(client), _request_timeout=(0.05, 5))
    assert (caught.value.attempts, caught.value.sent) == (3, False)
