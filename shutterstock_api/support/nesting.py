"""Limits how deeply JSON may be nested, because Python's functions go one call deeper for each level.

No sensible data is nested that deeply, but an answer must not crash a program: a thread with a small stack
dies after some hundred levels, and everywhere else Python raises `RecursionError` after a thousand.
"""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 64
"""The most levels of lists and objects; deeper parts are kept as JSON text."""


def flattened(data: bytes | str) -> bytes:
    """Return JSON in UTF-8 whose parts below `DEEPEST` levels are texts.

    Raises:
        ValueError: It is not in the encoding that its first bytes indicate.
    """
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    elif (encoding := json.detect_encoding(data)) != "utf-8":
        data = data.decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")
    return _with_deep_parts_as_text(data) if _may_be_deep(data) else data


_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _may_be_deep(data: bytes) -> bool:
    """Tell whether any brackets are left after repeatedly removing the innermost pairs.

    It is quick, and errs on the safe side: it counts brackets inside texts, too.
    """
    brackets = data.translate(None, _NO_BRACKETS)
    for _ in range(DEEPEST // 2):  # each round removes one level or two
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


_TEXT_OR_BRACKETS = rb'(?s)"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]+|[\]}]+'


def _with_deep_parts_as_text(data: bytes) -> bytes:
    parts: list[bytes] = []
    depth = start = copied = 0
    for found in re.finditer(_TEXT_OR_BRACKETS, data):
        first, end = found.span()
        if data[first] in b"[{":
            if depth <= DEEPEST:
                start = first + DEEPEST - depth  # of the part that is too deep, if this run leads to it
            depth += end - first
        elif data[first] in b"]}":
            too_deep = depth - DEEPEST
            depth -= end - first
            if too_deep > 0 and depth <= DEEPEST:
                deep = data[start : first + too_deep].decode("utf-8", "surrogatepass")
                parts += [data[copied:start], json.dumps(deep).encode()]
                copied = first + too_deep
    return b"".join([*parts, data[copied:]])


def is_deep(value: Any) -> bool:
    """Tell whether plain values are nested deeper than `DEEPEST` levels."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            item
            for outer in level
            if isinstance(outer, (dict, list, tuple))
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(item, (dict, list, tuple)) for item in level)
