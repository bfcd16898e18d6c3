"""Values that can be sent in an HTTP header."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.support.masking import MASK, Secret

has_control: Callable[[str], object] = re.compile(r"[\x00-\x1f\x7f]").search
_is_name = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch


def header_text(name: str, value: str | bytes, encoding: str = "latin-1") -> Secret:
    """Return a value that can be sent in a header, without white space around it.

    Args:
        name: Its name in errors.
        value: The value, as text or as bytes in UTF-8.
        encoding: The encoding of the header.

    Raises:
        ApiTypeError: It is not text.
        ApiValueError: It contains control characters, or characters that the encoding does not have.
    """
    text, problem = _read_text(value, encoding)
    if text is None:
        other = ", or a function that returns it" if name == "access_token" else ""
        raise ApiTypeError(f"{name}: expected str or bytes{other}, got {type(value).__name__}")
    if problem:
        raise ApiValueError(f"{name}: it contains {problem}")
    return text


def _read_text(value: Any, encoding: str) -> tuple[Secret | None, str | None]:
    """Return the text and what is wrong with it, so that no frame of a traceback contains the text."""
    try:
        if not isinstance(value, str):
            import six

            value = six.ensure_str(value)
        text = value.strip()
        text.encode(encoding)
    except TypeError:
        return None, None
    except UnicodeError:
        return Secret(), "characters that a header cannot contain"
    return Secret(text), "control characters; remove them" if has_control(text) else None


_names_secret = re.compile(r"auth|cookie|token|secret|password|(api|access).?key", re.IGNORECASE).search


def is_secret(name: str, own: str = "") -> bool:
    """Tell whether a header may contain credentials.

    Args:
        name: The name of the header.
        own: The name of a header that contains credentials according to the program, in lower case.
    """
    return name.lower() == own or _names_secret(name) is not None


_SHOWN = frozenset({"accept", "accept-encoding", "content-type", "user-agent"})


class Headers(dict[str, str]):
    """Headers of a request. Its repr shows only values that cannot be secret."""

    def __repr__(self) -> str:
        return repr({name: value if name.lower() in _SHOWN else MASK for name, value in self.items()})


def put_headers(headers: dict[str, str], more: Mapping[str, str]) -> None:
    """Add headers; an existing one gets the new value, whether its name is in upper or lower case."""
    spelt = {name.lower(): name for name in headers}
    for name, value in more.items():
        headers[spelt.get(name.lower(), name)] = value


def checked_headers(headers: Mapping[Any, Any]) -> dict[str, str]:
    """Return headers that can be sent.

    Raises:
        ApiTypeError: A name or value is not text.
        ApiValueError: A name or value cannot be sent in a header.
    """
    if not isinstance(headers, Mapping):
        raise ApiTypeError(f"headers: expected names and values in a dict, got {type(headers).__name__}")
    for name in headers:
        if not isinstance(name, str) or not _is_name(name):
            raise ApiValueError(f"header {name!r}: not a valid name of a header")
    texts = ((name, header_text(f"header {name}", value)) for name, value in headers.items())
    return Headers((name, str(text) if name.lower() in _SHOWN else text) for name, text in texts)
