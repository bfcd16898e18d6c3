"""Downloads against servers that cut, lie, change their minds and lead elsewhere."""

from __future__ import annotations

import errno
import gzip
import io
import json
import logging
import os
import pickle
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from scripted_server import HANG_UP, TOKEN, Clock, Request, Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DestinationError,
    DownloadError,
    DownloadHistory,
    ImagesApi,
    Licence,
    LicenseImageResult,
    LicenseImageResultDataList,
    Progress,
    Url,
    download,
    download_many,
)
from shutterstock_api.downloads import part_file
from shutterstock_api.downloads.part_file import PartFile, Version

DATA = bytes(range(256)) * 1200  # 300 KiB: two pieces
SECRET = "signature-of-the-link"
OLD = {"Last_Modified": "Wed, 01 Jan 2020 00:00:00 GMT", "Date": "Fri, 01 Jan 2021 00:00:00 GMT"}

can_lock = pytest.mark.skipif(os.name == "nt", reason="no such locks here")


class Files:
    """A file behind a link, with ranges. `cuts`: after how many bytes of the file each answer ends."""

    def __init__(self, data: bytes = DATA, cuts: Iterable[int] = (), **headers: str) -> None:
        self.data = data
        self.cuts = iter(cuts)
        self.headers = headers or {"ETag": '"one"'}

    def __call__(self, request: Request) -> list[bytes]:
        validators = {self.headers.get("ETag"), self.headers.get("Last_Modified")}
        found = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        start = int(found[1]) if found and request.headers.get("if-range") in validators else 0
        end = next(self.cuts, len(self.data))
        headers = dict(self.headers)
        if start:
            headers["Content_Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
        whole = answer(206 if start else 200, self.data[start:], **headers)
        head = len(whole) - (len(self.data) - start)
        return [whole] if end >= len(self.data) else [whole[: head + max(0, end - start)], HANG_UP]


Get = Callable[..., Any]


@pytest.fixture
def link(server: Server) -> str:
    return f"{server.url}/files/cat.jpg?sign={SECRET}"


@pytest.fixture
def get(client: ApiClient, link: str, tmp_path: Path) -> Get:
    """Download the link to `cat.jpg`."""

    def call(source: Any = link, destination: Any = tmp_path / "cat.jpg", **options: Any) -> Any:
        return download(source, destination, api=client, **options)

    return call


def ranges(server: Server) -> list[str | None]:
    return [request.headers.get("range") for request in server.requests]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


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
        ("https://me:pw@host/x", "must not hold user and password"),
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
    assert settings.connection_settings("https://b")[:6] == ("https://b", True, "ca.pem", None, None, None)
    settings.assert_hostname = False
    assert settings.connection_settings("https://b")[5] is False


# Cut, resumed, changed.


@pytest.mark.parametrize("position", [0, 1, 2**18 - 1, 2**18, 2**18 + 1, len(DATA) - 1])
def test_a_cut_at_any_byte_is_resumed(position: int, server: Server, get: Get, tmp_path: Path):
    server.always(Files(cuts=[position]))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert left(tmp_path) == ["cat.jpg"]
    first, second = server.requests
    if position:
        assert second.headers["range"] == f"bytes={position}-"
        assert second.headers["if-range"] == '"one"'
    assert "range" not in first.headers


def test_a_date_resumes_where_it_is_old_enough(server: Server, get: Get, tmp_path: Path):
    server.always(Files(cuts=[200_000], **OLD))
    get()
    assert server.requests[1].headers["if-range"] == OLD["Last_Modified"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": 'W/"weak"'},
        {"ETag": "unquoted"},
        {"Last_Modified": OLD["Last_Modified"], "Date": OLD["Last_Modified"]},
        {"Last_Modified": "yesterday", "Date": OLD["Date"]},
        {"X": "nothing"},
    ],
)
def test_without_a_strong_validator_it_starts_over(
    headers: dict[str, str], server: Server, get: Get, tmp_path: Path
):
    server.always(Files(cuts=[200_000], **headers))
    get()
    assert ranges(server) == [None, None]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_what_cannot_be_resumed_is_not_kept(server: Server, get: Get, tmp_path: Path):
    server.always(Files(cuts=[200_000] * 9, X="no validator"))
    with pytest.raises(ApiConnectionError):
        get()
    assert left(tmp_path) == []


def test_another_version_starts_over(server: Server, get: Get, tmp_path: Path):
    other = DATA[::-1] + b"longer"
    server.answers(Files(cuts=[200_000]), Files(other, ETag='"two"'))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == other


def rest_of(status: int = 206, **headers: str) -> Callable[[Request], bytes]:
    """Answer a range with headers of one's own; `{}` stands for where it starts."""

    def answered(request: Request) -> bytes:
        start = int(request.headers["range"][6:-1])
        fields = {name: value.format(start, len(DATA)) for name, value in headers.items()}
        return answer(status, b"x" * (len(DATA) - start), **fields)

    return answered


