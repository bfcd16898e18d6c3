"""From the parameters of a search to its results, in any medium."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

from . import query
from .bitmaps import Order, Results, in_order
from .library import Library
from .terms import correct_spelling

Parameters = Mapping[str, Any]
L = TypeVar("L", bound=Library)
#: Parameter -> the set of items that pass it.
Filters = Mapping[str, Callable[[L, Any], int]]

_ONE_DAY = timedelta(days=1)
#: Parameters that say how to show results, but not which ones.
_SHOWING = frozenset(("page", "per_page", "view", "fields", "language", "ai_labels_limit", "region"))


class SearchError(ValueError):
    """A parameter has a value that the contract allows but the search cannot use."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True)
class Found:
    """The outcome of a search."""

    search_id: str
    results: Results
    spellcheck_info: dict[str, Any] | None = None


class Search(Generic[L]):
    """Runs searches on a catalogue and remembers the latest ones, so that further pages cost nothing."""

    def __init__(self, catalogue: L, filters: Filters[L]) -> None:
        self.catalogue: L = catalogue
        self._filters = filters
        self._remembered = lru_cache(maxsize=64)(self._search)

    def search(self, parameters: Parameters) -> Found:
        """Search; the same parameters find the same items in the same order, page after page."""
        asked = {name: value for name, value in parameters.items() if name not in _SHOWING}
        return self._remembered(json.dumps(asked, sort_keys=True))

    def similar_item(self, item_id: int) -> Found:
        """Items that are like another one."""
        raise NotImplementedError

    def _search(self, canonical: str) -> Found:
        parameters = json.loads(canonical)
        search_id = str(uuid.UUID(bytes=hashlib.sha256(canonical.encode()).digest()[:16], version=4))
        try:
            node = query.parse_query(parameters.get("query") or "")
        except query.QueryError as error:
            raise SearchError("query", str(error)) from error
        spelling, known = None, self.catalogue.known_words()
        if known and parameters.get("spellcheck_query") is not False:
            node, spelling = correct_spelling(node, parameters.get("query") or "", known)
        bits = self.catalogue.matching(node) & self.filtered(parameters)
        order = self._order(parameters, search_id)
        return Found(search_id, Results(bits.bit_count(), in_order(bits, order)), spelling)

    def filtered(self, parameters: Parameters) -> int:
        """The set of items that pass all given filters."""
        bits = self.catalogue.everything
        for name, apply in self._filters.items():
            value = parameters.get(name)
            if value is not None and value != []:
                bits &= apply(self.catalogue, value)
        return bits & self._added(parameters)

    def _added(self, parameters: Parameters) -> int:
        catalogue, names = self.catalogue, ("added_date", "added_date_start", "added_date_end")
        day = {name: _day(parameters, name) for name in names if parameters.get(name)}
        if not day:
            return catalogue.everything
        bits = catalogue.added(day.get("added_date_start", date.min), day.get("added_date_end", date.max))
        if "added_date" in day:
            last = day["added_date"]
            bits &= catalogue.added(last, min(last, date.max - _ONE_DAY) + _ONE_DAY)
        return bits

    def _order(self, parameters: Parameters, search_id: str) -> Order:
        sort = parameters.get("sort") or self.catalogue.usual_order
        if sort == "random":
            seed = uuid.UUID(search_id).int
            size = self.catalogue.size
            return Order(size, seed % size | 1, start=seed // size)
        return self.catalogue.order(sort, ascending=parameters.get("sort_order") == "asc")


def _day(parameters: Parameters, name: str) -> date:
    try:
        return date.fromisoformat(parameters[name])
    except ValueError as error:  # the year 0, which passes as a date in JSON Schema
        raise SearchError(name, str(error)) from error
