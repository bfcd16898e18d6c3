"""What comes after a failed attempt: one decision, for calls and for downloads."""

from __future__ import annotations

import pytest

from shutterstock_api import ApiConnectionError, ApiException, DownloadError, RateLimitError
from shutterstock_api.calls.retry import Decision, RetryPolicy, decide
from shutterstock_api.schema.operation import Sending
from shutterstock_api.support.timing import Timing

TIMING = Timing(monotonic=lambda: 100.0, time=lambda: 1_800_000_000.0, chance=lambda: 1.0)
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
