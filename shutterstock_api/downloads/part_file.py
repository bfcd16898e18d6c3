"""Destinations of a download: a `.part` that becomes the file when it is complete, or a file object."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from shutterstock_api.downloads.errors import DestinationError
from shutterstock_api.downloads.verification import BEGINNING, FileVersion
from shutterstock_api.support.errors import ApiTypeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SAVE_EVERY = 2.0
"""Seconds of work that a power failure may destroy."""
CLOSED = -1
"""The descriptor of a closed file."""
REOPENED = 10
"""How often a `.part` is opened again because another download has just finished it."""
LONGEST_NOTE = 2**16
"""The most bytes that are read of a note."""
FAR = 2**40
"""The position of the byte that is locked on Windows: beyond any file, since locked bytes cannot be read."""
_NOTE = ".part.json"
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
_WINDOWS = os.name == "nt"


class PartFileIndex:
    """The contents of a folder when many downloads into it begin.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.is_empty: bool = False
        """Whether the folder contains nothing that could be in the way."""
        self._parts: set[str] | None = None
        with suppress(PermissionError), os.scandir(folder) as entries:  # it may be writable but not readable
            names = [entry.name for entry in entries]
            self.is_empty = not names
            self._parts = {name.removesuffix(".json") for name in names if name.endswith(_NOTE)}

    def may_have(self, part: str) -> bool:
        """Tell whether there may be a note for a `.part`."""
        return self._parts is None or os.path.basename(part) in self._parts


class PartFile:
    """`<name>.part`, with a note `<name>.part.json` that says which file it is a part of.

    The note is written when the bytes are safe on the disk, so it never claims too much. Neither of them is
    written through a link.

    Args:
        path: The file that it will become.
        identity: Returns a text that identifies the download and contains no link.
        clock: The monotonic clock.
        overwrite: Whether it replaces an existing file with that name.
        part_index: The index of its folder, if there are many files. Then the caller calls `sync_folder` once
            at the end, so that the names are safe on the disk, too.

    Raises:
        OSError: It cannot be opened, or another download is writing it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        identity: Callable[[], str],
        clock: Callable[[], float],
        *,
        overwrite: bool = True,
        part_index: PartFileIndex | None = None,
    ) -> None:
        self.path: str = str(path)
        self.size: int = 0
        """The number of bytes that have been written."""
        self.beginning: bytes = b""
        """The first bytes."""
        self.version: FileVersion | None = None
        """The version that the bytes belong to; `None` if there is nothing to resume."""
        self.is_taken: bool = False
        """Whether another file has got the name in the meantime, and keeps it."""
        self._overwrite = overwrite
        self._identity = identity
        self._clock = clock
        self._part_index = part_index
        self._part = f"{self.path}.part"
        self._note = f"{self.path}{_NOTE}"
        self._noted = True
        self._file, self._length = _opened(self._part, locked=True)
        self._saved_at = clock()
        try:
            self._take_up()
        except BaseException:
            self._file.close()
            raise

    def _take_up(self) -> None:
        """Continue where an earlier download of the same file was interrupted."""
        if self._part_index and not self._length and not self._part_index.may_have(self._part):
            self._noted = False
            return
        try:
            with os.fdopen(os.open(self._note, _READ), "rb") as file:
                note = file.read(LONGEST_NOTE)
            identity, version, saved = msgspec.json.decode(note, type=tuple[str, FileVersion, int])
        except FileNotFoundError:
            self._noted = False
            return
        except (OSError, ValueError):
            return
        if identity == self._identity() and version.resumable and 0 < saved <= self._length:
            self.version, self.size = version, saved
            self.beginning = os.read(self._file.number, min(saved, BEGINNING))
            os.lseek(self._file.number, saved, os.SEEK_SET)

    def begin(self, version: FileVersion) -> None:
        """Start over with another version."""
        if self._noted:
            self._forget()  # so that the note is not used for the new bytes
            sync_folder(os.path.dirname(self.path) or os.curdir)
        if self.size or self._length:
            os.lseek(self._file.number, 0, os.SEEK_SET)
            os.ftruncate(self._file.number, 0)
        self.version, self.size, self.beginning, self._length = version, 0, b"", 0

    def write(self, piece: bytes | memoryview) -> None:
        """Append bytes."""
        if self.size < BEGINNING:
            self.beginning += bytes(piece[: BEGINNING - self.size])
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self._file.number, rest) :]
        self.size += len(piece)
        if self._clock() - self._saved_at > SAVE_EVERY:
            self._save()

    def _save(self) -> None:
        """Make sure that the bytes so far can be resumed, whatever happens."""
        os.fsync(self._file.number)
        self._saved_at = self._clock()
        if self.version and self.version.resumable:
            note = msgspec.json.encode((self._identity(), self.version, self.size))
            self._noted = True
            file, _ = _opened(self._note)
            try:
                os.ftruncate(file.number, os.write(file.number, note))
            finally:
                file.close()

    def finish(self) -> None:
        """Give the file its name, unless another file has got the name in the meantime and keeps it."""
        if self._length > self.size:  # written after the note, by a download that was interrupted
            os.ftruncate(self._file.number, self.size)
        os.fsync(self._file.number)
        if _WINDOWS:  # where an open file cannot be renamed
            self._file.close()
        if self._noted:  # first, so that a kill leaves no note without a part
            self._forget()
        if self._overwrite:
            os.replace(self._part, self.path)
        else:
            self.is_taken = not _renamed(self._part, self.path)
        self._file.close()
        if self._part_index is None:
            sync_folder(os.path.dirname(self.path) or os.curdir)

    def close(self) -> None:
        """Keep a part that can be resumed, and remove any other. After `finish()` this does nothing."""
        if self._file.number == CLOSED:
            return
        try:
            with suppress(OSError):
                self._keep_or_remove()
        finally:
            self._file.close()

    def _keep_or_remove(self) -> None:
        here = os.fstat(self._file.number)
        if here.st_nlink > 1 or not _is_named(here, self._part):  # it was being renamed
            drop_second_name(self.path)
        elif self.size and self.version and self.version.resumable:
            self._save()  # on a full disk, perhaps: then it cannot be resumed
        elif self.version or not self._length:  # else it is a part of something else
            os.unlink(self._part)  # Windows removes no open file: the next download starts over in it
            self._forget()

    def _forget(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._note)
        self._noted = False


class FileObject:
    """The caller's file object. Bytes are written in order; only a seekable one can start over.

    Args:
        file: The file object.
    """

    path = ""
    is_taken = False

    def __init__(self, file: Any) -> None:
        if isinstance(file, io.TextIOBase):
            raise ApiTypeError("destination: a text file; open it in binary mode")
        self.size: int = 0
        self.beginning: bytes = b""
        self.version: FileVersion | None = None
        self._file = file
        self._start: int | None = None
        with suppress(AttributeError, OSError, ValueError):
            if file.seekable():
                self._start = file.tell()

    def begin(self, version: FileVersion) -> None:
        """Start over with another version, if the bytes so far can be removed."""
        if self.size:
            if self._start is None:
                raise DestinationError(
                    reason=f"the download must start over, but {self.size} bytes cannot be taken back",
                    hint="Pass a path, or a file object that is seekable.",
                )
            self._file.seek(self._start)
            self._file.truncate()
        self.version, self.size, self.beginning = version, 0, b""

    def write(self, piece: bytes | memoryview) -> None:
        """Append bytes."""
        self.beginning += bytes(piece[: BEGINNING - len(self.beginning)])
        rest = bytes(piece)  # a copy, because the file object may keep it
        while rest:
            written = self._file.write(rest)
            rest = rest[len(rest) if written is None else written :]
        self.size += len(piece)

    def finish(self) -> None:
        """Do nothing: the caller closes the file object."""
        with suppress(AttributeError):
            self._file.flush()

    def close(self) -> None:
        """Do nothing: the file object is not ours."""


class _OpenFile:
    """An open file that the garbage collector closes if an interrupt prevents all others from doing so."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def close(self) -> None:
        number, self.number = self.number, CLOSED
        if number != CLOSED:
            os.close(number)

    __del__ = close


