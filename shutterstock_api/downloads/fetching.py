"""Downloads: one file, many files. Each is whole when it has its name, and resumed where it was cut off."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shutterstock_api.api_client import ApiClient
from shutterstock_api.base_api import client_of
from shutterstock_api.downloads.errors import DestinationError, DownloadError
from shutterstock_api.downloads.filenames import Template, same_place
from shutterstock_api.downloads.part_file import (
    PartFile,
    PartFileIndex,
    Stream,
    destination_errors,
    is_full,
    sync_folder,
)
from shutterstock_api.downloads.progress import Meter, Progress, Wanted
from shutterstock_api.downloads.report import DownloadReport, DownloadResult
from shutterstock_api.downloads.sources import FIELDS, DownloadSpec, Licence, Source, SourceArgument
from shutterstock_api.downloads.transfer import GLANCE, Context, Transfer
from shutterstock_api.support.errors import ApiException, ApiTypeError, ApiValueError
from shutterstock_api.telemetry.reporter import OPENTELEMETRY
from shutterstock_api.transport.interruption import Interruption, interruptible

if TYPE_CHECKING:
    from typing import BinaryIO, TypeAlias

    from shutterstock_api.api.images_api import ImagesApi

    Destination: TypeAlias = str | os.PathLike[str] | BinaryIO | Any


__all__ = ["DownloadReport", "DownloadResult", "Licence", "Progress", "download", "download_many"]


def download(
    source: Source,
    destination: Destination,
    *,
    api: ImagesApi | ApiClient | None = None,
    name: str | None = None,
    size: str | None = None,
    overwrite: bool = True,
    progress: Wanted = False,
) -> DownloadResult:
    """Download a file.

    It is written to `<name>.part` and renamed when it is whole. What breaks off is asked for again, and
    what was interrupted is resumed, also by another process, where the server proves that it has the same
    file. No credentials are sent to the host of the file.

    Args:
        source: A link, a licence result, an entry of the licence history, a `Licence` or a licence's id.
        destination: Path of the file, a folder, or a file object opened in binary mode.
        api: Who asks for a link where there is none, or where it is too old; with its settings, too.
        name: Template of the file's name in a folder, such as `{image_id}-{size}.jpg`. Fields: image_id,
            license_id, size, extension, and name, which is what the link says.
        size: Size of the file, such as `huge`, where the source does not say.
        overwrite: `False`: a file that is there stays, and is `skipped`.
        progress: `True` for a bar of tqdm, or a function that is called with a `Progress`.

    Raises:
        DownloadError: The link gives no file, or not all of it.
        DestinationError: The file cannot be written; also an `OSError`.
        ApiException: Anything else, as with any call.
    """
    given, source = SourceArgument(source), ""  # no frame of a traceback shows the link
    found = given.spec(size)
    with ExitStack() as stack:
        client, renews = _client(api, stack)
        _check(found, renews)
        template = None if name is None else Template(name, FIELDS)
        target = destination if hasattr(destination, "write") else _path(destination, found, template)
        context = Context(client, renews, stack.enter_context(Meter(progress, 1)), Interruption())
        return fetch(context, given, found, target, overwrite)


def download_many(
    sources: Iterable[Source],
    directory: str | os.PathLike[str],
    *,
    workers: int = 8,
    api: ImagesApi | ApiClient | None = None,
    name: str | None = None,
    size: str | None = None,
    overwrite: bool = False,
    progress: Wanted = False,
) -> DownloadReport:
    """Download files into a folder, several at a time. To call it again goes on where it ended.

    What goes wrong with one file stands in the report, and the others go on. Only a full disk ends
    it early: the sources after that fail unasked.

    Args:
        sources: As for `download`.
        directory: The folder; it is made where it is missing.
        workers: How many files at a time; no more than `Configuration.connection_pool_maxsize`.
        api: As for `download`.
        name: Template of the names, as for `download`. Of two sources that would have the same name, the
            second fails.
        size: As for `download`.
        overwrite: `True`: files that are there are downloaded anew.
        progress: As for `download`.

    Raises:
        ApiException: An argument is wrong, or the folder cannot be made.
    """
    if isinstance(sources, (str, bytes)) or not isinstance(sources, Iterable):
        hint = "; give its data" if hasattr(sources, "data") else ""
        raise ApiTypeError(
            "sources: expected a list of links, licence results or licences, "
            f"got {type(sources).__name__}{hint}"
        )
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ApiValueError(f"workers: expected a number from 1, got {workers!r}")
    template = None if name is None else Template(name, FIELDS)
    folder = Path(_local(directory))
    given, sources = [SourceArgument(source) for source in sources], ()
    with ExitStack() as stack:
        client, renews = _client(api, stack)
        with destination_errors():
            folder.mkdir(parents=True, exist_ok=True)
        context = Context(client, renews, stack.enter_context(Meter(progress, len(given))), Interruption())
        run = _Run(context, folder, template, size, overwrite)
        report = DownloadReport(run.all(given, workers))
        if report.downloaded:
            with destination_errors():
                sync_folder(folder)  # once for all
        return report


class _Run:
    """Downloads into one folder, by several threads."""

    def __init__(
        self, context: Context, folder: Path, template: Template | None, size: str | None, overwrite: bool
    ) -> None:
        self._context = context
        self._folder = folder
        self._template = template
        self._size = size
        self._overwrite = overwrite
        self._full: DestinationError | None = None
        self._names: dict[str, int] = {}
        with destination_errors():
            self._part_index = PartFileIndex(folder)

    def all(self, given: list[SourceArgument], workers: int) -> list[DownloadResult]:
        """Download all; results come in the order of the sources."""
        plans = [self._plan(index, source) for index, source in enumerate(given)]
        workers = min(workers, len(given), self._context.client.configuration.connection_pool_maxsize) or 1
        results: list[Any] = [None] * len(given)
        turns = iter(range(len(given)))

        def work() -> None:
            with interruptible(self._context.cut):
                for index in turns:
                    results[index] = self._one(given[index], plans[index])

        with ThreadPoolExecutor(workers, "shutterstock_api download") as threads:
            try:
                going = {threads.submit(copy_context().run, work) for _ in range(workers)}
                while going:  # in short waits: not every system interrupts a long one
                    done, going = wait(going, timeout=GLANCE, return_when="FIRST_EXCEPTION")
                    for one in done:
                        one.result()
            except BaseException:  # Ctrl-C, or a function for progress that raises
                self._context.cut()
                raise
        return results

    def _plan(self, index: int, given: SourceArgument) -> tuple[DownloadSpec, Path] | ApiException:
        """Find out what and where to, before anything is sent."""
        try:
            found = given.spec(self._size)
            _check(found, self._context.renews)
            path = _named(self._folder, found, self._template)
            first = self._names.setdefault(same_place(path.name), index)
            if first != index:
                raise ApiValueError(
                    f"name: {path.name!r} is taken by source {first}; give a template with more fields"
                )
        except ApiException as error:
            return error
        return found, path

    def _one(self, given: SourceArgument, plan: tuple[DownloadSpec, Path] | ApiException) -> DownloadResult:
        path = None if isinstance(plan, ApiException) else plan[1]
        try:
            if isinstance(plan, ApiException):
                raise plan
            if self._full:
                raise DestinationError.of(self._full)
            return fetch(self._context, given, *plan, self._overwrite, self._part_index)
        except ApiException as error:
            if is_full(error):
                self._full = error
            self._context.meter.add(files=1)
            return DownloadResult(given.source, path, "failed", error=error)


def fetch(
    context: Context,
    given: SourceArgument,
    source: DownloadSpec,
    target: Any,
    overwrite: bool,
    part_index: PartFileIndex | None = None,
) -> DownloadResult:
    """Download one source.

    Args:
        context: What all files of a run share.
        given: The source as the caller gave it.
        source: What is known of it.
        target: A path, or a file object.
        overwrite: Whether a file that is there is replaced.
        part_index: As for `PartFile`.
    """
    path = target if isinstance(target, Path) else None
    with destination_errors():
        here = None if path is None else _size(path)
    if here is not None and not overwrite:
        context.meter.add(here, here, 1)
        return DownloadResult(given.source, path, "skipped", here)
    with destination_errors():
        clock = context.client.timing.monotonic
        part = Stream(target) if path is None else PartFile(path, source.identity, clock, part_index)
    try:
        _run_traced(Transfer(context, source, part))
    finally:
        part.close()
    context.meter.add(files=1)
    return DownloadResult(given.source, path, "downloaded", part.size)


def _run_traced(transfer: Transfer) -> None:
    """Run a transfer, in a span of its own where the program uses OpenTelemetry."""
    if OPENTELEMETRY not in sys.modules:
        return transfer.run()
    from shutterstock_api.telemetry.tracing import traced

    return traced("download", {"http.request.method": "GET"}, transfer.run)


def _size(path: Path) -> int | None:
    """Return the size of the file that is there, if one is; a folder or a device is never replaced."""
    try:
        here = os.stat(path)
    except OSError:  # what is wrong, if anything is, shows when it is written
        return None
    if not stat.S_ISREG(here.st_mode):
        raise FileExistsError(errno.EEXIST, "not a regular file", str(path))
    return here.st_size


def _client(api: Any, stack: ExitStack) -> tuple[ApiClient, bool]:
    """Return the client, and whether it may ask the service for links."""
    if api is None:
        return stack.enter_context(ApiClient()), False
    return client_of(api), True


def _check(source: DownloadSpec, renews: bool) -> None:
    """Raise an error for a source that can have no file."""
    problem = source.refusal
    hint = None
    if not problem and source.link is None and not renews:
        problem = "there is no link yet"
        hint = "Give api=, an ImagesApi: it asks for one, which costs nothing."
    if problem:
        error = DownloadError(reason=f"{source.shown}: {problem}", hint=hint)
        error.image_id, error.license_id = source.image_id, source.license_id
        raise error


def _path(destination: Any, source: DownloadSpec, template: Template | None) -> Path:
    path = Path(_local(destination))
    is_folder = path.is_dir() or str(destination).endswith(("/", os.sep))
    if is_folder:
        with destination_errors():
            path.mkdir(parents=True, exist_ok=True)
        return _named(path, source, template)
    if template is not None:
        raise ApiValueError("name: it is for a folder, and the destination is none")
    return path


def _local(path: Any) -> str:
    """Return a path of this machine."""
    try:
        text = os.fspath(path)
    except TypeError:
        raise ApiTypeError(
            f"destination: expected a path or a binary file object, got {type(path).__name__}"
        ) from None
    if not isinstance(text, str):
        raise ApiTypeError(f"destination: expected a path as str, got {type(text).__name__}")
    if "\0" in text:
        raise ApiValueError("destination: no path holds a null character")
    if "://" in text:
        raise ApiValueError(
            "destination: a URL is no path; open it first, as in `with fsspec.open(url, 'wb') as file:`"
        )
    return text


def _named(folder: Path, source: DownloadSpec, template: Template | None) -> Path:
    return folder / (template or Template(source.template, FIELDS)).filled(source.fields())
