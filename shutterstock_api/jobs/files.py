"""The files of a licence job: threads download them while the job continues to buy."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from shutterstock_api.downloads.batch import DownloadBatch
from shutterstock_api.downloads.errors import DownloadError
from shutterstock_api.downloads.sources import DownloadSpec, SourceArgument, parse_link
from shutterstock_api.downloads.transfer import EXPIRED, DownloadContext, is_temporary
from shutterstock_api.support.errors import ApiValueError, first_line
from shutterstock_api.transport.interruption import Interruption

if TYPE_CHECKING:
    from typing import Self

    from shutterstock_api.calls.client import Client
    from shutterstock_api.downloads.filenames import Template
    from shutterstock_api.downloads.progress import ProgressMeter
    from shutterstock_api.downloads.report import DownloadResult
    from shutterstock_api.jobs.ledger import LedgerRow
    from shutterstock_api.schema.medium import Medium

FIELDS = ("license_id", "size", "extension")
"""Fields of a file name besides the id. All are known before there is a link, so the name never changes."""


_LOST = (
    "The link to the file was lost or has expired, and the service does not give another one. The item is "
    "not bought again unless you ask for that with license_again()."
)


class FileOutcome(NamedTuple):
    """The outcome of a download."""

    row: LedgerRow
    path: str | None
    bytes: int | None = None
    error: str | None = None
    temporary: bool = False
    """Whether another attempt may succeed."""
    may_be_another: bool = False
    """Whether a file with this name existed already, and this link is the only one."""


class JobFiles:
    """Downloads into one folder, in several threads.

    Args:
        client: The client that asks for links.
        medium: The medium that the job licenses.
        folder: The folder for the files.
        template: The template for their names.
        workers: How many files to download at the same time.
        meter: Counts files and bytes.
    """

    def __init__(
        self,
        client: Client,
        medium: Medium,
        folder: Path,
        template: Template,
        workers: int,
        meter: ProgressMeter,
    ) -> None:
        self._medium = medium
        self.kept: list[Path] = []
        """Files that were there already, in the order in which their turn came."""
        context = DownloadContext(client, True, meter, Interruption())
        self._batch: DownloadBatch[LedgerRow] = DownloadBatch(context, folder, workers, template)

    @property
    def full(self) -> str | None:
        """The system's message when the disk was full."""
        return self._batch.full.reason if self._batch.full else None

    def add(self, row: LedgerRow) -> None:
        """Download the file of a licence in a thread, unless it exists already."""
        medium, entry = self._medium, msgspec.json.decode(row.entry)
        size, kind = entry.get("size"), entry.get("format")
        named = DownloadSpec(medium, None, row.license_id, row.item, size or medium.size, kind)
        argument = SourceArgument(row.item)
        try:
            path = self._batch.place(named.shown, named)
        except ApiValueError as error:
            self._batch.fail(row, argument, error)
            return
        if row.path == str(path) and row.bytes is not None and os.path.isfile(path):
            self._batch.context.meter.add(row.bytes, row.bytes, 1)
            return
        link = None
        if row.link:
            with suppress(ApiValueError):  # then the download asks for another link
                link = parse_link(row.link)
        asked = size if size in medium.redownload_sizes else None
        if medium.redownload is None:
            if link is None and row.path and row.bytes is not None and os.path.isfile(row.path):
                self._batch.context.meter.add(row.bytes, row.bytes, 1)  # an earlier run put it elsewhere
                return
            if link is None:
                self._batch.fail(row, argument, DownloadError(reason=_LOST), path)
                return
            named = named._replace(license_id=None)  # nobody gives a link for it
        self._batch.add(row, argument, named._replace(link=link, size=asked), path)

    def done(self, seconds: float) -> list[FileOutcome]:
        """Return the downloads that have ended, and those that end within a few seconds."""
        self._batch.wait(seconds)
        return [self._outcome(row, result) for row, result in self._batch.ended()]

    def _outcome(self, row: LedgerRow, result: DownloadResult) -> FileOutcome:
        if result.error is None:
            another = False
            if result.path and result.status == "skipped":
                self.kept.append(result.path)
                another = self._medium.redownload is None
            return FileOutcome(row, str(result.path), result.bytes, may_be_another=another)
        words, temporary = first_line(result.error), is_temporary(result.error)
        if self._medium.redownload is None and result.error.status in EXPIRED:
            words = f"{words}. {_LOST}"
        return FileOutcome(row, None, None, words, temporary)

    @property
    def going(self) -> bool:
        """Whether any download is still running."""
        return self._batch.going

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: Any) -> None:
        self._batch.__exit__(*failure)
