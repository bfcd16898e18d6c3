"""A ledger with wrong bytes in it, wherever they are: an error of ours, or none, but no bare exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from shutterstock_api import ApiClient, LedgerError, LicenseJob


@pytest.fixture
def ledger(tmp_path: Path, client: ApiClient) -> Path:
    path = tmp_path / "job.sqlite"
    LicenseJob(client, path).add([str(number) for number in range(20)])
    return path


def _used(client: ApiClient, path: Path) -> bool:
    """Use a ledger in all ways that buy nothing; tell whether it could be used."""
    try:
        job = LicenseJob(client, path)
        job.add(["77"])
        job.status()
        job.run(dry_run=True)
    except LedgerError:
        return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes(client: ApiClient, ledger: Path, seed: int) -> None:
    whole, chance, good = ledger.read_bytes(), random.Random(seed), 0
    places = [place for place, byte in enumerate(whole) if byte]
    for _ in range(50):
        spoilt = bytearray(whole)
        for place in chance.sample(places, chance.choice([1, 2, 5])):
            spoilt[place] = chance.choice([0, 0xA2, 0xFF, chance.randrange(256)])
        for file in ledger.parent.iterdir():
            file.unlink()
        ledger.write_bytes(spoilt)
        good += _used(client, ledger)
    assert 0 < good < 50


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"CREATE TABLE job", b"CREATE TABLE \xa2ob"),
        (b"CREATE TABLE item", b"CREATE TABLX \xa2tem"),
        (b"/job.sqlite", b"/\0ob.sqlite"),
    ],
    ids=["no UTF-8 in a statement", "no UTF-8 in an error", "no path"],
)
def test_damaged_text(client: ApiClient, ledger: Path, old: bytes, new: bytes) -> None:
    whole = ledger.read_bytes()
    assert old in whole
    ledger.write_bytes(whole.replace(old, new))
    with pytest.raises(LedgerError):
        LicenseJob(client, ledger)
