"""Clocks that are wrong or set, and stores on the way: a job waits longer, and buys nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from email.utils import formatdate

import pytest
from license_service import Entries, Make, Service, lost, no_history, nothing, states
from scripted_server import HANG_UP, Clock, Request, answer

from shutterstock_api import ApiClient

JUMPS = [-1e6, -3600, -90, 90, 3600, 1e6]
NO_METADATA = [("license_job", False), ("license_job", True), (None, True)]


def hide(service: Service) -> None:
    """Let the history show no metadata."""
    real = service.shown
    service.shown = lambda query: [{**entry, "metadata": None} for entry in real(query)]


def served(service: Service, then: Callable[[], None]) -> None:
    """Lose the answer to the next request, and then something happens."""

    def act(service: Service, images: Entries) -> bytes:
        service.sell(images)
        then()
        return HANG_UP

    service.acts = iter([act])


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize(("marker", "hidden"), NO_METADATA)
def test_our_clock_is_set_after_a_request(
    make: Make, service: Service, clock: Clock, jump: float, marker: str | None, hidden: bool
):
    service.delay = 300
    if hidden:
        hide(service)
    served(service, lambda: setattr(clock, "wrong", jump))
    report = make("1", marker=marker).run()
    assert (len(service.bodies), service.sold) == (1, Counter("1"))
    assert hidden or states(report) == {"1": "licensed"}


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("wait", [10, 700, 7200])
@pytest.mark.parametrize(("marker", "hidden"), NO_METADATA)
def test_our_clock_was_wrong_in_the_run_before(
    make: Make, service: Service, clock: Clock, jump: float, wait: float, marker: str | None, hidden: bool
):
    service.delay = 550
    if hidden:
        hide(service)
    clock.wrong = jump
    served(service, lambda: None)
    service.history = no_history(service)
    job = make("1", marker=marker)
    job.run()
    clock.wrong = 0
    clock.now += wait
    service.history = lambda request: None
    job.run()
    job.run()
    assert (len(service.bodies), service.sold) == (1, Counter("1"))


@pytest.mark.parametrize("ahead", JUMPS)
@pytest.mark.parametrize(("marker", "hidden"), NO_METADATA)
def test_the_clock_of_the_service_is_set_after_a_request(
    make: Make, service: Service, clock: Clock, ahead: float, marker: str | None, hidden: bool
):
    service.delay = 300
    if hidden:
        hide(service)
    served(service, lambda: setattr(service, "ahead", ahead))
    make("1", marker=marker).run()
    assert (len(service.bodies), service.sold) == (1, Counter("1"))


@pytest.mark.parametrize("ahead", JUMPS)
def test_the_clock_of_the_service_is_set_between_runs(
    make: Make, service: Service, clock: Clock, ahead: float
):
    """Our clock tells that it has not been long, or the other way round: the later counts."""
    service.delay = 5000
    service.acts = iter([lost])
    job = make("1")
    service.history = no_history(service)
    job.run()
    service.history = lambda request: None
    for now, then in ((ahead, 0.0), (0.0, ahead)):
        service.ahead, clock.wrong = now, then
        assert states(job.run(dry_run=True)) == {"1": "unknown"}
    assert service.sold == Counter("1")


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("ahead", JUMPS)
def test_both_clocks_are_set_after_a_look(
    make: Make, service: Service, client: ApiClient, clock: Clock, jump: float, ahead: float
):
    service.delay = 550

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        clock.wrong, service.ahead = jump, ahead

    client.timing = clock.timing._replace(sleep=sleep)
    service.acts = iter([lost])
    report = make("1").run()
    assert (states(report), len(service.bodies), service.sold) == ({"1": "licensed"}, 1, Counter("1"))


@pytest.mark.parametrize("ahead", JUMPS)
@pytest.mark.parametrize("ours", [False, True])
def test_what_was_not_bought_is_bought_in_spite_of_a_wrong_clock(
    make: Make, service: Service, clock: Clock, ahead: float, ours: bool
):
    if ours:
        clock.wrong = ahead
    else:
        service.ahead = ahead
    service.acts = iter([nothing])
    before = clock.now
    assert states(make("1").run()) == {"1": "licensed"}
    assert (len(service.bodies), service.sold) == (2, Counter("1"))
    assert clock.now - before < 700


def stored(service: Service, age: bool) -> None:
    """Put a store before the service that keeps its first answers for good, however the addresses differ."""
    kept: dict[str, bytes] = {}

    def history(request: Request) -> bytes:
        page = dict(request.query)["page"]
        if page not in kept:
            kept[page] = service.page(dict(request.query))
            return kept[page]
        more = b"Age: 30\r\n" if age else b""
        head, _, body = kept[page].partition(b"\r\n\r\n")
        return head + b"\r\n" + more + b"\r\n" + body

    service.history = history


@pytest.mark.parametrize("age", [True, False])
@pytest.mark.parametrize("marker", ["license_job", None])
def test_a_store_tells_nothing(make: Make, service: Service, clock: Clock, age: bool, marker: str | None):
    stored(service, age)
    service.delay = 30
    service.acts = iter([lost])
    job = make("1", marker=marker)
    for _ in range(3):
        assert states(job.run()) == {"1": "unknown"}
        clock.now += 7200
    assert len(service.bodies) == 1
    service.history = lambda request: None
    job.run()
    assert service.sold == Counter("1")


def test_no_store_has_an_answer_to_an_address_of_its_own(make: Make, service: Service):
    kept: dict[str, bytes] = {}
    service.history = lambda request: kept.setdefault(request.target, service.page(dict(request.query)))
    service.delay = 30
    service.acts = iter([lost])
    assert states(make("1").run()) == {"1": "licensed"}
    assert service.sold == Counter("1")


def test_a_store_that_says_how_old_it_is_hides_no_licence(make: Make, service: Service):
    service.history = lambda request: service.page(dict(request.query)).replace(b"\r\n", b"\r\nAge: 5\r\n", 1)
    service.acts = iter([lost])
    assert states(make("1").run()) == {"1": "licensed"}


def test_a_store_does_not_tell_that_there_is_nothing_to_reuse(make: Make, service: Service):
    service.sell([{"image_id": "1"}])
    service.history = lambda request: answer(200, {"data": []}, Age="9", Date=formatdate(1.8e9))
    report = make("1").run(reuse_existing=True)
    assert (states(report), service.bodies) == ({"1": "planned"}, [])
    assert str(report.stopped).endswith("a store on the way has answered for image 1")


@pytest.mark.parametrize("total", [0, 9])  # the whole history is read, or that of each image
def test_a_store_that_does_not_say_so_hides_no_licence_to_reuse(make: Make, service: Service, total: int):
    service.sell([{"image_id": "1"}] * (1 + 300 * total))
    old = answer(200, {"data": []}, Date=formatdate(1.8e9))
    service.history = lambda request: None if "start_date" in request.target else old
    report = make("1").run(reuse_existing=True)
    assert (states(report), service.bodies) == ({"1": "licensed"}, [])


def test_an_end_that_cannot_be_found_does_not_tell_either(make: Make, service: Service):
    service.history = lambda request: answer(200, {"data": [], "total_count": 3}, Date=formatdate(1.8e9))
    report = make("1").run(reuse_existing=True)
    assert (states(report), service.bodies) == ({"1": "planned"}, [])
    assert str(report.stopped).endswith("its end cannot be found for image 1")
