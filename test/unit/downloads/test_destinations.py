"""Where a file goes: paths, folders, file objects."""

from __future__ import annotations

import errno
import io
import json
import os
import pickle
import stat
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, SECRET, Files, Get, can_lock, identity_of, interrupted, left, ranges
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    DestinationError,
    DownloadError,
    download_many,
)
from shutterstock_api.downloads import part_file
from shutterstock_api.downloads.part_file import PartFile
from shutterstock_api.downloads.verification import FileVersion

# Where it goes.


def test_a_folder_takes_the_name_of_the_link(server: Server, link: str, get: Get, tmp_path: Path):
    server.always(Files())
    assert get(link, str(tmp_path / "new") + "/").path == tmp_path / "new" / "cat.jpg"
    assert get(link, tmp_path, name="{name}-{size}.x", size="huge").path == tmp_path / "cat.jpg-huge.x"
    with pytest.raises(ApiValueError, match="the source does not say its image_id"):
        get(link, tmp_path, name="{image_id}.jpg")
    with pytest.raises(ApiValueError, match="name: only for a folder"):
        get(link, tmp_path / "x.jpg", name="{name}")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("destination", "kind", "message"),
    [
        (5, ApiTypeError, "destination: expected a path or a binary file object"),
        (b"x", ApiTypeError, "expected a path as str"),
        ("s3://bucket/x.jpg", ApiValueError, "a URL is not a path; open it first"),
        (io.StringIO(), ApiTypeError, "a text file"),
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
    part.begin(FileVersion(None, "", None))
    part.write(b"abc")
    part.finish()
    assert (tmp_path / "cat.jpg").read_bytes() == b"abc"
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.skipif(os.name == "nt", reason="no open file is renamed here")
def test_a_part_that_was_finished_while_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plain = part_file.try_lock

    def lock(descriptor: int) -> bool:
        if not (tmp_path / "x").exists():
            os.rename(tmp_path / "x.part", tmp_path / "x")
        return plain(descriptor)

    monkeypatch.setattr(part_file, "try_lock", lock)
    part = PartFile(tmp_path / "x", lambda: "x", lambda: 0)
    part.begin(FileVersion(None, "", None))
    part.write(b"ours")
    assert (tmp_path / "x").read_bytes() == b""
    part.close()
    assert left(tmp_path) == ["x"]


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
        part.begin(FileVersion("ETag", '"one"', None))
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
    sync, rename, link = os.fsync, os.replace, os.link
    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append("fsync"), sync(fd))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (steps.append("rename"), rename(a, b))[1])
    monkeypatch.setattr(os, "link", lambda a, b: (steps.append("link"), link(a, b))[1])
    server.always(Files())
    download_many([f"{server.url}/{n}" for n in range(3)], tmp_path, api=client, workers=1)
    assert steps == ["fsync", "link"] * 3 + ([] if os.name == "nt" else ["fsync"])
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
