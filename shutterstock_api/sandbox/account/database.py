"""The database: its tables, and their contents at the start."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from .subscriptions import DEFAULT_SUBSCRIPTION, rows

#: The account that every credential of the sandbox stands for, and a member of its team.
USERNAME, TEAM_MATE = "photo.editor", "team.mate"
#: Another user, who shares collections with the account.
OTHER = "somebody.else"
#: The owner of the featured collections.
PUBLISHER = "shutterstock"

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE subscription (
    id TEXT PRIMARY KEY, license TEXT NOT NULL, kind TEXT NOT NULL,
    allotment INTEGER NOT NULL CHECK (allotment >= 0)
);
CREATE TABLE license (
    number INTEGER PRIMARY KEY AUTOINCREMENT, medium TEXT NOT NULL, item_id TEXT NOT NULL,
    subscription_id TEXT NOT NULL, license TEXT NOT NULL, username TEXT NOT NULL, time REAL NOT NULL,
    is_downloadable INTEGER NOT NULL, format TEXT NOT NULL, size TEXT NOT NULL, charge INTEGER NOT NULL,
    metadata TEXT, price REAL, search_id TEXT, granted REAL NOT NULL
);
CREATE INDEX license_item ON license (item_id);
CREATE INDEX license_time ON license (time);
CREATE TABLE collection (
    number INTEGER PRIMARY KEY AUTOINCREMENT, medium TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL,
    name TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, items_updated REAL NOT NULL
);
CREATE TABLE item (
    number INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, item_id TEXT NOT NULL,
    added REAL NOT NULL,
    UNIQUE (collection, item_id)
);
CREATE TABLE upload (id TEXT PRIMARY KEY, subject TEXT NOT NULL, colour TEXT NOT NULL);
PRAGMA user_version = 1;
"""
#: From the tables of release 1.1, which knew images only.
_UPGRADE = """
ALTER TABLE license RENAME COLUMN image_id TO item_id;
ALTER TABLE license ADD COLUMN medium TEXT NOT NULL DEFAULT 'images';
ALTER TABLE license ADD COLUMN granted REAL NOT NULL DEFAULT 0;
ALTER TABLE collection ADD COLUMN medium TEXT NOT NULL DEFAULT 'images';
ALTER TABLE item RENAME COLUMN image_id TO item_id;
PRAGMA user_version = 1;
"""
#: What came after that, for old and new databases.
_SERVICES = """
CREATE TABLE catalog_collection (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, visibility TEXT NOT NULL,
    roles TEXT NOT NULL, cover INTEGER, created REAL NOT NULL, updated REAL NOT NULL
);
CREATE TABLE catalog_asset (
    number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, asset_id TEXT NOT NULL,
    created REAL NOT NULL, UNIQUE (type, asset_id)
);
CREATE TABLE catalog_place (
    collection INTEGER NOT NULL, asset INTEGER NOT NULL, UNIQUE (collection, asset)
);
CREATE TABLE render (
    number INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL, created REAL NOT NULL, ends REAL NOT NULL
);
ALTER TABLE upload ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE upload ADD COLUMN time REAL NOT NULL DEFAULT 0;
"""
_TABLES = (
    *("meta", "subscription", "license", "collection", "item", "upload"),
    *("catalog_collection", "catalog_asset", "catalog_place", "render", "sqlite_sequence"),
)

_FOR_EVER = float("inf")
_LONG_AGO = datetime(2021, 5, 17, 9, 30, tzinfo=UTC).timestamp()
_COLLECTIONS: tuple[tuple[int, str, str, str, str, Iterable[int]], ...] = (
    (126351027, "images", "own", USERNAME, "Summer campaign", range(1001, 1026)),
    (126351028, "images", "own", USERNAME, "Empty collection", ()),
    (126351029, "images", "own", OTHER, "Shared with you", range(2001, 2006)),
    (127351027, "videos", "own", USERNAME, "Clips for the trailer", range(1001, 1013)),
    (127351028, "videos", "own", OTHER, "Shared with you", range(2001, 2006)),
    (128351027, "audio", "own", USERNAME, "Background music", range(1001, 1009)),
    (128351028, "audio", "own", OTHER, "Shared with you", range(2001, 2006)),
    (136351027, "images", "photo", PUBLISHER, "Wild and free", range(3001, 3041)),
    (136351028, "images", "vector", PUBLISHER, "Shapes of tomorrow", range(4001, 4013)),
    (136351029, "images", "editorial", PUBLISHER, "The year in pictures", range(5001, 5021)),
    (137351027, "videos", "video", PUBLISHER, "The world from above", range(3001, 3013)),
    (137351028, "videos", "video", PUBLISHER, "Slow motion", range(4001, 4009)),
)
_LICENSES = (
    {"number": 1188641347, "medium": "images", "item_id": "465011609", "username": USERNAME},
    {"number": 1188641340, "medium": "images", "item_id": "1110335168", "username": TEAM_MATE},
    {
        "number": 1188641341,
        "medium": "videos",
        "item_id": "1048213390",
        "subscription_id": "s67890123",
        "format": "mp4",
        "size": "hd",
    },
    {
        "number": 1188641342,
        "medium": "audio",
        "item_id": "7491192",
        "subscription_id": "s62345601",
        "license": "audio_platform",
        "format": "wav",
        "size": "original",
    },
    {
        "number": 1188641343,
        "medium": "sfx",
        "item_id": "1206114",
        "subscription_id": "s78901234",
        "format": "wav",
        "size": "wav-stereo",
    },
)
_LICENSED_LONG_AGO = {
    "username": USERNAME,
    "subscription_id": DEFAULT_SUBSCRIPTION,
    "license": "standard",
    "time": _LONG_AGO,
    "granted": _LONG_AGO,
    "is_downloadable": True,
    "format": "jpg",
    "size": "huge",
    "charge": 1,
}
#: id, name, visibility, roles, and the assets.
_CATALOG: tuple[tuple[int, str, str, dict[str, list[str]], tuple[tuple[str, str], ...]], ...] = (
    (
        293542904,
        "Summer campaign",
        "private",
        {"owners": [USERNAME], "editors": [TEAM_MATE]},
        (("image", "1690105108"), ("video", "1033184651"), ("audio", "442583"), ("image", "465011609")),
    ),
    (293542905, "Ideas", "private", {"owners": [USERNAME]}, ()),
    (293542906, "Winter campaign", "public", {"owners": [OTHER], "editors": [USERNAME]}, (("image", "17"),)),
    (293542907, "Brand", "public", {"owners": [OTHER], "viewers": [USERNAME]}, (("image", "18"),)),
)
_FIRST_ASSET = 123
_RENDER: dict[str, Any] = {
    "filename": "my_song.mp3",
    "preset": "MASTER_MP3",
    "timeline": {
        "spans": [
            {
                "id": 1,
                "span_type": "metered",
                "time": 0,
                "tempo": 76,
                "regions": [
                    {"id": 2, "region": "music", "descriptor": "documentary_underscore_heartfelt", "beat": 0}
                ],
            },
            {"span_type": "unmetered", "time": 15},
        ]
    },
}


