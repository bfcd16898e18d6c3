"""The answer of a file host: a head, then the bytes of the file as they arrive.

`http.client` and urllib3 take longer for this than a small file takes.
"""

from __future__ import annotations

import builtins
import re
import socket
import struct
import sys
import time
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING

from shutterstock_api.transport.head import LONGEST_LINE, MOST_HEADERS, Head, final_head, parse_head

if TYPE_CHECKING:
    from collections.abc import Callable

FILE_PIECE = 2**18
"""How many bytes are read at a time: with smaller pieces, threads that take turns need twice the time."""
SKIMMED = 1.0
"""Seconds to read the body of an answer that is not needed."""
_KERNEL_CAN_WAIT = sys.platform == "linux" and struct.calcsize("@l") == 8
"""Whether the system itself limits the time of reads and writes, which saves Python a call for each."""
_NOTHING = memoryview(b"")

_blank_line = re.compile(rb"\r?\n\r?\n").search
_line_end = re.compile(rb"\n").search
_chunk_size = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n").fullmatch


class BufferedSocket:
    """Sends over a connection, and reads from it through a buffer.

    Args:
        connected: The socket.
    """

    def __init__(self, connected: socket.socket) -> None:
        self.until: float | None = None
        """When everything must have arrived, on the monotonic clock."""
        self.socket: socket.socket = connected
        # Sockets of TLS, and of libraries that replace Python's sockets, handle timeouts in their own way.
        self._kernel_waits = _KERNEL_CAN_WAIT and type(connected).__module__ == "socket"
        if self._kernel_waits:
            connected.settimeout(None)
        self._patience: float | None = -1.0  # no limit set yet
        self._room = bytearray(FILE_PIECE)
        self._view = memoryview(self._room)
        self._begin = self._end = 0
        self._broken: OSError | None = None
        """The error to raise when all bytes before it have been read."""

    @property
    def is_empty(self) -> bool:
        """Whether all bytes in the buffer have been read."""
        return self._begin == self._end

    @property
    def unread(self) -> bytes:
        """The bytes in the buffer that have not been read."""
        return bytes(self._view[self._begin : self._end])

    def read(self, most: int) -> memoryview:
        """Return the next bytes, which are valid until the next call; nothing at the end."""
        if self.is_empty:
            self._begin = self._end = 0
        self._fill(min(self._begin + most, FILE_PIECE))
        begin, self._begin = self._begin, min(self._begin + most, self._end)
        return self._view[begin : self._begin]

    def read_head(self) -> Head:
        """Return the head of an answer.

        Raises:
            HTTPException: It is not a head, or incomplete.
        """
        return final_head(self._one_head)

    def _one_head(self) -> Head:
        line, _, fields = self._up_to(_blank_line, b"HTTP/").decode("latin-1").partition("\n")
        return parse_head(line, fields)

    def read_line(self) -> bytes:
        """Return one line, with its end.

        Raises:
            HTTPException: It is too long, or incomplete.
        """
        return self._up_to(_line_end)

    def _up_to(self, ending: Callable[..., re.Match[bytes] | None], start: bytes = b"") -> bytes:
        """Return everything up to an ending, but do not wait for anything that begins in the wrong way."""
        looked = self._begin
        while self.is_empty or not (found := ending(self._room, looked, self._end)):
            here = self._end - self._begin
            if here > LONGEST_LINE:
                raise HTTPException("a header is too long")
            got = bytes(self._view[self._begin : min(self._end, self._begin + len(start))])
            if not start.startswith(got):
                raise BadStatusLine(got.decode("latin-1"))
            self._room[:here] = self._room[self._begin : self._end]
            self._begin, self._end, looked = 0, here, max(0, here - 3)
            count = self._receive(self._view[here:])
            if not count:
                raise RemoteDisconnected("the answer ends in its headers" if here else "there was no answer")
            self._end += count
        begin, self._begin = self._begin, found.end()
        return bytes(self._view[begin : self._begin])

    def _fill(self, wanted: int) -> None:
        """Read until there are this many bytes, or no more arrive. Those before an error are kept."""
        if self._broken and self.is_empty:
            raise self._broken
        while not self._broken and self._end < wanted:
            try:
                count = self._receive(self._view[self._end :])
            except OSError as error:
                if self.is_empty:
                    raise
                self._broken = error
                return
            if not count:
                return
            self._end += count

    def send(self, data: bytes) -> None:
        """Send a request."""
        try:
            self.socket.sendall(data)
        except BlockingIOError:
            raise builtins.TimeoutError("timed out") from None

    def set_timeout(self, seconds: float | None) -> None:
        """Limit the time of each read and write from now on."""
        if seconds == self._patience:
            return
        self._patience = seconds
        if not self._kernel_waits:
            self.socket.settimeout(seconds)
            return
        whole, part = divmod(max(1, int(seconds * 1e6)) if seconds is not None else 0, 10**6)
        for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.socket.setsockopt(socket.SOL_SOCKET, way, struct.pack("@ll", whole, part))

    def _receive(self, room: memoryview) -> int:
        if self.until is not None:
            left = self.until - time.monotonic()
            if left <= 0:
                raise builtins.TimeoutError("the answer took too long")
            self.set_timeout(left if self._patience is None else min(left, self._patience))
        try:
            return self.socket.recv_into(room)
        except BlockingIOError:
            raise builtins.TimeoutError("timed out") from None