@pytest.mark.parametrize(
    "lie",
    [
        rest_of(ETag='"two"', Content_Range="bytes {}-307199/{}"),
        rest_of(Content_Range="bytes {}-307199/{}"),
        rest_of(ETag='"one"'),
        rest_of(ETag='"one"', Content_Range="bytes 7-307199/{1}"),
        rest_of(ETag='"one"', Content_Range="bytes {}-307199/400000"),
        rest_of(ETag='"one"', Content_Range="bytes {}-307199/*"),
        rest_of(ETag='"one"', Content_Range="bytes {}-307200/{}"),
        rest_of(ETag='"one"', Content_Range="bytes {}-250000/{}"),
        rest_of(416, Content_Range="bytes */5"),
    ],
)
def test_an_answer_that_proves_nothing_starts_over(lie: Any, server: Server, get: Get, tmp_path: Path):
    server.answers(Files(cuts=[200_000]), lie, Files())
    get()
    assert ranges(server)[1] is not None
    assert ranges(server)[2] is None
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_range_may_end_early(server: Server, get: Get, tmp_path: Path):
    def half(request: Request) -> bytes:
        start = int(request.headers["range"][6:-1])
        span = f"bytes {start}-{start + 49_999}/{len(DATA)}"
        return answer(206, DATA[start : start + 50_000], ETag='"one"', Content_Range=span)

    server.answers(Files(cuts=[200_000]), half, Files())
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert len(server.requests) == 3


