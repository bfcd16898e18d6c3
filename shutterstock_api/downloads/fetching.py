"""Downloads one file or many. A file gets its name when it is complete; an interrupted one is resumed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from shutterstock_api.base_api import Api, client_of
from shutterstock_api.calls.client import Client, new_client
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.downloads.batch import DownloadBatch
from shutterstock_api.downloads.errors import DownloadError, destination_errors
from shutterstock_api.downloads.filenames import Template
from shutterstock_api.downloads.progress import Progress, ProgressArgument, ProgressMeter
from shutterstock_api.downloads.report import DownloadReport, DownloadResult
from shutterstock_api.downloads.sources import FIELDS, Licence, Source, SourceArgument, describe_source
from shutterstock_api.downloads.transfer import DownloadContext, fetch
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.transport.interruption import Interruption

if TYPE_CHECKING:
    from shutterstock_api.downloads.sources import DownloadSpec
    from shutterstock_api.schema.medium import Medium

Destination: TypeAlias = str | os.PathLike[str] | BinaryIO | Any
"""A path, a folder, or a file object that is open for writing bytes."""

__all__ = ["DownloadReport", "DownloadResult", "Licence", "Progress", "download", "download_many"]


@explained
def download(
    source: Source,
    destination: Destination,
    *,
    api: Api | Client | None = None,
    name: str | None = None,
    size: str | None = None,
    kind: str | None = None,
    overwrite: bool = True,
    progress: ProgressArgument = False,
) -> DownloadResult:
    """Download a file.

    It is written to `<name>.part` and renamed when it is complete. If the connection breaks, the rest is
    requested again. A download that was interrupted is resumed, even by another process, if the server proves
    that it still has the same file. No credentials are sent to the host of the file.

    Args:
        source: A link, a preview such as `image.assets.preview`, a licence result, an entry of the licence
            history, a `Licence` or a licence's id; with `kind`, an item that a search found.
        destination: Path of the file, a folder, or a file object opened in binary mode.
        api: The API object or client that requests a link if there is none or it is too old; its settings
            apply, too. A licence id is assumed to belong to its medium, for example to videos with
            `VideosApi`.
        name: Template of the file's name in a folder, such as `{image_id}-{size}.jpg`. Fields: item_id
            (also as image_id, video_id, audio_id, sfx_id, editorial_id), license_id, size, kind, extension,
            and name, which is the name in the link.
        size: Size of the file, such as `huge`, if the source does not say.
        kind: Which file of the source: a preview of an item that a search found, such as `preview`, or
            another file of a licence, such as `shorts_loops_stems` of a track.
        overwrite: `False`: keep a file that already exists, and report it as `skipped`.
        progress: `True` for a tqdm progress bar, or a function that is called with a `Progress`.

    Raises:
        DownloadError: The link gives no file, or not all of it.
        DestinationError: The file cannot be written; also an `OSError`.
        ApiException: Any other error, as with any call.
    """
    argument, source = SourceArgument(source), ""  # no frame of a traceback shows the link
    with ExitStack() as stack:
        client, medium, renews = _client(api, stack)
        spec = describe_source(argument, size, medium, kind)
        _refuse_without_file(spec, renews)
        template = None if name is None else Template(name, FIELDS)
        target = destination if hasattr(destination, "write") else _path(destination, spec, template)
        context = DownloadContext(
            client, renews, stack.enter_context(ProgressMeter(progress, 1)), Interruption()
        )
        return fetch(context, argument, spec, target, overwrite)


@explained
def download_many(
    sources: Iterable[Source],
    directory: str | os.PathLike[str],
    *,
    workers: int = 8,
    api: Api | Client | None = None,
    name: str | None = None,
    size: str | None = None,
    kind: str | None = None,
    overwrite: bool = False,
    progress: ProgressArgument = False,
) -> DownloadReport:
    """Download files into a folder, several at a time. Call it again to continue where it stopped.

    If one file fails, the report says why, and the others continue. Only a full disk ends the download early:
    the remaining sources then fail without a request.

    Args:
        sources: Sources as for `download`.
        directory: The folder; it is created if it does not exist.
        workers: How many files at a time; at most `Configuration.connection_pool_maxsize`.
        api: As for `download`.
        name: Template of the names, as for `download`. If two sources would get the same name, the second
            fails.
        size: As for `download`.
        kind: As for `download`.
        overwrite: `True`: download files again that already exist.
        progress: As for `download`.

    Raises:
        ApiException: An argument is wrong, or the folder cannot be created.
    """
    if isinstance(sources, (str, bytes)) or not isinstance(sources, Iterable):
        raise ApiTypeError(
            f"sources: expected a list of links, licence results or licences, got {type(sources).__name__}"
        )
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ApiValueError(f"workers: expected a number from 1, got {workers!r}")
    template = None if name is None else Template(name, FIELDS)
    folder = Path(_local(directory))
    arguments, sources = [SourceArgument(source) for source in sources], ()
    with ExitStack() as stack:
        client, medium, renews = _client(api, stack)
        meter = stack.enter_context(ProgressMeter(progress, len(arguments)))
        context = DownloadContext(client, renews, meter, Interruption())
        batch: DownloadBatch[int] = stack.enter_context(
            DownloadBatch(context, folder, workers, template, overwrite)
        )
        plans = []
        for index, argument in enumerate(arguments):
            spec = None
            try:
                spec = describe_source(argument, size, medium, kind)
                _refuse_without_file(spec, renews)
                path = batch.place(f"source {index}", spec)
            except Exception as error:  # noqa: BLE001  # whatever is odd about one source, the others arrive
                batch.fail(index, argument, error, None, spec)
            else:
                plans.append((index, argument, spec, path))
        for plan in plans:  # only when all plans are made, because downloading threads would slow this down
            batch.add(*plan)
        results = dict(batch.finish())
        return DownloadReport([results[index] for index in range(len(arguments))])


def _client(api: Any, stack: ExitStack) -> tuple[Client, Medium, bool]:
    """Return the client, its medium, and whether it may ask the service for links."""
    if api is None:
        return stack.enter_context(new_client()), IMAGES, False
    medium = getattr(api, "medium", IMAGES)  # a client stands for images
    return client_of(api), medium or IMAGES, medium is not None


def _refuse_without_file(spec: DownloadSpec, renews: bool) -> None:
    """Raise an error if there is no file to download."""
    problem, hint = spec.refusal, None
    if not problem and spec.link is None and not renews:
        problem = "there is no link yet"
        hint = "Pass api=, the API that licensed it: it requests a link, free of charge."
    if problem:
        error = DownloadError(reason=f"{spec.shown}: {problem}", hint=hint)
        spec.name_in(error)
        raise error


def _path(destination: Any, spec: DownloadSpec, template: Template | None) -> Path:
    path = Path(_local(destination))
    is_folder = path.is_dir() or str(destination).endswith(("/", os.sep))
    if is_folder:
        with destination_errors():
            path.mkdir(parents=True, exist_ok=True)
        return path / (template or Template(spec.template, FIELDS)).filled(spec.fields())
    if template is not None:
        raise ApiValueError("name: only for a folder, but the destination is not a folder")
    return path


def _local(path: Any) -> str:
    """Return a path on this machine."""
    try:
        text = os.fspath(path)
    except TypeError:
        raise ApiTypeError(
            f"destination: expected a path or a binary file object, got {type(path).__name__}"
        ) from None
    if not isinstance(text, str):
        raise ApiTypeError(f"destination: expected a path as str, got {type(text).__name__}")
    if "\0" in text:
        raise ApiValueError("destination: a path cannot contain a null character")
    if "://" in text:
        raise ApiValueError(
            "destination: a URL is not a path; open it first, as in `with fsspec.open(url, 'wb') as file:`"
        )
    return os.path.expanduser(text)
