"""How the head of an answer is read: what counts, what is passed over, and what is no answer at all."""

from __future__ import annotations

import io
from http.client import HTTPException
from typing import Any

import pytest
from scripted_server import Server, answer

from shutterstock_api import ApiConnectionError, ImagesApi, NotFoundError, with_http_info
from shutterstock_api.transport.head import StrictResponse


class Socket:
    def __init__(self, content: bytes) -> None:
        self.file = io.BufferedReader(io.BytesIO(content))

    def makefile(self, mode: str) -> Any:
        return self.file


def read(head: bytes, method: str = "GET") -> StrictResponse:
    response = StrictResponse(Socket(head), method=method)  # type: ignore[arg-type]
    response.begin()
    return response


@pytest.mark.parametrize(
    ("line", "status", "reason", "version"),
    [
        (b"HTTP/1.1 200 OK\r\n", 200, "OK", 11),
        (b"HTTP/1.1 200 OK\n", 200, "OK", 11),
        (b"HTTP/1.0 404 Not  Found \r\n", 404, "Not  Found", 10),
        (b"HTTP/1.1 299\r\n", 299, "", 11),
        (b"HTTP/1.1   200\tOK\r\n", 200, "OK", 11),
        (b"HTTP/1.2 200 \xe9t\xe9\r\n", 200, "\u00e9t\u00e9", 11),
    ],
)
def test_status_lines(line: bytes, status: int, reason: str, version: int) -> None:
    found = read(line + b"\r\n")
    assert (found.status, found.reason, found.version) == (status, reason, version)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\r\n",
        b"garbage\r\n",
        b"HTTP/2 200 OK\r\n",
        b"HTTP/0.9 200 OK\r\n",
        b"HTTP/1.1 20 OK\r\n",
        b"HTTP/1.1 2000 OK\r\n",
        b"HTTP/1.1 2x0 OK\r\n",
        b"HTTP/1.1 -20 OK\r\n",
        b"HTTP/1.1200 OK\r\n",
        b"HTTP/1.1 200" + b" " * 2**16 + b"\r\n",
    ],
)
def test_no_status_lines(line: bytes) -> None:
    with pytest.raises(HTTPException):
        read(line + b"\r\n")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (b"A: b\r\n", [("A", "b")]),
        (b"A:b\nC: d \t\r\n", [("A", "b"), ("C", "d")]),
        (b"A:\r\n", [("A", "")]),
        (b"A: b: c\r\n", [("A", "b: c")]),
        (b"A: b\r\na: c\r\n", [("A", "b"), ("a", "c")]),
        (b"A: b\r\n c\r\n\td\r\n", [("A", "b c d")]),
        (b" c\r\nA: b\r\n", [("A", "b")]),
        (b"no colon\r\nA : b\r\nA b: c\r\n: d\r\nE: f\r\n", [("E", "f")]),
        (b"A: \xff\r\n", [("A", "\u00ff")]),
    ],
)
def test_headers(lines: bytes, expected: list[tuple[str, str]]) -> None:
    assert list(read(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n").headers.items()) == expected


LENGTH, CHUNKED, CLOSE = b"Content-Length: 5\r\n", b"Transfer-Encoding: Chunked\r\n", b"Connection: Close\r\n"
KEEP = b"Connection: Keep-Alive\r\n"


@pytest.mark.parametrize(
    ("status", "lines", "length", "chunked", "closes"),
    [
        (b"1.1 200", LENGTH, 5, False, False),
        (b"1.1 200", LENGTH + CLOSE, 5, False, True),
        (b"1.0 200", LENGTH, 5, False, True),
        (b"1.0 200", LENGTH + KEEP, 5, False, False),
        (b"1.1 200", CHUNKED, None, True, False),
        (b"1.1 200", CHUNKED + LENGTH, None, True, False),
        (b"1.1 200", b"", None, False, True),
        (b"1.1 204", b"", 0, False, False),
        (b"1.1 304", LENGTH, 0, False, False),
        (b"1.1 200", b"Content-Length: -5\r\n", None, False, True),
        (b"1.1 200", b"Content-Length: +5\r\n", None, False, True),
        (b"1.1 200", b"Content-Length: 0000000000000000005\r\n", None, False, True),
        (b"1.1 200", b"Content-Length: 5, 5\r\n", 5, False, False),
        (b"1.1 200", LENGTH + LENGTH, 5, False, False),
        (b"1.1 200", b"Transfer-Encoding: identity\r\n" + LENGTH, 5, False, False),
        (b"1.1 200", b"Transfer-Encoding: identity\r\n" + CHUNKED + LENGTH, None, True, False),
        (b"1.1 200", b"Transfer-Encoding: identity, chunked\r\n" + LENGTH, None, True, False),
        (b"1.1 200", CHUNKED + CHUNKED, None, True, False),
        (b"1.1 200", b"Transfer-Encoding: gzip\r\n" + CHUNKED + LENGTH, None, False, True),
    ],
)
def test_the_length_of_the_body(
    status: bytes, lines: bytes, length: int | None, chunked: bool, closes: bool
) -> None:
    found = read(b"HTTP/" + status + b" x\r\n" + lines + b"\r\n")
    assert (found.length, found.chunked, found.will_close) == (length, chunked, closes)


@pytest.mark.parametrize(
    "lines",
    [
        LENGTH + b"Content-Length: 7\r\n",
        b"Content-Length: 5, 7\r\n",
        LENGTH + b"A: b\r\ncontent-length: 05\r\n",
        CHUNKED + LENGTH + b"Content-Length: 7\r\n",
    ],
)
def test_two_lengths_are_an_error(lines: bytes) -> None:
    with pytest.raises(HTTPException, match="two lengths"):
        read(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")


def test_an_answer_to_head_has_no_body() -> None:
    assert read(b"HTTP/1.1 200 OK\r\n" + LENGTH + b"\r\n", "HEAD").length == 0


@pytest.mark.parametrize(("number", "good"), [(100, True), (101, False)])
def test_a_hundred_headers_are_enough(number: int, good: bool) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * number + b"\r\n"
    if good:
        assert len(read(head).headers) == number
        return
    with pytest.raises(HTTPException, match="more than 100 headers"):
        read(head)


def test_a_head_is_whole_or_an_error() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: b\r\n\r\n"
    for end in range(len(head)):
        with pytest.raises(HTTPException):
            read(head[:end])
    assert read(head).status == 200


@pytest.mark.parametrize("interim", [100, 101, 102, 103, 199])
def test_interim_answers_are_passed_over(interim: int) -> None:
    head = b"HTTP/1.1 %d x\r\nA: b\r\n\r\n" % interim
    found = read(head * 19 + b"HTTP/1.1 200 OK\r\nC: d\r\n\r\n")
    assert (found.status, found.headers.items()) == (200, [("C", "d")])
    with pytest.raises(HTTPException, match="too many interim answers"):
        read(head * 20 + b"HTTP/1.1 200 OK\r\n\r\n")


@pytest.mark.parametrize(
    "line", [b"A: " + b" " * 65_000, b" " * 65_000, b"A" * 65_000, b"A:" + b": " * 30_000]
)
def test_a_hostile_line_costs_its_length(line: bytes) -> None:
    """Nothing here is quadratic: that would take minutes, not the milliseconds of a hundred such lines."""
    read(b"HTTP/1.1 200 OK\r\n" + (line + b"\r\n") * 100 + b"\r\n")


# Through the client.


def test_several_fields_of_a_name_are_joined(api: ImagesApi, server: Server) -> None:
    server.answers(b'HTTP/1.1 200 OK\r\nVary: a\r\nVary: b\r\nContent-Length: 10\r\n\r\n{"id":"1"}')
    assert with_http_info(api.get_image)("1").headers["vary"] == "a, b"


def test_a_connection_of_http_1_0_stays_where_it_says_so(api: ImagesApi, server: Server) -> None:
    good = b"HTTP/1.0 404 Not Found\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"
    server.answers(good, good, answer(404))
    for _ in range(3):
        with pytest.raises(NotFoundError):
            api.get_image("1")
    assert server.connections == 1


def test_what_is_no_status_line_is_told_shortly(api: ImagesApi, server: Server) -> None:
    server.always(b"x" * 60_000 + b"\r\n\r\n")
    with pytest.raises(ApiConnectionError) as caught:
        api.get_image("1", _retries=0)
    assert len(str(caught.value)) < 400