def test_retries_are_counted_and_the_part_is_left(
    server: Server, client: ApiClient, clock: Clock, get: Get, tmp_path: Path
):
    server.always(Files(cuts=[200_000] * 9))
    with pytest.raises(ApiConnectionError, match=r"Tried 3 times") as caught:
        get()
    assert len(server.requests) == 3
    assert sum(clock.sleeps) == 1.5
    assert left(tmp_path) == ["cat.jpg.part", "cat.jpg.part.json"]
    assert caught.value.path == f"{server.url}/***"
    client.configuration.retries = 0
    server.always(Files())
    get()  # another call goes on
    assert ranges(server)[-1] is not None
    assert left(tmp_path) == ["cat.jpg"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_progress_earns_more_retries(server: Server, get: Get, tmp_path: Path):
    data = os.urandom(2**20) * 6
    cuts = [i * (2**20 + 70_000) for i in range(1, 6)]
    server.always(Files(data, cuts))
    get()
    assert len(server.requests) == 6  # although two retries are allowed
    assert (tmp_path / "cat.jpg").read_bytes() == data


def test_starting_over_is_no_progress(server: Server, get: Get):
    server.always(Files(bytes(2**22), [2**21, 2**19] * 50, X="no validator"))
    with pytest.raises(ApiConnectionError):
        get()
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_be_better_next_time(status: int, server: Server, get: Get, clock: Clock, tmp_path: Path):
    server.answers(answer(status, Retry_After=3), Files())
    get()
    assert sum(clock.sleeps) == 3
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_wait_that_is_too_long(server: Server, get: Get, clock: Clock):
    server.always(answer(503, Retry_After=100_000))
    with pytest.raises(DownloadError, match="503 Service Unavailable"):
        get()
    assert clock.sleeps == []


def test_the_deadline_bounds_a_file(server: Server, client: ApiClient, clock: Clock, get: Get):
    client.configuration.retries, client.configuration.deadline = 99, 5
    server.always(answer(503, Retry_After=2))
    with pytest.raises(DownloadError):
        get()
    assert sum(clock.sleeps) == 4


def test_a_silent_server(server: Server, client: ApiClient, get: Get):
    client.configuration.timeout, client.configuration.retries = 0.05, 0
    server.always(server.hang)
    with pytest.raises(ApiTimeoutError):
        get()


def test_nobody_is_there(refusing: str, get: Get, server: Server):
    with pytest.raises(ApiConnectionError, match=rf"GET {refusing}/\*\*\*: Failed to establish"):
        get(f"{refusing}/x?sign={SECRET}")


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


def chunked(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return b'HTTP/1.1 200 OK\r\nETag: "one"\r\nTransfer-Encoding: chunked\r\n\r\n' + body + end


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
    with pytest.raises(DownloadError, match="more than the 307200 bytes"):
        get()
    assert not (tmp_path / "cat.jpg").exists()


# Redirects.


def moved(location: str, status: int = 302) -> bytes:
    return answer(status, Location=location)


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
        ("//me:pw@host/x", "must not hold user and password"),
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
    from shutterstock_api.downloads.sources import parsed
    from shutterstock_api.support.masking import Secret

    link = parsed(Secret("https://host/x"))
    assert link.led_to(Secret("https://other:444/y?z#f")) == ("https://other:444", "/y?z")
    with pytest.raises(ApiValueError, match="from https to http"):
        link.led_to(Secret("http://127.0.0.1/x"))


# Links that are too old, and sources without one.


@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize("with_licence", [True, False])
def test_a_link_that_is_too_old(
    status: int, with_licence: bool, server: Server, link: str, get: Get, tmp_path: Path
):
    def answered(request: Request) -> Any:
        if request.verb == "POST":
            assert request.path == "/v2/images/licenses/i1/downloads"
            assert request.json == {"size": "huge"}
            assert request.headers["authorization"] == f"Bearer {TOKEN}"
            return answer(200, {"url": f"{server.url}/fresh"})
        return Files()(request) if request.path == "/fresh" else answer(status)

    server.always(answered)
    source: Any = link
    if with_licence:
        source = LicenseImageResult(image_id="7", license_id="i1", download=Url(url=link))
        get(source, size="huge")
        assert (tmp_path / "cat.jpg").read_bytes() == DATA
        return
    with pytest.raises(DownloadError, match="it is good for 8 hours. Give a licence"):
        get(source)


def test_a_renewed_link_goes_on_where_the_old_one_ended(server: Server, link: str, get: Get, tmp_path: Path):
    fresh = answer(200, {"url": f"{server.url}/fresh?other"})
    server.answers(Files(cuts=[200_000]), answer(403), fresh, Files())
    get(LicenseImageResult(image_id="7", license_id="i1", download=Url(url=link)))
    assert ranges(server)[1] is not None
    assert ranges(server)[3] == ranges(server)[1]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_link_is_renewed_once(server: Server, get: Get):
    server.answers(
        answer(200, {"url": f"{server.url}/a"}),
        answer(403),
        answer(200, {"url": f"{server.url}/b"}),
        answer(403),
    )
    with pytest.raises(DownloadError, match=r"\(licence i1\): 403 Forbidden") as caught:
        get(Licence("i1"))
    assert (caught.value.license_id, caught.value.image_id) == ("i1", None)
    assert len(server.requests) == 4


def test_no_link_can_be_had(server: Server, get: Get, tmp_path: Path):
    server.answers(answer(404, {"message": "no such licence"}))
    with pytest.raises(shutterstock_api.NotFoundError, match="no such licence"):
        get("i1")
    server.answers(answer(200, {"url": ""}))
    with pytest.raises(DownloadError, match="the service gave no link"):
        get("i1")
    with pytest.raises(DownloadError, match=r"licence i1: there is no link yet\n  Give api="):
        download("i1", tmp_path / "x")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (LicenseImageResult(image_id="7", license_id="i1"), "7.jpg"),
        (
            DownloadHistory.from_dict(
                {"id": "i1", "image": {"id": "7", "format": {"format": "eps", "size": "vector"}}}
            ),
            "7.eps",
        ),
        (Licence("i1", size="vector", image_id="../7"), "__7.eps"),
        ("i1", "i1.jpg"),
    ],
)
def test_sources_and_their_names(source: Any, name: str, server: Server, client: ApiClient, tmp_path: Path):
    server.answers(answer(200, {"url": f"{server.url}/fresh.tif"}), Files())
    assert download(source, tmp_path, api=ImagesApi(client)).path == tmp_path / name
    assert server.requests[0].path == "/v2/images/licenses/i1/downloads"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (LicenseImageResult(image_id="7", error="Image not found"), "image 7: Image not found"),
        (LicenseImageResult(image_id="7"), "image 7: it has no link and no licence"),
        (DownloadHistory(id="i1", is_downloadable=False), "licence i1: it cannot be downloaded again"),
        (DownloadHistory(), "source: it has no licence id"),
        (Licence(""), "source: it has no licence id"),
    ],
)
def test_sources_without_a_file(source: Any, message: str, server: Server, get: Get):
    with pytest.raises(ApiException, match=message):
        get(source)
    assert server.requests == []


# Where it goes.


def test_a_folder_takes_the_name_of_the_link(server: Server, link: str, get: Get, tmp_path: Path):
    server.always(Files())
    assert get(link, str(tmp_path / "new") + "/").path == tmp_path / "new" / "cat.jpg"
    assert get(link, tmp_path, name="{name}-{size}.x", size="huge").path == tmp_path / "cat.jpg-huge.x"
    with pytest.raises(ApiValueError, match="the source does not say its image_id"):
        get(link, tmp_path, name="{image_id}.jpg")
    with pytest.raises(ApiValueError, match="name: it is for a folder"):
        get(link, tmp_path / "x.jpg", name="{name}")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("destination", "kind", "message"),
    [
        (5, ApiTypeError, "destination: expected a path or a binary file object"),
        (b"x", ApiTypeError, "expected a path as str"),
        ("s3://bucket/x.jpg", ApiValueError, "a URL is no path; open it first"),
        (io.StringIO(), ApiTypeError, "a file for text"),
    ],
)
def test_what_is_no_destination(destination: Any, kind: type, message: str, get: Get, link: str):
    with pytest.raises(kind, match=message):
        get(link, destination)


