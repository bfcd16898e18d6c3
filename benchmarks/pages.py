"""Search results of the size and shape that the service sends."""

from __future__ import annotations

import json
from typing import Any

SIZES = {
    "small_jpg": (500, 334, 72),
    "medium_jpg": (1000, 667, 300),
    "huge_jpg": (5760, 3840, 300),
    "supersize_jpg": (11520, 7680, 300),
}
THUMBS = {
    "preview": (450, 300),
    "small_thumb": (100, 67),
    "large_thumb": (150, 100),
    "huge_thumb": (390, 260),
    "preview_1000": (1000, 667),
    "preview_1500": (1500, 1000),
}


def _image(number: int, full: bool) -> dict[str, Any]:
    """Return an image, as `view=minimal` or `view=full` shows it."""
    image_id = str(1_000_000_000 + number)
    thumbs = THUMBS if full else dict(list(THUMBS.items())[:3])
    assets: dict[str, Any] = {
        name: {"url": f"https://image.example/{name}/{image_id}.jpg", "width": width, "height": height}
        for name, (width, height) in thumbs.items()
    }
    image = {
        "id": image_id,
        "media_type": "image",
        "description": f"A cat that sits on wall number {number} and looks at the sea, by evening light",
        "image_type": "photo",
        "contributor": {"id": str(number * 7)},
        "aspect": 1.5,
        "assets": assets,
    }
    if not full:
        return image
    for name, (width, height, dpi) in SIZES.items():
        assets[name] = {
            "display_name": name[:5].title(),
            "width": width,
            "height": height,
            "dpi": dpi,
            "format": "jpg",
            "file_size": width * height // 5,
            "is_licensable": True,
        }
    image |= {
        "added_date": "2024-05-17",
        "categories": [{"id": "1", "name": "Animals/Wildlife"}, {"id": "12", "name": "Nature"}],
        "keywords": [f"keyword {number % 97 + index}" for index in range(30)],
        "has_model_release": False,
        "has_property_release": False,
        "is_adult": False,
        "is_editorial": False,
        "is_illustration": False,
    }
    return image


def _page(count: int, full: bool, **more: Any) -> bytes:
    page = {
        "page": 1,
        "per_page": count,
        "total_count": 1_000_000,
        "search_id": "5b2f0c1e-7d7f-4f5c-9a55-0a8d3f0a6c11",
        "data": [{**_image(number, full), **more} for number in range(count)],
    }
    return json.dumps(page, separators=(",", ":")).encode()


BODIES = {
    "small": _page(20, full=False),
    "full": _page(500, full=True),
    "unknown": _page(500, full=True, brand_new_field={"as": ["yet", "unknown"]}),
}
