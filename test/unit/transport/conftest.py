"""A proxy, and a service over https."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
import trustme
from proxy_server import GOOD, Certificates, Proxy
from scripted_server import Server


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    running = Proxy()
    running.always(GOOD)
    yield running
    running.close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    mine = authority.issue_cert("client@test.invalid")
    mine.cert_chain_pems[0].write_to_path(folder / "client.pem")
    mine.private_key_pem.write_to_path(folder / "client.key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "service.test").configure_cert(context)
    files = (str(folder / name) for name in ("ca.pem", "client.pem", "client.key"))
    return Certificates(*files, context, authority)


@pytest.fixture
def secure(certificates: Certificates) -> Iterator[Server]:
    """An https server for 127.0.0.1."""
    running = Server(certificates.server)
    running.always(GOOD)
    yield running
    running.close()
