"""A host of files: time, connections, and what ends a request early."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from file_answers import BODY, heard
from scripted_server import HANG_UP, Request, Server, answer
from urllib3.exceptions import ClosedPoolError

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiTimeoutError,
    Configuration,
    DownloadError,
    download,
    download_many,
)
from shutterstock_api.downloads.part_file import PartFile, PartFileIndex
from shutterstock_api.downloads.verification import FileVersion
from shutterstock_api.transport import interruption, pools
from shutterstock_api.transport.file_host import next_piece
from shutterstock_api.transport.file_response import BufferedSocket

# Time.


Pair = tuple[BufferedSocket, socket.socket]


@pytest.fixture(params=[True, False], ids=["the system waits", "Python waits"])
def pair(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    if not request.param:
        monkeypatch.setattr("shutterstock_api.transport.file_response._KERNEL_CAN_WAIT", False)
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        yield BufferedSocket(ours), theirs


def test_each_read_is_bounded_and_nothing_that_came_is_lost(pair: Pair):
    buffered, other = pair
    buffered.set_timeout(0.05)
    other.sendall(b"abc")
    assert buffered.read(10) == b"abc"
    for _ in range(2):
        with pytest.raises(TimeoutError, match="timed out"):
            buffered.read(10)


def test_each_write_is_bounded(pair: Pair):
    buffered, _ = pair
    buffered.set_timeout(0.05)
    with pytest.raises(TimeoutError):
        buffered.send(bytes(10_000_000))


def test_no_bound_at_all(pair: Pair):
    buffered, other = pair
    buffered.set_timeout(0.01)
    buffered.set_timeout(None)
    later = threading.Timer(0.1, other.sendall, [b"abc"])
    later.start()
    assert buffered.read(3) == b"abc"
    later.join()


def dripping(data: bytes, server: Server) -> Callable[[Request], Iterable[bytes]]:
    def drip(_: Request) -> Iterable[bytes]:
        yield answer(200, data, ETag='"one"')[: -len(data)]
        for one in data:
            if server.closing.wait(0.02):
                return
            yield bytes([one])

    return drip


def test_the_deadline_holds_up_to_the_last_byte(server: Server, client: ApiClient, tmp_path: Path):
    client.configuration.deadline, client.configuration.retries = 0.3, 0
    server.always(dripping(bytes(1000), server))
    started = time.monotonic()
    with pytest.raises(ApiTimeoutError, match="timed out|took too long"):
        download(f"{server.url}/x.jpg", tmp_path / "x", api=client)
    assert time.monotonic() - started < 10  # of 20 s that the server would take


def test_what_came_before_a_silence_is_resumed(server: Server, client: ApiClient, tmp_path: Path):
    client.configuration.timeout, client.configuration.retries = 0.1, 99  # some may be late by chance
    span = f"{len(BODY) - 4000}-{len(BODY) - 1}"

    def silent(request: Request) -> Iterable[bytes]:
        if "range" in request.headers:
            yield answer(206, BODY[-4000:], ETag='"one"', Content_Range=f"bytes {span}/{len(BODY)}")
        else:
            yield answer(200, BODY, ETag='"one"')[:-4000]
            yield server.hang(request)

    server.always(silent)
    download(f"{server.url}/x.jpg", tmp_path / "x", api=client)
    assert (tmp_path / "x").read_bytes() == BODY
    resumed = {request.headers["range"] for request in server.requests if "range" in request.headers}
    assert resumed == {f"bytes={len(BODY) - 4000}-"}


# Targets, connections, notes.


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("/a%2fb/c.jpg?sign=x%2Fy+z~(1)'!*;:@,$&=", None),
        ("/", None),
        ("/a b/\u00e9.jpg?q=1 2", "/a%20b/%C3%A9.jpg?q=1%202"),
        ('/"quoted"<x>.jpg', "/%22quoted%22%3Cx%3E.jpg"),
        ("/100%.jpg", "/100%25.jpg"),
    ],
)
def test_links_are_sent_as_they_are(
    given: str, sent: str | None, server: Server, client: ApiClient, tmp_path: Path
):
    server.always(answer(200, BODY, ETag='"one"'))
    download(server.url + given, tmp_path / "x", api=client)
    assert server.request.target == (sent or given)


def test_one_connection_serves_many_files(server: Server, client: ApiClient, tmp_path: Path):
    server.always(answer(200, BODY, ETag='"one"'))
    download_many(
        [f"{server.url}/{n}.jpg" for n in range(9)], tmp_path, workers=1, api=client
    ).raise_for_failures()
    assert server.connections == 1


def test_a_connection_that_was_closed_meanwhile_is_not_used(
    server: Server, client: ApiClient, tmp_path: Path
):
    server.always(lambda _: [answer(200, BODY, ETag='"one"'), HANG_UP])
    for name in "ab":
        download(f"{server.url}/{name}", tmp_path / name, api=client)
        time.sleep(0.05)  # its end is here before the next request
    assert (len(server.requests), server.connections) == (2, 2)


def test_a_host_that_nobody_knows(client: ApiClient, server: Server, tmp_path: Path):
    client.configuration.retries = 0
    server.always(HANG_UP)
    with pytest.raises(ApiConnectionError, match="there was no answer") as caught:
        download(f"{server.url}/x", tmp_path / "x", api=client)
    assert caught.value.__context__ is None


NOTE = b'["0", ["ETag", "\\"one\\"", 9], 3]'


@pytest.mark.parametrize("listed", [True, False])
def test_a_note_without_its_part_is_forgotten(listed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "x.part.json").write_bytes(NOTE)
    if not listed:
        monkeypatch.setattr("os.scandir", lambda _: (_ for _ in ()).throw(PermissionError()))
    part = PartFile(tmp_path / "x", lambda: "0", time.monotonic, part_index=PartFileIndex(tmp_path))
    assert part.version is None
    part.begin(FileVersion("ETag", '"two"', 9))
    assert not (tmp_path / "x.part.json").exists()
    part.close()


def test_a_note_that_came_later_counts_where_its_part_has_bytes(tmp_path: Path):
    index = PartFileIndex(tmp_path)
    (tmp_path / "x.part").write_bytes(b"abc")
    (tmp_path / "x.part.json").write_bytes(NOTE)
    part = PartFile(tmp_path / "x", lambda: "0", time.monotonic, part_index=index)
    assert part.size == 3
    part.close()


# What ends a request early.


def test_more_headers_than_anybody_needs():
    with pytest.raises(HTTPException, match="more than 100 headers"):
        heard(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n")


def test_a_proxy_that_is_not_there(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Configuration(proxy=f"http://127.0.0.1:{port}", retries=0)
    with (
        ApiClient(settings) as client,
        pytest.raises(ApiConnectionError, match=rf"connect to the proxy 127.0.0.1:{port} "),
    ):
        download("https://files.example/x.jpg", tmp_path / "x", api=client)


def test_the_deadline_holds_for_a_proxy_too(server: Server, tmp_path: Path):
    def drip(_: Request) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\nX: "
        while not server.closing.wait(0.02):
            yield b"x"

    server.always(drip)
    settings = Configuration(proxy=server.url, retries=0, deadline=0.3)
    started = time.monotonic()
    with ApiClient(settings) as client, pytest.raises(ApiTimeoutError):
        download("https://files.example/x.jpg", tmp_path / "x", api=client)
    assert time.monotonic() - started < 10


def test_connecting_has_a_bound_of_its_own(
    client: ApiClient, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bounds: list[object] = []
    connect = pools.WatchedConnection.connect
    monkeypatch.setattr(
        pools.WatchedConnection, "connect", lambda self: (bounds.append(self.timeout), connect(self))[1]
    )
    server.always(answer(200, BODY))
    for timeout, deadline in ((3, 4), None), ((3, 4), 2), (None, 2):
        client.configuration.timeout, client.configuration.deadline = timeout, deadline
        download(f"{server.url}/x.jpg", tmp_path / "x", api=client)
        client.close()
    assert bounds == [3, pytest.approx(2, abs=0.5), pytest.approx(2, abs=0.5)]


def test_what_is_cut_is_no_connection_that_was_given_back(client: ApiClient, server: Server):
    server.always(answer(200, BODY))
    cut = interruption.Interruption()
    host = client.host_of(server.url)
    with interruption.interruptible(cut):
        for _ in range(2):
            found = host.get("/x", {"Host": "x"}, None)
            while next_piece(found):
                pass
            found.release()
            cut()
            cut.done = False
    assert server.connections == 1


def test_a_client_that_another_thread_closes_opens_again(
    client: ApiClient, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pool = pools.POOLS["http"]
    plain, closed = pool._get_conn, iter([True])

    def get(self: Any, *arguments: Any) -> Any:
        if next(closed, False):
            raise ClosedPoolError(self, "closed")
        return plain(self, *arguments)

    monkeypatch.setattr(pool, "_get_conn", get)
    client.configuration.retries = 0
    server.always(answer(200, BODY))
    download(f"{server.url}/x.jpg", tmp_path / "x", api=client)


def test_ctrl_c_shows_no_frame_that_holds_the_request(
    client: ApiClient, server: Server, monkeypatch: pytest.MonkeyPatch
):
    def interrupted(_: BufferedSocket) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(BufferedSocket, "read_head", interrupted)
    server.always(answer(200, BODY))
    with pytest.raises(KeyboardInterrupt) as caught:
        client.host_of(server.url).get("/x", {"Host": "x"}, None)
    assert [frame.name for frame in caught.traceback][1:] == ["get"]


class Wrapped(socket.socket):
    """A socket of another library, which may wait in its own way."""


def test_sockets_that_are_not_pythons_own_wait_in_their_own_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "socket", Wrapped)
    with Wrapped() as ours:
        BufferedSocket(ours).set_timeout(7)
        assert ours.gettimeout() == 7


def test_what_is_cut_may_wrap_a_socket():
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        cut = interruption.Interruption()
        cut.watch(SimpleNamespace(socket=ours))  # type: ignore[arg-type]
        cut()
        assert theirs.recv(1) == b""


@pytest.mark.parametrize("waits", [True, False], ids=["the system waits", "Python waits"])
def test_very_long_timeouts(
    waits: bool, client: ApiClient, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if not waits:
        monkeypatch.setattr("shutterstock_api.transport.file_response._KERNEL_CAN_WAIT", False)
    client.configuration.timeout = 9e9
    server.always(answer(200, BODY))
    download(f"{server.url}/x.jpg", tmp_path / "x", api=client)


@pytest.mark.parametrize("drips", [True, False])
def test_a_body_that_nobody_wants_keeps_nobody_waiting(
    drips: bool, client: ApiClient, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Such as a page that says why, of a server that is slow to say it."""
    monkeypatch.setattr("shutterstock_api.transport.file_response.SKIMMED", 0.1)

    def slow(request: Request) -> Iterable[bytes]:
        yield b"HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\n"
        while not server.closing.wait(0.02 if drips else 10):
            yield b"x"

    server.answers(slow, answer(200, BODY))
    started = time.monotonic()
    with pytest.raises(DownloadError, match="404 Not Found"):
        download(f"{server.url}/x.jpg", tmp_path / "x", api=client)
    assert time.monotonic() - started < 5
    download(f"{server.url}/x.jpg", tmp_path / "x", api=client)
    assert server.connections == 2
