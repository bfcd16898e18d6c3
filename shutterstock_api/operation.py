"""What an endpoint is, as data: the table under each generated API class is made of these."""

from __future__ import annotations

import threading
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict, TypeVar

from shutterstock_api.headers import checked_headers
from shutterstock_api.support.masking import MASK
from shutterstock_api.support.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import ParamSpec

    from urllib3 import HTTPHeaderDict

    P = ParamSpec("P")

T = TypeVar("T")

Sending = Literal["read", "write", "license"]
"""May it be sent again? A read always; a write while nothing left; a licence never in doubt."""


class Operation(Generic[T]):
    """One endpoint: verb, path, the types of its arguments, what it returns, who may call it.

    Args:
        name: Name of the method, and `operationId` of the contract.
        method: HTTP verb.
        template: Path with `{names}` for path arguments.
        path: Path arguments and their types.
        query: Query arguments and their types: `str`, `int`, `float`, `bool`, `date`, `datetime`, or a
            list of these.
        required: Query arguments that must be given.
        body: Type of the body, such as `"LicenseImageRequest"` or `"list[SearchImage]"`.
        returns: Type of the answer; `None` where there is none.
        form: Whether the body goes out as a form instead of JSON.
        location: Whether the answer is a redirect, and where it leads is returned.
        public: Whether no credentials are sent.
        basic: Whether key and secret (HTTP Basic) are enough.
        scopes: What a token must be allowed to do.
        sending: `license` for what costs money; by default the verb decides.
        empty: Whether an empty answer is accepted and becomes `None`.
        pages: Results that one page holds at most; `None` where the answer does not come in pages.
    """

    __slots__ = (
        "basic",
        "body",
        "empty",
        "form",
        "location",
        "method",
        "name",
        "names",
        "pages",
        "path",
        "plan",
        "public",
        "query",
        "required",
        "returns",
        "scopes",
        "sending",
        "template",
    )

    def __init__(
        self,
        name: str,
        method: str,
        template: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        required: tuple[str, ...] = (),
        body: str | None = None,
        returns: str | None = None,
        form: bool = False,
        location: bool = False,
        public: bool = False,
        basic: bool = False,
        scopes: tuple[str, ...] = (),
        sending: Sending | None = None,
        empty: bool = False,
        pages: int | None = None,
    ) -> None:
        self.name: str = name
        self.method: str = method
        self.template: str = template
        self.path: Mapping[str, Any] = path or {}
        self.query: Mapping[str, Any] = query or {}
        self.required: tuple[str, ...] = required
        self.body: str | None = body
        self.returns: str | None = returns
        self.form: bool = form
        self.location: bool = location
        self.public: bool = public
        self.basic: bool = basic
        self.scopes: tuple[str, ...] = scopes
        self.sending: Sending = sending or ("read" if method in ("GET", "HEAD") else "write")
        self.empty: bool = empty
        self.pages: int | None = pages
        self.names: tuple[str, ...] = (*self.path, *self.query, *(("body",) if body else ()))
        """Names of the arguments: a call gives their values in this order."""
        self.plan: Any = None
        """How to serialize the arguments; `encoding` fills it in at the first call."""

    @property
    def label(self) -> str:
        """Its name, and `request` for all that `ApiClient.request` makes up: no new label for each path."""
        return "request" if " " in self.name else self.name

    def __repr__(self) -> str:
        return f"<Operation {self.name}: {self.method} {self.template}>"


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own arguments."""

    _request_timeout: float | tuple[float, float] | None
    """Seconds. A number bounds the whole attempt; `(connect, read)` bounds connecting and each read."""
    _preload_content: bool
    """`False`: the raw urllib3 response, unread. Read it, then call its `release_conn()`."""
    _return_http_data_only: bool
    """`False`: an `ApiResponse` of data, status and headers (see also `with_http_info`)."""
    async_req: bool
    """`True`: call in a background thread; `.get()` waits for the result or raises the error."""
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


def _timeout(value: Any) -> float | tuple[float, float]:
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if len(parts) not in (1, 2) or not all(_is_number(part) for part in parts):
        raise TypeError(f"expected seconds or (connect, read) in seconds, got {value!r}")
    if not all(0 < part <= threading.TIMEOUT_MAX for part in parts):
        most = f"{threading.TIMEOUT_MAX:.0f}"
        raise ValueError(f"expected seconds above 0 and at most {most}, got {value!r}")
    return (parts[0], parts[1]) if len(parts) == 2 else parts[0]


def _seconds(value: Any) -> float:
    if not _is_number(value):
        raise TypeError(f"expected seconds, got {value!r}")
    if not value >= 0:
        raise ValueError(f"expected seconds from 0, got {value!r}")
    return float(value)


def _count(value: Any, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected int, got {value!r}")
    if value < least:
        raise ValueError(f"expected a number from {least}, got {value!r}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected True or False, got {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {value!r}")
    return value


def _hook(value: Any) -> Any:
    if value is not None and not callable(value):
        raise TypeError(f"expected a function, got {value!r}")
    return value


def _host(value: Any) -> str:
    if isinstance(value, str) and "@" in value:
        raise ValueError("give it without user and password: these are username= and password=")
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {type(value).__name__}")
    return str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


SETTING_CHECKS: dict[str, Callable[[Any], Any]] = {
    "host": _host,
    "timeout": lambda value: None if value is None else _timeout(value),
    "license_timeout": lambda value: None if value is None else _timeout(value),
    "retries": _count,
    "max_retry_wait": _seconds,
    "deadline": lambda value: None if value is None else _seconds(value),
    "connection_pool_maxsize": lambda value: _count(value, least=1),
    "max_response_size": lambda value: _count(value, least=1),
    "license_marker": lambda value: None if value is None else _text(value),
    "verify_ssl": _flag,
    "allow_insecure_host": _flag,
    "debug": _flag,
    **dict.fromkeys(("on_request", "on_response", "on_retry"), _hook),
    "safe_chars_for_path_param": _text,
}
"""How `Configuration` checks its settings."""

_OF_PAGINATE = frozenset({"limit", "prefetch"})

_OPTION_CHECKS: dict[str, Callable[[Any], Any]] = {
    "_request_timeout": _timeout,
    "_preload_content": _flag,
    "_return_http_data_only": _flag,
    "async_req": _flag,
    "_headers": checked_headers,
    "_retries": _count,
    "_max_retry_wait": _seconds,
    "_deadline": _seconds,
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
