"""Text for messages: shortened, on one line, with a suggestion for a misspelt name, or with advice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LONGEST_LINE = 500
"""The most characters of a body in a message."""
MOST_LINES = 10
"""The most things of one kind in a message."""


def to_text(body: bytes | str | None) -> str | None:
    """Return a body as text, whatever its bytes."""
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


def shorten(text: str, length: int = LONGEST_LINE) -> str:
    """Return one line with at most `length` characters."""
    line = " ".join(text[: 2 * length].split())
    return (
        line
        if len(text) <= length and len(line) <= length
        else f"{line[:length]}... ({len(text)} characters)"
    )


def first_lines(lines: Sequence[str]) -> list[str]:
    """Return the first lines of a long list, and one that says how many more there are."""
    more = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return [*lines[:MOST_LINES], *more]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'query'?` for a name that resembles one of the known ones, otherwise nothing.

    The end (`token`) or the beginning (`q`) of exactly one known name is preferred to a similar name.
    """
    from difflib import get_close_matches

    names = list(known)
    longer = [other for other in names if other.endswith(f"_{name}") or _is_cut_off(name, other)]
    near = longer if len(longer) == 1 else get_close_matches(name, names, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _is_cut_off(name: str, word: str) -> bool:
    """Tell whether a name is the beginning of exactly one word."""
    return bool(name) and "_" not in word and word.startswith(name)


def subscription_advice(words: str) -> str | None:
    """Return what to do if the service says that a subscription cannot pay; otherwise `None`."""
    return _CHOOSE if re.search(_UNUSABLE, words, re.IGNORECASE) else None


_UNUSABLE = (
    r"subscription\b.*(unusable|not (be )?(found|usable|valid|active)|cannot|invalid|expired|does not)"
)
_CHOOSE = (
    "The first subscription of an account is not always the right one: choose by asset_type, license, "
    "expiration_time and downloads_left of GET /v2/user/subscriptions."
)
