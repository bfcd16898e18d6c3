"""Video files of events."""

from __future__ import annotations

import struct

from .archive import Item
from .views import Clip


def film(item: Item, clip: Clip, extension: str, *, watermarked: bool) -> bytes:
    """A file that has the boxes of a video, in the colour of the item."""
    start = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    return (
        start
        + _box(b"free", bytes(item.colour.rgb) * 64)
        + _box(b"mdat", f"{item.id} {clip} {extension} {watermarked}".encode())
    )


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L4s", len(content) + 8, kind) + content
