"""The options that every method takes besides its own arguments, and the results that they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypedDict, TypeVar

from shutterstock_api.schema.checks import count_value, seconds_value, timeout_value
from shutterstock_api.schema.headers import checked_headers
from shutterstock_api.schema.values import ArgumentProblems, boolean_value
from shutterstock_api.support.masking import MASK
from shutterstock_api.support.text import did_you_mean

if TYPE_CHECKING:
    from shutterstock_api.transport.service import HTTPHeaderDict
else:
    HTTPHeaderDict = Mapping[str, str]  # urllib3's class, which is loaded with the first call

P = ParamSpec("P")


T = TypeVar("T")


class CallOptions(TypedDict, total=False):
    """The options that every method takes besides its own arguments."""

    _request_timeout: float | tuple[float, float] | None
    """Seconds. A number limits the whole attempt; `(connect, read)` limits connecting and each read."""
    _preload_content: bool
    """`False`: return the raw urllib3 response, unread. Read it, then call its `release_conn()`. Type
    checkers do not know about the changed return type: use `cast("urllib3.BaseHTTPResponse", ...)`."""
    _return_http_data_only: bool
    """`False`: return an `ApiResponse` of data, status and headers. `with_raw_response` is the typed form."""
    async_req: bool
    """`True`: call in a thread, and return a `BackgroundCall` at once. `in_background` is the typed form."""
    _headers: Mapping[str, str]
    """Headers to add to this request."""
    _retries: int
    """How many times the request may be sent again, instead of `Configuration.retries`."""
    _max_retry_wait: float
    """Longest wait before sending again, in seconds, instead of `Configuration.max_retry_wait`."""
    _deadline: float | None
    """Seconds for all attempts and waits together, instead of `Configuration.deadline`."""


class PageOptions(CallOptions, total=False):
    """The options that `paginate` takes besides the arguments of its method.

    Methods with pages declare them so that type checkers accept them. A method that is called directly,
    without `paginate`, refuses them.
    """

    limit: int | None
    """Most items to yield; by default all of them."""
    prefetch: int
    """`1`: fetch the next page in a thread while the program works on this one."""


def checked_options(
    options: Mapping[str, Any], arguments: Iterable[str], elsewhere: Callable[[str], str] = lambda _: ""
) -> tuple[dict[str, Any], ArgumentProblems]:
    """Return the options of a call without those that are `None`, and what is wrong with the others.

    Args:
        options: What the caller passed in addition to the arguments of the method.
        arguments: The names of the arguments, to suggest one for a misspelt name.
        elsewhere: Returns where any other name belongs; an empty text if it does not know.
    """
    good: dict[str, Any] = {}
    problems = ArgumentProblems()
    for name, value in options.items():
        check = _OPTION_CHECKS.get(name)
        if name in _OF_PAGINATE:
            problems.append((name, TypeError("not an argument of the method itself; pass it to paginate()")))
        elif check is None:
            hint = elsewhere(name) or did_you_mean(name, (*arguments, *_OPTION_CHECKS))
            problems.append((name, TypeError(f"no such argument{hint}")))
        elif value is not None:
            try:
                good[name] = check(value)
            except (TypeError, ValueError) as problem:
                problems.append((name, problem))
    if "_headers" in options and isinstance(options, dict):
        options["_headers"] = good.get("_headers", MASK)  # so that no frame of a traceback shows them
    return good, problems


def refused_options(options: Mapping[str, Any]) -> Iterator[tuple[str, Exception]]:
    """Yield the options with which a method returns something other than its answer."""
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
    """An answer with its HTTP details: the tuple `(data, status, headers)`."""

    __slots__ = ()

    @property
    def data(self) -> T:
        """What the method normally returns."""
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
    """Return a version of an API method that also returns status and headers.

    This is the typed form of calling `get_image_with_http_info` instead of `get_image`:
    `with_http_info(api.get_image)("465011609").headers`.
    """

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> ApiResponse[T]:
        kwargs.setdefault("_return_http_data_only", False)
        return method(*args, **kwargs)  # type: ignore[return-value]

    return call


with_raw_response = with_http_info
"""The same, under the name that other libraries use: `with_raw_response(api.get_image)("17").headers`."""
