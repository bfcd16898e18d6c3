"""Clocks and randomness, and the deadline of the surrounding call."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import NamedTuple, TypeVar

T = TypeVar("T")

GLANCE = 0.5
"""Seconds after which a waiting thread checks whether there is still something to wait for."""


class Timing(NamedTuple):
    """The source of time and randomness; tests pass their own."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    time: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    """A number from 0 to 1."""


_outer: ContextVar[tuple[float, Callable[[], float]] | None] = ContextVar("deadline", default=None)
"""The deadline, and its clock, of the call for which this thread obtains credentials."""


def within(until: float | None, clock: Callable[[], float], work: Callable[[], T]) -> T:
    """Run work that a call needs, such as renewing its token; calls inside have the same deadline.

    The deadline is set in a separate context, so it need not be reset, which Ctrl-C could prevent.
    """
    if until is None:
        return work()
    context = copy_context()
    context.run(_outer.set, (until, clock))
    return context.run(work)


def time_left() -> float | None:
    """Return the seconds left to the deadline of the surrounding call; `None` if there is none."""
    outer = _outer.get()
    return None if outer is None else max(0.0, outer[0] - outer[1]())
