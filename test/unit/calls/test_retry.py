"""May it be sent again, and when: the pure functions by tables, and the loop by what is on the wire."""

from __future__ import annotations

import logging
import math
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given, strategies as st
from scripted_server import HANG_UP, Answer, Clock, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    Configuration,
    ImagesApi,
    LicenseOutcomeUnknown,
    RateLimitError,
    ServerError,
)
from shutterstock_api.calls import retry

NOW = 1_800_000_000.0


# Pure functions.


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, {}, None),
        ({}, None, None),
        ({}, [], None),
        ({"Retry-After": "0"}, {}, 0.0),
        ({"Retry-After": "7"}, {}, 7.0),
        ({"Retry-After": " 1.5 "}, {}, 1.5),
        ({"Retry-After": "-7"}, {}, 0.0),
        ({"Retry-After": "1e300"}, {}, 1e300),
        ({"Retry-After": formatdate(NOW + 90, usegmt=True)}, {}, 90.0),
        ({"Retry-After": formatdate(NOW - 90, usegmt=True)}, {}, 0.0),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, {}, 253402300799 - NOW),
        ({"Retry-After": "Mon, 01 Jan 0001 00:00:00 GMT"}, {}, 0.0),
        ({"Retry-After": "nan"}, {}, None),
        ({"Retry-After": "inf"}, {}, None),
        ({"Retry-After": "soon"}, {}, None),
        ({"Retry-After": ""}, {}, None),
        ({"Retry-After": "Fri, 99 Foo 2026"}, {}, None),
        ({"RateLimit-Reset": "30"}, {}, 30.0),
        ({"RateLimit-Reset": str(int(NOW) + 30)}, {}, 30.0),
        ({"RateLimit-Reset": str((int(NOW) + 30) * 1000)}, {}, 30.0),
        ({"RateLimit-Reset": str(int(NOW) - 30)}, {}, 0.0),
        ({"RateLimit-Reset": "-5"}, {}, 0.0),
        ({"RateLimit-Reset": "nan"}, {}, None),
        ({}, {"reset": (NOW + 30) * 1000}, 30.0),
        ({}, {"reset": NOW + 30}, 30.0),
        ({}, {"reset": 30}, 30.0),
        ({}, {"reset": str(int(NOW) + 30)}, 30.0),
        ({}, {"reset": None}, None),
        ({}, {"reset": [1]}, None),
        ({}, {"reset": 10**400}, None),
        ({"Retry-After": "1", "RateLimit-Reset": "2"}, {"reset": 3}, 1.0),
        ({"Retry-After": "soon", "RateLimit-Reset": "2"}, {"reset": 3}, 2.0),
        ({"Retry-After": "soon", "RateLimit-Reset": "nan"}, {"reset": 3}, 3.0),
    ],
)
def test_named_wait(headers: dict[str, str], body: Any, seconds: float | None) -> None:
    assert retry.named_wait(headers, body, NOW) == (None if seconds is None else pytest.approx(seconds))


@given(st.text() | st.integers().map(str) | st.floats().map(str), st.integers() | st.floats() | st.text())
def test_named_wait_takes_whatever_comes(text: str, number: Any) -> None:
    wait = retry.named_wait({"Retry-After": text, "RateLimit-Reset": text}, {"reset": number}, NOW)
    assert wait is None or (math.isfinite(wait) and wait >= 0)


@pytest.mark.parametrize(
    ("attempt", "most"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 8), (1000, 8), (10**9, 8)]
)
def test_pause(attempt: int, most: float) -> None:
    assert retry.pause(attempt, 1.0) == most
    assert retry.pause(attempt, 0.25) == most / 4
    assert retry.pause(attempt, 0.0) == 0


@pytest.mark.parametrize(
    ("status", "sent", "read", "other"),
    [
        (None, False, True, True),
        (None, True, True, False),
        (429, True, True, True),
        *[(status, True, True, False) for status in (500, 502, 503, 504)],
        *[(status, True, True, False) for status in (408, 425, 520, 521, 522, 523, 524, 529)],
        *[(status, True, False, False) for status in (301, 400, 401, 403, 404, 409, 501, 505, 525, 530)],
    ],
)
def test_may_resend(status: int | None, sent: bool, read: bool, other: bool) -> None:
    assert retry.may_resend("read", status, sent) is read
    assert retry.may_resend("write", status, sent) is other
    assert retry.may_resend("license", status, sent) is other


