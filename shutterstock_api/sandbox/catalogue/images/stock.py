"""Images as something to license."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shutterstock_api.sandbox.catalogue.stock import MediaFile, Product, Stock

from .images import Catalogue, Image
from .pictures import Pictures
from .search import Searcher
from .views import PREVIEWS, full, minimal

_NO_VECTOR = "This image is not available as a vector"


class ImageStock(Stock):
    """All images. They never change, so all sandboxes share them, with everything computed so far."""

    def __init__(self, size: int) -> None:
        self.catalogue: Catalogue = Catalogue(size)
        self.searcher: Searcher = Searcher(self.catalogue)
        self.pictures: Pictures = Pictures(self.catalogue)

    def knows(self, item_id: str) -> bool:
        """Whether there is an image with this id."""
        return self.catalogue.knows(item_id)

    def shown(self, item_id: int, view: str, base_url: str) -> dict[str, Any]:
        """An image in an answer."""
        show = full if view == "full" else minimal
        return show(self.catalogue.image(item_id), base_url)

    def title(self, item_id: str) -> str:
        """The description of the image."""
        return self.catalogue.image(int(item_id)).description

    def product(self, item_id: str, entry: Mapping[str, Any], common: Mapping[str, Any]) -> Product | str:
        """The size of the entry, or else that of the request; `eps` alone means `vector`."""
        image = self.catalogue.image(int(item_id))
        either = {**common, **entry}
        size = str(either.get("size") or ("vector" if either.get("format") == "eps" else "huge"))
        if image.is_editorial and not entry.get("editorial_acknowledgement"):
            return "Editorial acknowledgement is required for this image"
        if refusal := self.refusal(item_id, size):
            return refusal
        if size == "vector" and entry.get("format") == "jpg":
            return "Size vector is not available as jpg"
        if size != "vector" and either.get("format") == "eps":
            return f"Size {size} is not available as eps"
        if size == "custom":
            dimensions = _custom_dimensions(image, entry.get("custom_dimensions", {}))
            if isinstance(dimensions, str):
                return dimensions
            size = "custom-{}x{}".format(*dimensions)
        return Product(size, self.extension(size))

    def refusal(self, item_id: str, size: str) -> str | None:
        """Only vectors are available as vectors."""
        wrong = size == "vector" and self.catalogue.image(int(item_id)).type != "vector"
        return _NO_VECTOR if wrong else None

    def extension(self, size: str) -> str:
        """`eps` for a vector, otherwise `jpg`."""
        return "eps" if size == "vector" else "jpg"

    def file(self, item_id: str, size: str) -> MediaFile:
        """A JPEG or EPS file."""
        kind, _, pixels = size.partition("-")
        width, _, height = pixels.partition("x")
        dimensions = (int(width), int(height)) if pixels else None
        content_type = "application/postscript" if size == "vector" else "image/jpeg"
        return MediaFile(self.pictures.licensed(int(item_id), kind, dimensions), content_type)

    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A free picture; None if there is none of this kind."""
        if kind not in PREVIEWS or not self.knows(item_id):
            return None
        return MediaFile(self.pictures.preview(int(item_id), kind), "image/jpeg")

    def covers(self, item_id: str, *, large: bool) -> Mapping[str, str]:
        """Previews of the image."""
        cover, hero = ("preview_1000", "preview_1500") if large else ("preview", "preview_1000")
        return {
            "cover_item": f"/previews/{cover}/{item_id}.jpg",
            "hero_item": f"/previews/{hero}/{item_id}.jpg",
        }


def _custom_dimensions(image: Image, wanted: Mapping[str, int]) -> tuple[int, int] | str:
    if not wanted:
        return "Size custom needs custom_dimensions"
    scales = (wanted.get("width", 0) / image.width, wanted.get("height", 0) / image.height)
    if max(scales) > 1:
        return f"custom_dimensions exceed the image, which has {image.width} x {image.height} pixels"
    scale = min(scale for scale in scales if scale)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))
