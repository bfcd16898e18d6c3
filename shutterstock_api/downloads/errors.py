"""What goes wrong with a download."""

from __future__ import annotations

from typing import Any

from shutterstock_api.support.errors import ApiException


class DownloadError(ApiException):
    """A file could not be downloaded. The link is in none of the attributes: it is a secret.

    Attributes:
        image_id: The image, where the source says which.
        license_id: Its licence, where the source says which.
    """

    image_id: str | None = None
    license_id: str | None = None


class DestinationError(DownloadError, OSError):
    """The file could not be written: a full disk, a missing permission, an unusable name.

    `errno`, `strerror` and `filename` are those of the system's error.
    """

    @classmethod
    def of(cls, error: OSError) -> DestinationError:
        """Return the error for what the system says."""
        made = cls(reason=str(error))
        made.errno, made.strerror, made.filename = error.errno, error.strerror, error.filename
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        system = {"errno": self.errno, "strerror": self.strerror, "filename": self.filename}
        return type(self), (), {**vars(self), **system}
