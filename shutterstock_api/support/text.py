"""Text for messages: bounded, on one line, with a guess at what a misspelt name was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LONGEST_LINE = 500
"""Characters of a body that a message shows at most."""
MOST_LINES = 10
"""Things of one kind that a message lists at most."""


def to_text(body: bytes | str | None) -> str | None:
    """Return a body as text, whatever its bytes."""
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


def shorten(text: str, length: int = LONGEST_LINE) -> str:
    """Return one line of at most `length` characters."""
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
    """Return `; did you mean 'query'?` for a name that is nearly one of the known ones, else nothing.

    The end of one name alone (`token`) or its beginning (`q`) is nearer than any misspelling.
    """
    from difflib import get_close_matches

    names = list(known)
    longer = [other for other in names if other.endswith(f"_{name}") or _is_cut_off(name, other)]
    near = longer if len(longer) == 1 else get_close_matches(name, names, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _is_cut_off(name: str, word: str) -> bool:
    """Tell whether a name is the beginning of a single word."""
    return bool(name) and "_" not in word and word.startswith(name)
