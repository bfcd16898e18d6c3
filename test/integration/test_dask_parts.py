"""How `examples/dask_mirror.py` shares ids and ledgers among machines; no cluster is started."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import dask_script
import pytest
from dask_script import IDS

from shutterstock_api import LicenseReport

pytestmark = pytest.mark.scale


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return dask_script.load()


def test_an_id_stays_in_its_ledger(script: ModuleType):
    names = script.ledgers(8)
    many = [str(number) for number in range(10_000)]
    parts = script.partition(many, names)
    assert sorted(image_id for part in parts.values() for image_id in part) == sorted(many)
    assert all(1100 < len(part) < 1400 for part in parts.values())
    shuffled = script.partition(reversed(many[:100]), names)
    assert all(set(shuffled[name]) <= set(parts[name]) for name in names)
    assert script.partition(["465011609"], names)["0002-of-0008.sqlite"]  # now and in all releases to come


NAMES = ["0001-of-0002.sqlite", "0002-of-0002.sqlite"]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({"tcp://10.0.0.1:1": []}, "There is no ledger"),
        ({"tcp://10.0.0.1:1": NAMES[:1], "tcp://10.0.0.2:1": []}, "0002-of-0002.sqlite is missing"),
        ({"tcp://10.0.0.1:1": NAMES, "tcp://10.0.0.2:1": NAMES}, "several machines, 10.0.0.1, 10.0.0.2"),
        ({"tcp://10.0.0.1:1": [*NAMES, "0001-of-0003.sqlite"]}, "0001-of-0003.sqlite is one too many"),
    ],
)
def test_ledgers_that_are_not_what_they_must_be(script: ModuleType, seen: Any, words: str):
    with pytest.raises(script.Refused, match=words):
        script.home_of_each(seen)


def test_each_ledger_has_its_machine(script: ModuleType):
    seen = {"tcp://10.0.0.1:1": NAMES[:1], "tcp://10.0.0.1:2": NAMES[:1], "tcp://10.0.0.2:1": NAMES[1:]}
    assert script.home_of_each(seen) == {NAMES[0]: "10.0.0.1", NAMES[1]: "10.0.0.2"}


def test_new_ledgers_never_join_old_ones(script: ModuleType):
    old = SimpleNamespace(run=lambda *_: {"tcp://10.0.0.1:1": [], "tcp://10.0.0.2:1": NAMES[:1]})
    with pytest.raises(script.Refused, match="10.0.0.2 has a ledger already, 0001-of-0002.sqlite"):
        script.make(old, None, "ledgers", 4)


def test_new_ledgers_are_spread_over_the_machines(script: ModuleType):
    made = []

    def run(function: Any, *arguments: Any, workers: Any = None) -> Any:
        if workers:
            made.append((workers, arguments[2]))
        return {"tcp://10.0.0.1:1": [], "tcp://10.0.0.1:2": [], "tcp://10.0.0.2:1": []}

    script.make(SimpleNamespace(run=run), None, "ledgers", 3)
    first, second, third = script.ledgers(3)
    assert made == [(["tcp://10.0.0.1:2"], [first, third]), (["tcp://10.0.0.2:1"], [second])]


def test_each_task_has_its_machine_and_its_share(script: ModuleType, monkeypatch: pytest.MonkeyPatch):
    sent = []

    def submit(_: Any, api: Any, ledger: str, ids: list[str], wish: Any, workers: Any, **more: Any) -> str:
        sent.append((Path(ledger).name, ids, wish.max_charge, workers))
        return ledger

    def seen(*_: Any) -> dict[str, list[str]]:
        return {"tcp://10.0.0.1:1": NAMES[:1], "tcp://10.0.0.2:1": NAMES[1:]}

    monkeypatch.setattr(script, "as_completed", list)
    monkeypatch.setattr(script, "outcome", lambda *_: LicenseReport([]))
    monkeypatch.setattr(sys, "argv", ["dask_mirror.py", "--live", "--max-charge", "9", *IDS])
    script.run(SimpleNamespace(run=seen, submit=submit), None, script.arguments())
    parts = script.partition(IDS, NAMES)
    assert sent == [
        (NAMES[0], parts[NAMES[0]], 4.5, ["10.0.0.1"]),
        (NAMES[1], parts[NAMES[1]], 4.5, ["10.0.0.2"]),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--live", "--new", "2", "1"],
        ["--live", "--max-charge", "9"],
        ["--scheduler", "x"],
        ["--new", "0"],
        ["--medium", "video", "--size", "hd"],
        ["--medium", "lightbox", "17"],
    ],
)
def test_money_is_not_spent_by_accident(
    script: ModuleType, arguments: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "argv", ["dask_mirror.py", *arguments])
    with pytest.raises(SystemExit):
        script.arguments()
