"""Where the bytes of a download go: a `.part` that becomes a file once it is whole, or any file object."""

from __future__ import annotations

import errno
import io
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from shutterstock_api.exceptions import ApiTypeError, DestinationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SAVE_EVERY = 2.0
"""Seconds of work that a power failure may cost."""
REOPENED = 10
"""How often a `.part` is opened anew that another download has just finished."""
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_WINDOWS = os.name == "nt"


class Version(NamedTuple):
    """Which version of which file the bytes belong to."""

    identity: str
    """What is downloaded, in a form that shows no link."""
    header: str | None
    """Where the validator was: `ETag` or `Last-Modified`; `None` where the server gave no strong one."""
    validator: str
    length: int | None
    """Bytes of the whole file."""


class PartFile:
    """`<name>.part`, and beside it `<name>.part.json`, which says what it is a part of.

    The note is written after the bytes are safe on the disk, so it never says too much.

    Args:
        path: The file that it becomes.
        identity: What is downloaded.
        clock: The monotonic clock.
        sync_folder: Whether the name, too, is safe on the disk at the end; `sync_folder()` does it for many.

    Raises:
        OSError: It cannot be opened, or somebody else is writing it.
    """

    def __init__(
        self, path: Path, identity: str, clock: Callable[[], float], sync_folder: bool = True
    ) -> None:
        self.path = path
        self.size: int = 0
        """Bytes that are here."""
        self.version: Version | None = None
        """What they belong to; `None` where nothing is here that could be resumed."""
        self._identity = identity
        self._clock = clock
        self._sync_folder = sync_folder
        self._part = path.with_name(f"{path.name}.part")
        self._note = path.with_name(f"{path.name}.part.json")
        self._file = _opened(self._part)
        self._saved_at = clock()
        try:
            self._take_up()
        except BaseException:
            self._file.close()
            raise

    def _take_up(self) -> None:
        """Go on where an earlier download of the same file was interrupted."""
        try:
            version, saved = msgspec.json.decode(self._note.read_bytes(), type=tuple[Version, int])
        except (OSError, ValueError):
            return
        if version.identity == self._identity and 0 < saved <= os.fstat(self._file.fileno()).st_size:
            self.version, self.size = version, saved
            self._file.seek(saved)

    def begin(self, version: Version) -> None:
        """Start over with another version."""
        self.version, self.size = version, 0
        if os.path.lexists(self._note):
            self._note.unlink()
            sync_folder(self._note.parent)  # the old note must not come back for new bytes
        self._file.seek(0)
        self._file.truncate()

    def write(self, piece: bytes) -> None:
        """Append bytes."""
        _write_all(self._file, piece)
        self.size += len(piece)
        if self._clock() - self._saved_at > SAVE_EVERY:
            self._save()

    def _save(self) -> None:
        """Make sure that what is here can be resumed, whatever happens."""
        os.fsync(self._file.fileno())
        self._saved_at = self._clock()
        if self.version and self.version.header:
            note = msgspec.json.encode((self.version, self.size))
            with os.fdopen(os.open(self._note, _FLAGS | os.O_TRUNC, 0o666), "wb") as file:
                file.write(note)

    def finish(self) -> None:
        """Give the file its name."""
        self._file.truncate()
        os.fsync(self._file.fileno())
        if _WINDOWS:  # which renames no open file
            self._file.close()
        with suppress(FileNotFoundError):  # first, so that a kill leaves no note without its part
            self._note.unlink()
        os.replace(self._part, self.path)
        self._file.close()
        if self._sync_folder:
            sync_folder(self.path.parent)

    def close(self) -> None:
        """Keep what can be resumed, remove what cannot. After `finish()` this does nothing."""
        if self._file.closed:
            return
        try:
            if self.size and self.version and self.version.header:
                with suppress(OSError):  # a full disk, perhaps: then it cannot be resumed
                    self._save()
            else:
                with suppress(OSError):  # Windows removes no open file: the next download starts over in it
                    self._part.unlink()
                    self._note.unlink()
        finally:
            self._file.close()


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

    def write(self, piece: bytes) -> None:
        """Append bytes."""
        _write_all(self._file, piece)
        self.size += len(piece)

    def finish(self) -> None:
        """Leave the file object to the caller, who closes it."""
        with suppress(AttributeError):
            self._file.flush()

    def close(self) -> None:
        """Nothing: it is not ours."""


@contextmanager
def writing() -> Iterator[None]:
    """Turn what the system says of a file into an error of ours."""
    try:
        yield
    except DestinationError:
        raise
    except OSError as error:
        raise DestinationError.of(error) from error


def _opened(path: Path) -> io.FileIO:
    """Open a `.part` that nobody else writes; never through a symbolic link."""
    other = FileExistsError(errno.EEXIST, "not a regular file", str(path))
    for _ in range(REOPENED):
        file = os.fdopen(os.open(path, _FLAGS, 0o666), "r+b", buffering=0)
        try:
            here = os.fstat(file.fileno())
            if not stat.S_ISREG(here.st_mode):
                raise other
            _lock(file.fileno(), path)
            with suppress(FileNotFoundError):
                if os.path.samestat(here, os.lstat(path)):
                    return file
        except BaseException:
            file.close()
            raise
        file.close()  # it was finished, and renamed, just now
    raise other


def _lock(descriptor: int, path: Path) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BlockingIOError(errno.EWOULDBLOCK, "another download is writing this file", str(path)) from None
    except OSError:
        pass  # a file system without locks


def _write_all(file: Any, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        written = file.write(rest)
        rest = rest[len(rest) if written is None else written :]


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, where the system can."""
    if _WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
