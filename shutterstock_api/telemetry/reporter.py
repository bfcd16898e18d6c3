"""Tells the log and the hooks of `Configuration` about each attempt.

The reports contain no secrets: a path has no query, and only the host of a link to a file is shown.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from shutterstock_api import telemetry
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.errors import request_id
from shutterstock_api.support.masking import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from shutterstock_api.support.errors import ApiException
    from shutterstock_api.support.timing import Timing
    from shutterstock_api.telemetry import RateLimit, RequestEvent, ResponseEvent, RetryEvent


logger: logging.Logger = logging.getLogger("shutterstock_api")

OPENTELEMETRY = "opentelemetry.trace"
"""The module that a program with spans has loaded. Then each call gets a span: see `tracing`."""


class Hooks(Protocol):
    """The settings that ask for reports about attempts."""

    on_request: Callable[[RequestEvent], Any] | None
    on_response: Callable[[ResponseEvent], Any] | None
    on_retry: Callable[[RetryEvent], Any] | None


class ObservedClient(Protocol):
    """What the reporter needs from a client."""

    @property
    def configuration(self) -> Hooks: ...
    @property
    def timing(self) -> Timing: ...
    @property
    def rate_limit(self) -> RateLimit | None: ...


def is_seen(client: ObservedClient) -> bool:
    """Tell whether anybody wants reports about successful attempts."""
    configuration = client.configuration
    return bool(configuration.on_request or configuration.on_response or logger.isEnabledFor(logging.DEBUG))


class CallReporter:
    """Tells the log and the hooks about a call, attempt by attempt.

    Args:
        client: The client of the call.
        operation: The name of the operation.
        method: HTTP verb.
        path: The part of the target that can be shown.
        secrets: Returns texts to mask if an answer repeats them.
        attempt: Number of the latest attempt.
    """

    __slots__ = ("_about", "_begin", "_client", "_secrets")

    def __init__(
        self,
        client: ObservedClient,
        operation: str,
        method: str,
        path: str,
        secrets: Callable[[], Iterable[str]],
        attempt: int = 0,
    ) -> None:
        self._client = client
        self._about = operation, method, path, attempt
        self._secrets = secrets
        self._begin = 0.0

    def sending(self, attempt: int) -> None:
        """Report that an attempt begins."""
        self._about = *self._about[:3], attempt
        hook = self._client.configuration.on_request
        if hook:
            _tell(hook, telemetry.RequestEvent(*self._about))
        self._begin = self._client.timing.monotonic()

    def answered(self, status: int, headers: Mapping[str, str], size: int | None) -> None:
        """Report that the attempt succeeded.

        Args:
            status: HTTP status.
            headers: Response headers.
            size: The size of the body in bytes; `None` if it was not read here.
        """
        self._over(status, None, headers, size)

    def failed(self, error: ApiException) -> None:
        """Report that the attempt failed."""
        self._over(error.status, type(error).__name__, error.headers, None)

    def again(self, error: ApiException, wait: float) -> None:
        """Report that the request will be sent again after this error, in `wait` seconds."""
        event = telemetry.RetryEvent(*self._about, wait, error.status, type(error).__name__)
        how = "with other credentials" if event.status == 401 else f"in {wait:.1f} s"
        outcome = event.status or event.error
        text = "%s %s: sent again %s: %s"
        log(logging.WARNING, text, event.method, event.path, how, outcome, extra=vars(event))
        hook = self._client.configuration.on_retry
        if hook:
            _tell(hook, event)

    def limited(self, wait: float) -> None:
        """Report that the call waits or ends because of the rate limit.

        Args:
            wait: Seconds until the service accepts requests again.
        """
        event = telemetry.RequestEvent(*self._about)
        text = "%s %s: rate limit: %.1f s to wait"
        log(logging.WARNING, text, event.method, event.path, wait, extra={**vars(event), "wait": wait})

    def _over(
        self, status: int | None, error: str | None, headers: Mapping[str, str], size: int | None
    ) -> None:
        if not is_seen(self._client):
            return
        duration = self._client.timing.monotonic() - self._begin
        name = request_id(headers)
        event = telemetry.ResponseEvent(
            *self._about,
            duration,
            status,
            error,
            size,
            cleaned(masked(name, self._secrets())) if name else None,
            self._client.rate_limit,
        )
        log(logging.DEBUG, "%s %s: %s", event.method, event.path, status or error, extra=vars(event))
        hook = self._client.configuration.on_response
        if hook:
            _tell(hook, event)


def _tell(hook: Callable[[Any], Any], event: RequestEvent) -> None:
    """Call a hook. Its exceptions must neither lose an answer nor cause a second purchase."""
    try:
        hook(event)
    except Exception as error:  # noqa: BLE001
        log(logging.ERROR, "a hook for %s failed; the call goes on", type(event).__name__, exc_info=error)


def log(level: int, text: str, *arguments: Any, **options: Any) -> None:
    """Write a line. Exceptions of the program's filters and record factories do no harm, either."""
    try:
        logger.log(level, text, *arguments, **options)
    except Exception:  # for example, because the program's own records already have a field of `extra`
        with suppress(Exception):
            logger.log(level, text, *arguments, exc_info=options.get("exc_info"))
