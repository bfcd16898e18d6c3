"""The rate limit in the answers to one client, which applies to all of its threads."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shutterstock_api import telemetry
from shutterstock_api.calls import retry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shutterstock_api.telemetry import RateLimit


def rate_limit(headers: Mapping[str, str], body: Mapping[str, Any], now: float) -> RateLimit:
    """Read the rate limit from an answer: `RateLimit-*` headers first, then the body of a 429.

    Args:
        headers: Response headers.
        body: The decoded body of a 429, otherwise empty.
        now: Seconds since 1970.
    """
    wait = retry.named_wait(headers, body, now)
    return telemetry.RateLimit(
        _count(headers.get("RateLimit-Limit", body.get("limit"))),
        _count(headers.get("RateLimit-Remaining", body.get("remaining"))),
        None if wait is None else _reset_at(now, wait),
    )


class Throttle:
    """Tells the threads of a client when they may send: a 429 to one of them makes all of them wait.

    Numbers are replaced as a whole, without a lock: at worst, a race between threads loses one hint.
    """

    def __init__(self) -> None:
        self.resume: float = 0.0
        """When to go on, on the monotonic clock; 0 if there is nothing to wait for."""
        self._spread = 0.0
        self._seen: tuple[Mapping[str, str], Mapping[str, Any], float] | None = None

    def see(
        self, headers: Mapping[str, str], clock: Callable[[], float], body: Mapping[str, Any] | None = None
    ) -> None:
        """Remember an answer. Its rate limit is read only when somebody asks for it."""
        if "RateLimit-Limit" in headers or body:
            self._seen = headers, body or {}, clock()

    @property
    def last(self) -> RateLimit | None:
        """The latest value from the service."""
        return rate_limit(*self._seen) if self._seen else None

    def hold(self, now: float, wait: float) -> None:
        """Make all threads wait for `wait` seconds from `now` (monotonic)."""
        if now + wait > self.resume:
            self.resume, self._spread = now + wait, retry.spread(wait)

    def wait(self, now: float, chance: float) -> float:
        """Return the seconds to wait before sending. They differ by thread, so that not all send at once.

        Args:
            now: The monotonic clock.
            chance: A number from 0 to 1.
        """
        left = self.resume - now
        if left <= 0:
            return 0.0
        return left + chance * self._spread


def _reset_at(now: float, wait: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(now, UTC) + timedelta(seconds=wait)
    except OverflowError:
        return None


def _count(value: Any) -> int | None:
    """Read a number of requests; a header may add more after it, as in `100, 100;w=60`."""
    found = re.match(r"\s*(\d{1,18})", str(value))
    return int(found[1]) if found else None
