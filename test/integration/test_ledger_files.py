"""Who may use a ledger, and when: processes, threads, files that are none."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from other_processes import added_one_by_one, elsewhere, holding, images, is_free, processes

from shutterstock_api import ImagesApi, LedgerError, LicenseJob
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.jobs.ledger_file import exclusive_run


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "campaign.sqlite")


def test_another_process_is_refused(path: str) -> None:
    with exclusive_run(path):
        assert not elsewhere(is_free, path)
    assert elsewhere(is_free, path)


def test_a_try_in_vain_leaves_the_lock_to_the_run(path: str) -> None:
    with exclusive_run(path):
        assert not is_free(path)
        assert not elsewhere(is_free, path)


def test_who_looks_takes_no_lock_from_the_run(path: str) -> None:
    with Ledger(path) as ledger:
        ledger.add([("1", "{}")], replace=False)
        assert images(path) == 1
        assert elsewhere(images, path) == 1
        assert os.path.exists(f"{path}-wal"), "another process took the ledger for one that nobody uses"
        ledger.add([("2", "{}")], replace=False)
        assert elsewhere(images, path) == 2


def test_a_killed_run_leaves_no_lock(path: str) -> None:
    with holding(path):
        assert not is_free(path)
    assert is_free(path)
    assert images(path) == 1
    assert not [name for name in os.listdir(os.path.dirname(path)) if "journal" in name]


def test_threads_are_refused_too(path: str) -> None:
    with exclusive_run(path), ThreadPoolExecutor(1) as threads:
        assert not threads.submit(is_free, path).result()


def test_a_symbolic_link_is_the_same_ledger(api: ImagesApi, path: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere" / "link.sqlite"
    other.symlink_to(path)
    LicenseJob(api, other, size="small").add("1")
    assert elsewhere(images, path) == 1
    with exclusive_run(path), pytest.raises(LedgerError, match="another run"):
        LicenseJob(api, other, size="small").run()
    assert sorted(os.listdir(other.parent)) == ["link.sqlite"]


def test_two_processes_make_one_ledger(path: str) -> None:
    with ProcessPoolExecutor(2, processes) as pool:
        assert sum(pool.map(added_one_by_one, [path, path])) == 20
    assert images(path) == 20


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_the_database_of_another_program_stays_as_it_is(path: str, journal: str) -> None:
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute(f"PRAGMA journal_mode = {journal}")
        theirs.execute("CREATE TABLE theirs (one)")
    before = Path(path).read_bytes()
    with pytest.raises(LedgerError, match="of another program"):
        Ledger(path)
    assert Path(path).read_bytes() == before


def test_the_ledger_of_a_later_release_stays_as_it_is(path: str) -> None:
    Ledger(path).__exit__()
    with closing(sqlite3.connect(path)) as later:
        later.execute("PRAGMA journal_mode = DELETE")
        later.execute("PRAGMA user_version = 4")
    before = Path(path).read_bytes()
    with pytest.raises(LedgerError, match="format 4, and this release knows 3"):
        Ledger(path)
    assert Path(path).read_bytes() == before


def test_a_file_that_is_no_ledger(path: str) -> None:
    Path(path).write_text("image_id\n" * 2000)
    with pytest.raises(LedgerError, match="choose another file"):
        Ledger(path)
    assert Path(path).read_text() == "image_id\n" * 2000


def test_a_folder_that_is_not_there_or_is_no_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere" / "l.sqlite", tmp_path):
        with pytest.raises(LedgerError, match=re.escape(str(path))):
            Ledger(str(path))


def test_it_is_for_its_owner_only(path: str) -> None:
    with Ledger(path) as ledger, exclusive_run(path):
        ledger.add([("1", "{}")], replace=False)
        files = {
            entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in os.scandir(os.path.dirname(path))
        }
    assert set(files.values()) == {0o600}, files
    assert len(files) == 4


def test_the_next_images_are_found_without_sorting_all(path: str) -> None:
    """So that a job of 100,000 images costs as much for each as one of 100."""
    with Ledger(path) as ledger:
        ledger.add([(str(number), "{}") for number in range(20_000)], replace=False)
        steps: list[None] = []
        ledger._connection.set_progress_handler(lambda: steps.append(None), 1000)
        assert next(ledger.rows("planned")).item == "0"
    assert len(steps) < 5
