"""A file host: the requests to it, and how its connections are reused.

urllib3 opens the connections, also through proxies, but does not see the requests: links are secrets, and
urllib3 takes longer for a request than a small file takes.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from urllib3.connection import BaseSSLError
from urllib3.exceptions import ClosedPoolError, HTTPError, ProxyError, SSLError
from urllib3.util import parse_url
from urllib3.util.ssl_match_hostname import CertificateError

from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import without_traceback
from shutterstock_api.transport.errors import translated
from shutterstock_api.transport.file_response import BufferedSocket, FileResponse, RecordedBody
from shutterstock_api.transport.head import parse_head
from shutterstock_api.transport.interruption import in_flight
from shutterstock_api.transport.pools import LONGEST_TIMEOUT, WatchedConnection
from shutterstock_api.transport.route import HostConnections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.transport.route import Route

_BROKEN = (HTTPException, OSError, ValueError)
"""Errors of reading from a connection that breaks, or that another thread closes."""


_is_plain = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+").fullmatch
_stray_percent = re.compile(r"%(?![0-9A-Fa-f]{2})").search


class FileHost(HostConnections):
    """The connections to one file host."""

    def get(
        self,
        target: str,
        headers: Mapping[str, str],
        timeout: tuple[float, float] | None,
        left: float | None = None,
    ) -> FileResponse:
        """Send a GET and return the answer. The caller reads it with `next_piece`, and releases it.

        Args:
            target: Path and query.
            headers: All headers.
            timeout: Seconds to connect, and for each read.
            left: Seconds until the last byte must have arrived.

        Raises:
            ApiConnectionError: There was no answer.
            ApiValueError: The link would travel unencrypted.
        """
        route = self.route()
        if route.plain_to and not self.configuration.allow_insecure_host:
            raise ApiValueError(
                f"the link would travel unencrypted to {route.plain_to}; use https, "
                "or set allow_insecure_host=True"
            )
        in_flight.sent = False
        try:
            return _answer(route, target, headers, timeout, left)
        except ClosedPoolError:
            failure = None
        except Exception as error:  # noqa: BLE001  # as in `RestClient.send`
            failure = translated(error, "GET", "", in_flight.sent, route)
        except BaseException as error:  # noqa: BLE001  # Ctrl-C, for instance
            raise without_traceback(error) from None
        if failure is None:  # another thread has just closed the client: a new connection is opened
            return self.get(target, headers, timeout, left)
        raise failure


def _answer(
    route: Route,
    target: str,
    headers: Mapping[str, str],
    timeout: tuple[float, float] | None,
    left: float | None,
) -> FileResponse:
    target = route.origin + _encoded(target)
    until = None if left is None else time.monotonic() + min(left, LONGEST_TIMEOUT)
    connect, read = (min(one, LONGEST_TIMEOUT) for one in timeout) if timeout else (None, None)
    connection: Any = route.pool._get_conn(left)  # one that has broken in the meantime reconnects
    try:
        if not isinstance(connection, WatchedConnection):
            return _recorded_answer(route.pool, connection, target, headers)
        if connection.sock is None:
            connection.timeout = connect if left is None else min(left, connect or left)
            in_flight.until = until
            _connect(route.pool, connection)
        buffered: BufferedSocket = connection.buffered
        buffered.set_timeout(read)
        buffered.until = until
        if in_flight.interruption is not None:
            in_flight.interruption.watch(buffered.socket)
        in_flight.sent = True
        if route.origin:  # the proxy reads this request itself
            headers = {**headers, **route.pool.proxy_headers}
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        buffered.send(f"GET {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1"))
        return FileResponse(buffered, buffered.read_head(), partial(_give_back, route.pool, connection))
    except BaseException:
        _give_back(route.pool, connection, False)
        raise
    finally:
        in_flight.until = None


def _recorded_answer(pool: Any, connection: Any, target: str, headers: Mapping[str, str]) -> FileResponse:
    """Return the answer of a recorder for tests; its connections need no socket."""
    if pool.proxy is not None:
        pool._prepare_proxy(connection)
    connection.request("GET", target, headers={**headers, **pool.proxy_headers})
    answer = connection.getresponse()
    fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    head = parse_head(f"HTTP/1.1 {answer.status} {answer.reason}", fields)
    if head.length is None:
        head = head._replace(length=len(answer.data), chunked=False)
    return FileResponse(RecordedBody(answer.data), head, partial(_give_back, pool, connection))


def _encoded(target: str) -> str:
    """Return a target as it can be sent in a request; most are sent unchanged."""
    if _is_plain(target) and not _stray_percent(target):
        return target
    return parse_url(f"http://host{target}").request_uri


def _connect(pool: Any, connection: Any) -> None:
    """Connect, and log in at a proxy that requires it before the first request."""
    try:
        if pool.proxy is not None:
            pool._prepare_proxy(connection)
        pool._validate_conn(connection)
        if connection.sock is None:
            connection.connect()
    except (OSError, HTTPError, CertificateError) as error:
        cause = SSLError(error) if isinstance(error, (BaseSSLError, CertificateError)) else error
        if connection.proxy is not None and not connection.has_connected_to_proxy:
            cause = ProxyError("Unable to connect to proxy", cause)
        raise cause from None
    connected: Any = connection.sock
    connection.buffered = BufferedSocket(connected)


def _give_back(pool: Any, connection: Any, reusable: bool) -> None:
    if in_flight.interruption is not None:
        in_flight.interruption.forget()
    if not reusable:
        connection.close()
    pool._put_conn(connection)


def next_piece(answer: FileResponse) -> memoryview:
    """Return the next bytes of a file, which are valid until the next call; none at its end.

    Raises:
        ApiConnectionError: It broke off; that it ended early, only its length can tell.
    """
    try:
        return answer.piece()
    except _BROKEN as error:
        failure = translated(error, "GET", "", True)
    raise failure


def discard(answer: FileResponse) -> None:
    """Give back the connection of an answer that is not needed; if the answer is short, it can be reused."""
    with suppress(*_BROKEN):
        answer.skim()
    answer.release()
