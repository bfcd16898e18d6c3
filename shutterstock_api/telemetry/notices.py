"""Tells people what a run is waiting for: one line on stderr, when nothing has happened for a while."""

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
"""Seconds without progress after which people may think that the program hangs."""


def print_notice(text: str) -> None:
    """Print a line to stderr, unless the shell has closed it."""
    if sys.stderr is not None:  # `print` would take stdout
        print(text, file=sys.stderr, flush=True)


class WaitNotices:
    """Reports each long wait once. A thread does this, because an answer may never come.

    Args:
        show: Shows a line; `None` to report nothing.
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
        """Report if the block waits for an answer for a long time.

        Args:
            reason: What the block waits for.
        """
        self._wait_for(reason)
        try:
            yield
        finally:
            self._wait_for(None)

    def went_on(self) -> None:
        """Start counting the time again, because something has arrived."""
        self._since = time.monotonic()

    def tell(self, reason: str) -> None:
        """Report what the run is waiting for, with the time."""
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
