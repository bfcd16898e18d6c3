"""Quirks: habits of the licence history, of a cache in front of it, and of the service's clock."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import urllib3

from shutterstock_api.sandbox import Fault, Quirks, Sandbox

HISTORY = "/v2/images/licenses"


def ids(client: Any, **query: Any) -> list[str]:
    return [entry["id"] for entry in client.get(HISTORY, **query)["data"]]


def license(client: Any, images: int = 1) -> list[str]:
    """License the same image so many times; return the ids of the licences, the newest first."""
    entries = [{"image_id": "17", "editorial_acknowledgement": True}] * images
    return [result["license_id"] for result in client.license(*entries)][::-1]


def test_a_history_that_lags(client: Any, clock: Any) -> None:
    client.sandbox.quirks = Quirks(history_lag=30)
    [before] = ids(client)
    [mine] = license(client)
    clock.now += 29
    assert client.get(HISTORY)["total_count"] == 1
    assert ids(client) == [before]
    assert client.sandbox.licenses()[-1]["id"] == mine
    clock.now += 1
    assert ids(client) == [mine, before]
    assert client.get(HISTORY)["total_count"] == 2


def test_a_sandbox_begins_with_quirks_and_returns_to_them(start: Any) -> None:
    client = start(quirks=Quirks(history_lag=30))
    client.sandbox.quirks = Quirks()
    [mine] = license(client)
    assert mine in ids(client)
    client.sandbox.reset()
    assert client.sandbox.quirks == Quirks(history_lag=30)
    license(client)
    assert len(ids(client)) == 1
    assert Sandbox().quirks == Quirks()


def pages(client: Any, most: int = 9, **query: Any) -> list[list[str]]:
    """The pages of the history up to the first empty one, or as many as are wanted."""
    found = []
    for page in range(1, most + 1):
        found.append(ids(client, page=page, **query))
        if not found[-1]:
            break
    return found


def test_pages_that_are_shorter_than_was_asked_for(client: Any) -> None:
    mine = license(client, 5)
    client.sandbox.quirks = Quirks(history_page=2)
    assert pages(client, image_id="17") == [mine[:2], mine[2:4], mine[4:], []]
    assert pages(client, image_id="17", per_page=1, most=2) == [mine[:1], mine[1:2]]
    body = client.get(HISTORY, image_id="17", per_page=4)
    assert (body["per_page"], body["total_count"]) == (4, 5)


def test_pages_that_repeat_entries(client: Any) -> None:
    a, b, c, d, e = license(client, 5)
    client.sandbox.quirks = Quirks(history_repeats="entries")
    query = {"image_id": "17", "per_page": 3}
    assert pages(client, **query) == [[a, b, c], [c, d, e], [e], []]
    client.sandbox.quirks = Quirks(history_repeats="pages")
    assert pages(client, **query) == [[a, b, c], [a, b, c], [d, e], [d, e], []]
    client.sandbox.quirks = Quirks(history_repeats="last")
    assert pages(client, **query, most=4) == [[a, b, c], [d, e], [d, e], [d, e]]
    assert pages(client, image_id="18", most=3) == [[]]
    assert ids(client, per_page=0, page=3) == []


def test_short_pages_that_repeat_entries(client: Any) -> None:
    a, b, c = license(client, 3)
    client.sandbox.quirks = Quirks(history_page=2, history_repeats="entries")
    assert pages(client, image_id="17") == [[a, b], [b, c], [c], []]
    client.sandbox.quirks = Quirks(history_page=1, history_repeats="entries")
    assert pages(client, image_id="17") == [[a], [b], [c], []]


def test_entries_that_come_in_another_order_each_time(client: Any) -> None:
    mine = license(client, 6)
    client.sandbox.quirks = Quirks(history_shuffled=True)
    orders = [ids(client, image_id="17") for _ in range(5)]
    assert all(sorted(order) == sorted(mine) for order in orders)
    assert len({tuple(order) for order in orders}) == 5
    read = [ids(client, image_id="17", per_page=2, page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in read] == [2, 2, 2, 0]
    assert len({entry for page in read for entry in page}) < 6  # one is on no page, and another one on two


TOTALS = {"missing": None, "page": 2, "high": 7, "text": "3", "words": "many", None: 3}


@pytest.mark.parametrize(("quirk", "total"), TOTALS.items())
def test_totals_that_are_wrong(client: Any, quirk: Any, total: object) -> None:
    license(client, 3)
    client.sandbox.quirks = Quirks(history_total=quirk)
    body = client.get(HISTORY, image_id="17", per_page=2)
    assert body.get("total_count") == total
    assert ("total_count" in body) is (quirk != "missing")
    body = client.get(HISTORY, image_id="17", per_page=2, fields="total_count,data(id)")
    assert body.get("total_count") == total
    assert client.sandbox.violations == []


def date_of(reply: Any) -> float:
    return parsedate_to_datetime(reply.headers["Date"]).timestamp()


def test_a_clock_that_jumps(start: Any, clock: Any) -> None:
    client = start(rate_limit=(10, 60.0))
    client.sandbox.quirks = Quirks(clock_ahead=-3600, history_lag=30)
    reply = client("GET", HISTORY)
    assert date_of(reply) == clock.now - 3600
    assert int(reply.headers["RateLimit-Reset"]) == 1000 * (clock.now - 3600 + 60)
    [result] = client.license({"image_id": "17", "editorial_acknowledgement": True})
    token = client.sandbox.token(lifetime=60)
    client.sandbox.quirks = Quirks(clock_ahead=7200, history_lag=30)
    assert date_of(client("GET", HISTORY)) == clock.now + 7200
    assert client("GET", HISTORY, headers={"Authorization": f"Bearer {token}"}).status == 401
    assert ids(client, image_id="17") == []  # the lag is measured in true seconds
    clock.now += 30
    [entry] = client.get(HISTORY, image_id="17")["data"]
    assert entry["download_time"] == "2023-11-14T21:13:20.000Z"  # an hour behind
    assert client("GET", result["download"]["url"]).status == 200
    client.sandbox.quirks = Quirks(clock_ahead=7 * 3600)
    assert client("GET", result["download"]["url"]).status == 403


def test_a_gateway_whose_clock_is_wrong(client: Any, clock: Any) -> None:
    client.sandbox.quirks = Quirks(date_ahead=300, clock_ahead=20)
    license(client)
    reply = client("GET", HISTORY, image_id="17")
    assert date_of(reply) == clock.now + 320
    assert reply.json["data"][0]["download_time"] == "2023-11-14T22:13:40.000Z"


@pytest.fixture
def read(client: Any) -> Callable[..., Any]:
    """Read the history of an image, always with the same token."""
    token = client.sandbox.token()

    def ask(headers: dict[str, str] | None = None, **query: Any) -> Any:
        sent = {"Authorization": f"Bearer {token}", **(headers or {})}
        return client("GET", HISTORY, headers=sent, **{"image_id": "17", **query})

    return ask


def test_a_cache_that_answers_with_an_old_history(client: Any, clock: Any, read: Callable[..., Any]) -> None:
    client.sandbox.quirks = Quirks(cache=60)
    before = clock.now
    first = read()
    assert (first.json["data"], date_of(first), first.headers.get("Age")) == ([], before, None)
    license(client)
    clock.now += 59.5
    old = read()
    assert (old.json["data"], date_of(old), old.headers["Age"]) == ([], before, "59")
    assert old.headers["X-Sandbox-Request-Id"] != first.headers["X-Sandbox-Request-Id"]
    assert len(read(per_page=7).json["data"]) == 1
    clock.now += 0.5
    assert (len(read().json["data"]), date_of(read())) == (1, before + 60)


@pytest.mark.parametrize(
    "headers", [{"Cache-Control": "no-cache"}, {"Cache-Control": "Max-Age=0"}, {"Pragma": "no-cache"}]
)
def test_a_request_that_wants_no_answer_of_a_cache(
    client: Any, headers: dict[str, str], read: Callable[..., Any]
) -> None:
    client.sandbox.quirks = Quirks(cache=60)
    read()
    license(client)
    assert len(read(headers).json["data"]) == 1
    assert len(read().json["data"]) == 1  # which the cache has kept since
    client.sandbox.quirks = Quirks(cache=60, cache_obeys=False, cache_age=False)
    license(client)
    stubborn = read(headers)
    assert (len(stubborn.json["data"]), stubborn.headers.get("Age")) == (1, None)
    client.sandbox.quirks = Quirks()
    assert len(read().json["data"]) == 2


def test_a_cache_keeps_no_error_nothing_else_and_nothing_after_a_reset(
    client: Any, read: Callable[..., Any]
) -> None:
    client.sandbox.quirks = Quirks(cache=60)
    client.sandbox.faults.add(Fault(status=503), times=1)
    assert read().status == 503
    assert read().headers.get("Age") is None
    assert read({"Authorization": "Bearer wrong"}).status == 401
    assert read({"Authorization": "Bearer wrong"}).headers.get("Age") is None
    headers = {"Authorization": f"Bearer {client.sandbox.token()}"}
    assert [client("GET", "/v2/images/17", headers=headers).headers.get("Age") for _ in "12"] == [None, None]
    license(client)
    client.sandbox.reset()
    client.sandbox.quirks = Quirks(cache=60)
    assert read().headers.get("Age") is None


def test_an_answer_of_a_cache_can_meet_a_fault(client: Any, read: Callable[..., Any]) -> None:
    client.sandbox.quirks = Quirks(cache=60)
    client.sandbox.faults.add(Fault(truncate=5), times=2)
    for _ in "12":  # the answer that is kept, and the same again
        with pytest.raises(urllib3.exceptions.HTTPError):
            read()
    assert (read().headers["Age"], read().json["data"]) == ("0", [])


@pytest.mark.parametrize("wrong", [{"history_page": 0}, {"history_repeats": "all"}, {"history_total": 3}])
def test_quirks_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))}="):
        Quirks(**wrong)
