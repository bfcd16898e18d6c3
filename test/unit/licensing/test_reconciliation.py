"""What the licence history says about a request in doubt."""

from __future__ import annotations

import itertools
from email.utils import formatdate
from typing import Any

import pytest
from license_calls import LATE, LICENSED, MARK, NOT, ONE, SOON, UNKNOWN, entry, paged, shown, unknown
from scripted_server import HANG_UP, Clock, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiValueError,
    DecodeError,
    ForbiddenError,
    ImagesApi,
    LicenseOutcomeUnknown,
)
from shutterstock_api.licensing import history, reconciliation

LONG_AGO = 2 * 86400 + 1


@pytest.mark.parametrize(
    ("given", "found", "soon", "late"),
    [
        # the history is empty, or has nothing that could be meant
        (None, [], UNKNOWN, NOT),
        (MARK, [], UNKNOWN, NOT),
        (None, [entry(after=-LONG_AGO)], UNKNOWN, NOT),
        (MARK, [entry(after=-LONG_AGO, metadata=MARK)], UNKNOWN, NOT),
        (None, [entry(image="2")], UNKNOWN, NOT),
        (MARK, [entry(metadata={"customer_id": "other"})], UNKNOWN, NOT),
        # exactly one that must be meant
        (None, [entry()], LICENSED, LICENSED),
        (None, [entry(after=0)], LICENSED, LICENSED),
        (None, [entry(metadata={})], LICENSED, LICENSED),
        (MARK, [entry(metadata=MARK)], LICENSED, LICENSED),
        (MARK, [entry("L0", metadata={"customer_id": "x"}), entry(metadata=MARK)], LICENSED, LICENSED),
        # one that may be meant or not: an older licence is not mistaken for ours
        (None, [entry(after=-60)], UNKNOWN, UNKNOWN),
        (None, [entry(after=-86400)], UNKNOWN, UNKNOWN),  # our clock may have been wrong
        (None, [entry(after=660)], UNKNOWN, UNKNOWN),  # somebody may have bought it later
        (MARK, [entry(metadata=MARK), entry("L2", metadata=MARK)], UNKNOWN, UNKNOWN),
        (MARK, [entry(after=-60, metadata=MARK)], UNKNOWN, UNKNOWN),  # metadata may be that of every request
        ({"job": "a long text"}, [entry(metadata={"job": "a long"})], UNKNOWN, UNKNOWN),
        (None, [entry(after=None)], UNKNOWN, UNKNOWN),
        (None, [entry(metadata=MARK)], UNKNOWN, UNKNOWN),
        (None, [entry("L1"), entry("L2")], UNKNOWN, UNKNOWN),
        (None, [entry("L0", -60), entry("L1")], UNKNOWN, UNKNOWN),
        (MARK, [entry()], UNKNOWN, UNKNOWN),
        (MARK, [entry(metadata={})], UNKNOWN, UNKNOWN),
        (MARK, [entry(metadata={**MARK, "added": "by the service"})], UNKNOWN, UNKNOWN),
        ({"count": 3}, [entry(metadata={"count": "3"})], UNKNOWN, UNKNOWN),
        ({"rush": True}, [entry(metadata={"rush": "true"})], UNKNOWN, UNKNOWN),
        ({"job": "A "}, [entry(metadata={"job": "a"})], UNKNOWN, UNKNOWN),
        ({"job": {"id": 1}}, [entry(metadata={"job": '{"id": 1}'})], UNKNOWN, UNKNOWN),
        (None, [{**entry(), "image": {"id": 1}}], LICENSED, LICENSED),
        # what cannot be read is not taken for an answer
        (None, [{"id": "L1", "image": {"id": "1"}, "download_time": "yesterday"}], UNKNOWN, UNKNOWN),
        (None, [entry(metadata="text")], UNKNOWN, UNKNOWN),
    ],
)
@pytest.mark.parametrize("waited", [SOON, LATE])
def test_reconcile(
    api: ImagesApi,
    server: Server,
    clock: Clock,
    waited: float,
    given: Any,
    found: Any,
    soon: str,
    late: str,
) -> None:
    server.answers(HANG_UP, *[shown(clock, *found)] * 2)
    error = unknown(api, {"images": [{"image_id": "1", **({"metadata": given} if given else {})}]})
    clock.now += waited
    result = error.reconcile()
    assert {name: list(value) for name, value in result._asdict().items() if value} == {
        (soon if waited == SOON else late): ["1"]
    }
    assert [request.verb for request in server.requests] == ["POST", "GET", *["GET"] * bool(found)]


