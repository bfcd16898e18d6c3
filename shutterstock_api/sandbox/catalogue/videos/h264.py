"""H.264 written by hand: a picture that glides to and fro, which every browser can play.

The picture itself is sent once, as it is (`I_PCM`). Each further frame says only how far it has moved, so
a long video costs little time and little space. ITU-T H.264 describes the bits: 7.3.2 and 7.3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image as Pil

#: Pixels of a block's side.
BLOCK = 16
#: The number of bits for the order of the frames.
_ORDER_BITS = 16
_BASELINE, _LEVEL = 66, 51
_SEQUENCE, _PICTURE, _WHOLE, _MOVED = 0x67, 0x68, 0x65, 0x01
_TO_ESCAPE = re.compile(rb"\0\0(?=[\0-\3])")


def parameter_sets(width: int, height: int) -> tuple[bytes, bytes]:
    """What a decoder must know in advance about the sequence and its pictures."""
    across, down = blocks(width, height)
    cut = ((across * BLOCK - width) // 2, (down * BLOCK - height) // 2)
    sequence = (
        f"{_BASELINE:08b}{0:08b}{_LEVEL:08b}"
        + _number(0)  # its id
        + _number(0)  # frames are numbered by 4 bits
        + _number(0)  # and ordered
        + _number(_ORDER_BITS - 4)
        + _number(1)  # frames to refer to
        + "0"
        + _number(across - 1)
        + _number(down - 1)
        + "11"
        + ("1" + _number(0) + _number(cut[0]) + _number(0) + _number(cut[1]) if any(cut) else "0")
        + "0"
    )
    picture = (
        _number(0) + _number(0) + "00" + _number(0) * 3 + "000" + _signed(0) * 3 + "1" + "00"
    )  # the `1`: slices say whether the edges of blocks are smoothed
    return _unit(_SEQUENCE, _ended(sequence)), _unit(_PICTURE, _ended(picture))


def blocks(width: int, height: int) -> tuple[int, int]:
    """How many blocks a picture has in a row, and in a column."""
    return -(-width // BLOCK), -(-height // BLOCK)


def whole_frame(picture: Pil.Image) -> bytes:
    """A picture, sample by sample."""
    across, down = blocks(*picture.size)
    padded = picture.resize((across * BLOCK, down * BLOCK))  # what lies beyond the edge shows when it moves
    padded.paste(picture)
    spans = zip(padded.convert("YCbCr").split(), (219, 224, 224), strict=True)
    planes = [_limited(plane, span) for plane, span in spans]
    half = (across * BLOCK // 2, down * BLOCK // 2)
    light, blue, red = planes[0], planes[1].resize(half), planes[2].resize(half)
    head = _number(0) + _number(7) + _number(0) + "0000" + _number(0) + "0" * _ORDER_BITS + "00" + _signed(0)
    head += _number(1)  # edges stay as they are
    block = _number(25)  # a block of type I_PCM
    aligned = head + block
    aligned += "0" * (-len(aligned) % 8)
    out = [_bytes(aligned)]
    between = _bytes(block + "0" * (-len(block) % 8))
    parts = [_squares(light, BLOCK), _squares(blue, BLOCK // 2), _squares(red, BLOCK // 2)]
    out.append(between.join(b"".join(square) for square in zip(*parts, strict=True)))
    out.append(b"\x80")
    return _unit(_WHOLE, b"".join(out))


@lru_cache(maxsize=4096)
def moved_frame(width: int, height: int, number: int, left: int) -> bytes:
    """Frame `number` of a video: its picture, moved to the left by so many pixels."""
    across, down = blocks(width, height)
    order = 2 * number % (1 << _ORDER_BITS)
    head = _number(0) + _number(5) + _number(0) + "0001" + f"{order:0{_ORDER_BITS}b}"
    head += "0" + "0" + _signed(0) + _number(1)
    # None skipped, one vector for the block, nothing else. All other blocks move as the first one does.
    first = _number(0) + _number(0) + _signed(4 * left) + _signed(0) + _number(0)
    return _unit(_MOVED, _ended(head + first + "1" * (5 * (across * down - 1))))


def _squares(plane: Pil.Image, side: int) -> Iterator[bytes]:
    """A plane, square by square, in rows."""
    width, data = plane.width, plane.tobytes()
    for top in range(0, plane.height, side):
        lines = [data[(top + line) * width : (top + line + 1) * width] for line in range(side)]
        for left in range(0, width, side):
            yield b"".join([line[left : left + side] for line in lines])


def _limited(plane: Pil.Image, span: int) -> Pil.Image:
    """As television has it: from 16 on. No byte is zero then, so none looks like the end of a unit."""
    return plane.point([16 + round(value * span / 255) for value in range(256)])


def _number(value: int) -> str:
    """A number as an Exp-Golomb code."""
    bits = f"{value + 1:b}"
    return "0" * (len(bits) - 1) + bits


def _signed(value: int) -> str:
    return _number(2 * value - 1 if value > 0 else -2 * value)


def _ended(bits: str) -> bytes:
    """With the mark of the end, in whole bytes."""
    bits += "1"
    return _bytes(bits + "0" * (-len(bits) % 8))


def _bytes(bits: str) -> bytes:
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _unit(kind: int, data: bytes) -> bytes:
    return bytes((kind,)) + _TO_ESCAPE.sub(b"\0\0\3", data)
