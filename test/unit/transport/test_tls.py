"""TLS: certificates, names, versions."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from proxy_server import GOOD, Certificates, get
from scripted_server import TOKEN, Request, Server

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiTimeoutError,
    ApiValueError,
    Configuration,
    ImagesApi,
)
from shutterstock_api.transport import service


def test_an_unknown_authority_is_refused(secure: Server) -> None:
    with pytest.raises(ApiConnectionError, match="see verify_ssl and ssl_ca_cert") as caught:
        get(secure.url)
    assert caught.value.sent is False
    assert secure.requests == []


def test_ssl_ca_cert(secure: Server, certificates: Certificates) -> None:
    get(secure.url, ssl_ca_cert=certificates.ca)
    assert len(secure.requests) == 1


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_verify_ssl_off(secure: Server) -> None:
    get(secure.url, verify_ssl=False)
    assert len(secure.requests) == 1


@pytest.mark.parametrize(
    ("settings", "works"),
    [
        ({}, False),
        ({"assert_hostname": "service.test"}, True),
        ({"assert_hostname": "other.test"}, False),
        ({"assert_hostname": False}, True),
    ],
)
def test_assert_hostname(secure: Server, certificates: Certificates, settings: Any, works: bool) -> None:
    url = secure.url.replace("127.0.0.1", "localhost")  # not a name in the certificate
    if works:
        get(url, ssl_ca_cert=certificates.ca, **settings)
    else:
        with pytest.raises(ApiConnectionError):
            get(url, ssl_ca_cert=certificates.ca, **settings)
    assert len(secure.requests) == int(works)


def test_a_client_certificate(certificates: Certificates) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates.authority.issue_cert("127.0.0.1").configure_cert(context)
    certificates.authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = Server(context)
    server.always(GOOD)
    with pytest.raises(ApiConnectionError):
        get(server.url, ssl_ca_cert=certificates.ca)
    get(
        server.url,
        ssl_ca_cert=certificates.ca,
        cert_file=certificates.client,
        key_file=certificates.client_key,
    )
    server.close()
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "settings",
    [{"cert_file": "/no/such"}, {"cert_file": __file__}, {"ssl_ca_cert": str(Path(__file__).parent)}],
)
def test_files_that_cannot_be_used(settings: dict[str, str]) -> None:
    with pytest.raises(ApiValueError, match="cannot be used"):
        get("https://127.0.0.1:1", **settings)


def context_of(**settings: Any) -> Any:
    return (
        service.RestClient(Configuration("https://h.example", **settings)).route().pool.conn_kw["ssl_context"]
    )  # type: ignore[attr-defined]


def test_clients_alike_share_one_context() -> None:
    assert context_of() is context_of(access_token="t", timeout=(1, 1))
    assert context_of() is not context_of(verify_ssl=False)


@pytest.mark.parametrize("settings", [{}, {"verify_ssl": False}, {"assert_hostname": False}])
def test_the_context(settings: dict[str, bool]) -> None:
    context = context_of(**settings)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.check_hostname is (settings == {})
    assert context.verify_mode == (ssl.CERT_NONE if "verify_ssl" in settings else ssl.CERT_REQUIRED)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_1_1_is_refused(certificates: Certificates) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates.authority.issue_cert("127.0.0.1").configure_cert(context)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    server = Server(context)
    with pytest.raises(ApiConnectionError):
        get(server.url, ssl_ca_cert=certificates.ca)
    server.close()
    assert server.requests == []


def test_a_tunnel_that_drips_has_no_more_time_than_the_call() -> None:
    """The answer to CONNECT comes byte by byte, each in time by itself."""
    proxy = Server()

    def drip(request: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while not proxy.closing.wait(0.02):
            yield b"X"

    proxy.always(drip)
    configuration = Configuration("https://h.example", access_token=TOKEN, proxy=proxy.url)
    with ApiClient(configuration) as client, pytest.raises(ApiTimeoutError):
        ImagesApi(client).get_image("1", _request_timeout=0.15, _retries=0)
    proxy.close()
