"""Bad days: what is sent again, how long the client waits, and licences whose outcome nobody told."""

from __future__ import annotations

import threading

import pytest
import urllib3
from scripted_server import HANG_UP, answer

from shutterstock_api import (
    ApiConnectionError,
    ApiTimeoutError,
    ConflictError,
    DecodeError,
    LicenseOutcomeUnknown,
    RateLimitError,
    ServerError,
)
from shutterstock_api.sandbox import Fault, Sandbox


def each(*faults):
    """Run a test with each of these faults."""
    told = [
        {name: value for name, value in vars(fault).items() if value != vars(Fault())[name]}
        for fault in faults
    ]
    return pytest.mark.parametrize(
        "fault", faults, ids=[" ".join(f"{k}={v}" for k, v in one.items()) for one in told]
    )


passing = each(
    Fault(status=500),
    Fault(status=502, body="html"),
    Fault(status=503, body="empty"),
    Fault(status=504),
    Fault(close="before"),
    Fault(close="after"),
    Fault(truncate=0),
    Fault(truncate=10),
)
TWO = {"images": [{"image_id": "1", "metadata": {"customer_id": "m1"}}, {"image_id": "2"}]}
ELEVEN_MINUTES = 11 * 60


def count(sandbox, method):
    return sum(request.method == method for request in sandbox.requests)


def forward(request, sandbox):
    headers = {name: value for name, value in request.headers.items() if name != "host"}
    with urllib3.PoolManager(retries=False) as pool:
        pool.request(request.verb, sandbox.url + request.target, body=request.body, headers=headers)


# Reading.


@passing
def test_a_read_is_repeated(api, sandbox, clock, fault):
    sandbox.faults.add(fault, times=2)
    assert api.get_image("1").id == "1"
    assert len(sandbox.requests) == 3
    assert clock.sleeps == [0.5, 1.0]
    assert (
        len({(request.path, request.query, request.headers["Authorization"]) for request in sandbox.requests})
        == 1
    )


@passing
def test_a_read_is_not_repeated_for_ever(api, sandbox, fault):
    sandbox.faults.add(fault)
    with pytest.raises((ServerError, ApiConnectionError)) as caught:
        api.get_image("1")
    error = caught.value
    assert error.status == fault.status
    assert error.attempts == len(sandbox.requests) == 3
    assert "Tried 3 times." in str(error)


@pytest.mark.parametrize("status", [501, 505])
def test_a_read_that_will_not_get_better(api, sandbox, status):
    sandbox.faults.add(Fault(status=status))
    with pytest.raises(ServerError, match=f"This {status} was asked for"):
        api.get_image("1")
    assert len(sandbox.requests) == 1


def test_garbage_is_told_and_not_asked_for_again(api, sandbox):
    sandbox.faults.add(Fault(garbage=True))
    with pytest.raises(DecodeError) as caught:
        api.get_image("1")
    assert (caught.value.status, caught.value.path) == (200, "/v2/images/1")
    assert caught.value.body.startswith('{"data"')
    assert len(sandbox.requests) == 1


def test_how_often_is_up_to_the_caller(api, sandbox):
    sandbox.faults.add(Fault(status=503))
    for retries in (0, 1, 4):
        sandbox.requests.clear()
        with pytest.raises(ServerError):
            api.get_image("1", _retries=retries)
        assert len(sandbox.requests) == retries + 1


def test_a_fault_may_be_asked_for_in_a_header(api, sandbox):
    with pytest.raises(ServerError):
        api.get_image("1", _headers={"X-Sandbox-Fault": "status=503"}, _retries=0)
    assert api.get_image("1")


def test_a_read_that_takes_too_long(api, sandbox, clock):
    sandbox.faults.add(Fault(delay=2, operation="get_image"), times=2)
    assert api.get_image("1", _request_timeout=0.05, _retries=99).id == "1"
    assert 3 <= len(sandbox.requests) <= len(clock.sleeps) + 1  # others may be late by chance
    sandbox.faults.add(Fault(delay=2))
    with pytest.raises(ApiTimeoutError) as caught:
        api.get_image("1", _request_timeout=(1, 0.05), _retries=0)
    assert "Set Configuration.timeout or _request_timeout" in caught.value.hint


