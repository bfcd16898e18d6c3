"""Calls in the background: what they return, and the threads that make them.

`multiprocessing.pool` is not used because it needs shared semaphores, which AWS Lambda, for example, lacks.
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
    """A call in the background: a `Future` that also has the methods of the 2019 client.

    A call that has started cannot be cancelled. `get()` and `result()` use the lock of `AsyncResult` rather
    than the condition of `Future`, because Ctrl-C during a wait could leave that condition locked for ever.
    """

    def __init__(self) -> None:
        AsyncResult.__init__(self)
        Future.__init__(self)
        self.add_done_callback(_end_cancelled)

    def run(self, work: Callable[[], T]) -> None:
        """Do the work, unless it was cancelled, and keep the result or the error."""
        if not self.set_running_or_notify_cancel():
            return
        super().run(work)
        if self._error is None:
            self.set_result(self._value)
        else:
            self.set_exception(self._error)

    def done(self) -> bool:
        """Tell whether the call has ended or was cancelled."""
        return self.ready() or super().done()

    def result(self, timeout: float | None = None) -> T:
        """Return what the call returns, or raise what it raises.

        Args:
            timeout: The longest wait, in seconds.

        Raises:
            TimeoutError: The call did not end within the timeout.
        """
        self._wait_for_end(timeout)
        return self.get(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Return the error that the call raised, or `None` if it succeeded.

        Args:
            timeout: The longest wait, in seconds.

        Raises:
            TimeoutError: The call did not end within the timeout.
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
    """Wake all threads that wait for a call that was cancelled."""
    if call.cancelled() and isinstance(call, BackgroundCall):
        AsyncResult.run(call, partial(Future.result, call, 0))


def in_background(method: Callable[P, T]) -> Callable[P, BackgroundCall[T]]:
    """Return a version of an API method that runs in a background thread of its client.

    This is the typed form of `async_req=True`. `in_background(api.get_image)("17")` returns immediately; the
    `result()` of what it returns is the image, and `asyncio.wrap_future` makes it awaitable.
    """

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> BackgroundCall[T]:
        kwargs["async_req"] = True
        return method(*args, **kwargs)  # type: ignore[return-value]

    return call


class CallThreads:
    """Threads that make calls. They start and end with the work, and do not keep the process alive.

    Args:
        most: The largest number of threads.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[tuple[BackgroundCall[Any], Callable[[], Any]]] = deque()
        self._threads: set[threading.Thread] = set()

    def start(self, work: Callable[[], T]) -> BackgroundCall[T]:
        """Do the work as soon as a thread is free, or at once if no thread can be started."""
        result: BackgroundCall[T] = BackgroundCall()
        task = result, work
        try:
            with self._lock:
                self._waiting.append(task)
                if len(self._threads) < self._most:
                    self._start_thread()
                alone = not self._threads
        except BaseException:  # Ctrl-C: work that nobody waits for must not be done later
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
        """Do the waiting work."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads.discard(threading.current_thread())
                    return
                result, work = self._waiting.popleft()
            result.run(work)
            del result, work  # it may be long until the next one
