"""A server that fails at a chosen byte, in a chosen way, and counts what arrives."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, NamedTuple

from scripted_server import Request, Server, answer, read_request

from shutterstock_api.contract.media import MEDIA

Take = Literal["nothing", "hello", "headers", "body", "request"]
"""How far the server reads: nothing of what came, a TLS client's hello, a part of a request, or all of it."""
End = Literal["close", "reset", "stall", "stay"]
"""How it ends then: FIN, RST, silence, or it waits for the next request."""

SUITS_ALL: dict[str, Any] = {
    "data": [{**dict.fromkeys((one.item_id for one in MEDIA.values()), "1"), "license_id": "i1"}],
    "results": [],
    "audio_renders": [{"id": "1"}],
}
"""What an answer holds that suits every operation, besides an `id`."""
EARLY: tuple[Take, ...] = ("nothing", "hello")
ENDS: tuple[End, ...] = ("close", "reset", "stall")


class Fault(NamedTuple):
    """What happens to each request, or to each connection where no request is read."""

    take: Take
    give: bytes = b""
    """What is sent then. `HALF_A_HELLO` is the first half of a TLS server's part of the handshake."""
    end: End = "stay"


HALF_A_HELLO = b"half a hello"


class FaultServer(Server):
    """Answers well, each request with an `id` of its own, until it is given a fault."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.fault: Fault | None = None
        self.partial = 0
        """Requests of which only a part was read."""
        self._busy = 0
        self._changed = threading.Condition()
        super().__init__(tls)

    def settle(self, done: Callable[[], bool] = lambda: True) -> None:
        """Wait until nothing is under way, and `done`: a client with little patience may be ahead of us."""
        with self._changed:
            self._changed.wait_for(lambda: not self._busy and done(), 5)

    def _serve(self, connection: socket.socket, number: int) -> None:
        fault = self.fault
        if fault and fault.take in EARLY:
            with connection, suppress(OSError):
                self._break(connection, fault)
        else:
            super()._serve(connection, number)

    def talk(self, connection: socket.socket, number: int) -> None:
        incoming = connection.makefile("rb")
        while self._exchange(connection, incoming, number):
            pass

    def _exchange(self, connection: socket.socket, incoming: Any, number: int) -> bool:
        """Take a request, or a part of it, and answer. Tell whether the connection stays."""
        fault = self.fault
        if fault and fault.take in ("headers", "body"):
            if not _part(incoming, fault.take):
                return False
            self.partial += 1
        else:
            request = read_request(incoming, number)
            if request is None:
                return False
            self.requests.append(request)
            fault = self.fault  # it may be newer than the connection
            if fault is None:
                connection.sendall(good(request))
                return True
        return self._break(connection, fault, incoming)

    def _break(self, connection: socket.socket, fault: Fault, incoming: Any = None) -> bool:
        with self._changed:
            self._busy += 1
        try:
            hello = b""
            if fault.take in EARLY:
                # Something must have come: else the client may not know that it is connected.
                hello = connection.recv(65536, socket.MSG_PEEK if fault.take == "nothing" else 0)
            connection.sendall(self._half_a_hello(hello) if fault.give is HALF_A_HELLO else fault.give)
            if fault.end == "close":
                connection.shutdown(socket.SHUT_WR)  # to close with bytes unread would be a reset
            elif fault.end == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                for one in (incoming, connection):
                    if one:
                        one.close()
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()
        if fault.end == "close":
            while connection.recv(65536):  # until the client, too, hangs up
                pass
        elif fault.end == "stall":
            self.closing.wait(10)
        return fault.end == "stay"

    def _half_a_hello(self, hello: bytes) -> bytes:
        assert self._tls
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        incoming.write(hello)
        with suppress(ssl.SSLWantReadError):
            self._tls.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
        whole = outgoing.read()
        return whole[: len(whole) // 2]


def good(request: Request) -> bytes:
    """Return an answer that suits every operation and tells which request it is for."""
    name = request.path.rpartition("/")[2]
    return answer(200, {"id": name, **SUITS_ALL})


def _part(incoming: Any, take: Take) -> bytes:
    """Read a part of a request: to the middle of a header, or of the body."""
    line = incoming.readline()
    if take == "headers":
        return line + incoming.read(5) if line else b""
    length = 0
    while header := incoming.readline().strip():
        name, _, value = header.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return line + incoming.read(length // 2)
