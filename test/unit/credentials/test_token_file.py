"""A token in a file: who may read it, how it is replaced, and who waits for whom."""

from __future__ import annotations

import json
import os
import pickle
import socket
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shutterstock_api.auth.oauth import OAuthError
from shutterstock_api.credentials import token_file
from shutterstock_api.credentials.token import Token
from shutterstock_api.credentials.token_file import TokenFile

TOKEN = Token("v2/access-token", datetime(2027, 1, 15, 8, tzinfo=UTC), "refresh-token")
posix = pytest.mark.skipif(os.name != "posix", reason="modes and owners of files are a matter of POSIX")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "token.json"


@pytest.fixture
def file(path):
    made = TokenFile(path)
    made.write(TOKEN)
    return made


@contextmanager
def umask(value):
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def as_nobody(code, *arguments):
    """Run Python code as a user whom modes bind, unlike root; return what it prints."""
    if os.geteuid() == 0:
        code = f"import os; os.setgid(65534); os.setuid(65534)\n{code}"
    code = f"import shutterstock_api.credentials.refreshing_token, filelock, sys\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_what_is_written_is_read(file, path):
    assert file.read() == TokenFile(str(path)).read() == TOKEN
    assert json.loads(path.read_bytes()) == {
        "access_token": "v2/access-token",
        "expires_at": "2027-01-15T08:00:00Z",
        "refresh_token": "refresh-token",
    }
    assert os.listdir(path.parent) == ["token.json"]


def test_a_token_that_never_ends(path):
    TokenFile(path).write(Token("v2/for-ever"))
    assert json.loads(path.read_bytes()) == {"access_token": "v2/for-ever"}
    assert TokenFile(path).read() == Token("v2/for-ever")


def test_what_later_versions_add_is_ignored(path):
    TokenFile(path).write(TOKEN)
    path.write_text('{"access_token": "v2/x", "of a later version": 1}')
    assert TokenFile(path).read() == Token("v2/x")


def test_the_home_folder_and_the_working_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert Path(TokenFile("~/token.json").path) == tmp_path / "home" / "token.json"
    relative = TokenFile("token.json")
    monkeypatch.chdir("/")
    assert Path(relative.path) == tmp_path / "token.json"


# Who may read it.


@posix
@pytest.mark.parametrize("value", [0o000, 0o022, 0o077, 0o777], ids=oct)
def test_only_the_owner_reads_it_whatever_the_umask(path, value):
    with umask(value):
        TokenFile(path).write(TOKEN)
    assert mode(path) == 0o600


@posix
@pytest.mark.parametrize("value", [0o000, 0o022, 0o077], ids=oct)
def test_a_folder_is_made_for_the_owner(tmp_path, value):
    path = tmp_path / "shutterstock" / "token.json"
    with umask(value):
        TokenFile(path).write(TOKEN)
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


@posix
def test_it_is_never_readable_not_even_for_a_moment(path, monkeypatch):
    modes = []
    replace = os.replace

    def spy(draft, target):
        modes.append((mode(draft), Path(draft).parent, Path(draft).read_bytes() != b""))
        replace(draft, target)

    opened = []
    monkeypatch.setattr(os, "replace", spy)
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: opened.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
    )
    with umask(0):
        TokenFile(path).write(TOKEN)
    assert modes == [(0o600, path.parent, True)]
    assert opened == [0o600]


@posix
@pytest.mark.parametrize("bits", [0o640, 0o604, 0o620, 0o602, 0o660, 0o644, 0o601], ids=oct)
def test_a_file_that_is_open_to_others_is_refused(file, path, bits):
    assert file.read() == TOKEN
    path.chmod(bits)
    for call in (file.read, TokenFile(path).read, TokenFile(path).prepare, lambda: file.write(TOKEN)):
        with pytest.raises(OAuthError, match=f"chmod 600 .*{path.name}"):
            call()
    path.chmod(0o400)
    assert file.read() == TOKEN


@posix
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_somebody_else_is_refused(file, path):
    os.chown(path, 65534, -1)
    with pytest.raises(OAuthError, match="another user"):
        file.read()
    with pytest.raises(OAuthError, match="another user"):
        file.write(TOKEN)


def pipe(path):
    os.mkfifo(path, 0o600)


def unix_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # the name of a socket is short


@posix
@pytest.mark.parametrize("make", [pipe, unix_socket, lambda path: path.mkdir(0o700)])
def test_what_is_no_file_is_neither_read_nor_replaced(path, make, monkeypatch):
    monkeypatch.chdir(path.parent)
    make(path)
    before = os.lstat(path)
    for call in (TokenFile(path).read, lambda: TokenFile(path).write(TOKEN)):
        with pytest.raises(OAuthError, match="not a file at all"):
            call()
    assert os.lstat(path).st_ino == before.st_ino


@posix
def test_a_pipe_that_takes_its_place_at_the_last_moment_blocks_nobody(file, path, monkeypatch):
    real = os.stat(path)
    path.unlink()
    os.mkfifo(path, 0o600)
    monkeypatch.setattr(os, "stat", lambda _: real)
    with pytest.raises(OAuthError, match="is a link, or not a file"):
        TokenFile(path).read()


