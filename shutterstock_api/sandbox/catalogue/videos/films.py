"""The files of videos: a picture that glides to and fro, with the length and sizes that answers state."""

from __future__ import annotations

import io
from functools import lru_cache
from math import pi, sin

from PIL import Image as Pil

from shutterstock_api.sandbox.catalogue.images.pictures import draw, watermark
from shutterstock_api.sandbox.http.files import Content, Repeating

from .clips import Clip, Size
from .h264 import BLOCK, blocks, moved_frame, parameter_sets, whole_frame
from .mp4 import movie, padding
from .webm import webm

#: How many stills a video has.
STILLS = 12
#: The height of the previews in pixels, and the frames per second of WebM ones, which are whole pictures.
_PREVIEW, _THUMB, _WEBM_RATE = 240, 120, 4
#: Seconds to glide there and back.
_ROUND = 6


def file_size(clip: Clip, size: str) -> int:
    """The size of a licensed file in bytes: the most that it can need."""
    across, down = blocks(*clip.sizes[size])
    return (across * down) * (BLOCK * BLOCK * 3 // 2 + 2) + clip.frames * (across * down * 5 // 8 + 64) + 4096


def licensed(clip: Clip, size: str) -> Content:
    """A licensed file."""
    data = _gliding_movie(clip, clip.sizes[size], extension(size), watermarked=False)
    rest = file_size(clip, size) - len(data)
    return Repeating(data + padding(rest), bytes(4096), len(data) + rest)


def extension(size: str) -> str:
    """QuickTime for the small sizes, MP4 for the large ones."""
    return "mov" if size in ("web", "sd") else "mp4"


def free_film(clip: Clip, kind: str) -> tuple[bytes, str] | None:
    """A free file and its type; None if there is none of this kind."""
    name, _, form = kind.partition("_")
    if kind.startswith("still") and kind[5:] in {str(number) for number in range(1, STILLS + 1)}:
        return _still(clip, int(kind[5:])), "image/jpeg"
    if name not in ("thumb", "preview"):
        return None
    size = _scaled(clip, _PREVIEW if name == "preview" else _THUMB)
    marked = name == "preview"
    if form == "jpg":
        return _jpeg(_picture(clip, size, watermarked=marked)), "image/jpeg"
    if form == "mp4":
        return _gliding_movie(clip, size, "mp4", watermarked=marked), "video/mp4"
    return (_gliding_webm(clip, size, watermarked=marked), "video/webm") if form == "webm" else None


def _scaled(clip: Clip, height: int) -> Size:
    width, tall = clip.shape.sizes["hd"]
    return round(width * height / tall / 2) * 2, height


def _picture(clip: Clip, size: Size, *, watermarked: bool) -> Pil.Image:
    picture = draw(clip.scene, *size)
    return watermark(picture) if watermarked else picture


def _shift(width: int, seconds: float) -> int:
    """How far the picture has moved to the left."""
    return round(width * 0.03 * sin(2 * pi * seconds / _ROUND))


@lru_cache(maxsize=8)
def _gliding_movie(clip: Clip, size: Size, brand: str, *, watermarked: bool) -> bytes:
    width, height = size
    first = whole_frame(_picture(clip, size, watermarked=watermarked))
    moved = [
        moved_frame(width, height, number, _shift(width, number / clip.fps))
        for number in range(1, clip.frames)
    ]
    return movie([first, *moved], clip.fps, size, parameter_sets(width, height), brand)


@lru_cache(maxsize=16)
def _gliding_webm(clip: Clip, size: Size, *, watermarked: bool) -> bytes:
    picture = _picture(clip, size, watermarked=watermarked)
    count = max(1, round(clip.duration * _WEBM_RATE))
    return webm([_moved(picture, number / _WEBM_RATE) for number in range(count)], _WEBM_RATE)


def _still(clip: Clip, number: int) -> bytes:
    picture = _picture(clip, _scaled(clip, _THUMB), watermarked=False)
    return _jpeg(_moved(picture, number * clip.duration / STILLS))


def _moved(picture: Pil.Image, seconds: float) -> Pil.Image:
    moved = picture.copy()
    moved.paste(picture, (-_shift(picture.width, seconds), 0))
    return moved


def _jpeg(picture: Pil.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
