"""The two OAuth endpoints. Nobody has to log in here: whoever asks for a code gets one at once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from .auth import SCOPES, Gate
from .messages import Refusal, Request, Response, invalid

AUTHORIZE, ACCESS_TOKEN = "/v2/oauth/authorize", "/v2/oauth/access_token"
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

    def handle(self, request: Request) -> Response:
        """Serve one request."""
        if (request.method, request.path) == ("GET", AUTHORIZE):
            return self._authorize(request)
        if (request.method, request.path) == ("POST", ACCESS_TOKEN):
            body = json.dumps(self._exchange(_arguments(request))).encode()
            return Response(200, {"Content-Type": "application/json"}, body)
        allowed = "GET" if request.path == AUTHORIZE else "POST"
        raise Refusal(405, "Method Not Allowed", headers={"Allow": allowed})

    def _authorize(self, request: Request) -> Response:
        given = {name: values[0] for name, values in parse_qs(request.query).items()}
        for name in ("client_id", "redirect_uri", "response_type", "state"):
            if name not in given:
                raise invalid(f"$.query.{name}", f"{name} is required", "VALIDATION_REQUIRED")
        if given["client_id"] != self._gate.key:
            raise Refusal(401, "Invalid client_id")
        if given["response_type"] != "code":
            raise invalid("$.query.response_type", "expected code", "VALIDATION_INVALID_ENUM_VALUE")
        code = secrets.token_urlsafe(24)
        with self._lock:
            scopes = tuple(given.get("scope", "user.view").split())
            self._codes[code] = _Code(scopes, self._clock() + CODE_LIFETIME)
        if not given["redirect_uri"].isprintable():
            raise invalid("$.query.redirect_uri", "control characters are refused")
        join = "&" if "?" in given["redirect_uri"] else "?"
        target = given["redirect_uri"] + join + urlencode({"code": code, "state": given["state"]})
        return Response(302, {"Location": target})

    def _exchange(self, given: dict[str, Any]) -> dict[str, Any]:
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
        expires = str(given.get("expires", "false")).lower() == "true"
        if grant == "client_credentials":
            return self._answer(SCOPES, expires=expires)
        if grant != "authorization_code":
            raise invalid("$.body.grant_type", "unknown grant_type", "VALIDATION_INVALID_ENUM_VALUE")
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


def _arguments(request: Request) -> dict[str, Any]:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.body.decode("utf-8", "replace")))
    try:
        given = request.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Refusal(400, "The body is neither a form nor a JSON object")
    return given
