"""The licence history is read to its real end, or not taken for whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import formatdate
from random import Random
from typing import Any

import pytest
from license_calls import paged
from scripted_server import Clock, Request, Server, answer

from shutterstock_api import ApiClient, BadRequestError, DecodeError
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.licensing import history
from shutterstock_api.licensing.history import LicenseHistory
from shutterstock_api.licensing.moments import this_moment
from shutterstock_api.licensing.reconciliation import Doubt, look_up


def licences(*ids: str) -> list[dict[str, str]]:
    return [{"id": id} for id in ids]


def reading(client: ApiClient) -> tuple[str, bool]:
    """Return the ids that are read, and whether that is the whole history."""
    found = LicenseHistory(client, IMAGES, {"image_id": "1"})
    entries = [entry.id for page in found for entry in page]
    return "".join(map(str, entries)), found.whole


@pytest.mark.parametrize(
    ("pages", "total", "found", "whole"),
    [
        ([], None, "", True),
        ([], 0, "", True),
        ([], "0", "", True),
        ([], 1, "", False),
        ([], "1", "", False),
        ([], 1.0, "", False),
        (["ABC"], None, "ABC", True),
        (["ABC"], 3, "ABC", True),
        (["ABC"], 4, "ABC", False),
        (["ABC"], "many", "ABC", True),
        (["ABC"], [3], "ABC", True),
        (["AB", "C"], 2, "ABC", True),  # it counts the page
        (["A", "B", "C"], 1, "ABC", True),
        (["A", "B", "C"], None, "ABC", True),
        # some come again: only a number that counts no single page proves that nothing is missing
        (["AB", "BC", "CD"], 4, "ABCD", True),
        (["ABC", "BCD"], 4, "ABCD", True),
        (["AB", "AB", "CD", "CD"], 4, "ABCD", True),
        # another order: something may be missing
        (["AB", "AC"], None, "ABC", False),
        (["ABC", "CBD"], None, "ABCD", False),
        (["AB", "CA"], None, "ABC", False),
        (["AB", "CB"], 4, "ABC", False),
    ],
)
def test_the_end(
    client: ApiClient, server: Server, clock: Clock, pages: Any, total: Any, found: str, whole: bool
):
    server.always(paged(clock, *(licences(*page) for page in pages), total_count=total))
    assert reading(client) == (found, whole)


def a_history(dice: Random, total: str) -> tuple[Callable[[Request], bytes], int]:
    """Return a history in another order in each answer, whose `total_count` is wrong so, and its length."""
    entries = licences(*"ABCDE"[: dice.randint(1, 5)])
    size = dice.randint(1, 3)
    true = len(entries)

    def page(request: Request) -> bytes:
        number = int(dict(request.query)["page"])
        data = dice.sample(entries, true)[(number - 1) * size : number * size]
        told = {"missing": None, "page": len(data), "high": 2 * true + 1, "words": "many", "text": str(true)}
        return answer(200, {"data": data, "total_count": told[total]})

    return page, true


@pytest.mark.parametrize("total", ["missing", "page", "high", "words", "text"])
def test_what_is_whole_lacks_nothing_in_whatever_order_it_comes(
    client: ApiClient, server: Server, total: str
):
    read = [reading_once(client, server, *a_history(Random(seed), total)) for seed in range(150)]
    assert all(found == true for found, true, whole in read if whole)
    assert {whole for *_, whole in read} == ({False} if total == "high" else {True, False})


def reading_once(
    client: ApiClient, server: Server, page: Callable[[Request], bytes], true: int
) -> tuple[int, int, bool]:
    server.always(page)
    found, whole = reading(client)
    return len(found), true, whole


def pages_for_ever(clock: Clock, ids: Callable[[int], str]) -> Callable[[Request], bytes]:
    def page(request: Request) -> bytes:
        data = licences(*ids(int(dict(request.query)["page"])))
        return answer(200, {"data": data, "total_count": 2}, Date=formatdate(clock.now))

    return page


def test_a_last_page_for_ever(client: ApiClient, server: Server, clock: Clock):
    server.always(pages_for_ever(clock, lambda number: "A" if number == 1 else "B"))
    assert reading(client) == ("AB", False)
    assert len(server.requests) == 3 * 5


def test_new_entries_for_ever(
    client: ApiClient, server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(history, "PAGES", 4)
    server.always(pages_for_ever(clock, lambda number: chr(64 + number)))
    assert reading(client) == ("ABCD", False)


def test_what_shifts_meanwhile_is_read_once_more(client: ApiClient, server: Server, clock: Clock):
    answers: Iterator[str] = iter(["AB", "AC", "", "AB", "CD", ""])
    server.always(lambda _: answer(200, {"data": licences(*next(answers))}, Date=formatdate(clock.now)))
    assert reading(client) == ("ABCD", True)
    assert next(answers, None) is None


def test_entries_without_id_are_all_different(client: ApiClient, server: Server, clock: Clock):
    server.always(paged(clock, [{}, {}], [{}]))
    assert reading(client) == ("NoneNoneNone", True)


def test_a_licence_that_was_downloaded_twice(client: ApiClient, server: Server, clock: Clock):
    twice = [{"id": "A", "download_time": f"2027-01-15T08:00:0{second}Z"} for second in range(2)]
    server.always(paged(clock, twice, total_count=2))
    assert reading(client) == ("AA", True)


@pytest.mark.parametrize(
    ("headers", "service", "stored"),
    [
        ([{}, {}], 0, False),
        ([{}, {"Age": "0"}], 0, False),
        ([{}, {"Age": "30"}], None, True),
        ([{"Age": "30"}, {}], None, True),
        ([{}, {"Date": "gone"}], None, False),
        ([{}, {"Date": "Fri, 15 Jan 2027 07:00:00 GMT"}], -3600, False),
    ],
)
def test_what_is_known_of_its_time(
    client: ApiClient, server: Server, clock: Clock, headers: Any, service: float | None, stored: bool
):
    told = iter(headers)

    def page(request: Request) -> bytes:
        data = licences("A") if request.target.endswith("page=1&per_page=200") else []
        return answer(200, {"data": data}, **{"Date": formatdate(clock.now), **next(told)})

    server.always(page)
    found = LicenseHistory(client, IMAGES, {"image_id": "1"})
    assert len(list(found)) == 2 - 1
    assert found.asked.service == (None if service is None else clock.now + service)
    assert found.stored is stored
    assert {request.headers["cache-control"] for request in server.requests} == {"no-cache"}


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": "text"}, {"data": [], "errors": [{"message": "m"}]}]
)
def test_what_cannot_be_read(client: ApiClient, server: Server, body: Any):
    server.always(answer(200, body))
    with pytest.raises(DecodeError, match="cannot be read"):
        reading(client)


@pytest.mark.parametrize(("total", "count"), [(7, 7), ("7", 7), (None, 0), ("many", 0), (1e999, 0), (7.0, 7)])
def test_how_many_there_are(client: ApiClient, server: Server, total: Any, count: int):
    body = '{"data": [], "total_count": %s}' % ("1e999" if total == 1e999 else repr(total).replace("'", '"'))
    server.always(answer(200, body.replace("None", "null")))
    assert LicenseHistory(client, IMAGES, {}).count() == count


def test_an_address_of_its_own(client: ApiClient, server: Server, clock: Clock):
    """Its filter is before anything that the service can have sold, and the same on all pages."""
    server.always(paged(clock, licences("A")))
    for _ in range(2):
        assert list(LicenseHistory(client, IMAGES, {"image_id": "1"}, anew=True))
    since = [dict(request.query)["start_date"] for request in server.requests]
    assert since[0] == since[1] != since[2] == since[3]
    assert all("2000-" <= moment < "2003-" for moment in since)


def test_a_service_that_takes_no_time_so_long_ago(client: ApiClient, server: Server, clock: Clock):
    real = paged(clock, licences("A"))
    server.always(lambda request: answer(400) if "start_date" in request.target else real(request))
    found = LicenseHistory(client, IMAGES, {"image_id": "1"}, anew=True)
    assert [entry.id for page in found for entry in page] == ["A"]
    assert len(server.requests) == 3


@pytest.mark.parametrize("takes", [True, False])
@pytest.mark.parametrize("settled", [True, False])
def test_a_store_does_not_tell_when_the_history_was_seen(
    client: ApiClient, server: Server, clock: Clock, takes: bool, settled: bool
):
    """It keeps the usual address, to which the second look goes, or the service takes no other one."""
    kept: dict[str, bytes] = {}
    fresh = paged(clock)

    def store(request: Request) -> bytes:
        if "start_date" in request.target:
            return fresh(request) if takes else answer(400)
        return kept.setdefault(request.target, fresh(request))

    server.always(store)
    assert list(LicenseHistory(client, IMAGES, {"image_id": "1"})) == []
    since = this_moment(client.timing)
    clock.now += 3600
    doubt = Doubt("1", [{}], None, since, [since])
    seen = look_up(client, IMAGES, doubt, 600 if settled else 7200).seen.service
    assert seen == (clock.now if takes and not settled else None)


def test_a_refusal_is_one(client: ApiClient, server: Server, clock: Clock):
    server.always(answer(400))
    for anew in (False, True):
        with pytest.raises(BadRequestError):
            list(LicenseHistory(client, IMAGES, {}, anew))
    assert len(server.requests) == 1 + 2
