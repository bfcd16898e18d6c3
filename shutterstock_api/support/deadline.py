"""The deadline of the call around: what it needs on its way, such as a token, keeps to it too."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import TypeVar

T = TypeVar("T")

_outer: ContextVar[tuple[float, Callable[[], float]] | None] = ContextVar("deadline", default=None)
"""When the call must be over for which this thread gets credentials, and by which clock."""


def within(until: float | None, clock: Callable[[], float], work: Callable[[], T]) -> T:
    """Do what a call needs on its way, such as renewing its token; calls that it makes end with that one.

    The deadline stands in a context of its own: nobody has to take it back, so Ctrl-C cannot prevent that.
    """
    if until is None:
        return work()
    context = copy_context()
    context.run(_outer.set, (until, clock))
    return context.run(work)


def time_left() -> float | None:
    """Return the seconds up to the deadline of the call around; `None` where there is none."""
    outer = _outer.get()
    return None if outer is None else max(0.0, outer[0] - outer[1]())
