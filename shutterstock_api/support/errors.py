"""The errors that any call can raise. `shutterstock_api.exceptions` draws the whole tree."""

# No `from __future__ import annotations`: errors claim to be from `exceptions`, where the names in their
# annotations could not be found.

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ForwardRef

from shutterstock_api.support.cleaning import ServerText, cleaned, cleaned_value
from shutterstock_api.support.nesting import flattened
from shutterstock_api.support.text import shorten, to_text

LONGEST_BODY = 10_000
"""How many characters of a body are used for a message."""
ERRORS_SHOWN = 10
"""The most entries of `errors` in a message."""


class ApiException(Exception):
    """A call failed.

    Attributes:
        status: HTTP status; `None` if there was no answer.
        reason: The reason phrase of the status line, or what went wrong in a few words.
        headers: Response headers, case-insensitive.
        method: HTTP verb of the request.
        path: Path of the request, without its query.
        attempts: How many times it was tried.
        hint: What to do about it.
    """

    def __init_subclass__(cls) -> None:
        if cls.__module__.startswith("shutterstock_api."):  # tracebacks and pickles name this module
            for name, kind in cls.__annotations__.items():  # ... and types are found where they are defined
                if isinstance(kind, str):
                    cls.__annotations__[name] = ForwardRef(kind, module=cls.__module__, is_class=True)
            cls.__module__ = "shutterstock_api.exceptions"

    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        http_resp: Any = None,
        *,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        method: str | None = None,
        path: str | None = None,
        hint: str | None = None,
    ) -> None:
        if http_resp is not None:  # as in the 2019 client
            status, reason, headers = http_resp.status, http_resp.reason, http_resp.headers
            body = to_text(http_resp.data)
        super().__init__()
        self.status = status
        self.reason = reason
        self.body = body
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.method = method
        self.path = path
        self.attempts = 1
        self.hint = hint

    @property
    def body(self) -> str | None:
        """The whole answer as text, unchanged; `None` if there was none. Its repr and pickle hide secrets."""
        return self._body

    @body.setter
    def body(self, body: str | None) -> None:
        self._body = None if body is None else ServerText(body)

    @property
    def message(self) -> str | None:
        """What went wrong, in the words of the service."""
        content = self.content
        message = content.get("message") or content.get("error_description") or content.get("error")
        return message if isinstance(message, str) else None

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What the service found wrong with each part of the request: code, message, path, data."""
        errors = self.content.get("errors")
        return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []

    @property
    def request_id(self) -> str | None:
        """The service's id of this request, if a header of the answer has one."""
        return request_id(self.headers)

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object in the body, without links and tokens; empty if there was none."""
        try:
            content = cleaned_value(json.loads(flattened(self.body or "")))
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}

    def __str__(self) -> str:
        lines = [self._headline()]
        errors = self.errors
        for error in errors[:ERRORS_SHOWN]:
            where = f" at {shorten(str(error['path']))}" if error.get("path") else ""
            lines.append(f"  - {shorten(str(error.get('message') or error.get('code')))}{where}")
        if len(errors) > ERRORS_SHOWN:
            lines.append(f"  - and {len(errors) - ERRORS_SHOWN} more, see errors")
        if self.body and not self.message and not errors:
            lines.append(f"  Body: {shorten(cleaned(self.body[:LONGEST_BODY]))}")
        if self.request_id:
            lines.append(f"  Request id: {self.request_id}")
        if self.attempts > 1:
            lines.append(f"  Tried {self.attempts} times.")
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def _headline(self) -> str:
        outcome = " ".join(str(part) for part in (self.status, self.reason) if part) or "failed"
        request = f"{self.method} {self.path}: " if self.method else ""
        message = f": {shorten(self.message)}" if self.message else ""
        return f"{request}{outcome}{message}"


ApiException.__module__ = "shutterstock_api.exceptions"


class ApiConnectionError(ApiException):
    """The connection failed, or broke before the whole answer arrived.

    Attributes:
        sent: Whether any byte of the request may have reached the service.
    """

    sent = True


class ApiTimeoutError(ApiConnectionError):
    """No connection, or no complete answer, before the timeout."""


class BadRequestError(ApiException):
    """400, 406, 413 or 415: the service refused the request; `errors` says which part of it."""


class UnauthorizedError(ApiException):
    """401: credentials are missing, wrong or no longer valid."""


class ForbiddenError(ApiException):
    """403: these credentials do not allow this."""


class NotFoundError(ApiException):
    """404: the requested item does not exist, or there is no such endpoint."""


class ConflictError(ApiException):
    """409: the request conflicts with the current state of its object."""


class RateLimitError(ApiException):
    """429: too many requests. `status` is `None` if an earlier 429 was still in force and nothing was sent.

    Attributes:
        retry_after: Seconds to wait, according to the service; `None` if it does not say.
        reset_at: When the wait is over, in UTC; `None` if the service does not say.
        limit: Requests that the service allows in a period; `None` if it does not say.
        remaining: How many of them are left; `None` if it does not say.
    """

    retry_after: float | None = None
    reset_at: datetime | None = None
    limit: int | None = None
    remaining: int | None = None


class ServerError(ApiException):
    """5xx: the service failed."""


class DecodeError(ApiException):
    """The call succeeded, but the answer does not match the contract and cannot be read."""


class _Refused(ApiException):
    """The call was refused before anything was sent."""

    def __init__(self, message: str = "") -> None:
        super().__init__(reason=message)


class ApiTypeError(_Refused, TypeError):
    """An argument has the wrong type, is missing or does not exist. Nothing was sent."""


class ApiValueError(_Refused, ValueError):
    """A value cannot be sent as it is. Nothing was sent."""


_BY_STATUS: dict[int, type[ApiException]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    406: BadRequestError,
    409: ConflictError,
    413: BadRequestError,
    415: BadRequestError,
    429: RateLimitError,
}


def class_of(status: int) -> type[ApiException]:
    """Return the class of error for an HTTP status."""
    return _BY_STATUS.get(status) or (ServerError if status >= 500 else ApiException)


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return the service's id of a request, if a header of the answer has one."""
    return next((value for name, value in headers.items() if "request-id" in name.lower()), None)


def first_line(error: ApiException) -> str:
    """Return the first line of an error's text."""
    return str(error).partition("\n")[0]


@contextmanager
def needed_for(feature: str, error: type[ApiException] = ApiException) -> Iterator[None]:
    """Import libraries in this block; if one is missing, the error says how to install it.

    Args:
        feature: The feature that needs it.
        error: The class of the error.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        raise error(
            reason=f"{feature} needs {library}, which is not installed", hint=f"pip install {library}"
        ) from None
