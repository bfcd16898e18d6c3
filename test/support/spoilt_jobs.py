"""Licence jobs that are broken in some way, to see that the kills find it out."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shutterstock_api.downloads import part_file
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.jobs.run import JobRun
from shutterstock_api.licensing import reconciliation
from shutterstock_api.licensing.history import LicenseHistory
from shutterstock_api.licensing.moments import Moment


def writes_intents_too_late() -> None:
    """It writes down what it asked for when it has the answer."""
    intend, send = Ledger.intend, JobRun._license
    late: list[tuple[Any, ...]] = []

    def answered(self: JobRun, *arguments: Any) -> Any:
        try:
            return send(self, *arguments)
        finally:
            time.sleep(0.05)  # long enough for a kill
            intend(*late.pop())

    Ledger.intend = lambda *arguments: late.append(arguments)
    JobRun._license = answered


def never_looks() -> None:
    """It plans again what is in doubt, without a look at the history."""
    real = Ledger.retry_failed

    def retry_failed(self: Ledger) -> None:
        real(self)
        self._connection.execute("UPDATE item SET state = 'planned' WHERE state = 'unknown'")

    Ledger.retry_failed = retry_failed


def takes_a_first_look_for_proof() -> None:
    """It believes at once that nothing was bought."""
    Moment.wait_left = lambda self, seconds, now: -1.0


def names_files_too_early() -> None:
    """It writes to the file itself, not to a part of it."""
    real = part_file.PartFile.__init__

    def begun(self: part_file.PartFile, path: Path, *arguments: Any) -> None:
        real(self, path, *arguments)
        os.rename(self._part, path)
        self._part = str(path)

    part_file.PartFile.__init__ = begun


def trusts_our_clock() -> None:
    """It waits by the clock of this machine."""
    Moment.wait_left = lambda self, seconds, now: seconds - (now.ours - self.ours)


def takes_a_short_page_for_the_last() -> None:
    """It reads the history no further than a page that is not full."""
    real = LicenseHistory._page

    def page(self: LicenseHistory, number: int, size: int) -> Any:
        return ([], 0) if number > 1 else (real(self, number, size)[0], 0)

    LicenseHistory._page = page


def takes_any_end_for_the_end() -> None:
    """It does not care whether entries came again, and others never."""
    real = LicenseHistory._pages

    def pages(self: LicenseHistory) -> Iterator[list[Any]]:
        yield from real(self)
        self.whole = True

    LicenseHistory._pages = pages


def trusts_stores() -> None:
    """It does not care who answers, and when that was."""
    real = reconciliation._look
    reconciliation._look = lambda *arguments, anew: real(*arguments, anew=False)
    Moment.wait_left = lambda self, seconds, now: seconds - self.passed(now)


SPOILT_BY = {
    "clock": trusts_our_clock,
    "history": takes_a_short_page_for_the_last,
    "cache": trusts_stores,
}
"""Jobs that one kind of trouble finds out."""
SPOILT = [
    writes_intents_too_late,
    never_looks,
    names_files_too_early,
    takes_a_first_look_for_proof,
]
