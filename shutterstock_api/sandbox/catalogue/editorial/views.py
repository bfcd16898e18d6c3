"""How editorial item looks in an answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from shutterstock_api.sandbox.http.times import iso

from .archive import Item
from .events import SUPPLIERS, Event
from .updates import EditorialChange

#: Longest side in pixels of the free pictures.
PREVIEWS = {"thumb_170": 170, "thumb_220": 220, "watermark_450": 450, "watermark_1500": 1500}
#: The longest side of licensed images in pixels; None for the full size.
IMAGE_SIZES: dict[str, int | None] = {"small": 500, "medium": 1000, "original": None}
_ASSETS = {"small": "small_jpg", "medium": "medium_jpg", "original": "original"}
#: Sizes in pixels of the original pictures.
_SHAPES = ((3000, 2000), (2992, 1846), (2000, 3000), (3000, 2000), (2400, 2400), (3200, 1800), (1846, 2992))


class Footage(NamedTuple):
    """The properties of a video's file."""

    width: int
    height: int
    fps: float
    #: Seconds.
    duration: float

    @property
    def name(self) -> str:
        """`HD`, `4K` or `SD`."""
        return "4K" if self.width > 1920 else "HD" if self.height >= 1080 else "SD"


#: The files of the videos of an event, in their order.
FOOTAGE = (
    Footage(1920, 1080, 25, 14.0),
    Footage(3840, 2160, 29.97, 9.5),
    Footage(1080, 1080, 30, 21.0),
    Footage(852, 480, 23.98, 12.25),
)


def shape_of(item: Item) -> tuple[int, int]:
    """Width and height in pixels of an original picture."""
    return _SHAPES[(item.event.number + item.index) % len(_SHAPES)]


def footage_of(item: Item) -> Footage:
    """The properties of a video's file."""
    return FOOTAGE[item.index % len(FOOTAGE)]


def fitted(width: int, height: int, longest: int | None) -> tuple[int, int]:
    """The width and height if the longer side is `longest`."""
    if longest is None:
        return width, height
    return max(1, round(width * longest / max(width, height))), max(
        1, round(height * longest / max(width, height))
    )


def _told_of_both(item: Item, aspect: float) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.event.title,
        "caption": "",
        "description": item.description,
        "byline": f"{item.photographer}/{SUPPLIERS[item.event.supplier]}/Shutterstock",
        "date_taken": item.event.day.isoformat(),
        "categories": [{"name": name} for name in item.event.kind.categories],
        "keywords": item.keywords,
        "aspect": round(aspect, 3),
    }


def preview_url(base_url: str, medium: str, kind: str, item_id: str, extension: str = "jpg") -> str:
    """The address of a free picture or clip."""
    return f"{base_url}/editorial-previews/{medium}/{kind}/{item_id}.{extension}"


def editorial_image(item: Item, base_url: str) -> dict[str, Any]:
    """An editorial image."""
    width, height = shape_of(item)
    body = _told_of_both(item, width / height)
    if item.event.supplier == "EPA":
        body["special_instructions"] = (
            "EDITORIAL USE ONLY. No sales beyond the countries that the rights name."
        )
    body["assets"] = {
        kind: {
            "url": preview_url(base_url, "images", kind, item.id),
            **dict(zip(("width", "height"), fitted(width, height, longest), strict=True)),
        }
        for kind, longest in PREVIEWS.items()
    } | {_ASSETS[size]: _size_of_file(width, height, size) for size in IMAGE_SIZES}
    return body


def _size_of_file(width: int, height: int, size: str) -> dict[str, Any]:
    wide, high = fitted(width, height, IMAGE_SIZES[size])
    return {
        "display_name": size.capitalize(),
        "dpi": 300,
        # An estimate: the true size is known only once the picture has been drawn.
        "file_size": wide * high // 8,
        "format": "jpg",
        "height": high,
        "is_licensable": True,
        "width": wide,
    }


def editorial_video(item: Item, base_url: str) -> dict[str, Any]:
    """An editorial video."""
    clip = footage_of(item)
    previews = {"preview_mp4": "mp4", "preview_webm": "webm", "thumb_jpg": "jpg"}
    return {
        **_told_of_both(item, clip.width / clip.height),
        "assets": {
            **{
                kind: {"url": preview_url(base_url, "videos", kind, item.id, extension)}
                for kind, extension in previews.items()
            },
            "original": {
                "display_name": clip.name,
                "format": "avc1",
                "fps": clip.fps,
                "width": clip.width,
                "height": clip.height,
                "is_licensable": True,
            },
        },
    }


def editorial_update(change: EditorialChange, base_url: str) -> dict[str, Any]:
    """An editorial image that has changed."""
    deleted = change.kind == "deletion"
    return {
        **editorial_image(change.item, base_url),
        "created_time": iso(change.item.created),
        "updated_time": iso(change.time),
        "updates": [change.kind],
        "supplier_code": change.item.event.supplier,
        "commercial_status": {
            "status": "unavailable" if deleted else "available",
            "reason": "withdrawn by the supplier" if deleted else "",
        },
        "rights": {"countries": change.item.event.rights},
    }


def livefeed(one: Event, items: int, cover: Item, base_url: str) -> dict[str, Any]:
    """A livefeed: the pictures of an event."""
    width, height = fitted(*shape_of(cover), PREVIEWS["watermark_450"])
    url = preview_url(base_url, "images", "watermark_450", cover.id)
    return {
        "id": one.livefeed,
        "name": one.kind.name,
        "total_item_count": items,
        "created_time": iso(one.start),
        "cover_item": {"id": cover.id, "url": url, "width": width, "height": height},
    }