def _opened(path: str, locked: bool = False) -> tuple[_OpenFile, int]:
    """Open a file of our own, never through a link; return it and its length.

    Args:
        path: Its path.
        locked: Whether to lock it, so that no other process writes it.
    """
    other = FileExistsError(errno.EEXIST, "not a regular file", path)
    for _ in range(REOPENED):
        file = _OpenFile(os.open(path, _FLAGS, 0o666))
        try:
            here = os.fstat(file.number)
            if not stat.S_ISREG(here.st_mode):
                raise other
            if locked and not try_lock(file.number):
                raise BlockingIOError(errno.EWOULDBLOCK, "another download is writing this file", path)
            if _is_named(here, path):
                if here.st_nlink == 1:
                    return file, here.st_size
                os.unlink(path)  # if it has other names, its bytes are kept under these
        except BaseException:
            file.close()
            raise
        file.close()  # it was finished, and renamed, just now
    raise other


def try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed; return `False` if it is already locked."""
    try:
        if sys.platform == "win32":
            here = os.lseek(descriptor, 0, os.SEEK_CUR)
            os.lseek(descriptor, FAR, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(descriptor, here, os.SEEK_SET)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter on Windows
        return False
    except OSError:
        pass  # a file system without locks
    return True


def _is_named(here: os.stat_result, path: str) -> bool:
    try:
        named = os.lstat(path)
    except FileNotFoundError:
        return False
    return named.st_ino == here.st_ino and named.st_dev == here.st_dev


def _renamed(old: str, new: str) -> bool:
    """Rename a file unless the new name is taken, even at the last moment; tell whether it was renamed."""
    try:
        if _WINDOWS:
            os.rename(old, new)  # on Windows this replaces nothing
            return True
        try:
            os.link(old, new)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links: an empty file reserves the name
            os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            return _replaced(old, new)
        is_free = True
    except FileExistsError:
        is_free = False
    with suppress(FileNotFoundError):  # see `drop_second_name`
        os.unlink(old)
    return is_free


def _replaced(old: str, new: str) -> bool:
    """Rename a file to replace an empty one, which is removed if that fails."""
    try:
        os.replace(old, new)
    except BaseException:
        os.unlink(new)
        raise
    return True


def file_size(path: str | os.PathLike[str]) -> int | None:
    """Return the size of an existing file; a folder or a device is never replaced."""
    try:
        here = os.stat(path)
    except OSError:  # if something is wrong, writing the file raises the error
        return None
    if not stat.S_ISREG(here.st_mode):
        raise FileExistsError(errno.EEXIST, "not a regular file", str(path))
    return here.st_size


def drop_second_name(path: str | os.PathLike[str]) -> None:
    """Remove a part that is a second name of the complete file, after a kill during the renaming."""
    with suppress(OSError):
        part = f"{path}.part"
        if _is_named(os.stat(path), part):
            os.unlink(part)


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Make sure that the names in a folder are on the disk, if the system supports this."""
    if _WINDOWS:
        return
    with suppress(PermissionError):  # the folder may be writable but not readable
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _CANNOT_SYNC:  # some network file systems cannot do it
                raise
        finally:
            os.close(descriptor)
