"""Secrets to plant, and the search for them in whatever somebody may get to see."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import pprint
import re
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any
from urllib.parse import quote

from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.display import to_html, to_short_text
from shutterstock_api.modelkit.table import Table

HERE = (__file__, str(Path(__file__).parents[1] / "security"))
"""Frames of the tests themselves."""

MARKS = {
    "access_token": "Tkn4Aq7",
    "key": "Key8Wn2",
    "password": "Pwd3Zr5",
    "cookie": "Cki6Lb9",
    "header": "Hdr1Xs4",
    "call": "Cll5Vt8",
    "proxy": "Prx2Gm6",
    "link": "Lnk9Fd3",
    "client_secret": "Cls7Bk1",
    "code": "Cod2Hy6",
    "refresh_token": "Rfr5Ju8",
}
"""What is searched for: the middle of each secret, so that a secret that was cut or quoted is found too."""

SECRETS = {name: f"v2/{mark}/{mark[::-1]}+=end" for name, mark in MARKS.items()}
"""What is planted, with characters that JSON and URLs may write in another way."""


def forms(secret: str) -> list[str]:
    """Return the ways in which an answer may repeat a secret."""
    return [
        secret,
        secret.replace("/", r"\/"),
        "".join(f"\\u{ord(letter):04x}" for letter in secret),
        quote(secret, safe=""),
        re.sub("%..", lambda escape: escape[0].lower(), quote(secret, safe="")),
        quote(secret),
        base64.b64encode(secret.encode()).decode(),
        base64.urlsafe_b64encode(secret.encode()).decode(),
    ]


def _traces(mark: str) -> Iterator[str]:
    """Yield what a mark looks like in a text: plain, in escapes, and in Base64 whatever stands before it."""
    yield mark
    yield "".join(f"\\u{ord(letter):04x}" for letter in mark)
    for before in range(3):
        packed = base64.b64encode(b"x" * before + mark.encode()).decode().rstrip("=")
        yield packed[(0, 2, 3)[before] : -1]


_TRACES = {name: tuple(_traces(mark)) for name, mark in MARKS.items()}


def found(text: str | bytes) -> list[str]:
    """Return the names of the secrets that a text gives away."""
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    return [name for name, traces in _TRACES.items() if any(trace in text for trace in traces)]


def check(where: str, text: str | bytes, but: tuple[str, ...] = ()) -> None:
    leaks = [name for name in found(text) if name not in but]
    assert not leaks, f"{where} shows {', '.join(leaks)}: {text[:2000]!r}"


def check_shown(thing: Any, but: tuple[str, ...] = ()) -> None:
    """Whatever turns a thing into text keeps the secrets."""
    for way in (repr, str, ascii, format, pprint.pformat, in_jupyter, as_records):
        check(f"{getattr(way, '__name__', way)} of {type(thing).__name__}", way(thing), but)


def in_jupyter(thing: Any) -> str:
    """Return what a notebook stores."""
    if not isinstance(thing, ApiModel):
        return ""
    return f"{to_html(thing)}{to_short_text(thing)}"


def as_records(thing: Any) -> str:
    """Return what a table has."""
    return repr(thing.to_records()) if isinstance(thing, Table) else ""


def check_pickle(thing: Any, but: tuple[str, ...] = ()) -> None:
    check(f"the pickle of {type(thing).__name__}", pickle.dumps(thing), but)


def check_everything_in(root: Any) -> None:
    """A dump of all that can be reached from a thing by attributes, items and keys keeps the secrets."""
    seen: dict[int, Any] = {}
    waiting = [(type(root).__name__, root)]
    while waiting:
        path, thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, (type, ModuleType, FunctionType, MethodType)):
            continue
        seen[id(thing)] = thing
        check(path, repr(thing))
        waiting += [(f"{path}{step}", part) for step, part in _parts(thing)]
    assert len(seen) > 20


def _parts(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, Mapping):
        for key, value in thing.items():
            yield f" key {key!r}", key
            yield f"[{key!r}]", value
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from ((f"[{number}]", part) for number, part in enumerate(thing))
    for name in {**getattr(thing, "__dict__", {}), **dict.fromkeys(_slots(type(thing)))}:
        if hasattr(thing, name):
            yield f".{name}", getattr(thing, name)


def _slots(kind: type) -> Iterator[str]:
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        yield from (slots,) if isinstance(slots, str) else slots


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all that stands behind it, also what `from None` hides."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        error = waiting.pop()
        if error is not None and id(error) not in seen:
            seen.add(id(error))
            yield error
            waiting += [error.__cause__, error.__context__]


def check_error(error: BaseException) -> None:
    """Neither an error nor a report about it with the locals of every frame gives a secret away."""
    check("format_exception", "".join(traceback.format_exception(error)))
    for one in chain(error):
        check_shown(one)
        check(f"args of {one!r}", repr(one.args))
        check(f"attributes of {one!r}", repr(vars(one)))
        for name in ("body", "reason", "message", "hint", "headers", "errors"):
            value = getattr(one, name, None)
            check(f"{name} of {one!r}", json.dumps(dict(value) if name == "headers" and value else value))
        check_pickle(one)
        check_shown(copy.copy(one))
        check_locals(one)


def check_locals(error: BaseException) -> None:
    """The locals of all frames but those of the tests."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    for frame in report.stack:
        if frame.filename.startswith(HERE):
            continue
        for name, shown in (frame.locals or {}).items():
            check(f"{frame.filename}:{frame.lineno} {frame.name}: {name}", shown)