@pytest.mark.parametrize(
    ("status", "sent", "doubt"),
    [
        (None, False, False),
        (None, True, True),
        (200, True, True),
        (302, True, False),
        (400, True, False),
        (429, True, False),
        (499, True, False),
        (500, True, True),
        (504, True, True),
    ],
)
def test_in_doubt(status: int | None, sent: bool, doubt: bool) -> None:
    assert retry.in_doubt("license", status, sent) is doubt
    assert not retry.in_doubt("read", status, sent)
    assert not retry.in_doubt("write", status, sent)


# The loop.

GOOD = answer(200, {"id": "1", "data": [{"image_id": "1", "license_id": "i1"}]})
CALLS: dict[str, Any] = {
    "read": lambda api, **options: api.get_image("1", **options),
    "write": lambda api, **options: api.create_lightbox({"name": "n"}, **options),
    "license": lambda api, **options: api.license_images({"images": [{"image_id": "1"}]}, **options),
}


def hang(server: Server) -> Answer:
    return server.hang


@pytest.mark.parametrize(
    ("fault", "read", "write", "licence"),
    [
        # what happens once; then how often each sends, and what comes of it (None: success)
        (HANG_UP, (2, None), (1, ApiConnectionError), (1, LicenseOutcomeUnknown)),
        (hang, (2, None), (1, ApiTimeoutError), (1, LicenseOutcomeUnknown)),
        (answer(200, b'{"id"', 99), (2, None), (1, ApiConnectionError), (1, LicenseOutcomeUnknown)),
        (answer(429), (2, None), (2, None), (2, None)),
        (answer(429, Retry_After="3"), (2, None), (2, None), (2, None)),
        (answer(429, {"reset": 61}), (1, RateLimitError), (1, RateLimitError), (1, RateLimitError)),
        (answer(500), (2, None), (1, ServerError), (1, LicenseOutcomeUnknown)),
        (answer(502, "<html>"), (2, None), (1, ServerError), (1, LicenseOutcomeUnknown)),
        (answer(503, Retry_After="3"), (2, None), (1, ServerError), (1, LicenseOutcomeUnknown)),
        (answer(503, Retry_After="61"), (1, ServerError), (1, ServerError), (1, LicenseOutcomeUnknown)),
        (answer(504), (2, None), (1, ServerError), (1, LicenseOutcomeUnknown)),
        (answer(501), (1, ServerError), (1, ServerError), (1, LicenseOutcomeUnknown)),
        (answer(400), (1, ApiException), (1, ApiException), (1, ApiException)),
        (answer(404), (1, ApiException), (1, ApiException), (1, ApiException)),
    ],
)
@pytest.mark.parametrize("kind", CALLS)
def test_a_fault(
    api: ImagesApi, server: Server, kind: str, fault: Any, read: Any, write: Any, licence: Any
) -> None:
    times, outcome = {"read": read, "write": write, "license": licence}[kind]
    server.answers(hang(server) if fault is hang else fault, GOOD, GOOD)
    patience = (5, 0.3) if fault is hang else (5, 30)
    if outcome is None:
        assert CALLS[kind](api, _request_timeout=patience) is not None
    else:
        with pytest.raises(outcome) as caught:
            CALLS[kind](api, _request_timeout=patience)
        assert isinstance(caught.value, LicenseOutcomeUnknown) == (outcome is LicenseOutcomeUnknown)
        assert caught.value.attempts == times
    assert len(server.requests) == times
    assert len({(request.verb, request.target, request.body) for request in server.requests}) == 1


@pytest.mark.parametrize("kind", CALLS)
def test_a_refused_connection_is_tried_again(refusing: str, clock: Clock, kind: str) -> None:
    client = ApiClient(Configuration(refusing))
    client.timing = clock.timing
    with pytest.raises(ApiConnectionError) as caught:
        CALLS[kind](ImagesApi(client))
    assert type(caught.value) is ApiConnectionError
    assert (caught.value.attempts, caught.value.sent) == (3, False)
    assert clock.sleeps == [0.5, 1.0]


