"""WebM files: the frames of WebP pictures, which are VP8, in the elements of Matroska."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from PIL import Image as Pil

_QUALITY = 40
#: A cluster counts its time in 16 bits, in milliseconds.
_CLUSTER = 30_000


def webm(pictures: Sequence[Pil.Image], fps: float) -> bytes:
    """A video of these pictures, all of one size."""
    frames = [_vp8(picture) for picture in pictures]
    width, height = pictures[0].size
    head = _element(
        "1A45DFA3",
        _element("4282", b"webm") + _element("4287", b"\2") + _element("4285", b"\2"),
    )
    duration = struct.pack(">d", 1000 * len(frames) / fps)
    information = _element(
        "1549A966",
        _element("2AD7B1", b"\x0f\x42\x40")
        + _element("4489", duration)
        + _element("4D80", b"sandbox")
        + _element("5741", b"sandbox"),
    )
    shape = _element("E0", _element("B0", _whole(width)) + _element("BA", _whole(height)))
    track = _element("D7", b"\1") + _element("73C5", b"\1") + _element("83", b"\1")
    tracks = _element("1654AE6B", _element("AE", track + _element("86", b"V_VP8") + shape))
    times = [round(1000 * number / fps) for number in range(len(frames))]
    clusters = []
    for start in range(0, times[-1] + 1, _CLUSTER):
        blocks = [
            _element("A3", b"\x81" + struct.pack(">hB", time - start, 0x80) + frame)
            for time, frame in zip(times, frames, strict=True)
            if start <= time < start + _CLUSTER
        ]
        clusters.append(_element("1F43B675", _element("E7", _whole(start)) + b"".join(blocks)))
    return head + _element("18538067", information + tracks + b"".join(clusters))


def _vp8(picture: Pil.Image) -> bytes:
    """The one frame of a WebP picture."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=0)
    data = out.getvalue()
    at = 12
    while data[at : at + 4] != b"VP8 ":
        at += 8 + (struct.unpack_from("<L", data, at + 4)[0] + 1) // 2 * 2
    return data[at + 8 : at + 8 + struct.unpack_from("<L", data, at + 4)[0]]


def _whole(number: int) -> bytes:
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


def _element(name: str, data: bytes) -> bytes:
    return bytes.fromhex(name) + (len(data) | 1 << 56).to_bytes(8, "big") + data
