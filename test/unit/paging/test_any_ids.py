"""`get_many` of anything that is looked up by ids."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from news_api import NewsApi
from scripted_server import Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    ImagesApi,
    ManyImages,
    ManyItems,
    get_many,
)


@pytest.fixture
def news(client: ApiClient) -> NewsApi:
    return NewsApi(client)


@pytest.fixture
def known(server: Server) -> Server:
    """A service that knows even ids."""

    def serve(request: Request) -> bytes:
        wanted = [value for name, value in request.query if name == "id" and int(value) % 2 == 0]
        name = "renders" if request.path == "/fetch_renders" else "data"
        return answer(200, {name: [{"id": id} for id in wanted]})

    server.always(serve)
    return server


def test_a_method_and_its_arguments(news: NewsApi, known: Server) -> None:
    found = get_many(news.list_stories, ["8", "2", "5", "4", "6", "2"], "DEU", fields="data(id)")
    assert type(found) is ManyItems
    assert [story.id for story in found.items] == ["8", "2", "4", "6", "2"]
    assert found.missing == ["5"]
    asked = [[value for name, value in request.query if name == "id"] for request in known.requests]
    assert asked == [["8", "2", "5"], ["4", "6"]]
    assert {dict(request.query)["country"] for request in known.requests} == {"DEU"}


def test_arguments_by_name(news: NewsApi, known: Server) -> None:
    assert get_many(news.list_stories, "2", country="DEU").items[0].id == "2"
    assert dict(known.request.query) == {"id": "2", "country": "DEU"}


def test_a_list_with_a_name_of_its_own(news: NewsApi, known: Server) -> None:
    found = get_many(news.fetch_renders, ["2", "3"])
    assert ([item.id for item in found.items], found.missing) == (["2"], ["3"])
    with pytest.raises(ApiValueError, match=r"fields: leaves out renders\(id\)"):
        get_many(news.fetch_renders, ["2"], fields="renders(title)")  # type: ignore[call-overload]


def test_images_by_their_method(api: ImagesApi, known: Server) -> None:
    by_object, by_method = get_many(api, ["2", "3"]), get_many(api.get_image_list, ["2", "3"])
    assert type(by_object) is type(by_method) is ManyImages
    assert by_object == by_method
    assert by_object.items is by_object.images
    assert [image.id for image in by_method.items] == ["2"]


def test_an_object_with_one_look_up(client: ApiClient, known: Server) -> None:
    class StoriesApi(NewsApi):
        operations: ClassVar = {"list_stories": NewsApi.operations["list_stories"]}

    assert get_many(StoriesApi(client), ["2"], country="DEU").items[0].id == "2"


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("list_words", (), "expected an API object such as ImagesApi"),
        ("search_stories", (), "expected an API object such as ImagesApi"),
        ("list_stories", (), "country: required"),
        ("list_stories", ("DEU", "FRA"), "list_stories takes 2 positional arguments at most"),
        ("fetch_renders", ("DEU",), "fetch_renders takes 1 positional arguments at most"),
    ],
)
def test_refused_before_anything_is_sent(
    news: NewsApi, server: Server, name: str, arguments: Any, message: str
) -> None:
    with pytest.raises(ApiTypeError, match=message):
        get_many(getattr(news, name), ["1"], *arguments)
    assert server.requests == []


def test_an_object_with_several_look_ups_does_not_say_which(news: NewsApi) -> None:
    with pytest.raises(ApiTypeError, match="or its method for a list of ids"):
        get_many(news, ["1"])


def test_a_misspelt_argument(news: NewsApi, server: Server) -> None:
    misspelt: Any = {"contry": "DEU"}
    with pytest.raises(ApiTypeError, match="contry: no such argument; did you mean 'country'"):
        get_many(news.list_stories, ["1"], **misspelt)
    assert server.requests == []
