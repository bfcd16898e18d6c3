"""The life of a client: built, shared, copied, forked, sent elsewhere, closed, forgotten."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from scripted_server import TOKEN, Request, Server, answer

from shutterstock_api import ApiClient, Configuration, ImagesApi

can_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

PROLOGUE = """
import gc, logging, os, signal, sys, threading, time, warnings
from concurrent.futures import ThreadPoolExecutor
from shutterstock_api import *

def api_of(url):
    return ImagesApi(ApiClient(Configuration(url, access_token="secret-token")))
"""


def in_subprocess(code: str, *arguments: str) -> str:
    """Run a program with strict warnings; return what it prints. It must not complain."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COV")}  # it would grow
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROLOGUE + code, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        env={**clean, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def echo(request: Request) -> bytes:
    """Answer with the image that was asked for."""
    return answer(200, {"id": request.path.rpartition("/")[2]})


@pytest.fixture
def echoing(server: Server) -> Server:
    server.always(echo)
    return server


def test_construction_touches_nothing() -> None:
    code = """
import copy, pickle
events = []
WATCHED = ("socket.", "os.fork", "subprocess.", "signal.")
sys.addaudithook(lambda event, _: events.append(event) if event.startswith(WATCHED) else None)
threading.Thread.start = lambda thread: events.append(thread)

def state():
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    return (
        {logger.name: (list(logger.handlers), logger.level) for logger in loggers},
        [signal.getsignal(number) for number in signal.valid_signals()],
        len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0,
    )

ImagesApi, ApiClient, Configuration  # each is loaded when it is named first
before = state()
for host in ("https://api.shutterstock.com", "http://127.0.0.1:1"):
    client = ApiClient(Configuration(host, access_token="t"))
    api = ImagesApi(client)
    for twin in (client, copy.copy(client), copy.deepcopy(client), pickle.loads(pickle.dumps(client))):
        repr(twin)
        with twin:
            twin.close()
assert state() == before
print(events, "ssl" in sys.modules and sys.modules["shutterstock_api.transport.tls"]._contexts)
"""
    assert in_subprocess(code) == "[] {}\n"


def test_close_may_come_at_any_time(echoing: Server) -> None:
    with ApiClient(Configuration(echoing.url, retries=0)) as client:
        client.close()
        api = ImagesApi(client)
        calling = threading.Event()
        calling.set()

        def close() -> int:
            times = 0
            while calling.is_set():
                client.close()
                with client:
                    times += 1
                time.sleep(0.0002)
            return times

        with ThreadPoolExecutor(8) as threads:
            closing = [threads.submit(close) for _ in range(2)]
            ids = [str(number) for number in range(300)]
            try:
                assert [image.id for image in threads.map(api.get_image, ids)] == ids
            finally:
                calling.clear()
            assert min(done.result() for done in closing) > 10
    client.close()
    client.close()
    assert sorted(request.path.rpartition("/")[2] for request in echoing.requests) == sorted(ids)


def test_close_between_two_steps_of_a_call(echoing: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with ApiClient(Configuration(echoing.url, retries=0)) as client:
        route = client.rest.route

        def closed_at_once() -> Any:
            monkeypatch.undo()
            try:
                return route()
            finally:
                client.close()  # as another thread may do here

        monkeypatch.setattr(client.rest, "route", closed_at_once)
        assert ImagesApi(client).get_image("1").id == "1"
    assert len(echoing.requests) == 1


def test_closing_one_copy_leaves_the_other_alone(echoing: Server) -> None:
    first = ImagesApi(ApiClient(Configuration(echoing.url)))
    first.get_image("1")
    for copied in (copy.copy(first.api_client), copy.deepcopy(first.api_client)):
        with copied:
            ImagesApi(copied).get_image("2")
        first.get_image("1")
    first.api_client.close()
    assert [request.connection for request in echoing.requests] == [1, 2, 1, 3, 1]


def test_copies_and_pickles_of_a_client_at_work(echoing: Server) -> None:
    api = ImagesApi(ApiClient(Configuration(echoing.url, access_token=TOKEN)))

    def work(number: int) -> str | None:
        twin: Any = (api, copy.copy(api), copy.deepcopy(api), pickle.loads(pickle.dumps(api)))[number % 4]
        try:
            return twin.get_image(str(number)).id
        finally:
            if twin.api_client is not api.api_client:
                twin.api_client.close()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(work, range(200))) == [str(number) for number in range(200)]
    api.api_client.close()


def test_eight_threads_with_eight_accounts_each(echoing: Server) -> None:
    accounts = [
        ImagesApi(ApiClient(Configuration(echoing.url, access_token=f"account-{number}")))
        for number in range(8)
    ]

    def work(thread: int) -> None:
        for step in range(64):
            number = (thread + step * 3) % 8
            id = f"{number}-{thread}-{step}"
            assert accounts[number].get_image(id).id == id

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    for account in accounts:
        account.api_client.close()
    assert len(echoing.requests) == 8 * 64
    for request in echoing.requests:
        number = request.path.rpartition("/")[2].partition("-")[0]
        assert request.headers["authorization"] == f"Bearer account-{number}"


def test_a_spawned_process_has_its_own_credentials(echoing: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", "of-the-environment")
    api = ImagesApi(ApiClient(Configuration(echoing.url, access_token="of-the-program")))
    api.get_image("0")
    ids = ["1", "2", "3", "4"]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        assert [image.id for image in processes.map(api.get_image, ids)] == ids
    api.get_image("0")
    api.api_client.close()
    tokens = {request.path[-1]: request.headers["authorization"] for request in echoing.requests}
    assert tokens == {"0": "Bearer of-the-program", **dict.fromkeys(ids, "Bearer of-the-environment")}


@can_fork
def test_a_fork_in_the_middle_of_calls(echoing: Server) -> None:
    code = """
warnings.filterwarnings("ignore", "This process", DeprecationWarning)  # threads and fork: that is the test
api = api_of(sys.argv[1])
for raw in [api.get_image("parent", _preload_content=False) for _ in range(12)]:
    raw.drain_conn()
    raw.release_conn()  # more connections than threads: some wait in the pool when it is copied
begun = threading.Barrier(9)

def work(name, wait=lambda: None):
    for step in range(40):
        id = f"{name}-{step}"
        assert api.get_image(id).id == id
        if step == 5:
            wait()

with ThreadPoolExecutor(8) as threads:
    parents = [threads.submit(work, f"parent-{number}", begun.wait) for number in range(8)]
    begun.wait()
    child = os.fork()
    if not child:
        code = 1
        try:
            work("child")
            assert api.get_image("child-async", async_req=True).get(10).id == "child-async"
            api.api_client.close()
            code = 0
        finally:
            os._exit(code)
    for done in parents:
        done.result()
assert os.waitpid(child, 0)[1] == 0
work("parent-late")
api.api_client.close()
"""
    in_subprocess(code, echoing.url)
    assert len(echoing.requests) == 12 + 8 * 40 + 41 + 40
    processes: dict[int, set[str]] = {}
    for request in echoing.requests:
        name = request.path.rpartition("/")[2].partition("-")[0]
        processes.setdefault(request.connection, set()).add(name)
    assert {"child"} in processes.values()
    assert all(len(names) == 1 for names in processes.values()), processes


def test_two_thousand_forgotten_clients_leave_nothing(echoing: Server) -> None:
    code = """
from benchmarks.soak import held

def build(clients):
    for number in range(clients):
        api = api_of(sys.argv[1])
        if number % 10 == 0:
            assert api.get_image(str(number)).id == str(number)
        if number % 100 == 0:
            assert api.get_image("1", async_req=True).get(10).id == "1"

build(200)
before = held()
build(2000)
after = held()
assert (after.threads, after.descriptors) == (before.threads, before.descriptors), (before, after)
assert after.blocks - before.blocks < 1000, (before, after)
"""
    in_subprocess(code, echoing.url)


ENDINGS = {
    "a client in use": "api.get_image('1')",
    "one that is closed": "api.get_image('1'); api.api_client.close()",
    "background threads": "api.get_image('1', async_req=True).get(10)",
    "an unread answer": "raw = api.get_image('1', _preload_content=False)",
    "a pending background call": """
pending = api.get_image('hang', async_req=True)
""",
    "a blocked daemon thread": """
threading.Thread(target=api.get_image, args=('hang',), daemon=True).start()
""",
    "an exit inside of with": """
with api.api_client:
    pending = api.get_image('hang', async_req=True)
    while not os.path.exists(sys.argv[2]): time.sleep(0.001)
    sys.exit()
""",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_the_process_ends_promptly(server: Server, tmp_path: Any, ending: str) -> None:
    asked = tmp_path / "asked"

    def respond(request: Request) -> Any:
        if not request.path.endswith("hang"):
            return echo(request)
        asked.touch()
        return server.hang(request)  # for ten seconds

    server.always(respond)
    wait = "while not os.path.exists(sys.argv[2]): time.sleep(0.001)\n" if "hang" in ending else ""
    code = f"api = api_of(sys.argv[1])\n{ending}\n{wait}print('end', time.time())"
    began = time.monotonic()
    in_subprocess(code, server.url, str(asked))
    assert time.monotonic() - began < 9
