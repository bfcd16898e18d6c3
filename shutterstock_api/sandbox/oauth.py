"""The two OAuth endpoints. Nobody has to log in here: whoever asks for a code gets one at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from .auth import SCOPES, Gate
from .messages import Refusal, invalid

#: How long a code is good for, and a token that expires, in seconds.
CODE_LIFETIME, TOKEN_LIFETIME = 5 * 60, 60 * 60


@dataclass(frozen=True)
class _Code:
    scopes: tuple[str, ...]
    expires: float


class OAuth:
    """Hands out codes and exchanges them, refresh tokens and client credentials for tokens."""

    def __init__(self, gate: Gate, clock: Callable[[], float]) -> None:
        self._gate = gate
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._lock = Lock()

    def authorize(self, given: Mapping[str, Any]) -> str:
        """Where the browser of the customer goes."""
        if given["client_id"] != self._gate.key:
            raise Refusal(401, "Invalid client_id")
        code = secrets.token_urlsafe(24)
        with self._lock:
            scopes = tuple(given.get("scope", "user.view").split())
            self._codes[code] = _Code(scopes, self._clock() + CODE_LIFETIME)
        if not given["redirect_uri"].isprintable():
            raise invalid("$.query.redirect_uri", "control characters are refused")
        join = "&" if "?" in given["redirect_uri"] else "?"
        return f"{given['redirect_uri']}{join}{urlencode({'code': code, 'state': given['state']})}"

    def exchange(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The answer with the token."""
        if given.get("client_id") != self._gate.key:
            raise Refusal(401, "Invalid client_id")
        grant = given.get("grant_type")
        if grant == "refresh_token":
            scopes = self._gate.refreshed(str(given.get("refresh_token", "")))
            if scopes is None:
                raise Refusal(400, "Invalid refresh_token")
            return self._answer(scopes, expires=True)
        if given.get("client_secret") != self._gate.secret:
            raise Refusal(401, "Invalid client_secret")
        expires = given.get("expires", False)
        if grant == "client_credentials":
            return self._answer(SCOPES, expires=expires)
        with self._lock:
            code = self._codes.pop(str(given.get("code", "")), None)
        if code is None or self._clock() >= code.expires:
            raise Refusal(400, "Invalid code")
        return self._answer(code.scopes, expires=expires)

    def _answer(self, scopes: tuple[str, ...], *, expires: bool) -> dict[str, Any]:
        if not expires:
            return {"access_token": self._gate.token(scopes), "token_type": "Bearer", "expires_in": None}
        return {
            "access_token": self._gate.token(scopes, TOKEN_LIFETIME),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFETIME,
            "refresh_token": self._gate.refresh_token(scopes),
        }
