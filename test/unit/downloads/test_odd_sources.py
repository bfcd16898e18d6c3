"""One odd source, name or answer is the error of that file; the others arrive."""

from __future__ import annotations

import errno
import itertools
import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from download_server import DATA, SECRET, Files, Get, left
from scripted_server import Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    DestinationError,
    DownloadError,
    DownloadHistory,
    DownloadReport,
    Licence,
    LicenseImageResult,
    Progress,
    Thumbnail,
    Url,
    download_many,
)
from shutterstock_api.contract.media import IMAGES, MEDIA
from shutterstock_api.downloads import sources
from shutterstock_api.downloads.sources import DownloadSpec, SourceArgument, describe_source


def described(source: Any, size: str | None = None) -> DownloadSpec:
    return describe_source(SourceArgument(source), size, IMAGES)


def result(**fields: Any) -> LicenseImageResult:
    return LicenseImageResult.from_dict({"image_id": "2", "license_id": "i2", **fields})


def entry(**fields: Any) -> DownloadHistory:
    return DownloadHistory.from_dict({"id": "i2", **fields})


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (result(image_id=2), "2.jpg"),
        (result(image_id=2, license_id=17), "2.jpg"),
        (result(image_id=None), "i2.jpg"),
        (result(image_id=["2"]), "i2.jpg"),
        (result(image_id=True), "i2.jpg"),
        (result(download="LINK"), "2.jpg"),
        (result(download=[]), "2.jpg"),
        (result(download={"url": 5}), "2.jpg"),
        (result(download={"url": "LINK"}), "2.jpg"),
        (entry(image="2"), "2.jpg"),
        (entry(image={"id": 2}), "2.jpg"),
        (entry(image={"id": "2", "format": "jpg"}), "2.jpg"),
        (entry(image={"id": "2", "format": {"format": 7, "size": ["huge"]}}), "2.jpg"),
        (entry(image=[]), "i2.jpg"),
        (entry(id=2), "2.jpg"),
        (Licence(2), "2.jpg"),  # type: ignore[arg-type]
        (Url(url="LINK"), "file.jpg"),
        (Thumbnail(url="LINK"), "file.jpg"),
    ],
)
def test_what_can_be_read_is_downloaded(
    source: Any, name: str, server: Server, client: ApiClient, tmp_path: Path
):
    """Numbers in place of ids, a link in place of an object, and objects that are something else."""
    link = f"{server.url}/file.jpg?sign={SECRET}"
    server.always(lambda request: answer(200, {"url": link}) if request.verb == "POST" else Files()(request))
    for holder in (source, getattr(source, "download", None)):
        if getattr(holder, "url", None) == "LINK":
            holder.url = link
        elif isinstance(holder, dict) and holder.get("url") == "LINK":
            holder["url"] = link
    if getattr(source, "download", None) == "LINK":
        source.download = link
    others = [f"{server.url}/a.jpg", f"{server.url}/z.jpg"]
    report = download_many([others[0], source, others[1]], tmp_path, api=client)
    report.raise_for_failures()
    assert left(tmp_path) == sorted(["a.jpg", name, "z.jpg"])


