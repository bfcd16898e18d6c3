"""What has become of a licence job: `LicenseReport`."""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from shutterstock_api.downloads.part_file import writing
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
from shutterstock_api.support.errors import ApiException
from shutterstock_api.support.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shutterstock_api.jobs.ledger import Ledger


State = Literal["planned", "unknown", "licensed", "failed"]
"""`planned`: not bought; `unknown`: perhaps bought; `licensed`: bought; `failed`: refused, not charged."""
STATES: tuple[State, ...] = ("licensed", "failed", "unknown", "planned")

SHOWN = 10
"""Images that a report shows at most for each thing that went wrong."""


class LicenseJobError(ApiException):
    """A `LicenseJob` is not done: images were refused, are in doubt or not bought yet, or have no file.

    Attributes:
        report: What has become of it.
    """

    report: LicenseReport | None = None


@dataclass(frozen=True)
class JobItem:
    """An image of a licence job, or an item of another medium."""

    image_id: str
    """Its id, whatever its medium."""
    state: State
    error: str | None = None
    """Why it failed, in the words of the service; or what is known of one that is unknown or planned."""
    license_id: str | None = None
    charge: float | None = None
    """Credits that the licence took; `None` where only the licence history tells of it: that has none."""
    price: float | None = None
    """Wholesale price; for revenue-share partners only."""
    currency: str | None = None
    """Currency of the price."""
    reused: bool = False
    """Whether the licence was there before the job, by `reuse_existing`."""
    path: Path | None = None
    """Its file."""
    bytes: int | None = None
    """Size of the file."""
    file_error: str | None = None
    """Why there is no file."""


JobImage = JobItem


class _Record(NamedTuple):
    """An item as it stands in the ledger."""

    item: str
    state: State
    error: str | None
    license_id: str | None
    charge: float | None
    price: float | None
    currency: str | None
    reused: int
    path: Path | None
    bytes: int | None
    file_error: str | None


@dataclass(frozen=True)
class LicenseReport:
    """What has become of a licence job, in all its runs so far."""

    images: list[JobItem]
    """All images, in the order in which they were added."""
    stopped: str | None = None
    """Why the run ended before all was bought; `None` where it did not."""

    @property
    def licensed(self) -> list[JobItem]:
        """Images with a licence."""
        return self._in("licensed")

    @property
    def failed(self) -> list[JobItem]:
        """Images that the service refused; the next run asks for them again."""
        return self._in("failed")

    @property
    def unknown(self) -> list[JobItem]:
        """Images that may have been bought; the next run looks them up, and buys none before."""
        return self._in("unknown")

    @property
    def planned(self) -> list[JobItem]:
        """Images that are still to be bought."""
        return self._in("planned")

    @property
    def without_file(self) -> list[JobItem]:
        """Licensed images whose download failed; the next run downloads them."""
        return [one for one in self.images if one.file_error is not None]

    @property
    def bytes(self) -> int:
        """Bytes of all files."""
        return sum(one.bytes or 0 for one in self.images)

    @property
    def charge(self) -> float:
        """Credits that the licences took, as far as the service told."""
        return sum(one.charge or 0 for one in self.images)

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
        return cls([one for report in reports for one in report.images], "; ".join(stops) or None)

    @classmethod
    def of(cls, ledger: Ledger, stopped: str | None = None) -> LicenseReport:
        """Return what stands in a ledger."""
        items = []
        for record in ledger.records(_Record._fields, _Record):
            told = record._asdict()
            items.append(JobItem(told.pop("item"), **{**told, "reused": bool(record.reused)}))
        return cls(items, stopped)

    def export(self, path: str | os.PathLike[str]) -> None:
        """Write a row for each image to a CSV file, in UTF-8, with the fields of `JobImage` as columns.

        Raises:
            DestinationError: The file cannot be written; one that was there is as it was.
        """
        part = f"{os.fspath(path)}.part"
        with writing():
            with open(part, "w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(column.name for column in fields(JobItem))
                rows.writerows(astuple(one) for one in self.images)
            os.replace(part, path)

    def raise_for_failures(self) -> None:
        """Raise a `LicenseJobError` unless every image has its licence, and no download failed.

        Raises:
            LicenseJobError: It has this report.
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
        wrong = [*self.failed, *self.unknown]
        notes = [f"  {one.image_id} {one.state}: {shorten(one.error or '', 200)}" for one in wrong]
        notes += [
            f"  {one.image_id} has no file: {shorten(one.file_error or '', 200)}" for one in self.without_file
        ]
        more = [f"  and {len(notes) - SHOWN} more"] if len(notes) > SHOWN else []
        return "\n".join([*lines, *notes[:SHOWN], *more])

    def _repr_html_(self) -> str:
        """Return how it looks in Jupyter."""
        # What went wrong comes before what did not.
        items = sorted(self.images, key=lambda one: one.state == "licensed" and not one.file_error)
        lines = str(self).splitlines()[: 1 + len(self.prices) + bool(self.stopped)]
        return page(paragraphs(lines), table(_COLUMNS, items[:MOST]), and_more(len(items) - MOST))

    def _sums(self) -> str:
        counts = Counter(one.state for one in self.images)
        text = ", ".join(f"{counts[state]} {state}" for state in STATES)
        files = sum(one.path is not None for one in self.images)
        if files or self.without_file:
            text += f"; {files} files, {self.bytes} bytes"
        return f"{text}; charge {self.charge:g}"

    def _in(self, state: State) -> list[JobItem]:
        return [one for one in self.images if one.state == state]


_COLUMNS: Mapping[str, Cell] = {
    "Outcome": lambda one: mark(one.state, good={"licensed": True, "failed": False}.get(one.state)),
    "Image": code("image_id"),
    "Licence": code("license_id"),
    "Charge": cell("charge"),
    "File": cell("path"),
    "Reason": lambda one: words(one.error or one.file_error),
}
"""The columns of a report in Jupyter."""
