"""The most that a licence job may take."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any

import pytest
from license_service import Make, Service, ids, lost, nothing, serve, states, telling, unavailable
from scripted_server import answer


@pytest.mark.parametrize(
    ("limit", "each", "dear", "bought"),
    [
        (0, 1, 1, 0),
        (0.5, 1, 1, 0),
        (1, 1, 1, 1),
        (7, 1, 1, 7),
        (7.9, 1, 1, 7),
        (60, 1, 1, 60),
        (1000, 1, 1, 80),
        (5, 6, 1, 0),
        (10, 3, 1, 8),  # the last room for 3: at 7 no more, but 8 x 1 + 3 > 10 ends it
        (10, 0.1, 2.5, 4),
        (1, 0.25, 0.25, 4),
        (10, 1, 0, 80),
    ],
)
def test_max_charge(make: Make, service: Service, limit: float, each: float, dear: float, bought: int):
    service.charge = lambda image: dear
    report = make(*ids(80)).run(max_charge=limit, charge_each=each)
    assert (len(service.books), report.charge) == (bought, bought * dear)
    if service.bodies:
        assert service.asked[0] == ["1"]
    assert (report.stopped is None) == (bought == 80)
    if report.stopped:
        assert report.stopped == f"max_charge: {limit:g} would be exceeded"


def test_max_charge_counts_all_runs(make: Make, service: Service):
    job = make(*ids(20))
    assert job.run(max_charge=5).charge == 5
    assert job.run(max_charge=5).charge == 5
    assert len(service.bodies) == 2
    assert job.run(max_charge=8).charge == 8
    assert job.run().charge == 20


def test_dear_images_raise_what_is_expected(make: Make, service: Service):
    service.charge = lambda image: 4 if image == "1" else 1
    make(*ids(20)).run(max_charge=10)
    assert service.asked == [["1"], ["2"], ["3"], ["4"]] or service.asked[:2] == [["1"], ["2"]]
    assert sum(sold["charge"] for sold in service.books) <= 10


@pytest.mark.parametrize("told", [None, "a few", "nan", -1, "-1"])
def test_charges_that_nobody_tells_count_as_dear(make: Make, service: Service, told: Any):
    service.acts = itertools.repeat(telling(lambda data: [{**e, "allotment_charge": told} for e in data]))
    report = make(*ids(20)).run(max_charge=10, charge_each=3)
    assert (service.asked, report.charge) == ([["1"], ["2", "3"]], 0)


def test_images_in_doubt_count(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([serve, lost])
    job = make(*ids(20))
    report = job.run(max_charge=10)
    assert Counter(states(report).values()) == {"licensed": 1, "unknown": 9, "planned": 10}
    service.history = lambda request: None
    report = job.run(max_charge=12)
    assert Counter(states(report).values()) == {"licensed": 12, "planned": 8}


def test_reused_licences_take_nothing(make: Make, service: Service):
    service.sell([{"image_id": one} for one in "123"])
    report = make(*ids(6)).run(max_charge=2, reuse_existing=True)
    assert (len(report.licensed), service.asked, report.charge) == (5, [["4"], ["5"]], 2)


@pytest.mark.parametrize("seed", range(12))
def test_max_charge_is_never_exceeded(make: Make, service: Service, seed: int):
    chance = random.Random(seed)
    top = chance.choice([1, 2, 0.5])
    charges = {one: chance.choice([top, top / 2, 0]) for one in ids(30)}
    service.charge = charges.__getitem__
    untold = telling(lambda data: [{**entry, "allotment_charge": None} for entry in data])
    acts = [serve, serve, lost, nothing, unavailable, untold, telling(lambda data: data[:1])]
    service.acts = iter(chance.choices(acts, k=30))
    service.delay = chance.choice([0, 300])
    job, limit = make(*ids(30)), chance.choice([0, 1, 3.5, 9, 20])
    for _ in range(3):
        job.run(max_charge=limit, charge_each=top)
        assert sum(sold["charge"] for sold in service.books) <= limit
    assert set(service.sold.values()) <= {1}
