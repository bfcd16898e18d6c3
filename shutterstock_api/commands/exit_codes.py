"""The exit status for each class of error."""

from __future__ import annotations

from collections.abc import Mapping

from shutterstock_api import exceptions
from shutterstock_api.support.errors import ApiException

NOT_DONE = 1
"""Something was refused or is missing, or the answer to a question was no."""
UNKNOWN = 9
INTERRUPTED = 130
"""Ctrl-C, as in shells."""

_CODES: Mapping[int, tuple[type[ApiException], ...]] = {
    2: (exceptions.ApiTypeError, exceptions.ApiValueError),
    3: (exceptions.ApiConnectionError,),
    4: (exceptions.UnauthorizedError, exceptions.ForbiddenError, exceptions.OAuthError),
    5: (exceptions.NotFoundError,),
    6: (exceptions.BadRequestError, exceptions.ConflictError),
    7: (exceptions.RateLimitError,),
    8: (exceptions.ServerError, exceptions.DecodeError),
    UNKNOWN: (exceptions.LicenseOutcomeUnknown,),
    10: (exceptions.LedgerError, exceptions.DestinationError),
}

MEANINGS: Mapping[int, str] = {
    0: "success",
    NOT_DONE: "an item was refused or has no file, you answered no to a question, or another error occurred",
    2: "wrong arguments; nothing was sent",
    3: "no connection, or no answer before the timeout",
    4: "the credentials are missing or not valid, or do not allow this",
    5: "not found",
    6: "the service refused the request",
    7: "too many requests",
    8: "the service failed, or its answer cannot be read",
    UNKNOWN: "a licence may have been bought: look it up before you try again",
    10: "a file or a ledger cannot be read or written",
    INTERRUPTED: "interrupted with Ctrl-C",
}
"""What each exit status means."""


def exit_code(error: BaseException) -> int:
    """Return the exit status for an error."""
    fitting = (code for code, kinds in _CODES.items() if isinstance(error, kinds))
    return next(fitting, NOT_DONE)
