"""Arguments of the wrong shape: an error of ours, before anything is sent; and no answer is lost to one."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    DecodeError,
    ImagesApi,
    LicenseOutcomeUnknown,
)
from shutterstock_api.schema import decoding


def called(odd: Any) -> str:
    """Return the same name in every process."""
    return repr(odd).partition(" at 0x")[0]


ODD: list[Any] = [0, 1, True, 1.5, b"x", "x", [], ["x"], [1], object(), {1: 2}.items, int]


@pytest.mark.parametrize("odd", ODD, ids=called)
@pytest.mark.parametrize(
    "name", ["query", "returns", "_headers", "_request_timeout", "_retries", "_deadline", "async_req"]
)
def test_request(client: ApiClient, server: Server, name: str, odd: Any) -> None:
    server.always(answer(200, {"id": "1"}))
    try:
        client.request("POST", "/v2/x", body={}, **{name: odd})
    except (ApiTypeError, ApiValueError):
        assert server.requests == []
    except DecodeError:
        assert name == "returns"
    except ApiTimeoutError:
        assert (name, odd) == ("_deadline", 0)


@pytest.mark.parametrize("odd", [odd for odd in ODD if not isinstance(odd, str)], ids=called)
def test_verb_and_path(client: ApiClient, server: Server, odd: Any) -> None:
    for arguments in (("GET", odd), (odd, "/v2/x")):
        with pytest.raises(ApiTypeError, match="expected a verb and a path"):
            client.request(*arguments)
    with pytest.raises(ApiException):
        client.call_api(odd, "GET")
    with pytest.raises(ApiTypeError):
        client.call_api("/v2/x", odd)
    assert server.requests == []


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd not in ([], 0)], ids=called)
@pytest.mark.parametrize("name", ["path_params", "query_params", "header_params", "collection_formats"])
def test_call_api(client: ApiClient, server: Server, name: str, odd: Any) -> None:
    with pytest.raises(ApiTypeError, match=name):
        client.call_api("/v2/x", "GET", **{name: odd})
    assert server.requests == []


@pytest.mark.parametrize("odd", [odd for odd in ODD if not isinstance(odd, str)], ids=called)
def test_headers_of_a_client(client: ApiClient, odd: Any) -> None:
    with pytest.raises(ApiTypeError, match="header_name"):
        client.set_default_header(odd, "x")
    with pytest.raises(ApiTypeError, match="header_name"):
        ApiClient(client.configuration, header_name=odd)


@pytest.mark.parametrize("kind", [1, b"Image", [], "list[", "dict(str", "list[" * 1000, object()], ids=called)
def test_deserialize(client: ApiClient, kind: Any) -> None:
    with pytest.raises(ApiTypeError, match="no type of answer"):
        client.deserialize(type("Response", (), {"data": b"{}"}), kind)


def test_no_licence_is_lost_to_a_fault_of_ours(
    client: ApiClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    server.always(answer(200, {"data": [{"image_id": "1", "license_id": "i1"}]}))
    monkeypatch.setattr(decoding, "decode", broken)
    with pytest.raises(LicenseOutcomeUnknown, match="ZeroDivisionError"):
        ImagesApi(client).license_images({"images": [{"image_id": "1"}]})
    with pytest.raises(DecodeError, match="ZeroDivisionError"):
        ImagesApi(client).get_image("1")
