"""MP4 and QuickTime files: boxes within boxes (ISO/IEC 14496-12)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

#: Ticks per second: frames at 24, 25, 30 and 60 a second (or a thousandth fewer) last whole ticks.
TICKS = 120_000
_MATRIX = struct.pack(">9L", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_BRANDS = {"mp4": b"isom\0\0\2\0isomiso2avc1mp41", "mov": b"qt  \0\0\2\0qt  "}


def movie(
    frames: Sequence[bytes],
    fps: float,
    size: tuple[int, int],
    parameter_sets: tuple[bytes, bytes],
    brand: str,
) -> bytes:
    """A file with one track of H.264; only the first frame is independent of others."""
    length = round(TICKS / fps)
    samples = [struct.pack(">L", len(frame)) + frame for frame in frames]
    start = _box(b"ftyp", _BRANDS[brand])
    tables = _moov(samples, length, size, parameter_sets, 0)
    offset = len(start) + len(tables) + 8
    return b"".join(
        (start, _moov(samples, length, size, parameter_sets, offset), _box(b"mdat", b"".join(samples)))
    )


def padding(length: int) -> bytes:
    """The header of a box of `length` bytes that players skip; zeros follow."""
    return struct.pack(">L4s", length, b"free")


def _box(kind: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">L4s", len(data) + 8, kind) + data


def _versioned(kind: bytes, *content: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">L", flags), *content)


def _moov(
    samples: Sequence[bytes], length: int, size: tuple[int, int], sets: tuple[bytes, bytes], offset: int
) -> bytes:
    duration = length * len(samples)
    header = struct.pack(">LLLLLHHLL", 0, 0, TICKS, duration, 0x10000, 0x100, 0, 0, 0)
    track = struct.pack(">LLLLLLLHHHH", 0, 0, 1, 0, duration, 0, 0, 0, 0, 0, 0)
    track += _MATRIX + struct.pack(">LL", size[0] << 16, size[1] << 16)
    media = struct.pack(">LLLLHH", 0, 0, TICKS, duration, 0x55C4, 0)
    handler = struct.pack(">L4s12x", 0, b"vide") + b"Video\0"
    data = _box(b"dinf", _versioned(b"dref", struct.pack(">L", 1), _versioned(b"url ", flags=1)))
    tables = _box(
        b"stbl",
        _versioned(b"stsd", struct.pack(">L", 1), _entry(size, sets)),
        _versioned(b"stts", struct.pack(">LLL", 1, len(samples), length)),
        _versioned(b"stss", struct.pack(">LL", 1, 1)),
        _versioned(b"stsc", struct.pack(">LLLL", 1, 1, len(samples), 1)),
        _versioned(b"stsz", struct.pack(f">LL{len(samples)}L", 0, len(samples), *map(len, samples))),
        _versioned(b"stco", struct.pack(">LL", 1, offset)),
    )
    information = _box(b"minf", _versioned(b"vmhd", struct.pack(">4H", 0, 0, 0, 0), flags=1), data, tables)
    whole = _box(b"mdia", _versioned(b"mdhd", media), _versioned(b"hdlr", handler), information)
    return _box(
        b"moov",
        _versioned(b"mvhd", header, _MATRIX, bytes(24), struct.pack(">L", 2)),
        _box(b"trak", _versioned(b"tkhd", track, flags=7), whole),
    )


def _entry(size: tuple[int, int], sets: tuple[bytes, bytes]) -> bytes:
    """The description of the samples: H.264 of this size."""
    sequence, picture = sets
    settings = bytes((1, *sequence[1:4], 0xFF, 0xE1)) + struct.pack(">H", len(sequence)) + sequence
    settings += b"\1" + struct.pack(">H", len(picture)) + picture
    head = struct.pack(">6xH16xHHLLLH32xHh", 1, *size, 0x480000, 0x480000, 0, 1, 24, -1)
    return _box(b"avc1", head, _box(b"avcC", settings))
