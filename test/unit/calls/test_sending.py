"""What a call sends, and what it makes of the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import responses
from call_samples import IMAGE, PAIR
from scripted_server import Server, answer, gzipped

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    CollectionCreateRequest,
    CollectionCreateResponse,
    Configuration,
    Image,
    ImagesApi,
)

# What is sent.


@pytest.mark.parametrize(
    ("method", "arguments", "target"),
    [
        ("get_image", {"id": "123"}, "/v2/images/123"),
        ("get_image", {"id": "a b/ü?#%&+"}, "/v2/images/a%20b%2F%C3%BC%3F%23%25%26%2B"),
        ("get_image", {"id": "1", "view": "full"}, "/v2/images/1?view=full"),
        ("get_image_list", {"id": ["1", "2"]}, "/v2/images?id=1&id=2"),
        ("get_image_list", {"id": ("1", "2")}, "/v2/images?id=1&id=2"),
        ("get_image_list", {"id": "12"}, "/v2/images?id=12"),
        ("search_images", {}, "/v2/images/search"),
        ("search_images", {"query": "black cat & dog"}, "/v2/images/search?query=black%20cat%20%26%20dog"),
        ("search_images", {"query": "köln/☃+#"}, "/v2/images/search?query=k%C3%B6ln%2F%E2%98%83%2B%23"),
        ("search_images", {"safe": True, "page": 2}, "/v2/images/search?page=2&safe=true"),
        (
            "search_images",
            {"safe": False, "aspect_ratio": 1.5},
            "/v2/images/search?safe=false&aspect_ratio=1.5",
        ),
        ("search_images", {"fields": "data(id,url)"}, "/v2/images/search?fields=data%28id%2Curl%29"),
        ("search_images", {"added_date": date(2026, 1, 31)}, "/v2/images/search?added_date=2026-01-31"),
        ("search_images", {"added_date": "2026-01-31"}, "/v2/images/search?added_date=2026-01-31"),
        (
            "get_image_license_list",
            {"start_date": datetime(2026, 1, 31, 12, tzinfo=UTC)},
            "/v2/images/licenses?start_date=2026-01-31T12%3A00%3A00Z",
        ),
        (
            "get_image_license_list",
            {"start_date": datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2)))},
            "/v2/images/licenses?start_date=2026-01-31T12%3A00%3A00%2B02%3A00",
        ),
        ("get_updated_images", {"start_date": date(2026, 1, 31)}, "/v2/images/updated?start_date=2026-01-31"),
    ],
)
def test_verb_and_target(
    api: ImagesApi, server: Server, method: str, arguments: dict[str, Any], target: str
) -> None:
    server.answers(answer(200, {}))
    getattr(api, method)(**arguments)
    assert (server.request.verb, server.request.target) == ("GET", target)
    assert server.request.body == b""
    assert "content-type" not in server.request.headers


@pytest.mark.parametrize(
    ("method", "arguments", "verb", "target", "body"),
    [
        ("create_lightbox", {"body": {"name": "n"}}, "POST", "/v2/images/collections", {"name": "n"}),
        (
            "create_lightbox",
            {"body": CollectionCreateRequest(name="☃")},
            "POST",
            "/v2/images/collections",
            {"name": "☃"},
        ),
        (
            "rename_lightbox",
            {"id": "7", "body": {"name": "n"}},
            "POST",
            "/v2/images/collections/7",
            {"name": "n"},
        ),
        (
            "bulk_search_images",
            {"body": [{"query": "cat"}, {"query": "dog"}], "sort": "newest"},
            "POST",
            "/v2/bulk_search/images?sort=newest",
            [{"query": "cat"}, {"query": "dog"}],
        ),
    ],
)
def test_body(
    api: ImagesApi, server: Server, method: str, arguments: dict[str, Any], verb: str, target: str, body: Any
) -> None:
    server.answers(answer(200, {}))
    getattr(api, method)(**arguments)
    assert (server.request.verb, server.request.target, server.request.json) == (verb, target, body)
    assert server.request.headers["content-type"] == "application/json"


def test_safe_chars_for_path_param(api: ImagesApi, server: Server) -> None:
    api.api_client.configuration.safe_chars_for_path_param = ":"
    server.answers(answer(200, {}))
    api.get_image("a:b c")
    assert server.request.target == "/v2/images/a:b%20c"


def test_a_host_may_have_a_path(server: Server) -> None:
    server.answers(answer(200, {}))
    with ApiClient(Configuration(server.url + "/gateway/")) as client:
        ImagesApi(client).get_image("1")
    assert server.request.target == "/gateway/v2/images/1"


@pytest.mark.parametrize(
    ("credentials", "scoped", "header"),
    [
        ({}, False, None),
        ({}, True, None),
        ({"access_token": "t"}, False, "Bearer t"),
        ({"access_token": "t"}, True, "Bearer t"),
        ({"username": "key", "password": "secret"}, False, PAIR),
        ({"username": "key", "password": "secret"}, True, None),
        ({"username": "key", "password": "secret", "access_token": "t"}, False, "Bearer t"),
        ({"username": "key"}, False, None),
    ],
)
def test_authorization(server: Server, credentials: dict[str, str], scoped: bool, header: str | None) -> None:
    server.answers(answer(200, {}))
    with ApiClient(Configuration(server.url, **credentials)) as client:  # type: ignore[arg-type]
        api = ImagesApi(client)
        api.get_lightbox_list() if scoped else api.get_image_categories()
    assert server.request.headers.get("authorization") == header


def test_headers_of_every_request(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {}))
    api.get_image_categories()
    headers = server.request.headers
    assert headers["user-agent"].startswith("shutterstock_api/")
    assert (headers["accept"], headers["accept-encoding"]) == ("application/json", "gzip")


def test_own_headers(server: Server) -> None:
    server.always(answer(200, {}))
    with ApiClient(Configuration(server.url), "X-Application", " mine\n", cookie="session=1") as client:
        client.user_agent = "my-program/2"
        client.set_default_header("Accept-Language", "de")
        ImagesApi(client).get_image_categories()
        ImagesApi(client).get_image_categories(_headers={"Accept-Language": "fr", "If-None-Match": '"x"'})
        assert client.user_agent == "my-program/2"
    first, second = (request.headers for request in server.requests)
    assert (first["user-agent"], first["x-application"], first["cookie"]) == (
        "my-program/2",
        "mine",
        "session=1",
    )
    assert (first["accept-language"], second["accept-language"]) == ("de", "fr")
    assert second["if-none-match"] == '"x"'
    assert "if-none-match" not in first


def test_a_header_is_sent_once_however_it_is_spelt(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, {}))
    api.api_client.set_default_header("user-agent", "mine/1")
    api.get_image_categories(_headers={"authorization": "Bearer other", "ACCEPT": "text/plain"})
    headers = server.request.headers
    assert (headers["user-agent"], headers["authorization"]) == ("mine/1", "Bearer other")
    assert headers["accept"] == "text/plain"
    assert api.api_client.user_agent == "mine/1"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("X-A", "a\r\nInjected: yes", ApiValueError),
        ("X-A", "snow ☃", ApiValueError),
        ("X A", "b", ApiValueError),
        ("X-A:", "b", ApiValueError),
        ("", "b", ApiValueError),
        ("X-A", 1, ApiTypeError),
    ],
)
def test_broken_headers_are_refused(
    api: ImagesApi, server: Server, name: str, value: Any, error: type[ApiException]
) -> None:
    with pytest.raises(error):
        api.get_image("1", _headers={name: value})
    with pytest.raises(error):
        api.api_client.set_default_header(name, value)
    assert server.requests == []


def test_refresh_api_key_hook_is_called_before_each_call(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, {}))
    tokens = iter(["first", "second"])

    def hook(configuration: Configuration) -> None:
        configuration.access_token = next(tokens)

    api.api_client.configuration.refresh_api_key_hook = hook
    api.get_image("1")
    api.get_image("1")
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer first",
        "Bearer second",
    ]


# What comes back.


def test_a_model_comes_back(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, IMAGE))
    image = api.get_image("1")
    assert isinstance(image, Image)
    assert (image.id, image.description) == ("1", "A cat")


def test_gzip(api: ImagesApi, server: Server) -> None:
    server.answers(gzipped({"data": [IMAGE] * 50}))
    assert len(api.search_images(query="cat").data or ()) == 50


def test_chunks(api: ImagesApi, server: Server) -> None:
    chunks = b"5\r\n" + b'{"id"' + b"\r\n5\r\n" + b': "1"' + b"\r\n1\r\n}\r\n0\r\n\r\n"
    server.answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert api.get_image("1").id == "1"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_void_methods_give_none(api: ImagesApi, server: Server, status: int) -> None:
    server.answers(answer(status))
    assert api.delete_lightbox("1") is None  # type: ignore[func-returns-value]
    assert server.request.verb == "DELETE"


@pytest.mark.parametrize(
    ("body", "result"), [(b"", None), (b" \n", None), ({"id": "7"}, CollectionCreateResponse(id="7"))]
)
def test_create_lightbox_takes_an_empty_answer(
    api: ImagesApi, server: Server, body: Any, result: CollectionCreateResponse | None
) -> None:
    server.answers(answer(201, body))
    assert api.create_lightbox({"name": "n"}) == result


def test_with_responses(exchanges: responses.RequestsMock) -> None:
    exchanges.get(
        "https://api.shutterstock.com/v2/images/1",
        json=IMAGE,
        match=[responses.matchers.header_matcher({"Authorization": "Bearer t"})],
    )
    assert ImagesApi(ApiClient(Configuration(access_token="t"))).get_image("1").description == "A cat"
