"""Everything that a call can raise. One `except ApiException` catches all of it, but for too many or too
few positional arguments: these are Python's own `TypeError`, as with any function.

    ApiException
    |-- ApiConnectionError           no answer, or only a part of one
    |   `-- ApiTimeoutError          ... in time
    |-- BadRequestError              400
    |-- UnauthorizedError            401
    |-- ForbiddenError               403
    |-- NotFoundError                404
    |-- ConflictError                409
    |-- RateLimitError               429
    |-- ServerError                  5xx
    |-- DecodeError                  an answer that is not what the contract promises
    |-- LicenseOutcomeUnknown        licences may have been bought: look, do not send again
    |-- LicenseRefusedError          some images of a request were not licensed (`raise_for_failures()`)
    |-- PaginationError              `paginate` cannot go on; what it yielded before is good
    |-- LicenseJobError              a `LicenseJob` is not done (`raise_for_failures()`)
    |-- LedgerError                  the ledger of a `LicenseJob` cannot be used, or not for this
    |-- DownloadError                a link gave no file, or not all of it
    |   `-- DestinationError (OSError)   ... or it could not be written: full disk, permission, name
    |-- OAuthError                   no token could be had, kept or renewed (`auth`)
    |-- ApiTypeError (TypeError)     refused before sending: wrong type, missing or misspelt
    `-- ApiValueError (ValueError)   refused before sending: a value that cannot be sent

Other statuses raise `ApiException` itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from shutterstock_api.api_client import ApiClient
    from shutterstock_api.auth import Token
    from shutterstock_api.job_report import LicenseReport
    from shutterstock_api.models import LicenseImageResult, LicenseImageResultDataList
    from shutterstock_api.reconciliation import Reconciliation

__all__ = [
    "ApiConnectionError",
    "ApiException",
    "ApiTimeoutError",
    "ApiTypeError",
    "ApiValueError",
    "BadRequestError",
    "ConflictError",
    "DecodeError",
    "DestinationError",
    "DownloadError",
    "ForbiddenError",
    "LedgerError",
    "LicenseJobError",
    "LicenseOutcomeUnknown",
    "LicenseRefusedError",
    "NotFoundError",
    "OAuthError",
    "PaginationError",
    "RateLimitError",
    "ServerError",
    "UnauthorizedError",
]

SHOWN = 500
"""Characters of a body that a message shows at most."""
ERRORS_SHOWN = 10
"""Parts of `errors` that a message shows at most."""


class ApiException(Exception):
    """A call did not end well.

    Attributes:
        status: HTTP status; `None` where no answer came.
        reason: The reason phrase of the status line, or what went wrong in a few words.
        body: The whole answer as text; `None` where none came. Secrets that it echoes are masked.
        headers: Response headers, case-insensitive.
        method: HTTP verb of the request.
        path: Path of the request, without its query.
        attempts: How often it was tried.
        hint: What to do about it.
    """

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
        if http_resp is not None:  # as the 2019 client built it
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
    def message(self) -> str | None:
        """What the service says went wrong."""
        content = self.content
        message = content.get("message") or content.get("error_description") or content.get("error")
        return message if isinstance(message, str) else None

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What the service says is wrong with each part of the request: code, message, path, data."""
        errors = self.content.get("errors")
        return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []

    @property
    def request_id(self) -> str | None:
        """What the service calls this request, where a header says so."""
        return request_id(self.headers)

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object that came as body; empty where none came."""
        try:
            content = json.loads(self.body or "")
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
            lines.append(f"  Body: {shorten(self.body)}")
        if self.request_id:
            lines.append(f"  Request id: {self.request_id}")
        if self.attempts > 1:
            lines.append(f"  Tried {self.attempts} times.")
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)

    def _headline(self) -> str:
        outcome = " ".join(str(part) for part in (self.status, self.reason) if part) or "failed"
        request = f"{self.method} {self.path}: " if self.method else ""
        message = f": {shorten(self.message)}" if self.message else ""
        return f"{request}{outcome}{message}"


class ApiConnectionError(ApiException):
    """No connection, or it broke before the whole answer was here.

    Attributes:
        sent: Whether any byte of the request may have reached the service.
    """

    sent = True


class ApiTimeoutError(ApiConnectionError):
    """No connection, or no whole answer, in time."""


class BadRequestError(ApiException):
    """400: the service refused what was asked; `errors` says which part."""


class UnauthorizedError(ApiException):
    """401: no credentials, or not valid (any more)."""


class ForbiddenError(ApiException):
    """403: these credentials may not do this."""


class NotFoundError(ApiException):
    """404: no such thing, or no such endpoint."""


class ConflictError(ApiException):
    """409: the state of the thing does not allow it."""


class RateLimitError(ApiException):
    """429: too many requests. `status` is `None` where a pause was still on and nothing was sent.

    Attributes:
        retry_after: Seconds to wait, as the service says; `None` where it does not.
        reset_at: When that is over, in UTC; `None` where the service does not say.
        limit: Requests that it takes in a period; `None` where it does not say.
        remaining: How many of them are left; `None` where it does not say.
    """

    retry_after: float | None = None
    reset_at: datetime | None = None
    limit: int | None = None
    remaining: int | None = None


class ServerError(ApiException):
    """5xx: the service failed."""


class DecodeError(ApiException):
    """The service said yes, but its answer cannot be read as what the contract promises."""


class LicenseOutcomeUnknown(ApiException):
    """A licence request left, and no answer tells what came of it. Sending it again may pay twice.

    `reconcile()` looks it up in the licence history; it only reads.

    Attributes:
        image_ids: The images of the request, in its order.
        sent_at: When the call began, in UTC; the request left then or later.
        doubtful_since: When it turned out that nobody can tell, in UTC.
        metadata: What each image's request carried as `metadata`, in the order of `image_ids`.
        results: What the answer said, where it left out some of the images.
        marker: The key of `metadata` whose text no other request carries; `None` where there is none.
    """

    image_ids: Sequence[str] = ()
    metadata: Sequence[Mapping[str, Any] | None] = ()
    sent_at: datetime | None = None
    doubtful_since: datetime | None = None
    results: LicenseImageResultDataList | None = None
    marker: str | None = None
    api_client: ApiClient | None = None

    def reconcile(self, api_client: ApiClient | None = None) -> Reconciliation:
        """Look in the licence history which images of the request were licensed.

        Needs the scope licenses.view. How soon a licence shows there is not documented: look again
        while some are `unknown`.

        Args:
            api_client: Who asks; by default the client whose request it was. An error that was
                pickled has none.
        """
        from shutterstock_api.reconciliation import reconcile

        return reconcile(self, api_client)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "api_client"}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), self.__getstate__()


class LicenseRefusedError(ApiException):
    """Images of a licence request were refused; the others are licensed. Raised by `raise_for_failures()`.

    Attributes:
        licensed: Results of the images that are licensed all the same.
        failed: Results of the refused images; `error` of each says why.
        unclear: Entries that say neither.
    """

    licensed: Sequence[LicenseImageResult] = ()
    failed: Sequence[LicenseImageResult] = ()
    unclear: Sequence[Any] = ()


class PaginationError(ApiException):
    """`paginate` cannot go on: a deep page was refused, or the service repeats itself.

    The items before it are good. Where a page was refused, `__cause__` is the refusal.

    Attributes:
        page: Number of the page that could not be had.
        items: How many items came before it.
    """

    page: int | None = None
    items: int = 0


class LicenseJobError(ApiException):
    """A `LicenseJob` is not done: images were refused, are in doubt or not bought yet, or have no file.

    Attributes:
        report: What has become of it.
    """

    report: LicenseReport | None = None


class LedgerError(ApiException):
    """The ledger of a `LicenseJob` cannot be used: another run has it, the disk is full, it is no ledger.

    Nothing is bought that is not written there first.
    """


class DownloadError(ApiException):
    """A file could not be downloaded. The link is in none of the attributes: it is a secret.

    Attributes:
        image_id: The image, where the source says which.
        license_id: Its licence, where the source says which.
    """

    image_id: str | None = None
    license_id: str | None = None


class DestinationError(DownloadError, OSError):
    """The file could not be written: a full disk, a missing permission, an unusable name.

    `errno`, `strerror` and `filename` are those of the system's error.
    """

    @classmethod
    def of(cls, error: OSError) -> DestinationError:
        """Return the error for what the system says."""
        made = cls(reason=str(error))
        made.errno, made.strerror, made.filename = error.errno, error.strerror, error.filename
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        system = {"errno": self.errno, "strerror": self.strerror, "filename": self.filename}
        return type(self), (), {**vars(self), **system}


class OAuthError(ApiException):
    """No token could be had, kept or renewed.

    Attributes:
        token: The token of a `login()` that could not be stored. Pickles do not have it.
    """

    token: Token | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "token"}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), self.__getstate__()


class _Refused(ApiException):
    """Refused before anything was sent."""

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
    409: ConflictError,
    429: RateLimitError,
}


def class_of(status: int) -> type[ApiException]:
    """Return the class of error for an HTTP status."""
    return _BY_STATUS.get(status) or (ServerError if status >= 500 else ApiException)


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return what the service calls a request, where a header of its answer says so."""
    return next((value for name, value in headers.items() if "request-id" in name.lower()), None)


def to_text(body: bytes | str | None) -> str | None:
    """Return a body as text, whatever its bytes."""
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


def shorten(text: str, length: int = SHOWN) -> str:
    """Return one line of at most `length` characters."""
    line = " ".join(text[: 2 * length].split())
    return (
        line
        if len(text) <= length and len(line) <= length
        else f"{line[:length]}... ({len(text)} characters)"
    )


def first_line(error: ApiException) -> str:
    """Return the first line of what an error says."""
    return str(error).partition("\n")[0]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'query'?` for a name that is nearly one of the known ones, else nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
