"""The ledger of a licence job, in SQLite. Its contents survive a kill and a power failure."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from shutterstock_api.contract.media import IMAGES
from shutterstock_api.jobs.ledger_file import LedgerError, damaged, open_ledger, own_name, transaction
from shutterstock_api.licensing.item_ids import spelled
from shutterstock_api.support.errors import ApiException
from shutterstock_api.support.masking import Secret

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Self

    from shutterstock_api.licensing.moments import Moment
    from shutterstock_api.schema.medium import Medium


class LedgerRow(NamedTuple):
    """An item in the ledger, with the columns that a run needs."""

    number: int
    item: str
    entry: str
    license_id: str | None = None
    link: Secret | None = None
    path: str | None = None
    bytes: int | None = None
    marker: str | None = None
    sent_at: float | None = None
    sent_service: float | None = None
    doubtful_since: float | None = None
    doubtful_service: float | None = None
    before: str | None = None
    again: int = 0

    @property
    def wish(self) -> dict[str, Any]:
        """The entry of the request, without the marker."""
        found: dict[str, Any] = msgspec.json.decode(self.entry, type=dict[str, Any])
        return found

    @property
    def known_before(self) -> list[str] | None:
        """The licences that the history showed before the request; `None` if nobody looked."""
        return None if self.before is None else msgspec.json.decode(self.before, type=list[str])

    @property
    def subscription_id(self) -> str | None:
        """The subscription to charge; `None` for the customer's default subscription."""
        return self.wish.get("subscription_id")


class LedgerOutcome(NamedTuple):
    """The outcome of an item in a request."""

    number: int
    state: str
    error: str | None = None
    license_id: str | None = None
    charge: float | None = None
    price: float | None = None
    currency: str | None = None
    reused: bool = False
    link: Secret | None = None