def test_the_same_image_for_two_orders(api: ImagesApi, server: Server, clock: Clock) -> None:
    orders = [{"image_id": "1", "metadata": {"job": job}} for job in ("A", "B")]
    server.answers(HANG_UP, *[shown(clock, entry(metadata={"job": "A"}))] * 2)
    error = unknown(api, {"images": orders})
    clock.now += LATE
    assert error.reconcile().unknown == ["1"]


def test_the_history_settles_from_the_doubt_on(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(429, Retry_After="700"), answer(500), answer(200, {"data": []}))
    error = unknown(api, {"images": [{"image_id": "1"}]}, _max_retry_wait=1000)
    assert (error.doubtful_since - error.sent_at).total_seconds() == 701  # type: ignore[operator]
    assert error.reconcile().unknown == ["1"]


@pytest.mark.parametrize(("waited", "outcome"), [(600, UNKNOWN), (600.001, NOT)])
def test_when_the_history_has_settled(
    api: ImagesApi, server: Server, clock: Clock, waited: float, outcome: str
) -> None:
    server.answers(answer(500), shown(clock))
    error = unknown(api, {"images": [{"image_id": "1"}]})
    clock.now += waited
    assert getattr(error.reconcile(), outcome) == ["1"]


def test_what_was_licensed_is_told(api: ImagesApi, server: Server, clock: Clock) -> None:
    found = shown(clock, entry("L7", metadata=MARK))
    server.answers(answer(500), found, found, shown(clock))
    result = unknown(api).reconcile()
    assert [licence.id for licence in result.licensed["1"]] == ["L7"]
    assert (result.not_licensed, result.unknown) == ([], ["2"])


@pytest.mark.parametrize(("hours", "outcome"), [(0, UNKNOWN), (-5, UNKNOWN), (13, UNKNOWN), (-63, NOT)])
def test_a_time_without_zone_may_be_of_any(
    api: ImagesApi, server: Server, clock: Clock, hours: float, outcome: str
) -> None:
    made = entry(after=hours * 3600)
    made["download_time"] = made["download_time"].replace("+00:00", "")
    server.answers(answer(500), *[shown(clock, made)] * 2)
    error = unknown(api, {"images": [{"image_id": "1"}]})
    clock.now += LATE
    assert list(getattr(error.reconcile(), outcome)) == ["1"]


@pytest.mark.parametrize("ahead", [-86400, -180, -3, 0, 3, 180, 86400])
@pytest.mark.parametrize("served", [True, False])
def test_clocks_that_differ(api: ImagesApi, server: Server, clock: Clock, ahead: float, served: bool) -> None:
    """Nobody knows which of them is right: a licence is ours where it is by both, and is never overlooked."""
    found = shown(clock, *[entry(after=ahead + 1)] * served, ahead=ahead)
    server.answers(answer(500, Date=formatdate(clock.now + ahead, usegmt=True)), *[found] * 2)
    error = unknown(api, ONE)
    clock.now += LATE
    expected = (LICENSED if -3 <= ahead <= 180 else UNKNOWN) if served else NOT
    assert list(getattr(error.reconcile(), expected)) == ["1"]


@pytest.mark.parametrize("date", [None, "yesterday", "Fri, 99 Foo 2026 00:00:00 GMT"])
def test_a_service_that_tells_no_time_rules_nothing_out(
    api: ImagesApi, server: Server, clock: Clock, date: str | None
) -> None:
    more = {} if date is None else {"Date": date}
    pages = [answer(200, {"data": data}, **more) for data in ([], [entry()], [])]
    server.answers(answer(500), *pages)
    error = unknown(api, ONE)
    clock.now += LATE
    assert error.reconcile().unknown == ["1"]
    assert list(error.reconcile().licensed) == ["1"]


def test_short_pages_are_not_the_end(api: ImagesApi, server: Server, clock: Clock) -> None:
    others = [entry(f"M{number}", image="9") for number in range(60)]
    found = paged(clock, others[:50], [*others[50:], entry()], total_count=61)
    server.answers(answer(500), *[found] * 3)
    assert list(unknown(api, ONE).reconcile().licensed) == ["1"]


