"""The way to the service: proxies and encryption."""

from __future__ import annotations

import base64
import select
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme
from scripted_server import HANG_UP, TOKEN, Clock, Request, Server, answer, read_request
from urllib3.exceptions import InsecureRequestWarning

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiValueError,
    Configuration,
    ImagesApi,
    LicenseOutcomeUnknown,
    download,
)
from shutterstock_api.transport import service

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


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    running = Proxy()
    running.always(GOOD)
    yield running
    running.close()


class Certificates(NamedTuple):
    """Throw-away certificates, as files."""

    ca: str
    client: str
    client_key: str
    server: ssl.SSLContext
    authority: trustme.CA


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


def get(host: str, **settings: Any) -> ApiClient:
    """Call once; return the client, closed."""
    with ApiClient(Configuration(host, retries=0, **settings)) as client:
        assert ImagesApi(client).get_image("1").id == "1"
    return client


# Plain http through a proxy. The host does not exist: whatever is answered, the proxy answered.


@pytest.mark.parametrize("form", ["http://127.0.0.1:{}", "127.0.0.1:{}"])
def test_plain_http(proxy: Proxy, form: str) -> None:
    get("http://service.invalid:8080/base", proxy=form.format(proxy.port))
    assert proxy.request.target == "http://service.invalid:8080/base/v2/images/1"
    assert proxy.request.headers["host"] == "service.invalid:8080"
    assert "proxy-authorization" not in proxy.request.headers


def test_plain_http_with_user_and_password(proxy: Proxy) -> None:
    get("http://service.invalid", proxy=f"http://user:pass@127.0.0.1:{proxy.port}")
    assert proxy.request.target == "http://service.invalid/v2/images/1"
    assert proxy.request.headers["proxy-authorization"] == USER


@pytest.mark.parametrize(
    ("variables", "proxied"),
    [
        ({"HTTP_PROXY": "{}"}, True),
        ({"http_proxy": "{}"}, True),
        ({"ALL_PROXY": "{}"}, True),
        ({"HTTPS_PROXY": "{}"}, False),
        ({"HTTP_PROXY": ""}, False),
        ({"HTTP_PROXY": "{}", "NO_PROXY": "127.0.0.1"}, False),
        ({"HTTP_PROXY": "{}", "NO_PROXY": "*"}, False),
        ({"HTTP_PROXY": "{}", "NO_PROXY": "elsewhere.example"}, True),
    ],
)
def test_plain_http_by_environment(
    proxy: Proxy, server: Server, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], proxied: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(proxy.url))
    server.always(GOOD)
    get(server.url)
    assert (len(proxy.requests), len(server.requests)) == (int(proxied), int(not proxied))


