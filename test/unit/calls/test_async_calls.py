"""`async_req=True`: what it returns, and the threads behind it."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
import time
from functools import partial
from typing import Any

import pytest
from interrupts import Interrupt, in_own_thread
from scripted_server import Request, Server, answer

from shutterstock_api import ApiClient, ImagesApi, NotFoundError
from shutterstock_api.calls.async_calls import CallThreads
from shutterstock_api.support.async_result import AsyncResult

GOOD = answer(200, {"id": "1"})


@pytest.fixture
def api(client: ApiClient) -> Any:
    return ImagesApi(client)


def test_a_result_as_in_2019(api: Any, server: Server) -> None:
    go = threading.Event()

    def late(request: Request) -> bytes:
        go.wait(5)
        return GOOD

    server.answers(late)
    pending = api.get_image("1", async_req=True)
    assert not pending.ready()
    assert pending.wait(0.01) is None
    with pytest.raises(multiprocessing.TimeoutError):
        pending.get(0.01)
    with pytest.raises(ValueError, match="not ended"):
        pending.successful()
    go.set()
    assert pending.wait(5) is None
    assert (pending.ready(), pending.successful()) == (True, True)
    assert (pending.get().id, pending.get(timeout=0).id) == ("1", "1")


def test_an_error_waits_for_get(api: Any, server: Server) -> None:
    server.always(answer(404))
    pending = api.get_image("1", async_req=True)
    pending.wait(5)
    assert (pending.ready(), pending.successful()) == (True, False)
    for _ in range(2):
        with pytest.raises(NotFoundError):
            pending.get()


def test_without_semaphores_that_processes_share(server: Server) -> None:
    """AWS Lambda has none: it says that the function is not implemented."""
    server.always(GOOD)
    code = """
import sys, _multiprocessing
class SemLock:
    SEM_VALUE_MAX = 1
    def __init__(self, *arguments):
        raise OSError(38, "Function not implemented")
_multiprocessing.SemLock = SemLock
from shutterstock_api import *
pending = ImagesApi(ApiClient(Configuration(sys.argv[1]))).get_image("1", async_req=True)
print(pending.get(10).id, "multiprocessing.pool" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, server.url], capture_output=True, text=True, timeout=20
    )
    assert done.stdout == "1 False\n", done.stderr


def _ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "shutterstock_api call"]


def test_threads_are_bounded_and_end_with_their_work() -> None:
    threads, go, most = CallThreads(3), threading.Event(), []

    def work() -> int:
        most.append(len(_ours()))
        go.wait(5)
        return 1

    pending = [threads.start(work) for _ in range(50)]
    go.set()
    assert sum(one.get(5) for one in pending) == 50
    assert max(most) == 3
    for thread in _ours():
        thread.join(5)
    assert _ours() == []
    assert threads.start(lambda: 2).get(5) == 2  # others start again


def test_all_threads_are_daemons(server: Server, api: Any) -> None:
    server.always(server.hang)
    api.get_image("1", async_req=True)
    assert [thread.daemon for thread in _ours()] == [True]


def test_where_no_thread_can_start_the_call_is_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    pending = CallThreads(3).start(lambda: threading.current_thread().name)
    assert (pending.ready(), pending.get(0)) == (True, "MainThread")


@in_own_thread
def test_what_is_interrupted_while_it_is_put_in_is_not_done_later() -> None:
    """`start` either returns a result, or raises and leaves nothing behind; afterwards it works."""
    moment, struck = 0, True
    while struck:
        moment += 1
        threads, hold, done = CallThreads(1), threading.Event(), []
        threads.start(partial(hold.wait, 5))
        results: list[AsyncResult[Any]] = []
        struck = Interrupt(moment)(lambda: results.append(threads.start(partial(done.append, 1))))  # noqa: B023
        hold.set()
        threads.start(partial(done.append, 2)).get(5)
        assert done == ([1, 2] if results else [2])
    assert moment > 5


@in_own_thread
def test_who_waits_may_be_interrupted_at_any_moment() -> None:
    moment, struck = 0, True
    while struck:
        moment += 1
        threads, go = CallThreads(1), threading.Event()
        pending = threads.start(partial(go.wait, 5))
        struck = Interrupt(moment)(partial(_given_up, pending))
        go.set()
        assert pending.get(5) is True
        assert threads.start(lambda: "next").get(5) == "next"
    assert moment > 5


def _given_up(pending: AsyncResult[Any]) -> None:
    with pytest.raises(multiprocessing.TimeoutError):
        pending.get(0.001)


def test_many_at_a_time(api: Any, server: Server) -> None:
    server.always(lambda request: answer(200, {"id": request.target.rpartition("/")[2]}))
    began = time.monotonic()
    pending = [api.get_image(str(number), async_req=True) for number in range(200)]
    assert [one.get(10).id for one in pending] == [str(number) for number in range(200)]
    assert time.monotonic() - began < 10
