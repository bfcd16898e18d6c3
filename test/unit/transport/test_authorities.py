"""Whom connections trust: bundles of the environment, folders, files that are replaced, old forms."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import certifi
import pytest
from authorities import OldAuthority
from proxy_server import GOOD, Certificates, get
from scripted_server import Server

from shutterstock_api import ApiClient, ApiConnectionError, ApiValueError, Configuration, ImagesApi

FILES = ["SHUTTERSTOCK_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
Serve = Callable[[ssl.SSLContext], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[Server] = []

    def start(context: ssl.SSLContext) -> Server:
        running.append(Server(context))
        running[-1].always(GOOD)
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def other(tmp_path: Path) -> str:
    """A bundle that the server's certificate is not from."""
    return OldAuthority("Another").write(tmp_path / "other.pem")


# The environment.


@pytest.mark.parametrize("name", FILES)
def test_a_bundle_of_the_environment(
    secure: Server, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, certificates.ca)
    get(secure.url)
    assert len(secure.requests) == 1


def test_the_first_variable_that_is_set_counts(
    secure: Server, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    names = [*FILES, "SSL_CERT_DIR"]
    for name in names:
        monkeypatch.setenv(name, other)
    for name in names[:-1]:
        monkeypatch.setenv(name, certificates.ca)
        get(secure.url)
        monkeypatch.setenv(name, " ")  # as good as unset
    with pytest.raises(ApiConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        get(secure.url)


@pytest.mark.parametrize("name", FILES)
def test_the_setting_beats_the_environment(
    secure: Server, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, other: str, name: str
) -> None:
    monkeypatch.setenv(name, other)
    get(secure.url, ssl_ca_cert=certificates.ca)
    monkeypatch.setenv(name, certificates.ca)
    with pytest.raises(ApiConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        get(secure.url, ssl_ca_cert=other)


def test_an_authority_of_the_environment_is_the_only_one_that_is_trusted(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates
) -> None:
    from shutterstock_api.transport.tls import tls_context

    monkeypatch.setenv("SSL_CERT_FILE", certificates.ca)
    assert len(tls_context(Configuration("https://h.example").connection_settings()).get_ca_certs()) == 1


@pytest.mark.parametrize("name", [*FILES, "SSL_CERT_DIR"])
def test_a_missing_bundle_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    missing = str(tmp_path / "no-such.pem")
    monkeypatch.setenv(name, missing)
    with pytest.raises(ApiValueError) as caught:
        get("https://127.0.0.1:1")
    assert str(caught.value) == f"{name}: {missing} cannot be used: No such file or directory"
    with pytest.raises(ApiConnectionError):  # nobody asks for it where nothing is checked
        get("https://127.0.0.1:1", verify_ssl=False)


def test_a_missing_bundle_of_certifi_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen program whose folder was cleaned."""
    monkeypatch.setattr(certifi, "where", lambda: "/tmp/_MEI1234/certifi/cacert.pem")
    with pytest.raises(
        ApiValueError, match="^certifi: /tmp/_MEI1234/certifi/cacert.pem cannot be used: No such"
    ):
        get("https://127.0.0.1:1")


def test_a_bundle_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bundle.pem").write_text("no certificates")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "bundle.pem"))
    with pytest.raises(ApiValueError, match="^REQUESTS_CA_BUNDLE: .*bundle.pem cannot be used: "):
        get("https://127.0.0.1:1")


@pytest.mark.parametrize("name", ["cert_file", "key_file", "ssl_ca_cert"])
def test_a_missing_file_of_a_setting_is_named(name: str, certificates: Certificates) -> None:
    settings = {"cert_file": certificates.client, "key_file": certificates.client_key, name: "/no/such"}
    with pytest.raises(ApiValueError, match=f"^{name}: /no/such cannot be used: No such file"):
        get("https://127.0.0.1:1", **settings)


def test_a_key_that_does_not_fit_is_named(certificates: Certificates, tmp_path: Path) -> None:
    OldAuthority().server(tmp_path / "other.pem")
    with pytest.raises(ApiValueError, match="^cert_file and key_file cannot be used: "):
        get("https://127.0.0.1:1", cert_file=certificates.client, key_file=str(tmp_path / "other.pem"))


# Folders.


@pytest.mark.parametrize(
    "name", ["ssl_ca_cert", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_DIR, several"]
)
def test_a_folder_of_certificates(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    authority = OldAuthority()
    server = serve(authority.server(tmp_path / "server.pem"))
    folder = authority.write_folder(tmp_path / "certs")
    OldAuthority("Another").write_folder(tmp_path / "others")
    if "several" in name:
        folder = os.pathsep.join(["/no/such", str(tmp_path / "others"), folder])
    if name == "ssl_ca_cert":
        get(server.url, ssl_ca_cert=folder, ssl_strict=False)
    else:
        monkeypatch.setenv(name.partition(",")[0], folder)
        get(server.url, ssl_strict=False)
    assert len(server.requests) == 1


def test_a_folder_without_hashed_names_says_what_to_do(tmp_path: Path) -> None:
    OldAuthority().write(tmp_path / "ca.pem")
    with pytest.raises(ApiValueError, match="^ssl_ca_cert: .* cannot be used: .*`openssl rehash`"):
        get("https://127.0.0.1:1", ssl_ca_cert=str(tmp_path))


# Files that are replaced.


def test_a_bundle_that_is_replaced_counts_from_the_next_connection_on(serve: Serve, tmp_path: Path) -> None:
    before, after = OldAuthority("Before"), OldAuthority("After")
    bundle = tmp_path / "bundle.pem"
    before.write(bundle)
    old, new = (serve(one.server(tmp_path / "server.pem")) for one in (before, after))
    settings = Configuration(old.url, ssl_ca_cert=bundle, ssl_strict=False, retries=0)
    with ApiClient(settings) as client:
        api = ImagesApi(client)
        api.get_image("1")
        client.rest.route().pool.port = new.port  # the host has a new certificate now
        client.rest.route().pool._get_conn().close()
        with pytest.raises(ApiConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
            api.get_image("1")
        after.write(bundle)
        assert api.get_image("1").id == "1"


@pytest.mark.parametrize("name", ["ssl_ca_cert", "cert_file", "SSL_CERT_FILE"])
def test_a_file_that_is_removed_is_missed(
    secure: Server, certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    files = {"ssl_ca_cert": certificates.ca, "cert_file": certificates.client}
    for setting in files:
        (tmp_path / setting).write_bytes(Path(files[setting]).read_bytes())
    settings = Configuration(secure.url, key_file=certificates.client_key, retries=0)
    settings.cert_file, settings.ssl_ca_cert = tmp_path / "cert_file", tmp_path / "ssl_ca_cert"
    if name == "SSL_CERT_FILE":
        settings.ssl_ca_cert = None
        monkeypatch.setenv(name, str(tmp_path / "ssl_ca_cert"))
    with ApiClient(settings) as client:
        api = ImagesApi(client)
        api.get_image("1")
        (tmp_path / ("cert_file" if name == "cert_file" else "ssl_ca_cert")).unlink()
        api.get_image("1")  # over the connection that is there
        client.close()
        with pytest.raises(ApiValueError, match=f"^{name}: .* cannot be used: No such file"):
            api.get_image("1")


def test_a_client_certificate_that_is_replaced(
    serve: Serve, tmp_path: Path, certificates: Certificates
) -> None:
    """Short-lived certificates are renewed every few hours, under the same name."""
    seen: list[Any] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates.authority.issue_cert("127.0.0.1").configure_cert(context)
    certificates.authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = serve(context)

    class Noting(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            seen.append(self.getpeercert()["serialNumber"])

    context.sslsocket_class = Noting
    settings = Configuration(server.url, ssl_ca_cert=certificates.ca, retries=0)
    settings.cert_file = settings.key_file = tmp_path / "client.pem"
    with ApiClient(settings) as client:
        for _ in range(2):
            issued = certificates.authority.issue_cert("client@test.invalid")
            issued.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "client.pem"))
            for connection in [client.rest.route().pool._get_conn()]:
                connection.close()
                client.rest.route().pool._put_conn(connection)
            ImagesApi(client).get_image("1")
    assert len(set(seen)) == 2


# Authorities of an older form.


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python does from 3.13 on."""
    make = ssl.create_default_context

    def create_default_context(*arguments: Any, **options: Any) -> ssl.SSLContext:
        context = make(*arguments, **options)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl, "create_default_context", create_default_context)


@pytest.mark.usefixtures("strict")
def test_an_authority_of_an_older_form(serve: Serve, tmp_path: Path) -> None:
    authority = OldAuthority()
    bundle = authority.write(tmp_path / "ca.pem")
    server = serve(authority.server(tmp_path / "server.pem"))
    with pytest.raises(ApiConnectionError, match="if its form is too old, also ssl_strict=False"):
        get(server.url, ssl_ca_cert=bundle)
    get(server.url, ssl_ca_cert=bundle, ssl_strict=False)
    assert len(server.requests) == 1


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"days": -1}, "certificate has expired"),
        ({"address": "127.0.0.2"}, "IP address mismatch"),
        ({"stranger": True}, "unable to get local issuer certificate"),
    ],
)
def test_chain_dates_and_name_are_checked_all_the_same(
    serve: Serve, tmp_path: Path, fault: Any, says: str
) -> None:
    authority = OldAuthority()
    bundle = (OldAuthority("Stranger") if fault.pop("stranger", False) else authority).write(
        tmp_path / "ca.pem"
    )
    server = serve(authority.server(tmp_path / "server.pem", **fault))
    with pytest.raises(ApiConnectionError, match=says):
        get(server.url, ssl_ca_cert=bundle, ssl_strict=False)
    assert server.requests == []


def test_a_proxy_over_tls_is_checked_by_the_same_authorities(certificates: Certificates, other: str) -> None:
    proxy = Server(certificates.server)
    proxy.always(GOOD)
    settings = {"proxy": proxy.url, "allow_insecure_host": True}
    get("http://service.invalid", ssl_ca_cert=certificates.ca, **settings)
    with pytest.raises(ApiConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        get("http://service.invalid", ssl_ca_cert=other, **settings)
    proxy.close()
    assert len(proxy.requests) == 1
