"""The `fields` parameter: partial answers, in Google's syntax `a,b(c,d),e/f,*`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

DEEPEST = 50
"""How deeply names can be nested."""

_TOKEN = re.compile(r"[(),/]|[^\s(),/]+|\s+")

#: The names to keep, each with the selection inside it; an empty selection keeps everything.
Selection = dict[str, "Selection"]


class FieldsError(ValueError):
    """The selection does not follow the syntax."""


@lru_cache(maxsize=256)
def parse_fields(text: str) -> Selection:
    """Parse a selection; raises `FieldsError` if it is malformed."""
    tokens = [token for token in _TOKEN.findall(text) if not token.isspace()]
    selection = _list(tokens, DEEPEST)
    if tokens:
        raise FieldsError(f"{tokens[0]!r} is out of place")
    return selection


def select_fields(value: Any, selection: Selection) -> Any:
    """Keep what the selection names; names that the value does not have are ignored."""
    if not selection:
        return value
    if isinstance(value, list):
        return [select_fields(item, selection) for item in value]
    if not isinstance(value, dict):
        return value
    if "*" in selection:
        return {
            name: select_fields(item, selection.get(name, selection["*"])) for name, item in value.items()
        }
    return {name: select_fields(item, selection[name]) for name, item in value.items() if name in selection}


def _list(tokens: list[str], deeper: int) -> Selection:
    selection: Selection = {}
    while True:
        _item(tokens, selection, deeper)
        if not tokens or tokens[0] != ",":
            return selection
        tokens.pop(0)


def _item(tokens: list[str], into: Selection, deeper: int) -> None:
    if not deeper:
        raise FieldsError("it is nested too deep")
    if not tokens or tokens[0] in "(),/":
        raise FieldsError(
            f"a name is expected before {tokens[0]!r}" if tokens else "a name is expected at the end"
        )
    name = tokens.pop(0)
    known = name in into
    inner: Selection = {}
    if tokens and tokens[0] == "/":
        tokens.pop(0)
        _item(tokens, inner, deeper - 1)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        inner = _list(tokens, deeper - 1)
        if not tokens or tokens.pop(0) != ")":
            raise FieldsError("a parenthesis is not closed")
    if not known:
        into[name] = inner
    elif not inner or not into[name]:
        into[name] = {}  # the whole of it was asked for once, so the whole of it is kept
    else:
        _merge(into[name], inner)


def _merge(into: Selection, other: Selection) -> None:
    for name, inner in other.items():
        if name not in into:
            into[name] = inner
        elif not inner or not into[name]:
            into[name] = {}
        else:
            _merge(into[name], inner)
