"""A service that keeps its own books of what was bought, in a world where nothing else can be relied on.

Time is simulated, no byte goes over a wire, and a seed decides what happens.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import traceback
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
MORE_FAULTS = ("shuffle", "unread", "start", "refusals", "odd", "dear")
"""
shuffle: the history has another order in each answer. unread: now and then it cannot be read. start: it
takes no `start_date`. refusals: items and whole requests are refused. odd: answers about purchases are
garbage, empty or incomplete. dear: charges differ, and are not always told.
"""
JUMPS = (-1e6, -86400.0, -3600.0, -90.0, -3.0, 3.0, 90.0, 3600.0, 86400.0, 1e6)
LONGEST_LAG = 560.0
"""Seconds from a request until the history shows its licence, at most."""
LONGEST_WORK = 60.0
DEAREST = 3
"""Credits that a licence takes at most."""
REFUSALS = ("Not found", "Your allotment is used up")
"""Seconds from a request to its licence, at most."""


class Killed(BaseException):
    """The process ends here: nobody catches this."""


FASTER = {
    "PRAGMA synchronous = FULL": "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = WAL": "PRAGMA journal_mode = MEMORY",
    "PRAGMA quick_check(1)": "SELECT 'ok'",
}
"""What a process that is killed in this way does not need."""


def bury(killed: BaseException | None) -> None:
    """Close what a killed process had open, as the system does: its frames hold cursors, and so locks."""
    while killed:
        traceback.clear_frames(killed.__traceback__)
        killed = killed.__context__


class MortalConnection(sqlite3.Connection):
    """A connection to a ledger of a process that may be killed before and after each statement."""

    world: World

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self.world.moment()
        found = super().execute(FASTER.get(sql, sql), *values)
        self.world.moment()
        return found


class Licence(NamedTuple):
    """What was bought."""

    id: str
    item: str
    at: float
    shown: float
    metadata: Any
    ours: bool
    charge: int = 1


class World:
    """The service, and the machine that the client runs on."""

    def __init__(
        self, seed: int | str, faults: Collection[str], kills: float = 0.0, medium: Medium = IMAGES
    ) -> None:
        self.dice = Random(seed)
        self.medium = medium
        self.faults = set(faults)
        self.kills = kills
        """How often the process is killed: the share of the moments at which it may be."""
        self.life = math.inf
        """At how many of them more the process is still there."""
        self.now = 1_800_000_000.0
        self.wall = 0.0
        self.date = self.dice.choice(JUMPS) if "ahead" in self.faults else 0.0
        self.books: list[Licence] = []
        self.work: list[tuple[float, float, Any]] = []
        """Requests that are still being served: when they will be, when they came, what they ask for."""
        self._stored: dict[str, tuple[float, HttpAnswer]] = {}
        self.acts: Sequence[str] = ["good"] * 4 + ["lost", "late", "nothing", "500", "500 done", "partly"]
        """What it does with a licence request."""
        self.total = self.dice.choice([None, None, *range(7)])
        """In which way it tells a wrong number of entries; `None`: in another way in each answer."""
        self.longest_lag = LONGEST_LAG
        self.tells_age = self.dice.random() < 0.5
        self.obeys = False
        """Whether the store obeys `Cache-Control`."""
        self.knows_query = False
        """Whether the store tells addresses apart by the whole query."""
        self.others_mark = False
        """Whether other programs mark their requests, too."""
        self.size = self.dice.choice([1, 2, 3]) if "short" in self.faults else 200
        """Entries of the history on a page, at most."""

    # The machine.

    def client(self, **settings: Any) -> ApiClient:
        """Return a client in a new process."""
        start = self.dice.random() * 1e6
        self.life = self.dice.expovariate(self.kills) if self.kills else math.inf
        client = ApiClient(Configuration("http://127.0.0.1:9", access_token="v2/token", **settings))  # nosec
        client.timing = Timing(
            self.sleep,
            lambda: self.moment() + start,
            lambda: self.moment() + self.wall,
            lambda: self.dice.random(),
        )
        client.rest.send = self.send  # type: ignore[method-assign]
        return client

    def moment(self, dangerous: int = 1) -> float:
        """Return the true time; at this moment the process may be killed, or the clock be set."""
        if "wall" in self.faults and self.dice.random() < 0.01:
            self.wall = self.dice.choice((0.0, *JUMPS))
        self.life -= dangerous
        if self.life < 0:  # also in what runs on the way out
            raise Killed
        return self.now

    def connected(self, path: str, patience: float) -> tuple[sqlite3.Connection, bool]:
        """Open a ledger, or its lock, for a process that may be killed between two statements."""
        made = not os.path.exists(path)
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None, factory=MortalConnection)
        connection.world = self
        return connection, made

    def sleep(self, seconds: float) -> None:
        self.moment()
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        for name in ("wall", "date"):
            if name in self.faults and self.dice.random() < 0.15:
                setattr(self, name, self.dice.choice((0.0, *JUMPS)))
        done = [one for one in self.work if one[0] <= self.now]
        self.work = [one for one in self.work if one[0] > self.now]
        for at, asked, entries in done:
            self.sell(entries, at, asked)

    def calm(self) -> None:
        """End all that may end, so that only the truth is left to be found."""
        self.faults &= {"ahead", "short", "hidden", "ids", "start"}
        self.wall = 0.0
        self.date = self.date if "ahead" in self.faults else 0.0
        self.kills, self.life = 0.0, math.inf
        self._stored.clear()
        self.pass_by(7200.0)

    # The service.

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request, or break off."""
        self.moment(5)
        self.pass_by(self.dice.random() * 2)
        try:
            answer = self.post(request) if request.method == "POST" else self.get(request)
        finally:
            self.pass_by(self.dice.random() * 2)
        self.moment(20)
        return answer

    def post(self, request: HttpRequest) -> HttpAnswer:
        entries = json.loads(request.body or b"")[self.medium.items]
        if "others" in self.faults and self.dice.random() < 0.3:
            self.others_license([entry[self.medium.item_id] for entry in entries])
        if "refusals" in self.faults and self.dice.random() < 0.25:
            return self.refusal()
        act = self.dice.choice(self.acts)
        if act in ("nothing", "500"):
            return self.broken() if act == "nothing" else self.answer(500, {"message": "No"})
        if act == "late":
            self.work.append((self.now + self.dice.random() * LONGEST_WORK, self.now, entries))
            return self.broken()
        refused = [one for one in entries if "refusals" in self.faults and self.dice.random() < 0.15]
        sold = self.sell([one for one in entries if one not in refused], self.now, self.now)
        if act == "lost":
            return self.broken()
        if act == "500 done":
            return self.answer(self.dice.choice([500, 502, 503, 504, 408, 303, 520]), {"message": "No"})
        item_id = self.medium.item_id
        told: list[Any] = [{item_id: self.spell(one.item), **self.receipt(one)} for one in sold]
        told += [{item_id: self.spell(one[item_id]), "error": self.dice.choice(REFUSALS)} for one in refused]
        if "odd" in self.faults and self.dice.random() < 0.3:
            return self.odd(told)
        return self.answer(200, {"data": told[:-1] if act == "partly" else told})

    def refusal(self) -> HttpAnswer:
        """Refuse a whole request."""
        status = self.dice.choice([400, 400, 401, 402, 403, 404, 409, 413, 422, 429, 429])
        named = [{"path": f"{self.medium.items}[0]", "message": self.dice.choice(REFUSALS)}]
        answer = self.answer(status, {"message": "No", "errors": self.dice.choice([named, []])})
        if status == 429:
            answer.headers["Retry-After"] = self.dice.choice(["1", "30", "5000"])
        return answer

    def odd(self, told: list[Any]) -> HttpAnswer:
        """Tell what was sold in a way that nobody expects."""
        without_ids = [{name: one[name] for name in one if name != self.medium.item_id} for one in told]
        bodies = [
            {"data": []},
            {"data": without_ids},
            {"data": told[::-1]},
            {"data": told + told},
            {"data": told[1:], "errors": [{"message": "one is missing"}]},
            {"data": None, "errors": [{"message": "No"}]},
            {"message": "OK"},
            "<html>",
            None,
        ]
        return self.answer(200, self.dice.choice(bodies))

    def others_license(self, items: Collection[str]) -> None:
        """Let another program license items, by the same key of its markers."""
        metadata = {"license_job": "another", "request": "another"} if self.others_mark else None
        entries = [{self.medium.item_id: item, "metadata": metadata} for item in items]
        self.sell(entries, self.now, self.now, ours=False)

    def receipt(self, sold: Licence) -> dict[str, Any]:
        """Return what an answer tells of a licence."""
        charge = {"allotment_charge": sold.charge} if "dear" in self.faults else {}
        if charge and self.dice.random() < 0.3:
            charge = self.dice.choice([{}, {"allotment_charge": str(sold.charge)}])
        if self.medium.has_license_id:
            return {"license_id": sold.id, **charge}
        return {"download": {"url": f"https://files.example/{sold.id}"}, **charge}

    def sell(self, entries: Any, at: float, asked: float, ours: bool = True) -> list[Licence]:
        sold = []
        for entry in entries:
            share = self.dice.choice([self.dice.random(), 1.0]) if "lag" in self.faults else 0.0
            charge = self.dice.randint(1, DEAREST) if "dear" in self.faults else 1
            item, metadata = entry[self.medium.item_id], entry.get("metadata")
            licence = Licence(
                f"L{len(self.books)}",
                item,
                at,
                max(at, asked + share * self.longest_lag),
                metadata,
                ours,
                charge,
            )
            self.books.append(licence)
            sold.append(licence)
        return sold

    def get(self, request: HttpRequest) -> HttpAnswer:
        """Return a page of the history, perhaps out of a store."""
        query = dict(parse_qsl(urlsplit(request.target).query))
        place = f"{query.get(self.medium.history_filter)} {query['page']}"  # however its address differs
        place = request.target if self.knows_query else place
        until, stored = self._stored.get(place, (0.0, None))
        if stored and self.now < until and not self.obeys:
            age = {"Age": "17"} if self.tells_age else {}
            return stored._replace(headers=HTTPHeaderDict({**stored.headers, **age}))
        if "others" in self.faults and self.books and self.dice.random() < 0.05:
            self.others_license([self.dice.choice(self.books).item])
        if "start" in self.faults and "start_date" in query:
            return self.answer(400, {"message": "start_date: too long ago"})
        if "unread" in self.faults and self.dice.random() < 0.2:
            answer = self.unreadable()
        else:
            answer = self.page(query)
        if "cache" in self.faults:
            self._stored[place] = self.now + self.dice.choice([30.0, 700.0, 3600.0]), answer
        return answer

    def unreadable(self) -> HttpAnswer:
        """Answer a look at the history so that it tells nothing."""
        bodies = ["<html>", {"data": None}, {"data": [], "errors": [{"message": "No"}]}, {"message": "No"}]
        status = self.dice.choice([0, 200, 200, 403, 500, 503])
        return self.answer(status, self.dice.choice(bodies)) if status else self.broken()

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
        if "shuffle" in self.faults:
            self.dice.shuffle(shown)
        size, number = min(int(query["per_page"]), self.size), int(query["page"])
        first = (number - 1) * size
        if "repeat" in self.faults and number > 1 and self.dice.random() < 0.5:
            first = max(0, first - 1)
        total: Any = len(shown)
        if "total" in self.faults:
            total = self._totals(total, len(shown[first : first + size]))
        return self.answer(200, {"data": shown[first : first + size], "total_count": total})

    def _totals(self, total: int, here: int) -> Any:
        """Return what is told of a number of entries, of which some are on this page."""
        told = [None, str(total), float(total), 0, here, "many", 2 * total + 1, total]
        return self.dice.choice(told) if self.total is None else told[self.total]

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
            entry for *_, entries in self.work for entry in entries if entry[self.medium.item_id] == item
        ]
        return sold + ["coming"] * len(coming)
