"""From settings to connections: TLS, proxies, and connections that note what leaves and when time is up.

With `rest.py`, `body.py` and `file_host.py` the only modules that import urllib3.
"""

from __future__ import annotations

import builtins
import io
import os
import socket
import ssl
import threading
import time
from base64 import b64encode
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import EmptyPoolError, LocationParseError
from urllib3.util import parse_url

from shutterstock_api.head import StrictResponse
from shutterstock_api.schema.headers import Headers
from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urllib3 import HTTPResponse

    from shutterstock_api.configuration import Configuration

LONGEST_TIMEOUT = 2_000_000.0
"""Seconds: sockets take no more than 2**31 milliseconds."""


LONGEST_TURN = 300.0
"""Seconds that a thread waits for a free connection, where nothing else bounds it."""
GLANCE = 0.5
"""Seconds after which a waiting thread looks whether its pool was closed."""


class Cut:
    """Ends what threads are doing on the wire: another thread cuts the sockets that they talk through."""

    def __init__(self) -> None:
        self.done: bool = False
        self._sockets: dict[int, socket.socket] = {}

    def watch(self, connected: socket.socket) -> None:
        """Note the socket that the calling thread talks through now."""
        self._sockets[threading.get_ident()] = connected
        if self.done:
            self()

    def forget(self) -> None:
        """Note that the calling thread is done: another one may talk through its socket now."""
        self._sockets.pop(threading.get_ident(), None)

    def __call__(self) -> None:
        """Cut all, now and from now on."""
        self.done = True
        for connected in list(self._sockets.values()):
            plain = getattr(connected, "socket", connected)  # TLS inside of TLS is no socket
            with suppress(OSError):  # it may be closed; a TLS socket would first forget its keys
                socket.socket.shutdown(plain, socket.SHUT_RDWR)


class Exchange(threading.local):
    """What the connection and `send` tell each other about the request that this thread is sending."""

    sent = False
    """Whether any byte may have reached the service."""
    until: float | None = None
    """When the whole answer must be here, on the monotonic clock."""
    cut: Cut | None = None
    """What may end it from outside."""


exchange: Exchange = Exchange()


@contextmanager
def cuttable(cut: Cut) -> Iterator[None]:
    """Let another thread cut what this one does on the wire inside."""
    exchange.cut = cut
    try:
        yield
    finally:
        exchange.cut = None
        cut.forget()


if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool as _Pool
    from urllib3.connection import HTTPConnection as _Connection
else:
    _Connection = _Pool = object


class _Watched(_Connection):
    """A connection that notes when bytes leave and stops reading when time is up."""

    response_class = StrictResponse
    wire: Any = None
    """What reads from it, where it leads to a host of files."""

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            exchange.sent = False  # what a tunnel was asked for is not the request

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange.sent = True
        if exchange.cut is not None and self.sock is not None:
            exchange.cut.watch(self.sock)
        super().send(data)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with self._bounded():
            return super().getresponse()

    def _tunnel(self) -> None:
        with self._bounded():
            super()._tunnel()

    def _bounded(self) -> AbstractContextManager[None]:
        return nullcontext() if exchange.until is None else self._reads_until(exchange.until)

    @contextmanager
    def _reads_until(self, until: float) -> Iterator[None]:
        plain: Any = self.sock
        self.sock = _BoundedSocket(plain, until)
        try:
            yield
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


class _Patient(_Pool):
    """A pool whose threads wait for a free connection, but neither for ever nor for a closed pool."""

    def _get_conn(self, timeout: float | None = None) -> Any:
        left = LONGEST_TURN if timeout is None else timeout
        while True:
            try:
                return super()._get_conn(min(left, GLANCE))
            except EmptyPoolError:
                left -= GLANCE
                if left <= 0:
                    raise


class _HTTPPool(_Patient, urllib3.HTTPConnectionPool):
    ConnectionCls: Any = _HTTPConnection


class _HTTPSPool(_Patient, urllib3.HTTPSConnectionPool):
    ConnectionCls: Any = _HTTPSConnection


