"""What every method takes besides its own arguments, and what it returns when asked for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypedDict, TypeVar

from shutterstock_api.schema.checks import count_value, seconds_value, timeout_value
from shutterstock_api.schema.headers import checked_headers
from shutterstock_api.schema.values import boolean_value
from shutterstock_api.support.masking import MASK
from shutterstock_api.support.text import did_you_mean

if TYPE_CHECKING:
    from shutterstock_api.transport.service import HTTPHeaderDict
else:
    HTTPHeaderDict = Mapping[str, str]  # that of urllib3, which is loaded with the first call

P = ParamSpec("P")


T = TypeVar("T")


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own arguments."""

    _request_timeout: float | tuple[float, float] | None
    """Seconds. A number bounds the whole attempt; `(connect, read)` bounds connecting and each read."""
    _preload_content: bool
    """`False`: the raw urllib3 response, unread. Read it, then call its `release_conn()`. Type checkers do
    not know that the method returns something else then: `cast("urllib3.BaseHTTPResponse", ...)`."""
    _return_http_data_only: bool
    """`False`: an `ApiResponse` of data, status and headers. `with_raw_response` is the typed form."""
    async_req: bool
    """`True`: a `BackgroundCall`, at once; a thread makes the call. `in_background` is the typed form."""
    _headers: Mapping[str, str]
    """Headers to add to this request."""
    _retries: int
    """How often to send again at most, instead of `Configuration.retries`."""
    _max_retry_wait: float
    """Longest wait before sending again, in seconds, instead of `Configuration.max_retry_wait`."""
    _deadline: float | None
    """Seconds for all attempts and waits together, instead of `Configuration.deadline`."""


class PageOptions(CallOptions, total=False):
    """What `paginate` takes besides what its method does.

    Methods with pages name them, so that type checkers let them through; called by themselves, they
    refuse them.
    """

    limit: int | None
    """Items to yield at most; by default all there are."""
    prefetch: int
    """`1`: ask for the next page in a thread while the program works on this one."""


def checked_options(
    options: Mapping[str, Any], arguments: Iterable[str]
) -> tuple[dict[str, Any], list[tuple[str, Exception]]]:
    """Return the options of a call without those that are `None`, and what is wrong with the others.

    Args:
        options: What the caller gave besides the arguments of the method.
        arguments: Names of these, to guess what a misspelt name was meant to be.
    """
    good: dict[str, Any] = {}
    problems: list[tuple[str, Exception]] = []
    for name, value in options.items():
        check = _OPTION_CHECKS.get(name)
        if name in _OF_PAGINATE:
            problems.append((name, TypeError("no argument of the method itself; paginate() takes it")))
        elif check is None:
            hint = did_you_mean(name, (*arguments, *_OPTION_CHECKS))
            problems.append((name, TypeError(f"no such argument{hint}")))
        elif value is not None:
            try:
                good[name] = check(value)
            except (TypeError, ValueError) as problem:
                problems.append((name, problem))
    if "_headers" in options and isinstance(options, dict):
        options["_headers"] = good.get("_headers", MASK)  # no frame that holds the options shows them
    return good, problems


def refused_options(options: Mapping[str, Any]) -> Iterator[tuple[str, Exception]]:
    """Yield the options with which a method returns something else than its answer."""
    for name, value in (("async_req", True), ("_preload_content", False), ("_return_http_data_only", False)):
        if options.get(name) is value:
            yield name, ValueError(f"cannot be {value} here")


_OF_PAGINATE = frozenset({"limit", "prefetch"})

_OPTION_CHECKS: dict[str, Callable[[Any], Any]] = {
    "_request_timeout": timeout_value,
    "_preload_content": boolean_value,
    "_return_http_data_only": boolean_value,
    "async_req": boolean_value,
    "_headers": checked_headers,
    "_retries": count_value,
    "_max_retry_wait": seconds_value,
    "_deadline": seconds_value,
}


class ApiResponse(tuple[T, int, "HTTPHeaderDict"], Generic[T]):
    """An answer with its HTTP side: the tuple `(data, status, headers)`."""

    __slots__ = ()

    @property
    def data(self) -> T:
        """What the method returns otherwise."""
        return self[0]

    @property
    def status(self) -> int:
        """HTTP status."""
        return self[1]

    @property
    def headers(self) -> HTTPHeaderDict:
        """Response headers; names are case-insensitive."""
        return self[2]


def with_http_info(method: Callable[P, T]) -> Callable[P, ApiResponse[T]]:
    """Return `method` of an API class, made to return status and headers too.

    The typed form of calling `get_image_with_http_info` instead of `get_image`:
    `with_http_info(api.get_image)("465011609").headers`.
    """

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> ApiResponse[T]:
        kwargs.setdefault("_return_http_data_only", False)
        return method(*args, **kwargs)  # type: ignore[return-value]

    return call


with_raw_response = with_http_info
"""The same by the name that other libraries have for it: `with_raw_response(api.get_image)("17").headers`."""