class Raising:
    """Something that fails when it is looked at."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError(f"no {name} at https://host/{SECRET}?sign={SECRET}")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (5, "expected a link, a licence result or a licence, got int"),
        (object(), "got object"),
        (None, "got NoneType"),
        (b"https://host/x", "got bytes"),
        ({"url": "https://host/x"}, "got dict"),
        (["i1"], "got list; call download_many()"),
        ("", "it has no licence id"),
        (Url(), "it has no link and no licence"),
        (result(license_id=None, download=[]), "image 2: it has no link and no licence"),
        (result(license_id=1.5), "image 2: it has no link and no licence"),
        (result(error={"code": 7}), "{'code': 7}"),
        (entry(id=None, image={"id": "2"}), "image 2: it has no licence id"),
        (Raising(), "RuntimeError: no"),
        ("https://host\udcff/x", "link: expected one such as"),
        ("https://" + "x" * 70_000 + "/x", "link: expected one such as"),
    ],
)
def test_what_cannot_be_read_is_one_error(
    source: Any, words: str, server: Server, client: ApiClient, tmp_path: Path
):
    server.always(Files())
    links = [f"{server.url}/a.jpg", f"{server.url}/z.jpg"]
    report = download_many([links[0], source, links[1]], tmp_path, api=client)
    assert [file.status for file in report.files] == ["downloaded", "failed", "downloaded"]
    [failed] = report.failed
    assert words in str(failed.error)
    assert isinstance(failed.error, ApiException)
    assert SECRET not in f"{report}{failed.error!r}{vars(failed.error)}"
    assert left(tmp_path) == ["a.jpg", "z.jpg"]


def test_what_a_search_found_is_no_source():
    """Its address is that of a page, and its id not that of a licence."""
    from shutterstock_api import Image

    with pytest.raises(ApiTypeError, match="got Image"):
        described(Image(id="1", url="https://www.shutterstock.com/image-photo/1"))


def test_an_odd_answer_is_one_error(server: Server, client: ApiClient, tmp_path: Path):
    deep = b'{"url": ' + b"[" * 5000 + b"]" * 5000 + b"}"

    def answered(request: Request) -> Any:
        if request.verb == "POST":
            return answer(200, deep, Content_Type="application/json")
        if request.path == "/b.jpg":
            return (
                b"HTTP/1.1 200 OK\r\nContent-Range: bytes 0-%s/9\r\nContent-Length: 3\r\n\r\n\xff\xd8\xff"
                % (b"9" * 9000)
            )
        return Files()(request)

    client.configuration.retries = 0
    server.always(answered)
    report = download_many(
        [f"{server.url}/a.jpg", "i1", f"{server.url}/b.jpg", f"{server.url}/z.jpg"], tmp_path, api=client
    )
    assert [file.status for file in report.files] == ["downloaded", "failed", "failed", "downloaded"]
    assert all(isinstance(file.error, ApiException) for file in report.failed)
    pickle.loads(pickle.dumps(report))


def test_a_fault_of_ours_is_one_error_with_its_cause(
    server: Server, client: ApiClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from shutterstock_api.downloads import batch

    plain = batch.fetch

    def fetch(context: Any, argument: Any, *more: Any) -> Any:
        if str(argument.source).endswith("/b.jpg"):
            raise ZeroDivisionError("division by zero")
        return plain(context, argument, *more)

    monkeypatch.setattr(batch, "fetch", fetch)
    server.always(Files())
    report = download_many([f"{server.url}/{name}.jpg" for name in "abz"], tmp_path, api=client)
    assert [file.status for file in report.files] == ["downloaded", "failed", "downloaded"]
    error = report.failed[0].error
    assert str(error) == "ZeroDivisionError: division by zero"
    assert isinstance(error, DownloadError)
    assert isinstance(error.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("kind", [ValueError, OSError, RuntimeError])
def test_what_a_function_for_progress_raises_ends_the_run(
    kind: type[Exception], server: Server, client: ApiClient, tmp_path: Path
):
    server.always(Files())
    calls = itertools.count()

    def progress(now: Progress) -> None:
        if next(calls) == 3:  # and never again
            raise kind("stop")

    with pytest.raises(kind, match="stop") as caught:
        download_many([f"{server.url}/{n}.jpg" for n in range(50)], tmp_path, api=client, progress=progress)
    assert type(caught.value) is kind
    assert not [thread for thread in threading.enumerate() if "download" in thread.name]
    assert len(server.requests) < 50


def test_a_traceback_shows_no_link(server: Server):
    link = f"ftp://host/{SECRET}"
    for source in (link, result(download=link), result(download={"url": link}), Url(url=link)):
        with pytest.raises(ApiException) as caught:
            described(source)
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        for frame in shown.stack:
            if "shutterstock_api" in frame.filename:
                assert SECRET not in str(frame.locals), frame.name


# Other media: their records come with their API classes.


class TrackResult(NamedTuple):
    audio_id: str | None = None
    license_id: str | None = None
    download: Any = None
    error: str | None = None


class TrackEntry(NamedTuple):
    id: str
    audio: Any
    is_downloadable: bool = True


@pytest.fixture
def _tracks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    track = IMAGES._replace(
        name="track", item_id="audio_id", history_item="audio", extension="wav", extensions={}
    )
    monkeypatch.setattr(sources, "MEDIA", {**MEDIA, "track": track})
    return iter([None])


@pytest.mark.usefixtures("_tracks")
def test_any_medium_is_read_by_the_names_of_its_fields():
    spec = described(TrackResult("9", "i9", Url(url="https://host/a.mp3")))
    assert (spec.medium.name, spec.item_id, spec.license_id) == ("track", "9", "i9")
    assert spec.template == "{audio_id}.{extension}"
    assert (spec.fields()["audio_id"], spec.fields()["extension"], spec.shown) == ("9", "mp3", "track 9")
    spec = described(TrackEntry("i9", {"id": 9, "format": {"format": None}}))
    assert (spec.medium.name, spec.item_id, spec.license_id) == ("track", "9", "i9")
    assert spec.fields()["extension"] == "wav"
    assert described(TrackResult("9", error="no")).refusal == "no"
    assert described(result()).medium is IMAGES
    assert described(entry(image={"id": "2"})).medium is IMAGES


# Names.


def test_a_name_that_this_system_cannot_write_is_one_error(
    server: Server, client: ApiClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, plain in (("stat", os.stat), ("open", os.open)):

        def latin(path: Any, *more: Any, plain: Any = plain, **options: Any) -> Any:
            if isinstance(path, (str, os.PathLike)):
                os.fspath(path).encode("latin-1")
            return plain(path, *more, **options)

        monkeypatch.setattr(os, name, latin)
    server.always(Files())
    report = download_many(
        [f"{server.url}/{name}.jpg" for name in ("a", "\u0142", "z")], tmp_path, api=client
    )
    assert [file.status for file in report.files] == ["downloaded", "failed", "downloaded"]
    error = report.failed[0].error
    assert isinstance(error, DestinationError)
    assert error.errno == errno.EILSEQ
    assert "a file name on this system cannot contain '\u0142' (latin-1)" in str(error)


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes of the locale on Linux only")
def test_a_locale_without_the_letter(server: Server, tmp_path: Path):
    code = """
