"""Pools: how many connections, for how long, and of which class."""

from __future__ import annotations

import gc
import queue
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3
from scripted_server import Server, answer
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ClosedPoolError, EmptyPoolError

from shutterstock_api import (
    ApiClient,
    ApiException,
    Configuration,
    ImagesApi,
    LicenseOutcomeUnknown,
    download,
)
from shutterstock_api.transport import pools

GOOD = answer(200, {"id": "1", "data": [{"image_id": "1", "license_id": "i1"}]})
LICENCE: Any = {"images": [{"image_id": "1"}]}


@pytest.fixture
def pool(client: ApiClient) -> Any:
    client.configuration.connection_pool_maxsize = 2
    return client.rest.route().pool


# How many.


def test_the_connection_that_was_used_last_goes_first(pool: Any) -> None:
    first, second = pool._get_conn(), pool._get_conn()
    pool._put_conn(first)
    pool._put_conn(second)
    assert pool._get_conn() is second
    assert pool._get_conn() is first


def test_there_are_no_more_than_allowed(pool: Any) -> None:
    first, second = pool._get_conn(), pool._get_conn()
    with pytest.raises(EmptyPoolError):
        pool._get_conn(0.01)
    pool._put_conn(second)
    assert pool._get_conn(0.01) is second
    assert first is not second


def test_a_thread_that_waits_gets_the_next_connection_at_once(pool: Any) -> None:
    held = [pool._get_conn(), pool._get_conn()]
    got: list[Any] = []
    threads = [threading.Thread(target=lambda: got.append(pool._get_conn(20))) for _ in held]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    for connection in held:
        pool._put_conn(connection)
    for thread in threads:
        thread.join()
    assert sorted(map(id, got)) == sorted(map(id, held))
    assert time.monotonic() - started < 10 * pools.GLANCE


def test_a_connection_that_is_lost_makes_room(pool: Any) -> None:
    pool._get_conn()
    pool._get_conn()
    gc.collect()
    assert pool._get_conn(0.01) is not pool._get_conn(0.01)


def test_a_connection_that_failed_makes_room(pool: Any) -> None:
    held = [pool._get_conn(), pool._get_conn()]
    pool._put_conn(None)  # as urllib3 does: it has closed the one that this thread took last
    third = pool._get_conn(0.01)
    assert third not in held
    with pytest.raises(EmptyPoolError):
        pool._get_conn(0.01)


def test_a_connection_that_is_given_back_twice_is_there_once(pool: Any) -> None:
    connection = pool._get_conn()
    pool._put_conn(connection)
    pool._put_conn(connection)
    assert pool.pool.qsize() == 1


def test_a_pool_that_was_closed(pool: Any) -> None:
    connection, closed = pool._get_conn(), []
    connection.close = lambda: closed.append(1)
    stack = pool.pool
    pool.close()
    pool._put_conn(connection)
    assert closed == [1]
    with pytest.raises(ClosedPoolError):
        pool._get_conn()
    with pytest.raises(queue.Empty):
        stack.get(block=False)


# For how long.


@pytest.mark.parametrize("name", ["monotonic", "time"])
@pytest.mark.parametrize(
    ("seconds", "read", "licence"),
    [(3.5, 1, 1), (4.5, 1, 2), (49, 1, 2), (51, 2, 2), (400, 2, 2), (1e6, 2, 2)],
)
def test_an_idle_connection(
    client: ApiClient, server: Server, monkeypatch: pytest.MonkeyPatch,
    name: str, seconds: float, read: int, licence: int,
) -> None:  # fmt: skip
    """It is not used again after long; the monotonic clock stands still while a machine sleeps."""
    api, real = ImagesApi(client), getattr(time, name)
    server.always(GOOD)
    for call, connections in (
        (lambda: api.get_image("1"), read),
        (lambda: api.license_images(LICENCE), licence),
        (lambda: api.create_lightbox({"name": "n"}), licence),
    ):
        client.close()
        before = server.connections
        api.get_image("1")
        with monkeypatch.context() as patch:
            patch.setattr(time, name, lambda: real() + seconds)
            call()
        assert server.connections - before == connections


def test_a_clock_that_goes_back_closes_nothing(
    client: ApiClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    server.always(GOOD)
    ImagesApi(client).get_image("1")
    monkeypatch.setattr(time, "time", lambda: real() - 1e6)
    ImagesApi(client).license_images(LICENCE)
    assert server.connections == 1


def test_connections_are_kept_alive(client: ApiClient, server: Server, tmp_path: Path) -> None:
    server.always(GOOD)
    ImagesApi(client).get_image("1")
    download(f"{server.url}/x.jpg", tmp_path / "x", api=client)
    for pool in (client.rest.route().pool, client.host_of(server.url).route().pool):
        connection = pool._get_conn()
        assert connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL"):
            if hasattr(socket, name):
                assert 0 < connection.sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) <= 60
        pool._put_conn(connection)


@pytest.mark.parametrize("names", [{}, {"TCP_KEEPALIVE": 16}, {"TCP_KEEPIDLE": 4, "TCP_KEEPCNT": 6}])
def test_keep_alive_where_the_system_has_other_names(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, int]
) -> None:
    for name in ("TCP_KEEPIDLE", "TCP_KEEPALIVE", "TCP_KEEPINTVL", "TCP_KEEPCNT"):
        monkeypatch.delattr(socket, name, raising=False)
    for name, number in names.items():
        monkeypatch.setattr(socket, name, number, raising=False)
    options = pools._keep_alive()
    assert options[0] == (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    assert [option[1] for option in options[1:]] == list(names.values())


# Of which class.


class Played(Exception):
    """What a recorder says of a request that it does not know."""


class Recorder(HTTPConnection):
    """A connection of a recorder of tests: no request leaves."""

    def connect(self) -> None:
        raise Played

    def request(self, *_: Any, **__: Any) -> None:
        raise Played


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib3.HTTPConnectionPool, "ConnectionCls", Recorder)


@pytest.mark.parametrize("used_before", [False, True])
def test_a_recorder_of_tests_sees_all_requests(
    client: ApiClient, server: Server, monkeypatch: pytest.MonkeyPatch, used_before: bool
) -> None:
    api = ImagesApi(client)
    server.always(GOOD)
    client.configuration.retries = 0
    if used_before:
        api.get_image("1")
    with monkeypatch.context() as patch:
        patch.setattr(urllib3.HTTPConnectionPool, "ConnectionCls", Recorder)
        with pytest.raises(LicenseOutcomeUnknown, match="Played"):  # who knows what a recorder does
            api.license_images(LICENCE)
        with pytest.raises(ApiException, match="Played"):
            api.get_image("1")
    assert len(server.requests) == int(used_before)
    assert api.get_image("1").id == "1"  # the recorder has gone, and its connections with it


@pytest.mark.usefixtures("recorder")
def test_a_recorder_of_tests_sees_downloads(client: ApiClient, server: Server, tmp_path: Path) -> None:
    client.configuration.retries = 0
    with pytest.raises(ApiException, match="Played"):
        download(f"{server.url}/x.jpg", tmp_path / "x", api=client)
    assert server.requests == []


def test_a_proxy_and_a_recorder(server: Server, recorder: None) -> None:
    client = ApiClient(Configuration(server.url, proxy=server.url, retries=0))
    with client, pytest.raises(ApiException, match="Played"):
        ImagesApi(client).get_image("1")
    assert server.connections == 0
