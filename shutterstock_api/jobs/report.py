"""`LicenseReport`: the state of a licence job."""

from __future__ import annotations

import csv
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from shutterstock_api.contract.media import IMAGES, MEDIA
from shutterstock_api.downloads.errors import destination_errors
from shutterstock_api.downloads.part_file import file_size
from shutterstock_api.jobs.ledger import Ledger
from shutterstock_api.modelkit.html import (
    MOST,
    Cell,
    and_more,
    cell,
    code,
    mark,
    page,
    paragraphs,
    table,
    words,
)
from shutterstock_api.modelkit.table import Table
from shutterstock_api.support.errors import ApiException
from shutterstock_api.support.text import first_lines, shorten

State = Literal["planned", "unknown", "licensed", "failed"]
"""`planned`: not bought; `unknown`: perhaps bought; `licensed`: bought; `failed`: refused, not charged."""
STATES: tuple[State, ...] = ("licensed", "failed", "unknown", "planned")


class LicenseJobError(ApiException):
    """A `LicenseJob` is not done: items were refused, are in doubt or not bought yet, or have no file.

    Attributes:
        report: The state of the job.
    """

    report: LicenseReport | None = None


@dataclass(frozen=True)
class JobItem:
    """An item of a licence job."""

    image_id: str
    """Its id, for any medium; the name is kept for compatibility. `id` is the same."""
    state: State
    error: str | None = None
    """Why it failed, in the words of the service; or what is known about an unknown or planned item."""
    license_id: str | None = None
    charge: int | float | None = None
    """Credits that it cost; `None` if it was found in the licence history, which has no charges."""
    price: float | None = None
    """Wholesale price; for revenue-share partners only."""
    currency: str | None = None
    """Currency of the price."""
    reused: bool = False
    """Whether the licence is older than the job; see `reuse_existing`."""
    path: Path | None = None
    """Its file; a full path if the file cannot be downloaded again."""
    bytes: int | None = None
    """Size of the file."""
    file_error: str | None = None
    """Why there is no file."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.image_id

    @property
    def charge_is_unknown(self) -> bool:
        """Whether it was bought and its charge is not known."""
        return self.charge is None and not self.reused and self.state == "licensed"


JobImage = JobItem


class _Record(NamedTuple):
    """An item as it is recorded in the ledger."""

    item: str
    state: State
    error: str | None
    license_id: str | None
    charge: int | float | None
    price: float | None
    currency: str | None
    reused: int
    path: Path | None
    bytes: int | None
    file_error: str | None
    spent: int | float

    def shown(self) -> JobItem:
        """Return the item as a report shows it."""
        told = self._asdict()
        item, spent = told.pop("item"), told.pop("spent")
        if spent:
            told["charge"] = spent + (self.charge or 0)
        return JobItem(item, **{**told, "reused": bool(self.reused)})


@dataclass(frozen=True)
class LicenseReport(Table):
    """The state of a licence job after all its runs so far.

    `to_records()` and `to_pandas()` return a row for each item, with the columns of `export()`.
    """

    images: list[JobItem]
    """The same as `items`; the name is kept for compatibility."""
    stopped: str | None = None
    """Why the run ended before everything was bought; `None` if it did not."""
    medium: str = IMAGES.name
    """The medium, such as `video`."""
    kept: tuple[Path, ...] = ()
    """Files that existed before this run got to them. They were kept unread: look what they are."""

    @property
    def items(self) -> list[JobItem]:
        """All items, in the order in which they were added."""
        return self.images

    @property
    def licensed(self) -> list[JobItem]:
        """Items with a licence."""
        return self._in("licensed")

    @property
    def failed(self) -> list[JobItem]:
        """Items that the service refused; the next run requests them again."""
        return self._in("failed")

    @property
    def unknown(self) -> list[JobItem]:
        """Items that may have been bought; the next run looks them up before it buys any."""
        return self._in("unknown")

    @property
    def planned(self) -> list[JobItem]:
        """Items that are still to be bought."""
        return self._in("planned")

    @property
    def without_file(self) -> list[JobItem]:
        """Licensed items whose download failed; the next run tries again if there is a link."""
        return [one for one in self.images if one.file_error is not None]

    @property
    def bytes(self) -> int:
        """Bytes of all files."""
        return sum(one.bytes or 0 for one in self.images)

    @property
    def charge(self) -> float:
        """Credits that the licences cost, as far as the service reported them; see `unknown_charges`."""
        return sum(one.charge or 0 for one in self.images)

    @property
    def unknown_charges(self) -> int:
        """The number of items whose charge is not known, because the history does not show it."""
        return sum(one.charge_is_unknown for one in self.images)

    @property
    def prices(self) -> dict[str, float]:
        """Sum of the wholesale prices in each currency; for revenue-share partners only."""
        sums: dict[str, float] = {}
        for one in self.images:
            if one.price is not None:
                currency = one.currency or ""
                sums[currency] = round(sums.get(currency, 0) + one.price, 6)
        return sums

    @classmethod
    def combined(cls, reports: Iterable[LicenseReport]) -> LicenseReport:
        """Return one report of several jobs, such as those of the parts of a long list."""
        reports = list(reports)
        stops = list(dict.fromkeys(report.stopped for report in reports if report.stopped))
        media = list(dict.fromkeys(report.medium for report in reports)) or [IMAGES.name]
        items = [one for report in reports for one in report.images]
        kept = tuple(path for report in reports for path in report.kept)
        return cls(items, "; ".join(stops) or None, media[0], kept)

    @classmethod
    def of(cls, ledger: Ledger, stopped: str | None = None, kept: Iterable[Path] = ()) -> LicenseReport:
        """Return the state of a ledger."""
        items = [record.shown() for record in ledger.records(_Record._fields, _Record)]
        return cls(items, stopped, ledger.medium.name, tuple(kept))

    def export(self, path: str | os.PathLike[str]) -> None:
        """Write a row for each item to a CSV file, in UTF-8, with the fields of `JobItem` as columns.

        The first column has the name that the service uses, such as `video_id`.

        Nobody else may read the file (mode 0600). It replaces an existing file or link.

        Args:
            path: The file; `~` is the home folder.

        Raises:
            DestinationError: The file cannot be written; an existing file is unchanged.
        """
        with destination_errors():
            target = os.path.expanduser(path)
            file_size(target)  # refuses anything that is not a file
            folder = os.path.dirname(target) or os.curdir
            descriptor, draft = tempfile.mkstemp(prefix=".export.", dir=folder)  # mode 0600
            try:
                with open(descriptor, "w", encoding="utf-8", newline="") as file:
                    rows = csv.writer(file)
                    rows.writerow(self._columns())
                    rows.writerows(astuple(one) for one in self.images)
                os.replace(draft, target)
            except BaseException:
                os.unlink(draft)
                raise

    def raise_for_failures(self) -> None:
        """Raise a `LicenseJobError` unless every item has its licence, and no download failed.

        Raises:
            LicenseJobError: Its `report` is this one.
        """
        if len(self.licensed) < len(self.images) or self.without_file or self.stopped:
            error = LicenseJobError(reason=str(self))
            error.report = self
            raise error

    def __repr__(self) -> str:
        stopped = f"; stopped: {shorten(self.stopped)}" if self.stopped else ""
        return f"<LicenseReport: {self._sums()}{stopped}>"

    def __str__(self) -> str:
        lines = [self._sums()]
        lines += [f"  price {amount:.2f} {currency}" for currency, amount in self.prices.items()]
        if self.stopped:
            lines.append(f"  stopped: {shorten(self.stopped)}")
        if self.kept:
            names = ", ".join(first_lines([path.name for path in self.kept]))
            lines.append(f"  existed already and were kept unread: {names}")
        wrong = [*self.failed, *self.unknown]
        notes = [f"{one.image_id} {one.state}: {shorten(one.error or '', 200)}" for one in wrong]
        notes += [
            f"{one.image_id} has no file: {shorten(one.file_error or '', 200)}" for one in self.without_file
        ]
        return "\n".join([*lines, *(f"  {line}" for line in first_lines(notes))])

    def _repr_html_(self) -> str:
        """Return the report as Jupyter shows it."""
        # Failures come first.
        items = sorted(self.images, key=lambda one: one.state == "licensed" and not one.file_error)
        lines = str(self).splitlines()[: 1 + len(self.prices) + bool(self.stopped) + bool(self.kept)]
        return page(
            paragraphs(lines), table(_report_columns(self.medium), items[:MOST]), and_more(len(items) - MOST)
        )

    def _columns(self) -> dict[str, str]:
        """Return the columns of a table, and their types."""
        return {MEDIA[self.medium].item_id: "str", **_COLUMNS}

    def _columns_and_rows(self) -> tuple[dict[str, str], list[dict[str, Any]]]:
        columns = self._columns()
        rows = [dict(zip(columns, astuple(one), strict=True)) for one in self.images]
        for row in rows:
            row["path"] = row["path"] and str(row["path"])
            for name in ("charge", "price"):
                row[name] = None if row[name] is None else float(row[name])
        return columns, rows

    def _sums(self) -> str:
        counts = Counter(one.state for one in self.images)
        text = ", ".join(f"{counts[state]} {state}" for state in STATES)
        files = sum(one.path is not None for one in self.images)
        if files or self.without_file:
            text += f"; {files} files, {self.bytes} bytes"
        unknown = self.unknown_charges
        return f"{text}; charge {self.charge:g}{f', {unknown} unknown' if unknown else ''}"

    def _in(self, state: State) -> list[JobItem]:
        return [one for one in self.images if one.state == state]


_COLUMNS = {
    "state": "str",
    "error": "str",
    "license_id": "str",
    "charge": "float",
    "price": "float",
    "currency": "str",
    "reused": "bool",
    "path": "str",
    "bytes": "int",
    "file_error": "str",
}
"""The columns of a report as a table, and their types: the fields of an item besides its id."""


def _report_columns(medium: str) -> Mapping[str, Cell]:
    """Return the columns of a report in Jupyter."""
    return {
        "Outcome": lambda one: mark(one.state, good={"licensed": True, "failed": False}.get(one.state)),
        medium.capitalize(): code("image_id"),
        "Licence": code("license_id"),
        "Charge": cell("charge"),
        "File": cell("path"),
        "Reason": lambda one: words(one.error or one.file_error),
    }
