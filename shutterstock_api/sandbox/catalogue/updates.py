"""Which items of a catalogue changed when: one change a minute, computed from the time alone."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from shutterstock_api.sandbox.http.messages import invalid
from shutterstock_api.sandbox.http.times import timestamp

from .library import Library

MINUTE = 60
LONGEST = 3 * 24 * 60 * MINUTE
SHORTEST = 5 * MINUTE

_KINDS = ("addition", "edit", "edit", "addition", "deletion", "edit", "addition")
_INTERVAL = re.compile(r"\s*(\d{1,9})\s+(SECOND|MINUTE|HOUR|DAY)S?\s*", re.IGNORECASE)
_SECONDS = {"SECOND": 1, "MINUTE": MINUTE, "HOUR": 60 * MINUTE, "DAY": 24 * 60 * MINUTE}


class Change(NamedTuple):
    """One change of one item."""

    item_id: str
    time: float
    kind: str


def period(parameters: Mapping[str, Any], given: Collection[str], now: float) -> tuple[float, float]:
    """The period of a request for changes; refuses one that breaks the rules."""
    dates = [name for name in ("start_date", "end_date") if name in given]
    if dates and "interval" in given:
        raise invalid("$.query.interval", f"interval cannot be combined with {dates[0]}")
    if not dates:
        return now - _interval(parameters["interval"]), now
    end = timestamp(parameters, "end_date") if "end_date" in given else now
    start = timestamp(parameters, "start_date") if "start_date" in given else end - LONGEST
    if end - start > LONGEST:
        raise invalid("$.query.start_date", "the period is longer than 3 days")
    if end - start < SHORTEST:
        raise invalid("$.query.end_date", "end_date must be at least 5 minutes after start_date")
    return start, end


def _interval(text: str) -> int:
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise invalid("$.query.interval", "expected a number and SECOND, MINUTE, HOUR or DAY", data=text)
    seconds = int(match[1]) * _SECONDS[match[2].upper()]
    if not 0 < seconds <= LONGEST:
        raise invalid("$.query.interval", "expected more than nothing and no more than 3 days", data=text)
    return seconds


def changes(catalogue: Library, start: float, end: float, kinds: Collection[str]) -> list[Change]:
    """The changes from `start` up to, but not including, `end`, oldest first."""
    found = []
    for number in range(math.ceil(start / MINUTE), math.ceil(end / MINUTE)):
        kind = _KINDS[number % len(_KINDS)]
        if not kinds or kind in kinds:
            found.append(Change(_changed_item(catalogue, number), float(number * MINUTE), kind))
    return found


def _changed_item(catalogue: Library, number: int) -> str:
    item_id = str(number * 7919 % catalogue.size + 1)
    return item_id if catalogue.knows(item_id) else str(number % min(catalogue.size, 400) + 1)
