"""Real pictures of events: drawn when asked for, the same bytes every time."""

from __future__ import annotations

import io
import random
from functools import lru_cache

from PIL import Image as Pil, ImageDraw

from shutterstock_api.sandbox.catalogue.images.pictures import watermark

from .archive import Item

_QUALITY = 82
#: The colours of the rows of a crowd, the last of which is nearest.
_ROWS = ((52, 50, 62), (36, 34, 44), (20, 20, 28))
_PEOPLE = 14


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
        Pil.new("RGB", (width, height), light), Pil.new("RGB", (width, height), dark), gradient
    )
    pen = ImageDraw.Draw(picture, "RGBA")
    for _ in range(3):
        x, spread = chance.random() * width, width * 0.12
        pen.polygon([(x, 0), (x - spread, height), (x + spread, height)], fill=(255, 255, 255, 40))
    for row, tone in enumerate(_ROWS):
        head = width / 60 * (1 + 0.4 * row)
        for number in range(_PEOPLE + 1):
            x = width * (number + 0.5 * (row % 2)) / _PEOPLE
            y = height * (0.68 + 0.1 * row) + head * chance.uniform(-1, 1)
            pen.ellipse((x - head, y - 1.2 * head, x + head, y + 1.2 * head), fill=tone)
            pen.rounded_rectangle(
                (x - 2.2 * head, y + 1.5 * head, x + 2.2 * head, 2 * height), head, fill=tone
            )
    if width >= 400:
        pen.text(
            (width / 2, height * 0.1),
            item.event.title,
            fill="white",
            anchor="mm",
            font_size=max(10, width // 45),
        )
    return picture
