"""The ledger of a licence job: what it holds outlives anything, and nobody else's file is touched."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from shutterstock_api import LedgerError
from shutterstock_api.jobs import ledger_file
from shutterstock_api.jobs.ledger import Charges, Ledger, LedgerOutcome, LedgerRow, plain
from shutterstock_api.jobs.ledger_file import exclusive_run
from shutterstock_api.licensing.moments import Moment

SECRET = "signature-of-the-link"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "job.sqlite")


def entry(image_id: str, **more: Any) -> tuple[str, str]:
    return image_id, json.dumps({"image_id": image_id, **more})


def planned(path: str, *image_ids: str) -> Ledger:
    ledger = Ledger(path)
    ledger.add([entry(one) for one in image_ids], replace=False)
    return ledger


def column(ledger: Ledger, *names: str) -> list[Any]:
    found = ledger.records(names)
    return [one for (one,) in found] if len(names) == 1 else found


# The file.


def test_a_ledger_is_kept(path: str):
    with planned(path, "1", "2") as ledger:
        first = ledger.id
        assert len(first) == 16
    with Ledger(path) as ledger:
        assert (ledger.id, ledger.count(), ledger.path) == (first, 2, path)
    with Ledger(f"{path}2") as other:
        assert other.id != first


def test_it_is_safe_on_the_disk(path: str):
    with Ledger(path) as ledger:
        run = ledger._connection.execute
        assert run("PRAGMA journal_mode").fetchone() == ("wal",)
        assert run("PRAGMA synchronous").fetchone() == (2,)
        assert run("PRAGMA secure_delete").fetchone() == (1,)
    assert os.listdir(os.path.dirname(path)) == ["job.sqlite"]


@pytest.mark.skipif(os.name == "nt", reason="no such modes here")
def test_only_its_owner_may_read_it(path: str):
    before = os.umask(0)
    try:
        with Ledger(path), exclusive_run(path):
            files = {name.name: stat.S_IMODE(name.stat().st_mode) for name in Path(path).parent.iterdir()}
    finally:
        os.umask(before)
    assert files["job.sqlite"] == files["job.sqlite.lock"] == 0o600
    assert set(files.values()) == {0o600}


def test_what_is_no_ledger(path: str):
    Path(path).write_text("this is a text, and it is longer than the header of a database would be " * 9)
    with pytest.raises(LedgerError, match="not a database") as caught:
        Ledger(path)
    assert "This file is not a ledger" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("", "Choose a file, not a folder"), ("no/such/folder/job.sqlite", "Its folder does not exist")],
)
def test_what_cannot_be_opened(tmp_path: Path, name: str, hint: str):
    with pytest.raises(LedgerError, match=hint):
        Ledger(str(tmp_path / name))


def test_an_error_without_advice(path: str, monkeypatch: pytest.MonkeyPatch):
    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("out of memory")

    monkeypatch.setattr(ledger_file, "_make_or_upgrade", full)
    with pytest.raises(LedgerError, match="out of memory") as caught:
        Ledger(path)
    assert caught.value.hint is None


def test_the_database_of_another_program_stays_as_it_is(path: str):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE image (a)")
    other.close()
    before = Path(path).read_bytes()
    with pytest.raises(LedgerError, match="database of another program"):
        Ledger(path)
    assert Path(path).read_bytes() == before


def test_a_ledger_of_a_later_release(path: str):
    with Ledger(path) as ledger:
        ledger._connection.execute("PRAGMA user_version = 4")
    with pytest.raises(LedgerError, match="format 4, and this release knows 3") as caught:
        Ledger(path)
    assert "Use the release that made it" in str(caught.value)


def test_another_process_made_it_just_now(path: str, monkeypatch: pytest.MonkeyPatch):
    twin: list[Ledger] = []
    begin = ledger_file.transaction

    def transaction(connection: sqlite3.Connection) -> Any:
        monkeypatch.undo()
        twin.append(Ledger(path))
        return begin(connection)

    monkeypatch.setattr(ledger_file, "transaction", transaction)
    with Ledger(path) as ledger:
        assert ledger.id == twin[0].id
    twin[0].__exit__()


def test_another_process_is_writing_for_long(path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutterstock_api.jobs.ledger_file.PATIENCE", 0)
    with planned(path, "1") as ledger, Ledger(path) as other, other._transaction():
        assert ledger.count() == 1  # who reads does not wait
        with pytest.raises(LedgerError, match="locked") as caught:
            ledger.add([entry("2")], replace=False)
        assert "Another process has been writing to it for a long time" in str(caught.value)


def test_what_fails_leaves_nothing(path: str):
    with planned(path, "1", "2") as ledger:
        with pytest.raises(LedgerError):
            ledger.settle([LedgerOutcome(1, "licensed"), LedgerOutcome(2, "nonsense")])
        assert column(ledger, "state") == ["planned", "planned"]
        transaction = ledger._transaction()
        transaction.__enter__()("DELETE FROM item")
        assert not transaction.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert ledger.count() == 2


def test_a_transaction_that_sqlite_itself_has_undone(path: str):
    with planned(path, "1") as ledger:
        transaction = ledger._transaction()
        transaction.__enter__()("ROLLBACK")  # as after an error of the disk
        with pytest.raises(LedgerError, match="no transaction is active"):
            transaction.__exit__(None, None, None)


def test_a_closed_ledger_says_so(path: str):
    with planned(path, "1") as ledger:
        pass
    with pytest.raises(LedgerError, match="closed"):
        ledger.count()


# One run at a time.


def test_one_run_at_a_time(path: str):
    with exclusive_run(path):
        with (
            pytest.raises(LedgerError, match="another run of this ledger is going on") as caught,
            exclusive_run(path),
        ):
            pass
        assert "Wait until it has ended" in str(caught.value)
        with exclusive_run(f"{path}2"):
            pass
    with exclusive_run(path):
        pass


def test_a_lock_in_a_folder_that_is_not_there(tmp_path: Path):
    with (
        pytest.raises(LedgerError, match=r"job\.sqlite\.lock: .*No such file"),
        exclusive_run(str(tmp_path / "x/job.sqlite")),
    ):
        pass


def test_a_lock_that_is_none(path: str):
    Path(f"{path}.lock").write_text(
        "this is a text, and it is longer than the header of a database would be " * 9
    )
    with pytest.raises(LedgerError, match="not a database"), exclusive_run(path):
        pass


# What it holds.


def test_add(path: str):
    with Ledger(path) as ledger:
        assert ledger.add([entry("1"), entry("2"), entry("1")], replace=False) == 2
        assert ledger.add([entry("2"), entry("3")], replace=False) == 1
        assert column(ledger, "item", "state") == [(one, "planned") for one in "123"]


def test_add_with_other_settings(path: str):
    secret = {"auth_cookie": {"name": "sid", "value": "my-cookie"}}
    with planned(path, "1", "2", "3", "4") as ledger:
        rows = list(ledger.rows("planned"))
        ledger.intend(rows[:3], None, Moment(5))
        ledger.settle([LedgerOutcome(1, "licensed"), LedgerOutcome(2, "failed", "No")])
        for one, state in zip("1234", ("licensed", "failed", "unknown", "planned"), strict=True):
            changed = entry(one, size="small", **secret)
            with pytest.raises(
                LedgerError, match=f"image {one} is {state} already, with another auth_cookie, size;"
            ) as caught:
                ledger.add([entry("9"), changed], replace=False)
            assert "my-cookie" not in str(caught.value)
        with pytest.raises(LedgerError, match="image 1 is licensed already, with another size, and 1 more"):
            ledger.add([entry(one, size="small") for one in "1234"], replace=True)
        assert column(ledger, "state", "error")[1] == ("failed", "No")
        assert ledger.add([entry(one, size="small") for one in "2497"], replace=True) == 2
        assert column(ledger, "state", "error") == [
            ("licensed", None),
            ("planned", None),
            ("unknown", None),
            *[("planned", None)] * 3,
        ]
        assert all("small" in row.entry for row in ledger.rows("planned"))


def test_rows(path: str):
    with planned(path, *"12345") as ledger:
        ledger.settle(
            [
                LedgerOutcome(2, "planned", "No"),
                LedgerOutcome(4, "licensed", link="x"),
                LedgerOutcome(5, "licensed"),
            ]
        )
        ledger.keep([(5, "5.jpg", 7, None)])
        assert [row.item for row in ledger.rows("planned")] == ["1", "3", "2"]
        assert [row.item for row in ledger.rows("licensed")] == ["5", "4"]
        assert next(ledger.rows("licensed")) == LedgerRow(5, "5", entry("5")[1], path="5.jpg", bytes=7)
        assert list(ledger.rows("unknown")) == []


def test_a_row_knows_its_subscription(path: str):
    with Ledger(path) as ledger:
        ledger.add([entry("1"), entry("2", subscription_id="s")], replace=False)
        assert [row.subscription_id for row in ledger.rows("planned")] == [None, "s"]


def test_body(path: str):
    with Ledger(path) as ledger:
        ledger.add([entry("1"), entry("2", metadata={"order": "7"})], replace=False)
        one, two = ledger.rows("planned")
        assert ledger.body(one, None) == {"image_id": "1"}
        assert ledger.body(one, "key") == {"image_id": "1", "metadata": {"key": f"{ledger.id}-1"}}
        assert ledger.body(two, "key")["metadata"] == {"order": "7", "key": f"{ledger.id}-2"}
        assert ledger.body(two, "key") == ledger.body(two, "key")


def test_what_is_about_to_be_sent(path: str):
    with planned(path, "1", "2") as ledger:
        rows = list(ledger.rows("planned"))
        ledger.settle([LedgerOutcome(1, "planned", "before")])
        ledger.intend(rows[:1], "key", Moment(5.5, 1, 6.5))
        assert column(ledger, "state", "marker", "sent_at", "sent_service", "doubtful_since", "error") == [
            ("unknown", "key", 5.5, 6.5, None, None),
            ("planned", None, None, None, None, None),
        ]
        with pytest.raises(LedgerError, match="image 1 is no longer planned"):
            ledger.intend(rows[::-1], "key", Moment(6))
        assert column(ledger, "state") == ["unknown", "planned"]  # all or none
        ledger.add([entry("2", size="small")], replace=True)
        with pytest.raises(LedgerError, match="image 2 is no longer planned"):
            ledger.intend(rows[1:], "key", Moment(6))


def test_doubt(path: str):
    with planned(path, "1", "2", "3") as ledger:
        rows = list(ledger.rows("planned"))
        ledger.intend(rows[:2], None, Moment(5))
        ledger.settle([LedgerOutcome(2, "licensed")])
        ledger.doubt([1, 2, 3], Moment(7.5, 1, 8.5), "hung up")
        assert column(ledger, "doubtful_since", "doubtful_service", "error") == [
            (7.5, 8.5, "hung up"),
            (None, None, None),
            (None, None, None),
        ]
        ledger.settle([LedgerOutcome(1, "planned")])
        ledger.intend(rows[:1], None, Moment(9))
        assert column(ledger, "doubtful_since")[0] is None  # a new request, a new doubt


def test_a_licence_is_never_forgotten(path: str):
    known = LedgerOutcome(1, "licensed", None, "L1", 2, 1.5, "USD", True, "https://files.example/1")
    columns = ("state", "error", "license_id", "charge", "price", "currency", "reused", "link")
    with planned(path, "1", "2") as ledger:
        ledger.settle([known])
        ledger.settle([LedgerOutcome(1, "planned", "No"), LedgerOutcome(1, "licensed", license_id="L2")])
        ledger.retry_failed()
        assert column(ledger, *columns)[0] == known[1:]
        assert column(ledger, *columns)[1] == ("planned", *[None] * 5, 0, None)


def test_what_was_refused_is_planned_once_more(path: str):
    with planned(path, "1", "2") as ledger:
        ledger.settle([LedgerOutcome(1, "failed", "No")])
        ledger.retry_failed()
        assert column(ledger, "state", "error") == [("planned", "No"), ("planned", None)]


def test_a_link_goes_when_the_file_is_here(path: str):
    link = f"https://files.example/1?sign={SECRET}"
    count = 60
    with planned(path, *map(str, range(count))) as ledger:
        ledger.settle(
            [
                LedgerOutcome(one + 1, "licensed", license_id=f"L{one}", link=link * (one + 1))
                for one in range(count)
            ]
        )
        ledger.keep([(1, None, None, "no disk")])
        assert column(ledger, "path", "bytes", "file_error", "link")[0] == (None, None, "no disk", link)
        ledger.keep([(one + 1, f"{one}.jpg", 7, None) for one in range(count)])
        assert set(column(ledger, "bytes", "file_error", "link")) == {(7, None, None)}
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in Path(path).parent.iterdir())


def test_charges(path: str):
    with planned(path, *"1234567") as ledger:
        assert ledger.charges() == Charges(0, 0, 0, 0)
        rows = list(ledger.rows("planned"))
        ledger.intend(rows[:1], None, Moment(5))
        ledger.settle(
            [
                LedgerOutcome(2, "licensed", charge=1),
                LedgerOutcome(3, "licensed", charge=2.5),
                LedgerOutcome(4, "licensed"),
                LedgerOutcome(5, "licensed", reused=True),
                LedgerOutcome(6, "failed"),
            ]
        )
        assert ledger.charges() == Charges(spent=3.5, most=2.5, told=2, untold=2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", ""),
        ("é", "é"),
        (7, "7"),
        ("\ud800x", "?x"),
        (True, None),
        (None, None),
        (1.5, None),
        ({}, None),
    ],
)
def test_plain(value: Any, text: str | None):
    assert plain(value) == text


def test_it_belongs_to_its_thread(path: str):
    found: list[Exception] = []
    with Ledger(path) as ledger:

        def work() -> None:
            try:
                ledger.count()
            except LedgerError as error:
                found.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert "thread" in str(found[0])
