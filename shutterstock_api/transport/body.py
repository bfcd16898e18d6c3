"""Reads and decompresses the body of an answer, but never more of it than allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY_PIECE = 2**16
"""How many bytes are read at a time."""
GZIP = zlib.MAX_WBITS | 16
_MAGIC = b"\x1f\x8b"


class _TooLarge(Exception):
    """The body is larger than allowed."""


def read_body(response: BaseHTTPResponse, most: int) -> tuple[bytes, bool]:
    """Return the decompressed body, and whether it is complete. The connection is given back.

    An error whose body is cut off keeps what has arrived: the rest would say no more than the status.

    Args:
        response: An answer whose body has not been read yet.
        most: The most bytes to read.

    Raises:
        HTTPError: The body of a success is cut off, or cannot be decompressed.
        OSError: The connection broke.
    """
    if not isinstance(response, BaseHTTPResponse):  # a recorder for tests replays decompressed bodies
        response.release_conn()
        return response.data[:most], len(response.data) <= most
    length = response.length_remaining
    simple = length is not None and length <= most and "Content-Encoding" not in response.headers
    if simple and response.status < 300:
        return response.read(), True
    pieces: list[bytes] = []
    whole = False
    try:
        whole = _read(response, most, pieces)
    except (HTTPError, OSError, ValueError):
        if response.status < 300:
            raise
    finally:
        if not whole:
            response.close()  # so that the rest is not mistaken for the next answer
        response.release_conn()
    return b"".join(pieces), whole


def _read(response: BaseHTTPResponse, most: int, pieces: list[bytes]) -> bool:
    """Fill `pieces`; tell whether the body ends there."""
    encoding = response.headers.get("Content-Encoding")
    gzip = encoding in ("gzip", "x-gzip")
    size = 0
    try:
        for piece in _unpacked(response, most) if gzip else response.stream(BODY_PIECE, encoding is not None):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                pieces[-1] = piece[: most - size]
                return False
    except _TooLarge:
        return False
    return True


def _unpacked(response: BaseHTTPResponse, most: int) -> Iterator[bytes]:
    """Yield a gzip body decompressed. A stream that ends early is an error; urllib3 would accept it."""
    unpack = zlib.decompressobj(GZIP)
    begun = False
    taken = 0
    for packed in response.stream(BODY_PIECE, decode_content=False):
        taken += len(packed)
        while packed:
            if unpack.eof:  # another member, or padding
                if not _MAGIC.startswith(packed[:2]):
                    break
                unpack = zlib.decompressobj(GZIP)
            begun = True
            try:
                yield unpack.decompress(packed, most + 1)
            except zlib.error as error:
                raise ProtocolError(f"the body is no gzip: {error}") from None
            packed = unpack.unconsumed_tail or unpack.unused_data
        if taken > most + BODY_PIECE:  # even if it decompresses to nothing: it might never end
            raise _TooLarge
    if begun and not unpack.eof:
        raise ProtocolError("the gzip body is incomplete")
