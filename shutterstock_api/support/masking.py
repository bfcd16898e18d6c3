"""Holds secret texts, and removes them from texts that are shown."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

E = TypeVar("E", bound=BaseException)

MASK = "***"


class Secret(str):
    """A text whose repr hides it, even inside of other objects. It cannot be pickled."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _: object) -> Secret:
        return self

    def __reduce__(self) -> str:
        raise TypeError("secrets are not pickled")


class SecretBytes(bytes):
    """A body that neither its repr nor its text shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"

    __str__ = __repr__


def as_secret(value: Any) -> Any:
    """Return a substitute for an argument, so that no frame of a traceback shows it.

    Text and bytes become a `Secret`; of any other value, only the name of its type is kept.
    """
    if isinstance(value, bytes):
        return Secret(value.decode("utf-8", "surrogateescape"))  # other bytes are refused later
    if isinstance(value, str):
        return Secret(value)
    if value is None or callable(value):
        return value
    return type(type(value).__name__, (), {})()  # its type is all that an error needs


def masked(text: str, secrets: Iterable[str]) -> str:
    """Return the text with `***` in place of each secret, even if it is encoded as JSON, URL or base64."""
    if r"\u00" in text:
        text = re.sub(r"\\u00([2-7][0-9a-fA-F])", _unescaped, text)
    for secret in secrets:
        for form in _forms(secret):
            text = text.replace(form, MASK)
    return text


def _forms(secret: str) -> set[str]:
    data = secret.encode("utf-8", "surrogateescape")
    quoted = {quote(data, safe=safe) for safe in ("", "/", "/+=", "/:+=@")}
    packed = {pack(data).decode().rstrip("=") for pack in (b64encode, urlsafe_b64encode)}
    forms = {secret, json.dumps(secret)[1:-1], quote_plus(data), *quoted}
    forms |= {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in quoted}
    return forms | {form.replace("/", r"\/") for form in forms | packed} | packed


def _unescaped(found: re.Match[str]) -> str:
    """Return the character of a JSON escape, unless it means something in JSON."""
    character = chr(int(found[1], 16))
    return found[0] if character in '"\\\x7f' else character


def without_traceback(error: E) -> E:
    """Return an error without its frames and causes, which hold what was sent."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def without_links(text: str) -> str:
    """Return the text without tokens, and with only the host of links, since they may be signed."""
    return re.sub(_LINK, rf"\1{MASK}", re.sub(_TOKEN, rf'\1"{MASK}"', text))


_LINK = r"""(?i)((?:https?:)?\\?/\\?/[^/\\\s"'<>]+\\?/)[^\s"'<>]+"""
# The text after the name may be cut off in the middle.
_TOKEN = r"""("(?:access|refresh)_token"\s*:\s*)"(?:[^"\\]|\\.)*("|$)"""
