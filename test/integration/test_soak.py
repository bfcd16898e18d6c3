"""The soak of `benchmarks/`, in small."""

from __future__ import annotations

import pytest

from benchmarks.sandbox import KINDS
from benchmarks.soak import soak
from shutterstock_api.calls import retry

pytestmark = pytest.mark.exhaustive


def test_bad_days_cost_no_licence_and_mix_nothing_up() -> None:
    report = soak(calls=320, threads=8, share=0.3, seed=3)
    assert not report.violations, str(report)
    assert sum(row.calls for row in report.rows.values()) >= 320
    assert sum(row.resends for row in report.rows.values()) > 10
    assert report.licences["unknown"] == 0
    assert report.licences["in doubt"] > 0
    assert f"{report.sent:,} sent" in str(report)


@pytest.mark.parametrize("kinds", [KINDS, *((kind,) for kind in KINDS)], ids="+".join)
def test_wrong_clocks_and_histories_cost_no_licence(kinds: tuple[str, ...]) -> None:
    report = soak(calls=320, threads=8, share=0.3, seed=5, kinds=kinds)
    assert not report.violations, str(report)
    assert report.licences["in doubt"] > 0


def test_on_a_good_day_all_ends_well() -> None:
    report = soak(calls=80, threads=4, share=0, seed=1)
    assert not report.violations, str(report)
    assert sum(row.good for row in report.rows.values()) == report.sent == report.arrived


def test_a_client_that_buys_twice_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "in_doubt", lambda sending, status, sent: False)
    monkeypatch.setattr(retry, "may_resend", lambda sending, status, sent: True)
    report = soak(calls=160, threads=8, share=0.5, seed=2)
    assert any("in the ledger" in words for words in report.violations), str(report)
    assert any("requests came, not 1" in words for words in report.violations), str(report)
