"""An answer that brings a file, read without more than is needed."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected

import pytest
from file_answers import BODY, HEAD, STALE, Script, body_of, heard, reusable

from shutterstock_api.transport.file_response import FILE_PIECE, BufferedSocket


def test_an_answer_in_two_parts_cut_anywhere():
    whole = HEAD + BODY
    for cut in range(1, len(HEAD) + 5):
        found = heard(whole[:cut], whole[cut:], stale=STALE)
        assert (found.status, found.headers["etag"]) == (200, '"one"')
        assert body_of(found) == BODY
        assert found.length == 0
        assert reusable(found)


def test_an_answer_byte_by_byte():
    found = heard(*(bytes([one]) for one in HEAD + BODY))
    assert body_of(found) == BODY
    assert reusable(found)


def test_pieces_are_as_large_as_they_may_be():
    body = bytes(FILE_PIECE * 2 + 5)
    found = heard(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body), *[bytes(16384)] * 32, bytes(5)
    )
    assert [len(piece) for piece in iter(found.piece, b"")] == [FILE_PIECE, FILE_PIECE, 5]


def test_interim_answers_are_passed_over():
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    assert body_of(heard(early + early, early + HEAD + BODY)) == BODY
    with pytest.raises(HTTPException, match="too many interim answers"):
        heard(early * 30 + HEAD)


@pytest.mark.parametrize("start", [b"SSH-2.0-server\r\n", b"\r\n", b"H3", b"HTTP!"])
def test_what_begins_in_another_way_is_not_waited_for(start: bytes):
    def parts() -> Iterator[bytes]:
        yield start
        raise AssertionError("it was waited for")

    with pytest.raises(BadStatusLine):
        BufferedSocket(Script(parts())).read_head()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"", "there was no answer"),
        (b"HT", "the answer ends in its headers"),
        (HEAD[:-1], "the answer ends in its headers"),
    ],
)
def test_heads_that_end_early(sent: bytes, message: str):
    with pytest.raises(RemoteDisconnected, match=message):
        heard(sent)


def test_a_head_that_does_not_end():
    with pytest.raises(HTTPException, match="a header is too long"):
        heard(b"HTTP/1.1 200 OK\r\nX: ", *[b"x" * 9999] * 20)


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body(status: int):
    found = heard(b"HTTP/1.1 %d X\r\nContent-Length: 7\r\n\r\n" % status)
    assert body_of(found) == b""
    assert reusable(found)


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + BODY[:-1],
        HEAD + BODY + b"x",
        HEAD.replace(b"ETag", b"Connection: close\r\nETag") + BODY,
        HEAD.replace(b"1.1", b"1.0") + BODY,
        b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
    ],
    ids=["cut off", "more than announced", "closing", "old", "without length"],
)
def test_connections_that_are_not_used_again(sent: bytes):
    found = heard(sent)
    assert body_of(found).startswith(BODY[:-1])
    assert not reusable(found)


# Chunks.


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"5\r\nhello\r\n00A;name=value\r\n, it is I.\r\n0\r\nTrailer: x\r\n\r\n"


def test_chunks_cut_anywhere():
    for cut in range(1, len(CHUNKS)):
        found = heard(CHUNKED + CHUNKS[:cut], CHUNKS[cut:])
        assert body_of(found) == b"hello, it is I."
        assert found.piece() == b""
        assert reusable(found)


def test_chunks_byte_by_byte():
    assert body_of(heard(CHUNKED, *(bytes([one]) for one in CHUNKS))) == b"hello, it is I."


def test_a_chunk_larger_than_the_buffer():
    data = bytes(range(251)) * 3000
    parts = b"%x\r\n" % len(data) + data + b"\r\n1\r\n!\r\n0\r\n\r\n"
    found = heard(CHUNKED, *(parts[at : at + 50_021] for at in range(0, len(parts), 50_021)))
    assert body_of(found) == data + b"!"


@pytest.mark.parametrize(
    ("sent", "error", "message"),
    [
        (b"-5\r\nhello", HTTPException, "a chunk without a size"),
        (b"\r\nhello", HTTPException, "a chunk without a size"),
        (b"1" * 17 + b"\r\nhello", HTTPException, "a chunk without a size"),
        (b"3\r\nhello\r\n0\r\n\r\n", HTTPException, "a chunk that is longer than its size"),
        (b"7\r\nhello", IncompleteRead, "2 more expected"),
        (b"5\r\nhello\r\n", RemoteDisconnected, "there was no answer"),
        (b"5\r\nhello\r\n0\r\n", RemoteDisconnected, "there was no answer"),
        (b"0\r\n" + b"X: y\r\n" * 101 + b"\r\n", HTTPException, "a trailer without end"),
    ],
)
def test_chunks_that_lie(sent: bytes, error: type[Exception], message: str):
    found = heard(CHUNKED + sent)
    with pytest.raises(error, match=message):
        body_of(found)
    assert not reusable(found)


@pytest.mark.parametrize(
    ("sent", "more"),
    [(HEAD + BODY, False), (HEAD + BODY + b"\r\n", False), (HEAD + BODY + b"HTTP/1.1 200 OK", True)],
)
def test_what_came_too_much_is_told(sent: bytes, more: bool):
    found = heard(sent)
    assert body_of(found) == BODY
    assert found.overrun is more


def test_headers_of_one_name_are_joined():
    found = heard(b"HTTP/1.1 200 OK\r\nETag: a\r\nX: 1\r\nx: 1\r\nX: 2\r\nContent-Length: 0\r\n\r\n")
    assert found.headers == {"etag": "a", "x": "1, 2", "content-length": "0"}
