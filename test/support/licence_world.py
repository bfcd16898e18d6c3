"""A service that keeps its own books of what was bought, in a world where nothing else can be relied on.

Time is simulated, no byte goes over a wire, and a seed decides what happens.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from email.utils import formatdate
from random import Random
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from urllib3 import HTTPHeaderDict

from shutterstock_api import ApiClient, ApiConnectionError, Configuration
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.schema.medium import Medium
from shutterstock_api.support.timing import Timing
from shutterstock_api.transport.service import HttpAnswer, HttpRequest

FAULTS = ("wall", "date", "ahead", "lag", "short", "repeat", "total", "cache", "hidden", "ids", "others")
"""
wall: the clock of this machine is set, at any moment; date: so is the clock behind `Date`; ahead: that one is
wrong for good. lag: the history shows a licence late. short, repeat, total: its pages are shorter than asked
for, repeat entries, and tell a wrong number. cache: a store on the way answers. hidden: no metadata is shown.
ids: they are written in other ways. others: other programs license the same items.
"""
JUMPS = (-1e6, -86400.0, -3600.0, -90.0, -3.0, 3.0, 90.0, 3600.0, 86400.0, 1e6)
LONGEST_LAG = 500.0
LONGEST_WORK = 60.0
"""Seconds from a request to its licence, at most."""


class Killed(BaseException):
    """The process ends here: nobody catches this."""


class Licence(NamedTuple):
    """What was bought."""

    id: str
    item: str
    at: float
    shown: float
    metadata: Any
    ours: bool


class World:
    """The service, and the machine that the client runs on."""

    def __init__(
        self, seed: int, faults: Collection[str], kills: float = 0.0, medium: Medium = IMAGES
    ) -> None:
        self.dice = Random(seed)
        self.medium = medium
        self.faults = set(faults)
        self.kills = kills
        self.now = 1_800_000_000.0
        self.wall = 0.0
        self.date = self.dice.choice(JUMPS) if "ahead" in self.faults else 0.0
        self.books: list[Licence] = []
        self.work: list[tuple[float, Any]] = []
        """Requests that are still being served, and when they will be."""
        self._stored: dict[str, tuple[float, HttpAnswer]] = {}
        self.acts: Sequence[str] = ["good"] * 4 + ["lost", "late", "nothing", "500", "500 done", "partly"]
        """What it does with a licence request."""
        self._tells_age = self.dice.random() < 0.5
        self._size = self.dice.choice([1, 2, 3]) if "short" in self.faults else 200

    # The machine.

    def client(self, **settings: Any) -> ApiClient:
        """Return a client in a new process."""
        start = self.dice.random() * 1e6
        client = ApiClient(Configuration("http://127.0.0.1:9", access_token="v2/token", **settings))  # nosec
        client.timing = Timing(
            self.sleep, lambda: self.now + start, lambda: self.now + self.wall, lambda: 1.0
        )
        client.rest.send = self.send  # type: ignore[method-assign]
        return client

    def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        for name in ("wall", "date"):
            if name in self.faults and self.dice.random() < 0.15:
                setattr(self, name, self.dice.choice((0.0, *JUMPS)))
        done = [(at, entries) for at, entries in self.work if at <= self.now]
        self.work = [one for one in self.work if one[0] > self.now]
        for at, entries in done:
            self.sell(entries, at)

    def calm(self) -> None:
        """End all that may end, so that only the truth is left to be found."""
        self.faults -= {"wall", "date", "lag", "repeat", "total", "cache", "others"}
        self.wall = 0.0
        self.date = self.date if "ahead" in self.faults else 0.0
        self.kills = 0.0
        self._stored.clear()
        self.pass_by(7200.0)

    # The service.

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request, or break off."""
        self.pass_by(self.dice.random() * 2)
        killed = self.dice.random() < self.kills
        if killed and self.dice.random() < 0.5:
            raise Killed
        try:
            answer = self.post(request) if request.method == "POST" else self.get(request)
        finally:
            self.pass_by(self.dice.random() * 2)
            if killed:
                raise Killed
        return answer

    def post(self, request: HttpRequest) -> HttpAnswer:
        entries = json.loads(request.body or b"")[self.medium.items]
        item_id = self.medium.item_id
        if "others" in self.faults and self.dice.random() < 0.3:
            self.sell([{item_id: entry[item_id]} for entry in entries], self.now, ours=False)
        act = self.dice.choice(self.acts)
        if act in ("nothing", "500"):
            return self.broken() if act == "nothing" else self.answer(500, {"message": "No"})
        if act == "late":
            self.work.append((self.now + self.dice.random() * LONGEST_WORK, entries))
            return self.broken()
        sold = self.sell(entries, self.now)
        if act == "lost":
            return self.broken()
        if act == "500 done":
            return self.answer(500, {"message": "No"})
        told = [{item_id: self.spell(one.item), **self.receipt(one)} for one in sold]
        return self.answer(200, {"data": told[:-1] if act == "partly" else told})

    def receipt(self, sold: Licence) -> dict[str, Any]:
        """Return what an answer tells of a licence."""
        if self.medium.has_license_id:
            return {"license_id": sold.id}
        return {"download": {"url": f"https://files.example/{sold.id}"}}

    def sell(self, entries: Any, at: float, ours: bool = True) -> list[Licence]:
        sold = []
        for entry in entries:
            lag = self.dice.random() * LONGEST_LAG if "lag" in self.faults else 0.0
            licence = Licence(
                f"L{len(self.books)}", entry[self.medium.item_id], at, at + lag, entry.get("metadata"), ours
            )
            self.books.append(licence)
            sold.append(licence)
        return sold

    def get(self, request: HttpRequest) -> HttpAnswer:
        """Return a page of the history, perhaps out of a store."""
        query = dict(parse_qsl(urlsplit(request.target).query))
        place = f"{query.get(self.medium.history_filter)} {query['page']}"  # however its address differs
        until, stored = self._stored.get(place, (0.0, None))
        if stored and self.now < until:
            age = {"Age": "17"} if self._tells_age else {}
            return stored._replace(headers=HTTPHeaderDict({**stored.headers, **age}))
        answer = self.page(query)
        if "cache" in self.faults:
            self._stored[place] = self.now + self.dice.choice([30.0, 700.0, 3600.0]), answer
        return answer

    def page(self, query: dict[str, str]) -> HttpAnswer:
        shown = [
            {
                "id": one.id,
                self.medium.history_item: {"id": self.spell(one.item)},
                "download_time": datetime.fromtimestamp(one.at, UTC).isoformat(),
                "is_downloadable": True,
                "metadata": one.metadata if self.medium.marker and "hidden" not in self.faults else None,
            }
            for one in reversed(self.books)
            if query.get(self.medium.history_filter) in (None, one.item) and one.shown <= self.now
        ]
        size, number = min(int(query["per_page"]), self._size), int(query["page"])
        first = (number - 1) * size
        if "repeat" in self.faults and number > 1 and self.dice.random() < 0.5:
            first = max(0, first - 1)
        total: Any = len(shown)
        if "total" in self.faults:
            total = self.dice.choice([None, str(total), float(total), 0, min(total, size), "many", total])
        return self.answer(200, {"data": shown[first : first + size], "total_count": total})

    def spell(self, item: str) -> Any:
        return self.dice.choice([item, int(item), f"0{item}", f" {item}\n"]) if "ids" in self.faults else item

    def answer(self, status: int, body: Any) -> HttpAnswer:
        headers = HTTPHeaderDict({"Date": formatdate(self.now + self.date, usegmt=True)})
        return HttpAnswer(status, "Reason", headers, json.dumps(body).encode(), True, None)

    def broken(self) -> HttpAnswer:
        self.pass_by(self.dice.random() * 90)
        error = ApiConnectionError(reason="there was no answer")
        error.sent = True
        raise error

    # The books.

    def bought(self, item: str) -> list[str]:
        """Return the licences that were bought of an item by our requests, or will be."""
        sold = [one.id for one in self.books if one.ours and one.item == item]
        coming = [
            entry for _, entries in self.work for entry in entries if entry[self.medium.item_id] == item
        ]
        return sold + ["coming"] * len(coming)
