"""HTTP/1.1 on 127.0.0.1: one thread per connection, keep-alive, and access to sockets for faults."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from .messages import MAX_BODY, Headers, Request, Response

Handle = Callable[[Request], Response]

_JOIN_SECONDS = 5.0
_POLL_SECONDS = 0.02


class Server:
    """Listens from its creation; `close` ends every connection and thread."""

    def __init__(self, port: int, handle: Handle) -> None:
        self._server = _Server(port, handle)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), name="sandbox", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to accept connections, including those that are waiting already."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening and hang up."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.hang_up()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, port: int, handle: Handle) -> None:
        self.handle_message = handle
        self._open: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer would look up its own name in the DNS

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in its own thread, noted before it starts, so that `hang_up` misses none."""
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="sandbox connection",
            daemon=True,
        )
        with self._lock:
            self._open[thread] = request
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)

    def hang_up(self) -> None:
        """Wake every thread that waits for its client, and wait for its end."""
        with self._lock:
            waiting = dict(self._open)
        for connection in waiting.values():
            _shut(connection)
        for thread in waiting:
            thread.join(_JOIN_SECONDS)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that have disconnected; our own errors are caught earlier."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # buffered, so head and body are sent together
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        refused = _refused(self.headers.get("Transfer-Encoding"), length)
        if refused is not None:
            self.close_connection = True  # the body is not read, so no other request can follow
            message = f'{{"message": "{responses[refused]}"}}'.encode()
            self._send(Response(refused, {"Content-Type": "application/json"}, message))
            return
        body = self.rfile.read(int(length))
        path, _, query = self.path.partition("?")
        headers = Headers(dict(self.headers.items()))
        response = self.server.handle_message(Request(self.command, path, query, headers, body))
        self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _send(self, response: Response) -> None:
        if response.drop:
            self.close_connection = True
            _shut(self.connection)
            return
        has_body = response.status not in (204, 304)
        head = [f"HTTP/1.1 {response.status} {responses.get(response.status, 'Unknown')}"]
        head += [f"{name}: {value}" for name, value in response.headers.items()]
        if has_body:
            head.append(f"Content-Length: {len(response.body)}")
        if response.truncate is not None or response.hang_up:
            self.close_connection = True
        elif self.close_connection:
            head.append("Connection: close")
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1", "replace"))
        if has_body and self.command != "HEAD":
            self.wfile.write(response.body[: response.truncate])
        self.wfile.flush()

    def handle_expect_100(self) -> bool:
        """Tell the client at once to send the body."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the application does."""


def _refused(encoding: str | None, length: str) -> int | None:
    """The status with which a request is refused before its body is read."""
    if encoding is not None:
        return 411
    if not (length.isascii() and length.isdigit()):
        return 400
    return 413 if int(length) > MAX_BODY else None


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # the client may have been faster
        connection.shutdown(socket.SHUT_RDWR)
