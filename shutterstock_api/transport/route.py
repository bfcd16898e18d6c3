"""Turns settings into connections: TLS, proxies, hosts."""

from __future__ import annotations

import os
import re
import threading
from base64 import b64encode
from functools import partial
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from shutterstock_api.schema.headers import Headers
from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import Secret
from shutterstock_api.transport.pools import KEEP_ALIVE, POOLS, socks_pools
from shutterstock_api.transport.tls import describe_authorities, tls_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.configuration import Configuration
    from shutterstock_api.support.connection import ConnectionSettings


SOCKS = {
    "socks": "socks5",  # the name on desktops
    "socks4": "socks4",
    "socks4a": "socks4a",
    "socks5": "socks5",
    "socks5h": "socks5h",
}
"""Schemes of SOCKS proxies, and urllib3's names for them."""


class Route(NamedTuple):
    """How to reach the service with one configuration."""

    settings: ConnectionSettings
    """The settings that it was created from."""
    process: int
    pool: Any
    """A pool of urllib3; `pools` has its class."""
    close: Any
    origin: str
    """The prefix of each path for a plain-http proxy, otherwise empty."""
    prefix: str
    """The path prefix of the host."""
    plain_to: str | None
    """The name of the host if requests travel unencrypted to another machine."""
    is_local: bool
    """Whether the host is this machine."""
    proxy: str
    """The proxy and the source of its setting, for messages; empty if there is none."""
    secrets: tuple[Secret, ...]
    """The credentials for the proxy."""


def open_route(wanted: ConnectionSettings, origin: str | None = None) -> Route:
    """Return the route to a host; nothing is opened before the first request.

    Args:
        wanted: The settings that connections to the service depend on.
        origin: The scheme, host and port of another host than the service's.

    Raises:
        ApiValueError: A setting cannot be used.
    """
    settings = wanted if origin is None else wanted.of_other_host(origin)
    url = _parsed_host(settings.host, settings.host_subject)
    proxy = _proxy_for(url, settings.proxy)
    pool, close = _open_pool(url, settings, proxy)
    plain_to = None
    if url.scheme == "http":
        readers = [url.host] if proxy is None else [url.host, proxy.url.host]
        plain_to = next((host for host in readers if not _is_loopback(host)), None)
    return Route(
        settings=wanted,
        process=os.getpid(),
        pool=pool,
        close=close,
        origin=f"http://{url.netloc}" if pool.proxy is not None and url.scheme == "http" else "",
        prefix=(url.path or "").rstrip("/"),
        plain_to=plain_to,
        is_local=_is_loopback(url.host),
        proxy="" if proxy is None else f"the proxy {proxy.url.netloc} ({proxy.origin})",
        secrets=() if proxy is None else proxy.secrets(),
    )


def _open_pool(url: Any, settings: ConnectionSettings, proxy: _Proxy | None) -> tuple[Any, Any]:
    """Return a pool of connections, and the object that closes it."""
    defaults: Any = HTTPConnection.default_socket_options  # pyright takes its `Final` for the type
    options: dict[str, Any] = {
        "maxsize": settings.connection_pool_maxsize,
        "block": True,
        "socket_options": [*defaults, *KEEP_ALIVE],
    }
    if url.scheme == "https":
        options["ssl_context"] = tls_context(settings)
        if settings.assert_hostname is not None:
            options["assert_hostname"] = settings.assert_hostname
    pool: Any
    if proxy is None:
        pool = POOLS[url.scheme](url.host, url.port, **options)
        close = pool.close
    else:
        manager = proxy.manager(settings, options)
        pool, close = manager.connection_from_host(url.host, url.port, url.scheme), manager.clear
    if url.scheme == "https":
        pool.tls = partial(tls_context, settings)
    return pool, close


def describe_route(settings: ConnectionSettings) -> dict[str, str]:
    """Return the proxy and the certificate authorities for a host, and the settings that name them.

    Raises:
        ApiValueError: A setting cannot be used.
    """
    url = _parsed_host(settings.host, settings.host_subject)
    proxy = _proxy_for(url, settings.proxy)
    found = {"proxy": f"{proxy.url} ({proxy.name})" if proxy else "none"}
    if url.scheme != "https":
        return found | {"ca_bundle": "none: the connection is not encrypted"}
    return found | {"ca_bundle": ", ".join(describe_authorities(settings))}


class HostConnections:
    """Holds the connections to one host, and opens the first one at the first request.

    Args:
        configuration: Settings.
        origin: The scheme, host and port of another host than the service's.
    """

    def __init__(self, configuration: Configuration, origin: str | None = None) -> None:
        self.configuration = configuration
        self.origin = origin
        self._route: Route | None = None
        self._lock = os.getpid(), threading.Lock()

    def route(self) -> Route:
        """Return the route to the service; a changed setting or a forked process gets a new one."""
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
        """Return this process's lock: a fork may have copied one that is held for ever."""
        if self._lock[0] != os.getpid():
            self._lock = os.getpid(), threading.Lock()
        return self._lock[1]

    def close(self) -> None:
        """Close all connections. The next request opens new ones."""
        route, self._route = self._route, None
        if route and route.process == os.getpid():
            route.close()


