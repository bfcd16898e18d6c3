"""Checks which token files are safe to read, and which to replace. Windows has no owners and modes."""

from __future__ import annotations

import os
import shlex
import stat
from contextlib import suppress

from shutterstock_api.credentials.token import OAuthError


def check_is_file(path: str, status: os.stat_result) -> None:
    """Refuse folders, pipes and devices, and links, if the status is that of the link itself."""
    if not stat.S_ISREG(status.st_mode):
        raise OAuthError(reason=f"{path} is a link, or not a file at all", hint="Name the file itself.")


def check_readable(path: str, descriptor: int) -> os.stat_result:
    """Return the status of an open file, unless others may have written it, or read it by mistake.

    Files that only an administrator can have created are trusted: those of root, and those on a read-only
    file system.
    """
    status = os.fstat(descriptor)
    check_is_file(path, status)
    if os.name != "posix" or os.fstatvfs(descriptor).f_flag & os.ST_RDONLY:
        return status
    if not {status.st_uid, os.lstat(path).st_uid} <= {0, os.geteuid()}:
        raise _of_another_user(path)
    private = status.st_uid == os.geteuid() and not _is_mounted(path, status)
    if status.st_mode & (0o077 if private else 0o022):
        raise _open_to_others(path)
    return status


def check_replaceable(path: str) -> None:
    """Refuse a file that others can access, or that is read-only. A link is not followed."""
    status = os.lstat(path)
    check_is_file(path, status)
    if os.name != "posix":
        return
    if status.st_uid != os.geteuid():
        raise _of_another_user(path)
    if not status.st_mode & 0o222:
        raise OAuthError(reason=f"{path} is read-only")
    if status.st_mode & 0o077:
        raise _open_to_others(path)


def _is_mounted(path: str, status: os.stat_result) -> bool:
    """Tell whether the file was mounted into a container: nobody can write it, or it is a Kubernetes link."""
    with suppress(OSError):
        if os.readlink(path).startswith("..data/"):
            return True
    return not status.st_mode & 0o222


def _of_another_user(path: str) -> OAuthError:
    return OAuthError(reason=f"{path} belongs to another user", hint="Log in to a file of your own.")


def _open_to_others(path: str) -> OAuthError:
    return OAuthError(
        reason=f"{path} can be read or changed by others",
        hint=f"If nobody else has used it: chmod 600 {shlex.quote(path)}. If not, log in again.",
    )
