"""Credentials: signed tokens with scopes, and the consumer key and secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count

SCOPES = (
    "collections.edit",
    "collections.view",
    "licenses.create",
    "licenses.view",
    "purchases.view",
    "user.view",
)


@dataclass(frozen=True)
class Credential:
    """The credentials of a request: a token with scopes, or the key and secret (`scopes` is None)."""

    scopes: frozenset[str] | None
    #: When the token expires; None if it never does.
    ends: float | None = None


class Signer:
    """Signs texts with the sandbox's own key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def sign(self, text: str) -> str:
        """A signature that fits into an address."""
        digest = hmac.new(self._key, text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:24]).decode()

    def verifies(self, text: str, signature: str) -> bool:
        """Whether the signature belongs to the text."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode())


class Gate:
    """Creates tokens, and checks the credentials of requests.

    A token contains its scopes and its expiry time, signed. Nothing is stored, so with `--database` tokens
    stay valid after a restart.
    """

    def __init__(self, signing_key: str, clock: Callable[[], float]) -> None:
        self._signer = Signer(signing_key)
        self._numbers = count(1)  # so that no two tokens are the same
        self._clock = clock
        self._revoked: set[str] = set()
        self.key: str = "sandbox-" + self._signer.sign("key").replace("_", "x")[:12]
        self.secret: str = self._signer.sign("secret").replace("_", "x")

    def token(self, scopes: Iterable[str] = SCOPES, lifetime: float | None = None) -> str:
        """A token with these scopes, which expires after `lifetime` seconds, or never."""
        ends = "" if lifetime is None else f"{self._clock() + lifetime:.0f}"
        told = f"{ends}|{' '.join(sorted(scopes))}|{next(self._numbers)}"
        content = base64.urlsafe_b64encode(told.encode()).decode()
        return f"v2/{content}/{self._signer.sign(content)}"

    def refresh_token(self, scopes: Iterable[str]) -> str:
        """A new refresh token for a token with these scopes."""
        text = f"{secrets.token_hex(8)}|{' '.join(scopes)}"
        content = base64.urlsafe_b64encode(text.encode()).decode()
        return f"r2/{content}/{self._signer.sign(f'refresh {content}')}"

    def refreshed(self, refresh_token: str) -> tuple[str, ...] | None:
        """The scopes of a refresh token; None if it is not one of ours."""
        version, _, rest = refresh_token.partition("/")
        content, _, signature = rest.partition("/")
        if version != "r2" or refresh_token in self._revoked:
            return None
        if not self._signer.verifies(f"refresh {content}", signature):
            return None
        return tuple(base64.urlsafe_b64decode(content).decode().partition("|")[2].split())

    def revoke(self, token: str) -> None:
        """Refuse this token from now on."""
        self._revoked.add(token)

    def reset(self) -> None:
        """Accept revoked tokens again."""
        self._revoked.clear()

    def credential(self, authorization: str | None) -> Credential | None:
        """The credentials in an `Authorization` header; None if they are not valid."""
        scheme, _, value = (authorization or "").partition(" ")
        if scheme.lower() == "bearer":
            return self._bearer(value.strip())
        if scheme.lower() == "basic":
            return self._basic(value.strip())
        return None

    def _bearer(self, token: str) -> Credential | None:
        version, _, rest = token.partition("/")
        content, _, signature = rest.partition("/")
        if version != "v2" or token in self._revoked or not self._signer.verifies(content, signature):
            return None
        ends, scopes, _ = base64.urlsafe_b64decode(content).decode().split("|")
        if ends and self._clock() >= float(ends):
            return None
        return Credential(frozenset(scopes.split()), float(ends) if ends else None)

    def _basic(self, value: str) -> Credential | None:
        try:
            pair = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None
        expected = f"{self.key}:{self.secret}".encode()
        return Credential(None) if hmac.compare_digest(pair, expected) else None
