"""Connections that note when bytes are sent and stop when the time is up, and pools of them."""

from __future__ import annotations

import builtins
import io
import queue
import socket
import threading
import time
import weakref
from collections import deque
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import urllib3
from urllib3 import connectionpool
from urllib3.exceptions import ClosedPoolError, EmptyPoolError

from shutterstock_api.support.timing import GLANCE
from shutterstock_api.transport.head import StrictResponse
from shutterstock_api.transport.interruption import in_flight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from ssl import SSLContext

    from urllib3 import HTTPConnectionPool as _Pool, HTTPResponse
    from urllib3.connection import HTTPConnection as _Connection
else:
    _Connection = _Pool = object


LONGEST_TIMEOUT = 2_000_000.0
"""The longest timeout, in seconds: sockets accept no more than 2**31 milliseconds."""
LONGEST_TURN = 300.0
"""Seconds that a thread waits for a free connection if there is no other limit."""
LONGEST_IDLE = 50.0
"""Seconds after which an idle connection is not used again. After a minute, load balancers, firewalls and
NAT gateways may forget connections. Some silently drop what is sent then, and a read waits in vain."""
LONGEST_IDLE_ONCE = 4.0
"""The same for a request that must not be sent twice: the quickest of the common servers hang up after
five seconds, and the outcome of a request at that moment would be in doubt."""


def _keep_alive() -> list[tuple[int, int, int]]:
    """Return socket options with which the system notices that the other side of a connection is gone."""
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    # If the system lacks one of these options, or has another name for it, its default applies.
    for name, value in {"KEEPIDLE": 30, "KEEPALIVE": 30, "KEEPINTVL": 15, "KEEPCNT": 4}.items():
        option = getattr(socket, f"TCP_{name}", None)
        if option is not None:
            options.append((socket.IPPROTO_TCP, option, value))
    return options


KEEP_ALIVE = _keep_alive()


class WatchedConnection(_Connection):
    """A connection that notes when bytes are sent and stops reading when the time is up."""

    response_class: Any = StrictResponse
    buffered: Any = None
    """The object that reads from it, if it leads to a file host."""

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            in_flight.sent = False  # what was sent to open a tunnel is not the request

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        in_flight.sent = True
        if in_flight.interruption is not None and self.sock is not None:
            in_flight.interruption.watch(self.sock)
        super().send(data)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with self._bounded():
            return super().getresponse()

    def _tunnel(self) -> None:
        with self._bounded():
            super()._tunnel()

    def _bounded(self) -> AbstractContextManager[None]:
        return nullcontext() if in_flight.until is None else self._reads_until(in_flight.until)

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
    """A socket whose reads share one time limit: urllib3's own limit starts again with every read."""

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


@cache
def _watched(connection_class: type) -> type:
    """Return a watched version of a class of urllib3; that of a recorder for tests is returned unchanged."""
    if not connection_class.__module__.startswith("urllib3."):
        return connection_class
    return type(f"Watched{connection_class.__name__}", (WatchedConnection, connection_class), {})


class _Idle(NamedTuple):
    connection: Any
    monotonic: float
    wall: float

    def seconds(self) -> float:
        """Return how long it has been idle. The monotonic clock may stop while the machine sleeps."""
        return max(time.monotonic() - self.monotonic, time.time() - self.wall)


def _is_dropped(connection: Any) -> bool:
    """Tell whether the other side has hung up; recorders for tests replace this method."""
    dropped: bool = connectionpool.is_connection_dropped(connection)  # type: ignore[attr-defined]
    return dropped


