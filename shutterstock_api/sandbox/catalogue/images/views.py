"""How images look in an answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from shutterstock_api.sandbox.catalogue.vocabulary import CATEGORIES

from .images import Image

#: The longest side of the free pictures in pixels; for `huge_thumb`, the height.
PREVIEWS = {
    "small_thumb": 100,
    "large_thumb": 150,
    "huge_thumb": 260,
    "preview": 450,
    "preview_1000": 1000,
    "preview_1500": 1500,
}
#: Longest side in pixels of the licensed files, and the resolution they state.
SIZES: dict[str, tuple[int | None, int]] = {
    "small": (500, 72),
    "medium": (1000, 300),
    "huge": (None, 300),
    "supersize": (4000, 300),
}
_DISPLAY_NAMES = {"small": "Small", "medium": "Med", "huge": "Huge", "supersize": "Super"}


def preview_size(kind: str, width: int, height: int) -> tuple[int, int]:
    """Pixel size of a preview of an image."""
    if kind == "huge_thumb":
        return max(1, round(width * PREVIEWS[kind] / height)), PREVIEWS[kind]
    return fit(width, height, PREVIEWS[kind])


def licensed_size(size: str, width: int, height: int) -> tuple[int, int]:
    """Pixel size of a licensed JPEG."""
    longest = SIZES[size][0]
    return (width, height) if longest is None else fit(width, height, longest)


def fit(width: int, height: int, longest: int) -> tuple[int, int]:
    """Scale so that the longer side is `longest`."""
    scale = longest / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


@cache
def _size_details(width: int, height: int, is_vector: bool) -> dict[str, dict[str, Any]]:
    details = {}
    for size, (_, dpi) in SIZES.items():
        if size == "supersize" and is_vector:
            continue
        pixels = licensed_size(size, width, height)
        details[f"{size}_jpg"] = {
            "display_name": _DISPLAY_NAMES[size],
            "dpi": dpi,
            # An estimate: the true size is known only once the picture has been drawn.
            "file_size": pixels[0] * pixels[1] // 8,
            "format": "jpg",
            "height": pixels[1],
            "is_licensable": True,
            "width": pixels[0],
        }
    if is_vector:
        details["vector_eps"] = {
            "display_name": "Vector",
            "dpi": 300,
            "file_size": 4096,
            "format": "eps",
            "height": height,
            "is_licensable": True,
            "width": width,
        }
    return details


@cache
def _preview_sizes(width: int, height: int) -> list[tuple[str, int, int]]:
    return [(kind, *preview_size(kind, width, height)) for kind in PREVIEWS]


@cache
def _categories(*names: str) -> list[dict[str, str]]:
    return [{"id": CATEGORIES[name], "name": name} for name in names]


def minimal(image: Image, base_url: str) -> dict[str, Any]:
    """The short form: what a page of thumbnails needs."""
    prefix, suffix = f"{base_url}/previews/", f"/{image.id}.jpg"
    return {
        "id": str(image.id),
        "aspect": round(image.width / image.height, 4),
        "assets": {
            kind: {"height": height, "url": f"{prefix}{kind}{suffix}", "width": width}
            for kind, width, height in _preview_sizes(image.width, image.height)
        },
        "contributor": {"id": image.contributor.id},
        "description": image.description,
        "has_model_release": image.has_model_release,
        "image_type": image.type,
        "media_type": "image",
    }


def full(image: Image, base_url: str) -> dict[str, Any]:
    """Everything about an image. Parts are shared between answers: do not change them."""
    body = minimal(image, base_url)
    body["assets"] |= _size_details(image.width, image.height, image.type == "vector")
    body["assets"]["mosaic"] = body["assets"]["large_thumb"]
    body |= {
        "added_date": image.added.isoformat(),
        "categories": _categories(*image.categories),
        "has_property_release": image.has_property_release,
        "is_adult": image.is_adult,
        "is_editorial": image.is_editorial,
        "is_illustration": image.type != "photo",
        "keywords": image.keywords,
        "models": [{"id": model} for model in image.models],
        "model_releases": [{"id": f"r{model}"} for model in image.models],
        "original_filename": f"{image.subject.text.replace(' ', '_')}_{image.id}.jpg",
        "releases": [f"r{model}" for model in image.models],
        "url": f"{base_url}/image/{image.id}",
    }
    return body
