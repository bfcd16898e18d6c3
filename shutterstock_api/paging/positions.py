"""Where in a list a walk is: at a page with a number, at a cursor, or before a list that comes at once."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from shutterstock_api.schema.fields import as_list, is_error
from shutterstock_api.schema.operation import Operation


class Content(NamedTuple):
    """What an answer says about its page."""

    items: list[Any]
    rows: int
    """Results on this page. Searches of a bulk search stand side by side: the longest counts."""
    served: int
    """Results that the page stands for, by its own account."""
    total: int | None
    """Results on all pages together."""
    readable: bool
    failed: bool = False
    """Whether some of the searches failed."""

    @classmethod
    def of(cls, page: Any, name: str) -> Content:
        """Read an answer; `name` is that of the list of its items."""
        items = getattr(page, name)
        told = any(getattr(page, other, None) for other in ("errors", "error", "message"))
        if items is None and not told:  # left out, as some services do with an empty list
            return cls([], 0, 0, None, True)
        if not isinstance(items, list):
            return cls([], 0, 0, None, False)
        bulk = name == "results"
        parts = [part for part in items if not _has_failed(part)] if bulk else [page]
        rows = max((len(as_list(getattr(part, "data" if bulk else name, None))) for part in parts), default=0)
        totals = [_count_in(part, "total_count") for part in parts]
        total = None if None in totals else max(cast("list[int]", totals), default=None)
        served = max((_count_in(part, "per_page") or 0 for part in parts), default=0)
        readable = bool(rows or not getattr(page, "errors", None))
        return cls(items, rows, served or rows, total, readable, bulk and len(parts) < len(items))


def _has_failed(search: Any) -> bool:
    """Tell whether a search of a bulk search has errors and no results."""
    results = as_list(getattr(search, "data", None))
    return (
        all(map(is_error, results)) if results else is_error(search) or bool(getattr(search, "errors", None))
    )


def _count_in(part: Any, name: str) -> int | None:
    number = getattr(part, name, None)
    return number if type(number) is int else None


class Position:
    """Where a list is that comes at once, and what the others share."""

    number: int = 1
    """Number of the page, counted from 1."""
    skipped: int = 0
    """Results before the first page of the walk."""

    def arguments(self) -> dict[str, Any]:
        """Return the arguments that ask for the page."""
        return {}

    def leave(self, page: Any, content: Content) -> bool:
        """Go on to the next page; tell whether this one was the last, as far as it says."""
        return True


class NumberedPage(Position):
    """A page with a number."""

    def __init__(self, number: int, size: int) -> None:
        self.number: int = number
        self.skipped: int = (number - 1) * size
        self._size = size
        self._came = self._passed = self.skipped  # results that came, and that the pages stand for

    def arguments(self) -> dict[str, Any]:
        return {"page": self.number, "per_page": self._size}

    def leave(self, page: Any, content: Content) -> bool:
        self.number += 1
        self._came += content.rows
        self._passed += content.served
        # The service may leave results out of a page; a total below what came already is no total.
        return not content.rows or (content.total is not None and self._came <= content.total <= self._passed)


class CursorPage(Position):
    """A page that the one before names.

    Args:
        field: Where an answer says how the next page is called.
        cursor: The first page; `None` for that of the list.
        size: Results in a page.
    """

    def __init__(self, field: str, cursor: str | None, size: int) -> None:
        self.number: int = 1
        self._field = field
        self._cursor = cursor
        self._size = size

    def arguments(self) -> dict[str, Any]:
        return {"cursor": self._cursor, "per_page": self._size}

    def leave(self, page: Any, content: Content) -> bool:
        self.number += 1
        before, self._cursor = self._cursor, getattr(page, self._field, None)
        return not self._cursor or (not content.rows and self._cursor == before)


def first_position(operation: Operation[Any], given: dict[str, Any], limit: int | None) -> Position:
    """Take the arguments that say where to start out of those that were given, and return the position."""
    if operation.pages is None:
        return Position()
    size = given.pop("per_page", None)
    if operation.cursor:
        return CursorPage(operation.cursor, given.pop("cursor", None), _page_size(operation, size, limit))
    page = given.pop("page", None)
    start = 1 if page is None else page
    # The size of a page says where the others begin: after `page` it is given.
    return NumberedPage(start, _page_size(operation, size, limit if start < 2 else None))


def _page_size(operation: Operation[Any], given: int | None, limit: int | None) -> int:
    """Return how many results to ask for at once: no more than `limit` needs, in as few pages."""
    size = given if given is not None else cast("int", operation.pages)
    if not limit or not size or operation.body is not None:
        return size
    fits = min(size, limit) if given is not None else -(-limit // -(-limit // size))
    return max(fits, operation.least)
