"""A lock on an open file: whatever its names, and no longer than the process lives."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    FAR = 2**62
    """Where the byte is that is locked: a locked byte cannot be read, and no file is that long."""

    def _lock(descriptor: int) -> None:
        here = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, here, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed, unless somebody else has locked it; tell whether that is so.

    Where a file system has no locks, everybody gets one.
    """
    try:
        _lock(descriptor)
    except (BlockingIOError, PermissionError):  # the latter on Windows
        return False
    except OSError:
        pass
    return True
