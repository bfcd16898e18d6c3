"""The head of an answer: its status line and its headers.

The standard library reads headers as if they were those of an e-mail. That takes a tenth of the time of a
small call, and it mistakes an incomplete head for a complete one, and an interim answer such as 103 for the
answer itself.
"""

from __future__ import annotations

import http.client
import re
from functools import partial
from http.client import BadStatusLine, HTTPException, HTTPMessage, RemoteDisconnected
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_LINE = 2**16
"""The longest line, in bytes."""
MOST_HEADERS = 100
"""The most headers of an answer."""
LONGEST_LENGTH = 18
"""The most digits of a Content-Length; with more of them, the body ends with the connection."""
INTERIM = 20
"""The most interim answers (1xx) before the real one."""

# No part of these can match in two ways, so the time for a hostile line depends only on its length.
_status_line = re.compile(r"HTTP/1\.(\d)[ \t]+(\d{3})(?!\S)").match
_codings = re.compile(r"[^,\s]+").findall
_fields = re.compile(
    r"^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.MULTILINE
).findall


class Head(NamedTuple):
    """The contents of a head."""

    status: int
    reason: str
    version: int
    """As `http.client` writes it: 10 or 11."""
    fields: list[tuple[str, str]]
    """Names and values, unchanged."""
    headers: dict[str, str]
    """Values by lower-case name. Different values of one name are joined by commas, equal ones count once."""
    chunked: bool
    """Whether the body comes in chunks."""
    length: int | None
    """The number of bytes of the body; `None` if it ends with its last chunk, or with the connection."""
    stays: bool
    """Whether another request can use the connection."""


def parse_head(line: str, fields: str) -> Head:
    """Return the contents of a head. Lines that are not headers are skipped.

    Args:
        line: The status line.
        fields: The following lines, with their ends.

    Raises:
        HTTPException: It is not the head of an answer, or has two lengths of the body.
    """
    found = _status_line(line)
    if found is None:
        raise BadStatusLine(line)
    several = [(name, value.rstrip()) for name, value in _fields(fields)]
    if len(several) > MOST_HEADERS:
        raise HTTPException(f"got more than {MOST_HEADERS} headers")
    if "\n " in fields or "\n\t" in fields:  # values that continue on the next line
        several = [(name, " ".join(map(str.strip, value.split("\n")))) for name, value in several]
    headers = {name.lower(): value for name, value in several}
    if len(headers) < len(several):
        headers = _joined(several)
    version = 10 if found[1] == "0" else 11
    coding = headers.get("transfer-encoding")
    codings = [one for one in _codings(coding.lower()) if one != "identity"] if coding else []
    length = headers.get("content-length", "")
    if "," in length:
        length, *others = {one.strip() for one in length.split(",")}
        if others:
            raise HTTPException("the answer has two lengths")
    readable = length.isdecimal() and len(length) <= LONGEST_LENGTH
    connection = headers.get("connection", "").lower()
    return Head(
        int(found[2]),
        line[found.end() :].strip(),
        version,
        several,
        headers,
        codings == ["chunked"],
        int(length) if readable and not codings else None,
        "keep-alive" in connection if version == 10 else "close" not in connection,
    )


def _joined(fields: list[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, dict[str, None]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), {})[value] = None
    return {name: ", ".join(different) for name, different in values.items()}


def final_head(read: Callable[[], Head]) -> Head:
    """Return the head of the answer itself, after the interim ones.

    Args:
        read: Reads one head.

    Raises:
        HTTPException: There are too many of them.
    """
    for _ in range(INTERIM):
        head = read()
        if head.status >= 200:
            return head
    raise HTTPException("too many interim answers")


class StrictResponse(http.client.HTTPResponse):
    """An answer whose head is read here; its body is read as usual."""

    # The standard library declares these, too; they are repeated for type checkers.
    status: int
    code: int
    reason: str
    version: int
    headers: HTTPMessage
    msg: HTTPMessage
    chunked: bool
    chunk_left: int | None
    length: int | None
    will_close: bool
    _method: str | None

    def begin(self) -> None:
        """Read the head.

        Raises:
            HTTPException: It is not a head, or incomplete.
        """
        if self.headers is not None:
            return
        head = final_head(partial(_read_head, self.fp))
        self.code = self.status = head.status
        self.reason = head.reason
        self.version = head.version
        self.headers = self.msg = HTTPMessage()
        for name, value in head.fields:
            self.headers.set_raw(name, value)
        self.chunked = head.chunked
        self.chunk_left = None
        empty = head.status in (204, 304) or self._method == "HEAD"
        self.length = 0 if empty else head.length
        self.will_close = not head.stays or (self.length is None and not self.chunked)

    def _safe_read(self, amt: int) -> bytes:
        if amt < 0:  # reading a chunk of such a size would never end
            raise HTTPException("a chunk of negative size")
        data: bytes = super()._safe_read(amt)  # type: ignore[misc]
        return data


def _read_head(file: Any) -> Head:
    """Read up to the blank line, but no further if it does not begin like an answer."""
    line = _read_line(file)
    if _status_line(line) is None:
        raise BadStatusLine(line)
    lines: list[str] = []
    while (more := _read_line(file)) not in ("\r\n", "\n"):
        lines.append(more)
        if len(lines) > MOST_HEADERS:
            raise HTTPException(f"got more than {MOST_HEADERS} headers")
    return parse_head(line, "".join(lines))


def _read_line(file: Any) -> str:
    line: bytes = file.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise HTTPException("a header is too long")
    if not line.endswith(b"\n"):
        raise RemoteDisconnected("the answer ends in its headers" if line else "there was no answer")
    return line.decode("latin-1")
