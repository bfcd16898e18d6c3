"""The request for a token: with a code, with a refresh token, or with key and secret alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, Protocol, TypeVar

import msgspec

from shutterstock_api.contract.oauth import CREATE_ACCESS_TOKEN
from shutterstock_api.credentials.token import OAuthError, Token
from shutterstock_api.schema.operation import Operation
from shutterstock_api.support.errors import ApiException, DecodeError
from shutterstock_api.support.masking import Secret, as_secret

T = TypeVar("T")

REFUSALS = frozenset({400, 401, 403})
"""Statuses with which the service refuses to give a token."""
MOST_REFUSED = 1000
"""The most refused refresh tokens that a process remembers."""
_HINTS = {
    "authorization_code": "A wrong key or secret, or a code that was used or is too old: log in again.",
    "refresh_token": "A wrong key or secret, or a token that cannot be renewed any more: log in again.",
    "client_credentials": "Are client_id and client_secret those of your application?",
}


class TokenClient(Protocol):
    """What the request needs from `ApiClient`."""

    configuration: Any
    timing: Any

    def call(self, operation: Operation[T], values: Sequence[Any], /) -> T: ...


class TokenEndpoint:
    """Obtains tokens for an application.

    Args:
        client: Returns the client for the request; its configuration has the application's key and secret.
    """

    def __init__(self, client: Callable[[], TokenClient]) -> None:
        self._client = client

    @classmethod
    def of(cls, configuration: Any) -> TokenEndpoint:
        """Return the endpoint for the key and secret of a configuration, with its own client."""

        @cache
        def client() -> TokenClient:
            if configuration._client_class is None:
                raise OAuthError(
                    reason="the token has to be renewed, and no client is loaded",
                    hint="import shutterstock_api.api_client",
                )
            made: TokenClient = configuration._client_class(application_settings(configuration))
            return made

        return cls(client)

    def request(self, grant_type: str, *, expires: bool, **given: Any) -> Token:
        """Request a token.

        Args:
            grant_type: The OAuth grant type.
            expires: Whether to ask for a token that expires and can be renewed.
            **given: The other fields of this grant type, without key and secret.

        Raises:
            OAuthError: The service refuses.
        """
        from shutterstock_api.models import AccessTokenRequest

        client = self._client()
        key, secret = map(as_secret, (client.configuration.username, client.configuration.password))
        body = AccessTokenRequest(
            grant_type=grant_type, client_id=key, client_secret=secret, expires=expires, **given
        )
        asked_at = client.timing.time()  # so that a token expires too early for us rather than too late
        try:
            answer = client.call(CREATE_ACCESS_TOKEN, (body,))
        except DecodeError as error:
            error.body = None  # it cannot be read, so the token may be anywhere in it
            raise
        except ApiException as error:
            if error.status not in REFUSALS:
                raise
            error.hint = _HINTS[grant_type]
            refused = OAuthError(error.status, error.reason, body=error.body, headers=error.headers)
            refused.method, refused.path, refused.hint = error.method, error.path, error.hint
            raise refused from error
        if not isinstance(answer.access_token, str) or not answer.access_token.strip():
            raise OAuthError(reason="the service answered, but without a token")
        refresh_token = answer.refresh_token if isinstance(answer.refresh_token, str) else None
        return Token(answer.access_token.strip(), _end(asked_at, answer.expires_in), refresh_token)

    def refresh(self, token: Token) -> Token:
        """Return a fresh token. It keeps the refresh token unless the service sends another one.

        A refresh token that the service has refused is not sent again with the same key and secret.

        Raises:
            OAuthError: This token cannot be renewed.
        """
        if not token.refresh_token:
            raise OAuthError(reason="this token cannot be renewed", hint="Log in again.")
        attempt = self._fingerprint(token.refresh_token)
        if attempt in refused_tokens:
            raise copy(refused_tokens[attempt])
        try:
            fresh = self.request("refresh_token", expires=True, refresh_token=Secret(token.refresh_token))
        except OAuthError as error:
            if _is_final(error):
                refused_tokens[attempt] = copy(error)
                if len(refused_tokens) > MOST_REFUSED:
                    del refused_tokens[next(iter(refused_tokens))]
            raise
        if fresh.refresh_token:
            return fresh
        return msgspec.structs.replace(fresh, refresh_token=token.refresh_token)

    def _fingerprint(self, refresh_token: str) -> bytes:
        """Return a text that identifies a refresh token together with its key and secret."""
        settings = self._client().configuration
        sent = settings.host, settings.username, settings.password, refresh_token
        return sha256("\0".join(map(str, sent)).encode()).digest()


refused_tokens: dict[bytes, OAuthError] = {}
"""The errors with which the service refused refresh tokens; oldest first."""


def _is_final(error: OAuthError) -> bool:
    """Tell whether the service itself refuses a refresh token: an HTML page would come from a gateway."""
    return error.status in (400, 401) and not (error.body or "").lstrip().startswith("<")


def application_settings(configuration: Any, key: str | None = None, secret: str | None = None) -> Any:
    """Return a copy of a configuration that has only key and secret as credentials.

    Args:
        configuration: The settings.
        key: Consumer key; by default that of the configuration.
        secret: Consumer secret; by default that of the configuration.
    """
    settings = copy(configuration)
    # Both are set together: credentials that a program sets replace all of those in the environment.
    settings.username, settings.password = key or settings.username, secret or settings.password
    settings.access_token = settings.token_file = settings.refresh_api_key_hook = None
    return settings


def _end(start: float, seconds: Any) -> datetime | None:
    """Return when a token expires; `None` if the service gives no time, or one that no calendar has."""
    try:
        return datetime.fromtimestamp(start, UTC) + timedelta(seconds=float(seconds))
    except (TypeError, ValueError, OverflowError):
        return None
