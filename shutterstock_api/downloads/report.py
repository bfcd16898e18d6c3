"""What became of files that were to be downloaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from shutterstock_api.downloads.errors import DownloadError
from shutterstock_api.support.errors import ApiException, first_line
from shutterstock_api.support.text import MOST_LINES

Status = Literal["downloaded", "skipped", "failed"]
"""What became of a file."""


@dataclass(frozen=True)
class DownloadResult:
    """What became of one source."""

    source: Any = field(repr=False)
    """As it was given. Links are secrets, so the repr leaves it out."""
    path: Path | None
    """The file; `None` for a file object, or where its name is not known."""
    status: Status
    """`downloaded`; `skipped`, because the file was there; `failed`."""
    bytes: int = 0
    """Size of the file."""
    error: ApiException | None = None
    """Why it failed."""


@dataclass(frozen=True)
class DownloadReport:
    """What became of many sources, in the order in which they were given."""

    files: list[DownloadResult]

    @property
    def downloaded(self) -> list[DownloadResult]:
        """Files that were downloaded now."""
        return self._with("downloaded")

    @property
    def skipped(self) -> list[DownloadResult]:
        """Files that were there already."""
        return self._with("skipped")

    @property
    def failed(self) -> list[DownloadResult]:
        """Sources without a file; `error` of each says why."""
        return self._with("failed")

    @property
    def bytes(self) -> int:
        """Bytes of the files that were downloaded now."""
        return sum(file.bytes for file in self.downloaded)

    def raise_for_failures(self) -> None:
        """Raise a `DownloadError` that names what failed, if anything did."""
        if self.failed:
            raise DownloadError(reason=str(self))

    def __str__(self) -> str:
        counts = f"{len(self.downloaded)} downloaded, {len(self.skipped)} skipped"
        shown = [f"  {first_line(file.error)}" for file in self.failed[:MOST_LINES] if file.error]
        more = len(self.failed) - len(shown)
        tail = [f"  and {more} more, see failed"] if more else []
        return "\n".join([f"{counts}, {len(self.failed)} failed", *shown, *tail])

    def _with(self, status: Status) -> list[DownloadResult]:
        return [file for file in self.files if file.status == status]
