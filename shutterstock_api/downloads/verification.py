"""Checks that an answer is the requested file, and all of it. If that cannot be proved, it is an error."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import TYPE_CHECKING, NamedTuple

from shutterstock_api.downloads.errors import DownloadError
from shutterstock_api.transport.head import LONGEST_LENGTH

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from shutterstock_api.transport.file_response import FileResponse

STRONG_AFTER = timedelta(seconds=60)
"""The age at which a date of last modification begins to identify a version (RFC 9110, 8.8.2.2)."""
BEGINNING = 1024
"""How many of the first bytes show the kind of a file."""
PLAIN = frozenset({"identity", "aws-chunked"})
"""Content codings that do not change the bytes; the second one says how S3 received the file."""
TEXTS = frozenset({"csv", "htm", "html", "json", "md", "srt", "txt", "vtt", "xhtml", "xml"})
"""Extensions of files that are text."""

_KINDS = {
    "jpg": rb"\xff\xd8\xff",
    "png": rb"\x89PNG\r\n\x1a\n",
    "gif": rb"GIF8[79]a",
    "tif": rb"II[*+]\0|MM\0[*+]",
    "eps": rb"\x04?%!PS|\xc5\xd0\xd3\xc6|%PDF-",
    "svg": rb"(?:\xef\xbb\xbf)?(?:[\s\]>]|<[?!][^>]*>)*<svg\b",
    "mp4": rb".{4}(?:ftyp|moov|mdat|free|skip|wide)",
    "webm": rb"\x1a\x45\xdf\xa3",
    "wav": rb"(?:RIFF|RF64|BW64).{4}WAVE",
    "mp3": rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]",
    "ogg": rb"OggS",
    "zip": rb"PK(?:\x03\x04|\x05\x06)",
}
_KINDS |= {other: _KINDS[kind] for other, kind in {"jpeg": "jpg", "tiff": "tif", "mov": "mp4"}.items()}
_begins = {extension: re.compile(pattern, re.DOTALL).match for extension, pattern in _KINDS.items()}
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_control = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]").search
_content_range = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})").fullmatch
_codings = re.compile(r"[^,\s]+").findall
_is_page = re.compile(r'[\s"]*(?:text/html|application/xhtml)', re.IGNORECASE).match


class FileVersion(NamedTuple):
    """The version of a file that the bytes belong to."""

    header: str | None = None
    """The header with the validator, `ETag` or `Last-Modified`; `None` if there was no strong one."""
    validator: str = ""
    length: int | None = None
    """The number of bytes of the whole file."""

    @property
    def resumable(self) -> bool:
        """Whether a server can prove that it still has this version."""
        return self.header is not None and self.validator.isascii() and self.validator.isprintable()


class NotResumed(Exception):
    """The answer does not continue the part that exists: the whole file must be requested again."""


def version_in(answer: FileResponse, known: FileVersion | None, size: int, ranged: bool) -> FileVersion:
    """Return the version of the file in an answer, which has the whole file or, with 206, the missing bytes.

    Args:
        answer: The answer, its body unread.
        known: What is known about the file.
        size: The number of bytes that exist already.
        ranged: Whether only the bytes after these were requested.

    Raises:
        DownloadError: It is not the file, or perhaps not all of it.
        NotResumed: It does not continue after the existing bytes.
    """
    status, headers = answer.status, answer.headers
    if ranged and status == 416:
        raise NotResumed
    if status != 200 and not (ranged and status == 206):
        raise _refused(answer)
    coding = headers.get("content-encoding")
    if coding and not PLAIN.issuperset(_codings(coding.lower())):
        raise DownloadError(reason="the file came compressed, although this was not requested")
    if _is_page(headers.get("content-type", "")):
        raise DownloadError(reason="a web page came instead of a file")
    length, span = _length(answer), headers.get("content-range")
    if known and status == 206:
        total = _continued(headers, known, size, length)
        if total is None:
            raise NotResumed
        return known._replace(length=total)
    version = FileVersion(*_validator(headers), length)
    before = known.length if known and known.header and known[:2] == version[:2] else None
    contradicts = None not in (before, length) and before != length
    if ranged and (span or contradicts or length is None or _is_rest(length, known, size)):
        raise NotResumed  # the missing bytes, perhaps, as if they were the whole file
    if contradicts:
        raise DownloadError(
            reason=f"the server gave two lengths for one version of the file: {before} and {length} bytes",
            hint="If the second length is right, delete the .part file.",
        )
    if span and span != f"bytes 0-{(length or 0) - 1}/{length}":
        raise DownloadError(reason="only a part of the file came")
    if length is None and not answer.chunked:
        raise DownloadError(reason="the answer does not say how long the file is, so it may be cut off")
    return version._replace(length=before) if length is None else version


def _is_rest(length: int, known: FileVersion | None, size: int) -> bool:
    """Tell whether a body is as long as the missing part of a file."""
    return known is not None and known.length is not None and length == known.length - size


def kind_problem(beginning: bytes, extensions: Collection[str], complete: bool) -> str | None:
    """Return what is wrong with the first bytes of a file; `None` if they are right, or too few to tell.

    Args:
        beginning: The first bytes: `BEGINNING` of them, or all if there are fewer.
        extensions: The extensions that the file may have. If none of them belongs to a known kind of file, it
            may be anything but a text.
        complete: Whether no more bytes follow.
    """
    if len(beginning) < BEGINNING and not complete:
        return None
    media = [extension for extension in extensions if extension in _begins]
    if any(_begins[extension](beginning) for extension in media):
        return None
    found = [extension for extension, begins in _begins.items() if begins(beginning)]
    if found and not media:
        return None
    text = None if found or (not media and TEXTS.intersection(extensions)) else _text_in(beginning)
    if text:
        return f"{text} came instead of a file"
    what = f"{found[0].upper()} came instead of" if found else "what came is no"
    return f"{what} {media[0].upper()}" if media else None


def is_media(extension: str) -> bool:
    """Tell whether the first bytes of files with this extension are known."""
    return extension in _begins


def _text_in(beginning: bytes) -> str | None:
    """Return what kind of text the bytes are; `None` if they are not a text."""
    text = _as_text(beginning).strip().lower()
    if _control(text):
        return None
    if re.match(r"<(?:[!?/]|[a-z])", text):
        return "a web page" if re.search(r"<(?:!doctype )?html|<(?:head|body|script)\b", text) else "XML"
    return "JSON" if text[:1] in ("{", "[") else "text"


def _as_text(beginning: bytes) -> str:
    """Return the first bytes as text; Latin-1 works for all encodings that resemble ASCII."""
    for mark, encoding in _MARKS.items():
        if beginning.startswith(mark):
            return beginning[len(mark) :].decode(encoding, "ignore")
    if 0 in beginning[:2]:
        return beginning.decode("utf-16-be" if beginning[0] == 0 else "utf-16-le", "ignore")
    return beginning.decode("latin-1")


def _refused(answer: FileResponse) -> DownloadError:
    """Return the error for a status, without the body, which may repeat the link."""
    error = DownloadError(answer.status, responses.get(answer.status))
    wanted = ("request-id", "retry-after")
    error.headers = {
        name: value for name, value in answer.fields if any(part in name.lower() for part in wanted)
    }
    return error


def _length(answer: FileResponse) -> int | None:
    """Return the length of a body. If a chunked body also declares a length, the chunks must match it."""
    text = answer.headers.get("content-length", "") if answer.chunked else ""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_LENGTH else answer.length


def _validator(headers: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the header that identifies this version of the file with certainty, and its value."""
    tag = headers.get("etag", "")
    if tag.startswith('"') and tag.endswith('"') and len(tag) > 2:
        return "ETag", tag
    modified = headers.get("last-modified", "")
    try:
        age = parsedate_to_datetime(headers.get("date", "")) - parsedate_to_datetime(modified)
    except (TypeError, ValueError, OverflowError):
        return None, ""
    return ("Last-Modified", modified) if age >= STRONG_AFTER else (None, "")


def _continued(headers: Mapping[str, str], known: FileVersion, size: int, coming: int | None) -> int | None:
    """Return the length of the whole file if an answer continues after the existing bytes, else `None`."""
    found = _content_range(headers.get("content-range", ""))
    if not found or headers.get((known.header or "").lower()) != known.validator:
        return None
    first, last, length = map(int, found.groups())
    goes_on = first == size <= last < length and coming in (None, last + 1 - first)
    return length if goes_on and known.length in (None, length) else None
