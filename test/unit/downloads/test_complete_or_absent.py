"""A file has its name when it is provably complete, and never before: answers that contradict themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, JPEG, Files, Get, chunked, identity_of, interrupted, left, ranges
from scripted_server import HANG_UP, Request, Server, answer

from shutterstock_api import ApiClient, ApiConnectionError, ApiException, DownloadError

SIZE, HERE = len(DATA), 200_000
REST = DATA[HERE:]
SMALL = DATA[:1000]
"""What follows it has come with it."""


def tail(status: int = 200, **headers: str) -> bytes:
    return answer(status, REST, **headers)


def raw(head: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body


CHUNKED_REST = chunked(REST).replace(b'ETag: "one"\r\n', b"")


@pytest.mark.parametrize(
    "answered",
    [
        tail(ETag='"one"'),
        tail(ETag='"two"'),
        tail(),
        tail(ETag='"one"', Content_Range=f"bytes {HERE}-{SIZE - 1}/{SIZE}"),
        answer(200, DATA[:100], ETag='"one"'),
        answer(200, DATA + b"x", ETag='"one"'),
        answer(200, DATA, ETag='"one"', Content_Range=f"bytes 0-{SIZE - 1}/{SIZE}"),
        chunked(REST),
        CHUNKED_REST,
    ],
    ids=[
        "the rest, the same version",
        "the rest, another version",
        "the rest, no version",
        "the rest with its range",
        "less of one version",
        "more of one version",
        "a range that nobody asked for",
        "chunks",
        "chunks of no version",
    ],
)
def test_whole_answers_to_a_range_are_asked_for_anew(
    answered: bytes, server: Server, get: Get, tmp_path: Path
):
    server.answers(Files(cuts=[HERE]), answered, Files())
    get()
    assert ranges(server) == [None, f"bytes={HERE}-", None]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_server_that_sticks_to_two_lengths(server: Server, get: Get, link: str, tmp_path: Path):
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    server.always(lambda request: answer(200, JPEG + b"x" * 997, ETag='"one"'))
    for _ in range(2):  # also when it is asked another day
        with pytest.raises(
            DownloadError, match=f"two lengths for one version .* {SIZE} and 1000 bytes"
        ) as caught:
            get()
        assert "delete the .part file" in str(caught.value)
        assert left(tmp_path) == ["cat.jpg.part", "cat.jpg.part.json"]
    (tmp_path / "cat.jpg.part").unlink()
    assert get().bytes == 1000


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (answer(206, DATA), "206 Partial Content"),
        (answer(206, DATA, Content_Range=f"bytes 0-{SIZE - 1}/{SIZE}"), "206 Partial Content"),
        (answer(200, DATA[:999], Content_Range=f"bytes 0-998/{SIZE}"), "only a part of the file came"),
        (answer(200, DATA, Content_Range=f"bytes 1-{SIZE - 1}/{SIZE}"), "only a part of the file came"),
        (answer(200, DATA, Content_Range=f"bytes 0-{SIZE - 1}/*"), "only a part of the file came"),
        (
            chunked(DATA).replace(b"ETag", b"Content-Range: bytes 0-8/9\r\nETag"),
            "only a part of the file came",
        ),
        (raw("Content-Length: 10", DATA), "more bytes came than the 10 that were announced"),
        (
            raw("Transfer-Encoding: chunked\r\nContent-Length: 10", b"5\r\n" + DATA[:5] + b"\r\n0\r\n\r\n"),
            "5 of 10",
        ),
        (
            raw("Transfer-Encoding: chunked\r\nContent-Length: 3", b"5\r\n" + DATA[:5] + b"\r\n0\r\n\r\n"),
            "more bytes came than",
        ),
        (raw("Content-Length: 10\r\nContent-Length: 11", DATA), "two lengths"),
        (raw("Content-Length: 10, 11", DATA), "two lengths"),
        (
            raw("Transfer-Encoding: gzip, chunked", b"5\r\n" + DATA[:5] + b"\r\n0\r\n\r\n"),
            "does not say how long",
        ),
        (chunked(SMALL) + b"5\r\nhello\r\n0\r\n\r\n", "more bytes came than the 1000"),
    ],
)
def test_first_answers_that_prove_nothing(
    sent: bytes, message: str, server: Server, client: ApiClient, get: Get, tmp_path: Path
):
    client.configuration.retries = 0
    server.always(lambda request: [sent, HANG_UP])
    with pytest.raises(ApiException, match=message) as caught:
        get()
    assert isinstance(caught.value, (DownloadError, ApiConnectionError))
    assert left(tmp_path) == []
    client.close()  # the server has closed the connection, or is about to
    server.always(Files())
    get()
    assert ranges(server)[-1] is None
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_chunks_of_one_version_are_as_long_as_it_was_said_to_be(server: Server, get: Get, tmp_path: Path):
    """They end as they should, and yet less than the whole file is in them."""
    server.answers(Files(cuts=[HERE]), chunked(REST), *[chunked(JPEG + REST)] * 9)
    with pytest.raises(ApiConnectionError, match=f"{len(REST) + 3} of {SIZE} bytes came"):
        get()
    assert not (tmp_path / "cat.jpg").exists()


def test_a_range_of_endless_digits(server: Server, get: Get, tmp_path: Path):
    span = f"bytes {HERE}-{'9' * 9000}/{'9' * 9000}"
    server.answers(Files(cuts=[HERE]), answer(206, REST, ETag='"one"', Content_Range=span), Files())
    get()
    assert ranges(server)[2] is None
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_what_came_too_much_is_not_taken_for_complete_by_the_next_call(
    server: Server, get: Get, tmp_path: Path
):
    """All announced bytes are here then, and a note that said so would give them the name."""
    server.answers(answer(200, SMALL, 991, ETag='"one"'))
    with pytest.raises(DownloadError, match="more bytes came than the 991 that"):
        get()
    assert left(tmp_path) == []

    def more(request: Request) -> bytes:
        head, _, body = chunked(REST, b"more").partition(b"\r\n\r\n")
        span = f"Content-Range: bytes {HERE}-{SIZE - 1}/{SIZE}".encode()
        return b"%s\r\n%s\r\n\r\n%s" % (head.replace(b"200 OK", b"206 Rest"), span, body)

    server.answers(Files(cuts=[HERE]), more)
    with pytest.raises(DownloadError, match=f"more bytes came than the {SIZE} that"):
        get()
    assert left(tmp_path) == []


def test_a_line_end_after_the_answer_is_not_too_much(server: Server, get: Get, tmp_path: Path):
    server.answers(answer(200, DATA) + b"\r\n")
    assert get().bytes == SIZE


@pytest.mark.parametrize(
    "head",
    [
        f"Content-Length: {SIZE}\r\nContent-Length: {SIZE}",
        f"Content-Length: {SIZE}, {SIZE}",
        f"Transfer-Encoding: identity\r\nContent-Length: {SIZE}",
        f"Content-Length: {SIZE}\r\nContent-Range: bytes 0-{SIZE - 1}/{SIZE}",
    ],
)
def test_lengths_that_are_said_twice(head: str, server: Server, get: Get, tmp_path: Path):
    server.answers(raw(head, DATA))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_identity_and_chunked_is_chunked(server: Server, get: Get, tmp_path: Path):
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (SIZE, DATA)
    server.answers(
        raw(f"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\nContent-Length: {SIZE}", body)
    )
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_length_that_a_range_told_holds_from_then_on(server: Server, get: Get, tmp_path: Path):
    """The first answer came in chunks, and did not say how long the file is."""

    def part(total: int) -> Callable[[Request], Any]:
        def answered(request: Request) -> Any:
            start = int(request.headers["range"][6:-1])
            span = f"bytes {start}-{total - 1}/{total}"
            whole = answer(206, DATA[start:total], ETag='"one"', Content_Range=span)
            return [whole[: len(whole) - (total - start) + 1000], HANG_UP]

        return answered

    server.answers(
        lambda request: [chunked(DATA[:1000], end=b""), HANG_UP], part(SIZE), part(SIZE - 5), Files()
    )
    get()
    assert ranges(server) == [None, "bytes=1000-", "bytes=2000-", None]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.parametrize("coding", ["identity", "aws-chunked", "aws-chunked,", "Identity, AWS-chunked", ""])
def test_codings_that_change_no_byte(coding: str, server: Server, get: Get, tmp_path: Path):
    server.answers(answer(200, DATA, Content_Encoding=coding))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "aws-chunked, gzip", "identity,br"])
def test_codings_that_compress(coding: str, server: Server, get: Get, tmp_path: Path):
    server.answers(answer(200, DATA, Content_Encoding=coding))
    with pytest.raises(DownloadError, match="the file came compressed"):
        get()
    server.answers(
        raw(f"Content-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: {SIZE}", DATA)
    )
    with pytest.raises(DownloadError, match="the file came compressed"):
        get()
    assert left(tmp_path) == []
