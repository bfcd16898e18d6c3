"""What tests let other processes do with a ledger."""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from scripted_server import Clock

from shutterstock_api import ApiClient, Configuration, LicenseJob
from shutterstock_api.downloads import part_file
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.jobs.ledger_file import LedgerError, exclusive_run

Given = ParamSpec("Given")
Result = TypeVar("Result")
_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
processes = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
processes.set_forkserver_preload(["shutterstock_api.jobs.license_job", "shutterstock_api.models"])


def elsewhere(function: Callable[Given, Result], *arguments: Given.args, **named: Given.kwargs) -> Result:
    """Call a function of a module in another process, and return what it returns."""
    with ProcessPoolExecutor(1, processes) as pool:
        return pool.submit(function, *arguments, **named).result()


def is_free(path: str) -> bool:
    """Tell whether a run of a ledger could begin now."""
    try:
        with exclusive_run(path):
            return True
    except LedgerError:
        return False


def images(path: str) -> int:
    """Return how many images stand in a ledger."""
    with Ledger(path) as ledger:
        return ledger.count()


def added_one_by_one(path: str) -> int:
    """Add ten images, each through a ledger opened anew; return how many were new."""
    added = 0
    for number in range(10):
        with Ledger(path) as ledger:
            added += ledger.add([(f"{os.getpid()}-{number}", "{}")], replace=False)
    return added


@contextmanager
def holding(path: str) -> Iterator[BaseProcess]:
    """Yield a process that runs a ledger until it is killed."""
    ours, theirs = processes.Pipe()
    process = processes.Process(target=_hold, args=(path, theirs), daemon=True)
    process.start()
    theirs.close()  # so that `recv` ends when the process does
    try:
        ours.recv()
        yield process
    finally:
        process.kill()
        process.join()
        ours.close()


def _hold(path: str, parent: Connection) -> None:
    with exclusive_run(path), Ledger(path) as ledger:
        ledger.add([("1", "{}")], replace=False)
        parent.send("I have it")
        parent.recv()


class Step(NamedTuple):
    """A step of a run, just before or just after which the process is killed."""

    owner: str
    """Where the function is that takes it, such as `os`, or `shutterstock_api.jobs.ledger:Ledger`."""
    name: str
    after: bool
    time: int = 1
    """How often it is taken up to then."""


class SharedClock(Clock):
    """A clock that processes share, so that time passes for all of them when one sleeps."""

    def __init__(self) -> None:
        self._now = processes.Value("d")
        super().__init__()

    @property
    def now(self) -> float:
        found: float = self._now.value
        return found

    @now.setter
    def now(self, value: float) -> None:
        self._now.value = value


class Place(NamedTuple):
    """Where a job licenses, and where it keeps what it has."""

    url: str
    token: str
    clock: SharedClock
    ledger: Path
    images: Path


def killed_at(step: Step, place: Place) -> int | None:
    """Run a job in a process that is killed at a step; return how it ended."""
    process = processes.Process(target=_run_to, args=(step, place))
    process.start()
    process.join(30)
    return process.exitcode


def _run_to(step: Step, place: Place) -> None:
    owner = pkgutil.resolve_name(step.owner)
    real, times = getattr(owner, step.name), count(1)

    def taken(*arguments: Any, **named: Any) -> Any:
        last = next(times) == step.time
        result = None if last and not step.after else real(*arguments, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, step.name, taken)
    part_file.SAVE_EVERY = -1.0  # so that each part has its note
    client = ApiClient(Configuration(place.url, access_token=place.token, proxy=""))
    client.timing = place.clock.timing
    LicenseJob(client, place.ledger, size="small").run(place.images, workers=2)
