"""Lists that come in pages: where they end, what is dropped, what is refused, what a thread may do."""

from __future__ import annotations

import gc
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from weakref import WeakSet

import pytest
from scripted_server import Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    BadRequestError,
    Image,
    ImagesApi,
    ImageSearchResults,
    NotFoundError,
    PaginationError,
    ServerError,
    paginate,
    with_http_info,
)
from shutterstock_api.paging.pages import RECENT
from shutterstock_api.schema.operation import Operation

Make = Callable[[int, int], Any]


def rows(*ids: Any, **more: Any) -> dict[str, Any]:
    return {"data": [{"id": str(found)} for found in ids], **more}


def asked(server: Server) -> list[tuple[str, str]]:
    """Page and size of each request."""
    return [(dict(request.query)["page"], dict(request.query)["per_page"]) for request in server.requests]


def service(server: Server, make: Make) -> None:
    """Answer with what `make` returns for a page and its size; bytes are a whole answer."""

    def serve(request: Request) -> bytes:
        query = dict(request.query)
        made = make(int(query["page"]), int(query["per_page"]))
        return made if isinstance(made, bytes) else answer(200, made)

    server.always(serve)


def catalogue(total: int, *, told: bool = True, lost: tuple[int, ...] = ()) -> Make:
    """A list of the ids from 0; those in `lost` count but never come."""

    def make(page: int, size: int) -> dict[str, Any]:
        start = (page - 1) * size
        ids = [number for number in range(start, min(start + size, total)) if number not in lost]
        return rows(*ids, **({"page": page, "per_page": size, "total_count": total} if told else {}))

    return make


def ids(items: Any) -> list[int]:
    return [int(item.id) for item in items]


def broken(items: Any) -> tuple[list[Any], PaginationError]:
    """What came, and the error at the end."""
    got: list[Any] = []
    with pytest.raises(PaginationError) as caught:
        got.extend(items)
    return got, caught.value


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if "next page" in thread.name:
            thread.join(5)
            assert not thread.is_alive()


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
    assert "GET /v2/images/search: page 3 is the one before once more, after 4 items" in str(error)
    assert (error.page, error.items, error.status, error.__cause__) == (3, 4, None, None)
    again = pickle.loads(pickle.dumps(error))
    assert (again.page, again.items, str(again)) == (3, 4, str(error))


# Partial answers, odd answers.


@pytest.mark.parametrize("told", [True, False])
def test_items_without_ids_all_come(api: ImagesApi, server: Server, told: bool) -> None:
    def make(page: int, size: int) -> dict[str, Any]:
        rows = [{"description": f"{page}-{row}"} for row in range(size) if page < 4]
        return {"data": rows, **({"total_count": 6} if told else {})}

    service(server, make)
    found = paginate(api.search_images, per_page=2, fields="data(description),total_count")
    assert [item.description for item in found] == ["1-0", "1-1", "2-0", "2-1", "3-0", "3-1"]
    assert len(server.requests) == (3 if told else 4)


def test_equal_pages_without_ids_are_believed_where_the_total_bounds_them(
    api: ImagesApi, server: Server
) -> None:
    page = {"data": [{"media_type": "image"}] * 2}
    service(server, lambda *_: {**page, "total_count": 6})
    assert len(list(paginate(api.search_images, per_page=2))) == 6
    service(server, lambda *_: page)
    with pytest.raises(PaginationError, match="page 2"):
        list(paginate(api.search_images, per_page=2))


def test_items_of_another_kind_pass_through(api: ImagesApi, server: Server) -> None:
    odd = [{"id": "1"}, "text", None, 7, {"id": 5}, {"id": ["1"]}, {"id": "1"}]
    server.answers(answer(200, {"data": odd, "total_count": 7}))
    found: list[Any] = list(paginate(api.search_images, per_page=7))
    assert [getattr(item, "id", item) for item in found] == ["1", "text", None, 7, 5, ["1"]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"data": [], "errors": [{"message": "The index is being rebuilt."}]}, "being rebuilt"),
        ({"message": "Out of order.", "total_count": 9}, "Out of order."),
        ({"data": {"id": "1"}}, "page 2 cannot be read"),
        ({}, "page 2 cannot be read"),
    ],
)
def test_an_answer_without_items_is_not_the_end(
    api: ImagesApi, server: Server, body: Any, message: str
) -> None:
    server.answers(answer(200, rows(1, 2)), answer(200, body))
    with pytest.raises(PaginationError, match=message) as caught:
        list(paginate(api.search_images, per_page=2))
    assert (caught.value.page, caught.value.items) == (2, 2)