def test_the_configuration_beats_the_environment(
    proxy: Proxy, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", refusing)
    monkeypatch.setenv("NO_PROXY", "*")
    get("http://service.invalid", proxy=proxy.url)
    assert len(proxy.requests) == 1


def test_no_proxy_at_all(proxy: Proxy, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    server.always(GOOD)
    get(server.url, proxy="")
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


def test_a_broken_proxy_is_told_in_plain_words(refusing: str) -> None:
    with pytest.raises(ApiConnectionError, match="Unable to connect to proxy: Failed to establish") as caught:
        get("http://service.invalid", proxy=refusing)
    assert "object at" not in str(caught.value)


def test_credentials_are_not_for_a_plain_proxy_elsewhere() -> None:
    with pytest.raises(ApiValueError, match="unencrypted to proxy.invalid"):
        get("http://127.0.0.1:1", proxy="http://proxy.invalid:3128", access_token="t")


def test_credentials_are_not_for_a_plain_host_behind_a_proxy_either(proxy: Proxy) -> None:
    with pytest.raises(ApiValueError, match="unencrypted to service.invalid"):
        get("http://service.invalid", proxy=proxy.url, access_token="t")
    assert proxy.requests == []


@pytest.mark.parametrize("echo", ["user:pa55/word", "pa55/word", "dXNlcjpwYTU1L3dvcmQ="])
def test_what_logs_in_at_a_proxy_is_masked(proxy: Proxy, echo: str) -> None:
    proxy.always(answer(407, {"message": f"who is {echo}?"}))
    with pytest.raises(ApiException, match=r"who is \*\*\*\?"):
        get("http://service.invalid", proxy=f"http://user:pa55%2Fword@127.0.0.1:{proxy.port}")


# https through a tunnel.


@pytest.mark.parametrize("by", ["setting", "environment"])
def test_a_tunnel(
    proxy: Proxy, secure: Server, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    url = f"http://user:pass@127.0.0.1:{proxy.port}"
    if by == "environment":
        monkeypatch.setenv("HTTPS_PROXY", url)
    get(secure.url, ssl_ca_cert=certificates.ca, access_token="TOKEN", proxy=url if by == "setting" else None)
    assert (proxy.request.verb, proxy.request.target) == ("CONNECT", secure.url[8:])
    assert proxy.request.headers["proxy-authorization"] == USER
    assert "authorization" not in proxy.request.headers
    assert secure.request.target == "/v2/images/1"
    assert secure.request.headers["authorization"] == "Bearer TOKEN"
    assert "proxy-authorization" not in secure.request.headers


def test_no_proxy_for_https(
    proxy: Proxy, secure: Server, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", f"127.0.0.1:{secure.port}")
    get(secure.url, ssl_ca_cert=certificates.ca)
    assert (len(proxy.requests), len(secure.requests)) == (0, 1)


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_tunnel_that_is_refused_sent_nothing(proxy: Proxy, clock: Clock, status: int) -> None:
    proxy.refuse = answer(status)
    client = ApiClient(Configuration("https://service.invalid", proxy=proxy.url, access_token="TOKEN"))
    client.timing = clock.timing
    with pytest.raises(ApiException) as caught:
        ImagesApi(client).license_images({"images": [{"image_id": "1"}]})
    assert type(caught.value) is ApiConnectionError
    assert (caught.value.sent, caught.value.attempts, len(proxy.requests)) == (False, 3, 3)
    assert str(status) in str(caught.value)


def test_tls_that_fails_in_a_tunnel_sent_nothing(proxy: Proxy, secure: Server) -> None:
    with pytest.raises(ApiConnectionError) as caught:
        get(secure.url, proxy=proxy.url)
    assert caught.value.sent is False
    assert secure.requests == []


def test_a_request_that_left_through_a_tunnel_is_in_doubt(
    proxy: Proxy, secure: Server, certificates: Certificates
) -> None:
    secure.always(b"")
    settings = Configuration(secure.url, ssl_ca_cert=certificates.ca, proxy=proxy.url)
    with ApiClient(settings) as client, pytest.raises(LicenseOutcomeUnknown):
        ImagesApi(client).license_images({"images": [{"image_id": "1"}]})
    assert len(secure.requests) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there(refusing: str, scheme: str) -> None:
    with pytest.raises(ApiConnectionError) as caught:
        get(f"{scheme}://service.invalid", proxy=refusing.replace("//", "//user:PASSWORD@"))
    assert caught.value.sent is False
    assert "PASSWORD" not in str(caught.value)


# TLS.


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


# Files, from another host than the service.


DATA = bytes(range(256)) * 4000  # several pieces


def cut_once(request: Request) -> list[bytes]:
    """Break off in the middle; the rest comes when it is asked for."""
    if "range" not in request.headers:
        return [answer(200, DATA, ETag='"one"')[: -len(DATA) // 2], HANG_UP]
    start = int(request.headers["range"][6:-1])
    span = f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"
    return [answer(206, DATA[start:], ETag='"one"', Content_Range=span)]


def fetched(link: str, path: Path, clock: Clock, **settings: Any) -> bytes:
    with ApiClient(Configuration("https://service.invalid", access_token=TOKEN, **settings)) as client:
        client.timing = clock.timing
        download(link, path, api=client)
    return path.read_bytes()


def test_files_over_tls_that_nobody_verifies(secure: Server, tmp_path: Path, clock: Clock) -> None:
    secure.always(answer(200, DATA))
    with pytest.warns(InsecureRequestWarning):
        assert fetched(f"{secure.url}/x", tmp_path / "x", clock, verify_ssl=False) == DATA


@pytest.mark.parametrize("through", [None, "http://user:pass@127.0.0.1:{}"])
def test_a_file_over_tls(
    through: str | None,
    proxy: Proxy,
    secure: Server,
    certificates: Certificates,
    clock: Clock,
    tmp_path: Path,
) -> None:
    secure.always(cut_once)
    way = through and through.format(proxy.port)
    # The name and the certificate are for the service alone.
    only = {"assert_hostname": "service.test", "cert_file": certificates.client}
    settings = {"ssl_ca_cert": certificates.ca, "key_file": certificates.client_key, "proxy": way, **only}
    assert fetched(f"{secure.url}/x?sign=me", tmp_path / "x", clock, **settings) == DATA
    assert len(secure.requests) == 2
    for request in secure.requests:
        assert request.target == "/x?sign=me"
        assert not [name for name in request.headers if "auth" in name]
    tunnels = [(request.verb, request.headers["proxy-authorization"]) for request in proxy.requests]
    assert tunnels == ([("CONNECT", USER)] * 2 if through else [])


@pytest.mark.parametrize(
    "settings", [{}, {"ssl_ca_cert": "other"}, {"name": "localhost", "ssl_ca_cert": "ca"}]
)
def test_a_file_from_somebody_else(
    settings: dict[str, str], secure: Server, certificates: Certificates, clock: Clock, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other")
    authority = {"ca": certificates.ca, "other": str(tmp_path / "other")}.get(settings.get("ssl_ca_cert", ""))
    link = f"https://{settings.get('name', '127.0.0.1')}:{secure.port}/x"
    with pytest.raises(ApiConnectionError, match="see verify_ssl and ssl_ca_cert"):
        fetched(link, tmp_path / "x", clock, ssl_ca_cert=authority, retries=0)
    assert not (tmp_path / "x").exists()
    assert secure.requests == []
    if "name" in settings:
        secure.always(cut_once)
        options = {"ssl_ca_cert": authority, "assert_hostname": False}
        assert fetched(link, tmp_path / "x", clock, **options) == DATA