def test_an_answer_in_time_is_no_trouble(api, sandbox):
    sandbox.faults.add(Fault(delay=0.05))
    assert api.get_image("1", _request_timeout=5).id == "1"
    assert len(sandbox.requests) == 1


# Writing.


@passing
def test_a_write_is_not_repeated(api, sandbox, clock, fault):
    sandbox.faults.add(fault)
    with pytest.raises((ServerError, ApiConnectionError)):
        api.create_lightbox({"name": "Once"})
    assert count(sandbox, "POST") == 1
    assert clock.sleeps == []
    sandbox.faults.clear()
    done = fault.close == "after" or fault.truncate is not None
    assert [found.name for found in api.get_lightbox_list().data].count("Once") == done


def test_a_service_that_was_restarted_meanwhile(connect, clock, tmp_path):
    """That its old connection is gone is seen before anything is sent: a write goes out, once."""
    settings = {"images": 1_000, "clock": clock.time, "database": tmp_path / "state.db"}
    with Sandbox(**settings) as first:
        api = connect(first.url, access_token=first.token())
        created = api.create_lightbox({"name": "Before"})
        port = int(first.url.rpartition(":")[2])
    with Sandbox(port=port, **settings) as second:
        api.create_lightbox({"name": "After"})
        assert api.get_lightbox(created.id).name == "Before"
        assert [request.method for request in second.requests] == ["POST", "GET"]
        api.api_client.close()


# Rate limits.


@pytest.mark.parametrize("name", ["get_image", "create_lightbox", "license_images"])
def test_everything_waits_as_long_as_the_service_asks(api, sandbox, clock, sold, name):
    arguments = {"get_image": ["1"], "create_lightbox": [{"name": "Once"}], "license_images": [TWO]}[name]
    sandbox.faults.add(Fault(rate_limit=2.5), times=2)
    assert getattr(api, name)(*arguments)
    assert clock.sleeps == [2.75, 2.75]  # what was asked for, and a tenth
    assert len(sandbox.requests) == 3
    assert len(sold()) == (2 if name == "license_images" else 0)


def test_too_long_a_wait_is_left_to_the_caller(api, sandbox, clock):
    sandbox.faults.add(Fault(rate_limit=90.0))
    with pytest.raises(RateLimitError) as caught:
        api.get_image("1")
    error = caught.value
    assert (error.status, error.message, error.retry_after) == (429, "Rate limit exceeded", 90.0)
    assert (error.headers["RateLimit-Limit"], error.headers["ratelimit-remaining"]) == ("100", "0")
    assert error.hint.startswith("Wait 90 s, until ")
    assert error.hint.endswith(
        " UTC. That is more than max_retry_wait (60 s): raise it to let the client wait."
    )
    assert (len(sandbox.requests), clock.sleeps) == (1, [])
    with pytest.raises(RateLimitError):
        api.get_image("1", _max_retry_wait=100)
    assert (len(sandbox.requests), clock.sleeps) == (4, [91.0, 91.0])


def test_a_deadline_bounds_the_waits(api, sandbox, clock):
    sandbox.faults.add(Fault(rate_limit=20.0))
    with pytest.raises(RateLimitError):
        api.get_image("1", _deadline=30)
    assert clock.sleeps == [21.0]


def test_a_real_limit_slows_the_client_down_and_loses_nothing(connect, clock):
    with Sandbox(images=1_000, clock=clock.time, rate_limit=(3, 30)) as limited:
        api = connect(limited.url, access_token=limited.token())
        assert [api.get_image(str(number)).id for number in range(1, 9)] == [
            str(number) for number in range(1, 9)
        ]
        assert len(limited.requests) == 10
        assert clock.sleeps == [31.0, 31.0]
        api.api_client.close()


# Licences whose outcome nobody told.

done = each(
    Fault(close="after"),
    Fault(truncate=0),
    Fault(truncate=60),
    Fault(garbage=True),
)
not_done = each(
    Fault(close="before"),
    Fault(status=500),
    Fault(status=503, body="html"),
    Fault(status=200, body="empty"),
)


def in_doubt(api, **options):
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        api.license_images(TWO, **options)
    error = caught.value
    assert (error.image_ids, error.metadata) == (["1", "2"], [{"customer_id": "m1"}, None])
    assert error.sent_at.timestamp() == 1_800_000_000
    assert (error.method, error.path, error.attempts) == ("POST", "/v2/images/licenses", 1)
    assert "Do not send it again: call reconcile()" in str(error)
    return error


