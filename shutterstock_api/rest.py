"""The wire. The only module that imports urllib3: one request out, one answer or one error back.

`ApiException` is here too, where programs written for the 2019 client import it from.
"""

from __future__ import annotations

import builtins
import io
import os
import re
import socket
import ssl
import threading
import time
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    EmptyPoolError,
    HTTPError,
    LocationParseError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
    TimeoutError,
)
from urllib3.util import Timeout, make_headers, parse_url

from shutterstock_api.exceptions import (
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiValueError,
    shorten,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import BaseHTTPResponse as Response, HTTPResponse

    from shutterstock_api.configuration import Configuration

__all__ = ["ApiException", "RestClient"]


LONGEST_TIMEOUT = 2_000_000.0
"""Seconds: sockets take no more than 2**31 milliseconds."""


class _Exchange(threading.local):
    """What the connection and `send` tell each other about the request that this thread is sending."""

    sent = False
    """Whether any byte may have reached the service."""
    until: float | None = None
    """When the whole answer must be here, on the monotonic clock."""


_exchange = _Exchange()

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection as _Connection
else:
    _Connection = object


class _Watched(_Connection):
    """A connection that notes when bytes leave and stops reading when time is up."""

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            _exchange.sent = False  # what a tunnel was asked for is not the request

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _exchange.sent = True
        super().send(data)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        if _exchange.until is None:
            return super().getresponse()
        plain: Any = self.sock
        self.sock = _BoundedSocket(plain, _exchange.until)
        try:
            return super().getresponse()
        finally:
            if self.sock is not None:
                self.sock = plain


class _BoundedSocket:
    """A socket whose reads share one time limit: urllib3's own limit starts anew with every read."""

    def __init__(self, plain: socket.socket, until: float) -> None:
        self._plain = plain
        self._until = until

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._plain, self._until))


class _BoundedReader(io.RawIOBase):
    def __init__(self, plain: socket.socket, until: float) -> None:
        self._plain = plain
        self._file = plain.makefile("rb", buffering=0)
        self._until = until
        self._patience: float = plain.gettimeout() or LONGEST_TIMEOUT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise builtins.TimeoutError("the answer took too long")
        self._plain.settimeout(min(left, self._patience))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _HTTPConnection(_Watched, HTTPConnection):
    pass


class _HTTPSConnection(_Watched, HTTPSConnection):
    pass


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls: Any = _HTTPConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls: Any = _HTTPSConnection


_POOLS = {"http": _HTTPPool, "https": _HTTPSPool}


class Route(NamedTuple):
    """How to reach the service under one configuration."""

    settings: tuple[Any, ...]
    """The settings that it was made from."""
    process: int
    pool: urllib3.HTTPConnectionPool
    close: Any
    base: str
    """Path prefix of the host; with a plain-http proxy the whole base URL."""
    plain_to: str | None
    """Host name where requests travel unencrypted to another machine."""


class RestClient:
    """Holds the connections of one client. Opens the first at the first request."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._route: Route | None = None
        self._lock = os.getpid(), threading.Lock()

    def route(self) -> Route:
        """Return the way to the service; a changed setting or a forked process gets a new one."""
        settings = self.configuration.connection_settings()
        route = self._route
        if route and route.settings is settings and route.process == os.getpid():
            return route
        with self.guard():
            route = self._route
            if route is None or route.settings is not settings or route.process != os.getpid():
                self.close()
                self._route = route = _open(settings)
        return route

    def guard(self) -> threading.Lock:
        """Return the lock of this process: a fork may have copied one that is held for ever."""
        if self._lock[0] != os.getpid():
            self._lock = os.getpid(), threading.Lock()
        return self._lock[1]

    def send(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes | None,
        timeout: float | tuple[float, float] | None,
        *,
        left: float | None = None,
        stream: bool = False,
    ) -> Response:
        """Send one request and return the answer, read whole unless `stream`.

        Args:
            method: HTTP verb.
            target: Path and query, below the host.
            headers: All headers.
            body: The encoded body.
            timeout: Seconds: a number for the whole attempt, or `(connect, read)`.
            left: Seconds that are left for the whole attempt in any case.
            stream: Leave the body unread; the caller reads it and releases the connection.

        Raises:
            ApiConnectionError: No whole answer came; `sent` says whether anything left.
        """
        route = self.route()
        limit, patience = _limit(timeout, left)
        _exchange.sent = False
        _exchange.until = None if patience is None else time.monotonic() + patience
        try:
            return route.pool.urlopen(
                method,
                route.base + target,
                body,
                headers,
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=limit,
                pool_timeout=patience,  # type: ignore[arg-type]
                preload_content=not stream,
            )
        except (HTTPError, OSError, ValueError) as error:
            raise _translated(error, method, target, _exchange.sent) from error
        finally:
            _exchange.until = None

    def close(self) -> None:
        """Close all connections. The next request opens new ones."""
        route, self._route = self._route, None
        if route and route.process == os.getpid():
            route.close()


def drain(response: Response) -> bytes:
    """Read what is left of an answer and give its connection back."""
    try:
        return response.read()
    except (HTTPError, OSError):
        return b""  # what is missing says no more than the status did
    finally:
        response.release_conn()


def _translated(error: Exception, method: str, target: str, sent: bool) -> ApiConnectionError:
    kind: type[ApiConnectionError] = ApiConnectionError
    hint = None
    if isinstance(error, EmptyPoolError):
        kind, hint = ApiTimeoutError, "All connections are in use; raise connection_pool_maxsize."
    elif isinstance(error, (TimeoutError, socket.timeout)) and not isinstance(error, NewConnectionError):
        kind, hint = ApiTimeoutError, "Set Configuration.timeout or _request_timeout if it needs longer."
    elif isinstance(error, SSLError):
        hint = "The encrypted connection failed; see verify_ssl and ssl_ca_cert."
    result = kind(reason=_words(error), method=method, path=target.partition("?")[0], hint=hint)
    result.sent = sent
    return result


def _words(error: Exception) -> str:
    """Return what urllib3 says, without the objects that it names first."""
    parts = error.args if isinstance(error, (ProtocolError, ProxyError)) else (error,)
    text = ": ".join(_object_name(str(part)).rstrip(".") for part in parts)
    return shorten(text or type(error).__name__, 200)


_object_name = partial(
    re.compile(r"^(None|<.*?>|_?HTTPS?Connection(Pool)?\(host=.*?, port=.*?\)): ").sub, ""
)


_limits: dict[tuple[float, float], Timeout] = {}


def _limit(
    timeout: float | tuple[float, float] | None, left: float | None = None
) -> tuple[Timeout, float | None]:
    """Return urllib3's form of a time limit, and the bound on the whole attempt if there is one."""
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


