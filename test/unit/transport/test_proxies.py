"""Proxies: plain http, https through a tunnel, and files from another host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import trustme
from proxy_server import GOOD, USER, Certificates, Proxy, get
from scripted_server import HANG_UP, TOKEN, Clock, Request, Server, answer
from urllib3.exceptions import InsecureRequestWarning

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiValueError,
    Configuration,
    ImagesApi,
    LicenseOutcomeUnknown,
    download,
)

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
    with pytest.raises(
        ApiConnectionError, match=r"connect to the proxy \S+ \(from the setting proxy\): "
    ) as caught:
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
