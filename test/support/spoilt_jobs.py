"""Licence jobs that are broken in some way, to see that the kills find it out."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from shutterstock_api import ImagesApi
from shutterstock_api.downloads import part_file
from shutterstock_api.jobs.ledger import Ledger


def writes_intents_too_late() -> None:
    """It writes down what it asked for when it has the answer."""
    intend, license_images = Ledger.intend, ImagesApi.license_images
    late: list[tuple[Any, ...]] = []

    def answered(self: ImagesApi, *arguments: Any) -> Any:
        try:
            return license_images(self, *arguments)
        finally:
            time.sleep(0.05)  # long enough for a kill
            intend(*late.pop())

    Ledger.intend = lambda *arguments: late.append(arguments)
    ImagesApi.license_images = answered


def never_looks() -> None:
    """It plans again what is in doubt, without a look at the history."""
    real = Ledger.retry_failed

    def retry_failed(self: Ledger) -> None:
        real(self)
        self._connection.execute("UPDATE item SET state = 'planned' WHERE state = 'unknown'")

    Ledger.retry_failed = retry_failed


def names_files_too_early() -> None:
    """It writes to the file itself, not to a part of it."""
    real = part_file.PartFile.__init__

    def begun(self: part_file.PartFile, path: Path, *arguments: Any) -> None:
        real(self, path, *arguments)
        os.rename(self._part, path)
        self._part = str(path)

    part_file.PartFile.__init__ = begun


SPOILT = [
    writes_intents_too_late,
    never_looks,
    names_files_too_early,
]
