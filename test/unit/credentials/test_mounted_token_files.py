"""Token files that may only be read, or are reached through links, as containers mount secrets."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from scripted_server import answer

from shutterstock_api import ApiTypeError, ApiValueError, Configuration
from shutterstock_api.auth import OAuth, RefreshingToken, Token, TokenFile
from shutterstock_api.exceptions import OAuthError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, modes and owners as POSIX has them")
as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")

ENDED = Token("v2/ended", datetime(2020, 1, 1, tzinfo=UTC), "refresh-token")
CONTENT = '{"access_token": "v2/mounted"}'
READ_AS_NOBODY = """
import os, sys
from shutterstock_api.auth import TokenFile
from shutterstock_api.exceptions import OAuthError
os.setgid(65534)
os.setuid(65534)
for path in sys.argv[1:]:
    try:
        print(TokenFile(path).read().access_token)
    except OAuthError as error:
        print(error.reason)
"""


def put(path, content=CONTENT, mode=0o600):
    path.write_text(content)
    path.chmod(mode)
    return path


@pytest.fixture
def secret(tmp_path):
    """Mount a secret as Kubernetes does, or another content in its place."""

    def mount(version="1", content=CONTENT, mode=0o644):
        (tmp_path / f"..{version}").mkdir()
        put(tmp_path / f"..{version}" / "token.json", content, mode)
        (tmp_path / "..next").symlink_to(f"..{version}")
        (tmp_path / "..next").rename(tmp_path / "..data")
        path = tmp_path / "token.json"
        if not path.is_symlink():
            path.symlink_to("..data/token.json")
        return path

    return mount


@pytest.fixture
def shared():
    """A folder that other users can enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def read_as_nobody(*paths):
    command = [sys.executable, "-c", READ_AS_NOBODY, *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture
def read_only(monkeypatch):
    """Make a folder one of a read-only file system, where root cannot write either."""

    def make(folder):
        real = os.open

        def refusing(path, flags, *more, **options):
            if str(path).startswith(str(folder)) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise OSError(errno.EROFS, "Read-only file system", path)
            return real(path, flags, *more, **options)

        monkeypatch.setattr(os, "open", refusing)

    return make


# Reading.


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o444, 0o600, 0o640, 0o644], ids=oct)
def test_a_secret_of_kubernetes_is_read_and_its_updates_are_noticed(secret, mode):
    file = TokenFile(secret(mode=mode))
    assert file.read() == Token("v2/mounted")
    secret("2", CONTENT.replace("mounted", "updated"), mode)
    assert file.read() == Token("v2/updated")


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o444], ids=oct)
def test_a_file_that_nobody_may_write_is_read(tmp_path, mode):
    assert TokenFile(put(tmp_path / "token.json", mode=mode)).read() == Token("v2/mounted")


def test_a_link_to_a_private_file_is_followed(tmp_path):
    put(tmp_path / "target")
    (tmp_path / "token.json").symlink_to("target")
    assert TokenFile(tmp_path / "token.json").read() == Token("v2/mounted")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o466], ids=oct)
def test_a_link_to_a_file_that_is_open_to_others_is_refused(tmp_path, mode):
    put(tmp_path / "target", mode=mode)
    (tmp_path / "token.json").symlink_to("target")
    with pytest.raises(OAuthError, match="can be read or changed by others"):
        TokenFile(tmp_path / "token.json").read()


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o422], ids=oct)
def test_so_is_a_secret_that_others_can_change(secret, mode):
    with pytest.raises(OAuthError, match="can be read or changed by others"):
        TokenFile(secret(mode=mode)).read()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda target: None, "cannot read .*No such file"),
        (lambda target: target.mkdir(), "not a file at all"),
        (lambda target: os.mkfifo(target, 0o600), "not a file at all"),
        (lambda target: target.symlink_to(target.name), "cannot read"),
    ],
    ids=["nothing", "folder", "pipe", "itself"],
)
def test_where_a_link_leads_there_is_a_file(tmp_path, make, words):
    make(tmp_path / "target")
    (tmp_path / "token.json").symlink_to("target")
    with pytest.raises(OAuthError, match=words):
        TokenFile(tmp_path / "token.json").read()


@as_root
def test_a_file_of_root_s_is_read_unless_others_can_change_it(shared):
    modes = 0o444, 0o644, 0o664, 0o646
    paths = [put(shared / f"{mode:o}", mode=mode) for mode in modes]
    refused = [f"{path} can be read or changed by others" for path in paths[2:]]
    assert read_as_nobody(*paths) == ["v2/mounted", "v2/mounted", *refused]


