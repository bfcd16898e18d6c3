"""Files of videos: boxes, frames, weight; that they can be read at any place."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image as Pil

from shutterstock_api.sandbox.catalogue.videos import films, h264
from shutterstock_api.sandbox.catalogue.videos.clips import SHAPES, VideoCatalogue
from shutterstock_api.sandbox.http.files import Repeating

CATALOGUE = VideoCatalogue(1_000)
CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def boxes(data: bytes, start: int = 0, stop: int | None = None) -> Iterator[tuple[bytes, bytes]]:
    """Every box with its content; those within others as well."""
    at, stop = start, len(data) if stop is None else stop
    while at < stop:
        length, kind = struct.unpack_from(">L4s", data, at)
        assert length >= 8
        yield kind, data[at + 8 : at + length]
        if kind in CONTAINERS:
            yield from boxes(data, at + 8, at + length)
        at += length
    assert at == stop


def clip_with(size: str) -> Any:
    return next(clip for clip in map(CATALOGUE.clip, range(1, 100)) if clip.largest == size)


@pytest.mark.parametrize("size", ["web", "sd", "hd"])
def test_a_licensed_file_is_a_movie_of_the_stated_size_length_and_weight(size: str) -> None:
    clip = clip_with("hd")
    data = films.licensed(clip, size)[:]
    assert len(data) == films.file_size(clip, size)
    found = dict(boxes(data))
    assert found[b"ftyp"][:4] == (b"isom" if size == "hd" else b"qt  ")
    ticks, duration = struct.unpack_from(">LL", found[b"mvhd"], 12)
    assert duration / ticks == pytest.approx(clip.duration, abs=0.05)
    assert struct.unpack_from(">HH", found[b"stsd"], 8 + 32) == clip.sizes[size]
    assert b"avcC" in found[b"stsd"]
    same, count = struct.unpack_from(">LL", found[b"stsz"], 4)
    assert (same, count) == (0, clip.frames)
    lengths = struct.unpack_from(f">{count}L", found[b"stsz"], 12)
    [offset] = struct.unpack_from(">L", found[b"stco"], 8)
    for length in lengths:  # each sample is one unit, whose length stands before it
        assert struct.unpack_from(">L", data, offset)[0] == length - 4
        offset += length
    assert data[offset : offset + 8][4:] == b"free"
    assert not any(data[offset + 8 :])


def test_units_hold_nothing_that_looks_like_the_end_of_one() -> None:
    picture = Pil.new("RGB", (50, 34))  # black: the samples that are nearest to zero
    units = [*h264.parameter_sets(50, 34), h264.whole_frame(picture)]
    units += [h264.moved_frame(50, 34, number, number % 7 - 3) for number in (1, 128, 32_768, 40_000)]
    for unit in units:
        assert not {b"\0\0" + bytes((last,)) for last in range(3)} & {
            unit[i : i + 3] for i in range(len(unit))
        }


def test_a_frame_holds_every_sample_of_its_picture() -> None:
    across, down = h264.blocks(50, 34)
    assert (across, down) == (4, 3)
    length = len(h264.whole_frame(Pil.new("RGB", (50, 34), (10, 200, 30))))
    assert across * down * 384 < length < across * down * 388 + 32


def test_each_clip_has_a_film_of_its_own_which_is_the_same_every_time() -> None:
    one, other = CATALOGUE.clip(17), CATALOGUE.clip(18)
    assert films.free_film(one, "thumb_mp4") == films.free_film(VideoCatalogue(50).clip(17), "thumb_mp4")
    assert films.free_film(one, "thumb_mp4") != films.free_film(other, "thumb_mp4")
    for kind in ("poster_jpg", "preview_gif", "still13", "still0", "stillx", ""):
        assert films.free_film(one, kind) is None


def test_a_webm_preview_holds_pictures_of_the_clip() -> None:
    clip = CATALOGUE.clip(17)
    data, content_type = films.free_film(clip, "preview_webm") or (b"", "")
    assert content_type == "video/webm"
    assert data.startswith(bytes.fromhex("1A45DFA3"))
    assert b"V_VP8" in data
    frames = data.count(b"\x9d\x01\x2a")  # with which each frame of VP8 that stands by itself begins
    assert frames == round(clip.duration * 4)
    start = data.index(b"\x9d\x01\x2a") - 3
    chunk = data[start : start + 60_000]
    riff = b"WEBPVP8 " + struct.pack("<L", len(chunk)) + chunk
    picture = Pil.open(io.BytesIO(b"RIFF" + struct.pack("<L", len(riff)) + riff))
    assert picture.size[1] == 240


def test_the_sizes_of_a_shape_have_its_ratio() -> None:
    for shape in SHAPES:
        wide, tall = map(int, shape.name.split(":"))
        for width, height in shape.sizes.values():
            assert width / height == pytest.approx(wide / tall, rel=0.01)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, 5),
        (0, 3),
        (2, 4),
        (3, 8),
        (4, 5),
        (7, 17),
        (16, 17),
        (17, 17),
        (17, 40),
        (5, 2),
        (0, None),
        (None, 9),
    ],
)
def test_a_repeating_file_is_cut_like_bytes(start: int | None, stop: int | None) -> None:
    whole = (b"abc" + b"1234" * 9)[:17]
    file = Repeating(b"abc", b"1234", 17)
    assert (len(file), file[:]) == (17, whole)
    assert file[start:stop] == whole[start:stop]
    assert Repeating(b"", b"12", 5)[1:4] == b"212"
