"""What tests let other processes do with a ledger."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

from shutterstock_api.exceptions import LedgerError
from shutterstock_api.ledger import Ledger, alone

Given = ParamSpec("Given")
Result = TypeVar("Result")
processes = multiprocessing.get_context("spawn")


def elsewhere(function: Callable[Given, Result], *arguments: Given.args, **named: Given.kwargs) -> Result:
    """Call a function of a module in another process, and return what it returns."""
    with ProcessPoolExecutor(1, processes) as pool:
        return pool.submit(function, *arguments, **named).result()


def is_free(path: str) -> bool:
    """Tell whether a run of a ledger could begin now."""
    try:
        with alone(path):
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
    with alone(path), Ledger(path) as ledger:
        ledger.add([("1", "{}")], replace=False)
        parent.send("I have it")
        parent.recv()
