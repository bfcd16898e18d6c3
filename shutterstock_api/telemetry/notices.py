"""What a run that waits tells people: one line on stderr, once nothing has gone on for a while."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shutterstock_api.support.timing import GLANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

LATE = 5.0
"""Seconds without progress after which somebody may think that the program hangs."""


def print_notice(text: str) -> None:
    """Print a line to stderr, where the shell has not closed it."""
    if sys.stderr is not None:  # `print` would take stdout
        print(text, file=sys.stderr, flush=True)


class WaitNotices:
    """Tells what is waited for, once for each wait that takes long. A thread watches: answers may never come.

    Args:
        show: Shows a line; `None`: nobody wants to know.
    """

    def __init__(self, show: Callable[[str], object] | None) -> None:
        self._show = show
        self._reason: str | None = None
        self._since = 0.0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="shutterstock_api notices", daemon=True)

    @contextmanager
    def waiting(self, reason: str) -> Iterator[None]:
        """Do what is in the block, which waits for an answer; tell so where none comes for long.

        Args:
            reason: What is waited for.
        """
        self._wait_for(reason)
        try:
            yield
        finally:
            self._wait_for(None)

    def went_on(self) -> None:
        """Count the time anew: something has come."""
        self._since = time.monotonic()

    def tell(self, reason: str) -> None:
        """Tell what is waited for, with the time."""
        if self._show:
            self._show(f"{time.strftime('%H:%M:%S')} {reason}")

    def _wait_for(self, reason: str | None) -> None:
        with self._lock:
            self._reason, self._since = reason, time.monotonic()

    def _watch(self) -> None:
        while not self._over.wait(GLANCE):
            with self._lock:
                reason = self._reason if time.monotonic() - self._since >= LATE else None
                self._reason = None if reason else self._reason
            if reason:
                self.tell(reason)

    def __enter__(self) -> Self:
        if self._show:
            self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