@posix
def test_what_is_opened_is_what_is_checked(file, path, monkeypatch):
    looked_at = os.stat(path)
    path.chmod(0o644)
    monkeypatch.setattr(os, "stat", lambda _: looked_at)
    with pytest.raises(OAuthError, match="chmod 600"):
        file.read()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"v2/token",
        b'{"access_token": "v2/x"',
        b"{}",
        b"[]",
        b'{"access_token": null}',
        b'{"access_token": ""}',
        b'{"access_token": "v2/secret", "expires_at": "soon"}',
        b'{"access_token": "v2/secret", "expires_at": "2027-01-15T08:00:00"}',
        b'{"access_token": "v2/\xff"}',
        b'{"access_token": "' + b"x" * 70_000 + b'"}',
        b"[" * 60_000,
    ],
    ids=lambda content: content[:60],
)
def test_what_is_no_token(file, path, content):
    path.write_bytes(content)
    with pytest.raises(OAuthError, match="holds no token") as caught:
        file.read()
    assert "secret" not in str(caught.value)


def test_there_may_be_no_file(path):
    with pytest.raises(OAuthError, match=r"cannot read .*\n  OAuth\(\)\.login"):
        TokenFile(path).read()


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OAuthError, match="cannot write"):
        TokenFile(tmp_path / "file" / "token.json").write(TOKEN)


@posix
def test_a_folder_that_may_only_be_read():
    code = """
from shutterstock_api.auth import Token, TokenFile
from shutterstock_api.exceptions import OAuthError
file = TokenFile(sys.argv[1])
def lock():
    with file.lock(): pass
for call in (file.prepare, lambda: file.write(Token("v2/x")), lock):
    try: print(call())
    except OAuthError as error: print(error)
"""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        os.chmod(folder, 0o555)
        path = os.path.join(folder, "token.json")
        refused = f"cannot write {path}: Permission denied\n"
        assert as_nobody(code, path) == f"{refused}{refused}None\n"
        assert os.listdir(folder) == []
        os.chmod(folder, 0o755)


# Replacing it.


def test_a_reader_sees_what_another_one_writes(file, path):
    reader = TokenFile(path)
    for number in range(20):
        token = Token(f"v2/number-{number:02}")
        TokenFile(path).write(token)
        assert reader.read() == token
    path.unlink()
    with pytest.raises(OAuthError, match="cannot read"):
        reader.read()


def test_a_reader_sees_what_an_editor_changes_in_place(file, path):
    assert file.read() == TOKEN
    before, content = os.stat(path), path.read_bytes()
    path.write_bytes(content.replace(b"v2/access", b"v2/edited"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    after = os.stat(path)
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)
    assert file.read().access_token == "v2/edited-token"


def test_an_unchanged_file_is_not_opened_again(file, monkeypatch):
    opened = []
    true_open = os.open
    monkeypatch.setattr(os, "open", lambda *given: opened.append(given) or true_open(*given))
    assert [file.read() for _ in range(10)] == [TOKEN] * 10
    assert len(opened) == 1


@pytest.mark.parametrize("fault", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(file, path, fault, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    file.read()
    monkeypatch.setattr(os, fault, fail)
    with pytest.raises(OAuthError, match="No space left"):
        file.write(Token("v2/fresh"))
    assert b"v2/access-token" in path.read_bytes()
    assert os.listdir(path.parent) == ["token.json"]
    for reader in (file, TokenFile(path)):  # a token that was paid for with the old one is not lost
        assert reader.read() == Token("v2/fresh")


def test_ctrl_c_leaves_no_draft(file, path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        file.write(Token("v2/fresh"))
    assert os.listdir(path.parent) == ["token.json"]


# The lock.

HOLD = """
import sys
from shutterstock_api.credentials.token_file import TokenFile
with TokenFile(sys.argv[1]).lock():
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(path):
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"locked\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_lock_of_another_process(file, path, monkeypatch):
    monkeypatch.setattr(token_file, "LOCK_PATIENCE", 0.02)
    with (
        holder(path),
        pytest.raises(OAuthError, match=r"another process has kept .*token\.json\.lock"),
        file.lock(),
    ):
        pytest.fail("it is not ours")


def test_a_process_that_was_killed_lets_go(file, path, monkeypatch):
    with holder(path) as process:
        process.kill()
        process.wait()
        with file.lock():
            assert file.read() == TOKEN


def test_a_lock_is_let_go_of_by_errors_and_can_be_taken_again(file, path, monkeypatch):
    monkeypatch.setattr(token_file, "LOCK_PATIENCE", 0.02)
    for _ in range(2):
        with pytest.raises(LookupError), file.lock():
            raise LookupError
    if os.name == "posix":
        assert mode(f"{path}.lock") == 0o600


def test_the_library_for_locks_may_be_missing(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "filelock", None)
    assert file.read() == TOKEN
    with (
        pytest.raises(OAuthError, match=r"needs filelock, which .*\n  pip install filelock$"),
        file.lock(),
    ):
        pytest.fail("there is no lock")


# Everything else.


def test_a_token_file_shows_and_pickles_its_path_only(file, path):
    assert file.read() == TOKEN
    assert repr(file) == f"<TokenFile {path}>"
    data = pickle.dumps(file)
    assert b"v2/" not in data
    assert pickle.loads(data).read() == TOKEN