def test_an_existing_file_stays_where_it_is_wanted(server: Server, get: Get, tmp_path: Path):
    server.always(Files())
    (tmp_path / "cat.jpg").write_bytes(b"mine")
    result = get(overwrite=False)
    assert (result.status, result.bytes, server.requests) == ("skipped", 4, [])
    assert get().status == "downloaded"
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_links_in_the_folder_lead_nobody_away(server: Server, get: Get, tmp_path: Path):
    server.always(Files())
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "cat.jpg.part").symlink_to(victim)
    with pytest.raises(DestinationError) as caught:
        get()
    assert caught.value.errno == errno.ELOOP
    (tmp_path / "cat.jpg.part").unlink()
    (tmp_path / "cat.jpg").symlink_to(victim)
    get()
    assert victim.read_bytes() == b"precious"
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert not (tmp_path / "cat.jpg").is_symlink()


def test_a_part_is_never_written_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(part_file, "_FLAGS", os.O_RDWR | os.O_CREAT)  # as on a system that has no such flag
    (tmp_path / "x.part").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="not a regular file"):
        PartFile(tmp_path / "x", lambda: "x", lambda: 0)


def test_a_folder_of_that_name(server: Server, get: Get, client: ApiClient, tmp_path: Path, link: str):
    server.always(Files())
    (tmp_path / "cat.jpg").mkdir()
    [failed] = download_many([link], tmp_path, api=client).failed
    assert isinstance(failed.error, DestinationError)
    (tmp_path / "pipe.part").mkdir()
    with pytest.raises(OSError, match="pipe.part"):
        get(link, tmp_path / "pipe")
    assert len(server.requests) == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such things here")
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_device_is_not_replaced(overwrite: bool, server: Server, get: Get, tmp_path: Path, link: str):
    os.mkfifo(tmp_path / "null")
    with pytest.raises(DestinationError, match="not a regular file"):
        get(link, tmp_path / "null", overwrite=overwrite)
    assert left(tmp_path) == ["null"]
    assert server.requests == []


