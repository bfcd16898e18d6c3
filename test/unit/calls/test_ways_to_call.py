"""Other ways to call: with the HTTP side, in the background, raw, as in 2019."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from call_samples import IMAGE
from scripted_server import TOKEN, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    DecodeError,
    Image,
    ImageSearchResults,
)


def test_request(client: ApiClient, server: Server) -> None:
    server.always(answer(200, {"data": [IMAGE]}))
    plain = client.request("get", "/v2/new", query={"id": ["1", "2"], "safe": True, "n": 1, "none": None})
    typed = client.request("POST", "/v2/new", body={"a": date(2026, 1, 31)}, returns="ImageSearchResults")
    assert plain == {"data": [IMAGE]}
    assert isinstance(typed, ImageSearchResults)
    assert client.request("GET", "/v2/new", returns=None) is None
    first, second, _ = server.requests
    assert (first.verb, first.target) == ("GET", "/v2/new?id=1&id=2&safe=true&n=1")
    assert (second.verb, second.json) == ("POST", {"a": "2026-01-31"})
    assert first.headers["authorization"] == f"Bearer {TOKEN}"


def test_request_takes_an_empty_answer_and_options(client: ApiClient, server: Server) -> None:
    server.answers(answer(204), answer(503))
    assert client.request("DELETE", "/v2/new/1") is None
    with pytest.raises(ApiException) as caught:
        client.request("GET", "/v2/new", _retries=0)
    assert (caught.value.status, caught.value.method, caught.value.path) == (503, "GET", "/v2/new")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "v2/images"),
        ("GET", ""),
        ("GET", "/v2/../admin"),
        ("GET", "/v2/./x"),
        ("GET", "/v2/%2e%2e/admin"),
        ("GET", "/v2/%2E./admin"),
        ("GET", "/v2/a%2f..%2fb"),
        ("GET", "/v2/a%00b"),
        ("GET", "/v2/a%0d%0ab"),
        ("GET", "/v2/a b"),
        ("GET", "/v2/a\nb"),
        ("GET", "/v2/a?b=c"),
        ("GET", "/v2/a#b"),
        ("GET /x", "/v2/a"),
        ("", "/v2/a"),
    ],
)
def test_request_refuses_broken_targets(client: ApiClient, server: Server, method: str, path: str) -> None:
    with pytest.raises(ApiValueError):
        client.request(method, path)
    assert server.requests == []


@pytest.mark.parametrize("query", [{"q": "x"}, [("q", "x")]])
def test_call_api(client: ApiClient, server: Server, query: Any) -> None:
    server.always(answer(200, IMAGE))
    data, status, headers = client.call_api(
        "/v2/images/{id}", "GET", {"id": "a/b"}, query, {"X-A": "b"}, response_type="Image"
    )
    assert (data.id, status, headers["content-type"]) == ("1", 200, "application/json")
    assert server.request.target == "/v2/images/a%2Fb?q=x"
    assert server.request.headers["x-a"] == "b"


def test_forms_of_call_api(client: ApiClient, server: Server) -> None:
    server.always(answer(200, IMAGE))
    assert client.call_api("/v2/x", "GET")[0] is None
    assert (
        client.call_api("/v2/x", "POST", body=[1], response_type="object", _return_http_data_only=True)
        == IMAGE
    )
    assert client.call_api("/v2/x", "GET", response_type="Image", async_req=True).get(5)[0].id == "1"
    raw = client.call_api("/v2/x", "GET", _preload_content=False)
    assert b"cat" in raw.read()
    raw.release_conn()
    assert server.requests[1].json == [1]
    with pytest.raises(ApiValueError, match="pass body instead"):
        client.call_api("/v2/x", "POST", post_params={"a": "b"})


@pytest.mark.parametrize("data", ['[{"id": "1"}]', b'[{"id": "1"}]'])
def test_deserialize(client: ApiClient, data: str | bytes) -> None:
    assert client.deserialize(SimpleNamespace(data=data), "list[Image]") == [Image(id="1")]
    with pytest.raises(DecodeError, match="expected Image, got list"):
        client.deserialize(SimpleNamespace(data=data), Image)


def test_deserialize_other_kinds(client: ApiClient) -> None:
    response = SimpleNamespace(data='{"a": {"id": "1"}}')
    assert client.deserialize(response, "dict(str, Image)") == {"a": Image(id="1")}
    assert client.deserialize(response, "object") == {"a": {"id": "1"}}
    assert client.deserialize(SimpleNamespace(data='"2026-01-31"'), "date") == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (Image(id="1", added_date=date(2026, 1, 31)), {"id": "1", "added_date": "2026-01-31"}),
        ([Image(id="1")], [{"id": "1"}]),
        (("a", 1, None, True), ["a", 1, None, True]),
        ({"a": Image(id="1")}, {"a": {"id": "1"}}),
        (datetime(2026, 1, 31, tzinfo=UTC), "2026-01-31T00:00:00Z"),
    ],
)
def test_sanitize_for_serialization(client: ApiClient, value: Any, wire: Any) -> None:
    assert client.sanitize_for_serialization(value) == wire


def test_sanitize_for_serialization_refuses_what_json_lacks(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError):
        client.sanitize_for_serialization({"a": object()})
