"""Times in requests and answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .messages import invalid


def timestamp(parameters: Mapping[str, Any], name: str) -> float:
    """The time of a date or date-time, in seconds since 1970; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(parameters[name].upper())
    except ValueError as error:
        raise invalid(f"$.query.{name}", str(error), "VALIDATION_INVALID_FORMAT", parameters[name]) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def iso(seconds: float) -> str:
    """A time, as it is written in answers."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
