"""What a 429 teaches: the numbers it names, and a pause that all threads of the client share."""

from __future__ import annotations

import pickle
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from scripted_server import Clock, Server, answer

from shutterstock_api import ApiClient, ImagesApi, RateLimit, RateLimitError, ServerError
from shutterstock_api.calls.throttle import Throttle, rate_limit
from shutterstock_api.support.timing import Timing

NOW = Clock().now
GOOD = answer(200, {"id": "1"})


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOW + seconds, UTC)


# What an answer says.


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, {}, (None, None, None)),
        ({"RateLimit-Limit": "100", "RateLimit-Remaining": "7"}, {}, (100, 7, None)),
        ({"RateLimit-Limit": "100, 100;w=60", "RateLimit-Remaining": " 7 "}, {}, (100, 7, None)),
        ({"RateLimit-Reset": "30"}, {}, (None, None, at(30))),
        ({"RateLimit-Reset": str(int(NOW) + 30)}, {}, (None, None, at(30))),
        ({"Retry-After": "5", "RateLimit-Reset": "30"}, {}, (None, None, at(5))),
        ({}, {"limit": 9, "remaining": 0, "reset": (NOW + 30) * 1000}, (9, 0, at(30))),
        ({"RateLimit-Limit": "100"}, {"limit": 9, "remaining": 0}, (100, 0, None)),
        ({"RateLimit-Limit": "many"}, {"remaining": None}, (None, None, None)),
        ({"RateLimit-Limit": "-1"}, {"remaining": [1]}, (None, None, None)),
        ({"Retry-After": "1e300"}, {}, (None, None, None)),
    ],
)
def test_rate_limit(headers: dict[str, str], body: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert rate_limit(headers, body, NOW) == expected


def test_the_error_names_limit_remaining_and_reset(api: ImagesApi, server: Server) -> None:
    body = {"message": "slow down", "limit": 50, "remaining": 0, "reset": (int(NOW) + 90) * 1000}
    server.answers(answer(429, body))
    with pytest.raises(RateLimitError) as caught:
        api.get_image("1")
    error = caught.value
    assert (error.retry_after, error.reset_at, error.limit, error.remaining) == (90, at(90), 50, 0)
    assert pickle.loads(pickle.dumps(error)).reset_at == at(90)
    assert api.api_client.rate_limit == RateLimit(50, 0, at(90))


def test_the_client_shows_the_last_values(api: ImagesApi, server: Server) -> None:
    client = api.api_client
    assert client.rate_limit is None
    server.answers(
        answer(200, {}, RateLimit_Limit="100", RateLimit_Remaining="41", RateLimit_Reset="60"),
        answer(200, {}),
        answer(404, {}, RateLimit_Limit="100", RateLimit_Remaining="40"),
    )
    api.get_image("1")
    assert client.rate_limit == RateLimit(100, 41, at(60))
    api.get_image("1")
    assert client.rate_limit == RateLimit(100, 41, at(60))
    with pytest.raises(Exception, match="404"):
        api.get_image("1")
    assert client.rate_limit == RateLimit(100, 40, None)


# The pause.


def test_a_pause_holds_everybody_and_lets_go_one_by_one() -> None:
    throttle = Throttle()
    assert throttle.wait(100, 1) == 0
    throttle.hold(100, 8)
    throttle.hold(100, 2)  # a shorter one changes nothing
    assert [throttle.wait(100, chance) for chance in (0, 0.5, 1)] == pytest.approx([8, 8.4, 8.8])
    assert throttle.wait(107.5, 0) == 0.5
    assert throttle.wait(108, 1) == 0


def test_a_429_to_one_call_holds_the_next_one(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(429, Retry_After="10"), GOOD, GOOD)
    with pytest.raises(RateLimitError):
        api.get_image("1", _retries=0)
    assert clock.sleeps == []
    api.get_image("2")
    assert clock.sleeps == [11]
    api.get_image("3")
    assert (clock.sleeps, len(server.requests)) == ([11], 3)


MOST = "That is more than max_retry_wait ({} s): raise it to let the client wait."
DEADLINE = "The deadline of this call ends before that: raise deadline to let the client wait."
OFTEN = "It was sent again as often as retries allows (2): raise it, or call less often."
NEVER = "With retries=0 the client never waits: raise it to let the client wait."


@pytest.mark.parametrize(
    ("asked", "options", "hint"),
    [
        (90, {}, f"{MOST.format(60)}"),
        (90, {"_max_retry_wait": 20, "_retries": 0}, MOST.format(20)),
        (90, {"_max_retry_wait": 100, "_deadline": 80}, DEADLINE),
        (10, {}, OFTEN),
        (10, {"_retries": 0}, NEVER),
        (0, {"_retries": 0}, NEVER),
        (None, {}, OFTEN),
    ],
)
def test_advice_that_fits_the_call(
    api: ImagesApi, server: Server, asked: int | None, options: Any, hint: str
) -> None:
    server.always(answer(429, {} if asked is None else {"reset": asked}))
    with pytest.raises(RateLimitError) as caught:
        api.get_image("1", **options)
    error = caught.value
    told = "The service does not say how long to wait."
    if asked:
        told = f"Wait {asked} s, until {error.reset_at:%Y-%m-%d %H:%M:%S} UTC."
    assert error.hint == f"{told} {hint}"
    assert str(error).endswith(hint)


def test_advice_where_another_thread_was_told_to_wait_longer(
    api: ImagesApi, server: Server, clock: Clock
) -> None:
    def longer(request: Any) -> bytes:
        api.api_client.throttle.hold(api.api_client.timing.monotonic(), 40)
        return answer(429, {"reset": 5})

    server.answers(longer)
    with pytest.raises(RateLimitError) as caught:
        api.get_image("1", _deadline=20)
    assert caught.value.hint == f"Wait 41 s, until {at(5):%Y-%m-%d %H:%M:%S} UTC. {DEADLINE}"


@pytest.mark.parametrize(
    ("options", "hint"), [({"_deadline": 5}, DEADLINE), ({"_max_retry_wait": 5}, MOST.format(5))]
)
def test_who_cannot_wait_that_long_is_told_without_sending(
    api: ImagesApi, server: Server, clock: Clock, options: Any, hint: str
) -> None:
    server.answers(answer(429, Retry_After="10"), GOOD)
    with pytest.raises(RateLimitError):
        api.get_image("1", _retries=0)
    with pytest.raises(
        RateLimitError, match="not sent: the service has asked this client to wait 11 s"
    ) as caught:
        api.license_images({"images": [{"image_id": "1"}]}, **options)
    error = caught.value
    assert (error.status, error.attempts, error.retry_after, error.reset_at) == (None, 0, 11, at(11))
    assert error.hint == f"Wait 11 s, until {at(11):%Y-%m-%d %H:%M:%S} UTC. {hint}"
    assert (len(server.requests), clock.sleeps) == (1, [])
    assert pickle.loads(pickle.dumps(error)).attempts == 0


def test_a_wait_beyond_the_cap_holds_nobody(api: ImagesApi, server: Server, clock: Clock) -> None:
    """The next call asks the service itself: it may be wrong about an hour, or mean one endpoint."""
    server.answers(answer(429, Retry_After="3600"), GOOD)
    with pytest.raises(RateLimitError):
        api.get_image("1")
    api.get_image("1")
    assert clock.sleeps == []


def test_a_503_holds_its_own_call_only(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(503, Retry_After="10"), GOOD)
    with pytest.raises(ServerError):
        api.get_image("1", _retries=0)
    api.get_image("1")
    assert clock.sleeps == []


def test_eight_threads_pause_together(client: ApiClient, server: Server) -> None:
    """All are told to wait at once; each sleeps a time of its own and asks once more."""
    told = threading.Barrier(8)

    def limited(_: object) -> bytes:
        told.wait(10)
        return answer(429, Retry_After="10")

    server.answers(*[limited] * 8, *[GOOD] * 8)
    asleep = threading.Barrier(8)
    clock, chances = Clock(), iter(range(8))
    lock = threading.Lock()

    def sleep(seconds: float) -> None:
        with lock:
            clock.sleeps.append(seconds)
        if asleep.wait(10) == 0:
            clock.now += 11
        asleep.wait(10)

    def chance() -> float:
        with lock:
            return next(chances, 0) / 8

    client.timing = Timing(sleep, clock.time, clock.time, chance)
    api = ImagesApi(client)
    threads = [threading.Thread(target=api.get_image, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(server.requests) == 16
    assert len(clock.sleeps) == 8
    assert all(10 <= pause <= 11 for pause in clock.sleeps)
