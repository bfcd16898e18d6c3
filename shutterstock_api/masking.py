"""Texts that nobody may see: how they are held, and how they are taken out of what is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

E = TypeVar("E", bound=BaseException)

MASK = "***"


class Secret(str):
    """A text that its repr hides, and with it every dump of what holds it. It cannot be pickled."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _: object) -> Secret:
        return self

    def __reduce__(self) -> str:
        raise TypeError("secrets are not pickled")


def hidden(value: Any) -> Any:
    """Return text or bytes as a `Secret`, anything else as it is.

    To be put in place of an argument, so that no frame of a traceback shows it.
    """
    if isinstance(value, bytes):
        return Secret(value.decode("utf-8", "surrogateescape"))  # what is no text is found when it is checked
    return Secret(value) if isinstance(value, str) else value


def masked(text: str, secrets: Iterable[str]) -> str:
    """Return the text with `***` in place of each secret, also as JSON or a URL may write it."""
    for secret in secrets:
        for form in {secret, secret.replace("/", r"\/"), quote(secret, safe="")}:
            text = text.replace(form, MASK)
    return text


def alone(error: E) -> E:
    """Return an error without the frames and the errors that it came through: these hold what was sent."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def without_links(text: str) -> str:
    """Return the text without tokens, and without what follows the host in links: they may be signed."""
    return _link(rf"\1{MASK}", _token(rf'\1"{MASK}"', text))


_link = re.compile(r"""(https?:\\?/\\?/[^/\\\s"'<>]+\\?/)[^\s"'<>]+""", re.IGNORECASE).sub
# The text after the name may be cut off in the middle.
_token = re.compile(r"""("(?:access|refresh)_token"\s*:\s*)"(?:[^"\\]|\\.)*("|$)""").sub