def plain(value: Any) -> str | None:
    """Return text that can be stored; an answer may hold a value of another type, or half a character."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).encode(errors="replace").decode()


class Charges(NamedTuple):
    """The charges of licences, in credits."""

    spent: float
    most: float
    """The highest charge for one item."""
    told: int
    """The number of licences whose charge is known."""
    untold: int
    """The number of licences, certain or possible, whose charge is not known."""


class Ledger:
    """The ledger. It belongs to the thread that opens it.

    Args:
        path: The file; if it is missing, it is created for its owner only.
        medium: The medium that it licenses.

    Raises:
        LedgerError: It cannot be opened, or is not a ledger.
    """

    def __init__(self, path: str, medium: Medium = IMAGES) -> None:
        self.path: str = own_name(path)
        self.medium: Medium = medium
        with self._told():
            opened = open_ledger(self.path, medium)
        self._connection = opened.connection
        self.id: str = opened.id
        self.original: str | None = opened.original

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._told():
            self._connection.close()

    def check(self) -> None:
        """Check that a job can be run with this ledger.

        Raises:
            LedgerError: It is damaged, or a copy of one that still exists.
        """
        if self.original:
            raise LedgerError(
                reason=f"{self.path}: this is a copy of {self.original}, which is still there",
                hint="Run the original: neither knows what the other one buys. To continue with the copy, "
                "delete the original first.",
            )
        with self._told():
            words: str = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if words != "ok":
            raise damaged(self.path, words)

    # What is to be done.

    def add(self, entries: Iterable[tuple[str, str]], replace: bool) -> int:
        """Add items that the ledger does not have yet; return how many there are.

        Args:
            entries: The ids and their entries.
            replace: Whether items that have not been bought get the new entry.

        Raises:
            LedgerError: The ledger has an item with another entry, and keeps it. Nothing is added.
        """
        added = 0
        replaceable = ("planned", "failed") if replace else ()
        conflicts: list[str] = []
        with self._transaction() as run:
            for item, entry in entries:
                found = run("SELECT entry, state FROM item WHERE item = ?", (item,)).fetchone()
                if found is None:
                    run("INSERT INTO item (item, entry) VALUES (?, ?)", (item, entry))
                    added += 1
                elif found[0] != entry and found[1] in replaceable:
                    sql = "UPDATE item SET entry = ?, state = 'planned', error = NULL WHERE item = ?"
                    run(sql, (entry, item))
                elif found[0] != entry:
                    other = ", ".join(_differences(found[0], entry))
                    name = self.medium.name
                    conflicts.append(f"{name} {item} is {found[1]} already, with another {other}")
            if conflicts:
                more = f", and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
                raise LedgerError(
                    reason=f"{self.path}: {conflicts[0]}{more}; nothing was added",
                    hint=f"A ledger licenses {_a(self.medium)} once. For a second licence use another "
                    f"ledger; to change {self.medium.name}s of which nothing has been bought, add them with "
                    "replace=True.",
                )
        return added

    def body(self, row: LedgerRow, marker: str | None) -> dict[str, Any]:
        """Return an item as it is sent, with a unique text under the key `marker`.

        Raises:
            LedgerError: The entry is not about this item.
        """
        entry = row.wish
        if spelled(entry.get(self.medium.item_id)) != spelled(row.item):
            raise damaged(self.path, f"{self.medium.name} {row.item} asks for another")
        if marker is not None:
            text = f"{self.id}-{row.number}" if not row.again else f"{self.id}.{row.again}-{row.number}"
            entry["metadata"] = {**entry.get("metadata", {}), marker: text}
        return entry

    def rows(self, state: str) -> Iterator[LedgerRow]:
        """Yield the items in a state, in the order of adding; those with a file first, with an error last."""
        columns, order = ", ".join(LedgerRow._fields), "error IS NOT NULL, path IS NULL, number"
        sql = f"SELECT {columns} FROM item WHERE state = ? ORDER BY {order}"  # nosec B608 # our own words
        with self._told(), closing(self._connection.execute(sql, (state,))) as cursor:
            for values in cursor:
                row: LedgerRow = _converted(values, LedgerRow)
                metadata, before = row.wish.get("metadata", {}), row.known_before
                if not isinstance(metadata, dict) or not isinstance(before, list | None):
                    raise damaged(self.path, f"{self.medium.name} {row.item} asks for nothing that there is")
                yield row

    def retry_failed(self) -> None:
        """Plan refused items again: they cost nothing."""
        with self._transaction() as run:
            run("UPDATE item SET state = 'planned' WHERE state = 'failed'")

    def plan_again(self, items: Iterable[str]) -> None:
        """Plan licensed items again whose files are lost.

        Raises:
            LedgerError: One of them is not licensed, has its file, or has a link that has not been tried.
                Then none is planned.
        """
        sql = (
            "UPDATE item SET state = 'planned', again = again + 1, spent = spent + coalesce(charge, 0), "
            "untold = untold + (charge IS NULL AND NOT reused), "
            "charge = NULL, license_id = NULL, link = NULL, file_error = NULL, error = NULL, reused = 0 "
            "WHERE item = ? AND state = 'licensed' AND path IS NULL "
            "AND (link IS NULL OR file_error IS NOT NULL)"
        )
        with self._transaction() as run:
            for item in items:
                if run(sql, (item,)).rowcount != 1:
                    raise LedgerError(
                        reason=f"{self.path}: {self.medium.name} {item} is not licensed without a file; "
                        "nothing was planned",
                        hint="If its link has not been tried yet, run() with a directory downloads the file.",
                    )

    # What was done.

    def intend(
        self, rows: Sequence[LedgerRow], marker: str | None, sent: Moment, before: Sequence[str | None] = ()
    ) -> None:
        """Record that a request for these items is about to be sent.

        Args:
            rows: The items.
            marker: The key in `metadata` of the texts that mark them.
            sent: The present moment.
            before: For each item without a marker, the licences that the history showed before.
        """
        sql = (
            "UPDATE item SET state = 'unknown', marker = ?, sent_at = ?, sent_service = ?, before = ?, "
            "doubtful_since = NULL, doubtful_service = NULL, error = NULL "
            "WHERE number = ? AND state = 'planned' AND entry = ?"
        )
        with self._transaction() as run:
            for row, known in zip(rows, before or [None] * len(rows), strict=True):
                values = (marker, sent.ours, sent.service, known, row.number, row.entry)
                if run(sql, values).rowcount != 1:
                    raise LedgerError(
                        reason=f"{self.path}: {self.medium.name} {row.item} is no longer planned so; "
                        "run the job again"
                    )

    def doubt(self, numbers: Iterable[int], since: Moment, error: str | None) -> None:
        """Record since when the outcome of items is unknown, and why, if that is not recorded yet."""
        sql = (
            "UPDATE item SET doubtful_since = ?, doubtful_service = ?, error = coalesce(error, ?) "
            "WHERE number = ? AND state = 'unknown'"
        )
        with self._transaction() as run:
            for number in numbers:
                run(sql, (since.ours, since.service, error, number))

    def settle(self, outcomes: Iterable[LedgerOutcome]) -> None:
        """Record the outcomes of items; what is known about a licence is never overwritten."""
        sql = (
            "UPDATE item SET state = ?, error = ?, license_id = ?, charge = ?, price = ?, currency = ?, "
            "reused = ?, link = ? WHERE number = ? AND state <> 'licensed'"
        )
        with self._transaction() as run:
            for number, *values in outcomes:
                run(sql, (*values, number))

    def name(self, license_ids: Mapping[int, str]) -> None:
        """Record the ids of licences that the answer left out, by the numbers of their items."""
        sql = "UPDATE item SET license_id = ? WHERE number = ? AND state = 'licensed' AND license_id IS NULL"
        with self._transaction() as run:
            for number, license_id in license_ids.items():
                run(sql, (license_id, number))

    def keep(
        self, files: Iterable[tuple[int, str | None, int | None, str | None]], found: Collection[int] = ()
    ) -> None:
        """Record files: number of the item, path, bytes, or why there is none.

        Args:
            files: These records.
            found: Numbers of items whose file existed already. It may be another one, so the links are kept.
        """
        with self._transaction() as run:
            for number, path, size, error in files:
                run(
                    "UPDATE item SET path = ?, bytes = ?, file_error = ?, "
                    "link = CASE WHEN ? THEN link END WHERE number = ?",
                    (path, size, error, error is not None or number in found, number),
                )

    # Reading.

    def charges(self) -> Charges:
        """Return the charges of the licences. An unknown outcome counts as a licence of unknown charge."""
        sql = """
            SELECT coalesce(sum(charge), 0) + (SELECT coalesce(sum(spent), 0) FROM item),
            max(coalesce(max(charge), 0), (SELECT coalesce(max(spent), 0) FROM item)),
            count(charge),
            coalesce(sum(charge IS NULL AND NOT reused), 0) + (SELECT coalesce(sum(untold), 0) FROM item)
            FROM item WHERE state IN ('licensed', 'unknown')
        """
        with self._told():
            found: Charges = _converted(self._connection.execute(sql).fetchone(), Charges)
        return found

    def count(self) -> int:
        """Return how many items there are."""
        with self._told():
            found: int = self._connection.execute("SELECT count(*) FROM item").fetchone()[0]
        return found

    def records(self, columns: Sequence[str], kind: Any = tuple[Any, ...]) -> list[Any]:
        """Return columns of all items, in the order in which they were added.

        Args:
            columns: The names of the columns.
            kind: The type of a record.
        """
        sql = f"SELECT {', '.join(columns)} FROM item ORDER BY number"  # nosec B608 # our own words
        with self._told():
            return [_converted(values, kind) for values in self._connection.execute(sql)]

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with self._told(), transaction(self._connection) as run:
            yield run

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn errors of SQLite and the system, and contents that cannot be read, into a `LedgerError`."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(reason=f"{self.path}: {error}", hint=_advice(error)) from error
        except ApiException:
            raise
        except (msgspec.MsgspecError, ValueError) as error:  # also text that is not UTF-8, or not a path
            raise damaged(self.path, str(error)) from error


def _converted(values: Any, kind: Any) -> Any:
    """Return contents of a ledger as the type that they must have."""
    return msgspec.convert(values, kind, dec_hook=_from_text)


def _from_text(kind: Any, value: Any) -> Any:
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {type(value).__name__}")
    return kind(value)


def _differences(one: str, other: str) -> list[str]:
    """Return the names of the fields in which two entries differ; their values may be secrets."""
    ours, theirs = msgspec.json.decode(one, type=dict[str, Any]), msgspec.json.decode(other)
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


def _a(medium: Medium) -> str:
    return f"an {medium.name}" if medium.name[0] in "aeiou" else f"a {medium.name}"


def _advice(error: Exception) -> str | None:
    if "locked" in str(error):
        return "Another process has been writing to it for a long time."
    if "not a database" in str(error):
        return "This file is not a ledger; choose another file, or a new one."
    if isinstance(error, FileNotFoundError):
        return "Its folder does not exist: create it, or choose another."
    if "unable to open" in str(error):
        return "Choose a file, not a folder, that you may read and write."
    return None
