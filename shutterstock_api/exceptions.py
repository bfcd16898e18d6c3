"""All errors that a call can raise. `except ApiException` catches every one of them.

    ApiException
    |-- ApiConnectionError           no answer, or only a part of one
    |   `-- ApiTimeoutError          ... before the timeout
    |-- BadRequestError              400, 406, 413, 415
    |-- UnauthorizedError            401
    |-- ForbiddenError               403
    |-- NotFoundError                404
    |-- ConflictError                409
    |-- RateLimitError               429
    |-- ServerError                  5xx
    |-- DecodeError                  an answer that does not match the contract
    |-- LicenseOutcomeUnknown        licences may have been bought: look them up, do not send again
    |-- LicenseRefusedError          some images of a request were not licensed (`raise_for_failures()`)
    |-- PaginationError              `paginate` cannot go on; the items that it yielded before are valid
    |-- LicenseJobError              a `LicenseJob` is not done (`raise_for_failures()`)
    |-- LedgerError                  the ledger of a `LicenseJob` cannot be used, or not for this purpose
    |-- DownloadError                a link gave no file, or not all of it
    |   `-- DestinationError (OSError)   ... or it could not be written: full disk, permission, name
    |-- OAuthError                   a token could not be obtained, saved or renewed (`auth`)
    |-- ApiTypeError (TypeError)     not sent: an argument has the wrong type, is missing or misspelt
    `-- ApiValueError (ValueError)   not sent: an argument has a value that cannot be sent

Other statuses raise `ApiException` itself.
"""

from shutterstock_api.support.lazy import lazy_names

TYPE_CHECKING = False  # type checkers know the name
if TYPE_CHECKING:
    from shutterstock_api.credentials.token import OAuthError as OAuthError
    from shutterstock_api.downloads.errors import (
        DestinationError as DestinationError,
        DownloadError as DownloadError,
    )
    from shutterstock_api.jobs.ledger_file import LedgerError as LedgerError
    from shutterstock_api.jobs.report import LicenseJobError as LicenseJobError
    from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown as LicenseOutcomeUnknown
    from shutterstock_api.modelkit.license_outcomes import LicenseRefusedError as LicenseRefusedError
    from shutterstock_api.paging.pages import PaginationError as PaginationError
    from shutterstock_api.support.errors import (
        ApiConnectionError as ApiConnectionError,
        ApiException as ApiException,
        ApiTimeoutError as ApiTimeoutError,
        ApiTypeError as ApiTypeError,
        ApiValueError as ApiValueError,
        BadRequestError as BadRequestError,
        ConflictError as ConflictError,
        DecodeError as DecodeError,
        ForbiddenError as ForbiddenError,
        NotFoundError as NotFoundError,
        RateLimitError as RateLimitError,
        ServerError as ServerError,
        UnauthorizedError as UnauthorizedError,
    )
else:
    _HOMES = {
        "OAuthError": "credentials.token",
        "DestinationError": "downloads.errors",
        "DownloadError": "downloads.errors",
        "LedgerError": "jobs.ledger_file",
        "LicenseJobError": "jobs.report",
        "LicenseOutcomeUnknown": "licensing.outcome_unknown",
        "LicenseRefusedError": "modelkit.license_outcomes",
        "PaginationError": "paging.pages",
        **dict.fromkeys(
            (
                "ApiConnectionError",
                "ApiException",
                "ApiTimeoutError",
                "ApiTypeError",
                "ApiValueError",
                "BadRequestError",
                "ConflictError",
                "DecodeError",
                "ForbiddenError",
                "NotFoundError",
                "RateLimitError",
                "ServerError",
                "UnauthorizedError",
            ),
            "support.errors",
        ),
    }
    __getattr__, __dir__ = lazy_names(__name__, _HOMES, "shutterstock_api")
    __all__ = list(_HOMES)
