"""A listener on this machine that waits for the answer of the login page (RFC 8252)."""

from __future__ import annotations

import errno
import os
import queue
import secrets
import socket
import threading
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, Self
from urllib.parse import parse_qs

from shutterstock_api.credentials.token import OAuthError
from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import Secret
from shutterstock_api.support.timing import GLANCE

PATH = "/login"
"""The path of the answer; requests for other paths are not for us."""
ATTEMPTS = 10
"""How many ports are tried until one is free for both kinds of address."""


class LoginListener:
    """Listens on IPv4, and on IPv6 if there is any, from its creation to the end of its `with` block.

    Browsers use either of them for `localhost`. Using both keeps other programs off the port.

    Args:
        port: Port; 0 for any free one.

    Raises:
        OAuthError: The port is taken.
    """

    def __init__(self, port: int) -> None:
        if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
            raise ApiValueError(f"port: expected a number from 0 to 65535, got {port!r}")
        self.state = ""
        """Answers without this text are ignored; as long as it is empty, all are."""
        self._claims: list[Secret] = []
        self._answers: queue.SimpleQueue[Secret] = queue.SimpleQueue()
        try:
            self._servers = _listen(port, self._handler)
        except OSError as error:
            raise OAuthError(reason=f"cannot listen on port {port}: {error.strerror}") from error
        self.redirect_uri: str = f"http://localhost:{self._servers[0].server_address[1]}{PATH}"
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def wait(self, until: float, clock: Callable[[], float]) -> Secret:
        """Wait for the URL that the browser was sent to, and return it.

        Args:
            until: When to give up, by the clock.
            clock: A clock, in seconds.

        Raises:
            OAuthError: No answer arrived in time.
        """
        while (left := until - clock()) > 0:
            try:
                return self._answers.get(timeout=min(left, GLANCE))
            except queue.Empty:
                pass
        raise OAuthError(
            reason="nobody logged in before the timeout", hint="Log in again, or raise the timeout."
        )

    def expects(self, target: str) -> bool:
        """Tell whether the target of a request is the answer."""
        path, _, query = target.partition("?")
        state = parse_qs(query).get("state", [""])[-1]
        ours = bool(self.state) and secrets.compare_digest(state.encode(), self.state.encode())
        return ours and path == PATH

    def claim(self, target: str) -> None:
        """Note an answer; the first one counts."""
        self._claims.append(Secret(f"{self.redirect_uri}?{target.partition('?')[2]}"))

    def hand_over(self) -> None:
        """Pass the answer to the waiting thread."""
        self._answers.put(self._claims[0])

    def _handler(self, *arguments: Any) -> BaseRequestHandler:
        return _Handler(self, *arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingTCPServer):
    # A thread for each connection, so that an idle one of another program blocks nothing.
    daemon_threads = True
    request_queue_size = 64
    allow_reuse_address = os.name == "posix"  # on Windows it would let other programs listen, too

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report nothing: a browser has disconnected, or somebody sent something that is not HTTP."""


class _Server6(_Server):
    address_family = socket.AF_INET6


def _listen(port: int, handler: Any) -> list[_Server]:
    for _ in range(ATTEMPTS - 1):
        try:
            return _listen_on_both(port, handler)
        except OSError as error:
            if port or error.errno != errno.EADDRINUSE:
                raise
    return _listen_on_both(port, handler)


def _listen_on_both(port: int, handler: Any) -> list[_Server]:
    first = _Server(("127.0.0.1", port), handler)
    try:
        return [first, _Server6(("::1", first.server_address[1]), handler)]
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return [first]  # this machine has no IPv6
        first.server_close()
        raise


class _Handler(BaseHTTPRequestHandler):
    timeout = 5  # seconds that a connection may be idle

    def __init__(self, listener: LoginListener, *arguments: Any) -> None:
        self._listener = listener
        super().__init__(*arguments)

    def do_GET(self) -> None:
        if not self._listener.expects(self.path):
            self._show(404, "Nothing here", "This address waits for the answer of one login.")
            return
        self._listener.claim(self.path)
        try:
            self._show(200, "You may close this window", "The program that opened it has its answer.")
        finally:  # only now, because the program may end before the page is sent
            self._listener.hand_over()

    def _show(self, status: int, title: str, text: str) -> None:
        page = _PAGE.format(style=_STYLE, title=title, text=text).encode()
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Length": str(len(page))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the first line of the request contains the code and the state."""

    def version_string(self) -> str:
        return "shutterstock_api"


_STYLE = """
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 100vh; margin: 0; text-align: center; }
main { max-width: 26rem; padding: 2rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
p { margin: 0; opacity: .75; }
"""
_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
<main><h1>{title}</h1><p>{text}</p></main>
"""
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the address of this page contains the code
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
