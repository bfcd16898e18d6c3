"""Calls in the background: what they return, and the threads that make them.

`multiprocessing.pool` wants semaphores that processes could share, which AWS Lambda, for one, does not have.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from shutterstock_api.support.async_result import AsyncResult

P = ParamSpec("P")
T = TypeVar("T")


class BackgroundCall(AsyncResult[T], Future[T]):
    """A call in the background: a `Future`, which also has the methods of the 2019 client.

    A call that has begun cannot be cancelled. `get()` and `result()` wait with the lock of `AsyncResult`, not
    with the condition of `Future`: Ctrl-C, which often strikes there, could leave that one locked for ever.
    """

    def __init__(self) -> None:
        AsyncResult.__init__(self)
        Future.__init__(self)
        self.add_done_callback(_end_cancelled)

    def run(self, work: Callable[[], T]) -> None:
        """Do the work, unless it was cancelled, and keep what comes of it."""
        if not self.set_running_or_notify_cancel():
            return
        super().run(work)
        if self._error is None:
            self.set_result(self._value)
        else:
            self.set_exception(self._error)

    def done(self) -> bool:
        """Tell whether the call has ended, or was cancelled."""
        return self.ready() or super().done()

    def result(self, timeout: float | None = None) -> T:
        """Return what the call returns, or raise what it raises.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            TimeoutError: It is not there in time.
        """
        self._wait_for_end(timeout)
        return self.get(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Return what the call raises; `None` where it returns something.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            TimeoutError: It has not ended in time.
        """
        self._wait_for_end(timeout)
        if self.cancelled():
            self.get(0)
        return self._error

    def _wait_for_end(self, timeout: float | None) -> None:
        self.wait(timeout)
        if not self.ready():
            raise TimeoutError


def _end_cancelled(call: Future[Any]) -> None:
    """Let nobody wait for a call that was cancelled."""
    if call.cancelled() and isinstance(call, BackgroundCall):
        AsyncResult.run(call, partial(Future.result, call, 0))


def in_background(method: Callable[P, T]) -> Callable[P, BackgroundCall[T]]:
    """Return `method` of an API class, made to call in a background thread of its client.

    The typed form of `async_req=True`. `in_background(api.get_image)("17")` returns at once; its `result()`
    is the image, and `asyncio.wrap_future` makes it awaitable.
    """

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> BackgroundCall[T]:
        kwargs["async_req"] = True
        return method(*args, **kwargs)  # type: ignore[return-value]

    return call


class CallThreads:
    """Threads that make calls. They start when there is work, and end with it; no process waits for them.

    Args:
        most: Threads at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[tuple[BackgroundCall[Any], Callable[[], Any]]] = deque()
        self._threads: set[threading.Thread] = set()

    def start(self, work: Callable[[], T]) -> BackgroundCall[T]:
        """Do the work as soon as a thread is free; at once, where there can be no thread at all."""
        result: BackgroundCall[T] = BackgroundCall()
        task = result, work
        try:
            with self._lock:
                self._waiting.append(task)
                if len(self._threads) < self._most:
                    self._start_thread()
                alone = not self._threads
        except BaseException:  # Ctrl-C: what nobody waits for must not be done later
            with suppress(ValueError):
                self._waiting.remove(task)
            raise
        if alone:
            self._work()
        return result

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._work, name="shutterstock_api call", daemon=True)
        with suppress(RuntimeError):  # there can be no more
            thread.start()
            self._threads.add(thread)

    def _work(self) -> None:
        """Do what is waiting."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads.discard(threading.current_thread())
                    return
                result, work = self._waiting.popleft()
            result.run(work)
            del result, work  # it may be long until the next one
