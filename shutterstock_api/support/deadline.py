"""The deadline of the call around: what it needs on its way, such as a token, keeps to it too."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Outer(threading.local):
    """The deadline of the call for which this thread gets credentials."""

    until: float | None = None
    clock: Callable[[], float] = time.monotonic


_outer = _Outer()


@contextmanager
def within(until: float | None, clock: Callable[[], float]) -> Iterator[None]:
    """Bound the calls that are made inside, such as the renewal of a token, by an outer deadline."""
    before = _outer.until, _outer.clock
    if until is not None:
        _outer.until, _outer.clock = until, clock
    try:
        yield
    finally:
        _outer.until, _outer.clock = before


def time_left() -> float | None:
    """Return the seconds up to the deadline of the call around; `None` where there is none."""
    return None if _outer.until is None else max(0.0, _outer.until - _outer.clock())
