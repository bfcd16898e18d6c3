"""A proxy, and certificates that only its tests trust."""

from __future__ import annotations

import base64
import select
import socket
import ssl
from typing import Any, NamedTuple

import trustme
from scripted_server import Server, answer, read_request

from shutterstock_api import ApiClient, Configuration, ImagesApi

GOOD = answer(200, {"id": "1"})
USER = "Basic " + base64.b64encode(b"user:pass").decode()


class Proxy(Server):
    """A proxy: forwards tunnels, and answers plain requests itself from the script."""

    refuse = b""
    """What a tunnel is answered with instead."""

    def talk(self, connection: socket.socket, number: int) -> None:
        peeked = connection.recv(7, socket.MSG_PEEK)
        if peeked != b"CONNECT":
            return super().talk(connection, number)
        with connection.makefile("rb", buffering=0) as incoming:
            request = read_request(incoming, number)
        assert request
        self.requests.append(request)
        if self.refuse:
            return connection.sendall(self.refuse)
        host, _, port = request.target.rpartition(":")
        with socket.create_connection(("127.0.0.1" if "." in host else host, int(port))) as onward:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            ends = {connection: onward, onward: connection}
            while not self.closing.is_set():
                for end in select.select(list(ends), [], [], 0.05)[0]:
                    data = end.recv(65536)
                    if not data:
                        return None
                    ends[end].sendall(data)
        return None


class Certificates(NamedTuple):
    """Throw-away certificates, as files."""

    ca: str
    client: str
    client_key: str
    server: ssl.SSLContext
    authority: trustme.CA


def get(host: str, **settings: Any) -> ApiClient:
    """Call once; return the client, closed."""
    with ApiClient(Configuration(host, retries=0, **settings)) as client:
        assert ImagesApi(client).get_image("1").id == "1"
    return client
