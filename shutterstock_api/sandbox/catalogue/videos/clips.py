"""A catalogue of videos: images that move, with a length, a frame rate and sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shutterstock_api.sandbox.catalogue.bitmaps import Pattern
from shutterstock_api.sandbox.catalogue.images.images import Catalogue, Image
from shutterstock_api.sandbox.catalogue.images.search import VISUAL_FILTERS, VisualSearch
from shutterstock_api.sandbox.catalogue.searching import Filters

Size = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Shape:
    """A ratio of width to height, its names in answers and in searches, and its sizes."""

    name: str
    asked: str
    sizes: dict[str, Size]


def _frame_shape(name: str, asked: str, *sizes: Size) -> Shape:
    return Shape(name, asked, dict(zip(("web", "sd", "hd", "4k"), sizes, strict=True)))


_WIDE = _frame_shape("16:9", "169", (426, 240), (852, 480), (1920, 1080), (3840, 2160))
_CINEMA = _frame_shape("256:135", "nonstandard", (454, 240), (910, 480), (2048, 1080), (4096, 2160))
_OLD = _frame_shape("4:3", "43", (320, 240), (640, 480), (1440, 1080), (2880, 2160))
_TALL = _frame_shape("9:16", "nonstandard", (240, 426), (480, 852), (1080, 1920), (2160, 3840))
SHAPES = (*[_WIDE] * 12, *[_CINEMA] * 4, _OLD, *[_TALL] * 3)
#: The largest size, by its name in a request.
RESOLUTIONS = {"standard_definition": "sd", "high_definition": "hd", "4k": "4k"}
RATES = (23.98, 23.98, 25.0, 25.0, 25.0, 29.97, 29.97, 29.97, 30.0, 59.94)
#: Thousandths of a second.
_LENGTHS = range(5_000, 31_000, 67)
_SIZES = ("web", "sd", "hd", "4k")


@dataclass(frozen=True, slots=True)
class Clip:
    """What is known about one video."""

    scene: Image
    shape: Shape
    largest: str
    fps: float
    duration: float
    is_select: bool

    @property
    def sizes(self) -> dict[str, Size]:
        """The sizes in which it can be licensed, the smallest first."""
        return {
            name: self.shape.sizes[name]
            for name in _SIZES
            if _SIZES.index(name) <= _SIZES.index(self.largest)
        }

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return round(self.duration * self.fps)


class VideoCatalogue(Catalogue):
    """Scenes like those of images, but different from all of them."""

    def __init__(self, size: int) -> None:
        super().__init__(size, ("video",), "video {}".format)
        bits = size + 1
        self.frame: Pattern[Shape] = Pattern("video frame", 89, SHAPES, bits)
        self.largest: Pattern[str] = Pattern("video largest", 67, ["hd"] * 5 + ["4k"] * 4 + ["sd"], bits)
        self.rate: Pattern[float] = Pattern("video rate", 71, RATES, bits)
        self.length: Pattern[int] = Pattern("video length", 773, _LENGTHS, bits)
        self.select: Pattern[bool] = Pattern("video select", 43, [True] + [False] * 5, bits)

    def clip(self, video_id: int) -> Clip:
        """The video with this id."""
        return Clip(
            scene=self.image(video_id),
            shape=self.frame.of(video_id),
            largest=self.largest.of(video_id),
            fps=self.rate.of(video_id),
            duration=self.length.of(video_id) / 1000,
            is_select=self.select.of(video_id),
        )

    def known_words(self) -> tuple[str, ...]:
        """None: answers have no field for a correction, so words are used as they are."""
        return ()


def _length(accepts: Callable[[float, int], bool]) -> Callable[[VideoCatalogue, int], int]:
    return lambda catalogue, value: catalogue.length.where(lambda length: accepts(length / 1000, value))


def _rate(accepts: Callable[[float, float], bool]) -> Callable[[VideoCatalogue, float], int]:
    return lambda catalogue, value: catalogue.rate.where(lambda rate: accepts(rate, value))


def _upright(catalogue: VideoCatalogue, wanted: str) -> int:
    return catalogue.frame.where(lambda shape: (shape is _TALL) == (wanted == "vertical"))


_FILTERS: Filters[Any] = {
    **VISUAL_FILTERS,
    "resolution": lambda catalogue, value: catalogue.largest.where(lambda size: size == RESOLUTIONS[value]),
    "aspect_ratio": lambda catalogue, value: catalogue.frame.where(lambda shape: shape.asked == value),
    "orientation": _upright,
    "duration": _length(lambda length, value: int(length) == value),
    "duration_from": _length(lambda length, value: length >= value),
    "duration_to": _length(lambda length, value: length <= value),
    "fps": _rate(lambda rate, value: rate == value),
    "fps_from": _rate(lambda rate, value: rate >= value),
    "fps_to": _rate(lambda rate, value: rate <= value),
}


class VideoSearch(VisualSearch[VideoCatalogue]):
    """Searches of videos."""

    def __init__(self, catalogue: VideoCatalogue) -> None:
        super().__init__(catalogue, _FILTERS)
