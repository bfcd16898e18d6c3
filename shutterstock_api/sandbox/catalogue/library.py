"""What the catalogues of all media have in common: ids, days, orders, and sets of items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cached_property, lru_cache

from . import query
from .bitmaps import Order, span

FIRST_DAY = date(2010, 1, 1)
LAST_DAY = date(2025, 12, 31)
_DAYS = (LAST_DAY - FIRST_DAY).days + 1

#: No item has an id with this prefix, so tests have ids that do not exist.
UNKNOWN_PREFIX = "404"


class Library:
    """The items 1 to `size`, and every other number as an item that searches do not find."""

    #: The order of the results if a search does not name one.
    usual_order = "popular"

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError("a catalogue has at least one item")
        self.size = size
        # Golden-ratio steps scatter the ids evenly; primes near them keep the two orders apart.
        self.popular: Order = Order(size, int(size * 0.618) | 1, start=size // 3)
        self.relevance: Order = Order(size, int(size * 0.382) | 1, start=size // 7)
        self.newest: Order = Order(size, size - 1, start=size - 1)
        self.oldest: Order = Order(size, 1)
        self.word: Callable[[str], int] = lru_cache(maxsize=256)(self._word)

    def finds(self, word: str) -> int:
        """The set of items with this word, including ids that do not exist."""
        raise NotImplementedError

    def order(self, sort: str, *, ascending: bool = False) -> Order:
        """The order of this name."""
        found: Order = getattr(self, sort)
        return found

    def known_words(self) -> tuple[str, ...]:
        """The words that misspelt words are corrected to."""
        return ()

    def _word(self, word: str) -> int:
        found = self.finds(word) & self.everything
        if not found and word.endswith("s"):  # a plural of which the vocabulary has only the singular
            return self.word(word[:-1])
        return found

    @cached_property
    def everything(self) -> int:
        """The set of all items."""
        unknown = 0
        scale, prefix = 1, int(UNKNOWN_PREFIX)
        while prefix * scale <= self.size:
            unknown |= span(prefix * scale, min((prefix + 1) * scale, self.size + 1))
            scale *= 10
        return span(1, self.size + 1) & ~unknown

    @staticmethod
    def knows(item_id: str) -> bool:
        """Whether there is an item with this id."""
        digits = item_id.isascii() and item_id.isdigit()
        return digits and not item_id.startswith(("0", UNKNOWN_PREFIX)) and len(item_id) <= 18

    def day_of(self, item_id: int) -> date:
        """The day an item was added: later ids came later, ids beyond the catalogue on its last day."""
        if item_id > self.size:
            return LAST_DAY
        return FIRST_DAY + timedelta(days=(item_id - 1) * _DAYS // self.size)

    def added(self, start: date, stop: date) -> int:
        """The set of items added from `start` to the day before `stop`."""
        return span(self._first_since(start), self._first_since(stop)) & self.everything

    def _first_since(self, day: date) -> int:
        days = min(max((day - FIRST_DAY).days, 0), _DAYS)
        return -(-days * self.size // _DAYS) + 1

    def matching(self, node: query.Node) -> int:
        """The set of items that a query finds."""
        match node:
            case query.Word(word):
                return self.word(word)
            case query.Not(inner):
                return self.everything & ~self.matching(inner)
            case query.And(parts):
                return self._fold(parts, int.__and__)
            case query.Or(parts):
                return self._fold(parts, int.__or__)
        return self.everything

    def _fold(self, parts: Iterable[query.Node], join: Callable[[int, int], int]) -> int:
        first, *rest = (self.matching(part) for part in parts)
        for other in rest:
            first = join(first, other)
        return first
