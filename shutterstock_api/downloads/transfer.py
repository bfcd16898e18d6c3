"""The download of one file: requested, resumed, requested again, checked."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shutterstock_api.calls import retry
from shutterstock_api.downloads.errors import DestinationError, DownloadError, destination_errors, id_hint
from shutterstock_api.downloads.part_file import FileObject, PartFile, drop_second_name, file_size
from shutterstock_api.downloads.report import DownloadResult, result_of
from shutterstock_api.downloads.sources import SourceArgument, extension_of, no_second_link
from shutterstock_api.downloads.verification import (
    BEGINNING,
    FileVersion,
    NotResumed,
    is_media,
    kind_problem,
    version_in,
)
from shutterstock_api.support.errors import ApiConnectionError, ApiException, ApiValueError
from shutterstock_api.support.masking import Secret, masked
from shutterstock_api.support.timing import GLANCE
from shutterstock_api.telemetry.reporter import OPENTELEMETRY, CallReporter
from shutterstock_api.transport.file_host import discard, next_piece
from shutterstock_api.transport.service import MOVED, REDIRECTS, follow_redirects
from shutterstock_api.version import __version__

if TYPE_CHECKING:
    from shutterstock_api.calls.client import Client
    from shutterstock_api.calls.options import CallOptions
    from shutterstock_api.downloads.part_file import PartFileIndex
    from shutterstock_api.downloads.progress import ProgressMeter
    from shutterstock_api.downloads.sources import DownloadSpec
    from shutterstock_api.schema.links import Link
    from shutterstock_api.telemetry.tracing import Span
    from shutterstock_api.transport.file_response import FileResponse
    from shutterstock_api.transport.interruption import Interruption

HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": f"shutterstock_api/{__version__}"}
"""The headers that a file host receives; nothing else is sent but the link."""
EXPIRED = frozenset({400, 401, 403, 404, 410})
"""The statuses of file hosts for a link that has expired."""
PROGRESS = 2**20
"""The bytes that a broken attempt must bring so that the count of retries starts again."""
UNPROVED = FileVersion()
"""The version after an answer that was not the file: there is nothing to resume."""


class DownloadStopped(Exception):
    """The run has ended before this file is complete. This never reaches the caller."""


class DownloadContext(NamedTuple):
    """What all files of a run have in common."""

    client: Client
    renews: bool
    """Whether the client may ask the service for links."""
    meter: ProgressMeter
    interruption: Interruption


def fetch(
    context: DownloadContext,
    argument: SourceArgument,
    spec: DownloadSpec,
    target: Any,
    overwrite: bool,
    part_index: PartFileIndex | None = None,
) -> DownloadResult:
    """Download one source.

    Args:
        context: What all files of a run have in common.
        argument: The source, as it was passed.
        spec: What is known about it.
        target: A path, or a file object.
        overwrite: Whether an existing file is replaced.
        part_index: As for `PartFile`.
    """
    path = target if isinstance(target, Path) else None
    here = None
    if path and not (part_index and part_index.is_empty and not overwrite):
        with destination_errors():
            here = file_size(path)
    if path and here is not None and not overwrite:
        drop_second_name(path)
        context.meter.add(here, here, 1)
        return result_of(argument, spec, path, "skipped", here)
    with destination_errors():
        part: PartFile | FileObject
        if path is None:
            part = FileObject(target)
        else:
            clock = context.client.timing.monotonic
            part = PartFile(path, spec.identity, clock, overwrite=overwrite, part_index=part_index)
    try:
        _run_traced(Transfer(context, spec, part))
    finally:
        part.close()
    context.meter.add(files=1)
    if path is None or not part.is_taken:
        return result_of(argument, spec, path, "downloaded", part.size)
    with destination_errors():
        return result_of(argument, spec, path, "skipped", file_size(path) or 0)


def _run_traced(transfer: Transfer) -> None:
    """Run a transfer, in its own span if the program uses OpenTelemetry."""
    if OPENTELEMETRY not in sys.modules:
        return transfer.run()
    from shutterstock_api.telemetry.tracing import traced

    return traced("download", {"http.request.method": "GET"}, transfer.run)


class Transfer:
    """The transfer of one file.

    Args:
        context: What all files of a run have in common.
        spec: What to download.
        target: The destination.
    """

    def __init__(self, context: DownloadContext, spec: DownloadSpec, target: PartFile | FileObject) -> None:
        self._context = context
        self._spec = spec
        self._target = target
        self._fresh = False
        """Whether to request the whole file, even if a part exists."""
        self._announced = 0
        self._best = 0
        configuration, timing = context.client.configuration, context.client.timing
        timeout, deadline = configuration.timeout, configuration.deadline
        self._timeout = timeout if timeout is None or isinstance(timeout, tuple) else (timeout, timeout)
        self._policy = retry.RetryPolicy(
            configuration.retries,
            min(configuration.max_retry_wait, retry.LONGEST_WAIT),
            None if deadline is None else timing.monotonic() + deadline,
        )
        self._links = [spec.link]
        # The target refers to nothing else here, so that an interrupt leaves no file open.
        told = partial(_secrets, self._links)
        self._watch = CallReporter(context.client, "download", "GET", spec.shown, told)

    def run(self, span: Span | None = None) -> None:
        """Fill the target.

        Args:
            span: Gets the status of the successful answer.

        Raises:
            ApiException: The file cannot be downloaded or written.
            DownloadStopped: The run was interrupted.
        """
        target, version = self._target, self._target.version
        self._context.meter.add(target.size)
        self._best = target.size
        if version and version.length == target.size and not self._problem(target.beginning, True):
            self._expect(version.length)  # it was complete, and only lacked its name
            with destination_errors():
                target.finish()
            return None
        renewed = False
        attempts = resent = 0
        while True:
            attempts += 1
            try:
                status = self._attempt(attempts)
                return span.ended(attempts, status) if span else None
            except NotResumed:
                self._fresh = True
                continue
            except ApiException as failure:
                error = failure
            self._stop_if_interrupted()
            error.attempts = attempts
            if self._advanced():
                resent, renewed = 0, False
            renewable = self._spec.link is not None and _is_refusal(error) and self._renewable and not renewed
            timing = self._context.client.timing
            decision = retry.decide(error, "read", self._policy, timing, resent, renewable)
            if decision.action == "raise":
                raise error
            if decision.action == "renew":
                renewed, self._spec = True, self._spec._replace(link=None)
            else:
                resent += 1
            self._watch.again(error, decision.wait)
            self._pause(decision.wait)

    def _attempt(self, number: int) -> int:
        """Request the missing bytes once; return the status of the answer."""
        link = self._spec.link
        if link is None:
            link = self._new_link()
            self._spec = self._spec._replace(link=link)
            self._links[:] = [link]
        self._watch.sending(number)
        try:
            answer, size = self._get(link)
        except ApiException as error:
            self._describe(error, link)
            self._watch.failed(error)
            raise
        self._watch.answered(answer.status, answer.headers, size)
        return answer.status

    def _new_link(self) -> Link:
        """Ask the service for a link, which is free of charge."""
        spec, redownload = self._spec, self._spec.medium.redownload
        medium = spec.medium
        if redownload is None:
            raise DownloadError(reason=f"{spec.shown}: {no_second_link(medium)}")
        asked = spec.size and (spec.size in medium.redownload_sizes or spec.size not in medium.sizes)
        values = (spec.license_id, {"size": spec.size} if asked else {})[: len(redownload.names)]
        options: CallOptions = {"_deadline": self._left(), "_retries": 0}
        with id_hint(spec.license_id):
            answer = SourceArgument(self._context.client.call(redownload, values, options))
        link = answer.part(spec.kind).link if spec.kind else answer.link
        if link is None:
            without = spec.kind and answer.link
            raise DownloadError(
                reason=f"{spec.shown}: it has no {spec.kind}" if without else "the service gave no link"
            )
        return link

    def _get(self, link: Link) -> tuple[FileResponse, int]:
        """Get the missing bytes; return the answer and the number of its bytes."""
        target = self._target
        headers, known = dict(HEADERS), target.version
        ranged = known is not None and known.resumable and target.size > 0 and not self._fresh
        if known and ranged:
            headers.update({"Range": f"bytes={target.size}-", "If-Range": known.validator})
        answer = self._ask(link, headers)
        try:
            version = version_in(answer, known, target.size, ranged)
            self._expect(version.length)
        except BaseException:
            discard(answer)
            raise
        try:
            size = self._read(answer, version)
        finally:
            answer.release()
        with destination_errors():
            target.finish()
        return answer, size

    def _ask(self, link: Link, headers: dict[str, str]) -> FileResponse:
        """Send a request, and follow redirects."""

        def send(there: Link) -> FileResponse:
            self._stop_if_interrupted()
            headers["Host"] = there.origin.partition("://")[2]
            host = self._context.client.host_of(there.origin)
            return host.get(there.target, headers, self._timeout, self._left())

        def lead(here: Link, moved: FileResponse) -> Link:
            discard(moved)
            try:
                return here.led_to(Secret(moved.headers.get("location", "")))
            except ApiValueError as error:
                raise DownloadError(moved.status, f"a redirect that is not followed: {error}") from None

        answer = follow_redirects(send(link), link, lead, send)
        if answer.status in MOVED:
            discard(answer)
            raise DownloadError(answer.status, f"the link redirects more than {REDIRECTS} times")
        return answer

    def _read(self, answer: FileResponse, version: FileVersion) -> int:
        """Write the bytes once it is clear that they are the file; return their number."""
        target, length = self._target, version.length
        begun = answer.status == 206
        if begun:
            if self._problem(target.beginning, False):
                raise NotResumed
            target.version = version
        before = here = target.size if begun else 0
        try:
            while piece := next_piece(answer):
                self._stop_if_interrupted()
                here += len(piece)
                if length is not None and here > length:
                    raise DownloadError(reason=f"more bytes came than the {length} that were announced")
                if here - len(piece) < BEGINNING:
                    beginning = target.beginning if begun else b""
                    self._check(beginning + piece[:BEGINNING], here == length)
                if not begun:
                    begun = self._begin(version)
                with destination_errors():
                    target.write(piece)
                self._context.meter.add(len(piece))
            if length is not None and here != length:
                raise ApiConnectionError(reason=f"{here} of {length} bytes came")
            if not here:
                raise DownloadError(reason="the file is empty")
            if answer.overrun:
                raise DownloadError(reason=f"more bytes came than the {here} that were announced")
            if here < BEGINNING:
                self._check(target.beginning, True)
        except DestinationError:
            raise
        except DownloadError:
            if begun:
                target.version = UNPROVED
            raise
        return here - before

    def _begin(self, version: FileVersion) -> bool:
        """Start over with another version."""
        self._context.meter.add(-self._target.size)
        with destination_errors():
            self._target.begin(version)
        self._fresh = False
        return True

    def _check(self, beginning: bytes, complete: bool) -> None:
        """Raise an error if the first bytes are not those of the requested file."""
        if problem := self._problem(beginning, complete):
            raise DownloadError(reason=problem)

    def _problem(self, beginning: bytes, complete: bool) -> str | None:
        """Return what is wrong with the first bytes, according to the source or else to the file's name."""
        spec = self._spec
        found = spec.format, extension_of(spec.link_name), spec.own_extension
        said = [one.lower() for one in found if one]
        name = extension_of(self._target.path)
        extensions = said if any(map(is_media, said)) or not name else [*said, name.lower()]
        return kind_problem(beginning, extensions, complete)

    def _expect(self, length: int | None) -> None:
        """Tell the meter the length of the file."""
        if length is not None:
            self._context.meter.add(total=length - self._announced)
            self._announced = length

    def _left(self) -> float | None:
        """Return the seconds until the deadline, always more than 0; `None` if there is no deadline."""
        if self._policy.until is None:
            return None
        return max(0.001, self._policy.until - self._context.client.timing.monotonic())

    @property
    def _renewable(self) -> bool:
        spec = self._spec
        return self._context.renews and spec.license_id is not None and spec.medium.redownload is not None

    def _advanced(self) -> bool:
        """Tell whether there are considerably more bytes than ever before."""
        advanced = self._target.size >= self._best + PROGRESS
        self._best = max(self._best, self._target.size)
        return advanced

    def _pause(self, wait: float) -> None:
        """Wait before the next attempt."""
        while wait > 0:
            self._stop_if_interrupted()
            self._context.client.timing.sleep(min(wait, GLANCE))
            wait -= GLANCE

    def _stop_if_interrupted(self) -> None:
        if self._context.interruption.done:
            raise DownloadStopped

    def _describe(self, error: ApiException, link: Link) -> None:
        """Add to an error what was downloaded, but only the host of the link."""
        if not isinstance(error, (ApiConnectionError, DownloadError)):
            return
        spec = self._spec
        shown = link.shown if spec.shown == link.origin else f"{link.shown} ({spec.shown})"
        error.method, error.path = "GET", shown
        error.reason = masked(error.reason or "", _secrets(self._links))
        if isinstance(error, DownloadError):
            spec.name_in(error)
            if error.status in EXPIRED and not self._renewable:
                error.hint = spec.remedy(link)


def is_temporary(error: ApiException) -> bool:
    """Tell whether a download that failed with this error may succeed next time."""
    return isinstance(error, ApiConnectionError) or error.status in retry.TEMPORARY


def _is_refusal(error: ApiException) -> bool:
    """Tell whether the link gave no file, so that another link may help."""
    is_ours = isinstance(error, DownloadError) and not isinstance(error, DestinationError)
    return is_ours and not is_temporary(error)


def _secrets(links: list[Link | None]) -> list[str]:
    """Return the parts of links that must not be shown."""
    return [text for link in links if link for text in (link.target, link.path) if len(text) > 3]