import sys, shutterstock_api
assert sys.getfilesystemencoding() == "ascii" or sys.exit("skip")
links = [f"{sys.argv[1]}/{name}.jpg" for name in ("a", chr(322), "z")]
report = shutterstock_api.download_many(links, sys.argv[2])
print([(file.status, type(file.error).__name__) for file in report.files])
"""
    server.always(Files())
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code, server.url, tmp_path],
        env={
            **os.environ,
            "LC_ALL": "POSIX",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.stderr.strip() == "skip":
        pytest.skip("this Python writes names in UTF-8 whatever the locale")
    assert done.stdout == (
        "[('downloaded', 'NoneType'), ('failed', 'DestinationError'), ('downloaded', 'NoneType')]\n"
    ), done.stderr


# The home folder.


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize("kind", [str, Path])
def test_the_home_folder(kind: Any, server: Server, get: Get, client: ApiClient, home: Path, link: str):
    server.always(Files())
    assert get(link, kind("~/cat.jpg")).path == home / "cat.jpg"
    assert get(link, "~/in/a/folder/").path == home / "in" / "a" / "folder" / "cat.jpg"
    report: DownloadReport = download_many([link], kind("~/many"), api=client)
    assert report.files[0].path == home / "many" / "cat.jpg"
    assert (home / "many" / "cat.jpg").read_bytes() == DATA
    assert left(home.parent) == ["home"]
