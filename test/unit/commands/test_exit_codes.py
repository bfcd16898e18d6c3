"""The exit status for each class of error."""

from __future__ import annotations

import pytest

from shutterstock_api import exceptions
from shutterstock_api.commands.exit_codes import MEANINGS, exit_code

EXPECTED = {
    "ApiConnectionError": 3,
    "ApiException": 1,
    "ApiTimeoutError": 3,
    "ApiTypeError": 2,
    "ApiValueError": 2,
    "BadRequestError": 6,
    "ConflictError": 6,
    "DecodeError": 8,
    "DestinationError": 10,
    "DownloadError": 1,
    "ForbiddenError": 4,
    "LedgerError": 10,
    "LicenseJobError": 1,
    "LicenseOutcomeUnknown": 9,
    "LicenseRefusedError": 1,
    "NotFoundError": 5,
    "OAuthError": 4,
    "PaginationError": 1,
    "RateLimitError": 7,
    "ServerError": 8,
    "UnauthorizedError": 4,
}


@pytest.mark.parametrize("name", exceptions.__all__)
def test_each_class_of_error_has_a_status(name: str) -> None:
    kind = getattr(exceptions, name)
    error = kind.__new__(kind)
    assert exit_code(error) == EXPECTED[name]
    assert EXPECTED[name] in MEANINGS
