"""Lists whose pages have no numbers: each answer names the page after it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from news_api import NewsApi
from scripted_server import Request, Server, answer

from shutterstock_api import ApiClient, ApiValueError, BadRequestError, PaginationError, paginate


@pytest.fixture
def news(client: ApiClient) -> NewsApi:
    return NewsApi(client)


def story(*ids: int, **more: Any) -> bytes:
    return answer(200, {"data": [{"id": str(id)} for id in ids], **more})


def ids(items: Any) -> list[str]:
    return [item.id for item in items]


def queries(server: Server) -> list[dict[str, str]]:
    return [dict(request.query) for request in server.requests]


@pytest.mark.parametrize("end", [{}, {"next": ""}, {"next": None}])
def test_each_page_names_the_next(news: NewsApi, server: Server, end: dict[str, Any]) -> None:
    server.answers(story(1, 2, next="b"), story(3, next="c"), story(4, **end))
    assert ids(paginate(news.search_stories, query="cat")) == ["1", "2", "3", "4"]
    common = {"query": "cat", "per_page": "50"}
    assert queries(server) == [common, {**common, "cursor": "b"}, {**common, "cursor": "c"}]


def test_total_count_is_no_end(news: NewsApi, server: Server) -> None:
    server.answers(story(1, 2, next="b", total_count=2), story(3, total_count=2))
    assert ids(paginate(news.search_stories)) == ["1", "2", "3"]


def test_an_empty_page_is_no_end_where_it_names_another(news: NewsApi, server: Server) -> None:
    server.answers(story(1, next="b"), story(next="c"), story(2))
    assert ids(paginate(news.search_stories)) == ["1", "2"]
    server.answers(story(1, next="b"), story(next="b"))
    assert ids(paginate(news.search_stories)) == ["1"]


@pytest.mark.parametrize(("limit", "size"), [(1, 5), (7, 7), (50, 50), (60, 30)])
def test_limit_asks_for_no_more_than_it_needs_and_no_less_than_a_page_holds(
    news: NewsApi, server: Server, limit: int, size: int
) -> None:
    server.always(story(*range(10)))
    list(paginate(news.search_stories, limit=limit))
    assert queries(server)[0]["per_page"] == str(size)


def test_limit_and_prefetch(news: NewsApi, server: Server, no_thread_is_left: None) -> None:
    server.answers(story(1, 2, next="b"), story(3, 4, next="c"), story(5))
    assert ids(paginate(news.search_stories, limit=3, prefetch=1)) == ["1", "2", "3"]


def test_where_to_start(news: NewsApi, server: Server) -> None:
    server.always(story(1))
    pages = list(paginate(news.search_stories, cursor="here", per_page=20).pages())
    assert [ids(page.data) for page in pages] == [["1"]]
    assert queries(server) == [{"per_page": "20", "cursor": "here"}]


def test_each_loop_starts_afresh(news: NewsApi, server: Server) -> None:
    server.answers(story(1, next="b"), story(2), story(1, next="b"), story(2))
    found = paginate(news.search_stories)
    assert ids(found) == ids(found) == ["1", "2"]


def test_a_page_that_comes_again(news: NewsApi, server: Server) -> None:
    server.always(story(1, 2, next="same"))
    got: list[Any] = []
    with pytest.raises(
        PaginationError, match="page 2 is the same as the page before, after 2 items"
    ) as caught:
        got.extend(paginate(news.search_stories))
    assert (ids(got), caught.value.page, caught.value.items) == (["1", "2"], 2, 2)


def test_a_cursor_that_is_refused(news: NewsApi, server: Server) -> None:
    server.answers(story(1, next="b"), answer(400, {"message": "The cursor is too old."}))
    with pytest.raises(PaginationError, match="page 2 was refused, after 1 items") as caught:
        list(paginate(news.search_stories))
    assert isinstance(caught.value.__cause__, BadRequestError)


def test_fields_must_keep_the_cursor(news: NewsApi, server: Server) -> None:
    with pytest.raises(ApiValueError, match="fields: leaves out 'next', and with it all pages but the first"):
        paginate(news.search_stories, fields="data(id)")
    server.always(story(1))
    assert ids(paginate(news.search_stories, fields="data(id),next")) == ["1"]


def test_a_list_that_is_served_for_ever_takes_no_memory_for_its_cursors(
    news: NewsApi, server: Server
) -> None:
    def serve(request: Request) -> bytes:
        number = int(dict(request.query).get("cursor", 0))
        return story(number, next=str(number + 1))

    server.always(serve)
    assert ids(paginate(news.search_stories, limit=300, per_page=5))[-1] == "299"


def test_a_walk_can_be_pickled(news: NewsApi, server: Server) -> None:
    server.answers(story(1, next="b"), story(2))
    again = pickle.loads(pickle.dumps(paginate(news.search_stories, query="cat", limit=7, cursor="a")))
    assert ids(again) == ["1", "2"]
    assert queries(server)[0] == {"query": "cat", "per_page": "7", "cursor": "a"}
