"""The file of a ledger: it has one name and one lock, whatever it is called, and old ones go on."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from license_service import Make, Service, states

from shutterstock_api import ApiClient, LedgerError, LicenseJob
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.jobs import ledger_file
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.jobs.ledger_file import exclusive_run, own_name

pytestmark = pytest.mark.skipif(os.name == "nt", reason="hard links and mounts of Unix")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "job.sqlite"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path.resolve() / "elsewhere" / "other.sqlite"


# Names.


def test_a_hard_link_is_the_same_ledger(
    make: Make, client: ApiClient, service: Service, path: Path, other: Path
):
    job = make("1")
    os.link(path, other)
    twin = LicenseJob(client, other)
    assert repr(twin) == repr(job) == f"<LicenseJob {path}>"
    with exclusive_run(str(path)), pytest.raises(LedgerError, match="another run of this ledger"):
        twin.run()
    assert states(twin.run()) == {"1": "licensed"}
    assert states(job.run()) == {"1": "licensed"}
    assert len(service.bodies) == 1
    assert os.listdir(other.parent) == ["other.sqlite"]


def test_what_only_the_log_knows_is_seen_by_the_other_name(client: ApiClient, path: Path, other: Path):
    with Ledger(str(path)) as ledger:
        os.link(path, other)
        ledger.add([("1", '{"image_id":"1"}')], replace=False)
        assert LicenseJob(client, other).add("1") == 0
        with Ledger(str(other)) as twin:
            assert (twin.path, twin.count()) == (str(path), 1)


def test_a_symbolic_link_to_a_hard_link(make: Make, path: Path, other: Path):
    make("1")
    os.link(path, other)
    (other.parent / "link").symlink_to(other)
    assert own_name(str(other.parent / "link")) == str(path)


def test_a_ledger_that_was_moved_has_its_new_name(make: Make, client: ApiClient, path: Path, other: Path):
    make("1")
    path.rename(other)
    moved = LicenseJob(client, other)
    assert len(moved.status().images) == 1
    os.link(other, path)
    assert own_name(str(path)) == str(other)


def test_a_ledger_whose_first_name_is_gone_goes_by_the_one_it_is_called(make: Make, path: Path, other: Path):
    make("1")
    os.link(path, other)
    os.link(path, other.parent / "third.sqlite")
    path.unlink()
    assert own_name(str(other)) == str(other)
    Ledger(str(other)).__exit__()
    assert own_name(str(other.parent / "third.sqlite")) == str(other)


def test_other_files_with_several_names(path: Path, other: Path):
    path.write_text("no ledger")
    os.link(path, other)
    assert own_name(str(other)) == str(other)
    with pytest.raises(LedgerError, match="not a ledger"):
        Ledger(str(other))


def test_a_copy_is_not_run_while_the_original_is_there(
    make: Make, client: ApiClient, service: Service, path: Path, other: Path
):
    make("1")
    shutil.copy(path, other)
    copy = LicenseJob(client, other)
    assert states(copy.status()) == {"1": "planned"}
    with pytest.raises(LedgerError, match=r"this is a copy of .*job\.sqlite, which is still there") as caught:
        copy.run()
    assert "Run the original" in str(caught.value)
    assert service.bodies == []
    path.unlink()
    assert states(copy.run()) == {"1": "licensed"}


def test_a_copy_in_place_of_the_original_is_run(make: Make, service: Service, path: Path, other: Path):
    make("1")
    shutil.copy(path, other)
    path.unlink()
    shutil.copy(other, path)
    assert states(make("1").run()) == {"1": "licensed"}


def test_another_ledger_in_the_place_of_the_first(make: Make, client: ApiClient, path: Path, other: Path):
    make("1")
    path.rename(other)
    make("2")
    assert states(LicenseJob(client, other).run()) == {"1": "licensed"}


def test_a_file_that_is_mounted_alone(
    make: Make, service: Service, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path.resolve() / "a folder"
    folder.mkdir()
    escaped = str(folder / "job.sqlite").replace(" ", r"\040")
    lines = [
        "22 1 0:20 / / rw,relatime - overlay overlay rw",
        f"23 22 0:21 /x {escaped} rw,relatime - ext4 /dev/a rw",
    ]
    (tmp_path / "mounts").write_text("\n".join(lines))
    monkeypatch.setattr(ledger_file, "MOUNTS", str(tmp_path / "mounts"))
    assert states(make("1").run()) == {"1": "licensed"}
    Ledger(str(folder / "job.sqlite")).__exit__()
    with (
        pytest.raises(LedgerError, match="mounted without its folder") as caught,
        exclusive_run(str(folder / "job.sqlite")),
    ):
        pass
    assert "Mount the folder" in str(caught.value)


# Formats.


def old(path: Path, *rows: tuple[str, str]) -> None:
    """Make a ledger of format 1 with these ids, in these states."""
    shutil.copy(Path(__file__).parents[2] / "data" / "pickles-1.1.0" / "ledger.sqlite", path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM image")
        connection.executemany(
            "INSERT INTO image (image_id, entry, state) VALUES (?, ?, ?)",
            [(item, json.dumps({"image_id": item}), state) for item, state in rows],
        )
        connection.commit()


def test_a_ledger_of_format_1_has_the_newest_format_from_now_on(path: Path):
    old(path, ("1", "planned"), ("2", "licensed"))
    with Ledger(str(path)) as ledger:
        first = ledger.id
        assert [row.item for row in ledger.rows("licensed")] == ["2"]
    with Ledger(str(path)) as ledger:
        assert ledger.id == first
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
        told = dict(connection.execute("SELECT key, value FROM job"))
        assert told == {"id": first, "medium": "image", "path": str(path)}
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_ledger_of_format_2_has_the_newest_format_from_now_on(path: Path):
    with Ledger(str(path)) as ledger:
        ledger.add([("1", "{}")], replace=False)
        columns = [tuple(row) for row in ledger._connection.execute("PRAGMA table_info(item)")]
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("ALTER TABLE item DROP COLUMN untold; PRAGMA user_version = 2")
    with Ledger(str(path)) as ledger:
        assert (ledger.count(), ledger.charges().untold) == (1, 0)
        assert [tuple(row) for row in ledger._connection.execute("PRAGMA table_info(item)")] == columns


def test_a_ledger_of_format_1_that_is_being_run_stays_as_it_is(path: Path):
    old(path, ("1", "planned"))
    before = path.read_bytes()
    with exclusive_run(str(path)), pytest.raises(LedgerError, match="another run"):
        Ledger(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("rows", "then"),
    [
        ([("\ufeff17", "planned")], [("17", "planned", "17")]),
        ([("017", "licensed")], [("17", "licensed", "017")]),
        ([("17", "licensed"), ("\ufeff17", "planned")], [("17", "licensed", "17")]),
        ([("17", "planned"), ("\ufeff17", "unknown")], [("17", "unknown", "\ufeff17")]),
        ([("17", "planned"), ("017", "failed")], [("17", "planned", "17")]),
        (
            [("17", "licensed"), ("017", "licensed")],
            [("17", "licensed", "17"), ("017", "licensed", "017")],
        ),
        ([("no id", "failed")], [("no id", "failed", "no id")]),
    ],
)
def test_ids_of_format_1_get_their_one_spelling(
    path: Path, rows: list[tuple[str, str]], then: list[tuple[str, str, str]]
):
    """What may have been bought counts, and is not bought again by its other name."""
    old(path, *rows)
    with Ledger(str(path)) as ledger:
        found = ledger.records(["item", "state", "entry"])
    assert [(item, state, json.loads(entry)["image_id"]) for item, state, entry in found] == then


def test_a_ledger_belongs_to_one_medium(path: Path):
    Ledger(str(path)).__exit__()
    with pytest.raises(LedgerError, match="this ledger licenses images, not videos") as caught:
        Ledger(str(path), IMAGES._replace(name="video"))
    assert "belongs to one medium" in str(caught.value)
