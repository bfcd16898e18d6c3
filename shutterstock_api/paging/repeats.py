"""Finds items that have appeared before, because the order of a list may change during the iteration."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from functools import partial
from operator import attrgetter
from typing import Any

import msgspec

from shutterstock_api.schema.fields import JsonObject, fields_of

RECENT = 4
"""How many pages are remembered: items that move in the meantime move to a nearby page."""


class RecentItems:
    """The keys of the items on the last few pages; only a few, so that memory use does not grow.

    Most items are identified by their ids. An item with a time is an event, and the same id may appear with
    another event, so it is a repeat only if all fields are equal.

    Args:
        kind: The class of the items.
    """

    def __init__(self, kind: type) -> None:
        fields = fields_of(kind) if issubclass(kind, JsonObject) else {}
        times = [name for name, field in fields.items() if field.type_name == "datetime"]
        self._key = partial(_event, kind, times) if times else _id_of
        self._pages: deque[set[Any]] = deque(maxlen=RECENT)
        self._last: Any = None
        self.has_keys: bool = False

    def fresh(self, items: list[Any]) -> tuple[list[Any], bool]:
        """Return the new items, and whether the whole page is the same as the one before."""
        keys = self._keys(items)
        self.has_keys = bool(keys)
        last, self._last = self._last, keys or items
        if len(keys) < len(items) or not all(map(keys.isdisjoint, self._pages)):
            new = keys.difference(*self._pages)
            items = [item for item in items if (key := self._key(item)) is None or _take(key, new)]
        self._pages.append(keys)
        return items, last == self._last

    def _keys(self, items: list[Any]) -> set[Any]:
        try:
            keys = set(map(_plain_id if self._key is _id_of else self._key, items))
        except (AttributeError, TypeError):  # an item of another kind, or with an id of another kind
            keys = set(map(self._key, items))
        keys.discard(None)
        return keys


_plain_id = attrgetter("id")


def _id_of(item: Any) -> Any:
    """Return the id of an item; `None` if it has none, for example because `fields=` leaves it out."""
    found = getattr(item, "id", None)
    return found if isinstance(found, Hashable) else None


def _event(kind: type, times: list[str], item: Any) -> Any:
    """Return all fields of an item; `None` if it has no time, and so may be another event."""
    if not isinstance(item, kind) or all(getattr(item, name) is None for name in times):
        return None
    try:
        return msgspec.json.encode(item)
    except (ValueError, OverflowError):  # half a character, or an integer of more than 64 bits
        return repr(item)


def _take(key: Any, new: set[Any]) -> bool:
    """Remove a key from the new ones; tell whether it was one of them."""
    if key not in new:
        return False
    new.remove(key)
    return True
