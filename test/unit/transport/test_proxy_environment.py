"""Proxies of the environment: which hosts need none, SOCKS, who logs in."""

from __future__ import annotations

import base64
import socket
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import urllib3.contrib
from proxy_server import GOOD, Certificates, Proxy, get
from scripted_server import Server
from urllib3.util import parse_url

from shutterstock_api import ApiClient, ApiConnectionError, ApiException, ApiValueError, Configuration
from shutterstock_api.transport.route import is_bypassed

# NO_PROXY.


@pytest.mark.parametrize(
    ("entries", "host", "bypassed"),
    [
        ("*", "https://api.example.com", True),
        ("", "https://api.example.com", False),
        (" , ,", "https://api.example.com", False),
        ("example.com", "https://example.com", True),
        ("example.com", "https://api.example.com", True),
        ("example.com", "https://notexample.com", False),
        ("example.com", "https://example.com.evil.test", False),
        (".example.com", "https://api.example.com", True),
        (".example.com", "https://notexample.com", False),
        ("*.example.com", "https://api.example.com", True),
        ("*.example.com", "https://a.b.example.com", True),
        ("*.example.com", "https://notexample.com", False),
        ("EXAMPLE.com.", "https://api.Example.COM", True),
        ("other.test, example.com", "https://example.com", True),
        ("other.test example.com", "https://example.com", True),
        ("other.test,\texample.com\n", "https://example.com", True),
        ("example.com:443", "https://example.com", True),
        ("example.com:8443", "https://example.com", False),
        ("example.com:8443", "https://example.com:8443", True),
        ("example.com:80", "http://example.com", True),
        ("*.example.com:443", "https://api.example.com", True),
        ("127.0.0.1", "http://127.0.0.1:8080", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8080", True),
        ("127.0.0.1:81", "http://127.0.0.1:8080", False),
        ("127.0.0.1", "http://127.0.0.11", False),
        ("10.0.0.0/8", "https://10.20.30.40", True),
        ("10.0.0.1/8", "https://10.20.30.40", True),
        ("10.0.0.0/8", "https://11.0.0.1", False),
        ("10.0.0.0/8", "https://10.example.com", False),
        ("192.168.1.0/24,10.0.0.0/8", "https://10.0.0.1", True),
        ("10.0.0.0/99", "https://10.0.0.1", False),
        ("::1", "http://[::1]:8080", True),
        ("[::1]", "http://[::1]:8080", True),
        ("[::1]:8080", "http://[::1]:8080", True),
        ("[::1]:81", "http://[::1]:8080", False),
        ("0:0:0:0:0:0:0:1", "http://[::1]", True),
        ("fd00::/8", "https://[fd12:3456::1]", True),
        ("fd00::/8", "https://[fe80::1]", False),
        ("fd00::/8", "https://10.0.0.1", False),
        ("localhost", "http://localhost:8080", True),
        ("localhost", "http://127.0.0.1", False),
        (":8080", "http://example.com:8080", False),
        ("example.com:", "https://example.com", False),
        (".", "https://example.com", False),
        ("https://example.com", "https://example.com", False),
    ],
)
def test_no_proxy(entries: str, host: str, bypassed: bool) -> None:
    assert is_bypassed(parse_url(host), entries) is bypassed


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_a_network_that_needs_no_proxy(
    proxy: Proxy, server: Server, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    server.always(GOOD)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv(name, "192.168.0.0/16 127.0.0.0/8")
    get(server.url)
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


# Who logs in.


@pytest.mark.parametrize(
    ("login", "sent"),
    [
        ("user:pass", "user:pass"),
        ("token", "token:"),
        ("token:", "token:"),
        (":pass", ":pass"),
        ("us%40er:p%3Aw", "us@er:p:w"),
        ("us%C3%A9r:w%C3%B6rd", "us\u00e9r:w\u00f6rd"),
    ],
)
def test_user_and_password(proxy: Proxy, login: str, sent: str) -> None:
    get("http://service.invalid", proxy=f"http://{login}@127.0.0.1:{proxy.port}")
    kind, _, packed = proxy.request.headers["proxy-authorization"].partition(" ")
    assert (kind, base64.b64decode(packed).decode()) == ("Basic", sent)


def test_a_user_without_password_is_a_secret(proxy: Proxy) -> None:
    proxy.refuse = b"HTTP/1.1 407 who is token-of-the-test?\r\n\r\n"
    with pytest.raises(ApiException) as caught:
        get("https://service.invalid", proxy=f"http://token-of-the-test@127.0.0.1:{proxy.port}")
    assert "token-of-the-test" not in str(caught.value)


# SOCKS.

SCHEMES = ["socks4", "socks4a", "socks5", "socks5h", "socks"]


class FakeSocks(ModuleType):
    """Stands for PySocks: it notes what it is asked for, and connects without a proxy."""

    PROXY_TYPE_SOCKS4, PROXY_TYPE_SOCKS5 = 1, 2
    ProxyError = type("ProxyError", (OSError,), {})

    def __init__(self) -> None:
        super().__init__("socks")
        self.asked: list[tuple[Any, ...]] = []

    def create_connection(self, target: Any, **how: Any) -> socket.socket:
        names = ("proxy_type", "proxy_addr", "proxy_port", "proxy_username", "proxy_password", "proxy_rdns")
        self.asked.append((target, *(how[name] for name in names)))
        return socket.create_connection(target, timeout=5)


@pytest.fixture
def without_socks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from shutterstock_api.transport.pools import socks_pools

    monkeypatch.setitem(sys.modules, "socks", None)

    def forget() -> None:
        socks_pools.cache_clear()
        sys.modules.pop("urllib3.contrib.socks", None)
        vars(urllib3.contrib).pop("socks", None)

    forget()
    yield
    forget()


@pytest.fixture
def socks(without_socks: None, monkeypatch: pytest.MonkeyPatch) -> FakeSocks:
    fake = FakeSocks()
    monkeypatch.setitem(sys.modules, "socks", fake)
    return fake


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTP_PROXY"])
def test_a_socks_proxy_of_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch, socks: FakeSocks, scheme: str, name: str
) -> None:
    server.always(GOOD)
    monkeypatch.setenv(name, f"{scheme}://us%40er:word@127.0.0.1:9/")
    get(server.url, access_token="t")
    kind = socks.PROXY_TYPE_SOCKS4 if "4" in scheme else socks.PROXY_TYPE_SOCKS5
    far = scheme in ("socks4a", "socks5h")
    assert socks.asked == [(("127.0.0.1", server.port), kind, "127.0.0.1", 9, "us@er", "word", far)]
    assert server.request.target == "/v2/images/1"
    assert "proxy-authorization" not in server.request.headers


def test_tls_through_a_socks_proxy(
    secure: Server, certificates: Certificates, socks: FakeSocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
    get(secure.url, ssl_ca_cert=certificates.ca, access_token="t")
    assert len(socks.asked) == 1
    with pytest.raises(ApiConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        get(secure.url)


def test_credentials_are_not_for_a_socks_proxy_elsewhere(server: Server, socks: FakeSocks) -> None:
    with pytest.raises(ApiValueError, match="unencrypted to proxy.invalid"):
        get(server.url, proxy="socks5://proxy.invalid", access_token="t")
    assert socks.asked == []


def test_a_broken_socks_proxy_is_told_in_plain_words(refusing: str, socks: FakeSocks) -> None:
    with pytest.raises(ApiConnectionError) as caught:
        get(refusing, proxy="socks5://127.0.0.1:9")
    assert f"/v2/images/1: cannot connect to {refusing.removeprefix('http://')} " in str(caught.value)
    assert "through the proxy 127.0.0.1:9 (from the setting proxy): " in str(caught.value)
    assert caught.value.sent is False


@pytest.mark.usefixtures("without_socks")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"])
def test_without_the_library_the_error_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, scheme: str, name: str
) -> None:
    monkeypatch.setenv(name, f"{scheme}://user:planted@127.0.0.1:9")
    with pytest.raises(ApiValueError) as caught:
        get("http://127.0.0.1:1")
    assert str(caught.value).startswith(f"{name}: a SOCKS proxy needs another library: pip install PySocks.")
    assert "planted" not in str(caught.value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    with pytest.raises(ApiConnectionError, match="refused"):
        get("http://127.0.0.1:1")


@pytest.mark.usefixtures("without_socks")
def test_a_socks_proxy_that_is_meant_for_other_hosts_harms_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.always(GOOD)
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
    get(server.url)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    get(server.url, proxy="")
    assert len(server.requests) == 2


@pytest.mark.parametrize("value", ["ftp://127.0.0.1:9", "http://", "socks5://", "http://[", "://"])
@pytest.mark.parametrize("name", ["HTTP_PROXY", "all_proxy", "proxy"])
def test_a_proxy_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    settings = {"proxy": value} if name == "proxy" else {}
    if name != "proxy":
        monkeypatch.setenv(name, value)
    client = ApiClient(Configuration("http://127.0.0.1:1", retries=0, **settings))
    with pytest.raises(ApiValueError, match=f"^{name}: expected the URL of a proxy"):
        client.rest.route()
