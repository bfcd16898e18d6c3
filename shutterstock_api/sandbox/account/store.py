"""What the account owns: licences, allotments and collections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .database import USERNAME
from .services import ServiceStore
from .subscriptions import SUBSCRIPTIONS, paying, rows

_COLLECTION = """
SELECT *, (SELECT count(*) FROM item WHERE collection = collection.number) AS total,
(SELECT item_id FROM item WHERE collection = collection.number ORDER BY number LIMIT 1) AS cover
FROM collection
"""
#: The largest integer of SQLite.
_FARTHEST = 2**62
#: The first letter of a licence id, if it is not the first letter of its medium.
_LETTERS = {"sfx": "x"}
#: Conditions for licences.
_LICENSE_FILTERS = {
    "medium": "medium = ?",
    "number": "number = ?",
    "item_id": "item_id = ?",
    "owner": "username = ?",
    "username": "username = ?",
    "license": "license = ?",
    "other_license": "license <> ?",
    "since": "time >= ?",
    "before": "time < ?",
    "is_downloadable": "is_downloadable = ?",
    "granted_until": "granted <= ?",
}


@dataclass(frozen=True)
class Purchase:
    """What to record about an item that is about to be licensed."""

    medium: str
    item_id: str
    #: None if the kind of licence decides, or else the first subscription that fits.
    subscription_id: str | None
    size: str
    format: str
    metadata: dict[str, Any] | None
    price: float | None
    search_id: str | None
    #: The kind of licence, if the request names one instead of a subscription.
    license: str | None = None
    is_downloadable: bool = True


class Store(ServiceStore):
    """Reads and writes the database."""

    # Licences

    def subscription(self, subscription_id: str) -> dict[str, Any] | None:
        """A subscription with what is left of its allotment."""
        rows = self._rows("SELECT * FROM subscription WHERE id = ?", (subscription_id,))
        return dict(rows[0]) if rows else None

    def subscriptions(self, now: float) -> list[dict[str, Any]]:
        """All subscriptions, as the user sees them."""
        left = {row["id"]: row["allotment"] for row in self._rows("SELECT * FROM subscription")}
        start = {id_: allotment for id_, _, _, allotment in rows(self._allotment)}
        return [one.shown(left[id_], start[id_], now) for id_, one in SUBSCRIPTIONS.items()]

    def license(
        self, purchases: Iterable[Purchase | str], now: float, granted: float | None = None
    ) -> list[dict[str, Any] | str]:
        """Grant licences in one transaction, as far as allotments allow; a text says why there is none.

        `now` is the time by the service's clock, `granted` the true one.
        """
        times = {"time": now, "granted": now if granted is None else granted}
        with self._transaction():
            return [
                purchase if isinstance(purchase, str) else self._sell(purchase, times)
                for purchase in purchases
            ]

    def _sell(self, purchase: Purchase, times: Mapping[str, float]) -> dict[str, Any] | str:
        subscription = self._paying(purchase)
        if isinstance(subscription, str):
            return subscription
        if subscription["kind"] == "expired":
            return "Subscription is expired"
        revshare = subscription["kind"] == "revshare"
        if revshare and (purchase.price is None or "customer_id" not in (purchase.metadata or {})):
            return "This subscription needs a price and the metadata customer_id"
        charge = 0 if revshare else 1
        if subscription["allotment"] < charge:
            return "Insufficient allotment"
        self._rows(
            "UPDATE subscription SET allotment = allotment - ? WHERE id = ?", (charge, subscription["id"])
        )
        number = self._insert(
            "license",
            medium=purchase.medium,
            item_id=purchase.item_id,
            subscription_id=subscription["id"],
            license=subscription["license"],
            username=USERNAME,
            is_downloadable=purchase.is_downloadable and not revshare,
            format=purchase.format,
            size=purchase.size,
            charge=charge,
            metadata=None if purchase.metadata is None else json.dumps(purchase.metadata),
            price=purchase.price if revshare else None,
            search_id=purchase.search_id,
            **times,
        )
        return self.licenses({"number": number})[0]

    def _paying(self, purchase: Purchase) -> dict[str, Any] | str:
        """The subscription that pays for a licence, or why there is none."""
        if purchase.subscription_id is None:
            agreed = next(paying(purchase.medium, purchase.license), None)
            if agreed is None:
                return f"The account has no agreement {purchase.license}"
        else:
            agreed = SUBSCRIPTIONS.get(purchase.subscription_id)
            if agreed is None:
                return f"Subscription {purchase.subscription_id} is unknown"
        if purchase.medium not in agreed.media:
            return f"Subscription {agreed.id} does not pay for this: {agreed.description}"
        if not agreed.covers(purchase.size):
            return f"Subscription {agreed.id} does not cover the size {purchase.size}"
        return self.subscription(agreed.id) or {}

    def licenses(
        self,
        filters: Mapping[str, Any] | None = None,
        order: str = "number",
        limit: int = -1,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """The licences that pass all filters, in the order of granting, or `newest` or `oldest` first.

        A filter that is None has no effect.
        """
        orders = {"number": "number", "newest": "time DESC, number DESC", "oldest": "time, number"}
        where, values = _where(filters or {})
        sql = f"SELECT * FROM license {where} ORDER BY {orders[order]} LIMIT ? OFFSET ?"  # nosec B608
        return [
            {
                **dict(row),
                "id": f"{letter_of(row['medium'])}{row['number']}",
                "metadata": None if row["metadata"] is None else json.loads(row["metadata"]),
                "is_downloadable": bool(row["is_downloadable"]),
            }
            for row in self._rows(sql, (*values, limit, min(offset, _FARTHEST)))
        ]

    def count_licenses(self, filters: Mapping[str, Any]) -> int:
        """How many licences pass all filters."""
        where, values = _where(filters)
        return int(self._rows(f"SELECT count(*) FROM license {where}", values)[0][0])  # nosec B608

    def license_of(self, medium: str, license_id: str) -> dict[str, Any] | None:
        """A licence by its id."""
        number = license_number(medium, license_id)
        return next(iter(self.licenses({"medium": medium, "number": number})), None)

    # Collections

    def collections(self, medium: str, owner: str) -> list[dict[str, Any]]:
        """All collections that belong to `owner`."""
        sql = f"{_COLLECTION} WHERE medium = ? AND owner = ? ORDER BY number"
        return [dict(row) for row in self._rows(sql, (medium, owner))]

    def collection(self, collection_id: str) -> dict[str, Any] | None:
        """A collection by its id."""
        if not _is_number(collection_id):
            return None
        rows = self._rows(f"{_COLLECTION} WHERE number = ?", (int(collection_id),))
        return dict(rows[0]) if rows else None

    def create_collection(self, medium: str, name: str, now: float) -> str:
        """Create a collection, and return its id."""
        times = dict.fromkeys(("created", "updated", "items_updated"), now)
        return str(self._insert("collection", medium=medium, kind="own", owner=USERNAME, name=name, **times))

    def rename_collection(self, number: int, name: str, now: float) -> None:
        """Rename a collection."""
        self._rows("UPDATE collection SET name = ?, updated = ? WHERE number = ?", (name, now, number))

    def delete_collection(self, number: int) -> None:
        """Delete a collection with its items."""
        with self._transaction():
            self._rows("DELETE FROM item WHERE collection = ?", (number,))
            self._rows("DELETE FROM collection WHERE number = ?", (number,))

    def items(
        self, number: int, *, newest: bool = False, limit: int = -1, offset: int = 0
    ) -> list[dict[str, Any]]:
        """The items of a collection, in the order of adding."""
        order = "DESC" if newest else "ASC"
        sql = "SELECT item_id, added FROM item WHERE collection = ? ORDER BY number"
        page = (limit, min(offset, _FARTHEST))
        return [dict(row) for row in self._rows(f"{sql} {order} LIMIT ? OFFSET ?", (number, *page))]

    def add_items(self, number: int, item_ids: Iterable[str], now: float) -> None:
        """Add items to a collection; those that it has already keep their places."""
        with self._transaction():
            for item_id in item_ids:
                self._add_item(number, item_id, now)
            self._touch(number, now)

    def delete_items(self, number: int, item_ids: Iterable[str], now: float) -> None:
        """Remove items from a collection."""
        with self._transaction():
            for item_id in item_ids:
                self._rows("DELETE FROM item WHERE collection = ? AND item_id = ?", (number, item_id))
            self._touch(number, now)

    def _touch(self, number: int, now: float) -> None:
        self._rows("UPDATE collection SET items_updated = ? WHERE number = ?", (now, number))


def letter_of(medium: str) -> str:
    """The beginning of the ids of a medium's licences."""
    return _LETTERS.get(medium, medium[0])


def license_number(medium: str, license_id: str) -> int:
    """The number of a licence, from its id; 0, which no licence has, if the id is not valid."""
    number = license_id[1:]
    return int(number) if license_id[:1] == letter_of(medium) and _is_number(number) else 0


def _where(filters: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The filters as SQL: fixed texts, with separate values."""
    given = {name: value for name, value in filters.items() if value is not None}
    conditions = " AND ".join(_LICENSE_FILTERS[name] for name in given)
    return f"WHERE {conditions}" if given else "", list(given.values())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
