"""Cursors of lists without page numbers."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, replace
from typing import Any

from shutterstock_api.sandbox.http.messages import Refusal, invalid

from .call import Call

#: How long a cursor is valid, in seconds.
CURSOR_LIFETIME = 24 * 60 * 60
_VERSION = 2
#: Parameters that change how a page is shown, but not what is on it.
_SHOWING = frozenset(("cursor", "per_page", "fields"))


@dataclass(frozen=True)
class Cursor:
    """The beginning of a page in a list as it was at `time`: later additions do not move anything."""

    start: int
    time: float
    #: The parameters of the request.
    question: int

    def at(self, start: int | None) -> str:
        """The text that leads to another place of the same list; the empty text leads nowhere."""
        if start is None:
            return ""
        content = {"v": _VERSION, "s": start, "t": self.time, "q": self.question}
        return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def cursor_of(call: Call) -> Cursor:
    """Where the page of a request begins; refuses a cursor that is not valid, too old, or of another list."""
    now, text = call.service.clock(), call.parameters.get("cursor")
    asked = {name: value for name, value in call.parameters.items() if name not in _SHOWING}
    first = Cursor(0, now, zlib.crc32(json.dumps(asked, sort_keys=True).encode()))
    return first if not text else _read(text, first)


def _read(text: str, first: Cursor) -> Cursor:
    try:
        content = json.loads(base64.urlsafe_b64decode(text))
        found = replace(first, start=int(content["s"]), time=float(content.get("t", first.time)))
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise _wrong_cursor("this is not a cursor", text) from error
    if content.get("v") != _VERSION or found.start < 0:
        raise _wrong_cursor("this is not a cursor", text)
    if content.get("q", first.question) != first.question:
        raise _wrong_cursor("the other arguments are not those of the page that gave this cursor", text)
    if not first.time - CURSOR_LIFETIME < found.time <= first.time:
        raise _wrong_cursor("this cursor has expired", text)
    return found


def _wrong_cursor(message: str, text: str) -> Refusal:
    return invalid("$.query.cursor", message, data=text[:200])


def cursor_page(cursor: Cursor, rows: list[Any], before: int | None, after: int | None) -> dict[str, Any]:
    """A page with the cursors of the pages before and after it."""
    return {"data": rows, "prev": cursor.at(before), "next": cursor.at(after)}
