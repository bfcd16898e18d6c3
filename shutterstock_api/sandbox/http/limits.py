"""The rate limit: a number of requests in each period."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any


class RateLimit:
    """Counts requests; the first one begins a period."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()
        self._used = 0
        self._ends = 0.0

    def count(self) -> tuple[bool, dict[str, str]]:
        """Count a request; return whether it is allowed, and the headers of its answer."""
        with self._lock:
            now = self._clock()
            if now >= self._ends:
                self._ends, self._used = now + self._seconds, 0
            passes = self._used < self._limit
            self._used += passes
            return passes, limit_headers(self._limit, self._limit - self._used, self._ends)

    def reset(self) -> None:
        """Begin a new period."""
        with self._lock:
            self._ends = 0.0


def limit_headers(limit: int, remaining: int, ends: float) -> dict[str, str]:
    """The three headers; the reset is in milliseconds since 1970."""
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(round(ends * 1000)),
    }


def limit_body(told: dict[str, str]) -> dict[str, Any]:
    """The body of a 429, which repeats the headers."""
    return {
        "message": "Rate limit exceeded",
        "limit": int(told["RateLimit-Limit"]),
        "remaining": int(told["RateLimit-Remaining"]),
        "reset": int(told["RateLimit-Reset"]),
    }
