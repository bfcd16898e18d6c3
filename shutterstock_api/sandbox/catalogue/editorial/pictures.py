"""Real pictures of events: drawn when asked for, the same bytes every time."""

from __future__ import annotations

import io
import random
from functools import lru_cache

from PIL import Image as Pil, ImageDraw

from shutterstock_api.sandbox.catalogue.images.pictures import watermark

from .archive import Item

_QUALITY = 82
_HEADS = 40


@lru_cache(maxsize=32)
def news_jpeg(item: Item, width: int, height: int, watermarked: bool) -> bytes:
    """A picture of an event as JPEG."""
    picture = news_picture(item, width, height)
    out = io.BytesIO()
    (watermark(picture) if watermarked else picture).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def news_picture(item: Item, width: int, height: int) -> Pil.Image:
    """A crowd before a sky in the colour of the picture, spotlights, and the title of the event."""
    chance = random.Random(item.position)  # nosec B311 # the same picture every time
    dark, light = (tuple(min(255, round(part * by)) for part in item.colour.rgb) for by in (0.35, 1.3))
    gradient = Pil.linear_gradient("L").resize((width, height))
    picture = Pil.composite(
        Pil.new("RGB", (width, height), dark), Pil.new("RGB", (width, height), light), gradient
    )
    pen = ImageDraw.Draw(picture, "RGBA")
    for _ in range(3):
        x, spread = chance.random() * width, width * 0.12
        pen.polygon([(x, 0), (x - spread, height), (x + spread, height)], fill=(255, 255, 255, 40))
    radius = width / 28
    for number in range(_HEADS):
        x, y = width * number / (_HEADS - 1), height * (0.72 + 0.12 * chance.random())
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(20, 20, 28, 255))
        pen.rectangle((x - 1.4 * radius, y + radius * 0.8, x + 1.4 * radius, height), fill=(20, 20, 28, 255))
    if width >= 400:
        pen.text(
            (width / 2, height * 0.1),
            item.event.title,
            fill="white",
            anchor="mm",
            font_size=max(10, width // 45),
        )
    return picture
