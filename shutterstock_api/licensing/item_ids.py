"""The standard spelling of ids, so that an item is recognised however its id is written."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from typing import Any

from shutterstock_api.schema.values import shown

LONGEST_NUMBER = 64
"""The most bits that a numeric id can have."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5")
"""Characters that are invisible although they count as letters or marks."""


def spelled(value: Any) -> str | None:
    """Return an id in its standard spelling; `None` if the value cannot be an id.

    Files, spreadsheets and services write the id 17 as `17`, `17.0`, `"017"` or `"+17"`, or with white space
    or invisible characters around it.
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
    if number := _whole_number(text):
        return number[1]
    with suppress(ValueError):
        float(text)
        return None  # a number that is not an id, such as 1e9, -1 or nan
    return text


_whole_number = re.compile(r"\+?0*(\d+)(?:\.0*)?").fullmatch


def _is_unseen(character: str) -> bool:
    if character.isascii():
        return not character.isprintable() and not character.isspace()
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selector or character in _UNSEEN or unicodedata.category(character) in ("Cf", "Cc")


def same_item(one: Any, other: Any) -> bool | None:
    """Tell whether two ids belong to the same item; `None` if that is uncertain.

    Two different numbers, or two different texts, are two items; but `17` and `i17` may be the same one.
    """
    ours, theirs = spelled(one), spelled(other)
    if ours is None or theirs is None:
        return None
    return ours == theirs or (None if ours.isdigit() != theirs.isdigit() else False)


def checked_id(value: str) -> str:
    """Return an id that is in its standard spelling.

    Raises:
        ValueError: It has another spelling, or cannot be an id.
    """
    good = spelled(value)
    if good == value:
        return value
    raise ValueError(f"expected an id, got {shown(value)}{f'; write {good!r}' if good else ''}")
