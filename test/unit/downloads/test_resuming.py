"""Files that are cut off, resumed, changed meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, JPEG, OLD, SECRET, Files, Get, left, ranges
from scripted_server import Clock, Request, Server, answer

from shutterstock_api import ApiClient, ApiConnectionError, ApiTimeoutError, DownloadError


@pytest.mark.parametrize("position", [0, 1, 2**18 - 1, 2**18, 2**18 + 1, len(DATA) - 1])
def test_a_cut_at_any_byte_is_resumed(position: int, server: Server, get: Get, tmp_path: Path):
    server.always(Files(cuts=[position]))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert left(tmp_path) == ["cat.jpg"]
    first, second = server.requests
    if position:
        assert second.headers["range"] == f"bytes={position}-"
        assert second.headers["if-range"] == '"one"'
    assert "range" not in first.headers


def test_a_date_resumes_where_it_is_old_enough(server: Server, get: Get, tmp_path: Path):
    server.always(Files(cuts=[200_000], **OLD))
    get()
    assert server.requests[1].headers["if-range"] == OLD["Last_Modified"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": 'W/"weak"'},
        {"ETag": "unquoted"},
        {"Last_Modified": OLD["Last_Modified"], "Date": OLD["Last_Modified"]},
        {"Last_Modified": "yesterday", "Date": OLD["Date"]},
        {"X": "nothing"},
    ],
)
def test_without_a_strong_validator_it_starts_over(
    headers: dict[str, str], server: Server, get: Get, tmp_path: Path
):
    server.always(Files(cuts=[200_000], **headers))
    get()
    assert ranges(server) == [None, None]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_what_cannot_be_resumed_is_not_kept(server: Server, get: Get, tmp_path: Path):
    server.always(Files(cuts=[200_000] * 9, X="no validator"))
    with pytest.raises(ApiConnectionError):
        get()
    assert left(tmp_path) == []


def test_another_version_starts_over(server: Server, get: Get, tmp_path: Path):
    other = JPEG + DATA[::-1] + b"longer"
    server.answers(Files(cuts=[200_000]), Files(other, ETag='"two"'))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == other


def rest_of(status: int = 206, **headers: str) -> Callable[[Request], bytes]:
    """Answer a range with headers of one's own; `{}` stands for where it starts."""

    def answered(request: Request) -> bytes:
        start = int(request.headers["range"][6:-1])
        fields = {name: value.format(start, len(DATA)) for name, value in headers.items()}
        return answer(status, b"x" * (len(DATA) - start), **fields)

    return answered


@pytest.mark.parametrize(
    "lie",
    [
        rest_of(ETag='"two"', Content_Range="bytes {}-307199/{}"),
        rest_of(Content_Range="bytes {}-307199/{}"),
        rest_of(ETag='"one"'),
        rest_of(ETag='"one"', Content_Range="bytes 7-307199/{1}"),
        rest_of(ETag='"one"', Content_Range="bytes {}-307199/400000"),
        rest_of(ETag='"one"', Content_Range="bytes {}-307199/*"),
        rest_of(ETag='"one"', Content_Range="bytes {}-307200/{}"),
        rest_of(ETag='"one"', Content_Range="bytes {}-250000/{}"),
        rest_of(416, Content_Range="bytes */5"),
    ],
)
def test_an_answer_that_proves_nothing_starts_over(lie: Any, server: Server, get: Get, tmp_path: Path):
    server.answers(Files(cuts=[200_000]), lie, Files())
    get()
    assert ranges(server)[1] is not None
    assert ranges(server)[2] is None
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_range_may_end_early(server: Server, get: Get, tmp_path: Path):
    def half(request: Request) -> bytes:
        start = int(request.headers["range"][6:-1])
        span = f"bytes {start}-{start + 49_999}/{len(DATA)}"
        return answer(206, DATA[start : start + 50_000], ETag='"one"', Content_Range=span)

    server.answers(Files(cuts=[200_000]), half, Files())
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert len(server.requests) == 3


def test_retries_are_counted_and_the_part_is_left(
    server: Server, client: ApiClient, clock: Clock, get: Get, tmp_path: Path
):
    server.always(Files(cuts=[200_000] * 9))
    with pytest.raises(ApiConnectionError, match=r"Tried 3 times") as caught:
        get()
    assert len(server.requests) == 3
    assert sum(clock.sleeps) == 1.5
    assert left(tmp_path) == ["cat.jpg.part", "cat.jpg.part.json"]
    assert caught.value.path == f"{server.url}/***"
    client.configuration.retries = 0
    server.always(Files())
    get()  # another call goes on
    assert ranges(server)[-1] is not None
    assert left(tmp_path) == ["cat.jpg"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_progress_earns_more_retries(server: Server, get: Get, tmp_path: Path):
    data = JPEG + os.urandom(2**20) * 6
    cuts = [i * (2**20 + 70_000) for i in range(1, 6)]
    server.always(Files(data, cuts))
    get()
    assert len(server.requests) == 6  # although two retries are allowed
    assert (tmp_path / "cat.jpg").read_bytes() == data


def test_starting_over_is_no_progress(server: Server, get: Get):
    server.always(Files(JPEG + bytes(2**22), [2**21, 2**19] * 50, X="no validator"))
    with pytest.raises(ApiConnectionError):
        get()
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_be_better_next_time(status: int, server: Server, get: Get, clock: Clock, tmp_path: Path):
    server.answers(answer(status, Retry_After=3), Files())
    get()
    assert sum(clock.sleeps) == 3
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_wait_that_is_too_long(server: Server, get: Get, clock: Clock):
    server.always(answer(503, Retry_After=100_000))
    with pytest.raises(DownloadError, match="503 Service Unavailable"):
        get()
    assert clock.sleeps == []


def test_the_deadline_bounds_a_file(server: Server, client: ApiClient, clock: Clock, get: Get):
    client.configuration.retries, client.configuration.deadline = 99, 5
    server.always(answer(503, Retry_After=2))
    with pytest.raises(DownloadError):
        get()
    assert sum(clock.sleeps) == 4


def test_a_silent_server(server: Server, client: ApiClient, get: Get):
    client.configuration.timeout, client.configuration.retries = 0.05, 0
    server.always(server.hang)
    with pytest.raises(ApiTimeoutError):
        get()


def test_nobody_is_there(refusing: str, get: Get, server: Server):
    with pytest.raises(ApiConnectionError, match=rf"GET {refusing}/\*\*\*: cannot connect to 127.0.0.1:"):
        get(f"{refusing}/x?sign={SECRET}")
