"""A token that stays fresh, for `Configuration.access_token`, which is read before each call."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, Self

from shutterstock_api.credentials.token import OAuthError, Token
from shutterstock_api.credentials.token_endpoint import TokenEndpoint
from shutterstock_api.credentials.token_file import TokenFile
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.async_result import AsyncResult
from shutterstock_api.support.errors import ApiException, ApiTimeoutError
from shutterstock_api.support.masking import Secret
from shutterstock_api.support.timing import time_left
from shutterstock_api.telemetry.reporter import log

EARLY = 30.0
"""How many seconds before it expires a token is renewed."""
PAUSE = 5.0
"""Seconds until the next attempt if a renewal failed while the token was still valid."""


class Renewer(Protocol):
    """Something that renews tokens, such as an `OAuth`."""

    def refresh(self, token: Token, /) -> Token: ...


class TokenStore(Protocol):
    """Something that stores the current token: a `TokenFile`, or memory."""

    def read(self) -> Token: ...

    def write(self, token: Token) -> None: ...

    def lock(self) -> AbstractContextManager[None]: ...


class RefreshingToken:
    """A token that is renewed shortly before it expires, and when the service refuses it.

    Pass it as `access_token` to any number of configurations. All threads share one renewal, and so do all
    processes if the token is in a file. Copies share the token, too.

    Args:
        oauth: Object that renews the token, such as an `OAuth`; `None` if it is not renewed.
        token: The first token, or a `TokenFile` or the path of one.
        clock: Function that returns the time in seconds since 1970.
    """

    @explained
    def __init__(
        self,
        oauth: Renewer | None,
        token: Token | TokenFile | str | os.PathLike[str],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._oauth = oauth
        if isinstance(token, (str, os.PathLike)):
            token = TokenFile(token)
        self._store: TokenStore = _MemoryStore(token) if isinstance(token, Token) else token
        self._clock = clock
        self._flight = _SingleFlight()
        self._not_before = 0.0

    def __call__(self) -> str:
        """Return a token that is valid now.

        Raises:
            ApiException: The token has expired and cannot be renewed.
        """
        token = self._store.read()
        now = self._clock()
        left = token.seconds_left(now)
        if left > EARLY:
            return token.access_token
        if left <= 0:
            return self._renewed(token).access_token
        if not self._renewable(token) or now < self._not_before:
            return token.access_token
        try:
            return self._renewed(token).access_token
        except ApiException as error:
            self._not_before = now + PAUSE
            text = "the token is valid for another %.0f s, but could not be renewed: %s"
            log(logging.WARNING, text, left, error)
            return token.access_token

    def renew(self, refused: str) -> str:
        """Return another token in place of a refused one, or the same token if there is no other.

        Raises:
            ApiException: It could not be renewed.
        """
        refused = Secret(refused)  # no traceback shows it
        token = self._store.read()
        if token.access_token == refused and self._renewable(token):
            token = self._renewed(token)
        return token.access_token

    def _renewable(self, token: Token) -> bool:
        return self._oauth is not None and token.refresh_token is not None

    def _renewed(self, old: Token) -> Token:
        """Return the token that replaces `old`; one thread renews it for all."""
        return self._flight.share(lambda: self._renew(old))

    def _renew(self, old: Token) -> Token:
        if self._oauth is None or not old.refresh_token:
            more = "" if self._oauth else ", or set username and password (key and secret) to renew it"
            raise OAuthError(
                reason=f"the token expired at {old.expires_at} and cannot be renewed",
                hint=f"Log in again{more}.",
            )
        with self._store.lock():
            current = self._store.read()
            if current != old:
                return current  # another thread or process was faster
            fresh = self._oauth.refresh(current)
            try:
                self._store.write(fresh)
            except OAuthError as error:
                log(logging.WARNING, "the token was renewed, but not stored: %s", error)
            return fresh

    def __repr__(self) -> str:
        return f"<RefreshingToken from {self._store!r}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("tokens are not pickled; share a TokenFile")


def token_from_file(path: str | os.PathLike[str], configuration: Any) -> RefreshingToken:
    """Return the token in a file; with key and secret in the configuration, it is renewed there."""
    known = configuration.username and configuration.password
    return RefreshingToken(TokenEndpoint.of(configuration) if known else None, path)


class _MemoryStore:
    def __init__(self, token: Token) -> None:
        self._token = token

    def read(self) -> Token:
        return self._token

    def write(self, token: Token) -> None:
        self._token = token

    def lock(self) -> AbstractContextManager[None]:
        return nullcontext()

    def __repr__(self) -> str:
        return repr(self._token)


class _SingleFlight:
    """Work that one thread does while others wait for it and share the result."""

    def __init__(self) -> None:
        # By process: a fork may have copied a held lock, and work that will never end.
        self._processes: dict[int, tuple[threading.Lock, list[AsyncResult[Token]]]] = {}

    def share(self, work: Callable[[], Token]) -> Token:
        lock, under_way = self._processes.setdefault(os.getpid(), (threading.Lock(), []))
        own: AsyncResult[Token] = AsyncResult()
        try:
            with lock:
                if not under_way or under_way[0].ready():
                    under_way[:] = [own]
                flight = under_way[0]
            if flight is own:
                own.run(work)
        finally:  # even if Ctrl-C interrupts: the next thread starts again
            if not own.ready():
                own.run(_interrupted)
            with lock:
                under_way[:] = [other for other in under_way if not other.ready()]
        if flight is own:
            return own.get()
        return self._shared(flight)

    def _shared(self, flight: AsyncResult[Token]) -> Token:
        flight.wait(time_left())
        if not flight.ready():
            late = ApiTimeoutError(reason="another thread did not renew the token before the deadline")
            late.sent = False
            raise late
        try:
            return flight.get()
        except Exception:
            raise
        except BaseException:  # noqa: BLE001  # Ctrl-C is for one thread only
            pass
        return _interrupted()


def _interrupted() -> Token:
    raise OAuthError(reason="the renewal was interrupted")