# From settings to connections.


def _open(settings: tuple[Any, ...]) -> Route:
    host, verify, ca_cert, cert, key, assert_hostname, proxy, size = settings
    url = _parsed_host(host)
    if not isinstance(size, int) or size < 1:
        raise ApiValueError(f"connection_pool_maxsize: expected a number from 1, got {size!r}")
    options: dict[str, Any] = {"maxsize": size, "block": True}
    if url.scheme == "https":
        options["ssl_context"] = _context(verify, ca_cert, cert, key, assert_hostname is False)
        if assert_hostname is not None:
            options["assert_hostname"] = assert_hostname
    prefix = (url.path or "").rstrip("/")
    plain_to = url.host if url.scheme == "http" and not _is_loopback(url.host) else None
    if proxy is None:
        proxy = _environment_proxy(url)
    if not proxy:
        pool = _POOLS[url.scheme](url.host, url.port, **options)
        return Route(settings, os.getpid(), pool, pool.close, prefix, plain_to)
    try:
        proxy_url = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    except (LocationParseError, TypeError):
        raise ApiValueError("proxy: expected a URL such as http://proxy.example:3128") from None
    if proxy_url.scheme not in ("http", "https") or not proxy_url.host:
        raise ApiValueError("proxy: expected a URL such as http://proxy.example:3128")
    proxy_headers = make_headers(proxy_basic_auth=proxy_url.auth) if proxy_url.auth else {}
    manager = urllib3.ProxyManager(str(proxy_url._replace(auth=None)), proxy_headers=proxy_headers, **options)
    manager.pool_classes_by_scheme = _POOLS
    pool = manager.connection_from_host(url.host, url.port, url.scheme)
    if url.scheme == "https":  # through a tunnel
        return Route(settings, os.getpid(), pool, manager.clear, prefix, plain_to)
    base = f"http://{url.netloc}{prefix}"
    reader = plain_to or (None if _is_loopback(proxy_url.host) else proxy_url.host)
    return Route(settings, os.getpid(), pool, manager.clear, base, reader)


def _parsed_host(host: Any) -> Any:
    wanted = "host: expected a URL such as https://api.shutterstock.com"
    try:
        url = parse_url(host)
    except (LocationParseError, TypeError, AttributeError):
        raise ApiValueError(f"{wanted}, got {host!r}") from None
    if url.scheme not in _POOLS or not url.host or url.query or url.fragment:
        raise ApiValueError(f"{wanted}, got {host!r}")
    if url.auth:
        raise ApiValueError(f"{wanted}, without user and password: these are username= and password=")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


def _environment_proxy(url: Any) -> str | None:
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None  # most often: then the import below is not worth its time
    from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

    proxies: Mapping[str, str] = getproxies_environment()
    if proxy_bypass_environment(url.netloc, proxies):
        return None
    return proxies.get(url.scheme) or proxies.get("all")


_contexts: dict[tuple[Any, ...], ssl.SSLContext] = {}


def _context(
    verify: bool, ca_cert: str | None, cert: str | None, key: str | None, any_name: bool
) -> ssl.SSLContext:
    """Return the TLS settings: one object for all clients alike, since making one takes 20 ms."""
    wanted = (verify, ca_cert, cert, key, any_name)
    if wanted not in _contexts:
        try:
            context = ssl.create_default_context(cafile=ca_cert or certifi.where())
            if cert:
                context.load_cert_chain(cert, key)
        except OSError as error:
            raise ApiValueError(f"ssl_ca_cert, cert_file or key_file cannot be used: {error}") from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.check_hostname = verify and not any_name
        if not verify:
            context.verify_mode = ssl.CERT_NONE
        _contexts.setdefault(wanted, context)
    return _contexts[wanted]
