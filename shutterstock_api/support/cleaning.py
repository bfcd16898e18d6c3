"""Makes text from a server safe to show, log, store and pickle: everything that may grant access is masked.

One function decides, `cleaned`. It sees only the text, so it masks too much rather than too little: tokens
and passwords, by their names and forms; links and paths that have a query, or a part that may be a key. The
host of a link is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from shutterstock_api.support.masking import MASK

_may_matter = re.compile(r"[/=>]|%(25)*(2f|3d)|token|secret|passw|bearer|basic|\beyj", re.IGNORECASE).search
_named = re.compile(
    r"""((?:token|secret|password|passwd|signature|api_?key|access_?key)s?
    (?:\\?["']\s*:\s*\\?["']?|["']?\s*=\s*["']?|%3d|>))  # in JSON, a form, a quoted form, XML
    [^\s"'&<>,;\\)\]}]+""",
    re.IGNORECASE | re.VERBOSE,
)
_credentials = re.compile(r"\b(Bearer|Basic)(\s+)[\w.~+/=-]{8,}|\bv2/[\w+/=-]{20,}|\beyJ[\w-]{8,}\.[\w.-]+")
_words = re.compile(r"""[^\s"'<>(){},;][^\s"'<>]*""")
_digit = re.compile(r"\d").search
_letter = re.compile(r"[a-z]", re.IGNORECASE).search
names_secret: Callable[[str], object] = re.compile("token|secret|password", re.IGNORECASE).search
"""Tells whether the name of a field says that its value is secret."""
SHORTEST_KEY = 16
"""The length from which a part of a path may be a key, if it contains letters and digits."""


class ServerText(str):
    """Text as a server sent it. Its value is exact; its repr and its pickle are cleaned."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(cleaned(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return ServerText, (cleaned(self),)


def cleaned(text: str) -> str:
    """Return a text with `***` in place of everything that may grant access: links, tokens, passwords."""
    if not _may_matter(text):  # the usual case
        return str(text)
    text = _named.sub(rf"\1{MASK}", text)
    text = _credentials.sub(lambda found: f"{found[1]}{found[2]}{MASK}" if found[1] else MASK, text)
    return _words.sub(_cleaned_word, text)


def _cleaned_word(found: re.Match[str]) -> str:
    """Return a word of the text, masked if it is a link or a path that may grant access."""
    word = unquote(unquote(found[0])).replace("\\/", "/")
    if "/" not in word or not ("?" in word or _signed(word) or any(map(_may_be_key, word.split("/")))):
        return found[0]
    front, slashes, place = word.partition("//")
    return f"{front}//{re.split('[/?#]', place, maxsplit=1)[0]}/{MASK}" if slashes else MASK


_signed = re.compile("/(gatekeeper|downloads?)/", re.IGNORECASE).search
"""Paths of files whose links grant access."""


def _may_be_key(part: str) -> bool:
    return len(part) >= SHORTEST_KEY and bool(_digit(part) and _letter(part))


def cleaned_value(value: Any) -> Any:
    """Return a JSON value with all its texts cleaned, including keys."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [cleaned_value(item) for item in value]
    if isinstance(value, dict):
        return {
            cleaned_value(key): MASK if names_secret(str(key)) else cleaned_value(item)
            for key, item in value.items()
        }
    return value
