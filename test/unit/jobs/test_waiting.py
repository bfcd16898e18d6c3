"""Time: what a licence job waits for, and which clocks it trusts."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest
from license_service import (
    Act,
    Entries,
    Make,
    Service,
    errors,
    ids,
    instead,
    lost,
    no_history,
    nothing,
    serve,
    states,
)
from scripted_server import HANG_UP, TOKEN, Clock, Request, answer

from shutterstock_api import ApiClient, Configuration, LicenseJob


def test_the_history_is_waited_for(make: Make, service: Service, clock: Clock):
    service.delay = 599
    service.acts = iter([lost])
    before = clock.now
    report = make("1").run()
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 1)
    assert 600 <= clock.now - before < 602


@pytest.mark.parametrize("settled_after", [0, 1, 30, 3600.0])
def test_what_the_history_does_not_show_in_time_is_bought_again_once(
    make: Make, service: Service, clock: Clock, settled_after: float
):
    service.acts = iter([nothing])
    before = clock.now
    report = make("1").run(settled_after=settled_after)
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 2)
    assert max(5, settled_after) <= clock.now - before < max(7, settled_after + 2)


def test_doubts_of_an_earlier_run_are_cleared_before_anything_is_bought(
    make: Make, service: Service, clock: Clock
):
    service.acts = iter([nothing])
    service.history = no_history(service)
    make("1").run()
    service.history = lambda request: None
    clock.now += 601
    before = len(service.server.requests)
    report = make("2").run(max_charge=2)
    assert [request.verb for request in service.server.requests[before:]] == ["GET", "POST", "POST"]
    assert (service.asked, len(report.licensed)) == ([["1"], ["1"], ["2"]], 2)


def test_a_history_that_cannot_be_read_is_not_asked_for_each_image(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    make(*ids(9)).run()
    assert len(service.requests("GET")) == 3 * 2  # at once, and at the end


def test_a_clock_that_was_wrong_keeps_nobody_waiting(make: Make, service: Service, clock: Clock):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1")
    clock.wrong = 1e5
    job.run()
    clock.wrong = 0
    service.books[0]["time"] = before = clock.now
    service.history, service.delay = (lambda request: None), 300
    report = job.run()
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 1)
    assert clock.now - before < 602


def test_a_clock_that_is_put_back_meanwhile(make: Make, service: Service, clock: Clock):
    def history(request: Request) -> None:
        if len(service.requests("GET")) == 1:
            clock.wrong = -1e5

    service.acts, service.history = iter([nothing]), history
    job, before = make("1"), clock.now
    assert (states(job.run()), len(service.bodies)) == ({"1": "licensed"}, 2)
    assert 600 < clock.now - before < 610


def test_a_second_doubt_about_the_same_image_is_left_to_the_next_run(make: Make, service: Service):
    service.acts = iter([nothing, nothing])
    job = make("1")
    report = job.run()
    assert (states(report), len(service.bodies)) == ({"1": "unknown"}, 2)
    assert "the outcome is unknown" in str(errors(report)["1"])
    assert (states(job.run()), service.sold) == ({"1": "licensed"}, Counter("1"))


@pytest.mark.parametrize("history", [answer(403), answer(200, "garbage"), answer(200, {"errors": ["No"]})])
def test_without_a_history_nothing_is_bought_again(
    make: Make, service: Service, clock: Clock, history: bytes
):
    service.history = lambda request: history
    service.acts = iter([lost])
    job = make("1")
    before = clock.now
    assert states(job.run()) == {"1": "unknown"}
    assert clock.now - before == 5  # the pause; there is nothing to wait for
    clock.now += 1e6
    assert states(job.run()) == {"1": "unknown"}
    assert len(service.bodies) == 1
    service.history = lambda request: None
    assert states(job.run()) == {"1": "licensed"}
    assert len(service.bodies) == 1


def test_one_unreadable_page_does_not_undo_the_others(make: Make, service: Service):
    service.acts = iter([lost, lost])
    service.history = lambda request: answer(403) if dict(request.query)["image_id"] == "51" else None
    report = make(*ids(51)).run()
    assert Counter(states(report).values()) == {"licensed": 50, "unknown": 1}


def test_a_service_that_tells_no_time(make: Make, service: Service, clock: Clock):
    service.history = lambda request: answer(200, {"data": []})
    service.acts = iter([nothing])
    job = make("1")
    assert states(job.run()) == {"1": "unknown"}
    clock.now += 1e6
    assert states(job.run()) == {"1": "unknown"}
    assert len(service.bodies) == 1


def test_two_licences_for_one_request_are_one(make: Make, service: Service):
    """Somebody on the way sent it twice: the licence that can be downloaded is taken."""

    def twice(service: Service, images: Entries) -> bytes:
        service.sell(images)
        service.sell([{**image, "is_downloadable": False} for image in images])
        return HANG_UP

    service.acts = iter([twice])
    report = make("1").run()
    assert (report.images[0].license_id, len(service.bodies)) == ("L1", 1)


def test_pauses_grow_and_end(make: Make, service: Service, clock: Clock, chunks_of_two: None):
    service.history = lambda request: answer(403)
    service.acts = itertools.repeat(nothing)
    before = clock.now
    report = make(*ids(20)).run()
    assert len(service.bodies) == 6
    assert clock.now - before == pytest.approx(5 + 30 + 120 + 300 + 600)
    assert str(report.stopped).startswith("POST /v2/images/licenses: the outcome is unknown")
    assert Counter(states(report).values()) == {"unknown": 12, "planned": 8}


@pytest.mark.parametrize("good", [serve, lost, instead(answer(200, {"data": []}))])
def test_after_an_answer_pauses_are_short_again(
    make: Make, service: Service, clock: Clock, good: Act, chunks_of_two: None
):
    service.acts = iter([nothing] * 3 + [good] + [nothing] * 3)
    before = clock.now
    make(*ids(14)).run(settled_after=0)
    pauses = 155 + 155 if good in (serve, lost) else 5 + 30 + 120 + 300 + 600
    assert clock.now - before == pytest.approx(pauses, abs=3)


def test_a_service_that_answers_and_says_nothing_is_given_up(
    make: Make, service: Service, chunks_of_two: None
):
    service.acts = itertools.repeat(instead(answer(200, {"errors": [{"message": "No subscription"}]})))
    report = make(*ids(20)).run()
    assert len(service.bodies) == 6
    assert "No subscription" in str(report.stopped)
    assert Counter(states(report).values()) == {"planned": 20}


@pytest.mark.parametrize(("seconds", "waits"), [(1, 6), (100, 105), (3000, 3000)])
def test_a_rate_limit_is_waited_for(make: Make, service: Service, clock: Clock, seconds: int, waits: float):
    service.acts = iter([instead(answer(429, Retry_After=str(seconds)))])
    before = clock.now
    report = make("1").run()
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 2)
    assert seconds <= clock.now - before <= waits + 1


def test_a_rate_limit_of_hours_ends_the_buying(make: Make, service: Service, clock: Clock):
    service.acts = iter([instead(answer(429, {"message": "Slow"}, Retry_After="3601"))])
    before = clock.now
    report = make("1").run()
    assert (states(report), len(service.bodies), clock.now) == ({"1": "planned"}, 1, before)
    assert report.stopped == "POST /v2/images/licenses: 429 Reason: Slow"


def test_a_rate_limit_without_end(make: Make, service: Service, client: ApiClient, clock: Clock):
    client.configuration.retries = 0
    service.acts = itertools.repeat(instead(answer(429)))
    report = make("1").run()
    assert (states(report), len(service.bodies)) == ({"1": "planned"}, 6)
    assert str(report.stopped).startswith("POST /v2/images/licenses: 429 Reason")


def test_nobody_listens(refusing: str, clock: Clock, tmp_path: Path):
    with ApiClient(Configuration(refusing, access_token=TOKEN)) as client:
        client.timing = clock.timing
        job = LicenseJob(client, tmp_path / "job.sqlite")
        job.add(ids(60))
        report = job.run()
    assert Counter(states(report).values()) == {"planned": 60}
    assert str(report.stopped).startswith("POST /v2/images/licenses: ")
    assert clock.now - Clock().now >= 1055
