"""What changes: collections, licences, allotments and uploads, in SQLite."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from threading import RLock
from typing import Any

#: The account that every credential of the sandbox stands for, and a member of its team.
USERNAME, TEAM_MATE = "photo.editor", "team.mate"
DEFAULT_SUBSCRIPTION = "s12345678"

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE subscription (
    id TEXT PRIMARY KEY, license TEXT NOT NULL, kind TEXT NOT NULL,
    allotment INTEGER NOT NULL CHECK (allotment >= 0)
);
CREATE TABLE license (
    number INTEGER PRIMARY KEY AUTOINCREMENT, image_id TEXT NOT NULL, subscription_id TEXT NOT NULL,
    license TEXT NOT NULL, username TEXT NOT NULL, time REAL NOT NULL, is_downloadable INTEGER NOT NULL,
    format TEXT NOT NULL, size TEXT NOT NULL, charge INTEGER NOT NULL,
    metadata TEXT, price REAL, search_id TEXT
);
CREATE INDEX license_image ON license (image_id);
CREATE INDEX license_time ON license (time);
CREATE TABLE collection (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL, items_updated REAL NOT NULL
);
CREATE TABLE item (
    number INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, image_id TEXT NOT NULL,
    added REAL NOT NULL,
    UNIQUE (collection, image_id)
);
CREATE TABLE upload (id TEXT PRIMARY KEY, subject TEXT NOT NULL, colour TEXT NOT NULL);
"""

_TABLES = ("meta", "subscription", "license", "collection", "item", "upload", "sqlite_sequence")

#: id, license, kind, allotment. The kinds: `credits`, `revshare` (a reseller), `expired`.
SUBSCRIPTIONS = (
    ("s12163856", "standard", "credits", 10_000),
    ("s23456789", "enhanced", "credits", 100),
    ("s34567890", "standard", "credits", 0),
    ("s45678901", "standard", "expired", 100),
    ("s56789012", "standard", "revshare", 0),
)

_LONG_AGO = datetime(2021, 5, 17, 9, 30, tzinfo=timezone.utc).timestamp()
_SEEDED_COLLECTIONS = (
    (126351027, "own", USERNAME, "Summer campaign", range(1001, 1026)),
    (126351028, "own", USERNAME, "Empty collection", ()),
    (126351029, "own", "somebody.else", "Shared with you", range(2001, 2006)),
    (136351027, "photo", "shutterstock", "Wild and free", range(3001, 3041)),
    (136351028, "vector", "shutterstock", "Shapes of tomorrow", range(4001, 4013)),
    (136351029, "editorial", "shutterstock", "The year in pictures", range(5001, 5021)),
)
_SEEDED_LICENSES = (
    (1188641347, "465011609", USERNAME),
    (1188641340, "1110335168", TEAM_MATE),
)


@dataclass(frozen=True)
class Purchase:
    """What to write down about one image that is about to be licensed."""

    image_id: str
    subscription_id: str
    size: str
    format: str
    metadata: dict[str, Any] | None
    price: float | None
    search_id: str | None


@dataclass(frozen=True)
class Sale:
    """A licence that was granted, or why it was not."""

    license_id: str | None = None
    charge: int = 0
    price: float | None = None
    error: str | None = None


