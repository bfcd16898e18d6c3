"""A selection, as Jupyter shows it: `ContactSheet(items)`."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from itertools import islice
from typing import Any

from shutterstock_api.modelkit.display import listing
from shutterstock_api.modelkit.html import MOST, page
from shutterstock_api.paging.pages import Paginated, first_items
from shutterstock_api.support.arguments import explained


class ContactSheet:
    """Shows a selection in Jupyter: images, collections, licence results, ...

    It takes no more items than it shows: it requests only the pages of `paginate(...)` that it needs, and
    leaves the rest of a generator alone. So it cannot say how many more items a generator has.

    Args:
        items: What to show, such as `get_many(api, ids).images` or `paginate(...)`.
    """

    _more: int | None = 0
    """How many more items there are; `None` if that is unknown."""

    @explained
    def __init__(self, items: Iterable[Any]) -> None:
        if isinstance(items, Paginated):
            self._items, self._more = first_items(items, MOST)
            return
        self._items = list(islice(items, MOST))
        if isinstance(items, Sized):
            self._more = len(items) - len(self._items)
        elif len(self._items) == MOST:
            self._more = None

    def _repr_html_(self) -> str:
        return page(listing(self._items, more=self._more))

    def __repr__(self) -> str:
        count = len(self._items)
        return f"<ContactSheet of {f'{count} or more' if self._more is None else count + self._more} items>"
