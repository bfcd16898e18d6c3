"""A job that waits says so on stderr."""

from __future__ import annotations

import io
import re
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from license_service import Make, Service, ids, lost, states
from scripted_server import Clock

from shutterstock_api.downloads import progress
from shutterstock_api.telemetry import notices
from shutterstock_api.telemetry.notices import WaitNotices

Captured = pytest.CaptureFixture[str]
CLOCK = r"\d\d:\d\d:\d\d "


def lines(capsys: Captured) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_an_item_in_doubt(make: Make, service: Service, capsys: Captured):
    service.acts, service.delay = iter([lost]), 60
    assert states(make("1").run()) == {"1": "licensed"}
    (line,) = lines(capsys)
    assert re.fullmatch(CLOCK + r"the outcome of 1 image is unknown: next look-up in 5\d\d s", line)


def test_pauses_between_requests_without_an_answer(make: Make, service: Service, capsys: Captured):
    service.acts, service.delay = iter([lost] * 2), 60
    make(*ids(51)).run()
    pause, doubt = lines(capsys)
    assert re.fullmatch(CLOCK + r"licensing continues in 25 s: POST .*: the outcome is unknown .*", pause)
    assert re.fullmatch(CLOCK + r"the outcome of 51 images is unknown: next look-up in \d+ s", doubt)


def test_a_pause_of_five_seconds_is_not_worth_a_line(make: Make, service: Service, capsys: Captured):
    service.acts = iter([lost])
    make("1").run()
    assert lines(capsys) == []


def test_a_quiet_run(make: Make, service: Service, capsys: Captured):
    service.acts, service.delay = iter([lost]), 60
    make("1").run(quiet=True)
    assert lines(capsys) == []


def test_each_wait_is_told_once(make: Make, service: Service, capsys: Captured):
    service.acts = iter([lost] * 4)
    service.history = lambda request: b""
    make("1").run()
    told = lines(capsys)
    assert len(told) == len(set(told))
    assert all(re.match(CLOCK, line) for line in told)


# Answers that do not come.


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "LATE", 0.03)
    monkeypatch.setattr(notices, "GLANCE", 0.01)


def late(seconds: float) -> Any:
    def act(service: Service, images: Any) -> bytes:
        time.sleep(seconds)
        return service.page({"per_page": "1"}) if not images else _served(service, images)

    return act


def _served(service: Service, images: Any) -> bytes:
    from license_service import serve

    return serve(service, images)


def test_an_answer_that_takes_long(make: Make, service: Service, capsys: Captured, hasty: None):
    service.acts = iter([late(0.3)])
    make("1", "2").run()
    told = [line for line in lines(capsys) if "licence request" in line]
    assert len(told) == 1
    assert told[0].endswith("the answer to a licence request for 2 images has not come yet")


def test_a_history_that_takes_long(make: Make, service: Service, capsys: Captured, hasty: None):
    service.history = lambda request: (time.sleep(0.3), None)[1]
    make("1").run(reuse_existing=True)
    assert any(line.endswith("the licence history is being read") for line in lines(capsys))


def test_a_file_that_takes_long(make: Make, service: Service, capsys: Captured, hasty: None, folder: Path):
    service.file = lambda licence: (time.sleep(0.4), None)[1]
    make("1").run(folder)
    assert any("no byte has come" in line for line in lines(capsys))


def test_what_goes_on_is_not_told(monkeypatch: pytest.MonkeyPatch):
    clock, looks = Clock(), threading.Semaphore(0)
    monkeypatch.setattr(notices, "time", SimpleNamespace(monotonic=clock.time, strftime=time.strftime))

    class Watched(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            looks.release()
            return super().wait(0.01)

    ours = SimpleNamespace(Event=Watched, Lock=threading.Lock, Thread=threading.Thread)
    monkeypatch.setattr(notices, "threading", ours)

    def look() -> None:
        """Wait until the thread that watches has looked at the clock."""
        while looks.acquire(blocking=False):
            pass
        assert all(looks.acquire(timeout=10) for _ in range(2))

    told: list[str] = []
    with WaitNotices(told.append) as waits:
        with waits.waiting("x"):
            for _ in range(3):
                clock.now += notices.LATE * 0.9
                waits.went_on()
                look()
        assert told == []
        with waits.waiting("y"):
            clock.now += notices.LATE
            look()
        clock.now += notices.LATE
        look()
    assert [line[9:] for line in told] == ["y"]


# Progress without a terminal.


def test_progress_where_there_is_no_terminal(make: Make, service: Service, capsys: Captured, folder: Path):
    report = make(*ids(3)).run(folder, progress=True)
    (line,) = lines(capsys)
    assert re.fullmatch(CLOCK + f"3/3 licensed, 3/3 files, {report.bytes} bytes", line)
    make("4").run(folder)
    assert lines(capsys) == []


def test_one_line_for_each_step_of_time(
    make: Make, service: Service, capsys: Captured, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(progress, "BETWEEN", 0.0)
    make(*ids(120)).run(progress=True)
    told = [line.partition(" ")[2] for line in lines(capsys)]
    assert told[0].startswith("1/120 licensed")
    assert told[-1].startswith("120/120 licensed")


def test_a_terminal_has_the_bar_and_no_lines(
    make: Make, service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    service.acts, service.delay = iter([lost]), 60
    make("1").run(progress=True)
    shown = terminal.getvalue()
    assert len(re.findall(r"the outcome of 1 image is unknown: next look-up in \d+ s", shown)) == 1
    assert not re.search(CLOCK + "1", shown)
    assert "1/1 licensed" in shown
