"""A token in a file that nobody else can read, shared by all programs that know its path."""

from __future__ import annotations

import os
import shlex
import stat
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from shutterstock_api.credentials.token import OAuthError, Token
from shutterstock_api.support.deadline import time_left
from shutterstock_api.support.extras import needed_for

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_PATIENCE = 60.0
"""Seconds to wait for another process that renews the token: longer than a request takes."""
LARGEST = 64 * 1024
"""Bytes: no token is as large."""

_READ = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # not every system has all of them
    _READ |= getattr(os, _flag, 0)


class TokenFile:
    """A token in a JSON file of mode 0600. It holds no key and no secret of the application.

    A file that others could read or that others own is refused, and so is a symbolic link: whoever
    can place links could lead elsewhere what is written. Windows has no such modes; there the file is as
    private as its folder.

    Args:
        path: The file; `~` is the home folder. Beside it lies a lock, `path` with `.lock` behind.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: str = os.path.abspath(os.path.expanduser(os.fspath(path)))
        self._known: tuple[object, Token] | None = None
        """The signature of the file, and what it held then."""

    def read(self) -> Token:
        """Return the token. The file is opened only where it has changed since.

        Raises:
            OAuthError: There is no such file, others can read it, or it holds no token.
        """
        with self._explained("read"):
            status = os.lstat(self.path)
            known = self._known
            if known is None or known[0] != _signature(status):
                self._check(status)
                self._known = known = self._load()
        return known[1]

    def write(self, token: Token) -> None:
        """Store a token, in place of what was there, at once: readers see the old or the new one.

        Raises:
            OAuthError: It cannot be written, or somebody else's file is there.
        """
        if self._known:
            self._known = self._known[0], token  # where the disk is full, at least this process has it
        self.prepare()
        with self._explained("write"):
            folder, name = os.path.split(self.path)
            descriptor, draft = tempfile.mkstemp(prefix=f".{name}.", dir=folder)  # mode 0600
            try:
                with open(descriptor, "wb") as file:
                    if os.name == "posix":
                        os.fchmod(descriptor, 0o600)  # whatever the umask took away
                    file.write(msgspec.json.encode(token) + b"\n")
                    file.flush()
                    os.fsync(descriptor)
                os.replace(draft, self.path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(draft)
                raise
        self._known = None

    def prepare(self) -> None:
        """Make the folder, mode 0700, where there is none, and refuse a file that is not safe to replace."""
        with self._explained("write"):
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            with suppress(FileNotFoundError):
                self._check(os.lstat(self.path))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes from renewing the token meanwhile. A process that dies lets go.

        Raises:
            OAuthError: Another process does not let go, or there can be no lock.
        """
        with needed_for("renewing a token file", OAuthError):
            from filelock import FileLock, Timeout

        left = time_left()
        patience = LOCK_PATIENCE if left is None else min(left, LOCK_PATIENCE)
        lock = FileLock(f"{self.path}.lock", patience, 0o600)
        with self._explained("lock"):
            try:
                lock.acquire()
            except Timeout:
                raise OAuthError(
                    reason=f"another process has kept {self.path}.lock for {patience:.0f} seconds"
                ) from None
        try:
            yield
        finally:
            lock.release()

    def _load(self) -> tuple[object, Token]:
        with open(os.open(self.path, _READ), "rb") as file:
            status = os.fstat(file.fileno())
            self._check(status)
            content = file.read(LARGEST)
        try:
            return _signature(status), msgspec.json.decode(content, type=Token)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise OAuthError(
                reason=f"{self.path} holds no token: {error}", hint="Delete it and log in again."
            ) from None

    def _check(self, status: os.stat_result) -> None:
        """Refuse a file that is not ours alone."""
        if not stat.S_ISREG(status.st_mode):
            raise OAuthError(reason=f"{self.path} is a link, or no file at all", hint="Name the file itself.")
        if os.name != "posix":
            return
        if status.st_uid != os.geteuid():
            raise OAuthError(
                reason=f"{self.path} belongs to another user", hint="Log in to a file of your own."
            )
        if status.st_mode & 0o077:
            raise OAuthError(
                reason=f"{self.path} can be read or changed by others",
                hint=f"If nobody did so: chmod 600 {shlex.quote(self.path)}. Or delete it and log in again.",
            )

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            hint = "OAuth().login(token_file=...) makes a token file." if what == "read" else None
            raise OAuthError(reason=f"cannot {what} {self.path}: {error.strerror}", hint=hint) from error

    def __repr__(self) -> str:
        return f"<TokenFile {self.path}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return TokenFile, (self.path,)


def _signature(status: os.stat_result) -> object:
    """Return what changes when the file is replaced, or gets another content or mode."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_size,
        status.st_mode,
    )
