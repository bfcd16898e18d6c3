"""Videos as something to look up and license."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shutterstock_api.sandbox.catalogue.stock import MediaFile, Product, Stock

from . import films
from .clips import VideoCatalogue, VideoSearch
from .views import full_video, short_video

_TYPES = {"mov": "video/quicktime", "mp4": "video/mp4"}


class VideoStock(Stock):
    """All videos."""

    def __init__(self, size: int) -> None:
        self.catalogue: VideoCatalogue = VideoCatalogue(size)
        self.searcher: VideoSearch = VideoSearch(self.catalogue)

    def knows(self, item_id: str) -> bool:
        """Whether there is a video with this id."""
        return self.catalogue.knows(item_id)

    def title(self, item_id: str) -> str:
        """The description of the video."""
        return self.catalogue.clip(int(item_id)).scene.description

    def shown(self, item_id: int, view: str, base_url: str) -> dict[str, Any]:
        """A video in an answer."""
        show = full_video if view == "full" else short_video
        return show(self.catalogue.clip(item_id), base_url)

    def product(self, item_id: str, entry: Mapping[str, Any], common: Mapping[str, Any]) -> Product | str:
        """The size of the entry, or else that of the request, or else `web`."""
        size = str({**common, **entry}.get("size") or "web")
        clip = self.catalogue.clip(int(item_id))
        if clip.scene.is_editorial and not entry.get("editorial_acknowledgement"):
            return "Editorial acknowledgement is required for this video"
        return self.refusal(item_id, size) or Product(size, self.extension(size))

    def refusal(self, item_id: str, size: str) -> str | None:
        """Not every video comes in every size."""
        sizes = self.catalogue.clip(int(item_id)).sizes
        return None if size in sizes else f"Size {size} is not available for this video"

    def extension(self, size: str) -> str:
        """`mov` for small files, `mp4` for large ones."""
        return films.extension(size)

    def file(self, item_id: str, size: str) -> MediaFile:
        """A licensed video."""
        content_type = _TYPES[self.extension(size)]
        return MediaFile(films.licensed(self.catalogue.clip(int(item_id)), size), content_type)

    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A free clip or picture; None if there is none of this kind."""
        found = films.free_film(self.catalogue.clip(int(item_id)), kind) if self.knows(item_id) else None
        return None if found is None else MediaFile(*found)

    def covers(self, item_id: str, *, large: bool) -> Mapping[str, str]:
        """Stills of the video."""
        return {
            "cover_item": f"/previews/videos/thumb_jpg/{item_id}.jpg",
            "hero_item": f"/previews/videos/preview_jpg/{item_id}.jpg",
        }
