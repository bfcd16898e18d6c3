"""What comes is of the kind that was asked for: no page, text or error is saved as a picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, JPEG, TIFF, Files, Get, chunked, identity_of, interrupted, left, ranges
from scripted_server import HANG_UP, Server, answer

from shutterstock_api import ApiClient, DownloadError, DownloadHistory, Licence, download, download_many
from shutterstock_api.downloads.verification import BEGINNING, kind_problem

PAGES = {
    "HTML": (b"<!doctype html><html>log in</html>", "a web page"),
    "HTML in capitals": (b"\n\n  <!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>\n<HTML>", "a web page"),
    "HTML with a byte order mark": (b"\xef\xbb\xbf<html lang=en>", "a web page"),
    "HTML in UTF-16": ("<html>log in</html>".encode("utf-16"), "a web page"),
    "HTML in UTF-16 without a mark": ("<html>log in</html>".encode("utf-16-be"), "a web page"),
    "HTML after a comment": (b"<!-- " + b"x" * 200 + b" -->\n<html>", "a web page"),
    "XHTML": (
        b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>',
        "a web page",
    ),
    "a part of a page": (b"<head><title>503</title></head>", "a web page"),
    "XML of S3": (b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "XML"),
    "XML without a declaration": (b"<Error><Code>ExpiredToken</Code></Error>", "XML"),
    "JSON": (b'{"message": "expired"}', "JSON"),
    "a JSON list": (b' [{"code": 403}]', "JSON"),
    "text": (b"Request has expired\n", "text"),
    "text in Latin-1": ("Der Link ist abgelaufen: ungültig".encode("latin-1"), "text"),
    "text in UTF-16": ("リンクの有効期限が切れています".encode("utf-16"), "text"),
    "text beyond ASCII": ("リンクの有効期限が切れています".encode(), "text"),
    "a long text": (b"no such file\n" * 5000, "text"),
}
TYPES = [None, "image/jpeg", "text/plain", "application/octet-stream", "application/json", '"text/html"']


def page(body: bytes, kind: str | None) -> bytes:
    return answer(200, body, **({"Content_Type": kind} if kind else {}))


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_picture(name: str, kind: str | None, server: Server, get: Get, tmp_path: Path):
    body, words = PAGES[name]
    server.answers(page(body, kind))
    with pytest.raises(DownloadError, match="came instead of a file") as caught:
        get()
    if kind != '"text/html"':
        assert f"{words} came instead of a file" in str(caught.value)
    assert left(tmp_path) == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_name_that_says_nothing(name: str, server: Server, client: ApiClient, tmp_path: Path):
    """Neither the link nor the destination says what kind of file it is."""
    server.always(page(PAGES[name][0], None))
    with pytest.raises(DownloadError, match="came instead of a file"):
        download(f"{server.url}/17", tmp_path / "file", api=client)
    with pytest.raises(DownloadError, match="came instead of a file"):
        download(f"{server.url}/17", io.BytesIO(), api=client)
    assert len(download_many([f"{server.url}/17"], tmp_path, api=client).failed) == 1
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "kind", ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", ' "text/html"']
)
def test_what_says_that_it_is_a_page_is_one(kind: str, server: Server, get: Get, tmp_path: Path):
    server.answers(page(DATA, kind))
    with pytest.raises(DownloadError, match="a web page came instead of a file"):
        get()


@pytest.mark.parametrize("kind", TYPES[:-1])
def test_a_picture_is_one_whatever_its_type(kind: str | None, server: Server, get: Get, tmp_path: Path):
    server.answers(page(DATA, kind))
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


GOOD = {
    "jpg": [JPEG + b"\xe0\0\x10JFIF"],
    "jpeg": [JPEG],
    "png": [b"\x89PNG\r\n\x1a\n"],
    "gif": [b"GIF89a", b"GIF87a"],
    "tif": [TIFF, b"MM\0*", b"II+\0", b"MM\0+"],
    "tiff": [TIFF],
    "eps": [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\xc5\xd0\xd3\xc6 ", b"\x04%!PS-Adobe", b"%PDF-1.5"],
    "svg": [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<!-- Generator -->\n<!DOCTYPE svg PUBLIC "-//W3C" "x">\n<svg>',
        b'<?xml version="1.0"?><!DOCTYPE svg [\n<!ENTITY a "b">\n]>\n<svg width="1">',
    ],
    "mp4": [b"\0\0\0\x20ftypisom"],
    "mov": [b"\0\0\0\x14ftypqt  ", b"\0\0\0\x08wide", b"\0\0\x10\0moov", b"\0\0\0\0mdat"],
    "wav": [b"RIFF\xff\xff\0\0WAVEfmt ", b"RF64\xff\xff\xff\xffWAVE"],
    "mp3": [b"ID3\x04", b"\xff\xfb\x90\x44", b"\xff\xf3\x84"],
    "webm": [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81"],
    "ogg": [b"OggS\0\x02"],
    "zip": [b"PK\x03\x04", b"PK\x05\x06" + bytes(18)],
}


@pytest.mark.parametrize("extension", GOOD)
def test_beginnings(extension: str):
    for good in GOOD[extension]:
        for content in (good, (good + bytes(BEGINNING))[:BEGINNING]):
            assert kind_problem(content, [extension], True) is None
            assert kind_problem(content, ["other"], True) is None or extension == "svg"
            assert kind_problem(b"x" + content, [extension], True) is not None
    for body, _ in PAGES.values():
        assert kind_problem(body[:BEGINNING], [extension], True) is not None
    for other in GOOD:
        if {extension, other} not in (
            {"jpg", "jpeg"},
            {"tif", "tiff"},
            {"mp4", "mov"},
        ) and extension != other:
            assert kind_problem(GOOD[other][0], [extension], True) is not None
            assert kind_problem(GOOD[other][0], [extension, other], True) is None


def test_few_bytes_tell_nothing_before_the_end():
    assert kind_problem(b"<html>", ["jpg"], False) is None
    assert kind_problem(b"<html>" + b" " * BEGINNING, ["jpg"], False) == "a web page came instead of a file"
    assert kind_problem(b"\x1f\x8b" + bytes(BEGINNING), ["jpg"], False) == "what came is no JPG"
    assert kind_problem(b"\x1f\x8b" + bytes(BEGINNING), ["gz"], False) is None


@pytest.mark.parametrize(
    "body",
    [
        bytes(2000),
        b"cat.jpg" + bytes(93) + b"0000644\x000001750\x000001750\0" + bytes(900),  # as tar begins
        b"8BPS\0\1" + bytes(1000),
        b"\0\0\1\0\2\0" + bytes(1000),
        b"<\0\0\0\1 a b c",
        b"\x1f\x8b\x08" + bytes(range(256)) * 4,
    ],
)
def test_any_file_that_is_no_text_may_come_where_nobody_says_what(
    body: bytes, server: Server, client: ApiClient, tmp_path: Path
):
    server.always(answer(200, body))
    download(f"{server.url}/17", tmp_path / "file.tar", api=client)
    assert (tmp_path / "file.tar").read_bytes() == body


@pytest.mark.parametrize("name", ["list.csv", "about.txt", "image.json", "page.html", "index.XML"])
def test_who_asks_for_text_gets_text(name: str, server: Server, client: ApiClient, tmp_path: Path):
    server.always(answer(200, b'{"as": "text"}'))
    download(f"{server.url}/{name}", tmp_path / "x", api=client)
    download(f"{server.url}/17", tmp_path / name, api=client)
    assert (tmp_path / name).read_bytes() == b'{"as": "text"}'


VECTOR = {"id": "i1", "image": {"id": "7", "format": {"format": "eps", "size": "vector"}}}


@pytest.mark.parametrize(
    ("source", "link", "destination", "good", "bad"),
    [
        (Licence("i1", size="vector"), "/x", "x", b"%!PS-Adobe", JPEG),
        (Licence("i1", size="vector"), "/x", "x.jpg", b"%!PS-Adobe", JPEG),
        (Licence("i1", size="vector"), "/x.zip?y=1.jpg", "x.jpg", b"PK\x03\x04", JPEG),
        (DownloadHistory.from_dict(VECTOR), "/x", "x.jpg", b"%!PS-Adobe", JPEG),
        (Licence("i1"), "/x.tiff", "x.jpg", TIFF, JPEG),
        (Licence("i1"), "/x.JPG", "x.tif", JPEG, TIFF),
        (Licence("i1"), "/x", "x.tif", TIFF, JPEG),
        (Licence("i1"), "/x.php", "x.jpg", JPEG, TIFF),
        (Licence("i1"), "/x", "x", TIFF, b"<html>"),
    ],
)
def test_what_was_asked_for(
    source: Any,
    link: str,
    destination: str,
    good: bytes,
    bad: bytes,
    server: Server,
    client: ApiClient,
    tmp_path: Path,
):
    fresh = answer(200, {"url": server.url + link})
    server.answers(fresh, answer(200, good))
    download(source, tmp_path / destination, api=client)
    assert (tmp_path / destination).read_bytes() == good
    server.answers(fresh, answer(200, bad), fresh, answer(200, bad))
    with pytest.raises(
        DownloadError, match=r"(JPG|TIF|a web page) came instead of (EPS|JPG|TIFF?|ZIP|a file)\n"
    ):
        download(source, tmp_path / destination, api=client)
    assert (tmp_path / destination).read_bytes() == good


def test_a_page_does_not_touch_what_is_here(server: Server, get: Get, link: str, tmp_path: Path):
    """Neither the file nor its part is lost when the link leads to a page for a while."""
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    (tmp_path / "cat.jpg").write_bytes(b"of yesterday")
    server.answers(page(*PAGES["HTML"][:1], None))
    with pytest.raises(DownloadError, match="a web page"):
        get()
    assert left(tmp_path) == ["cat.jpg", "cat.jpg.part", "cat.jpg.part.json"]
    assert (tmp_path / "cat.jpg").read_bytes() == b"of yesterday"
    server.answers(Files())
    get()
    assert ranges(server) == ["bytes=200000-"] * 2
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.parametrize("size", [1, 7])
def test_a_page_that_drips(size: int, server: Server, get: Get, tmp_path: Path):
    body = PAGES["HTML after a comment"][0] * 20
    server.answers(chunked(*(body[at : at + size] for at in range(0, len(body), size))))
    with pytest.raises(DownloadError, match="a web page"):
        get()
    memory = io.BytesIO()
    server.answers(chunked(*(body[at : at + size] for at in range(0, len(body), size))))
    with pytest.raises(DownloadError, match="a web page"):
        get(destination=memory)
    assert len(memory.getvalue()) < BEGINNING
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_one_chunk(name: str, server: Server, get: Get, tmp_path: Path):
    server.answers(chunked(PAGES[name][0]))
    with pytest.raises(DownloadError, match="came instead of a file"):
        get()
    assert left(tmp_path) == []


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_page_that_is_cut_and_resumed(cut: int, server: Server, get: Get, tmp_path: Path):
    body = PAGES["HTML"][0]
    server.always(Files(body, cuts=[cut]))
    with pytest.raises(DownloadError, match="a web page"):
        get()
    assert left(tmp_path) == []


@pytest.mark.parametrize("saved", [PAGES["HTML"][0] * 100, b"\x1f\x8b" * 2000])
def test_a_page_that_an_earlier_release_kept(
    saved: bytes, server: Server, get: Get, link: str, tmp_path: Path
):
    server.always(Files())
    interrupted(tmp_path / "cat.jpg", identity_of(link), saved)
    get()
    assert ranges(server) == [f"bytes={len(saved)}-", None]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    interrupted(tmp_path / "cat.jpg", identity_of(link), (saved * 200)[: len(DATA)])
    get()
    assert ranges(server)[2:] == [f"bytes={len(DATA)}-", None]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_picture_cut_in_its_first_bytes(server: Server, get: Get, tmp_path: Path):
    whole = chunked(*(DATA[at : at + 1] for at in range(40)))
    server.answers(lambda request: [whole[:80], HANG_UP], Files())
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