@pytest.mark.parametrize("letters", [itertools.cycle("AB"), itertools.count()])
def test_a_history_without_end(
    api: ImagesApi, server: Server, clock: Clock, letters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGES", 9)

    def page(request: Request) -> bytes:
        letter = next(letters)
        data = [entry(f"{letter}-{number}", image="9") for number in range(200)]
        return answer(200, {"data": data}, Date=formatdate(clock.now, usegmt=True))

    server.always(lambda request: answer(500) if request.verb == "POST" else page(request))
    error = unknown(api, ONE)
    clock.now += LATE
    assert error.reconcile().unknown == ["1"]


def test_a_request_without_images_cannot_be_looked_up(client: ApiClient, server: Server) -> None:
    server.answers(answer(503))
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        client.request("POST", "/v2/fonts/licenses", body={"fonts": [{"font_id": "9"}]})
    with pytest.raises(ApiValueError, match="named no items"):
        caught.value.reconcile()


def test_metadata_of_any_kind(client: ApiClient, server: Server, clock: Clock) -> None:
    server.answers(answer(503), *[shown(clock, entry())] * 2)
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        client.request("POST", "/v2/images/licenses", body={"images": [{"image_id": "1", "metadata": "x"}]})
    assert list(caught.value.reconcile().licensed) == ["1"]


def test_a_history_in_whole_seconds(api: ImagesApi, server: Server, clock: Clock) -> None:
    clock.now += 0.75
    server.answers(answer(500), *[shown(clock, entry(after=0))] * 2)
    assert list(unknown(api, {"images": [{"image_id": "1"}]}).reconcile().licensed) == ["1"]


@pytest.mark.parametrize(("found", "outcome"), [(0, NOT), (1, UNKNOWN), (2, LICENSED), (3, UNKNOWN)])
def test_an_image_asked_for_twice(
    api: ImagesApi, server: Server, clock: Clock, found: int, outcome: str
) -> None:
    server.answers(answer(500), *[shown(clock, *(entry(f"L{number}") for number in range(found)))] * 2)
    error = unknown(api, {"images": [{"image_id": "1"}, {"image_id": "1"}]})
    clock.now += LATE
    assert list(getattr(error.reconcile(), outcome)) == ["1"]
    assert len(server.requests) == 2 + (found > 0)


def test_what_the_history_is_asked(api: ImagesApi, server: Server) -> None:
    server.answers(answer(500), answer(200, {"data": []}), answer(200, {"data": []}))
    unknown(api).reconcile()
    asked = [dict(request.query) for request in server.requests[1:]]
    assert asked == [{"image_id": image_id, "page": "1", "per_page": "200"} for image_id in ("1", "2")]
    assert {request.headers["cache-control"] for request in server.requests[1:]} == {"no-cache"}


def test_pages(api: ImagesApi, server: Server, clock: Clock) -> None:
    found = paged(clock, [entry(f"L{number}", image="9") for number in range(200)], [entry("L200")])
    server.answers(answer(500), *[found] * 3)
    result = unknown(api, {"images": [{"image_id": "1"}]}).reconcile()
    assert [licence.id for licence in result.licensed["1"]] == ["L200"]
    assert [dict(request.query)["page"] for request in server.requests[1:]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "try later"},
        {"data": None},
        {"data": [], "errors": [{"message": "half of it is missing"}]},
        {"data": ["text"]},
        {"data": "text"},
        {"data": {"id": "L1"}},
    ],
)
def test_an_unreadable_history_says_nothing_about_licences(
    api: ImagesApi, server: Server, clock: Clock, body: Any
) -> None:
    replies = iter([answer(500)])
    server.always(lambda request: next(replies, answer(200, body)))
    error = unknown(api, {"images": [{"image_id": "1"}]})
    clock.now += LATE
    with pytest.raises(DecodeError):
        error.reconcile()


def test_no_right_to_look(api: ImagesApi, server: Server) -> None:
    def by_verb(request: Request) -> bytes:
        return answer(500) if request.verb == "POST" else answer(403, {"message": "m"})

    server.always(by_verb)
    with pytest.raises(ForbiddenError, match="scope licenses.view"):
        unknown(api).reconcile()


@pytest.mark.parametrize("total", [None, 200])
def test_a_history_that_repeats_itself_has_no_end(
    api: ImagesApi, server: Server, clock: Clock, total: int | None
) -> None:
    page = {"data": [entry(f"L{number}", image="9") for number in range(200)], "total_count": total}
    replies = iter([answer(500)])
    date = formatdate(clock.now + LATE, usegmt=True)
    server.always(lambda request: next(replies, answer(200, page, Date=date)))
    error = unknown(api, ONE)
    clock.now += LATE
    assert error.reconcile().unknown == ["1"]


def test_another_time(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(500), *[shown(clock)] * 2)
    error = unknown(api, ONE)
    clock.now += 61
    assert reconciliation.reconcile(error, api.api_client).unknown == ["1"]
    assert reconciliation.reconcile(error, api.api_client, 60).not_licensed == ["1"]
