"""Orders, in a file that all processes share. Each one is recorded before its licence request is sent.

So no licence goes unnoticed, whenever a process ends.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from shutterstock_api import (
    LicenseImageResultDataList,
    LicenseOutcomeUnknown,
    LicenseVideoResultDataList,
)
from shutterstock_api.licensing.outcome_unknown import Reconciliation

MARKER = "order"
"""The key of `metadata` by which an order is found in the licence history."""

Items = dict[str, dict[str, Any]]


class Kind(NamedTuple):
    """What licence requests for a medium look like."""

    items: str
    item_id: str
    needs_size: bool


KINDS = {
    "image": Kind("images", "image_id", False),
    "video": Kind("videos", "video_id", True),  # without a size it would be the smallest, at the same price
}
"""What can be ordered, by the library's names of the media."""


class Wish(NamedTuple):
    """What somebody wants to license, in one request."""

    medium: str
    item_ids: list[str]
    size: str | None

    @property
    def kind(self) -> Kind:
        return KINDS[self.medium]


class Order(NamedTuple):
    """A wish that has been recorded."""

    user: str
    name: str
    wish: Wish
    marker: str
    """A text that no other licence of the account has."""
    sent_at: float
    """Seconds since 1970."""
    patience: float
    """Seconds after which nobody waits for the answer any more."""
    items: Items | None
    """What became of each item; `None` while that is not known."""

    def licence_request(self) -> dict[str, Any]:
        kind, size = self.wish.kind, self.wish.size
        entry = {"metadata": {MARKER: self.marker}, **({"size": size} if size else {})}
        return {kind.items: [{kind.item_id: item_id, **entry} for item_id in self.wish.item_ids]}

    def doubt(self) -> LicenseOutcomeUnknown:
        """Return the error of a request without an answer, even if the process that sent it has ended."""
        doubt = LicenseOutcomeUnknown()
        doubt.medium = self.wish.medium
        doubt.image_ids = self.wish.item_ids  # the name is the same for all media
        doubt.metadata = [{MARKER: self.marker}] * len(self.wish.item_ids)
        doubt.marker = MARKER
        doubt.sent_at = datetime.fromtimestamp(self.sent_at, UTC)
        doubt.doubtful_since = doubt.sent_at + timedelta(seconds=self.patience)
        return doubt

    def answered(self, results: LicenseImageResultDataList | LicenseVideoResultDataList) -> Items:
        """Return what the answer says about each item."""
        name = self.wish.kind.item_id
        licensed = {getattr(one, name): _licensed(one.license_id) for one in results.licensed}
        refused = {getattr(one, name): {"state": "refused", "error": one.error} for one in results.failed}
        return licensed | refused

    def reconciled(self, outcome: Reconciliation) -> Items:
        """Return what the licence history says about each item; some may be missing for now."""
        licensed = {item_id: _licensed(found[0].id) for item_id, found in outcome.licensed.items()}
        return licensed | {item_id: {"state": "not licensed"} for item_id in outcome.not_licensed}


def _licensed(license_id: str | None) -> dict[str, Any]:
    return {"state": "licensed", "license_id": license_id}


class Orders:
    """All orders.

    Args:
        path: The file.
        patience: The longest time that a licence request takes, in seconds.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        with self._database() as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS orders (user TEXT, name TEXT, wish TEXT NOT NULL,"
                " marker TEXT NOT NULL, sent_at REAL NOT NULL, items TEXT, PRIMARY KEY (user, name))"
            )

    def begin(self, user: str, name: str, wish: Wish) -> Order | None:
        """Record a new order; return `None` if there is one with this name."""
        order = Order(user, name, wish, uuid4().hex, time.time(), self._patience, None)
        row = user, name, json.dumps(wish), order.marker, order.sent_at
        with self._database() as database:
            added = database.execute("INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?, NULL)", row)
        return order if added.rowcount else None

    def find(self, user: str, name: str) -> Order | None:
        with self._database() as database:
            row = database.execute(
                "SELECT wish, marker, sent_at, items FROM orders WHERE user = ? AND name = ?",
                (user, name),
            ).fetchone()
        if row is None:
            return None
        wish, marker, sent_at, items = row
        known = None if items is None else json.loads(items)
        return Order(user, name, Wish(*json.loads(wish)), marker, sent_at, self._patience, known)

    def settle(self, order: Order, items: Items) -> bool:
        """Record what became of an order; return `False` if another request has already done so."""
        with self._database() as database:
            changed = database.execute(
                "UPDATE orders SET items = ? WHERE user = ? AND name = ? AND items IS NULL",
                (json.dumps(items), order.user, order.name),
            )
        return bool(changed.rowcount)

    def drop(self, order: Order) -> None:
        """Forget an order that bought nothing, so that it can be put again."""
        with self._database() as database:
            database.execute("DELETE FROM orders WHERE user = ? AND name = ?", (order.user, order.name))

    def check(self) -> None:
        """Raise an error if the file cannot be read."""
        self.find("", "")

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """Open a new connection for each use, so that none is shared among threads or copied by a fork."""
        with closing(sqlite3.connect(self._path, timeout=5)) as database, database:
            yield database
