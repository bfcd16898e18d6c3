"""Licence requests: sent as given, and what leaves their outcome unknown."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from license_calls import SENT_AT, TWO, unknown
from scripted_server import HANG_UP, Clock, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DecodeError,
    ImagesApi,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageResultDataList,
    LicenseOutcomeUnknown,
    LicenseRequestMetadata,
)

# The request.


def test_a_good_answer_holds_refusals_too(api: ImagesApi, server: Server) -> None:
    entries = [
        {"image_id": "1", "download": {"url": "https://d.example/x"}},
        {"image_id": "2", "error": "No."},
    ]
    server.answers(answer(200, {"data": entries}))
    result = api.license_images(TWO, size="huge")
    assert isinstance(result, LicenseImageResultDataList)
    assert [(entry.image_id, entry.error) for entry in result.data or ()] == [("1", None), ("2", "No.")]
    assert (server.request.verb, server.request.target) == ("POST", "/v2/images/licenses?size=huge")


@pytest.mark.parametrize(
    "body",
    [
        TWO,
        LicenseImageRequest(
            images=[
                LicenseImage(image_id="1", metadata=LicenseRequestMetadata(customer_id="m1")),
                LicenseImage(image_id="2"),
            ]
        ),
        LicenseImageRequest(
            images=[LicenseImage(image_id="1", metadata={"customer_id": "m1"}), LicenseImage(image_id="2")]
        ),
    ],
)
def test_the_body_is_sent_exactly_as_given(api: ImagesApi, server: Server, body: Any) -> None:
    server.answers(answer(500))
    error = unknown(api, body)
    assert server.request.json == TWO
    assert (error.image_ids, error.metadata) == (["1", "2"], [{"customer_id": "m1"}, None])


# Doubt.


@pytest.mark.parametrize(
    ("fault", "status", "cause"),
    [
        (HANG_UP, None, ApiConnectionError),
        (answer(200, b'{"data": [', 99), None, ApiConnectionError),
        (answer(200, b"not gzip", Content_Encoding="gzip"), None, ApiConnectionError),
        (b"garbage\r\n\r\nConnection: close\r\n", None, ApiConnectionError),
        (answer(500, {"message": "m"}), 500, ApiException),
        (answer(502, "<html>"), 502, ApiException),
        (answer(503, Retry_After="1"), 503, ApiException),
        (answer(200), 200, DecodeError),
        (answer(204), 204, DecodeError),
        (answer(200, "garbage"), 200, DecodeError),
        (answer(200, b"[]"), 200, DecodeError),
        (answer(200, b'{"data": ['), 200, DecodeError),
        (answer(200, b"{}"), 200, DecodeError),
        (answer(200, b'{"data": [], "page": 1}'), 200, DecodeError),
        (answer(200, b'{"data": null}'), 200, DecodeError),
        (answer(200, b'{"data": [{}, {}]}'), 200, DecodeError),
        (answer(200, b'{"data": ["text", null]}'), 200, DecodeError),
    ],
)
def test_doubt(api: ImagesApi, server: Server, fault: bytes, status: int | None, cause: type) -> None:
    server.always(fault)
    error = unknown(api)
    assert len(server.requests) == 1
    assert (error.status, error.method, error.path) == (status, "POST", "/v2/images/licenses")
    assert isinstance(error.__cause__, cause)
    assert (error.body, error.message) == (error.__cause__.body, error.__cause__.message)  # type: ignore[attr-defined]
    assert (error.image_ids, error.sent_at, error.api_client) == (["1", "2"], SENT_AT, api.api_client)
    assert "the outcome is unknown" in str(error)
    assert "Do not send it again: call reconcile()" in str(error)


def test_doubt_after_a_timeout(api: ImagesApi, server: Server) -> None:
    server.always(server.hang)
    assert isinstance(unknown(api, _request_timeout=0.1).__cause__, ApiTimeoutError)
    server.close()  # which waits until all that was sent has been read
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 409, 422, 429])
def test_a_refusal_is_no_doubt(api: ImagesApi, server: Server, status: int) -> None:
    server.always(answer(status, {"message": "m"}, Location="/v2/elsewhere"))
    with pytest.raises(ApiException) as caught:
        api.license_images(TWO)
    assert caught.value.status == status
    assert not isinstance(caught.value, LicenseOutcomeUnknown)


def test_nothing_sent_is_no_doubt(refusing: str, clock: Clock) -> None:
    client = ApiClient(Configuration(refusing))
    client.timing = clock.timing
    with pytest.raises(ApiConnectionError):
        ImagesApi(client).license_images(TWO)


def test_what_was_refused_before_sending_is_no_doubt(api: ImagesApi, server: Server) -> None:
    with pytest.raises(ApiTypeError, match=r"body.images\[0\].image_id"):
        api.license_images({"images": [{"image_id": 1}]})
    assert server.requests == []


def test_other_ways_to_license_know_doubt_too(client: ApiClient, server: Server) -> None:
    server.always(answer(500))
    for path in ("/v2/images/licenses", "/v2/images/license%73", "/v2/paintings/licenses"):
        with pytest.raises(LicenseOutcomeUnknown):
            client.request("post", path, body=TWO)
    with pytest.raises(LicenseOutcomeUnknown):
        client.call_api("/v2/images/licenses", "POST", body=TWO)
    with pytest.raises(LicenseOutcomeUnknown):
        ImagesApi(client).license_images(TWO, _preload_content=False)
    with pytest.raises(LicenseOutcomeUnknown):
        ImagesApi(client).license_images(TWO, async_req=True).get(5)  # type: ignore[attr-defined]
    assert len(server.requests) == 6


@pytest.mark.parametrize("nothing", [b"", b" ", b"{}", b'{"data": [{"image_id": null}, {}]}'])
def test_an_answer_of_nothing_is_doubt_in_any_way(client: ApiClient, server: Server, nothing: bytes) -> None:
    server.always(answer(200, nothing))
    for returns in ("object", "LicenseImageResultDataList", None):
        with pytest.raises(LicenseOutcomeUnknown):
            client.request("POST", "/v2/images/Licenses", body=TWO, returns=returns)
    with pytest.raises(LicenseOutcomeUnknown):
        client.call_api("/v2/images/licenses", "POST", body=TWO)


def test_who_wants_no_answer_gets_none(client: ApiClient, server: Server) -> None:
    server.answers(answer(200, {"data": [{"image_id": image, "license_id": "L"} for image in "12"]}))
    assert client.request("POST", "/v2/images/licenses", body=TWO, returns=None) is None


@pytest.mark.parametrize("status", [303, 408])
def test_a_status_that_leaves_it_open(api: ImagesApi, server: Server, status: int) -> None:
    server.always(answer(status, Location="/v2/elsewhere"))
    assert unknown(api).status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("returns", ["LicenceImageResultDataList", "file", "list[Nothing]"])
def test_an_unknown_type_is_found_before_anything_is_bought(
    client: ApiClient, server: Server, returns: str
) -> None:
    with pytest.raises(ApiTypeError, match="is no type of answer"):
        client.request("POST", "/v2/images/licenses", body=TWO, returns=returns)
    with pytest.raises(ApiTypeError, match="is no type of answer"):
        client.call_api("/v2/images/licenses", "POST", body=TWO, response_type=returns)
    assert server.requests == []


def test_a_refusal_as_a_whole_is_an_answer(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, b'{"message": "No", "errors": [{"message": "No subscription"}]}'))
    assert api.license_images(TWO).message == "No"


def test_pickle(api: ImagesApi, server: Server) -> None:
    server.answers(answer(500), answer(200, {"data": []}), answer(200, {"data": []}))
    error = unknown(api)
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.image_ids, twin.metadata, twin.sent_at) == (error.image_ids, error.metadata, SENT_AT)
    assert (twin.status, twin.attempts, twin.api_client, str(twin)) == (500, 1, None, str(error))
    with pytest.raises(ApiValueError, match="pass a client to use"):
        twin.reconcile()
    assert twin.reconcile(api.api_client).unknown == ["1", "2"]
