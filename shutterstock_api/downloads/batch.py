"""Downloads many files into one folder with several threads, for `download_many` and for licence jobs."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shutterstock_api.downloads.errors import (
    DestinationError,
    DownloadError,
    destination_errors,
    is_disk_full,
)
from shutterstock_api.downloads.filenames import Template, same_place
from shutterstock_api.downloads.part_file import PartFileIndex, sync_folder
from shutterstock_api.downloads.report import result_of
from shutterstock_api.downloads.sources import FIELDS
from shutterstock_api.downloads.transfer import DownloadContext, DownloadStopped, fetch
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.errors import ApiException, ApiValueError
from shutterstock_api.support.timing import GLANCE
from shutterstock_api.transport.interruption import interruptible

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path
    from typing import Self

    from shutterstock_api.downloads.report import DownloadResult
    from shutterstock_api.downloads.sources import DownloadSpec, SourceArgument

K = TypeVar("K")


class DownloadBatch(Generic[K]):
    """Downloads into one folder while more files are added. Waits are short, so that Ctrl-C can end them.

    If something is wrong with a file, that is the result for this file. Once the disk is full, no download
    is started any more.

    Args:
        context: What all downloads share.
        folder: The folder; it is created if it is missing.
        workers: How many files to download at the same time; never more than there are connections.
        template: The template of the names; by default that of each source.
        overwrite: Whether existing files are replaced.

    Raises:
        DestinationError: The folder cannot be created.
    """

    def __init__(
        self,
        context: DownloadContext,
        folder: Path,
        workers: int,
        template: Template | None = None,
        overwrite: bool = False,
    ) -> None:
        with destination_errors():
            folder.mkdir(parents=True, exist_ok=True)
            self._part_index = PartFileIndex(folder)
        self.full: DestinationError | None = None
        """The system's message when the disk was full."""
        self.context = context
        self._folder = folder
        self._template = template
        self._overwrite = overwrite
        self._owners: dict[str, str] = {}
        self._workers = min(workers, context.client.configuration.connection_pool_maxsize)
        self._threads = ThreadPoolExecutor(self._workers, "shutterstock_api download")
        self._lock = threading.Lock()
        self._tasks: deque[tuple[K, SourceArgument, DownloadSpec, Path]] = deque()
        self._ended: deque[tuple[K, DownloadResult]] = deque()
        self._working = 0
        self._running: set[Future[None]] = set()

    def place(self, owner: str, spec: DownloadSpec) -> Path:
        """Return the path of a file, which no other file of the batch can have.

        Args:
            owner: What the file belongs to, for error messages.
            spec: What to download.

        Raises:
            ApiValueError: It has no name, or that of another file.
        """
        name = (self._template or Template(spec.template, FIELDS)).filled(spec.fields())
        first = self._owners.setdefault(same_place(name), owner)
        if first != owner:
            raise ApiValueError(f"name: {name!r} is taken by {first}; give a template with more fields")
        return self._folder / name

    def add(self, key: K, argument: SourceArgument, spec: DownloadSpec, path: Path) -> None:
        """Download a file as soon as a thread is free.

        Args:
            key: The key by which `ended` returns the result.
            argument: The source, as it was passed.
            spec: What is known about it.
            path: The path of the file.
        """
        with self._lock:
            self._tasks.append((key, argument, spec, path))
            wanted = self._working < self._workers
            self._working += wanted
        if wanted:
            self._running.add(self._threads.submit(copy_context().run, self._work))

    def fail(
        self,
        key: K,
        argument: SourceArgument,
        error: Exception,
        path: Path | None = None,
        spec: DownloadSpec | None = None,
    ) -> None:
        """Record that there will be no file."""
        if not isinstance(error, ApiException):
            odd, error = error, DownloadError(reason=cleaned(f"{type(error).__name__}: {error}"))
            error.__cause__ = odd
        if is_disk_full(error):
            self.full = error
        self.context.meter.add(files=1)
        self._ended.append((key, result_of(argument, spec, path, "failed", 0, error)))

    @property
    def going(self) -> bool:
        """Whether there are results that `ended` has not returned yet."""
        return bool(self._running or self._ended)

    def wait(self, seconds: float) -> None:
        """Wait until all downloads have ended, or the time is up.

        Raises:
            Exception: The function for progress raised it.
        """
        over, self._running = wait(self._running, seconds, "FIRST_EXCEPTION")
        for one in over:
            one.result()

    def finish(self) -> list[tuple[K, DownloadResult]]:
        """Wait until all downloads have ended, and return the results."""
        while self._running:
            self.wait(GLANCE)
        return self.ended()

    def ended(self) -> list[tuple[K, DownloadResult]]:
        """Return the results since the last call. The names of their files are safe on the disk, too."""
        ended = [self._ended.popleft() for _ in range(len(self._ended))]
        if any(result.status != "failed" for _, result in ended):
            with destination_errors():
                sync_folder(self._folder)  # once for all
        return ended

    def _work(self) -> None:
        with interruptible(self.context.interruption):
            while task := self._next():
                self._download(*task)

    def _next(self) -> tuple[K, SourceArgument, DownloadSpec, Path] | None:
        with self._lock:
            if self._tasks:
                return self._tasks.popleft()
            self._working -= 1
        return None

    def _download(self, key: K, argument: SourceArgument, spec: DownloadSpec, path: Path) -> None:
        try:
            if self.full:
                raise DestinationError.of(self.full)
            result = fetch(self.context, argument, spec, path, self._overwrite, self._part_index)
            self._ended.append((key, result))
        except DownloadStopped:
            raise
        except Exception as error:  # an unexpected error of one file does not stop the others
            if error is self.context.meter.failure:
                raise
            self.fail(key, argument, error, path, spec)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if kind is not None:
            self.context.interruption()
        self._threads.shutdown(cancel_futures=True)
