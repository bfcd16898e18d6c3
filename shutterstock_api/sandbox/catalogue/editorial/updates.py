"""What changed when: every item is added, and one of three is edited a day and a half later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .archive import Archive, Filters, Item
from .events import EVENT, FIRST_SECOND, event

#: From the addition of an item to its edit, in seconds.
EDITED_AFTER = 36 * 60 * 60
_EVERY = 3
#: One edit in this many is a deletion.
_DELETED = 7


class Period(NamedTuple):
    """The requested kind of change, and a time between the limits, which are excluded."""

    kind: str
    start: float
    end: float

    @property
    def lag(self) -> int:
        """From the addition of an item to its change."""
        return EDITED_AFTER if self.kind == "edit" else 0


class EditorialChange(NamedTuple):
    """One change of one item."""

    item: Item
    time: float
    kind: str


def changed(
    archive: Archive, period: Period, filters: Filters, start: int, step: int
) -> Iterator[EditorialChange]:
    """Yield the changes of a period, starting at a place of the archive; a `step` of -1 goes backwards."""
    first, last = positions(archive, period)
    position = min(start, last) if step < 0 else max(start, first)
    while first <= position <= last:
        number, index = divmod(position, archive.per_event)
        if not filters.passes(event(number)):
            position = (number + 1) * archive.per_event if step > 0 else number * archive.per_event - 1
            continue
        item = archive.at(position)
        time = item.created + period.lag
        position += step
        if period.start < time < period.end and (period.kind == "addition" or index % _EVERY == 0):
            yield EditorialChange(item, time, _what_happened(period, item))


def _what_happened(period: Period, item: Item) -> str:
    return "deletion" if period.kind == "edit" and item.position % _DELETED == 0 else period.kind


def positions(archive: Archive, period: Period) -> tuple[int, int]:
    """The first and the last place of the archive where there can be a change."""
    start, end = (int((time - period.lag - FIRST_SECOND) // EVENT) for time in (period.start, period.end))
    return max(start, 0) * archive.per_event, (end + 1) * archive.per_event - 1
