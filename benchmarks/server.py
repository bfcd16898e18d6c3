"""A server that answers from memory, in a process of its own, so that only the client is measured."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

from benchmarks import pages
from benchmarks.processes import serving

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from multiprocessing.connection import Connection


def running() -> AbstractContextManager[int]:
    """Return a context with the port of a running server."""
    return serving(_serve)


def _serve(parent: Connection) -> None:
    answers = {f"/{name}".encode(): _answer(body) for name, body in pages.BODIES.items()}
    listener = socket.create_server(("127.0.0.1", 0))
    parent.send(listener.getsockname()[1])
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_talk, args=(connection, answers), daemon=True).start()


def _answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _talk(connection: socket.socket, answers: dict[bytes, bytes]) -> None:
    """Answer each request on a connection; the page is the first part of its path."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while True:
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                piece = connection.recv(65536)
                if not piece:
                    return
                request += piece
            path = request.split(b" ", 2)[1]
            connection.sendall(answers[path[: path.index(b"/", 1)]])
