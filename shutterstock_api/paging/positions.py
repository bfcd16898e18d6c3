"""The current position in a list: a page number, a cursor, or the start of a list that comes all at once."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from shutterstock_api.schema.fields import as_list, is_error
from shutterstock_api.schema.operation import Operation


class Content(NamedTuple):
    """An answer's statements about its page."""

    items: list[Any]
    rows: int
    """The number of results on this page; for a bulk search, that of the search with the most results."""
    served: int
    """The size of the page, according to the answer."""
    total: int | None
    """The number of results on all pages together."""
    readable: bool
    failed: bool = False
    """Whether some of the searches failed."""

    @classmethod
    def of(cls, page: Any, name: str) -> Content:
        """Read an answer; `name` is the field with the list of its items."""
        items = getattr(page, name)
        told = any(getattr(page, other, None) for other in ("errors", "error", "message"))
        if items is None and not told:  # an empty list may be left out
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
    """Tell whether one of the searches of a bulk search has errors and no results."""
    results = as_list(getattr(search, "data", None))
    return (
        all(map(is_error, results)) if results else is_error(search) or bool(getattr(search, "errors", None))
    )


def _count_in(part: Any, name: str) -> int | None:
    number = getattr(part, name, None)
    return number if type(number) is int else None


class Position:
    """The position in a list that comes all at once; the base of the others."""

    number: int = 1
    """The number of the page, counted from 1."""
    skipped: int = 0
    """The number of results before the first requested page."""

    def arguments(self) -> dict[str, Any]:
        """Return the arguments that request this page."""
        return {}

    def leave(self, page: Any, content: Content) -> bool:
        """Move to the next page; tell whether this one was the last, according to the answer."""
        return True


class NumberedPage(Position):
    """A page with a number."""

    def __init__(self, number: int, size: int) -> None:
        self.number: int = number
        self.skipped: int = (number - 1) * size
        self._size = size
        self._came = self._passed = self.skipped  # results so far, and the sizes of their pages

    def arguments(self) -> dict[str, Any]:
        return {"page": self.number, "per_page": self._size}

    def leave(self, page: Any, content: Content) -> bool:
        self.number += 1
        self._came += content.rows
        self._passed += content.served
        # The service may leave results out of a page; a total below the number so far cannot be right.
        return not content.rows or (content.total is not None and self._came <= content.total <= self._passed)


class CursorPage(Position):
    """A page that is named by the page before.

    Args:
        field: The field of an answer that names the next page.
        cursor: The first page; `None` for the beginning of the list.
        size: The number of results on a page.
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
    """Remove the arguments that say where to start from the given ones, and return the position."""
    if operation.pages is None:
        return Position()
    size = given.pop("per_page", None)
    if operation.cursor:
        return CursorPage(operation.cursor, given.pop("cursor", None), _page_size(operation, size, limit))
    page = given.pop("page", None)
    start = 1 if page is None else page
    # With `page`, the size of a page must be sent, because it decides where the page begins.
    return NumberedPage(start, _page_size(operation, size, limit if start < 2 else None))


def _page_size(operation: Operation[Any], given: int | None, limit: int | None) -> int:
    """Return the size of the pages to request: no larger than `limit` needs, in as few pages as possible."""
    size = given if given is not None else cast("int", operation.pages)
    if not limit or not size or operation.body is not None:
        return size
    fits = min(size, limit) if given is not None else -(-limit // -(-limit // size))
    return max(fits, operation.least)
