"""Calls in the background: what `async_req=True` returns, and the threads that make them.

`multiprocessing.pool` wants semaphores that processes could share, which AWS Lambda, for one, does not have.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

LOOK = 0.5
"""Seconds after which a thread that waits for a call looks whether it has ended."""


class AsyncResult(Generic[T]):
    """The outcome of a call in the background, as that of `multiprocessing.pool` in the 2019 client.

    Ctrl-C often strikes in `get()`. In a `threading.Event` it may leave a lock held that the call waits for.
    """

    def __init__(self) -> None:
        self._ended = False
        self._going_on = threading.Lock()
        self._going_on.acquire()
        self._value: Any = None
        self._error: BaseException | None = None

    def get(self, timeout: float | None = None) -> T:
        """Return what the call returns, or raise what it raises.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            multiprocessing.TimeoutError: It is not there in time.
        """
        self.wait(timeout)
        if not self._ended:
            from multiprocessing import TimeoutError

            raise TimeoutError
        if self._error is not None:
            raise self._error
        value: T = self._value
        return value

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the end of the call, or for so many seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._ended:
            left = LOOK if until is None else min(LOOK, until - time.monotonic())
            if left <= 0:
                return
            if self._going_on.acquire(timeout=left):
                self._going_on.release()

    def ready(self) -> bool:
        """Tell whether the call has ended."""
        return self._ended

    def successful(self) -> bool:
        """Tell whether the call has ended without an error.

        Raises:
            ValueError: It has not ended.
        """
        if not self.ready():
            raise ValueError("the call has not ended yet")
        return self._error is None

    def run(self, work: Callable[[], T]) -> None:
        """Do the work, and keep what comes of it."""
        try:
            self._value = work()
        except BaseException as error:  # noqa: BLE001  # get() raises it
            self._error = error
        finally:
            self._ended = True
            self._going_on.release()


class CallThreads:
    """Threads that make calls. They start when there is work, and end with it; no process waits for them.

    Args:
        most: Threads at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[tuple[AsyncResult[Any], Callable[[], Any]]] = deque()
        self._threads: set[threading.Thread] = set()

    def start(self, work: Callable[[], T]) -> AsyncResult[T]:
        """Do the work as soon as a thread is free; at once, where there can be no thread at all."""
        result: AsyncResult[T] = AsyncResult()
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
