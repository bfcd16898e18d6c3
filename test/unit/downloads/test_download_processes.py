"""Downloads of several processes, and the life of their client."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from download_server import DATA, Files, Get, left, ranges
from scripted_server import Request, Server, answer

from shutterstock_api import ApiClient, ImagesApi

# Processes.


PROGRAM = """
import sys, shutterstock_api
from shutterstock_api import *
from shutterstock_api.support.timing import Timing
client = ApiClient(Configuration(timeout=(5, 30)))
ticks = iter(range(0, 10**9, 10))
client.timing = Timing(monotonic=lambda: next(ticks), sleep=lambda _: None)  # what is written is safe at once
print("ready", flush=True)
try:
    if sys.argv[3] == "one":
        shutterstock_api.download(sys.argv[1], sys.argv[2], api=client)
    else:
        shutterstock_api.download_many([sys.argv[1]], sys.argv[2], api=client)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def saved_in(note: Path) -> int:
    """Return how many bytes a note speaks of."""
    with suppress(OSError, msgspec.DecodeError):
        return int(msgspec.json.decode(note.read_bytes())[-1])
    return 0


@pytest.mark.skipif(os.name == "nt", reason="no such signals here")
@pytest.mark.parametrize(
    ("number", "how"), [(signal.SIGKILL, "one"), (signal.SIGINT, "one"), (signal.SIGINT, "many")]
)
def test_killed_and_resumed_by_another_process(
    number: signal.Signals, how: str, server: Server, link: str, get: Get, tmp_path: Path
):
    large = DATA * 4

    def slow(request: Request) -> Iterable[bytes]:
        yield answer(200, large, ETag='"one"')[: -len(large)] + large[:600_000]
        server.closing.wait(20)

    server.answers(slow)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    target = tmp_path / "cat.jpg"
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, link, target if how == "one" else tmp_path, how],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        note = tmp_path / "cat.jpg.part.json"
        until = time.monotonic() + 20
        while saved_in(note) < 500_000 and time.monotonic() < until:
            time.sleep(0.01)
        saved = saved_in(note)
        started = time.monotonic()
        child.send_signal(number)
        out, err = child.communicate(timeout=20)
    assert time.monotonic() - started < 10  # the server stays silent for longer
    assert (out, err) == ("ready\n" if number == signal.SIGKILL else "ready\ninterrupted\n", "")
    assert left(tmp_path) == ["cat.jpg.part", "cat.jpg.part.json"]
    server.answers(Files(large))
    get()
    assert ranges(server) == [None, f"bytes={saved}-"]
    assert target.read_bytes() == large
    assert left(tmp_path) == ["cat.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="no such limit here")
def test_a_file_that_may_not_grow(server: Server, link: str, tmp_path: Path):
    code = """
import resource, sys, shutterstock_api
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
report = shutterstock_api.download_many(sys.argv[1:3], sys.argv[3], workers=1)
print([(file.status, file.error.errno if file.error else None) for file in report.files])
"""
    server.answers(Files(), Files(DATA[:5]))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", code, link, f"{server.url}/small.jpg", tmp_path],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout == f"[('failed', {errno.EFBIG}), ('downloaded', None)]\n"
    assert (tmp_path / "small.jpg").read_bytes() == DATA[:5]


# The life of a client.


def test_connections_are_kept_and_closed_with_the_client(
    server: Server, link: str, get: Get, client: ApiClient
):
    server.always(Files())
    get()
    get()
    assert server.connections == 1
    client.close()
    get()
    assert server.connections == 2
    assert pickle.loads(pickle.dumps(client))._others == {}


def test_connections_to_many_hosts_are_not_kept(client: ApiClient):
    first = client.host_of("http://127.0.0.1:1")
    assert client.host_of("http://127.0.0.1:1") is first
    for port in range(2, 30):
        client.host_of(f"http://127.0.0.1:{port}")
    assert len(client._others) == 8
    assert client.host_of("http://127.0.0.1:1") is not first


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_opens_connections_of_its_own(server: Server, link: str, get: Get, tmp_path: Path):
    server.always(Files())
    get()
    child = os.fork()
    if not child:
        try:
            get(link, tmp_path / "child.jpg")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert (tmp_path / "child.jpg").read_bytes() == DATA
    assert server.connections == 2


def test_a_cut_reaches_a_socket_that_is_used_later():
    from shutterstock_api.transport.interruption import Interruption

    cut = Interruption()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        cut()
        cut.watch(ours)
        assert theirs.recv(1) == b""


@pytest.mark.parametrize("inside", [True, False])
def test_a_cut_spares_connections_that_others_use_by_now(
    client: ApiClient, server: Server, tmp_path: Path, inside: bool
):
    from shutterstock_api.transport.interruption import Interruption, interruptible

    api, cut = ImagesApi(client), Interruption()
    server.always(answer(200, {"data": []}))
    with interruptible(cut):
        api.get_image_license_list()
        if inside:
            cut()
    if not inside:
        cut()
    api.license_images(["1"], _preload_content=False).read()
    assert (len(server.requests), server.connections) == (2, 1)
