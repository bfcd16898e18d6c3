"""The arguments of hooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class RateLimit(NamedTuple):
    """The rate limit, from the latest answer of the service. Numbers that it did not send are `None`."""

    limit: int | None
    """Requests per period."""
    remaining: int | None
    """Requests left in this period."""
    reset_at: datetime | None
    """When the period ends, in UTC."""


@dataclass(frozen=True)
class RequestEvent:
    """An attempt that is about to be sent."""

    operation: str
    """Name of the method, such as `search_images`; `request` for `ApiClient.request`, `download` for a file.

    If two classes have a method of the same name, one of the names includes its class, so that each name
    stands for one operation.
    """
    method: str
    """HTTP verb."""
    path: str
    """Path without the query; for a download the item, such as `image 17`, or the host."""
    attempt: int
    """Number of the attempt; the first one of a call is 1."""


@dataclass(frozen=True)
class ResponseEvent(RequestEvent):
    """An attempt that has ended, with or without an answer."""

    duration: float
    """Seconds from sending until the whole answer had arrived."""
    status: int | None
    """HTTP status; `None` if there was no answer."""
    error: str | None
    """Class of the error, such as `RateLimitError`; `None` if the attempt succeeded."""
    bytes: int | None
    """Size of the body after decompression; `None` for an error, or if the caller reads the body."""
    request_id: str | None
    """The service's id of this request, if a header has one."""
    rate_limit: RateLimit | None
    """The rate limit from the latest answer, as in `ApiClient.rate_limit`."""


@dataclass(frozen=True)
class RetryEvent(RequestEvent):
    """An attempt that failed; the request will be sent again."""

    wait: float
    """Seconds until the next attempt."""
    status: int | None
    """HTTP status; `None` if there was no answer."""
    error: str
    """Class of the error."""
