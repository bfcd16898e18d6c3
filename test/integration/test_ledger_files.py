"""Who may use a ledger, and when: processes, threads, files that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from _elsewhere import elsewhere, images, is_free

from shutterstock_api.ledger import Ledger, alone


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "campaign.sqlite")


def test_another_process_is_refused(path: str) -> None:
    with alone(path):
        assert not elsewhere(is_free, path)
    assert elsewhere(is_free, path)


def test_a_try_in_vain_leaves_the_lock_to_the_run(path: str) -> None:
    with alone(path):
        assert not is_free(path)
        assert not elsewhere(is_free, path)


def test_who_looks_takes_no_lock_from_the_run(path: str) -> None:
    with Ledger(path) as ledger:
        ledger.add([("1", "{}")])
        assert images(path) == 1
        assert elsewhere(images, path) == 1
        assert os.path.exists(f"{path}-wal"), "another process took the ledger for one that nobody uses"
        ledger.add([("2", "{}")])
        assert elsewhere(images, path) == 2
