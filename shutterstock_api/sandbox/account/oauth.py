"""OAuth: the request of an application, the login page, codes and tokens."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from shutterstock_api.sandbox.http.messages import Refusal, invalid

from .database import USERNAME
from .gate import SCOPES, Gate, Signer

LOGIN = "/login"
#: How long a login page, a code, and a token that expires are valid, in seconds.
PAGE_LIFETIME, CODE_LIFETIME, TOKEN_LIFETIME = 10 * 60, 5 * 60, 60 * 60
USER_ID = "u12345678"

#: The registered hosts, with any port and path. Browsers treat a backslash like a slash, so none is allowed.
_REDIRECT = re.compile(
    r"(?!.*[#\\])https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?([/?][!-~]*)?", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Question:
    """What an application asks a customer for."""

    client_id: str
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    realm: str
    expires: float


@dataclass(frozen=True)
class _Code:
    question: Question
    expires: float


class OAuth:
    """Creates the addresses of login pages, and exchanges codes for tokens.

    The page contains the signed question, so nobody can forge one. Only codes are stored.
    """

    def __init__(
        self, gate: Gate, signing_key: str, clock: Callable[[], float], base_url: str, *, rotate: bool
    ) -> None:
        self._gate = gate
        self._signer = Signer(signing_key)
        self._clock = clock
        self._base_url = base_url
        self._rotate = rotate
        self._codes: dict[str, _Code] = {}
        self._lock = Lock()

    @property
    def client_id(self) -> str:
        """The consumer key of the one application."""
        return self._gate.key

    def page(self, given: Mapping[str, Any]) -> str:
        """The address of the login page for the parameters of `authorize`."""
        self._known(given)
        if not _REDIRECT.fullmatch(given["redirect_uri"]):
            raise invalid("$.query.redirect_uri", "expected an address on this machine")
        question = Question(
            given["client_id"],
            given["redirect_uri"],
            given["state"],
            tuple(given["scope"].split()),
            given["realm"],
            self._clock() + PAGE_LIFETIME,
        )
        content = base64.urlsafe_b64encode(json.dumps(asdict(question)).encode()).decode()
        signed = f"{content}.{self._signer.sign(f'login {content}')}"
        return f"{self._base_url}{LOGIN}?{urlencode({'question': signed})}"

    def question(self, signed: str) -> Question:
        """The question of a login page; refuses questions that are forged or too old."""
        content, _, signature = signed.partition(".")
        if not self._signer.verifies(f"login {content}", signature):
            raise Refusal(400, "This page was not made here")
        fields = json.loads(base64.urlsafe_b64decode(content))
        question = Question(**{**fields, "scopes": tuple(fields["scopes"])})
        if self._clock() >= question.expires:
            raise Refusal(400, "This page has expired")
        return question

    def decided(self, question: Question, *, allow: bool) -> str:
        """The address to which the browser is sent after the customer's decision."""
        answer = {"code": self._code(question)} if allow else {"error": "access_denied"}
        join = "&" if "?" in question.redirect_uri else "?"
        return f"{question.redirect_uri}{join}{urlencode({**answer, 'state': question.state})}"

    def _code(self, question: Question) -> str:
        now, code = self._clock(), secrets.token_urlsafe(24)
        with self._lock:
            self._codes = {name: kept for name, kept in self._codes.items() if now < kept.expires}
            self._codes[code] = _Code(question, now + CODE_LIFETIME)
        return code

    def exchange(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The answer with a token, for the body of `create_access_token`."""
        self._known(given)
        grant, realm = given["grant_type"], given.get("realm", "customer")
        by_user = grant == "refresh_token" and given.get("user_id") == USER_ID
        if given.get("client_secret") != self._gate.secret and not by_user:
            raise Refusal(401, "Invalid client_secret")
        if grant == "refresh_token":
            return self._refreshed(given.get("refresh_token", ""), realm)
        if grant == "authorization_code":
            question = self._question_of(given.get("code", ""))
            return self._granted(question.scopes, question.realm, expires=given.get("expires", False))
        return self._granted(SCOPES, realm, expires=given.get("expires", False))

    def reset(self) -> None:
        """Forget all codes."""
        with self._lock:
            self._codes.clear()

    def _known(self, given: Mapping[str, Any]) -> None:
        if given["client_id"] != self._gate.key:
            raise Refusal(401, "Invalid client_id")

    def _question_of(self, code: str) -> Question:
        with self._lock:
            found = self._codes.pop(code, None)  # a code can be used only once
        if found is None or self._clock() >= found.expires:
            raise Refusal(400, "Invalid code")
        return found.question

    def _refreshed(self, refresh_token: str, realm: str) -> dict[str, Any]:
        with self._lock:
            scopes = self._gate.refreshed(refresh_token)
            if self._rotate:
                self._gate.revoke(refresh_token)
        if scopes is None:
            raise Refusal(400, "Invalid refresh_token")
        answer = self._granted(scopes, realm, expires=True)
        if not self._rotate:
            del answer["refresh_token"]  # the old one stays valid
        return answer

    def _granted(self, scopes: tuple[str, ...], realm: str, *, expires: bool) -> dict[str, Any]:
        if not expires:
            return {"access_token": self._gate.token(scopes), "token_type": "Bearer", "expires_in": None}
        return {
            "access_token": self._gate.token(scopes, TOKEN_LIFETIME),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFETIME,
            "refresh_token": self._gate.refresh_token(scopes),
            "user_token": {
                "client_id": self._gate.key,
                "user_id": USER_ID,
                "username": USERNAME,
                "realm": realm,
                "scopes": list(scopes),
                "expires_in": TOKEN_LIFETIME,
            },
        }
