"""One file on its way: asked for, resumed, asked for again, checked."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import TYPE_CHECKING, NamedTuple

from shutterstock_api.calls import retry
from shutterstock_api.downloads.errors import DownloadError
from shutterstock_api.downloads.part_file import Version, destination_errors
from shutterstock_api.downloads.sources import parse_link
from shutterstock_api.support.errors import ApiConnectionError, ApiException, ApiValueError
from shutterstock_api.support.masking import Secret, masked
from shutterstock_api.telemetry.reporter import CallReporter
from shutterstock_api.transport.file_host import discard, next_piece
from shutterstock_api.transport.service import MOVED, REDIRECTS
from shutterstock_api.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.api_client import ApiClient
    from shutterstock_api.downloads.part_file import PartFile, Stream
    from shutterstock_api.downloads.progress import Meter
    from shutterstock_api.downloads.sources import DownloadSpec, Link
    from shutterstock_api.telemetry.tracing import Span
    from shutterstock_api.transport.file_response import FileResponse
    from shutterstock_api.transport.interruption import Interruption

HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": f"shutterstock_api/{__version__}"}
"""All that a host of files is told besides the link."""
EXPIRED = frozenset({403, 404, 410})
"""What such hosts answer to a link that is too old."""
PROGRESS = 2**20
"""Bytes that a broken attempt must bring so that the retries start to count anew."""
STRONG_AFTER = timedelta(seconds=60)
"""Age from which a date of last modification tells versions apart (RFC 9110, 8.8.2.2)."""
GLANCE = 0.5
"""Seconds after which a pause looks whether all is over."""

_content_range = re.compile(r"bytes (\d+)-(\d+)/(\d+)").fullmatch


class Stopped(Exception):
    """The run is over, and this file not yet whole. Never reaches the caller."""


class _Changed(Exception):
    """The server has not got the file that a part is here of."""


class Context(NamedTuple):
    """What all files of a run share."""

    client: ApiClient
    renews: bool
    """Whether the client may ask the service for links."""
    meter: Meter
    cut: Interruption


class Transfer:
    """One file on its way.

    Args:
        context: With whom.
        spec: What is downloaded.
        target: Where to.
    """

    def __init__(self, context: Context, spec: DownloadSpec, target: PartFile | Stream) -> None:
        self._context = context
        self._spec = spec
        self._target = target
        self._link = spec.link
        self._fresh = False
        self._announced = 0
        self._best = 0
        configuration, timing = context.client.configuration, context.client.timing
        timeout = configuration.timeout
        self._timeout = timeout if timeout is None or isinstance(timeout, tuple) else (timeout, timeout)
        deadline = configuration.deadline
        self._until = None if deadline is None else timing.monotonic() + deadline
        self._watch = CallReporter(context.client, "download", "GET", spec.shown, lambda: _secrets(self._link))

    def run(self, span: Span | None = None) -> None:
        """Fill the target.

        Args:
            span: Hears how it ended well.

        Raises:
            ApiException: It cannot be had, or not be written.
            Stopped: The run was cut.
        """
        target, version = self._target, self._target.version
        self._context.meter.add(target.size)
        self._best = target.size
        if version and version.length == target.size:  # all was here but its name
            self._expect(version.length)
            with destination_errors():
                target.finish()
            return None
        fruitless, renewed = 0, False
        tried = 0
        while True:
            tried += 1
            try:
                status = self._attempt(tried)
                return span.ended(tried, status) if span else None
            except _Changed:
                self._fresh = True
                continue
            except ApiException as failure:
                error = failure
            self._stop_if_cut()
            error.attempts = tried
            if self._advanced():
                fruitless, renewed = 0, False
            expired = isinstance(error, DownloadError) and error.status in EXPIRED
            if expired and self._renewable and not renewed:
                renewed, self._link = True, None
                self._watch.again(error, 0.0)
                continue
            fruitless += 1
            self._pause(error, fruitless)

    def _attempt(self, number: int) -> int:
        """Ask for what is missing, once; return the status of the answer."""
        link = self._link = self._link or self._new_link()
        self._watch.sending(number)
        try:
            answer, size = self._fetch(link)
        except ApiException as error:
            _describe(error, link, self._spec)
            self._watch.failed(error)
            raise
        self._watch.answered(answer.status, answer.headers, size)
        return answer.status

    def _fetch(self, link: Link) -> tuple[FileResponse, int]:
        """Get what is missing; return the answer and how many bytes it had."""
        target = self._target
        headers = dict(HEADERS)
        version = None if self._fresh or not target.size else target.version
        if version and version.resumable:
            headers.update({"Range": f"bytes={target.size}-", "If-Range": version.validator})
        answer = self._follow(link, headers)
        try:
            length = self._length(answer, version if "Range" in headers else None)
            self._expect(length)
        except BaseException:
            discard(answer)
            raise
        try:
            size = self._read(answer, length)
        finally:
            answer.release()
        with destination_errors():
            target.finish()
        return answer, size

    def _new_link(self) -> Link:
        """Ask the service for a link, which costs nothing."""
        from shutterstock_api.api.images_api import ImagesApi

        spec = self._spec
        body = {} if spec.size is None else {"size": spec.size}
        ask = ImagesApi(self._context.client).download_image
        url = ask(spec.license_id or "", body, _deadline=self._left(), _retries=0).url
        if not url:
            raise DownloadError(reason="the service gave no link")
        return parse_link(Secret(url))

    def _follow(self, link: Link, headers: dict[str, str]) -> FileResponse:
        """Ask, also where redirects lead."""
        for _ in range(REDIRECTS + 1):
            self._stop_if_cut()
            headers["Host"] = link.origin.partition("://")[2]
            host = self._context.client.host_of(link.origin)
            answer = host.get(link.target, headers, self._timeout, self._left())
            if answer.status not in MOVED:
                return answer
            discard(answer)
            try:
                link = link.led_to(Secret(answer.headers.get("location", "")))
            except ApiValueError as error:
                raise DownloadError(answer.status, f"a redirect that is not followed: {error}") from None
        raise DownloadError(reason=f"the link redirects more than {REDIRECTS} times")

    def _length(self, answer: FileResponse, resumed: Version | None) -> int | None:
        """Return the length of the whole file, after a look at what came; a new version begins anew.

        Raises:
            DownloadError: It is not the file.
            _Changed: It is another version.
        """
        status, headers = answer.status, answer.headers
        if resumed and status == 416:
            raise _Changed
        if status != 200 and not (resumed and status == 206):
            raise _refused(answer, self._renewable)
        if headers.get("content-encoding", "identity").lower() not in ("identity", ""):
            raise DownloadError(reason="the file came compressed, although nobody asked for that")
        if headers.get("content-type", "").lower().startswith("text/html"):
            raise DownloadError(reason="a web page came instead of a file")
        if resumed and status == 206:
            total = _continued(headers, resumed, self._target.size, answer.length)
            if total is None:
                raise _Changed
            return total
        length = answer.length
        if length is None and not answer.chunked:
            raise DownloadError(reason="the answer does not say how long the file is, so it may be cut off")
        header, validator = _validator(headers)
        self._context.meter.add(-self._target.size)
        with destination_errors():
            self._target.begin(Version(header, validator, length))
        self._fresh = False
        return length

    def _read(self, answer: FileResponse, length: int | None) -> int:
        """Write what comes; return how many bytes that were."""
        target, add = self._target, self._context.meter.add
        before = target.size
        while piece := next_piece(answer):
            self._stop_if_cut()
            if length is not None and target.size + len(piece) > length:
                raise DownloadError(reason=f"more than the {length} bytes came that were announced")
            with destination_errors():
                target.write(piece)
            add(len(piece))
        if length is not None and target.size != length:
            raise ApiConnectionError(reason=f"{target.size} of {length} bytes came")
        if not target.size:
            raise DownloadError(reason="the file is empty")
        return target.size - before

    def _expect(self, length: int | None) -> None:
        """Tell the meter how long the file is."""
        if length is not None:
            self._context.meter.add(total=length - self._announced)
            self._announced = length

    def _left(self) -> float | None:
        """Return the seconds up to the deadline, more than none; `None` where there is no deadline."""
        if self._until is None:
            return None
        return max(0.001, self._until - self._context.client.timing.monotonic())

    @property
    def _renewable(self) -> bool:
        return self._context.renews and self._spec.license_id is not None

    def _advanced(self) -> bool:
        """Tell whether more is here than ever before, by a good deal."""
        advanced = self._target.size >= self._best + PROGRESS
        self._best = max(self._best, self._target.size)
        return advanced

    def _pause(self, error: ApiException, fruitless: int) -> None:
        """Wait until the next attempt, or raise the error where there is none."""
        client = self._context.client
        timing, configuration = client.timing, client.configuration
        if not is_temporary(error) or fruitless > configuration.retries:
            raise error
        longest = min(configuration.max_retry_wait, retry.LONGEST_WAIT)
        named = retry.named_wait(error.headers, {}, timing.time())
        wait = min(retry.pause(fruitless, timing.chance()), longest) if named is None else named
        if wait > longest or (self._until is not None and timing.monotonic() + wait >= self._until):
            raise error
        self._watch.again(error, wait)
        while wait > 0:
            self._stop_if_cut()
            timing.sleep(min(wait, GLANCE))
            wait -= GLANCE

    def _stop_if_cut(self) -> None:
        if self._context.cut.done:
            raise Stopped


def is_temporary(error: ApiException) -> bool:
    """Tell whether a download that failed so may go better next time."""
    return isinstance(error, ApiConnectionError) or error.status in retry.TEMPORARY


def _describe(error: ApiException, link: Link, spec: DownloadSpec) -> None:
    """Say in an error what was downloaded, and nothing of the link but its host."""
    if not isinstance(error, (ApiConnectionError, DownloadError)):
        return
    shown = link.shown if spec.shown == link.origin else f"{link.shown} ({spec.shown})"
    error.method, error.path = "GET", shown
    error.reason = masked(error.reason or "", _secrets(link))
    if isinstance(error, DownloadError):
        error.image_id, error.license_id = spec.image_id, spec.license_id


def _secrets(link: Link | None) -> list[str]:
    """Return what of a link must not be shown."""
    return [text for text in (link.target, link.target.partition("?")[0]) if len(text) > 3] if link else []


def _refused(answer: FileResponse, renewable: bool) -> DownloadError:
    """Return the error for a status. Its body may echo the link, so nobody sees it."""
    error = DownloadError(answer.status, responses.get(answer.status))
    wanted = ("request-id", "retry-after")
    error.headers = {
        name: value for name, value in answer.fields if any(part in name.lower() for part in wanted)
    }
    if answer.status in EXPIRED and not renewable:
        error.hint = (
            "The link may be too old: it is good for 8 hours. Give a licence, or a licence result, "
            "and api=, and it is renewed."
        )
    return error


def _validator(headers: Mapping[str, str]) -> tuple[str | None, str]:
    """Return by which header this version of the file is known for certain, and its value."""
    tag = headers.get("etag", "")
    if tag.startswith('"') and tag.endswith('"') and len(tag) > 2:
        return "ETag", tag
    modified = headers.get("last-modified", "")
    try:
        age = parsedate_to_datetime(headers.get("date", "")) - parsedate_to_datetime(modified)
    except (TypeError, ValueError, OverflowError):
        return None, ""
    return ("Last-Modified", modified) if age >= STRONG_AFTER else (None, "")


def _continued(headers: Mapping[str, str], version: Version, size: int, coming: int | None) -> int | None:
    """Return the length of the whole file where an answer goes on after what is here, else `None`."""
    found = _content_range(headers.get("content-range", ""))
    if not found or headers.get((version.header or "").lower()) != version.validator:
        return None
    first, last, length = map(int, found.groups())
    goes_on = first == size <= last < length and coming in (None, last + 1 - first)
    return length if goes_on and version.length in (None, length) else None
