"""How much of an answer is read, and what it is when it is cut off."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib

import pytest
from scripted_server import Server, answer, gzipped

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    DecodeError,
    ForbiddenError,
    ImagesApi,
    LicenseOutcomeUnknown,
    ServerError,
)

IMAGE = {"id": "1", "description": "x" * 1000}
PACKED = gzip.compress(json.dumps(IMAGE).encode())
LICENCE = {"images": [{"image_id": "1"}]}


def packed(body: bytes, encoding: str = "gzip", status: int = 200) -> bytes:
    return answer(status, body, Content_Encoding=encoding)


def chunked(*pieces: bytes, status: int = 200, more: str = "", end: bool = True) -> bytes:
    head = (
        f"HTTP/1.1 {status} Reason\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n{more}\r\n".encode()
    )
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return head + body + (b"0\r\n\r\n" if end else b"")


GZIP = "Content-Encoding: gzip\r\n"
SMALL = json.dumps(IMAGE).encode()


@pytest.mark.parametrize(
    "raw",
    [
        answer(200, IMAGE),
        gzipped(IMAGE),
        packed(PACKED, "x-gzip"),
        packed(gzip.compress(SMALL[:500]) + gzip.compress(SMALL[500:])),
        packed(PACKED + b"\0" * 20),
        packed(zlib.compress(SMALL), "deflate"),
        packed(SMALL, "identity"),
        chunked(SMALL),
        chunked(SMALL[:5], SMALL[5:]),
        chunked(*(PACKED[at : at + 1] for at in range(len(PACKED))), more=GZIP),
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + SMALL,
    ],
    ids=[
        "plain",
        "gzip",
        "x-gzip",
        "two members",
        "padding",
        "deflate",
        "identity",
        "chunk",
        "chunks",
        "chunked gzip, byte by byte",
        "until the end",
    ],
)
def test_however_it_is_packed_it_arrives_whole(api: ImagesApi, server: Server, raw: bytes) -> None:
    server.answers(raw, answer(200, {"id": "2"}))
    assert api.get_image("1").description == "x" * 1000
    assert api.get_image("2").id == "2"


@pytest.mark.parametrize(
    "raw",
    [
        packed(PACKED[:-1]),
        packed(PACKED[:-1], "x-gzip"),
        packed(PACKED[:20]),
        packed(b"no gzip at all"),
        chunked(SMALL, end=False),
        chunked(PACKED[:-9], more=GZIP),
        answer(200, SMALL, len(SMALL) + 1),
    ],
    ids=[
        "gzip but its last byte",
        "x-gzip",
        "gzip head",
        "no gzip",
        "no last chunk",
        "chunked gzip",
        "plain",
    ],
)
def test_a_success_that_is_cut_off_is_asked_for_again(api: ImagesApi, server: Server, raw: bytes) -> None:
    server.answers(raw, raw, gzipped(IMAGE))
    assert api.get_image("1").description == "x" * 1000
    server.answers(raw)
    with pytest.raises(ApiConnectionError):
        api.create_lightbox({"name": "n"})
    server.answers(raw)
    with pytest.raises(LicenseOutcomeUnknown):
        api.license_images(LICENCE)
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "body", [b"", b"what came", PACKED[:30]], ids=["nothing", "a part of a text", "a part of a gzip"]
)
def test_an_error_counts_even_where_its_body_is_cut_off(api: ImagesApi, server: Server, body: bytes) -> None:
    server.always(answer(403, body, 5000, Content_Encoding="gzip" if body == PACKED[:30] else "identity"))
    with pytest.raises(ForbiddenError):
        api.license_images(LICENCE)
    server.always(answer(503, body, 5000))
    with pytest.raises(ServerError) as caught:
        api.get_image("1", _retries=1)
    assert (caught.value.attempts, len(server.requests)) == (2, 3)
    assert caught.value.body == body.decode("utf-8", "replace")


BOMB = gzip.compress(b" " * 50_000_000)


@pytest.mark.parametrize(
    "raw",
    [
        packed(BOMB),
        packed(zlib.compress(b" " * 50_000_000), "deflate"),
        chunked(BOMB, more=GZIP),
        answer(200, b" " * 200_001),
        answer(200, b" " * 1000, 10**15),
        chunked(*[b" " * 50_000] * 5),
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * 200_001,
    ],
    ids=["gzip", "deflate", "chunked gzip", "plain", "a length that frightens", "chunked", "without end"],
)
def test_no_more_is_read_than_allowed(client: ApiClient, server: Server, raw: bytes) -> None:
    client.configuration.max_response_size = 200_000
    api = ImagesApi(client)
    server.answers(raw, raw, answer(200, {"id": "2"}))
    tracemalloc.start()
    try:
        with pytest.raises((DecodeError, ApiConnectionError)) as caught:
            api.get_image("1", _retries=0)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert b"10000000" in raw or "larger than max_response_size (200000 bytes)" in str(caught.value)
    assert len(str(caught.value)) < 1000
    with pytest.raises(LicenseOutcomeUnknown):
        api.license_images(LICENCE)
    assert api.get_image("2").id == "2"
    assert len(server.requests) == 3


def test_the_bound_is_on_what_is_unpacked(client: ApiClient, server: Server) -> None:
    api = ImagesApi(client)
    server.always(gzipped(IMAGE))
    client.configuration.max_response_size = len(SMALL)
    assert api.get_image("1").description
    client.configuration.max_response_size = len(SMALL) - 1
    with pytest.raises(DecodeError):
        api.get_image("1")


def test_the_bound_is_on_what_travels_too(client: ApiClient, server: Server) -> None:
    raw = gzip.compress(b'{"id": "1"}')  # longer than what is in it
    client.configuration.max_response_size = len(raw) - 1
    server.answers(packed(raw), packed(gzip.compress(b"") * 5000))
    assert ImagesApi(client).get_image("1").id == "1"
    with pytest.raises(DecodeError, match="larger than max_response_size"):
        ImagesApi(client).get_image("1")


def test_an_oversized_error_is_still_that_error(client: ApiClient, server: Server) -> None:
    client.configuration.max_response_size = 10
    server.answers(packed(BOMB, status=403))
    with pytest.raises(ForbiddenError) as caught:
        ImagesApi(client).get_image("1")
    assert len(caught.value.body or "") == 10


@pytest.mark.parametrize("size", [b"-1", b"-5", b"+5", b"5_0", b"", b"zz", b"ffffffffffffffffff"])
def test_a_chunk_of_a_size_that_is_none(client: ApiClient, server: Server, size: bytes) -> None:
    client.configuration.max_response_size = 200_000
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    server.answers(head + size + b"\r\n" + b" " * 5_000_000)
    tracemalloc.start()
    try:
        with pytest.raises((ApiConnectionError, DecodeError)):
            ImagesApi(client).get_image("1", _retries=0)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


INTERIM = (
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 199 Miscellaneous\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n",
)


@pytest.mark.parametrize("interim", [*INTERIM, b"".join(INTERIM)])
def test_interim_answers_are_skipped(api: ImagesApi, server: Server, interim: bytes) -> None:
    server.answers(interim + answer(200, {"id": "1"}), answer(200, {"id": "2"}))
    assert [api.get_image(image_id).id for image_id in ("1", "2")] == ["1", "2"]
    assert {request.connection for request in server.requests} == {1}


def test_interim_answers_without_end_are_an_error(api: ImagesApi, server: Server) -> None:
    server.answers(INTERIM[1] * 100 + answer(200, {"id": "1"}))
    with pytest.raises(ApiConnectionError, match="too many interim answers"):
        api.get_image("1", _retries=0)
