"""The file of a ledger: its name, its lock, its format. `ledger` reads and writes the contents."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

import msgspec

from shutterstock_api.contract.media import IMAGES
from shutterstock_api.licensing.item_ids import spelled
from shutterstock_api.support.errors import ApiException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., Any]
    """Runs a statement of SQL."""

    from shutterstock_api.schema.medium import Medium

APPLICATION = 0x5373_4A31
"""A number in the header that distinguishes ledgers from SQLite files of other programs."""
FORMAT = 3
PATIENCE = 60.0
"""Seconds to wait for another process that is writing: one that adds a million items takes some 15."""
MOUNTS = "/proc/self/mountinfo"
"""The file in which Linux lists all mounts."""

_NEW = """
sent_service REAL,
doubtful_service REAL,
before TEXT,
again INTEGER NOT NULL DEFAULT 0,
spent NUMERIC NOT NULL DEFAULT 0
"""
_UNTOLD = "untold INTEGER NOT NULL DEFAULT 0"
_SCHEMA = f"""
CREATE TABLE job (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE item (
    number INTEGER PRIMARY KEY,
    item TEXT NOT NULL UNIQUE,
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
    file_error TEXT,
    {_NEW.strip()},
    {_UNTOLD}
);
CREATE INDEX item_in_turn ON item (state, error IS NOT NULL, path IS NULL, number);
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
"""
# state: `unknown` is written before a request is sent, and the outcome when it is known.
# entry: the item as it is sent, without the marker, whose key in `metadata` is `marker`.
# sent_service, doubtful_service: the same moments by the service's clock.
# before: ids of the licences that the history showed before the request, for media without a marker.
# again: how often it was bought before and its file lost; spent: the credits that these licences cost,
# as far as the service told; untold: of how many it did not.
# link: a secret, kept until the file is downloaded, because it may be the only way to get it.

_FROM_1 = f"""
ALTER TABLE {IMAGES.name} RENAME TO item;
ALTER TABLE item RENAME COLUMN {IMAGES.item_id} TO item;
{"".join(f"ALTER TABLE item ADD COLUMN {column};" for column in _NEW.split(","))}
DROP INDEX {IMAGES.name}_in_turn;
CREATE INDEX item_in_turn ON item (state, error IS NOT NULL, path IS NULL, number);
PRAGMA user_version = 2;
"""
_FROM_2 = f"""
ALTER TABLE item ADD COLUMN {_UNTOLD};
PRAGMA user_version = {FORMAT};
"""


class LedgerError(ApiException):
    """The ledger of a `LicenseJob` cannot be used: another run is using it, it is damaged, the disk is full.

    Every purchase is written there before it is made.
    """


# Names and locks.


def own_name(path: str) -> str:
    """Return the main name of a ledger, by whichever of its names it is opened.

    The lock and the log are beside a name. So for a ledger with several names (hard links), the name that it
    had first counts, which is recorded in it.
    """
    path = os.path.realpath(path)
    with suppress(OSError, ValueError):
        if os.stat(path).st_nlink > 1:
            first = _recorded(path).get("path")
            if first and os.path.samefile(first, path):
                return first
    return path


def _recorded(path: str) -> dict[str, str]:
    """Return what a ledger says about itself, without reading its log or taking a lock."""
    with (
        suppress(sqlite3.Error, UnicodeError),
        closing(sqlite3.connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True)) as connection,
    ):
        return dict(connection.execute("SELECT key, value FROM job"))
    return {}


def _is_mounted_alone(path: str) -> bool:
    """Tell whether a file itself is mounted, so that files beside it would be stored nowhere."""
    escaped = path.replace("\\", r"\134").replace(" ", r"\040").replace("\t", r"\011").replace("\n", r"\012")
    with suppress(OSError), open(MOUNTS, encoding="utf-8", errors="surrogateescape") as mounts:
        return any(line.split(" ")[4:5] == [escaped] for line in mounts)
    return False


@contextmanager
def exclusive_run(path: str) -> Iterator[None]:
    """Keep others from running the same ledger. The system releases the lock when the process ends.

    Raises:
        LedgerError: Another run is going on.
    """
    path = own_name(path)
    if _is_mounted_alone(path):
        raise LedgerError(
            reason=f"{path}: the file is mounted without its folder, so files beside it would be lost",
            hint="Mount the folder that contains it.",
        )
    lock = f"{path}.lock"
    try:
        connection, _ = connected(lock, 0)
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(reason=f"{lock}: {error}") from error
    with closing(connection):
        try:
            connection.execute("PRAGMA journal_mode = MEMORY")  # so that a kill leaves no file behind
            connection.execute("BEGIN EXCLUSIVE")  # a lock that works on every system; nothing is written
        except sqlite3.Error as error:
            if "locked" not in str(error):
                raise LedgerError(reason=f"{lock}: {error}") from error
            raise LedgerError(
                reason=f"{path}: another run of this ledger is going on",
                hint="Wait until it has ended. Meanwhile, status() shows how far it is.",
            ) from error
        yield


def connected(path: str, patience: float) -> tuple[sqlite3.Connection, bool]:
    """Open a database; if it is missing, create it for its owner only. Tell whether it was missing.

    An existing file is never opened and closed, since that would release this process's locks on it.
    """
    made = False
    with _making, suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        made = True
    return sqlite3.connect(path, timeout=patience, isolation_level=None), made


_making = threading.Lock()


# Opening.


class OpenLedger(NamedTuple):
    """An open ledger, and what it says about itself."""

    connection: sqlite3.Connection
    id: str
    """A text that is unique to this ledger."""
    original: str | None
    """The path of the original, if this ledger is a copy and the original still exists."""


def open_ledger(path: str, medium: Medium) -> OpenLedger:
    """Open a ledger; create it if it is missing.

    Raises:
        LedgerError: It is not a ledger, or not for this release or medium.
    """
    connection, made = connected(path, PATIENCE)
    try:
        run = connection.execute
        run("PRAGMA secure_delete = ON")  # of links nothing stays
        run("PRAGMA synchronous = FULL")  # a commit is on the disk before a request leaves
        _make_or_upgrade(connection, path, made, medium)
        with suppress(sqlite3.OperationalError):  # another process is just doing the same
            run("PRAGMA journal_mode = WAL")
        told = msgspec.convert(dict(run("SELECT key, value FROM job")), dict[str, str])
        name, id = told.get("medium"), told.get("id")
        if not name or not id:
            raise damaged(path, "it does not say which ledger it is")
        _see_medium(path, name, medium)
        original = _original(told.get("path"), path, id)
        if original is None and told.get("path") != path:
            with suppress(sqlite3.OperationalError):  # who may only read it does not run it
                run("INSERT OR REPLACE INTO job VALUES ('path', ?)", (path,))
                run("PRAGMA wal_checkpoint")  # so that it can be read without the log
    except BaseException:
        connection.close()
        raise
    return OpenLedger(connection, id, original)


def damaged(path: str, words: str) -> LedgerError:
    return LedgerError(
        reason=f"{path}: the ledger is damaged: {words}",
        hint="Put it back from a backup that is newer than its last run. Without one, make a new ledger, and "
        "run it with reuse_existing=True: it reuses the licences that the history shows.",
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[Run]:
    """Do all or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection.execute
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_or_upgrade(connection: sqlite3.Connection, path: str, made: bool, medium: Medium) -> None:
    run = connection.execute
    if _is_empty(run):
        if not made and os.path.exists(f"{path}.lock"):
            raise damaged(path, "it is empty, although it has been run")
        with transaction(connection):
            if _is_empty(run):
                for statement in _SCHEMA.split(";"):
                    run(statement)
                told = {"id": uuid4().hex[:16], "medium": medium.name, "path": path}
                connection.executemany("INSERT INTO job VALUES (?, ?)", told.items())
    if run("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise LedgerError(reason=f"{path}: this is the database of another program")
    if _format(run) in (1, 2):
        if _format(run) == 1:
            _see_medium(path, IMAGES.name, medium)  # there was no other
        with exclusive_run(path), transaction(connection):
            if _format(run) == 1:
                _upgrade(run, medium)
            if _format(run) == 2:
                for statement in _FROM_2.split(";"):
                    run(statement)
    if _format(run) != FORMAT:
        raise LedgerError(
            reason=f"{path}: the ledger has format {_format(run)}, and this release knows {FORMAT}",
            hint="Use the release that made it, or a later one.",
        )


def _see_medium(path: str, name: str, medium: Medium) -> None:
    if name != medium.name:
        raise LedgerError(
            reason=f"{path}: this ledger licenses {name}s, not {medium.name}s",
            hint="A ledger belongs to one medium: name another file, in LicenseJob(api, ...) or by --ledger.",
        )


def _is_empty(run: Run) -> bool:
    return not run("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _format(run: Run) -> int:
    found: int = run("PRAGMA user_version").fetchone()[0]
    return found


def _original(first: str | None, path: str, id: str) -> str | None:
    """Return where a ledger was created, if there is another file now that is the same ledger."""
    with suppress(OSError):
        if first and first != path and not os.path.samefile(first, path) and _recorded(first).get("id") == id:
            return first
    return None


def _upgrade(run: Run, medium: Medium) -> None:
    """Convert a ledger from format 1 to format 2. Its ids get their standard spelling."""
    for statement in _FROM_1.split(";"):
        run(statement)
    run("INSERT INTO job VALUES ('medium', ?)", (medium.name,))
    for number, item, entry, state in run("SELECT number, item, entry, state FROM item").fetchall():
        good = spelled(item) or item
        if good == item:
            continue
        if state in _FREE:
            entry = {**msgspec.json.decode(entry), medium.item_id: good}
            entry = msgspec.json.encode(entry, order="sorted").decode()
        twin = run("SELECT number, state FROM item WHERE item = ?", (good,)).fetchone()
        if twin and state not in _FREE and twin[1] not in _FREE:
            continue  # both may have been bought
        if twin:  # what may have been bought counts, and is not bought again by its other name
            run("DELETE FROM item WHERE number = ?", (number if state in _FREE else twin[0],))
        run("UPDATE item SET item = ?, entry = ? WHERE number = ?", (good, entry, number))


_FREE = ("planned", "failed")
"""States of items that have not been bought."""
