"""The files of a licence job: threads download them while the job goes on buying."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shutterstock_api.downloads.errors import DestinationError
from shutterstock_api.downloads.fetching import fetch
from shutterstock_api.downloads.filenames import same_place
from shutterstock_api.downloads.part_file import Notes, is_full, sync_folder, writing
from shutterstock_api.downloads.sources import Given, Known, parsed
from shutterstock_api.downloads.transfer import Context, is_temporary
from shutterstock_api.support.errors import ApiException, ApiValueError, first_line
from shutterstock_api.transport.interruption import Interruption, interruptible

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from shutterstock_api.api_client import ApiClient
    from shutterstock_api.downloads.filenames import Template
    from shutterstock_api.downloads.progress import Meter
    from shutterstock_api.jobs.ledger import LedgerRow

FIELDS = ("image_id", "license_id", "size", "extension")
"""What the name of a file may be made of: what is known before there is a link, so that it never changes."""
USUAL_SIZE = "huge"
"""What the service licenses where no size is given."""
RENEWABLE = frozenset({"small", "medium", "huge", "supersize", "vector"})
"""Sizes for which a link can be renewed by name; without one the licence's own counts."""


class FileOutcome(NamedTuple):
    """What became of a download."""

    row: LedgerRow
    path: str | None
    bytes: int | None = None
    error: str | None = None
    temporary: bool = False
    """Whether it may be different next time."""


class JobFiles:
    """Downloads into one folder, by several threads.

    Args:
        client: Who asks for links.
        folder: Where to.
        template: Names of the files.
        workers: How many at a time.
        meter: Who counts.
    """

    def __init__(
        self, client: ApiClient, folder: Path, template: Template, workers: int, meter: Meter
    ) -> None:
        with writing():
            folder.mkdir(parents=True, exist_ok=True)
            self._notes = Notes(folder)
        self.full: str | None = None
        """What the system said when the disk was full."""
        self._folder = folder
        self._template = template
        self._context = Context(client, True, meter, Interruption())
        workers = min(workers, client.configuration.connection_pool_maxsize)
        self._threads = ThreadPoolExecutor(workers, "shutterstock_api download")
        self._ended: SimpleQueue[FileOutcome | BaseException] = SimpleQueue()
        self._names: dict[str, str] = {}
        self._left = 0

    def add(self, row: LedgerRow) -> None:
        """Download the file of a licence in a thread, unless it is here already."""
        try:
            known, path = self._known(row)
        except ApiValueError as error:  # it has no name
            self._left += 1
            self._ended.put(FileOutcome(row, None, None, str(error)))
            return
        if row.path == str(path) and row.bytes is not None and os.path.isfile(path):
            self._context.meter.add(row.bytes, row.bytes, 1)
            return
        self._left += 1
        self._threads.submit(copy_context().run, self._work, row, known, path)

    def done(self, seconds: float) -> list[FileOutcome]:
        """Return the downloads that have ended, and those that end within some seconds."""
        until = monotonic() + seconds
        ended: list[FileOutcome] = []
        while self._left:
            try:
                one = self._ended.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                break
            if isinstance(one, BaseException):
                raise one
            self._left -= 1
            ended.append(one)
        if any(one.path for one in ended):
            with writing():
                sync_folder(self._folder)  # once for all, and before the ledger forgets their links
        return ended

    @property
    def going(self) -> bool:
        """Whether there is anything left to wait for."""
        return bool(self._left)

    def _work(self, row: LedgerRow, known: Known, path: Path) -> None:
        try:
            self._ended.put(self._fetch(row, known, path))
        except BaseException as error:  # noqa: BLE001 - raised by done(): a function for progress failed
            self._ended.put(error)

    def _known(self, row: LedgerRow) -> tuple[Known, Path]:
        entry = msgspec.json.decode(row.entry)
        size, kind = entry.get("size"), entry.get("format")
        named = Known(None, row.license_id, row.item, size or USUAL_SIZE, kind)
        fields = named.fields()
        name = self._template.filled({field: fields[field] for field in FIELDS})
        owner = self._names.setdefault(same_place(name), row.item)
        if owner != row.item:
            raise ApiValueError(f"name: {name!r} is that of image {owner}; give a template with more fields")
        path = self._folder / name
        link = None
        if row.link:
            with suppress(ApiValueError):  # then a better one is asked for
                link = parsed(row.link)
        return named._replace(link=link, size=size if size in RENEWABLE else None), path

    def _fetch(self, row: LedgerRow, known: Known, path: Path) -> FileOutcome:
        try:
            if self.full:
                raise DestinationError(reason=self.full)
            with interruptible(self._context.cut):
                done = fetch(self._context, Given(row.item), known, path, False, self._notes)
            return FileOutcome(row, str(path), done.bytes)
        except ApiException as error:
            if is_full(error):
                self.full = error.reason
            return FileOutcome(row, None, None, first_line(error), is_temporary(error))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._context.cut()
        self._threads.shutdown(cancel_futures=True)
