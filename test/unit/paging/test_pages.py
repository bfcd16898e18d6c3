"""Lists in pages: their sizes, their end, what comes again."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from paged_lists import asked, broken, catalogue, ids, rows, service
from scripted_server import Server, answer

from shutterstock_api import Image, ImagesApi, ImageSearchResults, paginate
from shutterstock_api.paging.repeats import RECENT

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


# Lazily, with the sizes that are needed.


def test_nothing_is_sent_before_the_first_item_and_nothing_beyond_what_is_taken(
    api: ImagesApi, server: Server
) -> None:
    service(server, catalogue(30))
    found = paginate(api.search_images, query="cat", per_page=10)
    items = iter(found)
    assert server.requests == []
    first = next(items)
    assert (type(first), first.id) == (Image, "0")
    assert len(server.requests) == 1
    assert ids([next(items) for _ in range(9)]) == list(range(1, 10))
    assert len(server.requests) == 1
    assert next(items).id == "10"
    assert asked(server) == [("1", "10"), ("2", "10")]
    assert dict(server.requests[1].query)["query"] == "cat"


def test_each_iteration_starts_afresh(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(4))
    found = paginate(api.search_images, per_page=2)
    assert ids(found) == ids(found) == [0, 1, 2, 3]
    assert len(server.requests) == 4
    assert "search_images" in repr(found)


def test_pages_are_the_answers(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(3))
    pages = list(paginate(api.search_images, per_page=2).pages())
    assert [type(page) for page in pages] == [ImageSearchResults] * 2
    assert [(page.page, page.total_count, ids(page.data)) for page in pages] == [(1, 3, [0, 1]), (2, 3, [2])]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, [("1", "500"), ("2", "500"), ("3", "500")]),
        ({"limit": 5}, [("1", "5")]),
        ({"limit": 500}, [("1", "500")]),
        ({"limit": 1000}, [("1", "500"), ("2", "500")]),
        ({"limit": 501}, [("1", "251"), ("2", "251")]),
        ({"limit": 1200}, [("1", "400"), ("2", "400"), ("3", "400")]),
        ({"limit": 25, "per_page": 10}, [("1", "10"), ("2", "10"), ("3", "10")]),
        ({"limit": 7, "per_page": 10}, [("1", "7")]),
        ({"limit": 5, "page": 3}, [("3", "500")]),
        ({"limit": 5, "page": 3, "per_page": 2}, [("3", "2"), ("4", "2"), ("5", "2")]),
        ({"page": 3}, [("3", "500")]),
        ({"limit": 0}, []),
        ({"limit": None, "page": None, "per_page": None}, [("1", "500"), ("2", "500"), ("3", "500")]),
    ],
)
def test_how_much_is_asked_for(
    api: ImagesApi, server: Server, arguments: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    service(server, catalogue(1300))
    start = ((arguments.get("page") or 1) - 1) * (arguments.get("per_page") or 500)
    limit = arguments.get("limit")
    assert ids(paginate(api.search_images, **arguments)) == list(
        range(start, 1300 if limit is None else start + limit)
    )
    assert asked(server) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "size"),
    [
        ("get_lightbox_list", (), 150),
        ("get_lightbox_items", ("7",), 150),
        ("get_featured_lightbox_items", ("7",), 150),
        ("get_image_license_list", (), 200),
        ("get_similar_images", ("7",), 500),
        ("get_updated_images", (), 2000),
        ("search_images", (), 500),
    ],
)
def test_every_operation_with_pages(
    api: ImagesApi, server: Server, name: str, arguments: tuple[str, ...], size: int
) -> None:
    service(server, catalogue(size + 1))
    assert ids(paginate(getattr(api, name), *arguments)) == list(range(size + 1))
    assert asked(server) == [("1", str(size)), ("2", str(size))]


def test_no_operation_with_pages_is_missing_here() -> None:
    paged = {name for name, operation in ImagesApi.operations.items() if operation.pages}
    row = next(
        mark.args[1]
        for mark in test_every_operation_with_pages.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    )
    assert paged == {name for name, *_ in row} | {"bulk_search_images"}


def test_of_a_bulk_search_each_search_goes_on_to_its_end(api: ImagesApi, server: Server) -> None:
    def make(page: int, size: int) -> dict[str, Any]:
        return {"results": [catalogue(45)(page, size), catalogue(5)(page, size)]}

    service(server, make)
    results = list(paginate(api.bulk_search_images, [{"query": "cat"}, {"query": "dog"}]))
    assert [ids(result.data) for result in results] == [
        list(range(20)),
        list(range(5)),
        list(range(20, 40)),
        [],
        list(range(40, 45)),
        [],
    ]
    assert asked(server) == [("1", "20"), ("2", "20"), ("3", "20")]
    assert [request.json for request in server.requests] == [[{"query": "cat"}, {"query": "dog"}]] * 3
    assert len(list(paginate(api.bulk_search_images, [{"query": "cat"}], limit=3))) == 3
    assert asked(server)[3:] == [("1", "20"), ("2", "20")]  # the limit counts results of a search, not images


def test_a_bulk_search_of_nothing_ends(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {"results": []}))
    assert list(paginate(api.bulk_search_images, [])) == []


def test_options_hold_for_each_page(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(4))
    found = paginate(api.search_images, per_page=2, _headers={"X-Trace": "1"}, _request_timeout=5, _retries=0)
    assert len(list(found)) == 4
    assert [request.headers["x-trace"] for request in server.requests] == ["1", "1"]


# The end.


@pytest.mark.parametrize("lost", [(), (3,), (9,), (4, 5, 6, 7)])
def test_a_short_page_is_not_the_end(api: ImagesApi, server: Server, lost: tuple[int, ...]) -> None:
    service(server, catalogue(10, lost=lost))
    expected = [number for number in range(10) if number not in lost]
    if lost == (4, 5, 6, 7):  # a whole page that is empty is the end
        expected = [0, 1, 2, 3]
    assert ids(paginate(api.search_images, per_page=4)) == expected
    assert len(server.requests) == (2 if len(lost) == 4 else 3)


def test_without_a_total_an_empty_page_is_the_end(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(5, told=False))
    assert ids(paginate(api.search_images, per_page=2)) == [0, 1, 2, 3, 4]
    assert len(server.requests) == 4


def test_nothing_found(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(0))
    found = paginate(api.search_images, query="cat")
    assert list(found) == []
    assert list(found.pages()) == []


@pytest.mark.parametrize("total", [0, 2, "many", None, True, -1])
def test_a_total_that_cannot_be_is_not_believed(api: ImagesApi, server: Server, total: Any) -> None:
    service(server, lambda page, size: {**catalogue(6)(page, size), "total_count": total})
    assert ids(paginate(api.search_images, per_page=3)) == list(range(6))


def test_a_service_that_gives_less_at_once_than_asked_for(api: ImagesApi, server: Server) -> None:
    service(server, lambda page, size: catalogue(70)(page, min(size, 20)))
    assert ids(paginate(api.search_images)) == list(range(70))
    assert len(server.requests) == 4


def test_a_service_that_gives_less_and_does_not_say_so(api: ImagesApi, server: Server) -> None:
    def make(page: int, size: int) -> dict[str, Any]:
        return {**catalogue(70, told=False)(page, 20), "total_count": 70}

    service(server, make)
    assert ids(paginate(api.search_images)) == list(range(70))


def test_a_total_that_shrinks_meanwhile(api: ImagesApi, server: Server) -> None:
    service(server, lambda page, size: catalogue(12 - page)(page, size))
    assert ids(paginate(api.search_images, per_page=5)) == list(range(10))


# What comes again.


def test_what_has_moved_to_a_later_page_comes_once(api: ImagesApi, server: Server) -> None:
    server.answers(
        *(answer(200, rows(*page, total_count=9, per_page=3)) for page in ([1, 2, 3], [3, 4, 5], [2, 5, 6]))
    )
    assert ids(paginate(api.search_images, per_page=3)) == [1, 2, 3, 4, 5, 6]


def test_what_stands_twice_on_a_page_comes_once(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, rows(1, 2, 1, total_count=3, per_page=3)))
    assert ids(paginate(api.search_images, per_page=3)) == [1, 2]


def test_the_limit_counts_what_is_new(api: ImagesApi, server: Server) -> None:
    server.answers(*(answer(200, rows(*page)) for page in ([1, 2], [2, 3], [4, 5])))
    assert ids(paginate(api.search_images, per_page=2, limit=4)) == [1, 2, 3, 4]
    assert len(server.requests) == 3


def test_pages_show_what_comes_again(api: ImagesApi, server: Server) -> None:
    server.answers(*(answer(200, rows(*page)) for page in ([1, 2], [2, 3], [])))
    assert [ids(page.data) for page in paginate(api.search_images, per_page=2).pages()] == [[1, 2], [2, 3]]


def test_only_the_last_pages_are_remembered(api: ImagesApi, server: Server) -> None:
    def make(page: int, size: int) -> dict[str, Any]:
        return rows(*(0 if page in (1, RECENT + 1, 2 * RECENT + 2) else page,), total_count=2 * RECENT + 2)

    service(server, make)
    found = ids(paginate(api.search_images, per_page=1))
    assert found.count(0) == 2  # the second is dropped, the third comes after it is forgotten
    assert len(found) == 2 * RECENT + 1


def test_a_page_that_is_the_one_before_is_an_error(api: ImagesApi, server: Server) -> None:
    service(server, lambda page, _: rows(*((1, 2) if page == 1 else (3, 4)), total_count=100))
    got, error = broken(paginate(api.search_images, per_page=2))
    assert ids(got) == [1, 2, 3, 4]
    assert "GET /v2/images/search: page 3 is the same as the page before, after 4 items" in str(error)
    assert (error.page, error.items, error.status, error.__cause__) == (3, 4, None, None)
    again = pickle.loads(pickle.dumps(error))
    assert (again.page, again.items, str(again)) == (3, 4, str(error))
