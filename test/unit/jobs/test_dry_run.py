"""Dry runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from license_service import Act, Make, Service, lost, no_history, nothing, states
from scripted_server import Clock, Server, answer


def test_a_dry_run_buys_nothing(make: Make, service: Service, folder: Path, server: Server):
    service.sell([{"image_id": "2"}])
    job = make("1", "2")
    report = job.run(folder, dry_run=True, reuse_existing=True, max_charge=5)
    assert [(image.state, image.license_id, image.reused) for image in report.images] == [
        ("planned", None, False),
        ("licensed", "L1", True),
    ]
    assert states(job.run(dry_run=True)) == {"1": "planned", "2": "planned"}
    assert states(job.status()) == {"1": "planned", "2": "planned"}
    assert {request.verb for request in server.requests} == {"GET"}
    assert not folder.exists()


@pytest.mark.parametrize(("act", "state"), [(lost, "licensed"), (nothing, "planned")])
def test_a_dry_run_looks_up_what_is_in_doubt(
    make: Make, service: Service, clock: Clock, act: Act, state: str
):
    service.history = no_history(service)
    service.acts = iter([act])
    job = make("1")
    job.run()
    assert states(job.run(dry_run=True)) == {"1": "unknown"}
    service.history = lambda request: None
    clock.now += 601
    assert states(job.run(dry_run=True)) == {"1": state}
    assert states(job.status()) == {"1": state}
    assert len(service.bodies) == 1


def test_a_dry_run_with_an_unreadable_history(make: Make, service: Service):
    service.history = lambda request: answer(403)
    report = make("1").run(dry_run=True, reuse_existing=True)
    assert states(report) == {"1": "planned"}
    assert str(report.stopped).startswith("the licence history cannot be read: ")
