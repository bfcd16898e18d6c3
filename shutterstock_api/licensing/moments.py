"""When something happened, by several clocks. Each of them may be wrong, and may be set at any moment.

So the clocks may only lengthen a wait, and only widen a window.
"""

from __future__ import annotations

import math
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.support.timing import Timing

IN_STEP = 2.0
"""Seconds by which clocks that agree differ: `Date` tells whole seconds, and an answer takes its time."""

SLOW = 10.0
"""Seconds that an answer may take, and its clock still agree with ours at the time of the question."""


class Moment(NamedTuple):
    """One moment, in seconds."""

    ours: float
    """By the clock of this machine, since 1970."""
    running: float | None = None
    """By a clock that nobody sets; `None` where another process has read it."""
    service: float | None = None
    """By the clock of the service, since 1970; `None` where it did not tell."""

    def told(self, service: float | None) -> Moment:
        """Return this moment, with the time that an answer told."""
        return self._replace(service=service)

    def passed(self, now: Moment) -> float:
        """Return how long ago it was, by the clock that nobody sets where that is possible."""
        if self.running is not None and now.running is not None:
            return now.running - self.running
        return now.ours - self.ours

    @property
    def is_behind(self) -> bool:
        """Whether our clock was behind that of the service: then an old answer may look like a new one."""
        return self.service is not None and self.service - self.ours > SLOW

    def wait_left(self, seconds: float, now: Moment) -> float:
        """Return how many of the seconds since this moment are left; below 0, they have passed for certain.

        Args:
            seconds: How long to wait.
            now: When an answer came, by whose `Date` it is known to be no older.
        """
        if now.service is None:
            return math.inf
        ours = self.passed(now)
        by_service = None if self.service is None else now.service - self.service
        if by_service is None and (self.running is None or now.running is None or now.is_behind):
            return math.inf
        passed = [ours] if by_service is None else [ours, by_service + IN_STEP]
        if by_service is None or abs(by_service - ours) > IN_STEP:
            # Clocks that do not run in step: the answer may be from a store, and as old as its `Date` says.
            passed.append(now.service - self.ours + IN_STEP)
        return seconds - min(passed)

    def span(self, now: Moment) -> tuple[float, float]:
        """Return the earliest and the latest time at which it may have been, by any of the clocks."""
        ago = self.passed(now)
        times = [self.ours, now.ours - ago]
        times += [time for time in (self.service, now.service and now.service - ago) if time is not None]
        return (min(times) if ago >= 0 else -math.inf), max(times)


def first_known(known: Moment | None, seen: Moment) -> Moment:
    """Return the moment from which to wait: the first, or the first of which the service told its time."""
    return seen if known is None or (known.service is None and seen.service is not None) else known


def this_moment(timing: Timing) -> Moment:
    """Return the moment that is now."""
    return Moment(timing.time(), timing.monotonic())


def service_time(headers: Mapping[str, str] | None) -> float | None:
    """Return when an answer was made; `None` where it does not tell, or a store on the way has given it."""
    from email.utils import parsedate_to_datetime

    headers = headers or {}
    if (headers.get("Age") or "0").strip() != "0":
        return None
    try:
        made = parsedate_to_datetime(headers.get("Date") or "")
        return (made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