@as_root
def test_a_file_or_a_link_of_somebody_else_s_is_refused(shared):
    path, target = put(shared / "token.json", mode=0o444), put(shared / "target", mode=0o444)
    link = shared / "link"
    link.symlink_to(target)
    os.chown(path, 1234, -1)
    os.chown(link, 1234, -1, follow_symlinks=False)
    refused = [f"{name} belongs to another user" for name in (path, link)]
    assert read_as_nobody(path, link) == refused
    for name in (path, link):
        with pytest.raises(OAuthError, match="another user"):
            TokenFile(name).read()


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o400], ids=oct)
def test_what_is_on_a_read_only_file_system_is_read_in_any_case(tmp_path, monkeypatch, mode):
    path = put(tmp_path / "token.json", mode=mode)
    if os.geteuid() == 0:
        os.chown(path, 1234, -1)
    monkeypatch.setattr(os, "fstatvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY | os.ST_NOSUID))
    assert TokenFile(path).read() == Token("v2/mounted")


@pytest.mark.parametrize(
    ("path", "error"), [(5, ApiTypeError), (b"x", ApiTypeError), ("a\0b", ApiValueError)]
)
def test_what_is_no_path_is_refused(path, error):
    with pytest.raises(error, match="path: "):
        TokenFile(path)


# Renewing.


def a_folder(path, read_only):
    TokenFile(path).write(ENDED)
    read_only(path.parent)


def a_file(path, _):
    TokenFile(path).write(ENDED)
    path.chmod(0o400)


def a_link(path, _):
    TokenFile(path.with_name("target")).write(ENDED)
    path.symlink_to("target")


@pytest.mark.parametrize("make", [a_folder, a_file, a_link])
def test_a_token_that_cannot_be_stored_is_renewed_for_this_process(
    tmp_path, server, read_only, caplog, make, monkeypatch
):
    path = tmp_path / "token.json"
    make(path, read_only)
    before = os.lstat(path), path.read_bytes()
    server.answers(answer(200, {"access_token": "v2/fresh", "expires_in": 3600}))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):  # each has a token file of its own, as the clients of a cloud function
            settings = Configuration(server.url, token_file=path, username="key", password="the-secret")
            assert [settings.access_token, settings.access_token] == ["v2/fresh"] * 2
    assert len(server.requests) == 1
    (warning,) = caplog.messages
    what = "cannot write " if make is a_folder else ""
    assert warning.startswith(f"the token was renewed, but not stored: {what}{path}")
    assert not any(text in warning for text in ("v2/", "refresh-token", "the-secret"))
    assert (os.lstat(path).st_ino, path.read_bytes()) == (before[0].st_ino, before[1])

    monkeypatch.undo()
    path.unlink()
    TokenFile(path).write(Token("v2/of-another-login"))
    assert settings.access_token == "v2/of-another-login"


def test_threads_without_a_lock_file_renew_once(tmp_path, server, read_only):
    path = tmp_path / "token.json"
    a_folder(path, read_only)
    oauth = OAuth("key", "secret", configuration=Configuration(server.url))
    sources = [RefreshingToken(oauth, path) for _ in range(4)]
    barrier = threading.Barrier(4)

    def ask(source):
        barrier.wait(10)
        return source()

    server.answers(answer(200, {"access_token": "v2/fresh", "expires_in": 3600}))
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, sources)) == ["v2/fresh"] * 4
    assert len(server.requests) == 1


def test_a_thread_that_does_not_let_go(tmp_path, read_only, monkeypatch):
    monkeypatch.setattr("shutterstock_api.credentials.token_file.LOCK_PATIENCE", 0.01)
    file = TokenFile(tmp_path / "token.json")
    read_only(tmp_path)
    with file.lock(), pytest.raises(OAuthError, match="another thread has kept"), file.lock():
        pytest.fail("it is not ours")
    with file.lock():
        pass


@pytest.mark.parametrize(
    "problem", [NotImplementedError("no flock"), OSError(errno.ENOLCK, "No locks available")], ids=str
)
def test_a_file_system_without_locks(tmp_path, server, monkeypatch, problem):
    path = tmp_path / "token.json"
    TokenFile(path).write(ENDED)

    def acquire(_):
        raise problem

    monkeypatch.setattr("filelock.FileLock.acquire", acquire)
    server.answers(answer(200, {"access_token": "v2/fresh", "expires_in": 3600}))
    settings = Configuration(server.url, token_file=path, username="key", password="the-secret")
    assert settings.access_token == "v2/fresh"
    assert json.loads(path.read_bytes())["access_token"] == "v2/fresh"


@pytest.mark.parametrize("make", [a_file, a_link])
def test_a_login_that_cannot_be_stored_does_not_begin(tmp_path, server, make):
    path = tmp_path / "token.json"
    make(path, None)
    oauth = OAuth("key", "secret", configuration=Configuration(server.url))
    with pytest.raises(OAuthError, match=r"is read-only|is a link"):
        oauth.login(token_file=path, open_browser=lambda url: pytest.fail("too late"))


# Nothing is written through a link.


def test_a_link_is_neither_replaced_nor_written_through(tmp_path):
    target = put(tmp_path / "target")
    for name in ("target", "nowhere"):
        link = tmp_path / f"to-{name}"
        link.symlink_to(name)
        with pytest.raises(OAuthError, match="is a link"):
            TokenFile(link).write(Token("v2/fresh"))
        assert link.is_symlink()
    assert target.read_text() == CONTENT
    assert not (tmp_path / "nowhere").exists()


def test_a_hard_link_keeps_what_it_has(tmp_path):
    path, other = put(tmp_path / "token.json"), tmp_path / "other"
    os.link(path, other)
    TokenFile(path).write(Token("v2/fresh"))
    assert (TokenFile(path).read().access_token, other.read_text()) == ("v2/fresh", CONTENT)


def test_a_link_that_takes_its_place_at_the_last_moment_is_not_written_through(tmp_path, monkeypatch):
    path, target = tmp_path / "token.json", put(tmp_path / "target")
    fsync = os.fsync

    def plant(descriptor):
        with suppress(FileNotFoundError):
            path.unlink()
        path.symlink_to("target")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", plant)
    TokenFile(path).write(Token("v2/fresh"))
    assert not path.is_symlink()
    assert target.read_text() == CONTENT


@pytest.mark.parametrize("make_link", [os.link, os.symlink])
def test_a_lock_that_is_a_link_is_not_touched(tmp_path, server, make_link):
    path, target = tmp_path / "token.json", put(tmp_path / "target")
    TokenFile(path).write(ENDED)
    make_link(target, f"{path}.lock")
    settings = Configuration(server.url, token_file=path, username="key", password="the-secret")
    with pytest.raises(OAuthError, match="cannot lock .*: its lock is a link"):
        _ = settings.access_token
    assert server.requests == []
    assert target.read_text() == CONTENT
