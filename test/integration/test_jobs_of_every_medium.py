"""Licence jobs of every medium against the sandbox, which keeps the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.kills.goods import GOODS
from shutterstock_api import ApiClient
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox import Fault, Quirks, Sandbox

QUIRKS = [Quirks(), Quirks(history_page=1, history_repeats="entries", history_total="missing")]


@pytest.mark.parametrize("quirks", QUIRKS, ids=["calm", "odd pages"])
@pytest.mark.parametrize("name", GOODS)
def test_an_answer_is_lost(name: str, quirks: Quirks, tmp_path: Path) -> None:
    goods, medium = GOODS[name], MEDIA[name]
    ids = goods.wanted(2)
    with Sandbox(quirks=quirks) as sandbox, ApiClient(sandbox.configuration()) as client:
        before = len(sandbox.licenses())
        sandbox.faults.add(Fault(close="after", operation=medium.license.name), times=1)
        job = goods.job(client, tmp_path / "job.sqlite")
        job.add(ids)
        report = job.run(tmp_path / "files", quiet=True)
        sold = sandbox.licenses()[before:]
    assert sorted(one["item_id"] for one in sold) == sorted(ids)
    assert {one.id: one.license_id for one in report.items} == {one["item_id"]: one["id"] for one in sold}
    assert report.unknown_charges == (2 if medium.marker else 1)
    for one in report.items:
        if one.charge is None and medium.redownload is None:
            assert one.path is None
            assert "lost" in str(one.file_error)
        else:
            assert one.path is not None
            assert one.path.read_bytes() == goods.content(one.id)