class RecordedBody:
    """A body that a recorder for tests replays; it is complete.

    Args:
        data: The body.
    """

    def __init__(self, data: bytes) -> None:
        self.until: float | None = None
        self.unread: bytes = data
        """The bytes that have not been read yet."""

    @property
    def is_empty(self) -> bool:
        return not self.unread

    def read(self, most: int) -> memoryview:
        piece, self.unread = self.unread[:most], self.unread[most:]
        return memoryview(piece)

    def read_line(self) -> bytes:
        raise HTTPException("recorded bodies have no chunks")


class FileResponse:
    """The answer to a GET, its body unread.

    Args:
        buffered: The connection, read up to the body.
        head: The head of the answer.
        give_back: Takes the connection back; its argument says whether another request can use it.
    """

    def __init__(
        self, buffered: BufferedSocket | RecordedBody, head: Head, give_back: Callable[[bool], object]
    ) -> None:
        self.status: int = head.status
        self.reason: str = head.reason
        self.headers: dict[str, str] = head.headers
        """By name in lower case."""
        self.fields: list[tuple[str, str]] = head.fields
        """Headers, unchanged."""
        self.chunked: bool = head.chunked
        self.length: int | None = 0 if head.status in (204, 304) else head.length
        """The number of bytes that are still missing; `None` if the head does not say."""
        self._buffered = buffered
        self._stays = head.stays
        self._in_chunks = False
        self._left_of_chunk = 0
        self._give_back: Callable[[bool], object] | None = give_back

    def piece(self) -> memoryview:
        """Return the next bytes of the body, which are valid until the next call; none at its end.

        A body without chunks may end early without an error: `length` says how much is missing.

        Raises:
            HTTPException: The chunks are not valid.
            OSError: The connection breaks.
        """
        if self.chunked and self.length is None:
            return self._piece_of_chunk()
        piece = self._buffered.read(FILE_PIECE if self.length is None else self.length)
        if self.length:
            self.length -= len(piece)
        return piece

    def _piece_of_chunk(self) -> memoryview:
        buffered = self._buffered
        if not self._left_of_chunk:
            if self._in_chunks and buffered.read_line().strip():
                raise HTTPException("a chunk that is longer than its size")
            found = _chunk_size(buffered.read_line())
            if not found:
                raise HTTPException("a chunk without a size")
            self._in_chunks, self._left_of_chunk = True, int(found[1], 16)
            if not self._left_of_chunk:
                self._read_trailer()
                return _NOTHING
        piece = buffered.read(self._left_of_chunk)
        self._left_of_chunk -= len(piece)
        if not piece:
            raise IncompleteRead(b"", self._left_of_chunk)
        return piece

    def _read_trailer(self) -> None:
        """Skip everything after the last chunk: it says nothing about the file."""
        for _ in range(MOST_HEADERS):
            if not self._buffered.read_line().strip():
                self.length = 0
                return
        raise HTTPException("a trailer without end")

    def skim(self) -> None:
        """Read a body that is not needed, if it is short and arrives at once: then the connection is kept."""
        self._buffered.until = time.monotonic() + SKIMMED
        self.piece()

    @property
    def overrun(self) -> bool:
        """Whether there are bytes after the end of the answer; a line end does not count."""
        return bool(self._buffered.unread.strip(b"\r\n"))

    def release(self) -> None:
        """Give the connection back; the next request uses it if this answer was read to its end."""
        give_back, self._give_back = self._give_back, None
        if give_back:
            give_back(self.length == 0 and self._stays and self._buffered.is_empty)