@pytest.mark.parametrize("kind", CALLS)
def test_retries_of_none_at_all(api: ImagesApi, server: Server, kind: str) -> None:
    server.always(answer(429))
    with pytest.raises(RateLimitError):
        CALLS[kind](api, _retries=0)
    api.api_client.configuration.retries = 0
    with pytest.raises(RateLimitError):
        CALLS[kind](api)
    assert len(server.requests) == 2


def test_the_pauses(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.always(answer(503))
    with pytest.raises(ServerError):
        api.get_image("1", _retries=6)
    assert clock.sleeps == [0.5, 1, 2, 4, 8, 8]


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (answer(429, Retry_After="3"), 3.3),  # a 429 holds all threads: they come back spread out
        (answer(503, Retry_After="3"), 3),
        (answer(429, Retry_After="-3"), 0.55),
        (answer(503, Retry_After="0"), 0.5),
        (answer(429, Retry_After="nan"), 0.55),
        (answer(429, RateLimit_Reset=str(int(NOW) + 5)), 5.5),
        (answer(429, {"message": "m", "limit": 1, "remaining": 0, "reset": (int(NOW) + 6) * 1000}), 6.6),
        (answer(429, Retry_After="60"), 61),
    ],
)
def test_the_wait_that_the_service_names(
    api: ImagesApi, server: Server, clock: Clock, fault: bytes, pause: float
) -> None:
    server.answers(fault, GOOD)
    api.get_image("1")
    assert sum(clock.sleeps) == pytest.approx(pause)


def test_a_wait_beyond_the_cap_raises_at_once(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.always(answer(429, {"message": "slow down"}, Retry_After="61"))
    with pytest.raises(RateLimitError, match="slow down") as caught:
        api.get_image("1")
    assert (caught.value.retry_after, caught.value.attempts, clock.sleeps) == (61, 1, [])
    with pytest.raises(RateLimitError):
        api.get_image("1", _max_retry_wait=100, _retries=1)
    assert clock.sleeps == [62]


def test_pauses_of_our_own_keep_to_the_cap(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(503), answer(503), GOOD)
    api.get_image("1", _max_retry_wait=0.7)
    assert clock.sleeps == [0.5, 0.7]


def test_a_deadline_bounds_the_waits(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.always(answer(503))
    with pytest.raises(ServerError):
        api.get_image("1", _retries=100, _deadline=10)
    assert clock.sleeps == [0.5, 1, 2, 4]  # 8 more would be too long
    api.api_client.configuration.deadline = 1
    with pytest.raises(ServerError):
        api.get_image("1", _retries=100)
    assert clock.sleeps[4:] == [0.5]


def test_a_deadline_bounds_the_attempts(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(503, Retry_After="9.98"), server.hang)
    with pytest.raises(ApiTimeoutError):
        api.get_image("1", _deadline=10)  # the second attempt has the hundredths that are left
    assert len(server.requests) == 2


def test_a_spent_deadline_still_asks_once(api: ImagesApi, server: Server) -> None:
    server.answers(server.hang)
    with pytest.raises(ApiTimeoutError):
        api.get_image("1", _deadline=0)


def test_an_unreadable_good_answer_is_not_asked_for_again(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, b"garbage"))
    with pytest.raises(ApiException):
        api.get_image("1")
    assert len(server.requests) == 1


def test_the_log(api: ImagesApi, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "shutterstock_api")
    server.answers(answer(503), HANG_UP, GOOD)
    api.search_images(query="confidential")
    assert [record.getMessage() for record in caplog.records if record.name == "shutterstock_api"] == [
        "GET /v2/images/search: 503",
        "GET /v2/images/search: sent again in 0.5 s: 503",
        "GET /v2/images/search: ApiConnectionError",
        "GET /v2/images/search: sent again in 1.0 s: ApiConnectionError",
        "GET /v2/images/search: 200",
    ]
