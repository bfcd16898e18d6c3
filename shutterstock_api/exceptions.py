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

from typing import TYPE_CHECKING, Any

from shutterstock_api.support.errors import (
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    BadRequestError,
    ConflictError,
    DecodeError,
    ForbiddenError,
    NotFoundError,
    RateLimitError,
    ServerError,
    UnauthorizedError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shutterstock_api.api_client import ApiClient
    from shutterstock_api.credentials.token import Token
    from shutterstock_api.jobs.report import LicenseReport
    from shutterstock_api.licensing.reconciliation import Reconciliation
    from shutterstock_api.models import LicenseImageResult, LicenseImageResultDataList


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
        from shutterstock_api.licensing.reconciliation import reconcile

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
