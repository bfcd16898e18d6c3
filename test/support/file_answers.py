"""Answers of a host of files, read from a pair of sockets."""

from __future__ import annotations

from collections.abc import Iterable

from shutterstock_api.transport.file_response import BufferedSocket, FileResponse

BODY = b"\xff\xd8\xff" + (bytes(range(256)) * 40)[3:]
HEAD = b'HTTP/1.1 200 OK\r\nETag: "one"\r\nContent-Length: %d\r\n\r\n' % len(BODY)
STALE = b"HTTP/1.1 500 what an earlier answer left in the buffer\r\n\r\n"


class Script:
    """A socket that brings these bytes, one part at a time, and then nothing."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.parts = iter(parts)
        self.rest = b""

    def recv_into(self, room: memoryview) -> int:
        self.rest = self.rest or next(self.parts, b"")
        count = min(len(room), len(self.rest))
        room[:count], self.rest = self.rest[:count], self.rest[count:]
        return count


def heard(*parts: bytes, stale: bytes = b"") -> FileResponse:
    """Read the head of an answer that comes in these parts, where another one was read before."""
    buffered = BufferedSocket(Script(([stale] if stale else []) + list(parts)))  # type: ignore[arg-type]
    while stale:
        stale = stale[len(buffered.read(len(stale))) :]
    released: list[bool] = []
    found = FileResponse(buffered, buffered.read_head(), released.append)
    found.released = released  # type: ignore[attr-defined]
    return found


def body_of(found: FileResponse) -> bytes:
    return b"".join(map(bytes, iter(found.piece, b"")))


def reusable(found: FileResponse) -> bool:
    found.release()
    found.release()
    [good] = found.released  # type: ignore[attr-defined]
    return bool(good)
