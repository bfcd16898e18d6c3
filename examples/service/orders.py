"""Orders, in a file that all processes share: each is written down before its licence request leaves.

So the end of a process, at whatever moment, leaves no licence that nobody knows of.
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

from shutterstock_api import LicenseImageResultDataList, LicenseOutcomeUnknown
from shutterstock_api.licensing.outcome_unknown import Reconciliation
from shutterstock_api.types import LicenseImageRequestDict

MARKER = "order"
"""Key of `metadata` by which the licence history finds an order."""

Images = dict[str, dict[str, Any]]


class Order(NamedTuple):
    """What somebody wants to license, in one request."""

    user: str
    name: str
    image_ids: list[str]
    marker: str
    """A text that no other licence of the account carries."""
    sent_at: float
    """Seconds since 1970."""
    patience: float
    """Seconds after which nobody waits for the answer any more."""
    images: Images | None
    """What became of each image; `None` while that is not known."""

    def licence_request(self) -> LicenseImageRequestDict:
        metadata = {MARKER: self.marker}
        return {"images": [{"image_id": image_id, "metadata": metadata} for image_id in self.image_ids]}

    def doubt(self) -> LicenseOutcomeUnknown:
        """Return the error for a request without an answer, as well where its process is gone."""
        doubt = LicenseOutcomeUnknown()
        doubt.image_ids = self.image_ids
        doubt.metadata = [{MARKER: self.marker}] * len(self.image_ids)
        doubt.marker = MARKER
        doubt.sent_at = datetime.fromtimestamp(self.sent_at, UTC)
        doubt.doubtful_since = doubt.sent_at + timedelta(seconds=self.patience)
        return doubt

    def answered(self, results: LicenseImageResultDataList) -> Images:
        """Return what the answer says of the images."""
        licensed = {one.image_id or "": _licensed(one.license_id) for one in results.licensed}
        refused = {one.image_id or "": {"state": "refused", "error": one.error} for one in results.failed}
        return licensed | refused

    def reconciled(self, outcome: Reconciliation) -> Images:
        """Return what the licence history says of them; of some it may say nothing yet."""
        licensed = {image_id: _licensed(found[0].id) for image_id, found in outcome.licensed.items()}
        return licensed | {image_id: {"state": "not licensed"} for image_id in outcome.not_licensed}


def _licensed(license_id: str | None) -> dict[str, Any]:
    return {"state": "licensed", "license_id": license_id}


class Orders:
    """All orders.

    Args:
        path: The file.
        patience: Seconds that a licence request takes at most.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        with self._database() as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS orders (user TEXT, name TEXT, image_ids TEXT NOT NULL,"
                " marker TEXT NOT NULL, sent_at REAL NOT NULL, images TEXT, PRIMARY KEY (user, name))"
            )

    def begin(self, user: str, name: str, image_ids: list[str]) -> Order | None:
        """Write a new order down; return `None` where there is one of this name."""
        order = Order(user, name, image_ids, uuid4().hex, time.time(), self._patience, None)
        row = user, name, json.dumps(image_ids), order.marker, order.sent_at
        with self._database() as database:
            added = database.execute("INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?, NULL)", row)
        return order if added.rowcount else None

    def find(self, user: str, name: str) -> Order | None:
        with self._database() as database:
            row = database.execute(
                "SELECT image_ids, marker, sent_at, images FROM orders WHERE user = ? AND name = ?",
                (user, name),
            ).fetchone()
        if row is None:
            return None
        image_ids, marker, sent_at, images = row
        known = None if images is None else json.loads(images)
        return Order(user, name, json.loads(image_ids), marker, sent_at, self._patience, known)

    def settle(self, order: Order, images: Images) -> bool:
        """Write down what became of an order; tell whether nobody was faster."""
        with self._database() as database:
            changed = database.execute(
                "UPDATE orders SET images = ? WHERE user = ? AND name = ? AND images IS NULL",
                (json.dumps(images), order.user, order.name),
            )
        return bool(changed.rowcount)

    def drop(self, order: Order) -> None:
        """Forget an order that bought nothing, so that it can be put again."""
        with self._database() as database:
            database.execute("DELETE FROM orders WHERE user = ? AND name = ?", (order.user, order.name))

    def check(self) -> None:
        """Fail where the file cannot be read."""
        self.find("", "")

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each use: none is shared among threads, or copied by a fork."""
        with closing(sqlite3.connect(self._path, timeout=5)) as database, database:
            yield database
