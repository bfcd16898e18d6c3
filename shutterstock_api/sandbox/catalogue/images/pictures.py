"""Real pictures for catalogue images: drawn when asked for, the same bytes every time."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import lru_cache

from PIL import Image as Pil, ImageDraw, ImageFont

from .images import Catalogue, Image
from .recognition import comment
from .views import licensed_size, preview_size

#: These show a watermark; the thumbnails are too small for one.
WATERMARKED = frozenset(("preview", "preview_1000", "preview_1500"))
_WATERMARK = "shutterstock_api sandbox"
_QUALITY = 82


class Pictures:
    """Draws the images of a catalogue and keeps the latest ones."""

    def __init__(self, catalogue: Catalogue, cached: int = 48) -> None:
        self._catalogue = catalogue
        self.jpeg: Callable[[int, int, int, bool], bytes] = lru_cache(maxsize=cached)(self._jpeg)

    def preview(self, image_id: int, kind: str) -> bytes:
        """A free preview as JPEG."""
        image = self._catalogue.image(image_id)
        return self.jpeg(image_id, *preview_size(kind, image.width, image.height), kind in WATERMARKED)

    def licensed(self, image_id: int, size: str, dimensions: tuple[int, int] | None = None) -> bytes:
        """A licensed file: EPS for `vector`, otherwise JPEG."""
        image = self._catalogue.image(image_id)
        if size == "vector":
            return eps(image)
        return self.jpeg(image_id, *(dimensions or licensed_size(size, image.width, image.height)), False)

    def _jpeg(self, image_id: int, width: int, height: int, watermarked: bool) -> bytes:
        picture = draw(self._catalogue.image(image_id), width, height)
        if watermarked:
            picture = watermark(picture)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=_QUALITY, comment=comment(image_id))
        return out.getvalue()


def draw(image: Image, width: int, height: int) -> Pil.Image:
    """Draw an image: a gradient in its colour, shapes placed by its id, and its subject in words."""
    chance = random.Random(image.id)  # nosec B311 # the same picture every time
    dark, light = _shade(image.colour.rgb, 0.45), _shade(image.colour.rgb, 1.35)
    gradient = Pil.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize((width, height))
    picture = Pil.composite(
        Pil.new("RGB", (width, height), light), Pil.new("RGB", (width, height), dark), gradient
    )
    pen = ImageDraw.Draw(picture, "RGBA")
    unit = min(width, height)
    for _ in range(9):
        x, y = chance.random() * width, chance.random() * height
        size = unit * (0.08 + 0.22 * chance.random())
        tone = (*_shade(image.colour.rgb, 0.6 + chance.random()), 110)
        shape = chance.choice(("circle", "square", "triangle"))
        box = (x - size, y - size, x + size, y + size)
        if shape == "circle":
            pen.ellipse(box, fill=tone)
        elif shape == "square":
            pen.rectangle(box, fill=tone)
        else:
            pen.polygon([(x, y - size), (x - size, y + size), (x + size, y + size)], fill=tone)
    text = image.subject.text
    font = _font(max(8, min(unit // 7, round(1.5 * width / len(text)))))
    ink = (255, 255, 255) if sum(image.colour.rgb) < 480 else (20, 20, 20)
    pen.text((width / 2, height * 0.86), text, font=font, fill=(*ink, 230), anchor="mm")
    return picture


def watermark(picture: Pil.Image) -> Pil.Image:
    """Write over a picture, so that nobody takes it for a licensed one."""
    width, height = picture.size
    layer = Pil.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    font = _font(max(12, width // 16))
    for row in range(5):
        y = height * (2 * row + 1) // 10
        pen.text(
            (width / 2, y), f"{_WATERMARK}  {_WATERMARK}", font=font, fill=(255, 255, 255, 105), anchor="mm"
        )
    pen.line((0, 0, width, height), fill=(255, 255, 255, 105), width=max(1, width // 150))
    pen.line((0, height, width, 0), fill=(255, 255, 255, 105), width=max(1, width // 150))
    return Pil.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def eps(image: Image) -> bytes:
    """A small Encapsulated PostScript file: the background, one circle and the subject."""
    red, green, blue = (part / 255 for part in image.colour.rgb)
    width, height = image.width, image.height
    return (
        "%!PS-Adobe-3.0 EPSF-3.0\n"
        f"%%BoundingBox: 0 0 {width} {height}\n"
        f"%%Title: {image.description}\n"
        "%%EndComments\n"
        f"{red:.3f} {green:.3f} {blue:.3f} setrgbcolor 0 0 {width} {height} rectfill\n"
        f"1 setgray {width / 2:g} {height / 2:g} {min(width, height) / 3:g} 0 360 arc fill\n"
        f"0 setgray /Helvetica findfont {height // 20} scalefont setfont\n"
        f"{width // 20} {height // 20} moveto ({image.subject.text}) show\n"
        "%%EOF\n"
    ).encode("ascii")


def _shade(rgb: tuple[int, int, int], factor: float) -> tuple[int, int, int]:
    red, green, blue = (min(255, round(part * factor)) for part in rgb)
    return red, green, blue


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)
