"""What hooks are told of each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class RateLimit(NamedTuple):
    """How many requests the service takes, as it said last. What it did not say is `None`."""

    limit: int | None
    """Requests in a period."""
    remaining: int | None
    """How many of them are left."""
    reset_at: datetime | None
    """When the period ends, in UTC."""


@dataclass(frozen=True)
class RequestEvent:
    """An attempt is about to be sent."""

    operation: str
    """Name of the method, such as `search_images`; `request` is `ApiClient.request`, `download` a file.

    Where two classes have a method of that name, one of them has its class before it, and each name is one
    operation.
    """
    method: str
    """HTTP verb."""
    path: str
    """Path without the query; of a file what it is of, such as `image 17`, or the host."""
    attempt: int
    """1 for the first one of a call."""


@dataclass(frozen=True)
class ResponseEvent(RequestEvent):
    """An attempt is over, with an answer or without."""

    duration: float
    """Seconds from sending until all of the answer was here."""
    status: int | None
    """HTTP status; `None` where no answer came."""
    error: str | None
    """Class of the error, such as `RateLimitError`; `None` for a success."""
    bytes: int | None
    """Size of the body after unpacking; `None` for an error, or where the body is left to the caller."""
    request_id: str | None
    """What the service calls this request, where a header says so."""
    rate_limit: RateLimit | None
    """What the service said last about how many requests it takes, as `ApiClient.rate_limit`."""


@dataclass(frozen=True)
class RetryEvent(RequestEvent):
    """An attempt failed, and the request will be sent again."""

    wait: float
    """Seconds until then."""
    status: int | None
    """HTTP status; `None` where no answer came."""
    error: str
    """Class of the error."""
