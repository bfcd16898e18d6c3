"""From settings to connections: TLS, proxies, hosts."""

from __future__ import annotations

import os
import threading
from base64 import b64encode
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from shutterstock_api.schema.headers import Headers
from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import Secret
from shutterstock_api.transport.pools import KEEP_ALIVE, POOLS
from shutterstock_api.transport.tls import tls_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.configuration import Configuration
    from shutterstock_api.support.connection import ConnectionSettings


class Route(NamedTuple):
    """How to reach the service under one configuration."""

    settings: ConnectionSettings
    """The settings that it was made from."""
    process: int
    pool: Any
    """A pool of urllib3; `pools` has its class."""
    close: Any
    origin: str
    """What a plain-http proxy wants before each path; else nothing."""
    prefix: str
    """Path prefix of the host."""
    plain_to: str | None
    """Host name where requests travel unencrypted to another machine."""
    secrets: tuple[Secret, ...]
    """What logs in at the proxy."""


def open_route(wanted: ConnectionSettings, origin: str | None = None) -> Route:
    """Return the way to a host; nothing is opened before the first request.

    Args:
        wanted: What connections to the service depend on.
        origin: Scheme, host and port of another host than the service's.

    Raises:
        ApiValueError: A setting cannot be used.
    """
    settings = wanted if origin is None else wanted.of_other_host(origin)
    url = _parsed_host(settings.host)
    options: dict[str, Any] = {
        "maxsize": settings.connection_pool_maxsize,
        "block": True,
        "socket_options": [*HTTPConnection.default_socket_options, *KEEP_ALIVE],
    }
    if url.scheme == "https":
        options["ssl_context"] = tls_context(settings)
        if settings.assert_hostname is not None:
            options["assert_hostname"] = settings.assert_hostname
    route = Route(
        settings=wanted,
        process=os.getpid(),
        pool=None,
        close=None,
        origin="",
        prefix=(url.path or "").rstrip("/"),
        plain_to=url.host if url.scheme == "http" and not _is_loopback(url.host) else None,
        secrets=(),
    )
    proxy = _environment_proxy(url) if settings.proxy is None else settings.proxy
    if not proxy:
        pool = POOLS[url.scheme](url.host, url.port, **options)
        return route._replace(pool=pool, close=pool.close)
    found = _parsed_proxy(proxy)
    if found is None:
        raise ApiValueError("proxy: expected a URL such as http://proxy.example:3128")
    proxy_url, login = found
    secrets = (login, Secret(login.partition(":")[2]), _packed(login)) if login else ()
    headers = Headers({"Proxy-Authorization": Secret(f"Basic {_packed(login)}")} if login else {})
    manager = urllib3.ProxyManager(str(proxy_url), proxy_headers=headers, **options)
    manager.pool_classes_by_scheme = dict(POOLS)
    pool = manager.connection_from_host(url.host, url.port, url.scheme)
    route = route._replace(pool=pool, close=manager.clear, secrets=secrets)
    if url.scheme == "https":  # through a tunnel
        return route
    reader = route.plain_to or (None if _is_loopback(proxy_url.host) else proxy_url.host)
    return route._replace(origin=f"http://{url.netloc}", plain_to=reader)


class HostConnections:
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
        settings = self.configuration.connection_settings()
        route = self._route
        if route and route.settings is settings and route.process == os.getpid() and route.pool.is_current():
            return route
        with self.guard():
            route = self._route
            usable = route and route.process == os.getpid() and route.pool.is_current()
            if route and usable and route.settings == settings:
                route = route._replace(settings=settings)
            else:
                self.close()
                route = open_route(settings, self.origin)
            self._route = route
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
