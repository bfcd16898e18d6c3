"""Requests to the service: each returns one answer or raises one error."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.exceptions import ClosedPoolError
from urllib3.util import Retry, Timeout

from shutterstock_api.schema.headers import is_secret
from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import SecretBytes, without_traceback
from shutterstock_api.transport.body import read_body
from shutterstock_api.transport.errors import translated
from shutterstock_api.transport.interruption import in_flight
from shutterstock_api.transport.pools import LONGEST_TIMEOUT
from shutterstock_api.transport.route import HostConnections

if TYPE_CHECKING:
    from urllib3 import HTTPHeaderDict as HTTPHeaderDict

    from shutterstock_api.configuration import Configuration
    from shutterstock_api.transport.file_response import FileResponse
    from shutterstock_api.transport.route import Route

T = TypeVar("T")
AnswerT = TypeVar("AnswerT", "HttpAnswer", "FileResponse")

MOVED = frozenset({301, 302, 303, 307, 308})
"""Statuses of a redirect."""
REDIRECTS = 3
"""How many redirects of one request are followed."""

LEAST_LEFT = 0.001
"""The shortest time that an attempt gets, in seconds."""

_ONCE = Retry(False, redirect=False)


class HttpRequest(NamedTuple):
    """A request, and how to send it."""

    method: str
    target: str
    """Path and query."""
    headers: dict[str, str]
    """All headers."""
    body: bytes | None
    timeout: float | tuple[float, float] | None
    """Timeout in seconds: a number for the whole attempt, or `(connect, read)`."""
    left: float | None = None
    """Seconds until the deadline, which limits the whole attempt."""
    stream: bool = False
    """Whether to leave the body unread: then the caller reads it and releases the connection."""
    follow: bool = False
    """Whether to follow redirects on the same host."""
    once: bool = False
    """Whether it must not be sent twice: then it uses no connection that was idle for long."""

    def __repr__(self) -> str:
        return f"<HttpRequest {self.method}>"


class HttpAnswer(NamedTuple):
    """An answer."""

    status: int
    reason: str | None
    headers: HTTPHeaderDict
    data: bytes
    """The decompressed body; empty if the caller reads it."""
    whole: bool
    """Whether the body is complete: there is a limit."""
    raw: Any
    """urllib3's response from which it was read."""
    attempts: int = 1
    """How often the request was sent until this answer arrived."""

    def __repr__(self) -> str:
        return f"<HttpAnswer {self.status}, {len(self.data)} bytes>"


