"""Points in time, measured by several clocks. Each of these may be wrong, and may be set at any time.

So a clock can only make a wait longer and a period wider, never shorter or narrower.
"""

from __future__ import annotations

import math
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.support.timing import Timing

IN_STEP = 2.0
"""Seconds by which correct clocks can differ: `Date` has whole seconds, and answers take time to arrive."""

SLOW = 10.0
"""Seconds that an answer may take, and its clock still agree with ours at the time of the question."""


class Moment(NamedTuple):
    """One moment, in seconds."""

    ours: float
    """By this machine's clock, since 1970."""
    running: float | None = None
    """By a clock that nobody can set; `None` if another process has read it."""
    service: float | None = None
    """By the service's clock, since 1970; `None` if the service did not say."""

    def told(self, service: float | None) -> Moment:
        """Return this moment with the time in an answer."""
        return self._replace(service=service)

    def passed(self, now: Moment) -> float:
        """Return how long ago this moment was, if possible by the clock that nobody can set."""
        if self.running is not None and now.running is not None:
            return now.running - self.running
        return now.ours - self.ours

    @property
    def is_behind(self) -> bool:
        """Whether our clock was behind that of the service: then an old answer may look like a new one."""
        return self.service is not None and self.service - self.ours > SLOW

    def wait_left(self, seconds: float, now: Moment) -> float:
        """Return how many of these seconds since this moment are left; below 0, all have certainly passed.

        Args:
            seconds: How long to wait.
            now: When an answer arrived, which is certainly not older than its `Date` says.
        """
        if now.service is None:
            return math.inf
        ours = self.passed(now)
        by_service = None if self.service is None else now.service - self.service
        if by_service is None and (self.running is None or now.running is None or now.is_behind):
            return math.inf
        passed = [ours] if by_service is None else [ours, by_service + IN_STEP]
        if by_service is None or abs(by_service - ours) > IN_STEP:
            # The clocks disagree: the answer may come from a cache, and be as old as its `Date` says.
            passed.append(now.service - self.ours + IN_STEP)
        return seconds - min(passed)

    def span(self, now: Moment) -> tuple[float, float]:
        """Return the earliest and the latest time that any of the clocks gives for this moment."""
        ago = self.passed(now)
        times = [self.ours, now.ours - ago]
        times += [time for time in (self.service, now.service and now.service - ago) if time is not None]
        return (min(times) if ago >= 0 else -math.inf), max(times)


def first_known(known: Moment | None, seen: Moment) -> Moment:
    """Return the moment from which to wait: the first one, or the first one with the service's time."""
    return seen if known is None or (known.service is None and seen.service is not None) else known


def this_moment(timing: Timing) -> Moment:
    """Return the present moment."""
    return Moment(timing.time(), timing.monotonic())


def service_time(headers: Mapping[str, str] | None) -> float | None:
    """Return when an answer was created; `None` if it does not say, or comes from a cache."""
    from email.utils import parsedate_to_datetime

    headers = headers or {}
    if (headers.get("Age") or "0").strip() != "0":
        return None
    try:
        made = parsedate_to_datetime(headers.get("Date") or "")
        return (made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
