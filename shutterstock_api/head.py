"""The head of an answer: its status line and its headers.

The standard library reads headers as those of an e-mail. That takes a tenth of the time of a small call;
it also takes a head that is cut off for a whole one, and an interim answer such as 103 for the answer.
"""

from __future__ import annotations

import http.client
import re
from http.client import BadStatusLine, HTTPException, HTTPMessage, RemoteDisconnected
from typing import Any

LONGEST_LINE = 2**16
"""Bytes of a line at most."""
MOST_HEADERS = 100
"""Headers of an answer at most."""
LONGEST_LENGTH = 18
"""Digits of a Content-Length at most; where there are more, the body ends with the connection."""
INTERIM = 20
"""Interim answers (1xx) before the real one, at most."""

# No part of these can be matched in two ways: a hostile line costs no more than its length.
_status_line = re.compile(r"HTTP/1\.(\d)[ \t]+(\d{3})(?!\S)").match
_field_name = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):").match


class StrictResponse(http.client.HTTPResponse):
    """An answer whose head is read here; its body is read as ever."""

    # As the standard library declares them: said again, so that none is taken for something else.
    status: int
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
            HTTPException: It is none, or not all of it.
        """
        if self.headers is not None:
            return
        for _ in range(INTERIM):
            minor, status, reason = _read_status(self.fp)
            fields = _read_fields(self.fp)
            if status >= 200:
                break
        else:
            raise HTTPException("interim answers without end")
        self.code = self.status = status
        self.reason = reason
        self.version = 11 if minor else 10
        self.headers = self.msg = HTTPMessage()
        for name, value in fields:
            self.headers.set_raw(name, value)
        # Of several fields of a name, the first counts here.
        first = {name.lower(): value for name, value in reversed(fields)}
        coding = first.get("transfer-encoding", "identity").lower()
        self.chunked = coding == "chunked"
        self.chunk_left = None
        length = first.get("content-length", "")
        empty = status in (204, 304) or self._method == "HEAD"
        readable = length.isdecimal() and len(length) <= LONGEST_LENGTH
        given = int(length) if readable and coding == "identity" else None
        self.length = 0 if empty else given
        connection = first.get("connection", "").lower()
        stays = "close" not in connection if minor else "keep-alive" in connection
        self.will_close = not stays or (self.length is None and not self.chunked)

    def _safe_read(self, amt: int) -> bytes:
        if amt < 0:  # a chunk of such a size would be read without end
            raise HTTPException("a chunk of negative size")
        data: bytes = super()._safe_read(amt)  # type: ignore[misc]
        return data


def _read_status(file: Any) -> tuple[int, int, str]:
    """Return minor version, status and reason."""
    line = _read_line(file)
    found = _status_line(line)
    if found is None:
        raise BadStatusLine(line)
    return int(found[1]), int(found[2]), line[found.end() :].strip()


def _read_fields(file: Any) -> list[tuple[str, str]]:
    """Return names and values up to the blank line. What is no header is passed over."""
    fields: list[tuple[str, str]] = []
    for _ in range(MOST_HEADERS + 1):
        line = _read_line(file)
        if line in ("\r\n", "\n"):
            return fields
        found = _field_name(line)
        if found:
            fields.append((found[1], line[found.end() :].strip()))
        elif fields and line[0] in " \t":  # a value that goes on
            name, value = fields[-1]
            fields[-1] = name, f"{value} {line.strip()}"
    raise HTTPException(f"got more than {MOST_HEADERS} headers")


def _read_line(file: Any) -> str:
    line: bytes = file.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise HTTPException("a header is too long")
    if not line.endswith(b"\n"):
        raise RemoteDisconnected("the answer ends in its headers" if line else "there was no answer")
    return line.decode("latin-1")
