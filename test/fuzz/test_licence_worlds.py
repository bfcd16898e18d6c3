"""Whatever clocks, histories and stores do, nothing is bought twice, and nothing is lost."""

from __future__ import annotations

import itertools
import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import pytest
from licence_world import FAULTS, Killed, World, bury
from media_service import job_of

from shutterstock_api import ImagesApi, LicenseOutcomeUnknown, LicenseReport
from shutterstock_api.contract.media import IMAGES, MEDIA
from shutterstock_api.jobs import run
from shutterstock_api.schema.medium import Medium

pytestmark = pytest.mark.exhaustive

ITEMS = [str(number) for number in range(101, 106)]
SEEDS = int(os.environ.get("LICENCE_WORLDS", "4"))
"""Worlds of each kind."""
CLOCKS = ("wall", "date", "ahead")
HISTORIES = tuple(fault for fault in FAULTS if fault not in CLOCKS)
KINDS: list[tuple[str, ...]] = [
    (),
    *((fault,) for fault in FAULTS),
    ("wall", "date", "lag"),
    *((clock, history) for clock, history in itertools.product(CLOCKS, HISTORIES) if history != "cache"),
    ("lag", "short", "repeat", "total", "ids", "others"),
    ("lag", "cache"),
]
KILLED = [kind for kind in KINDS if not {"wall", "date"} <= {*kind}]
"""From one process to the next, nobody can tell that both clocks were wrong at once."""


class Way(NamedTuple):
    """What is licensed, and the key of its marker."""

    medium: Medium
    marker: str | None = "license_job"


WAYS = {
    "marked": Way(IMAGES),
    "unmarked": Way(IMAGES, None),
    "track": Way(MEDIA["track"]),  # no metadata in its request
    "editorial image": Way(MEDIA["editorial image"]),  # no licence id in its answer
}
# Without a marker, what another program buys at the same moment cannot be told from ours ("twins").


def named(kind: object) -> str:
    return "+".join(kind) or "none" if isinstance(kind, tuple) else ""


@pytest.fixture(autouse=True)
def small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)


@pytest.mark.parametrize("kind", KINDS, ids=named)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_job_in_one_process(tmp_path: Path, kind: tuple[str, ...], way: str, seed: int) -> None:
    finish(World(seed, kind, medium=WAYS[way].medium), tmp_path / "job.sqlite", WAYS[way].marker)


@pytest.mark.parametrize("kind", KILLED, ids=named)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_job_that_is_killed(tmp_path: Path, kind: tuple[str, ...], way: str, seed: int) -> None:
    medium, marker = WAYS[way]
    world, path = World(seed, kind, 0.01, medium), tmp_path / "job.sqlite"
    for _ in range(6):
        job = job_of(medium, world.client(), path, marker=marker)
        job.add(ITEMS)
        try:
            job.run(quiet=True)
        except Killed as killed:
            bury(killed)
            world.pass_by(world.dice.choice([0.1, 100.0, 700.0]))
        see(world)
    world.kills = 0.0
    finish(world, path, marker)


def finish(world: World, path: Path, marker: str | None) -> None:
    """Run the job until all is known that can be, and hold its report against the books."""
    job = job_of(world.medium, world.client(), path, marker=marker)
    job.add(ITEMS)
    job.run(quiet=True)
    see(world)
    marked = world.medium.marker and marker is not None
    uncertain = not marked or "hidden" in world.faults or "others" in world.faults
    twins = not marked and "others" in world.faults
    world.calm()
    for _ in range(4):
        report = job.run(quiet=True)
        world.pass_by(7200)
        see(world)
    if not twins:
        compare(world, report, uncertain)


def see(world: World) -> None:
    """Nothing was bought twice."""
    bought = {item: world.bought(item) for item in ITEMS}
    assert {item: licences for item, licences in bought.items() if len(licences) > 1} == {}


def compare(world: World, report: LicenseReport, uncertain: bool) -> None:
    """What the report says is true, and nothing is lost."""
    for image in report.images:
        bought = world.bought(image.image_id)
        if image.state == "licensed":
            assert image.license_id in (bought if world.medium.has_license_id else [*bought, None])
            assert len(bought) == 1
        elif image.state == "unknown":
            assert uncertain, f"{image.image_id} should be known: {report}"
        else:
            assert bought == [], f"{image} is lost"
            assert report.stopped


@pytest.mark.parametrize("kind", KINDS, ids=named)
@pytest.mark.parametrize("marker", ["request", None])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_reconcile(kind: tuple[str, ...], marker: str | None, seed: int) -> None:
    world = World(seed, kind)
    api = ImagesApi(world.client(license_marker=marker))
    for start in range(0, len(ITEMS), 2):
        items = ITEMS[start : start + 2]
        try:
            api.license_images({"images": [{"image_id": item} for item in items]})
        except LicenseOutcomeUnknown as doubt:
            look(world, doubt, items)


def look(world: World, doubt: LicenseOutcomeUnknown, items: Collection[str]) -> None:
    """Look the request up now and then: what is said is true, and in the end all is said."""
    before = {item: world.bought(item) for item in items}
    uncertain = doubt.marker is None or "hidden" in world.faults or "others" in world.faults
    twins = doubt.marker is None and "others" in world.faults
    for wait in (0, 1, 100, 500, 700, 700, 4000, 90000):
        world.pass_by(wait)
        found = doubt.reconcile()
        for item, licences in found.licensed.items() if not twins else ():
            assert [licence.id for licence in licences] == world.bought(item)
        assert {item: world.bought(item) for item in found.not_licensed if world.bought(item)} == {}
    if not uncertain and not world.faults & {"wall", "date", "total", "repeat", "cache"}:
        assert found.unknown == [], (before, world.faults)