class ConnectionStack:
    """The idle connections of a pool: the one that was used last comes first.

    Ctrl-C, or a signal handler that raises, may interrupt at any moment. In a `queue.LifoQueue`, which
    urllib3 uses, that could leave the lock held or a place taken for ever. Python allows no interrupt between
    taking a plain lock and entering its `with` block, and a lost connection makes room when it is deleted.

    Args:
        maxsize: The most connections, idle or not.
    """

    def __init__(self, maxsize: int) -> None:
        self._most = maxsize
        self._idle: deque[_Idle] = deque()
        self._made: list[weakref.ref[Any]] = []
        self._lock = threading.Lock()
        self._change = threading.Lock()  # released when something has changed
        self._change.acquire()

    def take(self, once: bool) -> Any:
        """Return a connection that is ready for another request, or `None`.

        Args:
            once: The request must not be sent twice.
        """
        with self._lock:
            if not self._idle:
                return None
            idle = self._idle.pop()
        connection = idle.connection
        longest = LONGEST_IDLE_ONCE if once else LONGEST_IDLE
        if connection.sock is not None and (idle.seconds() > longest or _is_dropped(connection)):
            connection.close()
        if self._idle:
            self._tell()  # others may be waiting for it
        return connection

    def make(self, new: Callable[[], Any]) -> Any:
        """Return a new connection, or `None` if there are enough."""
        with self._lock:
            self._made = [known for known in self._made if known() is not None]
            if len(self._made) >= self._most:
                return None
            connection = new()
            self._made.append(weakref.ref(connection))
            return connection

    def forget(self, connection: Any) -> None:
        """Make room for a new connection instead of one that is closed for good."""
        with self._lock:
            self._made = [known for known in self._made if known() not in (connection, None)]
            self._idle = deque(idle for idle in self._idle if idle.connection is not connection)
        self._tell()

    def wait(self, seconds: float) -> None:
        """Wait until something has changed, or the time is up."""
        self._change.acquire(timeout=seconds)

    def _tell(self) -> None:
        if self._change.locked():
            with suppress(RuntimeError):  # another thread was faster
                self._change.release()

    # Methods that urllib3 calls.

    def put(self, connection: Any, block: bool = True) -> None:
        if connection is None:  # urllib3 fills its queues with these
            return
        with self._lock:
            if all(idle.connection is not connection for idle in self._idle):
                self._idle.append(_Idle(connection, time.monotonic(), time.time()))
        self._tell()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        with self._lock:
            if self._idle:
                return self._idle.pop().connection
        raise queue.Empty

    def qsize(self) -> int:
        return len(self._idle)


class _Patient(_Pool):
    """A pool whose threads wait for a free connection, but not for ever, and not if the pool is closed."""

    QueueCls: Any = ConnectionStack
    tls: Callable[[], SSLContext] | None = None
    """Returns the TLS settings of a new connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_force = type(self).ConnectionCls
        self.ConnectionCls: Any = _watched(self._in_force)

    def is_current(self) -> bool:
        """Tell whether the class of connections is still in use: recorders for tests replace it."""
        return type(self).ConnectionCls is self._in_force

    def _get_conn(self, timeout: float | None = None) -> Any:
        in_flight.taken = None
        until = time.monotonic() + (LONGEST_TURN if timeout is None else timeout)
        while True:
            stack: Any = self.pool
            if stack is None:
                raise ClosedPoolError(self, "Pool is closed.")
            connection = stack.take(in_flight.once) or stack.make(self._new_conn)
            if connection is not None:
                break
            left = until - time.monotonic()
            if left <= 0:
                raise EmptyPoolError(self, "No connection is free.")
            stack.wait(min(left, GLANCE))
        connection.turn = in_flight.turn = object()
        in_flight.taken = weakref.ref(connection)
        if self.tls is not None and connection.sock is None:
            connection.ssl_context = self.tls()
        if not isinstance(connection, WatchedConnection):
            in_flight.sent = True  # this connection does not note when bytes are sent
        return connection

    def _put_conn(self, conn: Any) -> None:
        stack: Any = self.pool
        if conn is None:
            self.discard()
        elif stack is not None:
            stack.put(conn)
        if conn is not None and self.pool is None:
            conn.close()

    def discard(self) -> None:
        """Close the connection that this thread took last, unless another request uses it by now."""
        stack: Any = self.pool
        connection = None if in_flight.taken is None else in_flight.taken()
        if connection is not None and connection.turn is in_flight.turn:
            connection.close()
            if stack is not None:
                stack.forget(connection)


class _HTTPPool(_Patient, urllib3.HTTPConnectionPool):
    pass


class _HTTPSPool(_Patient, urllib3.HTTPSConnectionPool):
    pass


POOLS: Mapping[str, type[_Pool]] = {"http": _HTTPPool, "https": _HTTPSPool}


@cache
def socks_pools() -> tuple[Any, Mapping[str, type[_Pool]]]:
    """Return the class of pools that connect through a SOCKS proxy.

    Raises:
        ImportError: PySocks is missing.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3 warns before it raises
        from urllib3.contrib import socks

    plain: Any = socks.SOCKSProxyManager.pool_classes_by_scheme
    return socks.SOCKSProxyManager, {
        scheme: type(f"Patient{pool.__name__}", (_Patient, pool), {}) for scheme, pool in plain.items()
    }
