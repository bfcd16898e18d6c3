"""The ledger of a licence job, in SQLite: what is written here outlives a kill and a power failure."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import msgspec

from shutterstock_api.support.errors import ApiException
from shutterstock_api.support.masking import Secret, as_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Self


APPLICATION = 0x5373_4A31
"""By this number in its header SQLite files of other programs are told apart."""
FORMAT = 1
PATIENCE = 60.0
"""Seconds to wait for another process that is writing: one that adds a million images takes some 15."""

_SCHEMA = f"""
CREATE TABLE job (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE image (
    number INTEGER PRIMARY KEY,
    image_id TEXT NOT NULL UNIQUE,
    entry TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'unknown', 'licensed', 'failed')),
    marker TEXT,
    sent_at REAL,
    doubtful_since REAL,
    error TEXT,
    license_id TEXT,
    charge NUMERIC,
    price REAL,
    currency TEXT,
    reused INTEGER NOT NULL DEFAULT 0,
    link TEXT,
    path TEXT,
    bytes INTEGER,
    file_error TEXT
);
CREATE INDEX image_in_turn ON image (state, error IS NOT NULL, path IS NULL, number);
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
"""
# state: `unknown` is written before a request leaves, and what became of it when that is known.
# entry: the image as it is sent, but for the marker, whose key in `metadata` is `marker`.
# link: a secret, kept until the file is here, for it may be the only way to it.


class LedgerError(ApiException):
    """The ledger of a `LicenseJob` cannot be used: another run has it, the disk is full, it is no ledger.

    Nothing is bought that is not written there first.
    """


class LedgerRow(NamedTuple):
    """An image in the ledger; the columns that a run works with."""

    number: int
    image_id: str
    entry: str
    license_id: str | None
    link: Secret | None
    path: str | None
    bytes: int | None
    marker: str | None
    sent_at: float | None
    doubtful_since: float | None

    @property
    def subscription_id(self) -> str | None:
        """The subscription to charge; `None` for the customer's usual one."""
        found: str | None = msgspec.json.decode(self.entry).get("subscription_id")
        return found


