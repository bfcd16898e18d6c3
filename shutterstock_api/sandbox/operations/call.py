"""What handlers get and give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shutterstock_api.sandbox.account.links import Links
from shutterstock_api.sandbox.account.oauth import OAuth
from shutterstock_api.sandbox.account.store import Store
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.images.pictures import Pictures
from shutterstock_api.sandbox.catalogue.images.search import Searcher


@dataclass(frozen=True)
class Service:
    """What handlers work with."""

    catalogue: Catalogue
    searcher: Searcher
    pictures: Pictures
    store: Store
    links: Links
    oauth: OAuth
    clock: Callable[[], float]
    base_url: str


@dataclass(frozen=True)
class Call:
    """A request that the contract has found to be in order."""

    service: Service
    #: Parameters of path and query, defaults included.
    parameters: dict[str, Any]
    #: The names of the query parameters that the request itself gave.
    given: frozenset[str]
    body: Any = None


@dataclass(frozen=True)
class Answer:
    """A status and, unless it is None, a JSON body."""

    status: int
    body: Any = None
    #: Whether the request asked for part of the fields only.
    partial: bool = False
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Answer]


def offset(call: Call) -> int:
    """How many rows come before the page; as far as SQLite can count."""
    before: int = (call.parameters["page"] - 1) * call.parameters["per_page"]
    return min(before, 2**62)


def page_of(call: Call, rows: list[Any]) -> dict[str, Any]:
    """One page of a list that is at hand."""
    page, per_page, start = call.parameters["page"], call.parameters["per_page"], offset(call)
    return {
        "data": rows[start : start + per_page],
        "page": page,
        "per_page": per_page,
        "total_count": len(rows),
    }