def test_errors_beside_items_do_no_harm(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, rows(1, 2, total_count=2, errors=[{"message": "One is hidden."}])))
    assert len(list(paginate(api.search_images, per_page=2))) == 2


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_deep_page_that_is_refused(api: ImagesApi, server: Server, status: int) -> None:
    refusal = answer(status, {"message": "Too deep."}, X_Request_Id="r7")
    service(server, lambda page, size: catalogue(100)(page, size) if page < 3 else refusal)
    got, error = broken(paginate(api.search_images, per_page=10))
    assert len(got) == 20
    assert (error.page, error.items, error.status, error.message) == (3, 20, status, "Too deep.")
    assert isinstance(error.__cause__, ApiException)
    assert (type(error.__cause__), error.request_id) != (PaginationError, None)
    assert str(error).startswith(
        f"GET /v2/images/search: {status} page 3 was refused, after 20 items: Too deep."
    )


def test_a_refusal_of_the_first_page_is_the_methods_own(api: ImagesApi, server: Server) -> None:
    server.always(answer(400, {"message": "No."}))
    with pytest.raises(BadRequestError):
        list(paginate(api.search_images))
    server.always(answer(404, {"message": "No such collection."}))
    with pytest.raises(NotFoundError):
        list(paginate(api.get_lightbox_items, "7"))


def test_a_page_that_cannot_be_is_for_the_service_to_refuse(api: ImagesApi, server: Server) -> None:
    server.answers(answer(400, {"message": "No such page."}))
    with pytest.raises(BadRequestError):
        list(paginate(api.search_images, page=0, per_page=10))
    assert asked(server) == [("0", "10")]


def test_any_other_error_is_the_methods_own(api: ImagesApi, server: Server) -> None:
    service(server, lambda page, size: catalogue(100)(page, size) if page < 2 else answer(500))
    with pytest.raises(ServerError):
        list(paginate(api.search_images, per_page=10))


# What is refused before anything is sent.


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"async_req": True}, ApiValueError, "async_req: cannot be True here"),
        ({"_preload_content": False}, ApiValueError, "_preload_content: cannot be False here"),
        ({"_return_http_data_only": False}, ApiValueError, "_return_http_data_only: cannot be False here"),
        ({"limit": -1}, ApiValueError, "limit: expected a number from 0"),
        ({"limit": "5"}, ApiTypeError, "limit: expected int"),
        ({"limit": True}, ApiTypeError, "limit: expected int"),
        ({"page": 1.0}, ApiTypeError, "page: expected int"),
        ({"per_page": "all"}, ApiTypeError, "per_page: expected int"),
        ({"prefetch": 2}, ApiValueError, "prefetch: expected 0 or 1"),
        ({"fields": "id,description"}, ApiValueError, "fields: leaves out 'data'"),
    ],
)
def test_refused_at_once(
    api: ImagesApi, server: Server, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"paginate search_images: nothing was sent.*\n.*{message}"):
        paginate(api.search_images, **arguments)
    assert server.requests == []


def test_options_that_change_nothing_are_no_mistake(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(2))
    options: Any = {"async_req": False, "_preload_content": True, "_return_http_data_only": None}
    assert len(list(paginate(api.search_images, **options))) == 2


def test_methods_without_pages_are_refused(api: ImagesApi, server: Server) -> None:
    refused: Any
    for refused in (
        with_http_info(api.search_images),
        partial(api.search_images, query="cat"),
        ImagesApi.search_images,
        "search_images",
        ImageSearchResults(),
        print,
        None,
    ):
        with pytest.raises(ApiTypeError, match="expected a method of an API class"):
            paginate(refused)
    with pytest.raises(ApiTypeError, match="expected a method of an API class"):
        paginate(api.search_images_with_http_info)  # type: ignore[attr-defined]
    with pytest.raises(ApiTypeError, match="get_image_list does not come in pages"):
        paginate(api.get_image_list, ["1"])
    assert server.requests == []


def test_a_misspelt_argument_is_found_before_anything_is_sent(api: ImagesApi, server: Server) -> None:
    misspelt: Any = {"qery": "cat"}
    with pytest.raises(ApiTypeError, match="did you mean 'query'"):
        list(paginate(api.search_images, **misspelt))
    assert server.requests == []


