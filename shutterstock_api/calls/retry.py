"""Decides whether and when to send again: pure functions that get clocks and randomness as arguments."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from shutterstock_api.support.errors import ApiConnectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.schema.operation import Sending
    from shutterstock_api.support.errors import ApiException
    from shutterstock_api.support.timing import Timing

FIRST_PAUSE = 0.5
"""Upper bound of the first pause, in seconds; it doubles with each attempt."""
LONGEST_PAUSE = 8.0
"""The longest pause that doubling can reach, in seconds."""
LONGEST_WAIT = 1e6
"""The longest possible wait, in seconds: clocks cannot handle more."""
LONGEST_SPREAD = 1.0
"""The longest time, in seconds, over which the end of a shared pause is spread among threads."""
TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
"""Statuses after which a retry may succeed; those from 520 come from gateways such as Cloudflare."""
CLOCKS_AGREE = 2.0
"""If the service's clock differs by more seconds from ours, it is used; `Date` has whole seconds."""


class RetryPolicy(NamedTuple):
    """How often to try, and for how long."""

    retries: int
    """How many times a request may be sent again."""
    longest_wait: float
    """The longest wait before each retry, in seconds."""
    until: float | None
    """When all attempts and waits must be over, on the monotonic clock."""

    def ends_within(self, wait: float, now: float) -> bool:
        """Tell whether the deadline is before the end of a wait.

        Args:
            wait: Seconds.
            now: The monotonic clock.
        """
        return self.until is not None and now + wait >= self.until


class Decision(NamedTuple):
    """What to do after an attempt that failed."""

    action: Literal["resend", "renew", "doubt", "raise"]
    """Send again after the wait; send again with better credentials or a new link; report that a licence may
    have been bought; raise the error."""
    wait: float = 0.0
    """The wait in seconds before sending again; with `raise`, the wait that would have been necessary."""


def decide(
    error: ApiException,
    sending: Sending,
    policy: RetryPolicy,
    timing: Timing,
    resent: int,
    renewable: bool = False,
) -> Decision:
    """Decide what to do after a failed attempt at a call or a download.

    Args:
        error: How it failed.
        sending: What kind of operation it is.
        policy: How often to try, and for how long.
        timing: Clocks, and randomness for the wait.
        resent: How often the request has been sent again already; renewals do not count.
        renewable: Whether other credentials or a new link may help, and have not been tried yet.
    """
    sent = not isinstance(error, ApiConnectionError) or error.sent
    if in_doubt(sending, error.status, sent):
        return Decision("doubt")
    if renewable:
        return Decision("renew")
    now = timing.time()
    limited = error.status == 429  # headers about the rate limit count only for a 429
    asked = named_wait(error.headers, error.content, now) if limited else retry_after(error.headers, now)
    wait = asked or min(pause(resent + 1, timing.chance()), policy.longest_wait)
    temporary = isinstance(error, ApiConnectionError) or error.status is not None
    if (
        resent < policy.retries
        and temporary
        and may_resend(sending, error.status, sent)
        and wait <= policy.longest_wait
        and not policy.ends_within(wait, timing.monotonic())
    ):
        return Decision("resend", wait)
    return Decision("raise", wait)


def may_resend(sending: Sending, status: int | None, sent: bool) -> bool:
    """Decide whether a failed request may be sent again.

    Args:
        sending: What kind of operation it is.
        status: The HTTP status; `None` if no complete answer arrived.
        sent: Whether any byte of the request may have reached the service.
    """
    if status == 429 or not sent:
        return True  # the service did not act on it
    if sending != "read":
        return False
    return status is None or status in TEMPORARY


def in_doubt(sending: Sending, status: int | None, sent: bool) -> bool:
    """Tell whether a licence may have been bought although no successful answer arrived.

    A 3xx or 4xx is a refusal, except 303 ("done, look there") and 408 (a gateway's timeout). No answer, a 5xx
    or an unreadable 2xx leaves it open.
    """
    refused = status is not None and 300 <= status < 500 and status not in (303, 408)
    return sending == "license" and sent and not refused


def pause(attempt: int, chance: float) -> float:
    """Return the seconds to wait after `attempt` (1, 2, ...): exponential, with full jitter."""
    return chance * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (min(attempt, 16) - 1))


def spread(wait: float) -> float:
    """Return the seconds over which threads resume after a shared pause: a tenth of it, within limits."""
    return min(LONGEST_SPREAD, wait / 10)


def named_wait(headers: Mapping[str, str], body: Any, now: float) -> float | None:
    """Return the seconds that a 429 asks to wait, or `None` if it does not say.

    `Retry-After` (seconds or a date) counts first, then `RateLimit-Reset`, then `reset` in the body.

    Args:
        headers: Response headers.
        body: The decoded body, of any type.
        now: Seconds since 1970 by our clock; if the service's clock differs, that one counts.
    """
    wait = retry_after(headers, now)
    for value in (headers.get("RateLimit-Reset"), body.get("reset") if isinstance(body, dict) else None):
        if wait is None:
            wait = _until(value, _service_time(headers, now))
    return wait if wait is None else max(0.0, wait)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that `Retry-After` asks to wait, or `None` if it is missing."""
    value = headers.get("Retry-After")
    wait = _number(value)
    if wait is None:
        moment = _seconds_since_1970(value)
        wait = None if moment is None else moment - _service_time(headers, now)
    return wait if wait is None else max(0.0, wait)


def _service_time(headers: Mapping[str, str], now: float) -> float:
    """Return the present time, by the service's clock if that differs from ours."""
    date = _seconds_since_1970(headers.get("Date"))
    return now if date is None or abs(date - now) <= CLOCKS_AGREE else date


def _seconds_since_1970(value: str | None) -> float | None:
    """Return the date in a header as seconds since 1970."""
    if value is None:
        return None
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None


def _until(value: Any, now: float) -> float | None:
    """Read a reset time. Its unit is not documented, so it is guessed from its magnitude."""
    number = _number(value)
    if number is None:
        return None
    if number > 1e12:
        return number / 1000 - now
    if number > 1e9:
        return number - now
    return number


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
