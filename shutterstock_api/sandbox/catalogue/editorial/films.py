"""Video files of events: a picture that glides to and fro."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image as Pil

from shutterstock_api.sandbox.catalogue.images.pictures import watermark
from shutterstock_api.sandbox.catalogue.videos.h264 import moved_frame, parameter_sets, whole_frame
from shutterstock_api.sandbox.catalogue.videos.mp4 import movie
from shutterstock_api.sandbox.catalogue.videos.webm import webm

from .archive import Item
from .pictures import news_picture
from .views import Footage

#: How many pixels the picture glides to each side, and how many frames it needs to get there.
_FARTHEST, _FRAMES = 24, 48
#: Each frame of a WebM preview is a whole picture, so it has few frames.
_WEBM_FPS, _WEBM_SECONDS = 4, 3


@lru_cache(maxsize=8)
def film(item: Item, clip: Footage, extension: str, *, watermarked: bool) -> bytes:
    """A video as MP4 or WebM."""
    picture = news_picture(item, clip.width, clip.height)
    if watermarked:
        picture = watermark(picture)
    return _as_webm(picture) if extension == "webm" else _as_mp4(picture, clip)


def _as_mp4(picture: Pil.Image, clip: Footage) -> bytes:
    width, height = picture.size
    moved = [
        moved_frame(width, height, number, -_glide(number))
        for number in range(1, round(clip.duration * clip.fps))
    ]
    return movie([whole_frame(picture), *moved], clip.fps, picture.size, parameter_sets(width, height), "mp4")


def _as_webm(picture: Pil.Image) -> bytes:
    step = 2 * _FRAMES // (_WEBM_FPS * _WEBM_SECONDS)
    numbers = range(0, 2 * _FRAMES, step)
    return webm([picture.rotate(0, translate=(_glide(number), 0)) for number in numbers], _WEBM_FPS)


def _glide(number: int) -> int:
    """How far to the side the picture is in a frame."""
    there = abs((number + _FRAMES // 2) % (2 * _FRAMES) - _FRAMES) / _FRAMES
    return round((1 - 2 * there) * _FARTHEST)
