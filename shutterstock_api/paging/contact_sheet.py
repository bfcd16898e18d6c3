"""A selection, as Jupyter shows it: `ContactSheet(items)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shutterstock_api.modelkit.display import listing
from shutterstock_api.modelkit.html import page

if TYPE_CHECKING:
    from collections.abc import Iterable


class ContactSheet:
    """Shows a selection in Jupyter: images, collections, licence results, ...

    Args:
        items: What to show, such as `get_many(api, ids).images` or `paginate(...)`.
    """

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = list(items)

    def _repr_html_(self) -> str:
        return page(listing(self._items))

    def __repr__(self) -> str:
        return f"<ContactSheet of {len(self._items)} items>"