@pytest.mark.skipif(os.name == "nt", reason="no folder is synced here")
@pytest.mark.parametrize("problem", [errno.EINVAL, errno.EIO])
def test_a_file_system_that_cannot_sync_a_folder(
    problem: int, server: Server, get: Get, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    plain = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(problem, os.strerror(problem))
        plain(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    server.always(Files())
    if problem == errno.EINVAL:
        get()
    else:
        with pytest.raises(DestinationError):
            get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@can_lock
def test_two_downloads_of_one_file(server: Server, get: Get, tmp_path: Path):
    server.always(Files())
    part = PartFile(tmp_path / "cat.jpg", lambda: "x", lambda: 0)
    with pytest.raises(DestinationError, match="another download is writing this file"):
        get()
    part.begin(Version(None, "", None))
    part.write(b"abc")
    part.finish()
    assert (tmp_path / "cat.jpg").read_bytes() == b"abc"
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.skipif(os.name == "nt", reason="no open file is renamed here")
def test_a_part_that_was_finished_while_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plain = part_file._lock

    def lock(descriptor: int, path: str) -> None:
        if not (tmp_path / "x").exists():
            os.rename(path, tmp_path / "x")
        plain(descriptor, path)

    monkeypatch.setattr(part_file, "_lock", lock)
    part = PartFile(tmp_path / "x", lambda: "x", lambda: 0)
    part.begin(Version(None, "", None))
    part.write(b"ours")
    assert (tmp_path / "x").read_bytes() == b""
    part.close()
    assert left(tmp_path) == ["x"]


def interrupted(path: Path, identity: str, saved: bytes = DATA[:200_000]) -> None:
    part = PartFile(path, lambda: identity, lambda: 0)
    part.begin(Version("ETag", '"one"', len(DATA)))
    part.write(saved)
    part.close()


def identity_of(link: str) -> str:
    from shutterstock_api.downloads.sources import known

    return known(link).identity()


def test_a_part_of_something_else_is_not_used(server: Server, get: Get, link: str, tmp_path: Path):
    server.always(Files())
    interrupted(tmp_path / "cat.jpg", "something else")
    get()
    assert ranges(server) == [None]
    for note in (b"", b"{}", b'[["x"]]'):
        interrupted(tmp_path / "cat.jpg", identity_of(link))
        (tmp_path / "cat.jpg.part.json").write_bytes(note)
        get()
    assert ranges(server) == [None] * 4
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    os.truncate(tmp_path / "cat.jpg.part", 100)  # less than the note says
    get()
    assert ranges(server) == [None] * 5
    assert left(tmp_path) == ["cat.jpg"]


def test_bytes_that_were_not_safe_yet_are_fetched_again(server: Server, get: Get, link: str, tmp_path: Path):
    server.always(Files())
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    with (tmp_path / "cat.jpg.part").open("ab") as file:
        file.write(b"zeros of a power failure" * 9999)
    get()
    assert ranges(server) == ["bytes=200000-"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_part_of_something_else_outlives_a_bad_link(server: Server, get: Get, link: str, tmp_path: Path):
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    server.answers(answer(404), Files())
    with pytest.raises(DownloadError):
        get(f"{server.url}/wrong")
    get()
    assert ranges(server) == [None, "bytes=200000-"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_note_cannot_smuggle_a_header(server: Server, get: Get, link: str, tmp_path: Path):
    server.always(Files())
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    note = tmp_path / "cat.jpg.part.json"
    note.write_bytes(note.read_bytes().replace(b"one", b"one\\r\\nCookie: x"))
    get()
    assert ranges(server) == [None]
    assert "cookie" not in server.request.headers
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_note_that_another_download_removed(tmp_path: Path):
    part = PartFile(tmp_path / "x", lambda: "x", iter(range(0, 99, 10)).__next__)
    for data in (b"old", b"new"):
        part.begin(Version("ETag", '"one"', None))
        part.write(data)
        (tmp_path / "x.part.json").unlink()  # by one that has just finished
    part.finish()
    assert (tmp_path / "x").read_bytes() == b"new"


def test_a_part_that_lacks_only_its_name(server: Server, get: Get, link: str, tmp_path: Path):
    interrupted(tmp_path / "cat.jpg", identity_of(link), DATA)
    get()
    assert server.requests == []
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert left(tmp_path) == ["cat.jpg"]


def test_the_note_shows_no_link(link: str, tmp_path: Path):
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    note = (tmp_path / "cat.jpg.part.json").read_text()
    assert json.loads(note)[2] == 200_000
    assert SECRET not in note
    assert "cat" not in note


def test_the_file_is_safe_before_it_has_its_name(
    server: Server, client: ApiClient, get: Get, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    steps: list[str] = []
    sync, rename = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append("fsync"), sync(fd))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (steps.append("rename"), rename(a, b))[1])
    server.always(Files())
    download_many([f"{server.url}/{n}" for n in range(3)], tmp_path, api=client, workers=1)
    assert steps == ["fsync", "rename"] * 3 + ([] if os.name == "nt" else ["fsync"])
    steps.clear()
    get()
    assert steps == (["fsync", "rename"] if os.name == "nt" else ["fsync", "rename", "fsync"])


# File objects.


class Pipe(io.RawIOBase):
    """A file object that only goes forward, and takes little at a time."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.data += bytes(piece[:10_000])
        return min(len(piece), 10_000)


def test_file_objects(server: Server, link: str, get: Get, tmp_path: Path):
    server.always(Files())
    with (tmp_path / "x").open("w+b") as file:
        file.write(b"head")
        result = get(link, file)
        assert (result.path, result.bytes) == (None, len(DATA))
    assert (tmp_path / "x").read_bytes() == b"head" + DATA
    pipe = Pipe()
    get(link, pipe)
    assert pipe.data == DATA
    assert not pipe.closed


def test_a_file_object_is_resumed_or_starts_over(server: Server, link: str, get: Get):
    pipe, memory = Pipe(), io.BytesIO()
    server.always(Files(cuts=[200_000]))
    get(link, pipe)
    assert pipe.data == DATA
    server.always(Files(cuts=[200_000], X="no validator"))
    get(link, memory)
    assert memory.getvalue() == DATA
    server.always(Files(cuts=[200_000], X="no validator"))
    with pytest.raises(DestinationError, match="cannot be taken back"):
        get(link, Pipe())


class Full(io.BytesIO):
    def write(self, piece: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_file_object(server: Server, link: str, get: Get):
    server.always(Files())
    with pytest.raises(OSError, match="No space left") as caught:
        get(link, Full())
    assert isinstance(caught.value, DestinationError)
    assert caught.value.errno == errno.ENOSPC
    assert pickle.loads(pickle.dumps(caught.value)).errno == errno.ENOSPC


# Many.


def test_many_files(server: Server, client: ApiClient, tmp_path: Path):
    def answered(request: Request) -> bytes:
        number = int(request.path.rpartition("/")[2])
        return answer(200, b"%d" % number * 5000, ETag='"x"') if number % 10 else answer(404)

    server.always(answered)
    sources = [f"{server.url}/{number}" for number in range(100)]
    report = download_many(sources, tmp_path / "a" / "b", api=client)
    assert [file.source for file in report.files] == sources
    assert [file.status for file in report.files] == [
        "downloaded" if i % 10 else "failed" for i in range(100)
    ]
    assert (len(report.downloaded), len(report.skipped), len(report.failed)) == (90, 0, 10)
    assert report.bytes == sum(len(str(i)) * 5000 for i in range(100) if i % 10)
    for number in range(1, 10):
        assert (tmp_path / "a" / "b" / str(number)).read_bytes() == b"%d" % number * 5000
    assert len(left(tmp_path / "a" / "b")) == 90
    assert str(report).startswith("90 downloaded, 0 skipped, 10 failed\n  GET http")
    assert SECRET not in repr(report)
    with pytest.raises(DownloadError, match="90 downloaded"):
        report.raise_for_failures()
    assert pickle.loads(pickle.dumps(report)).files[1] == report.files[1]

    server.always(lambda request: answer(200, b"now"))
    again = download_many(sources, tmp_path / "a" / "b", api=client)
    assert (len(again.downloaded), len(again.skipped), len(again.failed)) == (10, 90, 0)
    again.raise_for_failures()
    assert download_many([], tmp_path, api=client).files == []


def test_workers_work_at_the_same_time(server: Server, client: ApiClient, tmp_path: Path):
    together = threading.Barrier(8, timeout=10)

    def answered(request: Request) -> bytes:
        together.wait()
        return answer(200, DATA)

    server.always(answered)
    report = download_many([f"{server.url}/{n}" for n in range(16)], tmp_path, api=client)
    assert len(report.downloaded) == 16
    assert server.connections == 8
    assert not [thread for thread in threading.enumerate() if "download" in thread.name]


def test_no_worker_waits_for_a_connection(server: Server, client: ApiClient, tmp_path: Path):
    client.configuration.connection_pool_maxsize = 2
    threads: set[int] = set()
    server.always(Files())

    def note(now: Progress) -> None:
        threads.add(threading.get_ident())

    links = [f"{server.url}/{n}" for n in range(20)]
    assert len(download_many(links, tmp_path, api=client, workers=8, progress=note).downloaded) == 20
    assert len(threads) <= 2


class Keeper:
    """A file object that keeps what it gets."""

    def __init__(self) -> None:
        self.pieces: list[Any] = []

    def write(self, piece: Any) -> None:
        self.pieces.append(piece)


def test_a_file_object_may_keep_its_pieces(server: Server, link: str, get: Get):
    data = os.urandom(len(DATA))
    server.always(Files(data))
    keeper = Keeper()
    get(link, keeper)
    assert b"".join(keeper.pieces) == data


def test_connections_of_errors_and_redirects_are_used_again(server: Server, get: Get):
    server.answers(answer(503, b"later"), moved("/x"), answer(416, b"no"), Files())
    with pytest.raises(DownloadError):
        get()
    get()
    assert server.connections == 1


def test_bad_sources_stand_in_the_report(server: Server, client: ApiClient, tmp_path: Path):
    server.always(Files())
    sources: list[Any] = [
        f"{server.url}/a.jpg",
        5,
        "ftp://x/y",
        f"{server.url}/other/A.jpg",
        LicenseImageResult(image_id="1", error="Image not found"),
        "http://files.example/z.jpg",
    ]
    report = download_many(sources, tmp_path, api=client)
    assert [file.status for file in report.files] == ["downloaded", *["failed"] * 5]
    words = [str(file.error) for file in report.failed]
    assert "source: expected" in words[0]
    assert "link: expected" in words[1]
    assert words[2].startswith("name: 'A.jpg' is taken by source 0; give a template")
    assert "Image not found" in words[3]
    assert "unencrypted" in words[4]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sources": "https://x"}, "sources: expected a list"),
        ({"sources": 5}, "sources: expected a list .*, got int$"),
        (
            {"sources": LicenseImageResultDataList()},
            "sources: expected a list .*, got LicenseImageResultDataList; give its data",
        ),
        ({"workers": 0}, "workers: expected a number from 1"),
        ({"workers": True}, "workers: expected"),
        ({"name": "{nam}"}, "unknown field 'nam'"),
        ({"progress": "yes"}, "progress: expected True, False or a function"),
        ({"directory": "s3://bucket"}, "a URL is no path"),
        ({"directory": "a\0b"}, "destination: no path holds a null character"),
        ({"api": "token"}, "api: expected an ImagesApi or ApiClient, got str"),
    ],
)
def test_arguments_that_are_wrong(arguments: dict[str, Any], message: str, tmp_path: Path):
    given: Any = {"sources": [], "directory": tmp_path / "x", **arguments}
    with pytest.raises(ApiException, match=message):
        download_many(**given)


def test_a_full_disk_ends_the_run(
    server: Server, client: ApiClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    server.always(Files())
    plain = PartFile.write

    def write(part: PartFile, piece: bytes) -> None:
        if part.path.endswith("2"):
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(part, piece)

    monkeypatch.setattr(PartFile, "write", write)
    report = download_many([f"{server.url}/{n}" for n in range(5)], tmp_path, api=client, workers=1)
    assert [file.status for file in report.files] == ["downloaded"] * 2 + ["failed"] * 3
    assert all(isinstance(file.error, DestinationError) for file in report.failed)
    assert len(server.requests) == 3


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_nobody_may_write(server: Server, client: ApiClient, tmp_path: Path):
    tmp_path.chmod(0o500)
    try:
        report = download_many([f"{server.url}/{n}" for n in range(3)], tmp_path, api=client)
    finally:
        tmp_path.chmod(0o700)
    assert [file.error.errno for file in report.failed] == [errno.EACCES] * 3


def test_a_folder_that_cannot_be_made(client: ApiClient, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DestinationError):
        download_many([], tmp_path / "file" / "folder", api=client)


# Progress.


def test_progress_of_a_file_that_starts_over(server: Server, link: str, get: Get):
    seen: list[Progress] = []
    server.always(Files(cuts=[200_000], X="no validator"))
    get(progress=seen.append)
    assert seen[-1] == Progress(len(DATA), len(DATA), 1, 1)
    assert max(now.bytes for now in seen) == len(DATA)
    assert len(seen) > 4


def test_progress_of_many(server: Server, client: ApiClient, tmp_path: Path):
    seen: list[Progress] = []
    server.always(Files())
    (tmp_path / "0").write_bytes(b"there")
    download_many([f"{server.url}/{n}" for n in range(3)], tmp_path, api=client, progress=seen.append)
    total = 2 * len(DATA) + 5
    assert seen[-1] == Progress(total, total, 3, 3)


def test_a_bar_shows_where_there_is_a_terminal(
    server: Server,
    get: Get,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    server.always(Files())
    get(progress=True)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    get(progress=True)
    assert "1/1 files" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ApiException, match=r"tqdm, which is not installed\n  pip install"):
        get(progress=True)


def test_a_bar_shows_in_a_notebook(
    server: Server, get: Get, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    server.always(Files())
    monkeypatch.setitem(sys.modules, "ipykernel", None)  # its streams are no terminals
    get(progress=True)
    assert "1/1 files" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="no such terminals here")
def test_a_bar_in_a_real_terminal_and_in_no_log(server: Server, link: str, tmp_path: Path):
    code = """
import logging, sys, shutterstock_api
logging.basicConfig(stream=sys.stdout, level=logging.DEBUG)
shutterstock_api.download_many(sys.argv[1:2], sys.argv[2], progress=True)
"""
    import fcntl
    import struct
    import termios

    server.always(Files())
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    done = subprocess.run(
        [sys.executable, "-c", code, link, tmp_path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=20,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 2**16)
    os.close(ours)
    assert b"1/1 files: 100%" in shown
    assert b"GET " in done.stdout
    assert b"files:" not in done.stdout
    assert SECRET.encode() not in done.stdout + shown


def test_what_a_function_for_progress_raises_ends_the_run(server: Server, client: ApiClient, tmp_path: Path):
    def enough(now: Progress) -> None:
        if now.files >= 2:
            raise ZeroDivisionError

    server.always(Files())
    with pytest.raises(ZeroDivisionError):
        download_many(
            [f"{server.url}/{n}" for n in range(50)], tmp_path, api=client, progress=enough, workers=2
        )
    assert len(server.requests) < 8


# Secrets.


def test_no_log_error_or_traceback_shows_a_link(
    server: Server, link: str, client: ApiClient, caplog: pytest.LogCaptureFixture, tmp_path: Path
):
    caplog.set_level(logging.DEBUG)
    client.configuration.timeout = 0.05
    server.answers(Files(cuts=[200_000]), answer(503), server.hang)
    for call in (
        lambda: download(link, tmp_path / "x", api=client),
        lambda: download_many([link], tmp_path, api=client).raise_for_failures(),
        lambda: download(link + "\n", tmp_path / "x"),
    ):
        with pytest.raises(ApiException) as caught:
            call()
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        ours = [frame for frame in shown.stack if "shutterstock_api" in frame.filename]
        assert ours
        for frame in ours:
            assert SECRET not in str(frame.locals), frame.name
        assert SECRET not in f"{caught.value}{caught.value!r}{vars(caught.value)}"
    assert "urllib3" in caplog.text
    assert SECRET not in caplog.text
    assert "/files/" not in caplog.text


# Processes.

PROGRAM = """
import sys, shutterstock_api
from shutterstock_api import *
from shutterstock_api.calls.retry import Timing
client = ApiClient(Configuration(timeout=(5, 30)))
ticks = iter(range(0, 10**9, 10))
client.timing = Timing(monotonic=lambda: next(ticks), sleep=lambda _: None)  # what is written is safe at once
print("ready", flush=True)
try:
    if sys.argv[3] == "one":
        shutterstock_api.download(sys.argv[1], sys.argv[2], api=client)
    else:
        shutterstock_api.download_many([sys.argv[1]], sys.argv[2], api=client)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def saved_in(note: Path) -> int:
    """Return how many bytes a note speaks of."""
    with suppress(OSError, msgspec.DecodeError):
        return int(msgspec.json.decode(note.read_bytes())[-1])
    return 0


@pytest.mark.skipif(os.name == "nt", reason="no such signals here")
@pytest.mark.parametrize(
    ("number", "how"), [(signal.SIGKILL, "one"), (signal.SIGINT, "one"), (signal.SIGINT, "many")]
)
def test_killed_and_resumed_by_another_process(
    number: signal.Signals, how: str, server: Server, link: str, get: Get, tmp_path: Path
):
    large = DATA * 4

    def slow(request: Request) -> Iterable[bytes]:
        yield answer(200, large, ETag='"one"')[: -len(large)] + large[:600_000]
        server.closing.wait(20)

    server.answers(slow)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    target = tmp_path / "cat.jpg"
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, link, target if how == "one" else tmp_path, how],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        note = tmp_path / "cat.jpg.part.json"
        until = time.monotonic() + 20
        while saved_in(note) < 500_000 and time.monotonic() < until:
            time.sleep(0.01)
        saved = saved_in(note)
        started = time.monotonic()
        child.send_signal(number)
        out, err = child.communicate(timeout=20)
    assert time.monotonic() - started < 10  # the server stays silent for longer
    assert (out, err) == ("ready\n" if number == signal.SIGKILL else "ready\ninterrupted\n", "")
    assert left(tmp_path) == ["cat.jpg.part", "cat.jpg.part.json"]
    server.answers(Files(large))
    get()
    assert ranges(server) == [None, f"bytes={saved}-"]
    assert target.read_bytes() == large
    assert left(tmp_path) == ["cat.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="no such limit here")
def test_a_file_that_may_not_grow(server: Server, link: str, tmp_path: Path):
    code = """
import resource, sys, shutterstock_api
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
report = shutterstock_api.download_many(sys.argv[1:3], sys.argv[3], workers=1)
print([(file.status, file.error.errno if file.error else None) for file in report.files])
"""
    server.answers(Files(), Files(b"small"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", code, link, f"{server.url}/small.jpg", tmp_path],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout == f"[('failed', {errno.EFBIG}), ('downloaded', None)]\n"
    assert (tmp_path / "small.jpg").read_bytes() == b"small"


# The life of a client.


def test_connections_are_kept_and_closed_with_the_client(
    server: Server, link: str, get: Get, client: ApiClient
):
    server.always(Files())
    get()
    get()
    assert server.connections == 1
    client.close()
    get()
    assert server.connections == 2
    assert pickle.loads(pickle.dumps(client))._others == {}


def test_connections_to_many_hosts_are_not_kept(client: ApiClient):
    first = client.host_of("http://127.0.0.1:1")
    assert client.host_of("http://127.0.0.1:1") is first
    for port in range(2, 30):
        client.host_of(f"http://127.0.0.1:{port}")
    assert len(client._others) == 8
    assert client.host_of("http://127.0.0.1:1") is not first


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_opens_connections_of_its_own(server: Server, link: str, get: Get, tmp_path: Path):
    server.always(Files())
    get()
    child = os.fork()
    if not child:
        try:
            get(link, tmp_path / "child.jpg")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert (tmp_path / "child.jpg").read_bytes() == DATA
    assert server.connections == 2


def test_a_cut_reaches_a_socket_that_is_used_later():
    from shutterstock_api.transport.interruption import Cut

    cut = Cut()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        cut()
        cut.watch(ours)
        assert theirs.recv(1) == b""


@pytest.mark.parametrize("inside", [True, False])
def test_a_cut_spares_connections_that_others_use_by_now(
    client: ApiClient, server: Server, tmp_path: Path, inside: bool
):
    from shutterstock_api.transport.interruption import Cut, cuttable

    api, cut = ImagesApi(client), Cut()
    server.always(answer(200, {"data": []}))
    with cuttable(cut):
        api.get_image_license_list()
        if inside:
            cut()
    if not inside:
        cut()
    api.license_images({"images": []}, _preload_content=False).read()
    assert (len(server.requests), server.connections) == (2, 1)
