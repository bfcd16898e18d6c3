"""Checks that an answer is the requested file, and all of it. What cannot be proved is an error."""

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
"""Age from which a date of last modification tells versions apart (RFC 9110, 8.8.2.2)."""
BEGINNING = 1024
"""First bytes of a file that tell its kind."""
PLAIN = frozenset({"identity", "aws-chunked"})
"""Content codings that leave the bytes as they are; the second says how S3 once received them."""
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
    """Which version of a file the bytes belong to."""

    header: str | None = None
    """Where the validator was: `ETag` or `Last-Modified`; `None` if the server gave no strong one."""
    validator: str = ""
    length: int | None = None
    """Bytes of the whole file."""

    @property
    def resumable(self) -> bool:
        """Whether a server can prove that it still has this version."""
        return self.header is not None and self.validator.isascii() and self.validator.isprintable()


class NotResumed(Exception):
    """The answer does not go on where the file ends that is here: all of it must be asked for anew."""


def version_in(answer: FileResponse, known: FileVersion | None, size: int, ranged: bool) -> FileVersion:
    """Return which version of the file an answer brings: all of it, or with 206 what is missing.

    Args:
        answer: The answer, its body unread.
        known: What is known of the file.
        size: Bytes of it that are here.
        ranged: Whether only the bytes after these were asked for.

    Raises:
        DownloadError: It is not the file, or not provably all of it.
        NotResumed: It does not go on after what is here.
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
    """Tell whether a body is as long as what is missing of a file."""
    return known is not None and known.length is not None and length == known.length - size


def kind_problem(beginning: bytes, extensions: Collection[str], complete: bool) -> str | None:
    """Return what is wrong with the first bytes of a file; `None` if they are right, or too few to tell.

    Args:
        beginning: The first bytes, `BEGINNING` of them where there are as many.
        extensions: Extensions that the file may have. Where no kind of media has any of these, it may be
            anything but a text.
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
    """Tell whether it is known how files with this extension begin."""
    return extension in _begins


def _text_in(beginning: bytes) -> str | None:
    """Return what kind of text it is; `None` for none."""
    text = _as_text(beginning).strip().lower()
    if _control(text):
        return None
    if re.match(r"<(?:[!?/]|[a-z])", text):
        return "a web page" if re.search(r"<(?:!doctype )?html|<(?:head|body|script)\b", text) else "XML"
    return "JSON" if text[:1] in ("{", "[") else "text"


def _as_text(beginning: bytes) -> str:
    """Return the first bytes as the text that they would be; Latin-1 does for all encodings like ASCII."""
    for mark, encoding in _MARKS.items():
        if beginning.startswith(mark):
            return beginning[len(mark) :].decode(encoding, "ignore")
    if 0 in beginning[:2]:
        return beginning.decode("utf-16-be" if beginning[0] == 0 else "utf-16-le", "ignore")
    return beginning.decode("latin-1")


def _refused(answer: FileResponse) -> DownloadError:
    """Return the error for a status. Its body may echo the link, so nobody sees it."""
    error = DownloadError(answer.status, responses.get(answer.status))
    wanted = ("request-id", "retry-after")
    error.headers = {
        name: value for name, value in answer.fields if any(part in name.lower() for part in wanted)
    }
    return error


def _length(answer: FileResponse) -> int | None:
    """Return the length of a body. Where one in chunks says it, too, the chunks must not differ."""
    text = answer.headers.get("content-length", "") if answer.chunked else ""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_LENGTH else answer.length


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


def _continued(headers: Mapping[str, str], known: FileVersion, size: int, coming: int | None) -> int | None:
    """Return the length of the whole file where an answer goes on after what is here, else `None`."""
    found = _content_range(headers.get("content-range", ""))
    if not found or headers.get((known.header or "").lower()) != known.validator:
        return None
    first, last, length = map(int, found.groups())
    goes_on = first == size <= last < length and coming in (None, last + 1 - first)
    return length if goes_on and known.length in (None, length) else None
