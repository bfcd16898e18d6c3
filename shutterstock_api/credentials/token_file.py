"""A token in a file that nobody else can read, and that all programs with its path share."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from shutterstock_api.credentials.file_checks import check_is_file, check_readable, check_replaceable
from shutterstock_api.credentials.token import OAuthError, Token
from shutterstock_api.schema.checks import path_value
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiTypeError, ApiValueError, needed_for
from shutterstock_api.support.timing import time_left

if TYPE_CHECKING:
    from filelock import FileLock

LOCK_PATIENCE = 60.0
"""Seconds to wait while another process renews the token: longer than a request takes."""
LARGEST = 64 * 1024
"""The largest token file, in bytes."""

_READ = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_BINARY"):  # some systems do not have both
    _READ |= getattr(os, _flag, 0)
_NO_LOCKS = frozenset({errno.EROFS, errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP})
"""Errors of file systems that have no locks."""

_not_stored: dict[str, tuple[object, Token]] = {}
"""By path: the token that could not be stored, and the signature of the file at that time."""
_locks: dict[tuple[int, str], threading.Lock] = {}
"""By process and path: locks in memory, if there can be no lock beside the file."""


class TokenFile:
    """A token in a JSON file of mode 0600. It does not contain the key or the secret of the application.

    The file can be read-only or a link, such as a secret that is mounted into a container. In that case a
    renewed token is kept in this process. Files that somebody else can have written are refused, and so are
    your own files if others can read them. Nothing is written through a link. Windows has no such modes;
    there the file is as private as its folder.

    Args:
        path: Path of the file; `~` is the home folder. Its lock is the path with `.lock` added.

    Raises:
        ApiTypeError: The value is not a path.
        ApiValueError: No path can look like this.
    """

    @explained
    def __init__(self, path: str | os.PathLike[str]) -> None:
        try:
            self.path: str = os.path.abspath(os.path.expanduser(path_value(path)))
        except TypeError as problem:
            raise ApiTypeError(f"path: {problem}") from None
        except ValueError as problem:
            raise ApiValueError(f"path: {problem}") from None
        self._known: tuple[object, Token] | None = None
        """The signature of the file, and the token that it contained then."""

    def read(self) -> Token:
        """Return the token. The file is opened again only if it has changed.

        Raises:
            OAuthError: There is no such file, it is not safe to use, or it holds no token.
        """
        with self._explained("read"):
            status = os.stat(self.path)
            signature = _signature(status)
            for known in (_not_stored.get(self.path), self._known):
                if known and known[0] == signature:
                    return known[1]
            check_is_file(self.path, status)  # before it is opened, because opening may have side effects
            self._known = self._load()
            return self._known[1]

    def write(self, token: Token) -> None:
        """Replace the token in the file. Readers see the old token or the new one.

        Raises:
            OAuthError: It cannot be stored. This process still uses it until the file changes.
        """
        with suppress(OSError):
            _not_stored[self.path] = _signature(os.stat(self.path)), token
        self.prepare()
        with self._explained("write"):
            folder, name = os.path.split(self.path)
            descriptor, draft = tempfile.mkstemp(prefix=f".{name}.", dir=folder)  # mode 0600
            try:
                with open(descriptor, "wb") as file:
                    if os.name == "posix":
                        os.fchmod(descriptor, 0o600)  # whatever the umask is
                    file.write(msgspec.json.encode(token) + b"\n")
                    file.flush()
                    os.fsync(descriptor)
                os.replace(draft, self.path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(draft)
                raise
        _not_stored.pop(self.path, None)
        self._known = None

    def prepare(self) -> None:
        """Create the folder with mode 0700 if it is missing.

        Raises:
            OAuthError: Nothing can be stored there, or the existing file must not be replaced.
        """
        with self._explained("write"):
            folder = os.path.dirname(self.path)
            os.makedirs(folder, mode=0o700, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            with suppress(FileNotFoundError):
                check_replaceable(self.path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes from renewing the token. The lock is released if the process dies.

        If there can be no lock, as on a read-only file system, only threads of this process are kept out.

        Raises:
            OAuthError: Another process does not release the lock, or the lock cannot be used.
        """
        left = time_left()
        patience = LOCK_PATIENCE if left is None else min(left, LOCK_PATIENCE)
        with self._explained("lock"):
            lock = self._acquired(patience)
        try:
            yield
        finally:
            lock.release()

    def _acquired(self, patience: float) -> FileLock | threading.Lock:
        """Return the acquired lock, or its substitute.

        Args:
            patience: The longest wait, in seconds.
        """
        with needed_for("renewing a token file", OAuthError):
            from filelock import FileLock, Timeout

        path = f"{self.path}.lock"
        with suppress(FileNotFoundError):
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink > 1):
                raise OSError(errno.ELOOP, "its lock is a link")
        who = "process"
        try:
            lock = FileLock(path, patience, 0o600)
            lock.acquire()
            return lock
        except Timeout:
            pass
        except (NotImplementedError, OSError) as error:
            if not self._takes_no_lock(error):
                raise
            instead = _locks.setdefault((os.getpid(), self.path), threading.Lock())
            if instead.acquire(timeout=patience):
                return instead
            who = "thread"
        raise OAuthError(reason=f"another {who} has kept {path} for {patience:.0f} seconds")

    def _takes_no_lock(self, error: Exception) -> bool:
        """Tell whether there can be no lock beside the file."""
        if isinstance(error, PermissionError):
            return not os.access(os.path.dirname(self.path), os.W_OK)
        return isinstance(error, NotImplementedError) or (
            isinstance(error, OSError) and error.errno in _NO_LOCKS
        )

    def _load(self) -> tuple[object, Token]:
        with open(os.open(self.path, _READ), "rb") as file:
            status = check_readable(self.path, file.fileno())
            content = file.read(LARGEST)
        try:
            return _signature(status), msgspec.json.decode(content, type=Token)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise OAuthError(
                reason=f"{self.path} holds no token: {error}", hint="Delete it and log in again."
            ) from None

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            hint = "OAuth().login(token_file=...) creates a token file." if what == "read" else None
            raise OAuthError(reason=f"cannot {what} {self.path}: {error.strerror}", hint=hint) from error

    def __repr__(self) -> str:
        return f"<TokenFile {self.path}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return TokenFile, (self.path,)


def _signature(status: os.stat_result) -> object:
    """Return a value that changes when the file is replaced, or its contents or mode change."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_size,
        status.st_mode,
    )
