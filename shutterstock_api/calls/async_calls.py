"""The threads of `async_req=True`. They make calls in the background.

`multiprocessing.pool` wants semaphores that processes could share, which AWS Lambda, for one, does not have.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from shutterstock_api.support.async_result import AsyncResult

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


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
