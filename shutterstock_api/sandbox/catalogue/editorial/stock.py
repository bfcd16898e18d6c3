"""Editorial images and videos as something to license."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from shutterstock_api.sandbox.catalogue.stock import MediaFile, Product, Stock
from shutterstock_api.sandbox.http.messages import invalid

from .archive import Archive, Item
from .countries import allows, country_of
from .films import film
from .pictures import news_jpeg
from .views import IMAGE_SIZES, PREVIEWS, editorial_image, editorial_video, fitted, footage_of, shape_of

_WATERMARKED = "watermark_"
#: Longest side in pixels of the previews of a video.
_PREVIEW_SIDE = 426


class EditorialStock(Stock, ABC):
    """The parts that editorial images and videos share."""

    def __init__(self, per_event: int, step: int) -> None:
        self.archive: Archive = Archive(per_event, step)

    @abstractmethod
    def view(self, item: Item, base_url: str) -> dict[str, Any]:
        """How an item looks in an answer."""

    def knows(self, item_id: str) -> bool:
        """Whether there is an item with this id."""
        return self.archive.knows(item_id)

    def title(self, item_id: str) -> str:
        """The title of the event."""
        return self.archive.item(item_id).event.title

    def product(self, item_id: str, entry: Mapping[str, Any], common: Mapping[str, Any]) -> Product | str:
        """The size of the entry, if the rights allow the country of the request."""
        country = country_of(common["country"])
        if country is None:
            raise invalid("$.body.country", "there is no such country", data=common["country"])
        if not allows(self.archive.item(item_id).event.rights, country):
            return f"This content may not be distributed in {country}"
        size = entry.get("size", "original")
        return Product(size, self.extension(size))

    def refusal(self, item_id: str, size: str) -> str | None:
        """Nothing can be downloaded again."""
        return "Editorial content cannot be downloaded again"

    def covers(self, item_id: str, *, large: bool) -> Mapping[str, str]:
        """There are no collections of them."""
        return {}

    @abstractmethod
    def extension(self, size: str) -> str:
        """The extension of the files."""

    @abstractmethod
    def file(self, item_id: str, size: str) -> MediaFile:
        """A licensed file."""

    @abstractmethod
    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A free picture or clip; None if there is none of this kind."""


class EditorialImageStock(EditorialStock):
    """All editorial images."""

    def view(self, item: Item, base_url: str) -> dict[str, Any]:
        """An image in an answer."""
        return editorial_image(item, base_url)

    def __init__(self) -> None:
        super().__init__(per_event=40, step=5 * 60)

    def extension(self, size: str) -> str:
        """`jpg`."""
        return "jpg"

    def file(self, item_id: str, size: str) -> MediaFile:
        """A JPEG file."""
        return self._jpeg(item_id, IMAGE_SIZES[size], watermarked=False)

    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A small picture, or one with a watermark."""
        if kind not in PREVIEWS or not self.knows(item_id):
            return None
        return self._jpeg(item_id, PREVIEWS[kind], watermarked=kind.startswith(_WATERMARKED))

    def _jpeg(self, item_id: str, longest: int | None, *, watermarked: bool) -> MediaFile:
        item = self.archive.item(item_id)
        size = fitted(*shape_of(item), longest)
        return MediaFile(news_jpeg(item, *size, watermarked), "image/jpeg")


class EditorialVideoStock(EditorialStock):
    """All editorial videos."""

    def view(self, item: Item, base_url: str) -> dict[str, Any]:
        """A video in an answer."""
        return editorial_video(item, base_url)

    def __init__(self) -> None:
        super().__init__(per_event=4, step=60 * 60)

    def extension(self, size: str) -> str:
        """`mp4`."""
        return "mp4"

    def file(self, item_id: str, size: str) -> MediaFile:
        """A video in the size that the item has."""
        item = self.archive.item(item_id)
        return MediaFile(film(item, footage_of(item), "mp4", watermarked=False), "video/mp4")

    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A small clip with a watermark, or a still picture."""
        if not self.knows(item_id):
            return None
        item = self.archive.item(item_id)
        clip = footage_of(item)
        width, height = fitted(clip.width, clip.height, _PREVIEW_SIDE)
        if kind == "thumb_jpg":
            return MediaFile(news_jpeg(item, width, height, True), "image/jpeg")
        extension = kind.removeprefix("preview_")
        if extension not in ("mp4", "webm"):
            return None
        small = clip._replace(width=width, height=height)
        return MediaFile(film(item, small, extension, watermarked=True), f"video/{extension}")
