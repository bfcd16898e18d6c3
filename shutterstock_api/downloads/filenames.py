"""Makes file names that every system accepts, from untrusted text."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from typing import TYPE_CHECKING

from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.support.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 240
"""The most bytes of a name: file systems allow 255, and `.part.json` is added to it during a download."""
LONGEST_SUFFIX = 20
"""The longest suffix, in bytes, that a shortened name keeps."""

_forbidden = re.compile(r'[<>:"/\\|?*]')
_reserved = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE).match
_unfinished = re.compile(r"\.part(\.json)?$", re.IGNORECASE).search
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that are invisible, or mean something else on another machine."""


def safe_name(text: str) -> str:
    """Return a file name that resembles the text and never leads out of its folder.

    It is valid on Windows, macOS and Linux. Everything that a name cannot contain becomes `_`: separators,
    control characters, leading dots and dashes, names of devices. A name that is too long is cut, and gets a
    hash.
    """
    plain = "".join("_" if unicodedata.category(one) in _INVISIBLE else one for one in text)
    name = _forbidden.sub("_", unicodedata.normalize("NFC", plain)).strip().rstrip(". ")
    name = re.sub(r"^[.\-~ ]+", "_", name) or "_"
    if _reserved(name) or _unfinished(name):
        name = f"_{name}_" if _unfinished(name) else f"_{name}"
    return name if len(name.encode()) <= LONGEST else _shortened(name)


def _shortened(name: str) -> str:
    """Cut the name before its suffix; a hash distinguishes names that start alike."""
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) >= LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    end = f"~{hashlib.sha256(name.encode()).hexdigest()[:8]}{dot}{suffix}"
    return stem.encode()[: LONGEST - len(end.encode())].decode(errors="ignore") + end


def same_place(name: str) -> str:
    """Return a form of a name that is equal for names that some system takes for the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


class Template:
    """A name with fields in braces, such as `{image_id}-{size}.jpg`.

    Args:
        text: The template; `{{` stands for a brace.
        known: All fields that exist.

    Raises:
        ApiTypeError: It is not text.
        ApiValueError: It has an unknown field, or is not a template.
    """

    def __init__(self, text: str, known: tuple[str, ...]) -> None:
        if not isinstance(text, str):
            raise ApiTypeError(f"name: expected a template such as '{{image_id}}.jpg', got {text!r}")
        try:
            self._parts = list(string.Formatter().parse(text))
        except ValueError as problem:
            raise ApiValueError(f"name: {text!r} is not a template: {problem}") from None
        for _, field, layout, conversion in self._parts:
            if field is None:
                continue
            if field not in known:
                hint = did_you_mean(field, known) or f"; there are {', '.join(known)}"
                raise ApiValueError(f"name: {text!r} has an unknown field {field!r}{hint}")
            if layout or conversion:
                raise ApiValueError(f"name: {text!r}: a field is only its name in braces")

    @property
    def fields(self) -> set[str]:
        """The fields in the template."""
        return {field for _, field, _, _ in self._parts if field}

    def filled(self, fields: Mapping[str, str | None]) -> str:
        """Return a safe name.

        Raises:
            ApiValueError: A field has no value.
        """
        made = ""
        for literal, field, _, _ in self._parts:
            value = fields.get(field) if field else ""
            if value is None:
                raise ApiValueError(f"name: the source does not say its {field}")
            made += literal + value
        return safe_name(made)
