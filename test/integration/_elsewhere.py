"""What tests let other processes do with a ledger."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

from shutterstock_api.exceptions import LedgerError
from shutterstock_api.ledger import Ledger, alone

Given = ParamSpec("Given")
Result = TypeVar("Result")


def elsewhere(function: Callable[Given, Result], *arguments: Given.args, **named: Given.kwargs) -> Result:
    """Call a function of a module in another process, and return what it returns."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
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
