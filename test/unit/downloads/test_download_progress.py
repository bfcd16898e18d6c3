"""How far a download is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from download_server import DATA, SECRET, Files, Get
from scripted_server import Server

from shutterstock_api import ApiClient, ApiException, Progress, download_many


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
    with pytest.raises(ApiException, match=r"needs tqdm, which is not installed\n  pip install tqdm$"):
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
