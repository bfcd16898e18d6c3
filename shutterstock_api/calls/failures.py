"""Turns an unsuccessful answer into an error that says what to do about it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from shutterstock_api.calls import retry
from shutterstock_api.calls.throttle import rate_limit
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.connection import host_problem
from shutterstock_api.support.errors import ApiException, RateLimitError, class_of
from shutterstock_api.support.masking import MASK, masked, without_links
from shutterstock_api.support.text import shorten, subscription_advice, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shutterstock_api.configuration import Configuration
    from shutterstock_api.schema.operation import Operation
    from shutterstock_api.transport.service import HttpAnswer


def error_of(
    answer: HttpAnswer,
    operation: Operation[Any],
    configuration: Configuration,
    secrets: Iterable[str],
    now: float,
) -> ApiException:
    """Return the error for an answer.

    Args:
        answer: The answer, with its body.
        operation: The operation.
        configuration: The settings.
        secrets: Texts to mask if the answer repeats them.
        now: Seconds since 1970.
    """
    error = class_of(answer.status)(answer.status, answer.reason)
    describe(error, answer, secrets)
    error.hint = _hint(error, operation, configuration)
    if isinstance(error, RateLimitError):
        error.retry_after = retry.named_wait(error.headers, error.content, now)
        error.limit, error.remaining, error.reset_at = rate_limit(error.headers, error.content, now)
    return error


def limit_hint(error: RateLimitError, wait: float, policy: retry.RetryPolicy, now: float) -> str:
    """Return how long and until when to wait, and what would let the client wait by itself.

    Args:
        error: The error that the call ends with.
        wait: The remaining seconds to wait.
        policy: How often and how long the call may try.
        now: The monotonic clock.
    """
    until = f", until {error.reset_at:%Y-%m-%d %H:%M:%S} UTC" if error.reset_at else ""
    asked = (
        f"Wait {ceil(wait)} s{until}." if error.retry_after else "The service does not say how long to wait."
    )
    if wait > policy.longest_wait:
        most = f"max_retry_wait ({policy.longest_wait:.0f} s)"
        why = f"That is more than {most}: raise it to let the client wait."
    elif policy.ends_within(wait, now):
        why = "The deadline of this call ends before that: raise deadline to let the client wait."
    elif policy.retries:
        why = (
            f"It was sent again as often as retries allows ({policy.retries}): raise it, or call less often."
        )
    else:
        why = "With retries=0 the client never waits: raise it to let the client wait."
    return f"{asked} {why}"


def describe(error: ApiException, answer: HttpAnswer, secrets: Iterable[str]) -> None:
    """Put the answer into the error, without secrets that it repeats and without links that grant access."""
    secrets = list(secrets)
    error.status = answer.status
    error.reason = cleaned(masked(error.reason or answer.reason or "", secrets))
    body = masked(to_text(answer.data) or "", secrets)
    error.body = cleaned(without_links(body)) if answer.status < 300 else body  # of a success any link is one
    headers = answer.headers.copy()
    for name in answer.headers:
        headers[name] = MASK if name.lower() in _SESSION else cleaned(masked(answer.headers[name], secrets))
    if "Location" in headers:
        headers["Location"] = without_links(headers["Location"].partition("?")[0])
    error.headers = headers


_SESSION = frozenset({"set-cookie", "set-cookie2", "authorization", "proxy-authorization"})
"""Response headers whose whole value is secret."""


def form_secrets(body: bytes | None) -> set[str]:
    """Return the secrets in a form that asks for a token."""
    fields = parse_qsl((body or b"").decode())
    return {value for name, value in fields if name in ("client_secret", "code", "refresh_token")}


def _advice_on_words(error: ApiException, operation: Operation[Any]) -> str | None:
    """Return what to do, if the words of the service show which mistake it was."""
    said = " ".join(str(words) for one in (error.content, *error.errors) if (words := one.get("message")))
    if error.status == 403 and "access to this route" in said:
        return (
            "The plan of the application counts as well as the subscription of the account: a free plan "
            "cannot license, and editorial content needs a plan of its own."
        )
    return subscription_advice(said) if operation.sending == "license" and error.status != 401 else None


def _hint(error: ApiException, operation: Operation[Any], configuration: Configuration) -> str | None:
    if advice := _advice_on_words(error, operation):
        return advice
    names = " and ".join(operation.scopes)
    token = f"token with the scope{'s' * (len(operation.scopes) > 1)} {names}" if names else "token"
    if error.status == 401 and operation.anonymous:
        return "Are client_id and client_secret those of your application?"
    if error.status == 401 and not configuration.can_authorize(operation.basic):
        if configuration.get_basic_auth_token():
            return f"Key and secret are not enough here: set access_token to a {token}."
        if configuration.username or configuration.password:
            return "Only one of username and password is set; HTTP Basic needs both."
        return "No credentials were configured: set access_token or SHUTTERSTOCK_API_TOKEN."
    if error.status in (401, 403) and operation.scopes:
        return f"It needs a valid {token}."
    if error.status == 401:
        return "The service does not accept these credentials, or no longer accepts them."
    if error.status == 404:
        return host_problem(configuration.host)
    if error.status and 300 <= error.status < 400 and "Location" in error.headers:
        return (
            f"It redirects to {shorten(error.headers['Location'], 200)}. "
            "Only a GET is followed, three times at most, and only on its own host."
        )
    return None
