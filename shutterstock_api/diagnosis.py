"""From an answer that is no success to an error that says what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shutterstock_api import retry
from shutterstock_api.exceptions import ApiException, RateLimitError, class_of, shorten, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from urllib3 import BaseHTTPResponse as Response

    from shutterstock_api.configuration import Configuration
    from shutterstock_api.operation import Operation


def error_of(
    response: Response,
    operation: Operation[Any],
    configuration: Configuration,
    secrets: Iterable[str],
    now: float,
    data: bytes | None = None,
) -> ApiException:
    """Return the error for an answer.

    Args:
        response: The answer, read whole.
        operation: What was called.
        configuration: With which settings.
        secrets: Texts to mask where the answer echoes them.
        now: Seconds since 1970.
        data: Its body, where it was read apart from it.
    """
    error = class_of(response.status)(response.status, response.reason)
    describe(error, response, secrets, data)
    error.hint = _hint(error, operation, configuration)
    if isinstance(error, RateLimitError):
        error.retry_after = retry.named_wait(error.headers, error.content, now)
    return error


def describe(
    error: ApiException, response: Response, secrets: Iterable[str], data: bytes | None = None
) -> None:
    """Put the answer into the error, without any secret that it echoes."""
    secrets = list(secrets)
    error.status = response.status
    error.reason = masked(error.reason or response.reason or "", secrets)
    error.body = masked(to_text(response.data if data is None else data) or "", secrets)
    headers = response.headers.copy()
    for name in response.headers:
        headers[name] = masked(response.headers[name], secrets)
    error.headers = headers


def masked(text: str, secrets: Iterable[str]) -> str:
    """Return the text with `***` in place of each secret, also as JSON or a URL may write it."""
    for secret in secrets:
        for form in {secret, secret.replace("/", r"\/"), quote(secret, safe="")}:
            text = text.replace(form, "***")
    return text


def _hint(error: ApiException, operation: Operation[Any], configuration: Configuration) -> str | None:
    scopes = " and ".join(operation.scopes)
    if error.status == 401 and configuration.authorization(operation.basic) is None:
        if configuration.username:
            return f"Key and secret are not enough here: set access_token to a token with the scope {scopes}."
        return "No credentials were configured: set access_token or SHUTTERSTOCK_API_TOKEN."
    if error.status in (401, 403) and scopes:
        return f"It needs a valid token with the scope {scopes}."
    if error.status == 401:
        return "The service does not accept these credentials, or not any more."
    if error.status == 429:
        return "Wait before the next call, or raise max_retry_wait and retries to let the client wait."
    if error.status and 300 <= error.status < 400 and "Location" in error.headers:
        place = error.headers["Location"].partition("?")[0]
        return (
            f"It redirects to {shorten(place, 200)}. "
            "Only a GET is followed, three times at most, and only on its own host."
        )
    return None