class Database:
    """An SQLite database with a lock: in memory, or in a file that outlives the sandbox."""

    def __init__(self, file: str | None, allotment: int) -> None:
        self._allotment = allotment
        self._lock = RLock()
        self._connection = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        try:
            self._open(file)
        except BaseException:
            self._connection.close()
            raise
        self.signing_key: str = self._rows("SELECT value FROM meta WHERE name = 'signing_key'")[0]["value"]

    def _open(self, file: str | None) -> None:
        if file is not None:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            self._connection.executescript(_SCHEMA)
            with self._transaction():
                self._fill(secrets.token_hex(16))
        elif self._rows("PRAGMA user_version")[0][0] == 0:
            self._connection.executescript(f"BEGIN; {_UPGRADE} COMMIT;")
        self._subscribe()  # to subscriptions that this release has added
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'render'"):
            self._connection.executescript(f"BEGIN; {_SERVICES} COMMIT;")
            with self._transaction():
                self._fill_services()

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def reset(self) -> None:
        """Restore everything to the state at the first start; links and tokens stay valid."""
        with self._transaction():
            for table in _TABLES:
                self._connection.execute(f"DELETE FROM {table}")  # nosec B608 # names of our own
            self._fill(self.signing_key)
            self._fill_services()

    def _fill(self, signing_key: str) -> None:
        self._insert("meta", name="signing_key", value=signing_key)
        self._subscribe()
        for number, medium, kind, owner, name, items in _COLLECTIONS:
            times = dict.fromkeys(("created", "updated", "items_updated"), _LONG_AGO)
            self._insert(
                "collection", number=number, medium=medium, kind=kind, owner=owner, name=name, **times
            )
            for step, item in enumerate(items):
                self._add_item(number, str(item), _LONG_AGO + 60 * step)
        for license_ in _LICENSES:
            self._insert("license", **{**_LICENSED_LONG_AGO, **license_})

    def _subscribe(self) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO subscription VALUES (?, ?, ?, ?)", rows(self._allotment)
        )

    def _fill_services(self) -> None:
        times = {"created": _LONG_AGO, "updated": _LONG_AGO}
        self._insert(
            "catalog_asset", number=_FIRST_ASSET, type="image", asset_id="1690105108", created=_LONG_AGO
        )
        for number, name, visibility, roles, assets in _CATALOG:
            values = {"name": name, "visibility": visibility, "roles": json.dumps(roles)}
            self._insert("catalog_collection", number=number, **values, **times)
            for step, (type_, asset_id) in enumerate(assets):
                self._place(number, type_, asset_id, _LONG_AGO + 60 * step)
        self._insert("render", request=json.dumps(_RENDER), created=_LONG_AGO, ends=_FOR_EVER)

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

    def _insert(self, table: str, **values: Any) -> int:
        """Insert a row, and return its number."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # nosec B608 # our own words
        with self._lock:
            return int(self._connection.execute(sql, tuple(values.values())).lastrowid or 0)

    def _add_item(self, collection: int, item_id: str, now: float) -> None:
        """Add an item to a collection, unless it is there already."""
        sql = "INSERT OR IGNORE INTO item (collection, item_id, added) VALUES (?, ?, ?)"
        self._rows(sql, (collection, item_id, now))

    def _place(self, collection: int, type_: str, asset_id: str, now: float) -> None:
        """Add an asset to the catalog and to one of its collections, unless it is there already."""
        asset = (type_, asset_id)
        self._rows(
            "INSERT OR IGNORE INTO catalog_asset (type, asset_id, created) VALUES (?, ?, ?)", (*asset, now)
        )
        [row] = self._rows("SELECT number FROM catalog_asset WHERE type = ? AND asset_id = ?", asset)
        sql = "INSERT OR IGNORE INTO catalog_place (collection, asset) VALUES (?, ?)"
        self._rows(sql, (collection, row["number"]))
