"""Makes text from a server safe to show, log, store and pickle: everything that may grant access is masked.

One function decides, `cleaned`. It sees only the text, so it masks too much rather than too little: tokens
and passwords, by their names and forms; links and paths that have a query, or a part that may be a key. The
host of a link is kept.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from shutterstock_api.support.masking import MASK

# As texts: `re` compiles them when the first text is cleaned. Few programs come to that.
_MAY_MATTER = r"(?i)[/=>]|%(25)*(2f|3d)|token|secret|passw|bearer|basic|\beyj"
_NAMED = r"""(?ix)
    ((?:token|secret|password|passwd|signature|api_?key|access_?key)s?
    (?:\\?["']\s*:\s*\\?["']?|["']?\s*=\s*["']?|%3d|>))  # in JSON, a form, a quoted form, XML
    [^\s"'&<>,;\\)\]}]+"""
_CREDENTIALS = r"\b(Bearer|Basic)(\s+)[\w.~+/=-]{8,}|\bv2/[\w+/=-]{20,}|\beyJ[\w-]{8,}\.[\w.-]+"
_WORD = r"""[^\s"'<>(){},;][^\s"'<>]*"""
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
    if not re.search(_MAY_MATTER, text):  # the usual case
        return str(text)
    text = re.sub(_NAMED, rf"\1{MASK}", text)
    text = re.sub(_CREDENTIALS, lambda found: f"{found[1]}{found[2]}{MASK}" if found[1] else MASK, text)
    return re.sub(_WORD, _cleaned_word, text)


def _cleaned_word(found: re.Match[str]) -> str:
    """Return a word of the text, masked if it is a link or a path that may grant access."""
    word = unquote(unquote(found[0])).replace("\\/", "/")
    if "/" not in word or not ("?" in word or _signed(word) or any(map(_may_be_key, word.split("/")))):
        return found[0]
    front, slashes, place = word.partition("//")
    return f"{front}//{re.split('[/?#]', place, maxsplit=1)[0]}/{MASK}" if slashes else MASK


def _signed(path: str) -> bool:
    """Tell whether a path is that of files whose links grant access."""
    return bool(re.search("(?i)/(gatekeeper|downloads?)/", path))


def _may_be_key(part: str) -> bool:
    return len(part) >= SHORTEST_KEY and bool(re.search(r"\d", part) and re.search("(?i)[a-z]", part))


def names_secret(name: str) -> bool:
    """Tell whether the name of a field says that nobody may see its value."""
    return bool(re.search("(?i)token|secret|password", name))


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
