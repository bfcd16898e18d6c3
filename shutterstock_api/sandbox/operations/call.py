"""What handlers get and give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cached_property
from itertools import count
from typing import Any

from shutterstock_api.sandbox.account.gate import Credential
from shutterstock_api.sandbox.account.links import Links
from shutterstock_api.sandbox.account.oauth import OAuth
from shutterstock_api.sandbox.account.store import Store
from shutterstock_api.sandbox.catalogue.editorial.stock import EditorialImageStock, EditorialVideoStock
from shutterstock_api.sandbox.catalogue.images.stock import ImageStock
from shutterstock_api.sandbox.catalogue.sounds.stock import EffectStock, TrackStock
from shutterstock_api.sandbox.catalogue.stock import Shelf, Stock
from shutterstock_api.sandbox.catalogue.videos.stock import VideoStock
from shutterstock_api.sandbox.contract.contract import Contract
from shutterstock_api.sandbox.contract.media import Medium
from shutterstock_api.sandbox.contract.operation import Operation
from shutterstock_api.sandbox.http.quirks import Quirks


@dataclass(frozen=True)
class Service:
    """What handlers work with."""

    contract: Contract
    images: ImageStock
    videos: VideoStock
    tracks: TrackStock
    effects: EffectStock
    editorial_images: EditorialImageStock
    editorial_videos: EditorialVideoStock
    store: Store
    links: Links
    oauth: OAuth
    #: What time it is by the service's clock, which may be wrong, and in truth.
    clock: Callable[[], float]
    true_time: Callable[[], float]
    quirks: Callable[[], Quirks]
    base_url: str
    #: A number for each answer that is shuffled.
    shuffles: Iterator[int] = field(default_factory=count)

    def date(self) -> str:
        """What `Date` says."""
        return formatdate(self.clock() + self.quirks().date_ahead, usegmt=True)

    @property
    def shelves(self) -> Mapping[str, ImageStock | VideoStock | TrackStock | EffectStock]:
        """What can be looked up and searched alike, by the names of the media."""
        return {"images": self.images, "videos": self.videos, "audio": self.tracks, "sfx": self.effects}

    @property
    def file_host(self) -> str:
        """The address under another name, for files that are kept with another company."""
        return self.base_url.replace("//127.0.0.1:", "//localhost:")

    @property
    def stocks(self) -> Mapping[str, Stock]:
        """What can be licensed, by the names of the media."""
        return {
            **self.shelves,
            "editorial_images": self.editorial_images,
            "editorial_videos": self.editorial_videos,
        }


@dataclass(frozen=True)
class Call:
    """A request that the contract has found to be in order."""

    service: Service
    operation: Operation
    #: Parameters of path and query, defaults included.
    parameters: dict[str, Any]
    #: The names of the query parameters that the request itself gave.
    given: frozenset[str]
    body: Any = None
    #: Who asks; None where anybody may.
    credential: Credential | None = None

    @cached_property
    def medium(self) -> Medium:
        """The medium that the operation deals with."""
        return self.service.contract.medium_of(self.operation)

    @cached_property
    def stock(self) -> Stock:
        """All items of that medium."""
        return self.service.stocks[self.medium.name]

    @cached_property
    def shelf(self) -> Shelf:
        """The same, to look up and to search."""
        return self.service.shelves[self.medium.name]


@dataclass(frozen=True)
class Answer:
    """A status and, unless it is None, a JSON body."""

    status: int
    body: Any = None
    #: Whether the request asked for part of the fields only.
    partial: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    #: Whether the contract must allow it.
    checked: bool = True


Handler = Callable[[Call], Answer]


def offset(call: Call) -> int:
    """How many rows come before the page."""
    return int((call.parameters["page"] - 1) * call.parameters["per_page"])


def part_of(call: Call, rows: list[Any]) -> list[Any]:
    """The part of a whole list that is on the page."""
    start = offset(call)
    return rows[start : start + call.parameters["per_page"]]


def page_of(call: Call, rows: list[Any], total: int) -> Answer:
    """The page: its rows, and how many there are on all pages."""
    page, per_page = call.parameters["page"], call.parameters["per_page"]
    return Answer(200, {"data": rows, "page": page, "per_page": per_page, "total_count": total})
