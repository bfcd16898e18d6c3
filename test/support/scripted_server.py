"""An HTTP server that answers from a script, byte for byte, and remembers what it was asked; a clock."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from shutterstock_api.support.timing import Timing


class Request(NamedTuple):
    """What arrived."""

    verb: str
    target: str
    headers: dict[str, str]
    """Names in lower case. A header that came twice holds both values, joined by ` | `."""
    body: bytes
    connection: int
    """Number of the connection, counted from 1."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = bytes | Callable[[Request], bytes | Iterable[bytes]]
"""Bytes to send as they are, or a function that makes them; `HANG_UP` closes, also after others."""

HANG_UP = b""
TOKEN = "v2/token-of-the-test"
"""What the fixture `client` authorises with."""
_CLOSING = b"Connection: close\r\n"


def answer(status: int = 200, body: Any = b"", length: int | None = None, /, **headers: Any) -> bytes:
    """Return the bytes of an answer. Underscores in names of headers become hyphens.

    Args:
        status: HTTP status.
        body: Bytes, text, or anything else that becomes JSON.
        length: What Content-Length claims instead of the truth; the connection closes afterwards.
    """
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content_Type", "application/json")
    headers["Content_Length"] = len(body) if length is None else length
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    closing = _CLOSING if length is not None else b""
    return f"HTTP/1.1 {status} Reason\r\n{lines}".encode() + closing + b"\r\n" + body


def gzipped(body: Any) -> bytes:
    """Return an answer with a compressed body."""
    return answer(200, gzip.compress(json.dumps(body).encode()), Content_Encoding="gzip")


class Server:
    """Serves on 127.0.0.1 from its construction to `close()`; each request takes the next answer.

    Args:
        tls: Makes it an https server.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.closing = threading.Event()
        """For answers that never come: wait for this."""
        self._answers: Iterator[Answer] = iter(())
        self._lock = threading.Lock()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def answers(self, *script: Answer) -> None:
        """Answer the next requests with these, in this order."""
        self._answers = iter(script)

    def always(self, given: Answer) -> None:
        """Answer every request with this."""
        self._answers = iter(lambda: given, None)

    @property
    def request(self) -> Request:
        """The only request."""
        (request,) = self.requests
        return request

    def hang(self, request: Request) -> bytes:
        """Answer nothing at all, until the test is over."""
        self.closing.wait(10)
        return HANG_UP

    def close(self) -> None:
        self.closing.set()
        for one in (self._listener, *self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.append(connection)
            self.connections += 1
            self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._sockets.append(connection)
            self.talk(connection, number)
        except OSError:
            pass  # the client went away
        finally:
            connection.close()

    def talk(self, connection: socket.socket, number: int) -> None:
        """Answer the requests of one connection."""
        with connection.makefile("rb") as incoming:
            while request := read_request(incoming, number):
                with self._lock:
                    self.requests.append(request)
                    given = next(self._answers, answer(599, "the script of this test ends here"))
                parts = given(request) if callable(given) else given
                sent = b""
                for part in [parts] if isinstance(parts, bytes) else parts:
                    if part == HANG_UP:
                        return
                    connection.sendall(part)
                    sent = sent or part
                if not sent or _CLOSING in sent:
                    return


def read_request(incoming: Any, number: int = 0) -> Request | None:
    """Read a request; `None` where the client hung up."""
    first = incoming.readline()
    if not first.strip():
        return None
    verb, target, _ = first.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while line := incoming.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        name = name.lower()
        headers[name] = f"{headers[name]} | {value.strip()}" if name in headers else value.strip()
    body = incoming.read(int(headers.get("content-length", 0)))
    return Request(verb, target, headers, body, number)


class Clock:
    """Time that passes only in `sleep`."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.wrong = 0.0
        """What the clock of this machine is ahead, since somebody set it so."""
        self.sleeps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds

    def time(self) -> float:
        return self.now + self.wrong

    @property
    def timing(self) -> Timing:
        """For `ApiClient.timing`: pauses have their upper bound."""
        return Timing(sleep=self.sleep, monotonic=lambda: self.now, time=self.time, chance=lambda: 1.0)
