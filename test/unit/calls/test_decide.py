"""What comes after a failed attempt: one decision, for calls and for downloads."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from shutterstock_api import ApiConnectionError, ApiException, DownloadError, RateLimitError
from shutterstock_api.calls.retry import Decision, RetryPolicy, decide
from shutterstock_api.schema.operation import Sending
from shutterstock_api.support.timing import Timing

NOW = 1_800_000_000.0
TIMING = Timing(monotonic=lambda: 100.0, time=lambda: NOW, chance=lambda: 1.0)
POLICY = RetryPolicy(retries=2, longest_wait=60.0, until=None)


def _broken(sent: bool) -> ApiConnectionError:
    error = ApiConnectionError(reason="broke off")
    error.sent = sent
    return error


def _decided(
    error: ApiException,
    sending: Sending = "read",
    policy: RetryPolicy = POLICY,
    resent: int = 0,
    **more: bool,
) -> Decision:
    return decide(error, sending, policy, TIMING, resent, **more)


@pytest.mark.parametrize(
    ("error", "sending", "action"),
    [
        (_broken(sent=True), "read", "resend"),
        (_broken(sent=True), "write", "raise"),
        (_broken(sent=True), "license", "doubt"),
        (_broken(sent=False), "license", "resend"),
        (ApiException(503), "read", "resend"),
        (ApiException(503), "write", "raise"),
        (ApiException(503), "license", "doubt"),
        (ApiException(429), "license", "resend"),
        (ApiException(404), "read", "raise"),
        (ApiException(404), "license", "raise"),
        (DownloadError(None, "the file is empty"), "read", "raise"),
        (RateLimitError(None, "not sent"), "read", "raise"),
    ],
)
def test_action(error: ApiException, sending: Sending, action: str) -> None:
    assert _decided(error, sending).action == action


def test_renewal_comes_before_the_wait_but_not_before_doubt() -> None:
    assert _decided(ApiException(401), renewable=True) == Decision("renew")
    assert _decided(ApiException(404), renewable=True) == Decision("renew")
    assert _decided(ApiException(503), "license", renewable=True) == Decision("doubt")


def test_wait_doubles_and_the_retries_end() -> None:
    assert [_decided(ApiException(503), resent=resent) for resent in range(3)] == [
        Decision("resend", 0.5),
        Decision("resend", 1.0),
        Decision("raise", 2.0),
    ]


def test_wait_that_the_service_names() -> None:
    error = ApiException(503, headers={"Retry-After": "7"})
    assert _decided(error) == Decision("resend", 7.0)
    assert _decided(error, policy=POLICY._replace(longest_wait=6.9)) == Decision("raise", 7.0)
    assert _decided(error, policy=POLICY._replace(until=107.1)) == Decision("resend", 7.0)
    assert _decided(error, policy=POLICY._replace(until=107.0)) == Decision("raise", 7.0)


def test_backoff_is_no_longer_than_the_longest_wait() -> None:
    assert _decided(ApiException(503), policy=POLICY._replace(longest_wait=0.2)) == Decision("resend", 0.2)


@pytest.mark.parametrize("status", [500, 503, 408, 520])
def test_rate_limit_headers_are_for_a_429_alone(status: int) -> None:
    for reset in ("6", "2700", str(int(NOW + 2700)), str(int((NOW + 2700) * 1000))):
        headers = {"RateLimit-Limit": "1000", "RateLimit-Remaining": "987", "RateLimit-Reset": reset}
        assert _decided(ApiException(status, headers=headers)) == Decision("resend", 0.5)
    body = '{"message": "no", "reset": 2700}'
    assert _decided(ApiException(status, body=body)) == Decision("resend", 0.5)
    assert _decided(ApiException(429, body=body)) == Decision("raise", 2700.0)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "after", ["0", "-7", formatdate(NOW, usegmt=True), formatdate(NOW - 90, usegmt=True)]
)
def test_a_wait_of_zero_or_in_the_past_still_backs_off(status: int, after: str) -> None:
    assert _decided(ApiException(status, headers={"Retry-After": after})) == Decision("resend", 0.5)


def test_a_rate_limit_that_has_reset_still_backs_off() -> None:
    for reset in ("0", str(int(NOW - 5))):
        assert _decided(ApiException(429, headers={"RateLimit-Reset": reset})) == Decision("resend", 0.5)


@pytest.mark.parametrize("ahead", [-86_400, -90, 0, 1, 90, 86_400])
@pytest.mark.parametrize("header", ["Retry-After", "RateLimit-Reset", "RateLimit-Reset in ms", "reset"])
def test_a_reset_time_is_read_by_the_clock_of_the_service(header: str, ahead: int) -> None:
    """The service names a moment 30 seconds from now; its clock is ahead of ours, or behind."""
    theirs = NOW + ahead
    said = {
        "Retry-After": {"Retry-After": formatdate(theirs + 30, usegmt=True)},
        "RateLimit-Reset": {"RateLimit-Reset": str(int(theirs + 30))},
        "RateLimit-Reset in ms": {"RateLimit-Reset": str(int(theirs + 30) * 1000)},
        "reset": {},
    }
    headers = {"Date": formatdate(theirs, usegmt=True), **said[header]}
    error = ApiException(429, headers=headers, body=f'{{"reset": {theirs + 30}}}')
    assert _decided(error).action == "resend"
    assert _decided(error).wait == pytest.approx(30, abs=2)


@pytest.mark.parametrize("date", ["", "soon", "Fri, 99 Foo 2026"])
def test_a_date_that_is_none_is_passed_over(date: str) -> None:
    headers = {"Date": date, "Retry-After": formatdate(NOW + 30, usegmt=True)}
    assert _decided(ApiException(503, headers=headers)) == Decision("resend", 30.0)
