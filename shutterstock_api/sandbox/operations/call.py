"""The arguments and results of handlers."""

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
    """The objects that handlers work with."""

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
    #: The time by the service's clock, which may be wrong, and the true time.
    clock: Callable[[], float]
    true_time: Callable[[], float]
    quirks: Callable[[], Quirks]
    base_url: str
    #: A number for each answer that is shuffled.
    shuffles: Iterator[int] = field(default_factory=count)

    def date(self) -> str:
        """The value of `Date`."""
        return formatdate(self.clock() + self.quirks().date_ahead, usegmt=True)

    @property
    def shelves(self) -> Mapping[str, ImageStock | VideoStock | TrackStock | EffectStock]:
        """The media that can be looked up and searched in the same way, by their names."""
        return {"images": self.images, "videos": self.videos, "audio": self.tracks, "sfx": self.effects}

    @property
    def file_host(self) -> str:
        """The address with another host name, for files that another company stores."""
        return self.base_url.replace("//127.0.0.1:", "//localhost:")

    @property
    def stocks(self) -> Mapping[str, Stock]:
        """The media that can be licensed, by their names."""
        return {
            **self.shelves,
            "editorial_images": self.editorial_images,
            "editorial_videos": self.editorial_videos,
        }


@dataclass(frozen=True)
class Call:
    """A request that is valid by the contract."""

    service: Service
    operation: Operation
    #: Parameters of path and query, defaults included.
    parameters: dict[str, Any]
    #: The names of the query parameters in the request.
    given: frozenset[str]
    body: Any = None
    #: The credentials; None if none are needed.
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
        """The same items, for look-ups and searches."""
        return self.service.shelves[self.medium.name]


@dataclass(frozen=True)
class Answer:
    """A status and, unless it is None, a JSON body."""

    status: int
    body: Any = None
    #: Whether the request asked for only some of the fields.
    partial: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    #: Whether the contract must allow it.
    checked: bool = True


Handler = Callable[[Call], Answer]


def offset(call: Call) -> int:
    """The number of rows before the page."""
    return int((call.parameters["page"] - 1) * call.parameters["per_page"])


def part_of(call: Call, rows: list[Any]) -> list[Any]:
    """The part of a list that is on the page."""
    start = offset(call)
    return rows[start : start + call.parameters["per_page"]]


def page_of(call: Call, rows: list[Any], total: int) -> Answer:
    """The page: its rows, and how many there are on all pages."""
    page, per_page = call.parameters["page"], call.parameters["per_page"]
    return Answer(200, {"data": rows, "page": page, "per_page": per_page, "total_count": total})
