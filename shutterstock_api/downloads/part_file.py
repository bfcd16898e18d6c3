"""Where the bytes of a download go: a `.part` that becomes a file once it is whole, or any file object."""

from __future__ import annotations

import errno
import io
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from shutterstock_api.downloads.errors import DestinationError
from shutterstock_api.support.errors import ApiTypeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeGuard

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SAVE_EVERY = 2.0
"""Seconds of work that a power failure may cost."""
CLOSED = -1
"""What stands in place of the descriptor of a file that is closed."""
REOPENED = 10
"""How often a `.part` is opened anew that another download has just finished."""
_NOTE = ".part.json"
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_WINDOWS = os.name == "nt"


class Version(NamedTuple):
    """Which version of a file the bytes belong to."""

    header: str | None
    """Where the validator was: `ETag` or `Last-Modified`; `None` where the server gave no strong one."""
    validator: str
    length: int | None
    """Bytes of the whole file."""

    @property
    def resumable(self) -> bool:
        """Whether a server can prove that it still has this version."""
        return self.header is not None and self.validator.isascii() and self.validator.isprintable()


class PartFileIndex:
    """The notes that are in a folder when many downloads into it begin.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._parts: set[str] | None = None
        with suppress(PermissionError), os.scandir(folder) as entries:  # it may be written and not read
            names = (entry.name for entry in entries)
            self._parts = {name.removesuffix(".json") for name in names if name.endswith(_NOTE)}

    def may_have(self, part: str) -> bool:
        """Tell whether there may be one for a `.part`."""
        return self._parts is None or os.path.basename(part) in self._parts


class PartFile:
    """`<name>.part`, and beside it `<name>.part.json`, which says what it is a part of.

    The note is written after the bytes are safe on the disk, so it never says too much.

    Args:
        path: The file that it becomes.
        identity: Returns what is downloaded, in a form that shows no link.
        clock: The monotonic clock.
        part_index: Of its folder, where there are many files: then it is the caller who calls `sync_folder` at the
            end, once, so that the names are safe on the disk, too.

    Raises:
        OSError: It cannot be opened, or somebody else is writing it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        identity: Callable[[], str],
        clock: Callable[[], float],
        part_index: PartFileIndex | None = None,
    ) -> None:
        self.path: str = str(path)
        self.size: int = 0
        """Bytes that are here."""
        self.version: Version | None = None
        """What they belong to; `None` where nothing is here that could be resumed."""
        self._identity = identity
        self._clock = clock
        self._part_index = part_index
        self._part = f"{self.path}.part"
        self._note = f"{self.path}{_NOTE}"
        self._noted = True
        self._file, self._length = _opened(self._part)
        self._saved_at = clock()
        try:
            self._take_up()
        except BaseException:
            self._close()
            raise

    def _take_up(self) -> None:
        """Go on where an earlier download of the same file was interrupted."""
        if self._part_index and not self._length and not self._part_index.may_have(self._part):
            self._noted = False
            return
        try:
            with open(self._note, "rb") as file:
                identity, version, saved = msgspec.json.decode(file.read(), type=tuple[str, Version, int])
        except FileNotFoundError:
            self._noted = False
            return
        except (OSError, ValueError):
            return
        if identity == self._identity() and version.resumable and 0 < saved <= self._length:
            self.version, self.size = version, saved
            os.lseek(self._file, saved, os.SEEK_SET)

    def begin(self, version: Version) -> None:
        """Start over with another version."""
        if self._noted:
            self._forget()
            self._sync_folder()  # the old note must not come back for new bytes
        if self.size or self._length:
            os.lseek(self._file, 0, os.SEEK_SET)
            os.ftruncate(self._file, 0)
        self.version, self.size, self._length = version, 0, 0

    def write(self, piece: bytes | memoryview) -> None:
        """Append bytes."""
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self.size += len(piece)
        if self._clock() - self._saved_at > SAVE_EVERY:
            self._save()

    def _save(self) -> None:
        """Make sure that what is here can be resumed, whatever happens."""
        os.fsync(self._file)
        self._saved_at = self._clock()
        if self.version and self.version.resumable:
            note = msgspec.json.encode((self._identity(), self.version, self.size))
            self._noted = True
            with os.fdopen(os.open(self._note, _FLAGS | os.O_TRUNC, 0o666), "wb") as file:
                file.write(note)

    def finish(self) -> None:
        """Give the file its name."""
        if self._length > self.size:  # written after the note, by a download that was interrupted
            os.ftruncate(self._file, self.size)
        os.fsync(self._file)
        if _WINDOWS:  # which renames no open file
            self._close()
        if self._noted:  # first, so that a kill leaves no note without its part
            self._forget()
        os.replace(self._part, self.path)
        self._close()
        if self._part_index is None:
            self._sync_folder()

    def close(self) -> None:
        """Keep what can be resumed, remove what cannot. After `finish()` this does nothing."""
        if self._file == CLOSED:
            return
        try:
            if self.size and self.version and self.version.resumable:
                with suppress(OSError):  # a full disk, perhaps: then it cannot be resumed
                    self._save()
            elif self.version or not self._length:  # else it is a part of something else
                with suppress(OSError):  # Windows removes no open file: the next download starts over in it
                    os.unlink(self._part)
                    self._forget()
        finally:
            self._close()

    def _sync_folder(self) -> None:
        sync_folder(os.path.dirname(self.path) or os.curdir)

    def _forget(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._note)
        self._noted = False

    def _close(self) -> None:
        file, self._file = self._file, CLOSED
        if file != CLOSED:
            os.close(file)