class Store:
    """One SQLite database behind one lock: in memory, or in a file that outlives the sandbox."""

    def __init__(self, database: str | None, allotment: int) -> None:
        self._allotment = allotment
        self._lock = RLock()
        self._connection = sqlite3.connect(
            database or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        try:
            self._open(database)
        except BaseException:
            self._connection.close()
            raise
        self.signing_key: str = self._rows("SELECT value FROM meta WHERE name = 'signing_key'")[0]["value"]

    def _open(self, database: str | None) -> None:
        if database is not None:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            self._connection.executescript(_SCHEMA)
            with self._transaction():
                self._fill(secrets.token_hex(16))

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def reset(self) -> None:
        """Put everything back as it was at the very start; links and tokens stay good."""
        with self._transaction():
            for table in _TABLES:
                self._connection.execute(f"DELETE FROM {table}")  # nosec B608 # names of our own
            self._fill(self.signing_key)

    def _fill(self, signing_key: str) -> None:
        run = self._connection.execute
        run("INSERT INTO meta VALUES ('signing_key', ?)", (signing_key,))
        subscriptions = ((DEFAULT_SUBSCRIPTION, "standard", "credits", self._allotment), *SUBSCRIPTIONS)
        self._connection.executemany("INSERT INTO subscription VALUES (?, ?, ?, ?)", subscriptions)
        for number, kind, owner, name, images in _SEEDED_COLLECTIONS:
            times = (_LONG_AGO, _LONG_AGO, _LONG_AGO)
            run("INSERT INTO collection VALUES (?, ?, ?, ?, ?, ?, ?)", (number, kind, owner, name, *times))
            for step, image in enumerate(images):
                self._add_item(number, str(image), _LONG_AGO + 60 * step)
        for number, image_id, username in _SEEDED_LICENSES:
            values = (
                number,
                image_id,
                DEFAULT_SUBSCRIPTION,
                "standard",
                username,
                _LONG_AGO,
                1,
                "jpg",
                "huge",
                1,
            )
            run("INSERT INTO license VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)", values)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    # Licences

    def subscription(self, subscription_id: str) -> dict[str, Any] | None:
        """A subscription with what is left of its allotment."""
        rows = self._rows("SELECT * FROM subscription WHERE id = ?", (subscription_id,))
        return dict(rows[0]) if rows else None

    def license(self, purchases: Iterable[Purchase | str], now: float) -> list[Sale]:
        """Grant licences in one transaction, as far as allotments go; a text is an error to pass on."""
        with self._transaction():
            return [
                Sale(error=purchase) if isinstance(purchase, str) else self._sell(purchase, now)
                for purchase in purchases
            ]

    def _sell(self, purchase: Purchase, now: float) -> Sale:
        subscription = self.subscription(purchase.subscription_id)
        if subscription is None:
            return Sale(error=f"Subscription {purchase.subscription_id} is unknown")
        if subscription["kind"] == "expired":
            return Sale(error="Subscription is expired")
        revshare = subscription["kind"] == "revshare"
        if revshare and (purchase.price is None or "customer_id" not in (purchase.metadata or {})):
            return Sale(error="This subscription needs a price and the metadata customer_id")
        charge = 0 if revshare else 1
        if subscription["allotment"] < charge:
            return Sale(error="Insufficient allotment")
        run = self._connection.execute
        run(
            "UPDATE subscription SET allotment = allotment - ? WHERE id = ?",
            (charge, purchase.subscription_id),
        )
        cursor = run(
            "INSERT INTO license (image_id, subscription_id, license, username, time, is_downloadable, "
            "format, size, charge, metadata, price, search_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                purchase.image_id,
                purchase.subscription_id,
                subscription["license"],
                USERNAME,
                now,
                not revshare,
                purchase.format,
                purchase.size,
                charge,
                None if purchase.metadata is None else json.dumps(purchase.metadata),
                purchase.price if revshare else None,
                purchase.search_id,
            ),
        )
        return Sale(f"i{cursor.lastrowid}", charge, purchase.price if revshare else None)

    def licenses(self, where: str = "1", values: Sequence[Any] = (), tail: str = "") -> list[dict[str, Any]]:
        """The licences that satisfy a condition, as they were granted unless `tail` orders them."""
        order = tail or "ORDER BY number"
        rows = self._rows(f"SELECT * FROM license WHERE {where} {order}", values)  # nosec B608 # our own words
        return [
            {
                **dict(row),
                "id": f"i{row['number']}",
                "metadata": None if row["metadata"] is None else json.loads(row["metadata"]),
                "is_downloadable": bool(row["is_downloadable"]),
            }
            for row in rows
        ]

    def count_licenses(self, where: str, values: Sequence[Any]) -> int:
        """How many licences satisfy a condition."""
        rows = self._rows(f"SELECT count(*) FROM license WHERE {where}", values)  # nosec B608 # our own words
        return int(rows[0][0])

    # Collections

    def collections(self, kinds: Iterable[str], owner: str) -> list[dict[str, Any]]:
        """All collections of these kinds that belong to `owner`."""
        wanted = set(kinds)
        rows = self._rows(f"{_COLLECTION} WHERE owner = ? ORDER BY number", (owner,))
        return [dict(row) for row in rows if row["kind"] in wanted]

    def collection(self, collection_id: str) -> dict[str, Any] | None:
        """A collection by its id."""
        if not (collection_id.isascii() and collection_id.isdigit() and len(collection_id) < 18):
            return None
        rows = self._rows(f"{_COLLECTION} WHERE number = ?", (int(collection_id),))
        return dict(rows[0]) if rows else None

    def create_collection(self, name: str, now: float) -> str:
        """Make a new collection and return its id."""
        with self._lock:
            cursor = self._connection.execute(
                "INSERT INTO collection (kind, owner, name, created, updated, items_updated) "
                "VALUES ('own', ?, ?, ?, ?, ?)",
                (USERNAME, name, now, now, now),
            )
            return str(cursor.lastrowid)

    def rename_collection(self, number: int, name: str, now: float) -> None:
        """Give a collection another name."""
        self._rows("UPDATE collection SET name = ?, updated = ? WHERE number = ?", (name, now, number))

    def delete_collection(self, number: int) -> None:
        """Delete a collection with its items."""
        with self._transaction():
            self._connection.execute("DELETE FROM item WHERE collection = ?", (number,))
            self._connection.execute("DELETE FROM collection WHERE number = ?", (number,))

    def items(
        self, number: int, *, newest: bool = False, limit: int = -1, offset: int = 0
    ) -> list[dict[str, Any]]:
        """The images in a collection, in the order they were added."""
        order = "DESC" if newest else "ASC"
        sql = "SELECT image_id, added FROM item WHERE collection = ? ORDER BY number"
        return [dict(row) for row in self._rows(f"{sql} {order} LIMIT ? OFFSET ?", (number, limit, offset))]

    def add_items(self, number: int, image_ids: Iterable[str], now: float) -> None:
        """Put images into a collection; those that are in it already stay where they are."""
        with self._transaction():
            for image_id in image_ids:
                self._add_item(number, image_id, now)
            self._touch(number, now)

    def delete_items(self, number: int, image_ids: Iterable[str], now: float) -> None:
        """Take images out of a collection."""
        with self._transaction():
            pairs = [(number, image_id) for image_id in image_ids]
            self._connection.executemany("DELETE FROM item WHERE collection = ? AND image_id = ?", pairs)
            self._touch(number, now)

    def _add_item(self, number: int, image_id: str, now: float) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO item (collection, image_id, added) VALUES (?, ?, ?)",
            (number, image_id, now),
        )

    def _touch(self, number: int, now: float) -> None:
        self._connection.execute("UPDATE collection SET items_updated = ? WHERE number = ?", (now, number))

    # Uploads

    def add_upload(self, upload_id: str, subject: str, colour: str) -> None:
        """Remember what an uploaded picture looks like."""
        self._rows("INSERT OR REPLACE INTO upload VALUES (?, ?, ?)", (upload_id, subject, colour))

    def upload(self, upload_id: str) -> tuple[str, str] | None:
        """Subject and colour of an uploaded picture."""
        rows = self._rows("SELECT subject, colour FROM upload WHERE id = ?", (upload_id,))
        return (rows[0]["subject"], rows[0]["colour"]) if rows else None


_COLLECTION = """
SELECT *, (SELECT count(*) FROM item WHERE collection = collection.number) AS total,
(SELECT image_id FROM item WHERE collection = collection.number ORDER BY number LIMIT 1) AS cover
FROM collection
"""
