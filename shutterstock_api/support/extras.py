"""Libraries that some features need and the client itself does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shutterstock_api.support.errors import ApiException


@contextmanager
def needed_for(feature: str, error: type[ApiException] = ApiException) -> Iterator[None]:
    """Import libraries inside of this, and the error says how to get one that is missing.

    Args:
        feature: What does not work without it.
        error: Class of the error.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        raise error(
            reason=f"{feature} needs {library}, which is not installed", hint=f"pip install {library}"
        ) from None
