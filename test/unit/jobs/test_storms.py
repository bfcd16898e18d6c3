"""Licence jobs, and programs without one, in all troubles at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from licence_storm import Storm
from spoilt_jobs import (
    never_looks,
    takes_a_first_look_for_proof,
    takes_a_short_page_for_the_last,
    takes_any_end_for_the_end,
    trusts_our_clock,
    trusts_stores,
    writes_intents_too_late,
)

from shutterstock_api.contract.media import MEDIA
from shutterstock_api.jobs import ledger_file, run
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.jobs.run import JobRun
from shutterstock_api.licensing import reconciliation
from shutterstock_api.licensing.history import LicenseHistory
from shutterstock_api.licensing.moments import Moment

MORE = int(os.environ.get("LICENCE_STORMS", "150"))
"""Storms of each kind in the long run."""
SPOILT: list[tuple[str, Callable[[], None]]] = [
    ("image", never_looks),
    ("image", takes_a_first_look_for_proof),
    ("image", takes_a_short_page_for_the_last),
    ("image", takes_any_end_for_the_end),
    ("image", trusts_our_clock),
    ("image", trusts_stores),
    ("image", writes_intents_too_late),
    ("track", takes_a_first_look_for_proof),
]
Blow = Callable[[Iterable[int], str, bool], None]


@pytest.fixture
def blow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Blow:
    """Return a function that lets storms blow; the first promise that is broken ends it."""
    monkeypatch.setattr(run, "CHUNK", 2)
    monkeypatch.setattr(run, "GLANCE", 2.0)

    def storms(seeds: Iterable[int], medium: str, killed: bool) -> None:
        for seed in seeds:
            storm = Storm(seed, MEDIA[medium], tmp_path, killed)
            with monkeypatch.context() as patch:
                patch.setattr(ledger_file, "connected", storm.world.connected)
                try:
                    storm.blow()
                except Exception as error:
                    raise AssertionError(f"seed {seed}, {sorted(storm.world.faults)}: {error}") from error

    return storms


killed = pytest.mark.parametrize("killed", [False, True], ids=["one process", "killed"])


@pytest.mark.parametrize("medium", MEDIA)
@killed
def test_a_storm(blow: Blow, medium: str, killed: bool) -> None:
    blow(range(25), medium, killed)


@pytest.mark.exhaustive
@pytest.mark.parametrize("medium", MEDIA)
@killed
def test_many_storms(blow: Blow, medium: str, killed: bool) -> None:
    blow(range(1000, 1000 + MORE), medium, killed)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("medium", "spoil"), SPOILT)
def test_a_storm_finds_out_what_is_broken(
    blow: Blow, medium: str, spoil: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = [(Ledger, "intend"), (Ledger, "retry_failed"), (JobRun, "_license"), (Moment, "wait_left")]
    spoilt += [(LicenseHistory, "_page"), (LicenseHistory, "_pages"), (reconciliation, "_look")]
    for owner, name in spoilt:
        monkeypatch.setattr(owner, name, getattr(owner, name))  # so that it is put back
    monkeypatch.setattr("spoilt_jobs.time.sleep", lambda _: None)
    spoil()
    with pytest.raises(AssertionError, match="seed"):
        blow(range(400), medium, True)
