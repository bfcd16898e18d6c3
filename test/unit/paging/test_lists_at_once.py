"""Lists that come at once, and lists of plain texts: walked through, tabulated, shown."""

from __future__ import annotations

from typing import Any

import pytest
from news_api import NewsApi, Renders, Story, Words
from scripted_server import Server, answer

from shutterstock_api import ApiClient, ApiTypeError, paginate
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.html import MOST
from shutterstock_api.modelkit.table import list_of_items
from shutterstock_api.notebook import ContactSheet

GENRES = ["Ambient", "Blues", "Jazz & Swing"]


@pytest.fixture
def news(client: ApiClient) -> NewsApi:
    return NewsApi(client)


def test_one_call_has_them_all(news: NewsApi, server: Server) -> None:
    server.always(answer(200, {"data": [{"id": "1"}, {"id": "2"}, {"id": "2"}]}))
    found = paginate(news.list_stories, ["1", "2"], country="DEU")
    assert [item.id for item in found] == ["1", "2"]
    assert server.request.query == [("id", "1"), ("id", "2"), ("country", "DEU")]
    assert len(next(iter(found.pages())).data or ()) == 3


def test_no_more_than_wanted(news: NewsApi, server: Server) -> None:
    server.always(answer(200, {"data": [{"id": str(id)} for id in range(9)]}))
    assert len(list(paginate(news.list_stories, "1", "DEU", limit=4))) == 4
    assert "limit" not in dict(server.request.query)


def test_a_limit_of_the_method_itself(news: NewsApi, server: Server) -> None:
    server.always(answer(200, {"data": GENRES}))
    assert list(paginate(news.list_words, limit=3)) == GENRES
    assert server.request.query == [("limit", "3")]


@pytest.mark.parametrize("name", ["page", "per_page", "cursor"])
def test_it_has_no_pages(news: NewsApi, server: Server, name: str) -> None:
    misplaced: Any = {name: 2}
    with pytest.raises(ApiTypeError, match=f"{name}: no such argument"):
        list(paginate(news.list_stories, ["1"], "DEU", **misplaced))
    assert server.requests == []


@pytest.mark.parametrize("body", [{"data": []}, {"data": None}, {}])
def test_an_empty_list(news: NewsApi, server: Server, body: Any) -> None:
    server.always(answer(200, body))
    assert list(paginate(news.list_words)) == []


def test_texts_that_are_there_twice_stay(news: NewsApi, server: Server) -> None:
    server.always(answer(200, {"data": ["a", "b", "a"]}))
    assert list(paginate(news.list_words)) == ["a", "b", "a"]


def test_a_table_of_texts(news: NewsApi, server: Server) -> None:
    server.always(answer(200, {"data": GENRES}))
    expected = [{"value": "Ambient"}, {"value": "Blues"}, {"value": "Jazz & Swing"}]
    assert paginate(news.list_words).to_records() == Words(data=GENRES).to_records() == expected
    frame = pytest.importorskip("pandas") and Words(data=GENRES).to_pandas()
    assert (frame["value"].dtype, list(frame["value"])) == ("string", GENRES)
    assert list(Words().to_pandas().columns) == ["value"]


def test_what_is_no_text_among_texts() -> None:
    odd = Words.from_dict({"data": ["a", 5, {"id": "1"}, None]})
    assert [row["value"] for row in odd.to_records()] == ["a", 5, {"id": "1"}, None]


def test_a_list_with_a_name_of_its_own(news: NewsApi, server: Server) -> None:
    server.always(answer(200, {"renders": [{"id": "1"}]}))
    assert [item.id for item in paginate(news.fetch_renders, "1")] == ["1"]  # type: ignore[type-var]
    assert Renders(renders=[Story(id="1")]).to_records() == [{"id": "1", "title": None}]


def test_what_a_list_is() -> None:
    class User(ApiModel, kw_only=True):
        scopes: list[str] | None = None

    class Album(ApiModel, kw_only=True):
        id: str | None = None
        stories: list[Story] | None = None

    class Shelf(ApiModel, kw_only=True):
        stories: list[Story] | None = None
        others: list[Story] | None = None

    assert [list_of_items(kind) for kind in (User, Album, Shelf, Story)] == [None] * 4
    assert list_of_items(Renders) == ("renders", Story)
    assert list_of_items(Words) == ("data", str)


def test_how_texts_look(news: NewsApi, server: Server) -> None:
    server.always(answer(200, {"data": GENRES}))
    for shown in (Words(data=GENRES), ContactSheet(paginate(news.list_words)), ContactSheet(GENRES)):
        html = shown._repr_html_()
        assert html
        assert "<p>Ambient, Blues, Jazz &amp; Swing</p>" in html
        assert "more" not in html
    long = Words(data=[f"word {number}" for number in range(1000)])._repr_html_()
    assert long
    assert f"word {MOST - 1}</p><p>and {1000 - MOST} more</p>" in long
