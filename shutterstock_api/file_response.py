"""An answer that brings a file: its head, then its bytes as they come.

It has what a pool of urllib3 needs, and no more: urllib3's own takes longer than a small file.
"""

from __future__ import annotations

import threading
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from shutterstock_api.head import StrictResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 2**18
"""Bytes that are read at a time: smaller pieces cost threads twice the time, in turns."""


class _Room(threading.local):
    """Where a thread reads to, over and over."""

    def __init__(self) -> None:
        self.buffer = memoryview(bytearray(PIECE))


_room = _Room()


class FileResponse(StrictResponse):
    """The answer to a GET, unread."""

    version_string = "HTTP/1.1"
    retries: Any = None
    _pool: Any = None
    _connection: Any = None

    @property
    def length_remaining(self) -> int | None:
        """Bytes that are still to come; `None` where the head does not say."""
        return self.length

    def pieces(self) -> Iterator[bytes | memoryview]:
        """Yield the body; each piece is good until the next. It may end early without an error."""
        if self.chunked:
            while piece := self.read1(PIECE):
                yield piece
        else:
            while count := self.readinto(_room.buffer):
                yield _room.buffer[:count]

    def _read_next_chunk_size(self) -> int:
        size: int = super()._read_next_chunk_size()  # type: ignore[misc]
        if size < 0:
            raise HTTPException("a chunk of negative size")
        return size

    def release_conn(self) -> None:
        """Give the connection back; the next request uses it if this answer was read to its end."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        whole = self.isclosed() and not self.length
        self.close()
        if self.will_close or not whole:
            connection.close()
        self._pool._put_conn(connection)
