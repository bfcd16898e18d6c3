"""Connections that note when bytes leave and stop when time is up, and pools of them."""

from __future__ import annotations

import builtins
import io
import socket
import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import EmptyPoolError

from shutterstock_api.transport.head import StrictResponse
from shutterstock_api.transport.interruption import in_flight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urllib3 import HTTPResponse


if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool as _Pool
    from urllib3.connection import HTTPConnection as _Connection
else:
    _Connection = _Pool = object


LONGEST_TIMEOUT = 2_000_000.0
"""Seconds: sockets take no more than 2**31 milliseconds."""


LONGEST_TURN = 300.0
"""Seconds that a thread waits for a free connection, where nothing else bounds it."""
GLANCE = 0.5
"""Seconds after which a waiting thread looks whether its pool was closed."""


class _Watched(_Connection):
    """A connection that notes when bytes leave and stops reading when time is up."""

    response_class = StrictResponse
    wire: Any = None
    """What reads from it, where it leads to a host of files."""

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            in_flight.sent = False  # what a tunnel was asked for is not the request

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