@pytest.mark.parametrize("name", ["limit", "prefetch"])
def test_the_method_itself_takes_no_arguments_of_paginate(api: ImagesApi, server: Server, name: str) -> None:
    options: Any = {name: 1}
    with pytest.raises(ApiTypeError, match=rf"{name}: no argument of the method itself; paginate\(\)"):
        api.search_images(**options)
    assert server.requests == []


# Prefetch.


def until(true: Callable[[], bool]) -> None:
    """Wait for another thread, some milliseconds as a rule."""
    for _ in range(500):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it never came true")


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if "next page" in thread.name]


def test_prefetch_asks_for_the_next_page_meanwhile_and_no_further(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(30))
    items = iter(paginate(api.search_images, per_page=10, prefetch=1))
    assert server.requests == []
    assert next(items).id == "0"
    until(lambda: len(server.requests) == 2 and not threads())
    assert ids([next(items) for _ in range(9)]) == list(range(1, 10))
    assert len(server.requests) == 2
    assert next(items).id == "10"
    until(lambda: len(server.requests) == 3)
    assert ids(items) == list(range(11, 30))
    assert asked(server) == [("1", "10"), ("2", "10"), ("3", "10")]


def test_prefetch_works_while_the_program_does(api: ImagesApi, server: Server) -> None:
    released = threading.Event()

    def make(page: int, size: int) -> Any:
        if page == 2:
            assert released.wait(10)
        return catalogue(4)(page, size)

    service(server, make)
    items = iter(paginate(api.search_images, per_page=2, prefetch=1))
    assert ids([next(items), next(items)]) == [0, 1]  # although page 2 hangs
    until(lambda: len(server.requests) == 2)
    (thread,) = threads()
    assert thread.daemon
    released.set()
    assert ids(items) == [2, 3]


@pytest.mark.parametrize("limit", [None, 10, 13, 20])
def test_prefetch_gives_the_same(api: ImagesApi, server: Server, limit: int | None) -> None:
    service(server, catalogue(27))
    plain = paginate(api.search_images, per_page=10, limit=limit)
    ahead = paginate(api.search_images, per_page=10, limit=limit, prefetch=1)
    assert ids(ahead) == ids(plain)
    assert [page.page for page in ahead.pages()] == [page.page for page in plain.pages()]
    half = len(server.requests) // 4
    assert asked(server) == asked(server)[:half] * 4


def test_an_error_of_a_prefetched_page_comes_after_the_items_before_it(
    api: ImagesApi, server: Server
) -> None:
    service(server, lambda page, size: catalogue(9)(page, size) if page == 1 else answer(400))
    items = iter(paginate(api.search_images, per_page=3, prefetch=1))
    assert next(items).id == "0"
    until(lambda: len(server.requests) == 2 and not threads())
    assert ids([next(items), next(items)]) == [1, 2]
    with pytest.raises(PaginationError) as caught:
        next(items)
    assert isinstance(caught.value.__cause__, BadRequestError)
    assert list(items) == []


@pytest.mark.parametrize("how", ["closed", "forgotten"])
def test_an_iterator_that_is_left_leaves_no_thread(api: ImagesApi, server: Server, how: str) -> None:
    service(server, catalogue(30))
    items: Any = iter(paginate(api.search_images, per_page=10, prefetch=1))
    next(items)
    if how == "closed":
        items.close()
        with pytest.raises(StopIteration):
            next(items)
    del items
    gc.collect()
    until(lambda: not threads())
    assert len(server.requests) <= 2


# Memory.


class Rows(list[Image]):
    """A list that can be watched."""

    __hash__ = object.__hash__  # type: ignore[assignment]


@pytest.mark.parametrize(("prefetch", "most"), [(0, 1), (1, 3)])
def test_memory_does_not_grow_with_the_number_of_pages(
    api: ImagesApi, monkeypatch: pytest.MonkeyPatch, prefetch: int, most: int
) -> None:
    alive: WeakSet[Rows] = WeakSet()
    held = []

    def call(client: ApiClient, operation: Operation[Any], values: Any, options: Any = None) -> Any:
        page = dict(zip(operation.names, values, strict=True))["page"]
        data = Rows(Image(id=str(number)) for number in range(page * 10, page * 10 + 10))
        alive.add(data)
        held.append(len(alive))
        return ImageSearchResults(data=data, total_count=1000, per_page=10)

    monkeypatch.setattr(ApiClient, "call", call)
    assert sum(1 for _ in paginate(api.search_images, per_page=10, prefetch=prefetch)) == 1000
    assert len(held) == 100
    assert max(held) <= most