@done
def test_a_licence_that_was_bought_is_found(api, sandbox, sold, fault):
    sandbox.faults.add(fault, times=1)
    error = in_doubt(api)
    assert count(sandbox, "POST") == 1
    assert [row["image_id"] for row in sold()] == ["1", "2"]
    result = error.reconcile()
    assert {image: [entry.id for entry in found] for image, found in result.licensed.items()} == {
        row["image_id"]: [row["id"]] for row in sold()
    }
    assert (result.not_licensed, result.unknown) == ([], [])
    assert count(sandbox, "POST") == 1
    assert sandbox.allotment() == 9_998


@not_done
def test_a_licence_that_was_not_bought_is_known_once_time_has_passed(api, sandbox, clock, sold, fault):
    sandbox.faults.add(fault, times=1)
    error = in_doubt(api)
    assert sold() == []
    assert error.reconcile().unknown == ["1", "2"]
    clock.now += ELEVEN_MINUTES
    result = error.reconcile()
    assert (result.licensed, result.not_licensed, result.unknown) == ({}, ["1", "2"], [])
    assert count(sandbox, "POST") == 1
    assert sandbox.allotment() == 10_000


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_gateway_that_fails_after_the_service_has_worked(connect, sandbox, server, sold, status):
    def gateway(request):
        forward(request, sandbox)
        return answer(status, "<html>Bad gateway</html>")

    server.answers(gateway)
    error = in_doubt(connect(server.url, access_token=sandbox.token()))
    assert error.status == status
    assert (len(sold()), count(sandbox, "POST"), len(server.requests)) == (2, 1, 1)
    result = error.reconcile(connect(access_token=sandbox.token()).api_client)
    assert result.licensed.keys() == {"1", "2"}


def test_a_licence_request_that_takes_too_long(connect, sandbox, server, sold):
    go, done = threading.Event(), threading.Event()

    def slow(request):
        go.wait(10)
        forward(request, sandbox)
        done.set()
        return HANG_UP

    server.answers(slow)
    error = in_doubt(connect(server.url, access_token=sandbox.token()), _request_timeout=0.05)
    assert isinstance(error.__cause__, ApiTimeoutError)
    there = connect(access_token=sandbox.token()).api_client
    assert error.reconcile(there).unknown == ["1", "2"]
    go.set()  # the service is still at it
    assert done.wait(10)
    assert len(sold()) == 2
    assert error.reconcile(there).licensed.keys() == {"1", "2"}
    assert count(sandbox, "POST") == 1


@pytest.mark.parametrize(
    "other", [{"metadata": {"customer_id": "other"}}, {}], ids=["other metadata", "none"]
)
def test_of_two_requests_for_an_image_the_metadata_tells_which_was_served(api, sandbox, sold, other):
    api.license_images({"images": [{"image_id": "1", **other}]})
    sandbox.faults.add(Fault(close="after", operation="license_images"), times=1)
    (entry,) = in_doubt(api).reconcile().licensed["1"]
    assert [row["metadata"] for row in sold() if row["id"] == entry.id] == [{"customer_id": "m1"}]


def test_of_an_answer_that_says_no_nothing_is_in_doubt(api, sandbox, sold):
    sandbox.faults.add(Fault(status=409))
    with pytest.raises(ConflictError, match="409"):
        api.license_images(TWO)
    assert sold() == []


def test_faults_strike_only_whom_they_are_meant_for(api, sandbox):
    sandbox.faults.add(Fault(status=500, operation="license_images"))
    assert api.get_image("1")
    in_doubt(api)


def test_one_call_in_trouble_does_not_disturb_the_others(api, sandbox):
    """A connection that broke is not used again."""
    sandbox.faults.add(Fault(close="before", probability=0.4, seed=7, operation="get_image"))
    found = []

    def read(start):
        found.extend(api.get_image(str(number), _retries=20).id for number in range(start, 80, 4))

    threads = [threading.Thread(target=read, args=(start,)) for start in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found, key=int) == [str(number) for number in range(1, 80)]
    assert len(sandbox.requests) > 80
