"""The results of downloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shutterstock_api.downloads.errors import DownloadError
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
from shutterstock_api.support.errors import ApiException, first_line
from shutterstock_api.support.text import MOST_LINES

if TYPE_CHECKING:
    from shutterstock_api.downloads.sources import DownloadSpec, SourceArgument

Status = Literal["downloaded", "skipped", "failed"]
"""The result of a download."""


@dataclass(frozen=True)
class DownloadResult:
    """The result for one source."""

    source: Any = field(repr=False)
    """The source as it was given. The repr leaves it out, because links are secrets."""
    path: Path | None
    """The file; `None` for a file object, or if its name is not known."""
    status: Status
    """`downloaded`; `skipped`, because the file already existed; or `failed`."""
    bytes: int = 0
    """Size of the file."""
    error: ApiException | None = None
    """Why it failed."""
    medium: str | None = None
    """The medium, such as `image` or `sound effect`; `None` if the source does not say."""
    item_id: str | None = None
    """The id of the image, video, track and so on, if the source says which."""
    license_id: str | None = None
    """The id of its licence, if the source says which."""
    kind: str | None = None
    """Which file of the source, if `kind` was given."""


def result_of(
    argument: SourceArgument,
    spec: DownloadSpec | None,
    path: Path | None,
    status: Status,
    size: int = 0,
    error: ApiException | None = None,
) -> DownloadResult:
    """Return the result for a source."""
    told: tuple[str | None, ...] = ()
    if spec is not None:
        medium = spec.medium.name if spec.item_id or spec.license_id else None
        told = medium, spec.item_id, spec.license_id, spec.kind
    return DownloadResult(argument.source, path, status, size, error, *told)


@dataclass(frozen=True)
class DownloadReport(Table):
    """The results for many sources, in the order in which they were given.

    `to_records()` and `to_pandas()` return a row for each, without links.
    """

    files: list[DownloadResult]

    @property
    def downloaded(self) -> list[DownloadResult]:
        """Files that this call downloaded."""
        return self._with("downloaded")

    @property
    def skipped(self) -> list[DownloadResult]:
        """Files that already existed."""
        return self._with("skipped")

    @property
    def failed(self) -> list[DownloadResult]:
        """Sources that failed; the `error` of each says why."""
        return self._with("failed")

    @property
    def bytes(self) -> int:
        """Total bytes of the files that this call downloaded."""
        return sum(file.bytes for file in self.downloaded)

    def raise_for_failures(self) -> None:
        """Raise a `DownloadError` that lists the failed sources, if there are any."""
        if self.failed:
            raise DownloadError(reason=str(self))

    def __str__(self) -> str:
        counts = f"{len(self.downloaded)} downloaded, {len(self.skipped)} skipped"
        shown = [f"  {first_line(file.error)}" for file in self.failed[:MOST_LINES] if file.error]
        more = len(self.failed) - len(shown)
        tail = [f"  and {more} more, see failed"] if more else []
        return "\n".join([f"{counts}, {len(self.failed)} failed", *shown, *tail])

    def _repr_html_(self) -> str:
        """Return the report as Jupyter shows it: failures come first."""
        files = sorted(self.files, key=lambda file: file.status != "failed")
        counts = paragraphs([*str(self).splitlines()[:1], f"{self.bytes:,} bytes"])
        return page(counts, table(_SHOWN, files[:MOST]), and_more(len(files) - MOST))

    def _columns_and_rows(self) -> tuple[dict[str, str], list[dict[str, Any]]]:
        rows = [{name: getattr(file, name) for name in _COLUMNS} for file in self.files]
        for row in rows:
            row["path"] = row["path"] and str(row["path"])
            row["error"] = row["error"] and first_line(row["error"])
        return dict(_COLUMNS), rows

    def _with(self, status: Status) -> list[DownloadResult]:
        return [file for file in self.files if file.status == status]


_COLUMNS = {
    "status": "str",
    "medium": "str",
    "item_id": "str",
    "license_id": "str",
    "kind": "str",
    "path": "str",
    "bytes": "int",
    "error": "str",
}
"""The columns of a report as a table, and their types."""
_SHOWN: Mapping[str, Cell] = {
    "Outcome": lambda file: mark(file.status, good=file.status != "failed"),
    "Medium": cell("medium"),
    "Id": code("item_id"),
    "Licence": code("license_id"),
    "File": lambda file: escape(str(file.path or "")),
    "Bytes": cell("bytes"),
    "Reason": lambda file: words(file.error and first_line(file.error)),
}
"""The columns of a report in Jupyter."""
