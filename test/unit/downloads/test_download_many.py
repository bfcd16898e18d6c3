"""Many files at a time."""

from __future__ import annotations

import errno
import os
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, JPEG, SECRET, Files, Get, left, moved
from scripted_server import Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    DestinationError,
    DownloadError,
    LicenseImageResult,
    LicenseImageResultDataList,
    Progress,
    download_many,
)
from shutterstock_api.downloads.part_file import PartFile


def test_many_files(server: Server, client: ApiClient, tmp_path: Path):
    def answered(request: Request) -> bytes:
        number = int(request.path.rpartition("/")[2])
        return answer(200, JPEG + b"%d" % number * 5000, ETag='"x"') if number % 10 else answer(404)

    server.always(answered)
    sources = [f"{server.url}/{number}" for number in range(100)]
    report = download_many(sources, tmp_path / "a" / "b", api=client)
    assert [file.source for file in report.files] == sources
    assert [file.status for file in report.files] == [
        "downloaded" if i % 10 else "failed" for i in range(100)
    ]
    assert (len(report.downloaded), len(report.skipped), len(report.failed)) == (90, 0, 10)
    assert report.bytes == sum(3 + len(str(i)) * 5000 for i in range(100) if i % 10)
    for number in range(1, 10):
        assert (tmp_path / "a" / "b" / str(number)).read_bytes() == JPEG + b"%d" % number * 5000
    assert len(left(tmp_path / "a" / "b")) == 90
    assert str(report).startswith("90 downloaded, 0 skipped, 10 failed\n  GET http")
    assert SECRET not in repr(report)
    with pytest.raises(DownloadError, match="90 downloaded"):
        report.raise_for_failures()
    assert pickle.loads(pickle.dumps(report)).files[1] == report.files[1]

    server.always(lambda request: answer(200, JPEG + b"now"))
    again = download_many(sources, tmp_path / "a" / "b", api=client)
    assert (len(again.downloaded), len(again.skipped), len(again.failed)) == (10, 90, 0)
    again.raise_for_failures()
    assert download_many([], tmp_path, api=client).files == []


def test_the_answer_to_a_licence_request(server: Server, client: ApiClient, tmp_path: Path):
    server.always(answer(200, b"\xff\xd8\xff"))
    results = [{"image_id": one, "download": {"url": f"{server.url}/{one}.jpg"}} for one in ("1", "2")]
    answered = LicenseImageResultDataList.from_dict({"data": results})
    report = download_many(answered, tmp_path, api=client)
    assert [file.source for file in report.downloaded] == [*answered]


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
    data = JPEG + os.urandom(len(DATA))
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
        ({"sources": LicenseImageResult()}, "sources: expected a list .*, got LicenseImageResult$"),
        ({"workers": 0}, "workers: expected a number from 1"),
        ({"workers": True}, "workers: expected"),
        ({"name": "{nam}"}, "unknown field 'nam'"),
        ({"progress": "yes"}, "progress: expected True, False or a function"),
        ({"directory": "s3://bucket"}, "a URL is not a path"),
        ({"directory": "a\0b"}, "destination: a path cannot contain a null character"),
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