class RestClient(HostConnections):
    """Sends requests to the service.

    Args:
        configuration: Settings.
        guarded: The name of a header that contains credentials, too.
    """

    def __init__(self, configuration: Configuration, guarded: str = "") -> None:
        super().__init__(configuration)
        self._guarded = guarded

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send one request and return the answer; follow redirects on the same host if the request allows it.

        Raises:
            ApiConnectionError: There was no complete answer; `sent` says whether anything was sent.
            ApiValueError: Credentials would travel unencrypted.
        """
        route = self.route()
        target, left = route.prefix + request.target, request.left
        until = None if left is None else time.monotonic() + left
        answer = self._send_once(route, request, target, left)
        if not request.follow or answer.status not in MOVED:
            return answer

        def lead(here: str, moved: HttpAnswer) -> str | None:
            there = redirected(self.configuration.host, here, moved.headers.get("Location"))
            if there is not None and request.stream:
                drain(moved)
            return there

        def send(there: str) -> HttpAnswer:
            left = None if until is None else max(LEAST_LEFT, until - time.monotonic())
            return self._send_once(self.route(), request, there, left)

        return follow_redirects(answer, target, lead, send)

    def _send_once(self, route: Route, request: HttpRequest, target: str, left: float | None) -> HttpAnswer:
        if route.plain_to:
            self._refuse_secrets(route, request)
        limit, patience = _limit(request.timeout, left)
        in_flight.sent, in_flight.once = False, request.once
        in_flight.until = None if patience is None else time.monotonic() + patience
        response: Any = None
        try:
            response = route.pool.urlopen(
                request.method,
                route.origin + target,
                request.body,
                request.headers,
                retries=_ONCE,
                redirect=False,
                assert_same_host=False,
                timeout=limit,
                pool_timeout=patience,
                preload_content=False,
            )
            most = self.configuration.max_response_size
            data, whole = (b"", True) if request.stream else read_body(response, most)
            return HttpAnswer(response.status, response.reason, response.headers, data, whole, response)
        except ClosedPoolError:
            failure = None
        except Exception as error:  # noqa: BLE001
            # Whether it comes from urllib3 or its instrumentation, the request may have been carried out.
            origin = self.configuration.host_origin
            failure = translated(error, request.method, target, in_flight.sent, route, origin)
        except BaseException as error:  # noqa: BLE001  # Ctrl-C, for instance
            route.pool.discard()
            if response is not None:
                response._connection = None  # or it would close it, while another thread may use it
            raise without_traceback(error) from None
        finally:
            in_flight.until, in_flight.once = None, False
            if in_flight.interruption is not None and not request.stream:
                in_flight.interruption.forget()
        if failure is None:  # another thread has just closed the client: a new connection is opened
            return self._send_once(self.route(), request, target, left)
        raise failure  # raised here, because urllib3's frames contain the headers with the credentials

    def _refuse_secrets(self, route: Route, request: HttpRequest) -> None:
        if self.configuration.allow_insecure_host:
            return
        if isinstance(request.body, SecretBytes) or any(
            is_secret(name, self._guarded) for name in request.headers
        ):
            raise ApiValueError(
                f"{route.settings.host_subject}: credentials would travel unencrypted to {route.plain_to}; "
                "use https, or set allow_insecure_host=True"
            )


def follow_redirects(
    answer: AnswerT, target: T, lead: Callable[[T, AnswerT], T | None], send: Callable[[T], AnswerT]
) -> AnswerT:
    """Return the answer at the end of the redirects, or the last redirect.

    Args:
        answer: The first answer.
        target: The target of the request.
        lead: Returns where a redirect leads; `None` if it is not followed.
        send: Sends a request to a target.
    """
    for _ in range(REDIRECTS):
        there = lead(target, answer) if answer.status in MOVED else None
        if there is None:
            break
        target, answer = there, send(there)
    return answer


def redirected(host: str, target: str, location: str | None) -> str | None:
    """Return the target of a redirect on the same host; `None` if it leads elsewhere.

    Credentials are sent neither to another host nor from https to http.

    Args:
        host: URL of the host.
        target: Path and query of the request.
        location: The address in the answer.
    """
    own = urlsplit(host)
    try:
        there = urlsplit(urljoin(f"{own.scheme}://{own.netloc}{target}", location or ""))
    except ValueError:
        return None
    if not location or _place(there) != _place(own):
        return None
    return f"{there.path or '/'}?{there.query}" if there.query else there.path or "/"


def _place(url: SplitResult) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port in a form in which two URLs can be compared."""
    try:
        port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    except ValueError:
        port = None
    return url.scheme, url.hostname, port


def drain(answer: HttpAnswer, most: int = 2**20) -> bytes:
    """Read a body that was left unread, as far as possible, and give its connection back."""
    return read_body(answer.raw, most)[0]


_limits: dict[tuple[float, float], Timeout] = {}


def _limit(
    timeout: float | tuple[float, float] | None, left: float | None = None
) -> tuple[Timeout, float | None]:
    """Return urllib3's form of a timeout, and the limit for the whole attempt if there is one."""
    if isinstance(timeout, tuple) and left is None:
        limit = _limits.get(timeout)
        if limit is None:
            limit = Timeout(connect=min(timeout[0], LONGEST_TIMEOUT), read=min(timeout[1], LONGEST_TIMEOUT))
            if len(_limits) < 100:
                _limits[timeout] = limit
        return limit, None
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    whole = LONGEST_TIMEOUT if left is None else min(left, LONGEST_TIMEOUT)
    if timeout is not None and not isinstance(timeout, tuple):
        whole = min(whole, timeout)
    return Timeout(total=whole, connect=connect, read=read), whole
