"""Turns errors of urllib3 and of the system into ours."""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING

from urllib3.exceptions import (
    ConnectTimeoutError,
    EmptyPoolError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
    TimeoutError,
)

from shutterstock_api.support.connection import host_problem
from shutterstock_api.support.errors import ApiConnectionError, ApiException, ApiTimeoutError
from shutterstock_api.support.masking import without_traceback

if TYPE_CHECKING:
    from shutterstock_api.transport.route import Route

IN_USE = "All connections are in use: raise connection_pool_maxsize, or release raw responses."
LONGER = "Set Configuration.timeout or _request_timeout if it needs longer."
TLS = (
    "The encrypted connection failed; see verify_ssl and ssl_ca_cert. If your company inspects TLS, set "
    "SHUTTERSTOCK_CA_BUNDLE to its authority, and if its form is too old, also ssl_strict=False."
)
SANDBOX = (
    "Is the sandbox running? `python -m shutterstock_api.sandbox` starts one and prints the host to set; "
    "a sandbox of `with Sandbox()` stops at the end of the block."
)
NETWORK = "Check the host and the network. If your network needs a proxy, set proxy or HTTPS_PROXY."
PROXY = 'Is this the right proxy? proxy="" uses none, and NO_PROXY names hosts that need none.'


def translated(
    error: Exception, method: str, target: str, sent: bool, route: Route | None = None, setting: str = ""
) -> ApiException:
    """Return our error for one that interrupted an exchange.

    Args:
        error: An error of urllib3 or of the system; one of ours is returned unchanged.
        method: HTTP verb.
        target: Path and query.
        sent: Whether any byte may have reached the other side.
        route: The route of the request; `None` if the connection existed already.
        setting: The setting or variable that names the host.
    """
    if isinstance(error, ApiException):
        return without_traceback(error)
    unreached = isinstance(error, (NewConnectionError, ConnectTimeoutError, ProxyError, SSLError))
    late = isinstance(error, (TimeoutError, builtins.TimeoutError)) and not isinstance(
        error, NewConnectionError
    )
    kind = ApiTimeoutError if late or isinstance(error, EmptyPoolError) else ApiConnectionError
    hints = []
    if isinstance(error, EmptyPoolError):
        hints.append(IN_USE)
    elif isinstance(error, SSLError):
        hints.append(TLS)
    elif unreached and route:
        hints.append(_what_to_check(error, route))
    if late and not isinstance(error, EmptyPoolError):
        hints.append(LONGER)
    reason = f"{_unreached(error, route, setting)}: {_cause(error)}" if unreached and route else _words(error)
    result = kind(reason=reason, method=method, path=target.partition("?")[0], hint=" ".join(hints) or None)
    result.sent = sent
    return result


def _unreached(error: Exception, route: Route, setting: str) -> str:
    """Return a text that says what could not be reached."""
    if isinstance(error, ProxyError):
        return f"cannot connect to {route.proxy}"
    pool = route.pool
    host = f"[{pool.host}]" if ":" in pool.host else pool.host
    port = pool.port or {"http": 80, "https": 443}[pool.scheme]
    origin = f" ({setting})" if setting else ""
    return f"cannot connect to {host}:{port}{origin}{route.proxy and f' through {route.proxy}'}"


def _what_to_check(error: Exception, route: Route) -> str:
    """Return what to check if there is no connection."""
    if isinstance(error, ProxyError):
        return PROXY
    return host_problem(route.settings.host) or (SANDBOX if route.is_local else NETWORK)


def _words(error: Exception) -> str:
    """Return urllib3's message, without the objects at its beginning."""
    parts = error.args if isinstance(error, (ProtocolError, ProxyError)) else (error,)
    text = ": ".join(re.sub(_OBJECT_NAME, "", str(part)).rstrip(".") for part in parts)
    return text or type(error).__name__


def _cause(error: Exception) -> str:
    """Return why there is no connection, if possible in the words of the system."""
    error = getattr(error, "original_error", error)
    told: str | None = getattr(error.__cause__, "strerror", None)
    if told is None and len(error.args) > 1:  # a connection, and the text
        told = str(error.args[-1]).rstrip(".")
    return told or _words(error)


_OBJECT_NAME = r"^(None|<.*?>|\w+Connection\w*\(host=.*?, port=.*?\)): "
