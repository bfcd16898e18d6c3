"""What licences, links and collections need to know about a medium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from shutterstock_api.sandbox.http.files import Content

from .searching import Search


class Product(NamedTuple):
    """Which file of an item is licensed."""

    size: str
    format: str


class Shelf(Protocol):
    """What look-ups and searches need to know about a medium."""

    def knows(self, item_id: str) -> bool:
        """Whether there is an item with this id."""
        ...

    def shown(self, item_id: int, view: str, base_url: str) -> dict[str, Any]:
        """An item in an answer, in the short form or in full."""
        ...

    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A free file; None if there is none of this kind."""
        ...

    @property
    def searcher(self) -> Search[Any]:
        """Finds items."""
        ...


class MediaFile(NamedTuple):
    """A file of an item."""

    data: Content
    content_type: str


class Stock(Protocol):
    """All items of one medium."""

    def knows(self, item_id: str) -> bool:
        """Whether there is an item with this id."""
        ...

    def title(self, item_id: str) -> str:
        """The title or description of an item."""
        ...

    def product(self, item_id: str, entry: Mapping[str, Any], common: Mapping[str, Any]) -> Product | str:
        """What an entry of a licence request asks for, or why it cannot be licensed.

        `common` has the settings of the request, for entries without their own.
        """
        ...

    def refusal(self, item_id: str, size: str) -> str | None:
        """Why a licensed item cannot be downloaded in this size; None if it can."""
        ...

    def extension(self, size: str) -> str:
        """The extension of files in this size."""
        ...

    def file(self, item_id: str, size: str) -> MediaFile:
        """A licensed file."""
        ...

    def more_files(self, item_id: str) -> Mapping[str, str]:
        """The other files of a licence: the names of the links, and the sizes of their files."""
        return {}

    def covers(self, item_id: str, *, large: bool) -> Mapping[str, str]:
        """The pictures of a featured collection that begins with this item, as paths."""
        ...
