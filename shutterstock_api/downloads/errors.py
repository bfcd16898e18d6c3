"""The errors of a download."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shutterstock_api.support.errors import ApiException, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


class DownloadError(ApiException):
    """A file could not be downloaded. No attribute contains the link, because it is a secret.

    Attributes:
        item_id: The id of the image, video, track and so on, if the source says which.
        image_id: The same, if it is an image; likewise `video_id` and so on.
        license_id: The id of its licence, if the source says which.
    """

    item_id: str | None = None
    image_id: str | None = None
    license_id: str | None = None


class DestinationError(DownloadError, OSError):
    """The file could not be written, because of a full disk, a missing permission or an unusable name.

    `errno`, `strerror` and `filename` come from the system's error.
    """

    @classmethod
    def of(cls, error: OSError | ValueError) -> DestinationError:
        """Return our error for an error of the system; a `ValueError` means that a name is not possible."""
        made = cls(reason=str(error))
        if isinstance(error, OSError):
            made.errno, made.strerror, made.filename = error.errno, error.strerror, error.filename
        elif isinstance(error, UnicodeEncodeError):
            character = error.object[error.start : error.end]
            made.errno, made.strerror = errno.EILSEQ, os.strerror(errno.EILSEQ)
            made.reason = f"a file name on this system cannot contain {character!r} ({error.encoding})"
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        system = {"errno": self.errno, "strerror": self.strerror, "filename": self.filename}
        return type(self), (), {**vars(self), **system}


@contextmanager
def id_hint(license_id: str | None) -> Iterator[None]:
    """If a licence is not found and its id has only digits, add that it may be the id of an item."""
    try:
        yield
    except NotFoundError as error:
        if license_id and license_id.isdigit():
            error.hint = (
                f"Is {license_id} the id of an item? download() takes that of its licence, such as i123."
            )
        raise


class destination_errors:  # noqa: N801  # it is called like a function
    """Turn errors of the system about a file into a `DestinationError`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, *_: object) -> None:
        if isinstance(error, (OSError, ValueError)) and not isinstance(error, ApiException):
            raise DestinationError.of(error) from error


def is_disk_full(error: Exception) -> TypeGuard[DestinationError]:
    """Tell whether an error says that the disk is full."""
    return isinstance(error, DestinationError) and error.errno in _FULL