POOLS: Mapping[str, type[_Pool]] = {"http": _HTTPPool, "https": _HTTPSPool}


class Route(NamedTuple):
    """How to reach the service under one configuration."""

    settings: tuple[Any, ...]
    """The settings that it was made from."""
    process: int
    pool: urllib3.HTTPConnectionPool
    close: Any
    origin: str
    """What a plain-http proxy wants before each path; else nothing."""
    prefix: str
    """Path prefix of the host."""
    plain_to: str | None
    """Host name where requests travel unencrypted to another machine."""
    secrets: tuple[Secret, ...]
    """What logs in at the proxy."""


def open_route(settings: tuple[Any, ...]) -> Route:
    """Return the way to the service; nothing is opened before the first request.

    Raises:
        ApiValueError: A setting cannot be used.
    """
    host, verify, ca_cert, cert, key, assert_hostname, proxy, size = settings
    url = _parsed_host(host)
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
        pool = POOLS[url.scheme](url.host, url.port, **options)
        return Route(settings, os.getpid(), pool, pool.close, "", prefix, plain_to, ())
    found = _parsed_proxy(proxy)
    if found is None:
        raise ApiValueError("proxy: expected a URL such as http://proxy.example:3128")
    proxy_url, login = found
    secrets = (login, Secret(login.partition(":")[2]), _packed(login)) if login else ()
    headers = Headers({"Proxy-Authorization": Secret(f"Basic {_packed(login)}")} if login else {})
    manager = urllib3.ProxyManager(str(proxy_url), proxy_headers=headers, **options)
    manager.pool_classes_by_scheme = dict(POOLS)
    pool = manager.connection_from_host(url.host, url.port, url.scheme)
    if url.scheme == "https":  # through a tunnel
        return Route(settings, os.getpid(), pool, manager.clear, "", prefix, plain_to, secrets)
    origin = f"http://{url.netloc}"
    reader = plain_to or (None if _is_loopback(proxy_url.host) else proxy_url.host)
    return Route(settings, os.getpid(), pool, manager.clear, origin, prefix, reader, secrets)


class Host:
    """Holds the connections to one host. Opens the first at the first request.

    Args:
        configuration: Settings.
        origin: Scheme, host and port of another host than the service's.
    """

    def __init__(self, configuration: Configuration, origin: str | None = None) -> None:
        self.configuration = configuration
        self.origin = origin
        self._route: Route | None = None
        self._lock = os.getpid(), threading.Lock()

    def route(self) -> Route:
        """Return the way to the service; a changed setting or a forked process gets a new one."""
        settings = self.configuration.connection_settings(self.origin)
        route = self._route
        if route and route.settings == settings and route.process == os.getpid():
            return route
        with self.guard():
            route = self._route
            if route is None or route.settings != settings or route.process != os.getpid():
                self.close()
                self._route = route = open_route(settings)
        return route

    def guard(self) -> threading.Lock:
        """Return the lock of this process: a fork may have copied one that is held for ever."""
        if self._lock[0] != os.getpid():
            self._lock = os.getpid(), threading.Lock()
        return self._lock[1]

    def close(self) -> None:
        """Close all connections. The next request opens new ones."""
        route, self._route = self._route, None
        if route and route.process == os.getpid():
            route.close()


def _parsed_proxy(proxy: str) -> tuple[Any, Secret] | None:
    """Return the URL of a proxy without its user and password, and these; `None` where it is none."""
    try:
        url = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    except (LocationParseError, TypeError):
        return None
    if url.scheme not in ("http", "https") or not url.host:
        return None
    return url._replace(auth=None), Secret(unquote(url.auth or ""))


def _packed(login: str) -> Secret:
    return Secret(b64encode(login.encode()).decode())


def _parsed_host(host: Any) -> Any:
    wanted = "host: expected a URL such as https://api.shutterstock.com"
    try:
        url = parse_url(host)
    except (LocationParseError, TypeError, AttributeError):
        raise ApiValueError(f"{wanted}, got {host!r}") from None
    if url.scheme not in POOLS or not url.host or url.query or url.fragment:
        raise ApiValueError(f"{wanted}, got {host!r}")
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
