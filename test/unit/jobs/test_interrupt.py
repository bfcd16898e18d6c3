"""Ctrl-C."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest
from license_service import Make, Service, errors, ids, lost, nothing, serve, states
from scripted_server import Clock, answer

from shutterstock_api import ApiClient, Progress
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.licensing.moments import Moment
from shutterstock_api.transport.service import HttpAnswer, HttpRequest


@pytest.mark.parametrize("arrived", [True, False])
def test_ctrl_c_during_a_request(
    make: Make,
    service: Service,
    client: ApiClient,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    arrived: bool,
):
    send = client.rest.send

    def interrupted(request: HttpRequest) -> HttpAnswer:
        if request.method == "POST":
            monkeypatch.undo()
            if arrived:
                send(request)
            raise KeyboardInterrupt
        return send(request)

    monkeypatch.setattr(client.rest, "send", interrupted)
    job = make(*ids(60))
    with pytest.raises(KeyboardInterrupt):
        job.run()
    assert Counter(states(job.status()).values()) == {"unknown": 50, "planned": 10}
    clock.now += 100
    report = job.run()
    assert len(report.licensed) == 60
    assert service.sold == Counter(ids(60))


def test_what_an_interrupted_run_left_says_so(make: Make, service: Service, client: ApiClient, clock: Clock):
    job = make("1")
    with Ledger(job._path) as ledger:
        ledger.intend(list(ledger.rows("planned")), "license_job", Moment(clock.now))
    service.history = lambda request: answer(403)
    clock.now += 5000
    report = job.run()
    assert errors(report) == {"1": "the run was interrupted"}
    service.history = lambda request: None
    before = clock.now
    assert (states(job.run()), len(service.bodies)) == ({"1": "licensed"}, 1)
    assert clock.now - before >= 600  # since when it is in doubt, nobody knew


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_ctrl_c_during_downloads(make: Make, service: Service, folder: Path, error: type[BaseException]):
    def progress(now: Progress) -> None:
        if now.files == 2:
            raise error

    job = make(*ids(20))
    with pytest.raises(error):
        job.run(folder, workers=2, progress=progress)
    assert len(job.status().licensed) == 20
    report = job.run(folder)
    assert [image.path for image in report.images] == [folder / f"{one}.jpg" for one in ids(20)]
    assert {path.read_text() for path in folder.iterdir()} == {f"the file of L{one}" for one in ids(20)}
    assert len(service.bodies) == 1


def test_ctrl_c_ends_downloads_that_hang(
    make: Make, service: Service, client: ApiClient, clock: Clock, folder: Path, chunks_of_two: None
):
    began, over, in_time = threading.Event(), threading.Event(), threading.Event()

    def file(licence: str) -> bytes:
        began.set()
        if over.wait(5):
            in_time.set()
        return answer(500)

    def sleep(_: float) -> None:
        assert began.wait(5)
        raise KeyboardInterrupt

    service.file = file
    service.acts = iter([serve, nothing])
    client.timing = clock.timing._replace(sleep=sleep)
    with pytest.raises(KeyboardInterrupt):
        make("1", "2", "3").run(folder, workers=1)
    over.set()
    assert in_time.wait(5)


def test_ctrl_c_in_a_pause(make: Make, service: Service, client: ApiClient, clock: Clock):
    def sleep(_: float) -> None:
        raise KeyboardInterrupt

    service.delay = 300
    service.acts = iter([lost])
    client.timing = clock.timing._replace(sleep=sleep)
    job = make("1")
    with pytest.raises(KeyboardInterrupt):
        job.run()
    client.timing = clock.timing
    assert (states(job.run()), len(service.bodies)) == ({"1": "licensed"}, 1)
