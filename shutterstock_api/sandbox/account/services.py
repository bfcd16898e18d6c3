"""Other things that the account owns: its catalog, uploads and renders of music."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from .database import USERNAME, Database

#: How long an uploaded picture is kept, in seconds.
UPLOAD_LIFETIME = 24 * 60 * 60
#: How long the id of a render is valid.
RENDER_LIFETIME = 48 * 60 * 60

_COLLECTION = """
SELECT *, (SELECT count(*) FROM catalog_place WHERE collection = catalog_collection.number) AS total,
coalesce((SELECT asset FROM catalog_place WHERE collection = catalog_collection.number AND asset = cover),
(SELECT asset FROM catalog_place WHERE collection = catalog_collection.number ORDER BY rowid LIMIT 1)
) AS shown
FROM catalog_collection
"""
_ASSETS = """
SELECT *, (SELECT group_concat(collection) FROM catalog_place WHERE asset = number) AS places
FROM catalog_asset
"""


class Look(NamedTuple):
    """The contents of an uploaded picture: its subject, its colour, and words for it."""

    subject: str
    colour: str
    words: tuple[str, ...]


class ServiceStore(Database):
    """Reads and writes the tables of the catalog, of uploads and of renders."""

    # The catalog: assets and their collections

    def catalog_collections(self) -> list[dict[str, Any]]:
        """All collections of the catalog in which the account has a role, oldest first."""
        found = [_with_roles(row) for row in self._rows(f"{_COLLECTION} ORDER BY created, number")]
        return [row for row in found if role_in(row)]

    def catalog_collection(self, collection_id: str) -> dict[str, Any] | None:
        """One of these collections, by its id."""
        return next((row for row in self.catalog_collections() if str(row["number"]) == collection_id), None)

    def create_catalog_collection(self, name: str, visibility: str, now: float) -> str:
        """Create a collection of the catalog, and return its id."""
        values = {"name": name, "visibility": visibility, "roles": json.dumps({"owners": [USERNAME]})}
        return str(self._insert("catalog_collection", **values, created=now, updated=now))

    def change_catalog_collection(self, number: int, now: float, **values: Any) -> None:
        """Change `name`, `visibility` or `cover`, or only the time of the last change."""
        with self._transaction():
            for name, value in {**values, "updated": now}.items():
                sql = f"UPDATE catalog_collection SET {name} = ? WHERE number = ?"  # nosec B608 # our own words
                self._rows(sql, (value, number))

    def delete_catalog_collection(self, number: int) -> None:
        """Delete a collection; its assets stay in the catalog."""
        with self._transaction():
            self._rows("DELETE FROM catalog_place WHERE collection = ?", (number,))
            self._rows("DELETE FROM catalog_collection WHERE number = ?", (number,))

    def catalog_assets(self) -> list[dict[str, Any]]:
        """All assets of the catalog, oldest first, each with its `collection_ids`."""
        return [
            {**dict(row), "collection_ids": sorted((row["places"] or "").split(",")) if row["places"] else []}
            for row in self._rows(f"{_ASSETS} ORDER BY created, number")
        ]

    def catalog_asset(self, number: int) -> dict[str, Any]:
        """An asset by the number of its item."""
        return next(asset for asset in self.catalog_assets() if asset["number"] == number)

    def catalog_numbers(self, collection: int) -> set[int]:
        """The numbers of the items in a collection."""
        sql = "SELECT asset FROM catalog_place WHERE collection = ?"
        return {row["asset"] for row in self._rows(sql, (collection,))}

    def add_to_catalog(self, collection: int, assets: Iterable[tuple[str, str]], now: float) -> None:
        """Add assets with their types to the catalog and to a collection, unless they are there already."""
        with self._transaction():
            for type_, asset_id in assets:
                self._place(collection, type_, asset_id, now)
            self._rows("UPDATE catalog_collection SET updated = ? WHERE number = ?", (now, collection))

    def remove_from_catalog(self, collection: int, numbers: Iterable[int], now: float) -> None:
        """Remove items from a collection; they stay in the catalog."""
        with self._transaction():
            for number in numbers:
                self._rows(
                    "DELETE FROM catalog_place WHERE collection = ? AND asset = ?", (collection, number)
                )
            self._rows("UPDATE catalog_collection SET updated = ? WHERE number = ?", (now, collection))

    # Uploads

    def add_upload(self, upload_id: str, look: Look, now: float) -> None:
        """Store the contents of an uploaded picture."""
        values = (upload_id, look.subject, look.colour, " ".join(look.words), now)
        self._rows(
            "INSERT OR REPLACE INTO upload (id, subject, colour, words, time) VALUES (?, ?, ?, ?, ?)", values
        )

    def upload(self, upload_id: str, since: float = 0.0) -> Look | None:
        """The contents of an uploaded picture; None if it was not uploaded since then."""
        rows = self._rows("SELECT * FROM upload WHERE id = ? AND time >= ?", (upload_id, since))
        return Look(rows[0]["subject"], rows[0]["colour"], tuple(rows[0]["words"].split())) if rows else None

    # Renders

    def add_renders(self, requests: Iterable[dict[str, Any]], now: float) -> list[int]:
        """Record renders, and return their numbers."""
        with self._transaction():
            return [
                self._insert("render", request=json.dumps(request), created=now, ends=now + RENDER_LIFETIME)
                for request in requests
            ]

    def renders(self, now: float) -> dict[int, dict[str, Any]]:
        """The renders whose ids are still valid, by their numbers: `request` and `created`."""
        return {
            row["number"]: {**dict(row), "request": json.loads(row["request"])}
            for row in self._rows("SELECT * FROM render WHERE ends > ? ORDER BY number", (now,))
        }


def role_in(collection: dict[str, Any], username: str = USERNAME) -> str | None:
    """The role of a user in a collection: `owners`, `editors` or `viewers`, or none."""
    return next((role for role, users in collection["roles"].items() if username in users), None)


def _with_roles(row: Any) -> dict[str, Any]:
    return {**dict(row), "roles": json.loads(row["roles"])}
