"""Hosts that lie in many ways, one after the other: a file is a whole one of theirs, or there is none."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from download_server import JPEG
from scripted_server import HANG_UP, Clock, Request, Server

from shutterstock_api import ApiClient, ApiException, download

VERSIONS = {'"a"': JPEG + random.Random(1).randbytes(9000), '"b"': JPEG + random.Random(2).randbytes(7000)}
PAGE = b"<html>" + b"x" * 3000
Parts = Iterable[bytes]


class Liar:
    """Answers as the dice fall. No lie can be the truth: each contradicts itself, or what was said before."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def __call__(self, request: Request) -> Parts:
        tag = self.dice.choice(['"a"'] * 9 + ['"b"'])
        data = VERSIONS[tag]
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        start = int(wanted[1]) if wanted and request.headers["if-range"] == tag else 0
        lies = [
            self.too_much,
            self.two_lengths,
            self.two_codings,
            self.chunks,
            self.page,
            self.part,
            self.error,
        ]
        lies += [self.truth] * 2 + [self.cut] * 3 + [self.rest, self.other] * bool(start)
        lie: Callable[[str, bytes, int], Parts] = self.dice.choice(lies)
        return lie(tag if self.dice.random() < 0.9 else "", data, start)

    def head(self, status: int, tag: str, *fields: str) -> bytes:
        lines = [f"HTTP/1.1 {status} X", *([f"ETag: {tag}"] if tag else []), *fields]
        return "\r\n".join([*lines, "", ""]).encode()

    def good(self, tag: str, data: bytes, start: int, *more: str) -> tuple[bytes, bytes]:
        span = [f"Content-Range: bytes {start}-{len(data) - 1}/{len(data)}"] if start else []
        return self.head(206 if start else 200, tag, *span, *more), data[start:]

    def truth(self, tag: str, data: bytes, start: int) -> Parts:
        return self.good(tag, data, start, f"Content-Length: {len(data) - start}")

    def cut(self, tag: str, data: bytes, start: int) -> Parts:
        head, body = self.truth(tag, data, start)
        return head, body[: self.dice.randrange(len(body) + 1)], HANG_UP

    def rest(self, tag: str, data: bytes, start: int) -> Parts:
        return self.head(200, tag, f"Content-Length: {len(data) - start}"), data[start:]

    def other(self, tag: str, data: bytes, start: int) -> Parts:
        span = self.dice.choice(
            [f"{start - 1}-{len(data) - 1}/{len(data)}", f"{start}-{len(data) - 1}/99999"]
        )
        length = f"Content-Length: {len(data) - start}"
        return self.head(206, tag, f"Content-Range: bytes {span}", length), data[start:], HANG_UP

    def too_much(self, tag: str, data: bytes, start: int) -> Parts:
        head, body = self.good(tag, data, start, f"Content-Length: {len(data) - start}")
        return [head + body + b"more", HANG_UP]

    def two_lengths(self, tag: str, data: bytes, start: int) -> Parts:
        head, body = self.good(tag, data, start, "Content-Length: 10", f"Content-Length: {len(data) - start}")
        return head, body, HANG_UP

    def two_codings(self, tag: str, data: bytes, start: int) -> Parts:
        coding = "Transfer-Encoding: identity", "Transfer-Encoding: chunked", "Content-Length: 10"
        head, body = self.good(tag, data, start, *coding)
        return head, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), HANG_UP

    def chunks(self, tag: str, data: bytes, start: int) -> Parts:
        length = f"Content-Length: {len(data) - start}"
        head, body = self.good(tag, data, start, "Transfer-Encoding: chunked", length)
        end = self.dice.choice([b"", b"0\r\n\r\n"])
        return head, b"%x\r\n%s\r\n%s" % (len(body) - 1, body[:-1], end), HANG_UP

    def page(self, tag: str, data: bytes, start: int) -> Parts:
        kind = self.dice.choice(["image/jpeg", "text/html", "text/plain"])
        return self.head(200, tag, f"Content-Type: {kind}", f"Content-Length: {len(PAGE)}"), PAGE

    def part(self, tag: str, data: bytes, start: int) -> Parts:
        fields = f"Content-Range: bytes 0-99/{len(data)}", "Content-Length: 100"
        return self.head(self.dice.choice([200, 206]), tag, *fields), data[:100]

    def error(self, tag: str, data: bytes, start: int) -> Parts:
        return [self.head(self.dice.choice([404, 416, 503]), tag, "Content-Length: 0")]


@pytest.mark.parametrize("seeds", [range(200), pytest.param(range(200, 800), marks=pytest.mark.exhaustive)])
def test_a_file_is_whole_or_not_there(
    seeds: range, server: Server, client: ApiClient, clock: Clock, tmp_path: Path
):
    path = tmp_path / "cat.jpg"
    arrived = 0
    for seed in seeds:
        dice = random.Random(seed)
        server.always(Liar(dice))
        for _ in range(3):
            try:
                download(f"{server.url}/cat.jpg", path, api=client, overwrite=dice.random() < 0.5)
            except ApiException:
                assert not path.exists(), seed
            else:
                assert path.read_bytes() in VERSIONS.values(), seed
                arrived += 1
                break
        for left in tmp_path.iterdir():
            left.unlink()
    assert arrived > len(seeds) // 4
