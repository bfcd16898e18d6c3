"""Files of several gigabytes, as videos are: with holes on the disk, and bytes that the server makes."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from download_server import identity_of, left
from media_files import BEGINNINGS, result_of
from scripted_server import HANG_UP, Request, Server, answer

from shutterstock_api import ApiClient, Progress, download
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.downloads.sources import SourceArgument, describe_source
from shutterstock_api.downloads.verification import FileVersion

GIB = 2**30
LENGTH = 5 * GIB + 17
"""More than 32 bits can count."""
TAIL = 2 * 2**20
TAG = '"five-gigabytes"'
MOV = BEGINNINGS["mov"]


def sent(request: Request) -> bytes:
    """Answer with what is missing of a file of nothing but zeros after its beginning."""
    start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
    assert request.headers["if-range"] == TAG
    span = f"bytes {start}-{LENGTH - 1}/{LENGTH}"
    return answer(206, bytes(LENGTH - start - 1) + b"!", ETag=TAG, Content_Range=span)


def begun(path: Path, identity: str, size: int) -> None:
    """Leave so many bytes of the file, as an interrupted download does; most of them are a hole."""
    with open(f"{path}.part", "wb") as part:
        part.write(MOV)
        part.truncate(size)
    note = msgspec.json.encode((identity, FileVersion("ETag", TAG, LENGTH), size))
    Path(f"{path}.part.json").write_bytes(note)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A folder on a disk that stores no holes."""
    with open(tmp_path / "hole", "wb") as hole:
        hole.truncate(2**24)
    if os.name == "nt" or (tmp_path / "hole").stat().st_blocks * 512 >= 2**24:
        pytest.skip("this file system stores holes")
    (tmp_path / "hole").unlink()
    return tmp_path


def test_five_gigabytes_are_resumed_near_their_end(server: Server, client: ApiClient, disk: Path):
    link = f"{server.url}/7.mov"
    source = result_of(MEDIA["video"], link)
    begun(
        disk / "7.mov",
        describe_source(SourceArgument(source), None, MEDIA["video"]).identity(),
        LENGTH - TAIL,
    )
    server.answers(sent)
    seen: list[Progress] = []
    done = download(source, disk, api=client, progress=seen.append)
    assert (done.bytes, done.path) == (LENGTH, disk / "7.mov")
    assert server.request.headers["range"] == f"bytes={LENGTH - TAIL}-"
    assert (seen[-1].bytes, seen[-1].total_bytes) == (LENGTH, LENGTH)
    assert left(disk) == ["7.mov"]
    with open(disk / "7.mov", "rb") as file:
        assert file.read(len(MOV)) == MOV
        file.seek(-2, os.SEEK_END)
        assert file.read() == b"\0!"
    assert done.path
    assert done.path.stat().st_blocks * 512 < GIB


@pytest.mark.parametrize("size", [2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1])
def test_cuts_about_the_limits_of_32_bits(size: int, server: Server, client: ApiClient, disk: Path):
    """A second cut right after the first piece, then another process with a link of its own."""
    begun(disk / "x.mov", identity_of(f"{server.url}/x.mov"), size)

    def cut(request: Request) -> Iterator[bytes]:
        span = f"bytes {size}-{LENGTH - 1}/{LENGTH}"
        head = answer(206, b"", LENGTH - size, ETag=TAG, Content_Range=span)
        yield head + bytes(1000)
        yield HANG_UP

    client.configuration.retries = 0
    server.answers(cut)
    with pytest.raises(Exception, match=f"{size + 1000} of {LENGTH} bytes came"):
        download(f"{server.url}/x.mov", disk, api=client)
    assert (disk / "x.mov.part").stat().st_size == size + 1000
    server.answers(lambda request: answer(503))
    with pytest.raises(Exception, match="503"):
        download(f"{server.url}/x.mov?another=signature", disk, api=client)
    assert server.requests[1].headers["range"] == f"bytes={size + 1000}-"


def test_a_long_stream_needs_little_memory(server: Server, client: ApiClient):
    """Bytes that are made as they are asked for go into a file object that only counts them."""
    pieces, piece = 512, bytes(range(256)) * 512  # 64 MiB

    def stream(request: Request) -> Iterator[bytes]:
        yield answer(200, b"", len(MOV) + pieces * len(piece), ETag=TAG) + MOV
        for _ in range(pieces):
            yield piece
        yield HANG_UP

    class Counting(io.RawIOBase):
        digest, size = hashlib.sha256(), 0

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.digest.update(data)
            self.size += len(data)
            return len(data)

    server.answers(stream)
    tracemalloc.start()
    try:
        counting = Counting()
        download(f"{server.url}/x.mov", counting, api=client)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert counting.size == len(MOV) + pieces * len(piece)
    assert counting.digest.hexdigest() == hashlib.sha256(MOV + piece * pieces).hexdigest()
    assert peak < 8 * 2**20