def _parsed_host(host: Any, subject: str) -> Any:
    wanted = f"{subject}: expected a URL such as https://api.shutterstock.com"
    try:
        url = parse_url(host)
    except (LocationParseError, TypeError, AttributeError):
        raise ApiValueError(f"{wanted}, got {host!r}") from None
    if url.scheme not in POOLS or not url.host or url.query or url.fragment:
        name = host.partition(":")[0] if "//" not in host else ""
        hint = f"; write '{'http' if _is_loopback(name) else 'https'}://{host}'" if name else ""
        raise ApiValueError(f"{wanted}, got {host!r}{hint}")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


class _Proxy(NamedTuple):
    """A proxy, and the credentials for it."""

    name: str
    """The setting or the variable that names it."""
    url: Any
    """The URL, without user and password."""
    user: Secret
    password: Secret

    @property
    def origin(self) -> str:
        return "from the setting proxy" if self.name == "proxy" else f"from {self.name}"

    @property
    def login(self) -> Secret:
        """User, colon, password, as in RFC 7617, even if the password is empty; otherwise empty."""
        return Secret(f"{self.user}:{self.password}" if self.user or self.password else "")

    @property
    def packed(self) -> Secret:
        return Secret(b64encode(self.login.encode()).decode())

    def secrets(self) -> tuple[Secret, ...]:
        """Return the texts that must not be shown."""
        return (self.login, self.password or self.user, self.packed) if self.login else ()

    def manager(self, settings: ConnectionSettings, options: Mapping[str, Any]) -> Any:
        """Return the class of pools that connect through it.

        Raises:
            ApiValueError: A library is missing.
        """
        url = str(self.url)
        if self.url.scheme in SOCKS:
            try:
                manager_class, pools = socks_pools()
            except ImportError:
                raise ApiValueError(
                    f"{self.name}: a SOCKS proxy needs another library: pip install PySocks. Or name an http "
                    'proxy, or set proxy="" for none'
                ) from None
            user, password = (str(text) or None for text in (self.user, self.password))
            manager = manager_class(url, user, password, **options)
        else:
            pools = POOLS
            headers = Headers({"Proxy-Authorization": Secret(f"Basic {self.packed}")} if self.login else {})
            if self.url.scheme == "https":
                options = {**options, "proxy_ssl_context": tls_context(settings.of_other_host(url))}
            manager = urllib3.ProxyManager(url, proxy_headers=headers, **options)
        manager.pool_classes_by_scheme = dict(pools)
        return manager


def _proxy_for(url: Any, setting: str | None) -> _Proxy | None:
    """Return the proxy for a host, from the setting or else from the environment.

    Raises:
        ApiValueError: It is not a proxy.
    """
    name, value = ("proxy", setting) if setting is not None else _environment_proxy(url)
    if not value:
        return None
    proxy = _parsed_proxy(name, value)
    if proxy is None:  # raised here, where no frame contains its password
        raise ApiValueError(f"{name}: expected the URL of a proxy, such as http://proxy.example:3128")
    return proxy


def _parsed_proxy(name: str, value: str) -> _Proxy | None:
    try:
        url = parse_url(value if "://" in value else f"http://{value}")
    except (LocationParseError, TypeError):
        return None
    if url.scheme not in ("http", "https", *SOCKS) or not url.host:
        return None
    user, _, password = (url.auth or "").partition(":")
    url = url._replace(auth=None, scheme=SOCKS.get(url.scheme, url.scheme))
    return _Proxy(name, url, Secret(unquote(user)), Secret(unquote(password)))


def _environment_proxy(url: Any) -> tuple[str, Secret | None]:
    """Return the variable that names a proxy for a host, and its value; `None` if there is none."""
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return "", None  # the usual case, which saves the import below
    from urllib.request import getproxies_environment

    proxies: Mapping[str, str] = getproxies_environment()
    kinds = [kind for kind in (url.scheme, "all") if proxies.get(kind)]
    if not kinds or is_bypassed(url, proxies.get("no", "")):
        return "", None
    value = proxies[kinds[0]]
    names = [name for name in os.environ if name.lower() == f"{kinds[0]}_proxy" and os.environ[name] == value]
    return min(names, default=f"{kinds[0]}_proxy"), Secret(value)


def is_bypassed(url: Any, no_proxy: str) -> bool:
    """Tell whether `NO_PROXY` includes a host: by its name or the end of it, an address, a network, or `*`.

    Entries are separated by commas or white space, and may end with a port.
    """
    host = url.host.strip("[]").rstrip(".").lower()
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return any(_entry_names(host, port, entry) for entry in re.split(r"[\s,]+", no_proxy.lower()))


def _entry_names(host: str, port: int | None, entry: str) -> bool:
    if entry == "*":
        return True
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:  # one of them is a name, or there is a port
        pass
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal() and not (":" in name and not name.endswith("]")):
        return int(number) == port and _entry_names(host, port, name)
    name = entry.removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))
