"""What is somebody else's stays: files that appear meanwhile, and what links lead to."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, Files, Get, can_lock, identity_of, interrupted, left, ranges
from scripted_server import Request, Server, answer

from shutterstock_api import ApiClient, DestinationError, download_many
from shutterstock_api.downloads import part_file
from shutterstock_api.downloads.part_file import PartFile
from shutterstock_api.downloads.verification import FileVersion

Appear = Callable[[Path], Any]


def mine(path: Path) -> None:
    path.write_bytes(b"mine")


def appearing(appear: Appear, path: Path, later: int = 0) -> Callable[[Request], Iterable[bytes]]:
    """Answer with the file; what appears does so before its last bytes."""

    def answered(request: Request) -> Iterable[bytes]:
        whole = answer(200, DATA, ETag='"one"')
        yield whole[:-1000]
        appear(path)
        yield whole[-1000:]

    return answered


# Files that appear meanwhile.


@pytest.fixture(params=["links", "no links"])
def _links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no links":

        def link(*_: object) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", link)


@pytest.mark.usefixtures("_links")
@pytest.mark.parametrize("many", [True, False])
def test_a_file_that_appears_stays(
    many: bool, server: Server, get: Get, client: ApiClient, link: str, tmp_path: Path
):
    server.answers(appearing(mine, tmp_path / "cat.jpg"))
    result = download_many([link], tmp_path, api=client).files[0] if many else get(overwrite=False)
    assert (result.status, result.bytes, result.path) == ("skipped", 4, tmp_path / "cat.jpg")
    assert (tmp_path / "cat.jpg").read_bytes() == b"mine"
    assert left(tmp_path) == ["cat.jpg"]


@pytest.mark.usefixtures("_links")
def test_the_name_is_free(server: Server, get: Get, tmp_path: Path):
    server.always(Files())
    assert get(overwrite=False).status == "downloaded"
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert (tmp_path / "cat.jpg").stat().st_nlink == 1
    assert left(tmp_path) == ["cat.jpg"]


@pytest.mark.usefixtures("_links")
def test_what_appears_is_replaced_where_that_is_wanted(server: Server, get: Get, tmp_path: Path):
    server.answers(appearing(mine, tmp_path / "cat.jpg"))
    assert get(overwrite=True).status == "downloaded"
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.usefixtures("_links")
@pytest.mark.skipif(os.name == "nt", reason="links need a permission here")
def test_a_folder_and_a_dead_link_that_appear(server: Server, get: Get, tmp_path: Path):
    server.answers(appearing(Path.mkdir, tmp_path / "cat.jpg"))
    with pytest.raises(DestinationError, match="not a regular file"):
        get(overwrite=False)
    (tmp_path / "cat.jpg").rmdir()
    server.answers(appearing(lambda path: path.symlink_to("nowhere"), tmp_path / "cat.jpg"))
    assert get(overwrite=False).status == "skipped"
    assert os.readlink(tmp_path / "cat.jpg") == "nowhere"
    assert left(tmp_path) == ["cat.jpg"]


def test_many_who_want_one_name(tmp_path: Path):
    """Each writes a part of its own; one of them gets the name, and no other bytes ever have it."""
    start = threading.Barrier(8)
    outcomes: list[bool] = []

    def run(number: int) -> None:
        (tmp_path / f"{number}.part").write_bytes(b"%d" % number)
        start.wait()
        outcomes.append(part_file._renamed(str(tmp_path / f"{number}.part"), str(tmp_path / "x")))

    threads = [threading.Thread(target=run, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 7 + [True]
    assert left(tmp_path) == ["x"]


def test_a_name_that_cannot_be_reserved_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "replace", refuse)
    (tmp_path / "x.part").write_bytes(b"x")
    with pytest.raises(OSError, match="Input/output"):
        part_file._renamed(str(tmp_path / "x.part"), str(tmp_path / "x"))
    assert left(tmp_path) == ["x.part"]


def test_windows_renames_over_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def rename(old: str, new: str) -> None:  # as it is there
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, "exists", new)
        os.replace(old, new)

    monkeypatch.setattr(part_file, "_WINDOWS", True)
    monkeypatch.setattr(os, "rename", rename)
    for expected in (True, False):
        (tmp_path / "x.part").write_bytes(b"x")
        assert part_file._renamed(str(tmp_path / "x.part"), str(tmp_path / "x")) is expected
    assert left(tmp_path) == ["x"]


# Links.


def test_a_part_with_another_name_is_left_to_it(server: Server, get: Get, link: str, tmp_path: Path):
    """Such as a copy by `cp -al`, or a trap in a shared folder."""
    server.always(Files())
    interrupted(tmp_path / "cat.jpg", identity_of(link))
    before = {}
    (tmp_path / "copy").mkdir()
    for name in ("cat.jpg.part", "cat.jpg.part.json"):
        before[name] = (tmp_path / name).read_bytes()
        os.link(tmp_path / name, tmp_path / "copy" / name)
    get()
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert (tmp_path / "cat.jpg").stat().st_nlink == 1
    assert {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()} == before
    assert left(tmp_path) == ["cat.jpg", "copy"]


@pytest.mark.parametrize("kind", ["hard", "symbolic"])
@pytest.mark.skipif(os.name == "nt", reason="links need a permission here")
def test_a_note_is_never_written_through_a_link(kind: str, tmp_path: Path):
    victim, note = tmp_path / "victim", tmp_path / "x.part.json"
    victim.write_bytes(b"precious")

    def plant() -> None:
        note.unlink(missing_ok=True)
        os.link(victim, note) if kind == "hard" else note.symlink_to(victim)

    ticks = iter(range(0, 1000, 10))
    plant()
    part = PartFile(tmp_path / "x", lambda: "x", lambda: float(next(ticks)))
    part.begin(FileVersion("ETag", '"one"', 9))
    plant()
    if kind == "hard":
        part.write(b"abc")
        assert b"one" in note.read_bytes()
    else:
        with pytest.raises(OSError, match="symbolic"):
            part.write(b"abc")
    part.close()
    assert victim.read_bytes() == b"precious"


def test_a_note_takes_the_place_of_a_longer_one(tmp_path: Path):
    ticks = iter(range(0, 1000, 10))
    part = PartFile(tmp_path / "x", lambda: "x", lambda: float(next(ticks)))
    part.begin(FileVersion("ETag", '"one"', 9))
    (tmp_path / "x.part.json").write_bytes(b"[" * 1000)
    part.write(b"abc")
    assert json.loads((tmp_path / "x.part.json").read_bytes())[2] == 3
    part.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such things here")
def test_a_note_that_is_a_pipe_keeps_nobody_waiting(server: Server, get: Get, tmp_path: Path):
    server.always(Files())
    (tmp_path / "cat.jpg.part").write_bytes(b"x")
    os.mkfifo(tmp_path / "cat.jpg.part.json")
    get()
    assert left(tmp_path) == ["cat.jpg"]


@can_lock
def test_a_part_that_was_given_its_name_and_not_freed(server: Server, get: Get, link: str, tmp_path: Path):
    """A kill between the two steps: the file is complete, and its part another name of it."""
    server.always(Files())
    (tmp_path / "cat.jpg").write_bytes(b"complete")
    os.link(tmp_path / "cat.jpg", tmp_path / "cat.jpg.part")
    os.link(tmp_path / "cat.jpg", tmp_path / "backup")
    assert get(overwrite=False).status == "skipped"
    assert left(tmp_path) == ["backup", "cat.jpg"]
    os.link(tmp_path / "cat.jpg", tmp_path / "cat.jpg.part")
    assert get().status == "downloaded"
    assert (tmp_path / "backup").read_bytes() == b"complete"
    assert (tmp_path / "cat.jpg").read_bytes() == DATA
    assert ranges(server) == [None]
    assert left(tmp_path) == ["backup", "cat.jpg"]


def test_a_lock_is_of_the_file_and_not_of_its_name(tmp_path: Path):
    (tmp_path / "a").touch()
    os.link(tmp_path / "a", tmp_path / "b")
    first, second = (os.open(tmp_path / name, os.O_RDWR) for name in "ab")
    assert part_file.try_lock(first)
    assert not part_file.try_lock(second)
    os.close(first)
    assert part_file.try_lock(second)
    os.close(second)
    assert stat.S_ISREG((tmp_path / "a").stat().st_mode)


def test_a_lock_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is on a byte behind the end, so that everybody can still read the file."""
    locked: list[int] = []

    class Msvcrt:
        LK_NBLCK = 2

        @staticmethod
        def locking(descriptor: int, mode: int, count: int) -> None:
            position = os.lseek(descriptor, 0, os.SEEK_CUR)
            if position in locked:
                raise PermissionError(errno.EACCES, "Permission denied")
            locked.append(position)

    monkeypatch.setattr(part_file, "msvcrt", Msvcrt, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    (tmp_path / "x").write_bytes(b"abc")
    with (tmp_path / "x").open("rb", buffering=0) as file:
        file.seek(2)
        assert part_file.try_lock(file.fileno())
        assert not part_file.try_lock(file.fileno())
        assert file.tell() == 2
    assert locked == [part_file.FAR]


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    PartFile(tmp_path / "x", lambda: "x", lambda: 0).close()
