"""The kills of `benchmarks/`, in small."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from spoilt_jobs import SPOILT, SPOILT_BY

from benchmarks.kills.run import kills
from shutterstock_api.contract.media import MEDIA

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(os.name == "nt", reason="a kill there leaves files open for a while"),
]


def test_kills_cost_no_licence_and_no_file() -> None:
    report = kills(items=300, times=6, share=0.1, seed=1)
    assert not report.violations, str(report)
    assert report.kills == 6
    assert report.licences == report.files == 300
    assert any(start.states["unknown"] for start in report.starts)
    assert any(start.parts for start in report.starts)
    assert "300 GET" not in str(report), "no download met trouble"


@pytest.mark.parametrize("medium", MEDIA)
def test_kills_cost_no_licence_of_any_medium(medium: str) -> None:
    items = 20 if medium in ("track", "editorial video") else 80
    report = kills(items=items, times=3, share=0.1, seed=2, kinds=tuple(SPOILT_BY), medium=medium)
    assert not report.violations, str(report)
    assert (report.requested, report.twice, report.lost) == (items, 0, 0)
    assert report.licences + report.unknown >= items
    if MEDIA[medium].marker:
        assert (report.licences, report.unknown, report.files) == (items, 0, items)


@pytest.mark.parametrize("medium", ["image", "sound effect"])  # one has a marker, the other one has none
@pytest.mark.parametrize("spoil", SPOILT)
def test_a_job_that_is_broken_is_found_out(spoil: Callable[[], None], medium: str) -> None:
    # A few kills may all miss the moment.
    assert any(_is_found_out(spoil, seed, medium=medium) for seed in range(4, 12))


def test_clocks_histories_and_caches_cost_none_either() -> None:
    report = kills(items=200, times=5, share=0.2, seed=1, kinds=tuple(SPOILT_BY))
    assert not report.violations, str(report)
    assert report.licences == report.files == 200


@pytest.mark.parametrize("kind", SPOILT_BY)
def test_a_job_that_trusts_them_is_found_out(kind: str) -> None:
    assert any(_is_found_out(SPOILT_BY[kind], seed, kind) for seed in range(1, 9))


def _is_found_out(spoil: Callable[[], None], seed: int, *kinds: str, medium: str = "image") -> bool:
    report = kills(items=100, times=4, share=0.25, seed=seed, kinds=kinds, spoil=spoil, medium=medium)
    return any(medium in words for words in report.violations)
