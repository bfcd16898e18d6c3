"""The pictures and clips of events, and searches among them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from string import ascii_lowercase
from typing import NamedTuple

from shutterstock_api.sandbox.catalogue import query
from shutterstock_api.sandbox.catalogue.colours import COLOURS, Colour
from shutterstock_api.sandbox.catalogue.vocabulary import CONTRIBUTORS

from .countries import allows
from .events import (
    EVENT,
    EVENTS_OF_OLD,
    FIRST_SECOND,
    LAST_EVENT,
    Event,
    EventKind,
    Place,
    event,
    events_until,
    words_of,
)

_ID = re.compile(r"([1-9]\d{6,7})[a-z]{1,2}")
#: The first id. Lower numbers also stand for items of the archive, which searches find under another id.
_FIRST_ID = 10_000_000
#: No item has an id with this prefix, so tests have ids that do not exist.
_UNKNOWN = "404"


class Shot(NamedTuple):
    """What a picture of an event shows."""

    text: str
    keywords: tuple[str, ...]


SHOTS = tuple(
    Shot(text, tuple(keywords.split()))
    for text, keywords in (
        ("A wide view of the scene", "wide overview panorama"),
        ("Guests arrive", "arrival guest people"),
        ("The crowd watches", "crowd spectator people"),
        ("A portrait in between", "portrait face person"),
        ("The press at work", "press photographer camera reporter"),
        ("A detail", "closeup detail hands"),
        ("Training and rehearsal before the start", "training rehearsal preparation"),
        ("A speech is held", "speech stage microphone"),
        ("Celebration at the end", "celebration joy winner"),
        ("Behind the scenes", "backstage preparation staff"),
    )
)


@dataclass(frozen=True)
class Item:
    """One picture or clip of an event."""

    id: str
    event: Event
    #: Its place in the whole archive, and among those of the event.
    position: int
    index: int
    shot: Shot
    photographer: str
    colour: Colour
    #: When it was added.
    created: float

    @property
    def description(self) -> str:
        """A sentence about it."""
        return f"{self.shot.text}: {self.event.title}"

    @property
    def keywords(self) -> list[str]:
        """Words about the event, the place and what is shown."""
        words = (*self.event.kind.keywords, *self.shot.keywords, *self.event.place.city.lower().split())
        return list(dict.fromkeys(words))


class Filters(NamedTuple):
    """The filters of a search, besides its words; None lets everything pass."""

    country: str
    categories: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    #: Only what was taken before this day.
    before: date | None = None
    #: The places within the event that pass, by the properties of their files.
    indexes: tuple[int, ...] | None = None

    def passes(self, one: Event) -> bool:
        """Whether pictures of an event pass."""
        return (
            allows(one.rights, self.country)
            and {*self.categories} <= {name.lower() for name in one.kind.categories}
            and (not self.suppliers or one.supplier in self.suppliers)
            and (self.since is None or one.day >= self.since)
            and (self.until is None or one.day <= self.until)
            and (self.before is None or one.day < self.before)
        )


class Archive:
    """All items of one medium. An event has `per_event` of them, which are added every `step` seconds."""

    def __init__(self, per_event: int, step: int) -> None:
        self.per_event = per_event
        self.step = step
        self._search = lru_cache(maxsize=32)(self._searched)

    @staticmethod
    def knows(item_id: str) -> bool:
        """Whether there is an item with this id."""
        return _ID.fullmatch(item_id) is not None and not item_id.startswith(_UNKNOWN)

    def item(self, item_id: str) -> Item:
        """The item with this id."""
        match = _ID.fullmatch(item_id)
        number = int(match[1]) if match else _FIRST_ID
        events = LAST_EVENT + 1 if number >= _FIRST_ID else EVENTS_OF_OLD
        return self._item(item_id, (number - _FIRST_ID) % (events * self.per_event))

    def at(self, position: int) -> Item:
        """The item at a place of the archive."""
        letters = ascii_lowercase[(7 * position - 1) % 26] + ascii_lowercase[3 * position % 26]
        return self._item(f"{_FIRST_ID + position}{letters[: 1 + position % 2]}", position)

    def _item(self, item_id: str, position: int) -> Item:
        number, index = divmod(position, self.per_event)
        return Item(
            id=item_id,
            event=event(number),
            position=position,
            index=index,
            shot=self._shot(number, index),
            photographer=CONTRIBUTORS[31 * number % len(CONTRIBUTORS)].name,
            colour=COLOURS[(number + 5 * index) % len(COLOURS)],
            created=FIRST_SECOND + EVENT * number + self.step * index,
        )

    @staticmethod
    def _shot(number: int, index: int) -> Shot:
        return SHOTS[(number + index) % len(SHOTS)]

    def count(self, number: int, now: float) -> int:
        """The number of items that an event has by now."""
        if number + 1 < events_until(now):
            return self.per_event
        passed = (now - FIRST_SECOND - number * EVENT) // self.step
        return min(max(int(passed) + 1, 1), self.per_event)

    def items_of(self, one: Event, now: float) -> list[Item]:
        """The items that an event has by now, oldest first."""
        first = one.number * self.per_event
        return [self.at(first + index) for index in range(self.count(one.number, now))]

    def search(self, text: str, filters: Filters, sort: str, now: float) -> EditorialResults:
        """What a search finds among the items added by `now`; raises `QueryError`."""
        return self._search(text, filters, sort, now // self.step * self.step)

    def _searched(self, text: str, filters: Filters, sort: str, now: float) -> EditorialResults:
        node = query.parse_query(text)
        shots = lru_cache(maxsize=None)(lambda kind, place: _matching(node, kind, place))
        places = lru_cache(maxsize=None)(self._places)
        numbers = list(range(events_until(now)))
        if sort == "newest":
            numbers.reverse()
        elif sort == "relevant":
            numbers.sort(key=lambda number: (number + 7) * 0x9E3779B1 & 0xFFFFFFFF)
        found = []
        for number in numbers:
            one = event(number)
            wanted = shots(one.kind, one.place)
            if wanted and filters.passes(one):
                count = self.count(number, now)
                indexes = places(number % len(SHOTS), wanted, filters.indexes, sort == "newest", count)
                if indexes:
                    found.append((number, indexes))
        return EditorialResults(self, found)

    @staticmethod
    def _places(
        shift: int, wanted: frozenset[int], among: tuple[int, ...] | None, backwards: bool, count: int
    ) -> Sequence[int]:
        """The places within an event where the wanted shots are."""
        indexes = [
            index
            for index in range(count)
            if (shift + index) % len(SHOTS) in wanted and (among is None or index in among)
        ]
        return indexes[::-1] if backwards else indexes


class EditorialResults:
    """The outcome of a search: events, and which of their items."""

    def __init__(self, archive: Archive, found: list[tuple[int, Sequence[int]]]) -> None:
        self._archive = archive
        self._found = found
        self._ends = list(accumulate(len(indexes) for _, indexes in found))

    @property
    def total(self) -> int:
        """How many items there are."""
        return self._ends[-1] if self._ends else 0

    def page(self, start: int, count: int) -> list[Item]:
        """A number of items after the first `start`."""
        return [self._at(rank) for rank in range(start, min(start + count, self.total))]

    def _at(self, rank: int) -> Item:
        block = bisect_right(self._ends, rank)
        number, indexes = self._found[block]
        index = indexes[rank - self._ends[block]]  # counted from the end of the block
        return self._archive.at(number * self._archive.per_event + index)


def _matching(node: query.Node, kind: EventKind, place: Place) -> frozenset[int]:
    """Which shots of events of a kind at a place match a query."""
    words = words_of((kind.name, *kind.keywords, place.city, place.country))
    return frozenset(
        number
        for number, shot in enumerate(SHOTS)
        if query.matches(node, words | words_of((shot.text, *shot.keywords)))
    )