class LedgerOutcome(NamedTuple):
    """What became of an image in a request."""

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
    """Return text as it can be kept; an answer may hold another kind of value, and half a character."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).encode(errors="replace").decode()


class Charges(NamedTuple):
    """What licences took, in credits."""

    spent: float
    most: float
    """For one image."""
    told: int
    """Licences of which the service told it."""
    untold: int
    """Licences, perhaps, of which nobody can tell."""


class Ledger:
    """The ledger. It belongs to the thread that opens it.

    Args:
        path: Where it is; it is made where it is missing, for its owner only.

    Raises:
        LedgerError: It cannot be opened, or is none.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        with self._told():
            self._connection = _connected(path, PATIENCE)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA secure_delete = ON")  # of links nothing stays
        run("PRAGMA synchronous = FULL")  # a commit is on the disk before a request leaves
        if self._is_empty():
            with self._transaction():
                if self._is_empty():
                    for statement in _SCHEMA.split(";"):
                        run(statement)
                    run("INSERT INTO job VALUES ('id', ?)", (uuid4().hex[:16],))
        if run("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise LedgerError(reason=f"{self.path}: this is the database of another program")
        version = run("PRAGMA user_version").fetchone()[0]
        if version != FORMAT:
            raise LedgerError(
                reason=f"{self.path}: the ledger has format {version}, and this release knows {FORMAT}",
                hint="Go on with the release that made it, or a later one.",
            )
        with suppress(sqlite3.OperationalError):  # another process is just doing the same
            run("PRAGMA journal_mode = WAL")
        self.id: str = run("SELECT value FROM job WHERE key = 'id'").fetchone()[0]
        """A text that no other ledger has."""

    def _is_empty(self) -> bool:
        return not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._told():
            self._connection.close()

    # What is to be done.

    def add(self, entries: Iterable[tuple[str, str]], replace: bool) -> int:
        """Add images that are not here; return how many these are.

        Args:
            entries: Image ids and their entries.
            replace: Whether images of which nothing has been bought take the new entry.

        Raises:
            LedgerError: An image is here with another entry, and keeps it. Then none is added.
        """
        added = 0
        replaceable = ("planned", "failed") if replace else ()
        conflicts: list[str] = []
        with self._transaction() as run:
            for image_id, entry in entries:
                found = run("SELECT entry, state FROM image WHERE image_id = ?", (image_id,)).fetchone()
                if found is None:
                    run("INSERT INTO image (image_id, entry) VALUES (?, ?)", (image_id, entry))
                    added += 1
                elif found[0] != entry and found[1] in replaceable:
                    sql = "UPDATE image SET entry = ?, state = 'planned', error = NULL WHERE image_id = ?"
                    run(sql, (entry, image_id))
                elif found[0] != entry:
                    other = ", ".join(_differences(found[0], entry))
                    conflicts.append(f"image {image_id} is {found[1]} already, with another {other}")
            if conflicts:
                more = f", and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
                raise LedgerError(
                    reason=f"{self.path}: {conflicts[0]}{more}; nothing was added",
                    hint="A ledger licenses an image once. For a second licence use another ledger; to "
                    "change images of which nothing has been bought, add them with replace=True.",
                )
        return added

    def body(self, row: LedgerRow, marker: str | None) -> dict[str, Any]:
        """Return an image as it is sent, with a text under the key `marker` that no other image has."""
        entry: dict[str, Any] = msgspec.json.decode(row.entry)
        if marker is not None:
            entry["metadata"] = {**entry.get("metadata", {}), marker: f"{self.id}-{row.number}"}
        return entry

    def rows(self, state: str) -> Iterator[LedgerRow]:
        """Yield the images in a state, as they were added; those with a file first, with an error last."""
        columns, order = ", ".join(LedgerRow._fields), "error IS NOT NULL, path IS NULL, number"
        sql = f"SELECT {columns} FROM image WHERE state = ? ORDER BY {order}"  # nosec B608 # our own words
        with self._told(), closing(self._connection.execute(sql, (state,))) as cursor:
            for row in cursor:
                found = LedgerRow(*row)
                yield found._replace(link=as_secret(found.link))

    def retry_failed(self) -> None:
        """Plan what was refused once more: it cost nothing."""
        with self._transaction() as run:
            run("UPDATE image SET state = 'planned' WHERE state = 'failed'")

    # What was done.

    def intend(self, rows: Sequence[LedgerRow], marker: str | None, now: float) -> None:
        """Write down that a request for these images is about to leave."""
        sql = (
            "UPDATE image SET state = 'unknown', marker = ?, sent_at = ?, doubtful_since = NULL, "
            "error = NULL WHERE number = ? AND state = 'planned' AND entry = ?"
        )
        with self._transaction() as run:
            for row in rows:
                if run(sql, (marker, now, row.number, row.entry)).rowcount != 1:
                    raise LedgerError(
                        reason=f"{self.path}: image {row.image_id} is no longer planned so; run the job again"
                    )

    def doubt(self, numbers: Iterable[int], now: float, error: str) -> None:
        """Write down since when nobody can tell what became of images, and why, if that is not there yet."""
        sql = (
            "UPDATE image SET doubtful_since = ?, error = coalesce(error, ?) "
            "WHERE number = ? AND state = 'unknown'"
        )
        with self._transaction() as run:
            for number in numbers:
                run(sql, (now, error, number))

    def settle(self, outcomes: Iterable[LedgerOutcome]) -> None:
        """Write down what became of images; of a licence that is known nothing is lost."""
        sql = (
            "UPDATE image SET state = ?, error = ?, license_id = ?, charge = ?, price = ?, currency = ?, "
            "reused = ?, link = ? WHERE number = ? AND state <> 'licensed'"
        )
        with self._transaction() as run:
            for number, *values in outcomes:
                run(sql, (*values, number))

    def keep(self, files: Iterable[tuple[int, str | None, int | None, str | None]]) -> None:
        """Write down which files are here: number of the image, path, bytes, or why there is none."""
        with self._transaction() as run:
            for number, path, size, error in files:
                run(
                    "UPDATE image SET path = ?, bytes = ?, file_error = ?, "
                    "link = CASE WHEN ? IS NULL THEN NULL ELSE link END WHERE number = ?",
                    (path, size, error, error, number),
                )

    # What stands in it.

    def charges(self) -> Charges:
        """Return what the licences took; of images whose outcome is unknown, too, nobody can tell."""
        sql = """
            SELECT coalesce(sum(charge), 0), coalesce(max(charge), 0), count(charge),
            coalesce(sum(charge IS NULL AND NOT reused), 0)
            FROM image WHERE state IN ('licensed', 'unknown')
        """
        with self._told():
            return Charges(*self._connection.execute(sql).fetchone())

    def count(self) -> int:
        """Return how many images there are."""
        with self._told():
            found: int = self._connection.execute("SELECT count(*) FROM image").fetchone()[0]
        return found

    def records(self, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return columns of all images, in the order in which they were added."""
        sql = f"SELECT {', '.join(columns)} FROM image ORDER BY number"  # nosec B608 # our own words
        with self._told():
            return self._connection.execute(sql).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite or the system says into an error of ours."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(reason=f"{self.path}: {error}", hint=_hint(error)) from error


@contextmanager
def exclusive_run(path: str) -> Iterator[None]:
    """Keep others from running the same ledger. The system ends that with the process, however it ends.

    Raises:
        LedgerError: Another run is going on.
    """
    lock = f"{path}.lock"
    try:
        connection = _connected(lock, 0)
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(reason=f"{lock}: {error}") from error
    with closing(connection):
        try:
            connection.execute("PRAGMA journal_mode = MEMORY")  # so that a kill leaves no file behind
            connection.execute("BEGIN EXCLUSIVE")  # a lock that every system knows; nothing is written
        except sqlite3.Error as error:
            if "locked" not in str(error):
                raise LedgerError(reason=f"{lock}: {error}") from error
            raise LedgerError(
                reason=f"{path}: another run of this ledger is going on",
                hint="Wait until it has ended. What it does, status() of another process tells.",
            ) from error
        yield


def _differences(one: str, other: str) -> list[str]:
    """Return the names of what two entries have in different ways; values may be secrets."""
    ours, theirs = msgspec.json.decode(one), msgspec.json.decode(other)
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


def _connected(path: str, patience: float) -> sqlite3.Connection:
    """Open a database, which is made where it is missing, for its owner only.

    No file that is there is opened and closed for that: it would end the locks that this process has on it.
    """
    with _making, suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    return sqlite3.connect(path, timeout=patience, isolation_level=None)


_making = threading.Lock()


def _hint(error: Exception) -> str | None:
    if "locked" in str(error):
        return "Another process has been writing it for long."
    if "not a database" in str(error):
        return "This file is no ledger; name another, or a new one."
    if isinstance(error, FileNotFoundError):
        return "Its folder is not there: make it, or name another."
    if "unable to open" in str(error):
        return "Name a file, not a folder, that may be read and written."
    return None
