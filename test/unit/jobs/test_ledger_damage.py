"""Whatever has happened to a ledger's file, a job says so, and buys nothing by it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest
from licence_world import World
from license_service import Make, Service, states

from shutterstock_api import ApiClient, LedgerError, LicenseJob

IMAGES = [str(number) for number in range(100, 160)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "job.sqlite"


def change(path: Path, *statements: str) -> None:
    """Write into a ledger what no job writes."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE item",
        "DROP TABLE job",
        "DELETE FROM job",
        "DELETE FROM job WHERE key = 'id'",
        "DELETE FROM job WHERE key = 'medium'",
        "UPDATE job SET value = x'ff' WHERE key = 'id'",
        "UPDATE item SET entry = 'no JSON'",
        "UPDATE item SET entry = '[]'",
        "UPDATE item SET entry = 'null'",
        "UPDATE item SET entry = x'00ff'",
        """UPDATE item SET entry = '{"image_id": "7"}'""",
        """UPDATE item SET entry = '{"image_id": "1", "metadata": "text"}'""",
        """UPDATE item SET entry = '{"image_id": ["1"]}'""",
        "UPDATE item SET entry = '{}'",
        "UPDATE item SET item = x'31'",
        "UPDATE item SET item = '7'",
        "UPDATE item SET state = 'sold'",
        "UPDATE item SET path = x'00'",
        "UPDATE item SET bytes = 'many'",
        "UPDATE item SET bytes = 7.5",
        "UPDATE item SET state = 'licensed', charge = 'much'",
        "UPDATE item SET state = 'licensed', price = 'much'",
        "UPDATE item SET state = 'licensed', reused = 'x'",
        "UPDATE item SET state = 'licensed', error = x'00'",
        "UPDATE item SET state = 'unknown', sent_at = 'once'",
        "UPDATE item SET state = 'unknown', sent_at = 5, doubtful_since = 'then'",
        "UPDATE item SET state = 'unknown', sent_at = 5, before = 'x'",
        "UPDATE item SET state = 'unknown', sent_at = 5, before = '[7]'",
        "UPDATE item SET state = 'unknown', sent_at = 5, marker = x'00'",
        "UPDATE item SET link = x'00'",
    ],
)
def test_what_no_job_writes(make: Make, service: Service, path: Path, statement: str):
    job = make("1")
    change(path, statement)
    with pytest.raises(LedgerError) as caught:
        (job.status if "licensed" in statement else job.run)()
    assert str(path) in str(caught.value)
    assert service.bodies == []


def test_damage_elsewhere_is_found_before_anything_is_bought(make: Make, service: Service, path: Path):
    job = make("1", "2")
    change(path, "UPDATE item SET state = 'sold' WHERE item = '1'")
    with pytest.raises(LedgerError, match="the ledger is damaged"):
        job.run()
    assert service.bodies == []


@pytest.mark.parametrize("size", [0, 1, 99, 100, 4096, 5000, 8192, 12288, 16384])
def test_a_ledger_that_is_cut_off(make: Make, service: Service, path: Path, size: int):
    job = make(*IMAGES)
    job.run()
    os.truncate(path, size)
    asked = len(service.bodies)
    for use in (job.run, lambda: job.add("1"), job.status):
        with pytest.raises(LedgerError):
            use()
    assert len(service.bodies) == asked


def test_an_empty_file_that_has_never_been_a_ledger(client: ApiClient, service: Service, path: Path):
    path.touch()
    job = LicenseJob(client, path)
    job.add("1")
    assert states(job.run()) == {"1": "licensed"}


def test_a_ledger_that_was_deleted_begins_anew(make: Make, service: Service, path: Path):
    make("1").run()
    path.unlink()
    assert states(make("2").run()) == {"2": "licensed"}


def test_what_a_damaged_ledger_advises(make: Make, service: Service, path: Path):
    job = make("1")
    job.run()
    os.truncate(path, 0)
    with pytest.raises(
        LedgerError, match="the ledger is damaged: it is empty, although it has been run"
    ) as caught:
        job.status()
    assert "reuse_existing=True" in str(caught.value)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(60))
def test_bytes_that_were_changed(tmp_path: Path, seed: int):
    """Half of the images are bought: none of these is bought again, and nothing else is raised."""
    dice = Random(seed)
    world = World(seed, ())
    world.acts = ("good",)
    path = tmp_path / "job.sqlite"
    job = LicenseJob(world.client(), path)
    job.add(IMAGES[:30])
    job.run()
    job.add(IMAGES)
    data = bytearray(path.read_bytes())
    for _ in range(dice.choice([1, 1, 3, 200])):
        place = dice.randrange(len(data))
        data[place : place + dice.choice([1, 16])] = dice.randbytes(dice.choice([1, 16]))
    path.write_bytes(data)
    for use in (job.status, lambda: job.add("7"), job.run):
        with suppress(LedgerError):
            use()
    assert {item: world.bought(item) for item in IMAGES if len(world.bought(item)) > 1} == {}
