"""What somebody found out about an image in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from license_service import Make, Service, lost, states
from scripted_server import answer

from shutterstock_api import ApiTypeError, ApiValueError, LedgerError


def test_a_doubt_that_somebody_settles(make: Make, service: Service, folder: Path):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1", "2", "3")
    assert states(job.run()) == dict.fromkeys("123", "unknown")
    job.settle("1", "L1")
    job.settle("2", None)
    assert states(job.status()) == {"1": "licensed", "2": "planned", "3": "unknown"}
    report = job.run(folder)
    assert states(report) == {"1": "licensed", "2": "licensed", "3": "unknown"}
    assert service.asked == [["1", "2", "3"], ["2"]]
    assert sorted(path.name for path in folder.iterdir()) == ["1.jpg", "2.jpg"]


@pytest.mark.parametrize("image_id", ["1", "2", "other"])
def test_what_is_no_doubt_is_not_settled(make: Make, service: Service, image_id: str):
    service.refusals = {"2": "no"}
    job = make("1", "2")
    before = job.run()
    with pytest.raises(LedgerError, match=f"image {image_id} is not unknown"):
        job.settle(image_id, None)
    assert job.status() == before


@pytest.mark.parametrize("arguments", [(1, None), ("1", 2), (None, "L1")])
def test_what_cannot_be_settled(make: Make, service: Service, arguments: Any):
    with pytest.raises(ApiTypeError, match="expected str"):
        make("1").settle(*arguments)


def test_an_empty_text_is_no_licence(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1")
    before = job.run().images
    with pytest.raises(ApiValueError, match="license_id: expected an id"):
        job.settle("1", "")
    assert job.status().images == before
