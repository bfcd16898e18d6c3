"""The spelling of ids: an item is recognised, however somebody writes its id."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from typing import Any

from shutterstock_api.schema.values import shown

LONGEST_NUMBER = 64
"""Bits of an id that is a number, at most."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5")
"""Characters that show nothing although they count as letters or marks."""


def spelled(value: Any) -> str | None:
    """Return an id in its one spelling; `None` where the value cannot be an id.

    Files, spreadsheets and services write the id 17 as `17`, `17.0`, `"017"` or `"+17"`, or with white space
    or characters that nobody sees around it.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= LONGEST_NUMBER:
        value = str(value)
    if not isinstance(value, str):
        return None
    text = "".join(one for one in unicodedata.normalize("NFKC", value.strip()) if not _is_unseen(one)).strip()
    if not text or not all("!" <= one <= "~" for one in text):
        return None
    if number := re.fullmatch(r"\+?0*(\d+)(?:\.0*)?", text):
        return number[1]
    with suppress(ValueError):
        float(text)
        return None  # a number that is no id, such as 1e9, -1 or nan
    return text


def _is_unseen(character: str) -> bool:
    if character.isascii():
        return not character.isprintable() and not character.isspace()
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selector or character in _UNSEEN or unicodedata.category(character) in ("Cf", "Cc")


def same_item(one: Any, other: Any) -> bool | None:
    """Tell whether two ids are those of one item; `None` where nobody can tell.

    A number is not another number, and a text not another text; but what one calls 17 another may call `i17`.
    """
    ours, theirs = spelled(one), spelled(other)
    if ours is None or theirs is None:
        return None
    return ours == theirs or (None if ours.isdigit() != theirs.isdigit() else False)


def checked_id(value: str) -> str:
    """Return an id that stands in its one spelling.

    Raises:
        ValueError: It does not, or it cannot be an id.
    """
    good = spelled(value)
    if good == value:
        return value
    raise ValueError(f"expected an id, got {shown(value)}{f'; write {good!r}' if good else ''}")
