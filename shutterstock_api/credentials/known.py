"""The known credentials: a token, a source of tokens, or key and secret."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable
from typing import Any, NamedTuple
from unicodedata import normalize

from shutterstock_api.schema.headers import header_text
from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import Secret

TokenSource = Callable[[], str]
"""Returns the token to send. It may have a method `renew(refused)` that returns another one."""


class Credentials(NamedTuple):
    """The credentials of a configuration. They are replaced, never changed: threads see old or new ones."""

    token: Secret | None = None
    source: TokenSource | None = None
    """The function that returns the token, if there is no fixed one."""
    token_file: str | None = None
    """The token file, if there is neither of these."""
    username: Secret | None = None
    password: Secret | None = None
    from_environment: bool = False
    bearer: Secret | None = None
    """The header for the token."""
    basic: Secret | None = None
    """The header for key and secret."""

    def replaced(self, **changes: Any) -> Credentials:
        """Return a copy with `changes`, as credentials that the program has set."""
        names = ("token", "source", "token_file", "username", "password")
        return checked_credentials(**{name: getattr(self, name) for name in names} | changes)

    def suit(self, basic: bool) -> bool:
        """Tell whether they authorise an operation; `basic` says whether it accepts key and secret."""
        return bool(self.bearer or self.source or self.token_file or (basic and self.basic))

    def texts(self) -> set[str]:
        """Return all secret texts."""
        texts = {self.token, self.bearer, self.username, self.password, self.basic}
        return {text for text in (*texts, *(self.basic or "").split(" ")[1:]) if text}

    def __repr__(self) -> str:
        if self.token:
            return "token"
        if self.source or self.token_file:
            return "renewable token" if self.source else "token file"
        return "key and secret" if self.basic else "no credentials"


def checked_credentials(
    token: str | bytes | None = None,
    source: TokenSource | None = None,
    token_file: str | None = None,
    username: str | bytes | None = None,
    password: str | bytes | None = None,
    from_environment: bool = False,
) -> Credentials:
    """Return credentials, and the headers made of them.

    Raises:
        ApiTypeError: A value is not text.
        ApiValueError: A value cannot be sent in a header.
    """
    known = _optional("access_token", token)
    key, secret = _optional("username", username, "utf-8"), _optional("password", password, "utf-8")
    bearer, basic = known and bearer_header(known), basic_header(key, secret)
    return Credentials(known, source, token_file, key, secret, from_environment, bearer, basic)


def environment_credentials() -> Credentials:
    """Return the credentials of the environment; an empty variable counts as unset."""
    names = {"token": "API_TOKEN", "username": "KEY", "password": "SECRET", "token_file": "TOKEN_FILE"}
    found: Any = {name: os.environ.get(f"SHUTTERSTOCK_{end}") or None for name, end in names.items()}
    return checked_credentials(**found, from_environment=True)


def bearer_header(token: str) -> Secret:
    """Return the `Authorization` header for a token."""
    return Secret(f"Bearer {header_text('access_token', token)}")


def basic_header(username: str | None, password: str | None) -> Secret | None:
    """Return the `Authorization` header for key and secret, in UTF-8 (RFC 7617); `None` without both."""
    if username is None or password is None:
        return None
    if ":" in username:
        raise ApiValueError("username: it contains a colon, which HTTP Basic does not allow")
    pair = Secret(normalize("NFC", f"{username}:{password}"))
    return Secret(f"Basic {b64encode(pair.encode()).decode()}")


def _optional(name: str, value: str | bytes | None, encoding: str = "latin-1") -> Secret | None:
    return (header_text(name, value, encoding) or None) if value is not None else None
