"""The next page in a thread, and memory."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import pytest
from paged_lists import asked, catalogue, ids, service
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    BadRequestError,
    Image,
    ImagesApi,
    ImageSearchResults,
    PaginationError,
    paginate,
)
from shutterstock_api.schema.operation import Operation

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


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
