"""What can be seen in an uploaded picture: its colours, its shape, and whether it is one of ours."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass

from PIL import Image as Pil, ImageStat, UnidentifiedImageError

from shutterstock_api.sandbox.catalogue.colours import GRAYSCALE, nearest_colour
from shutterstock_api.sandbox.catalogue.vocabulary import SUBJECTS, WORD

from .images import Catalogue, Image

#: The longest side of a picture that may be uploaded, in pixels.
MAX_SIDE = 10_000
#: The most keywords of a picture.
_KEYWORDS = 30
#: The share of a picture that a colour must fill to be a keyword.
_SHARE = 0.12
_OURS = re.compile(rb"sandbox image ([1-9]\d{0,17})")
_UNREADABLE = (UnidentifiedImageError, OSError, ValueError, SyntaxError)


class UnreadablePictureError(ValueError):
    """It is neither a JPEG nor a PNG picture."""


class LargePictureError(ValueError):
    """It has too many pixels."""


@dataclass(frozen=True)
class Recognised:
    """What a picture shows: a subject, its main colour, and words for both and for its shape."""

    subject: str
    colour: str
    words: tuple[str, ...]


def comment(image_id: int) -> bytes:
    """What the sandbox writes into its own JPEG files, to recognise them."""
    return b"sandbox image %d" % image_id


def recognise(data: bytes, catalogue: Catalogue) -> Recognised:
    """Look at a JPEG or PNG: the sandbox recognises its own pictures, and sees the colours of others.

    The same bytes always give the same result.
    """
    try:
        with Pil.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if max(picture.size) > MAX_SIDE:
                raise LargePictureError(f"The picture has more than {MAX_SIDE} pixels on a side")
            size, note = picture.size, _OURS.fullmatch(picture.info.get("comment", b""))
            small = picture.convert("RGB").resize((16, 16))
    except Pil.DecompressionBombError as error:
        raise LargePictureError(str(error)) from error
    except LargePictureError:
        raise
    except _UNREADABLE as error:
        raise UnreadablePictureError("this is neither a JPEG nor a PNG picture") from error
    red, green, blue = ImageStat.Stat(small).mean
    main = nearest_colour((round(red), round(green), round(blue)))
    seen = dict.fromkeys((main.name, *_colours(small), *_impressions(small, size)))
    if note:
        image = catalogue.image(int(note[1]))
        words = (*keywords(image), *seen)
        return Recognised(image.subject.text, image.colour.name, tuple(dict.fromkeys(words))[:_KEYWORDS])
    seed = int(hashlib.sha256(data).hexdigest()[:8], 16)
    subject = SUBJECTS[seed % len(SUBJECTS)]
    words = (*seen, *subject.keywords, *_related(subject.category))
    return Recognised(subject.text, main.name, tuple(dict.fromkeys(words))[:_KEYWORDS])


def keywords(image: Image) -> list[str]:
    """About thirty keywords for an image: its own, then those of its kind."""
    own = (*image.keywords, *WORD.findall(image.description.lower()), *_related(image.subject.category))
    return [word for word in dict.fromkeys(own) if len(word) > 2][:_KEYWORDS]


def _related(category: str | None) -> list[str]:
    return [word for phrase in SUBJECTS if phrase.category == category for word in phrase.keywords[1:3]]


def _colours(small: Pil.Image) -> list[str]:
    """The colours that fill much of a picture, the largest part first."""
    counts: dict[str, int] = {}
    raw = small.tobytes()
    for at in range(0, len(raw), 3):
        name = nearest_colour((raw[at], raw[at + 1], raw[at + 2])).name
        counts[name] = counts.get(name, 0) + 1
    enough = _SHARE * small.width * small.height
    return sorted((name for name in counts if counts[name] >= enough), key=lambda name: -counts[name])


def _impressions(small: Pil.Image, size: tuple[int, int]) -> list[str]:
    width, height = size
    shape = "square" if width == height else "horizontal" if width > height else "vertical"
    light = "bright" if ImageStat.Stat(small.convert("L")).mean[0] > 127 else "dark"
    gray = GRAYSCALE.issuperset(_colours(small))
    return [light, "monochrome" if gray else "colorful", shape, "background"]
