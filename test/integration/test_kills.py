"""The kills of `benchmarks/`, in small."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from spoilt_jobs import SPOILT, SPOILT_BY

from benchmarks.kills.run import kills

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


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_job_that_is_broken_is_found_out(spoil: Callable[[], None]) -> None:
    assert any(_is_found_out(spoil, seed) for seed in range(4, 12))  # a few kills may all miss the moment


def test_clocks_histories_and_caches_cost_none_either() -> None:
    report = kills(items=200, times=5, share=0.2, seed=1, kinds=tuple(SPOILT_BY))
    assert not report.violations, str(report)
    assert report.licences == report.files == 200


@pytest.mark.parametrize("kind", SPOILT_BY)
def test_a_job_that_trusts_them_is_found_out(kind: str) -> None:
    assert any(_is_found_out(SPOILT_BY[kind], seed, kind) for seed in range(1, 9))


def _is_found_out(spoil: Callable[[], None], seed: int, *kinds: str) -> bool:
    report = kills(items=100, times=4, share=0.25, seed=seed, kinds=kinds, spoil=spoil)
    return any("image" in words for words in report.violations)
