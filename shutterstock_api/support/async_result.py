"""The outcome of work in another thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from shutterstock_api.support.timing import GLANCE

T = TypeVar("T")


class AsyncResult(Generic[T]):
    """The outcome of a call in the background, like that of `multiprocessing.pool` in the 2019 client.

    Ctrl-C often comes during `get()`. A `threading.Event` could then keep a lock held that the call needs.
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
            multiprocessing.TimeoutError: The call did not end within the timeout.
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
        """Wait until the call ends, or until the timeout."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._ended:
            left = GLANCE if until is None else min(GLANCE, until - time.monotonic())
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
        """Do the work, and keep the result or the error."""
        try:
            self._value = work()
        except BaseException as error:  # noqa: BLE001  # get() raises it
            self._error = error
        finally:
            self._ended = True
            self._going_on.release()
