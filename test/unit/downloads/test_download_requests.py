"""What a download sends, and answers that are not the file."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, SECRET, Files, Get, chunked, left, moved, ranges
from scripted_server import HANG_UP, TOKEN, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DownloadError,
    download,
)

# What is sent.


def test_a_link_becomes_a_file_and_nothing_of_ours_is_sent(server: Server, tmp_path: Path, link: str):
    server.always(Files())
    settings = Configuration(server.url, access_token=TOKEN)
    with ApiClient(settings, "X-Key", "my-key", cookie="sid=my-cookie") as client:
        client.set_default_header("X-Tenant", "mine")
        client.user_agent = "mine/1"
        result = download(link, tmp_path / "cat.jpg", api=client)
    assert (result.path, result.status, result.bytes) == (tmp_path / "cat.jpg", "downloaded", len(DATA))
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert left(tmp_path) == ["cat.jpg"]
    sent = server.request
    assert (sent.verb, sent.target) == ("GET", f"/files/cat.jpg?sign={SECRET}")
    assert sent.headers.keys() == {"host", "accept", "accept-encoding", "user-agent"}
    assert sent.headers["accept-encoding"] == "identity"
    assert sent.headers["user-agent"].startswith("shutterstock_api/")


def test_without_a_client_the_environment_has_the_settings(
    server: Server, link: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.always(Files())
    download("http://files.localhost:1/cat.jpg", tmp_path / "a.jpg")
    assert server.request.target == "http://files.localhost:1/cat.jpg"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("ftp://host/x", "link: expected one such as"),
        ("https://", "link: expected one such as"),
        ("https://host:99999/x", "link: expected one such as"),
        (f"https://{'ü' * 64}/x", "link: expected one such as"),
        ("file:///etc/passwd", "link: expected one such as"),
        ("https://me:pw@host/x", "must not contain a user or password"),
        ("https://host/x\r\nX: y", "control characters"),
        ("http://files.example/x", "would travel unencrypted to files.example"),
    ],
)
def test_links_that_are_not_followed(source: str, message: str, get: Get, tmp_path: Path):
    with pytest.raises(ApiValueError, match=message):
        get(source)
    assert left(tmp_path) == []


@pytest.mark.parametrize("source", [5, None, b"https://host/x", {"url": "https://host/x"}])
def test_what_is_no_source(source: Any, get: Get):
    with pytest.raises(ApiTypeError, match="source: expected a link"):
        get(source)


def test_plain_http_may_be_allowed(server: Server, tmp_path: Path):
    server.always(Files())
    settings = Configuration(server.url, proxy=server.url, allow_insecure_host=True)
    with ApiClient(settings) as client:
        download("http://files.example/x", tmp_path / "x", api=client)
    assert (tmp_path / "x").read_bytes() == DATA


def test_a_proxy_gets_its_login_and_the_whole_link(server: Server, tmp_path: Path):
    server.always(Files())
    proxy = server.url.replace("//", "//user:word@")
    with ApiClient(Configuration(server.url, proxy=proxy, allow_insecure_host=True)) as client:
        download("http://files.example/x y?sign=a%2fb", tmp_path / "x", api=client)
    assert server.request.target == "http://files.example/x%20y?sign=a%2Fb"
    assert server.request.headers["proxy-authorization"] == "Basic dXNlcjp3b3Jk"


def test_a_client_certificate_is_not_for_other_hosts():
    settings = Configuration("https://a", cert_file="c.pem", key_file="k.pem", assert_hostname="a")
    settings.ssl_ca_cert = "ca.pem"
    other = settings.connection_settings().of_other_host("https://b")
    assert (other.host, other.verify_ssl, other.ssl_ca_cert) == ("https://b", True, "ca.pem")
    assert (other.cert_file, other.key_file, other.assert_hostname) == (None, None, None)
    settings.assert_hostname = False
    assert settings.connection_settings().of_other_host("https://b").assert_hostname is False


# Answers that are not the file.


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (answer(200, b""), "the file is empty"),
        (answer(204), "204 No Content"),
        (answer(206, DATA, Content_Range="bytes 0-9/10"), "206 Partial Content"),
        (answer(200, gzip.compress(DATA), Content_Encoding="gzip"), "compressed"),
        (answer(200, "<p>Log in!", Content_Type="text/html; charset=utf-8"), "a web page came"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + DATA, "does not say how long"),
        (answer(200, DATA, Transfer_Encoding="gzip, chunked"), "does not say how long"),
        (answer(200, DATA, Transfer_Encoding="xchunked"), "does not say how long"),
        (answer(404, f"no {SECRET}", X_Request_Id="r-1", X_Link=SECRET), "404 Not Found"),
        (answer(401), "401 Unauthorized"),
    ],
)
def test_what_is_no_file(given: bytes, message: str, server: Server, get: Get, tmp_path: Path):
    server.answers(given)
    with pytest.raises(DownloadError, match=message) as caught:
        get()
    assert SECRET not in f"{caught.value}{vars(caught.value)}"
    assert left(tmp_path) == []
    assert len(server.requests) == 1
    assert caught.value.request_id == ("r-1" if "404" in message else None)


def test_chunks_say_where_they_end(server: Server, get: Get, tmp_path: Path):
    server.answers(lambda request: [chunked(DATA[:1000], end=b""), HANG_UP], Files())
    get()
    assert ranges(server) == [None, "bytes=1000-"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    server.answers(chunked(DATA[:7], DATA[7:]))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_chunks_of_negative_size(server: Server, client: ApiClient, get: Get, tmp_path: Path):
    client.configuration.retries = 0
    server.answers(chunked(DATA[:1000], end=b"-4b\r\n" + DATA))
    with pytest.raises(ApiConnectionError, match="a chunk without a size"):
        get()
    assert (tmp_path / "cat.jpg.part").stat().st_size == 1000


def test_too_much_is_an_error(server: Server, get: Get, tmp_path: Path):
    def more(request: Request) -> bytes:
        span = f"bytes {request.headers['range'][6:-1]}-307199/307200"
        head, _, body = chunked(DATA, DATA).partition(b"\r\n\r\n")
        head = head.replace(b"200 OK", b"206 Rest")
        return b"%s\r\nContent-Range: %s\r\n\r\n%s" % (head, span.encode(), body)

    server.answers(Files(cuts=[200_000]), more)
    with pytest.raises(DownloadError, match="more bytes came than the 307200 that"):
        get()
    assert not (tmp_path / "cat.jpg").exists()


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_without_credentials(
    status: int, server: Server, client: ApiClient, get: Get, tmp_path: Path
):
    other = Server()
    try:
        other.always(Files())
        server.answers(moved("/files/next", status), moved(f"{other.url}/x?{SECRET}", status))
        get()
        assert other.request.headers.keys() == {"host", "accept", "accept-encoding", "user-agent"}
    finally:
        client.close()
        other.close()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert server.requests[1].target == "/files/next"


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("/files/again", "redirects more than 3 times"),
        ("", "redirects more than 3 times"),
        ("ftp://host/x", "a redirect that is not followed: link: expected"),
        ("//me:pw@host/x", "must not contain a user or password"),
        ("http://files.example/x", "would travel unencrypted to files.example"),
    ],
)
def test_redirects_that_lead_nowhere(location: str, message: str, server: Server, get: Get, tmp_path: Path):
    server.always(moved(location))
    with pytest.raises(ApiException, match=message) as caught:
        get()
    assert SECRET not in str(caught.value)
    assert left(tmp_path) == []


def test_no_redirect_leaves_https():
    from shutterstock_api.downloads.sources import parse_link
    from shutterstock_api.support.masking import Secret

    link = parse_link(Secret("https://host/x"))
    assert link.led_to(Secret("https://other:444/y?z#f")) == ("https://other:444", "/y?z")
    with pytest.raises(ApiValueError, match="from https to http"):
        link.led_to(Secret("http://127.0.0.1/x"))