class Stream:
    """A file object of the caller: bytes go to it in order; it starts over only where it can go back.

    Args:
        file: The file object.
    """

    def __init__(self, file: Any) -> None:
        if isinstance(file, io.TextIOBase):
            raise ApiTypeError("destination: a file for text; open it in binary mode")
        self.size: int = 0
        self.version: Version | None = None
        self._file = file
        self._start: int | None = None
        with suppress(AttributeError, OSError, ValueError):
            if file.seekable():
                self._start = file.tell()

    def begin(self, version: Version) -> None:
        """Start over with another version.

        Raises:
            DestinationError: What was written cannot be taken back.
        """
        if self.size:
            if self._start is None:
                raise DestinationError(
                    reason=f"the download must start over, and {self.size} bytes cannot be taken back",
                    hint="Give a path, or a file object that is seekable.",
                )
            self._file.seek(self._start)
            self._file.truncate()
        self.version, self.size = version, 0

    def write(self, piece: bytes | memoryview) -> None:
        """Append bytes."""
        rest = bytes(piece)  # the file object may keep it
        while rest:
            written = self._file.write(rest)
            rest = rest[len(rest) if written is None else written :]
        self.size += len(piece)

    def finish(self) -> None:
        """Leave the file object to the caller, who closes it."""
        with suppress(AttributeError):
            self._file.flush()

    def close(self) -> None:
        """Nothing: it is not ours."""


class destination_errors:  # noqa: N801  # it is called like a function
    """Turn what the system says of a file into an error of ours."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, *_: object) -> None:
        if isinstance(error, OSError) and not isinstance(error, DestinationError):
            raise DestinationError.of(error) from error


def is_full(error: Exception) -> TypeGuard[DestinationError]:
    """Tell whether an error says that the disk is full."""
    return isinstance(error, DestinationError) and error.errno in _FULL


def _opened(path: str) -> tuple[int, int]:
    """Open a `.part` that nobody else writes, never through a symbolic link; return it and its length."""
    other = FileExistsError(errno.EEXIST, "not a regular file", path)
    for _ in range(REOPENED):
        file = os.open(path, _FLAGS, 0o666)
        try:
            here = os.fstat(file)
            if not stat.S_ISREG(here.st_mode):
                raise other
            _lock(file, path)
            if _is_named(here, path):
                return file, here.st_size
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # it was finished, and renamed, just now
    raise other


def _is_named(here: os.stat_result, path: str) -> bool:
    try:
        named = os.lstat(path)
    except FileNotFoundError:
        return False
    return named.st_ino == here.st_ino and named.st_dev == here.st_dev


def _lock(descriptor: int, path: str) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BlockingIOError(errno.EWOULDBLOCK, "another download is writing this file", path) from None
    except OSError:
        pass  # a file system without locks


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Make sure that the names in a folder are on the disk, where the system can."""
    if _WINDOWS:
        return
    with suppress(PermissionError):  # a folder that may be written and not read
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _CANNOT_SYNC:  # some file systems of a network
                raise
        finally:
            os.close(descriptor)
