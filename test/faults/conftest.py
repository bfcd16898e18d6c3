"""Servers that misbehave, over http and https, and a client of each whose pauses take no time."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import trustme
from fault_server import FaultServer
from scripted_server import TOKEN, Clock

from shutterstock_api import ApiClient, Configuration

Serve = Callable[..., tuple[FaultServer, ApiClient]]


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """The settings of an https server on 127.0.0.1, and the file of the authority behind it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return context, str(file)


@pytest.fixture
def serve(trusted: tuple[ssl.SSLContext, str], clock: Clock) -> Iterator[Serve]:
    """Start a server and a client of it: `serve("https", retries=0)`."""
    context, authority = trusted
    with ExitStack() as closing:

        def start(scheme: str = "http", **settings: Any) -> tuple[FaultServer, ApiClient]:
            server = FaultServer(context if scheme == "https" else None)
            closing.callback(server.close)
            settings = {"host": server.url, "access_token": TOKEN, "ssl_ca_cert": authority, **settings}
            client = closing.enter_context(ApiClient(Configuration(**settings)))
            client.timing = clock.timing
            return server, client

        yield start
