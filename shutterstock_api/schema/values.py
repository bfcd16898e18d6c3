"""Converts a single value of a caller to the form in which it is sent, or refuses it clearly."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from numbers import Integral, Real
from typing import Any

import msgspec

from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.support.text import shorten

Convert = Callable[[Any], Any]
EMPTY = "required; give at least one"
"""What is wrong with a list that must not be empty."""


class ArgumentProblems(list[tuple[str, Exception]]):
    """The problems with the arguments of one call, and their places."""

    def attempt(self, place: str, convert: Convert, value: Any) -> Any:
        """Return `convert(value)`; note a value that it refuses."""
        try:
            return convert(value)
        except (TypeError, ValueError) as problem:
            self.append((place, problem))
            return None

    def raise_if_any(self, subject: str) -> None:
        """Raise one error with all problems."""
        if not self:
            return
        lines = "".join(f"\n  - {place}: {problem}" for place, problem in self)
        wrong_type = any(isinstance(problem, TypeError) for _, problem in self)
        error = ApiTypeError if wrong_type else ApiValueError
        raise error(f"{subject}: nothing was sent, because of{lines}")


def text_value(value: Any) -> str:
    if type(value) is str and value.isascii():  # the usual case, in which nothing can be wrong
        return value
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {shown(value)}{number_hint(value)}")
    text = str.__str__(value)  # the plain text, even of an enum member
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"broken text, with half a character in it: {shown(value)}") from None
    return text


def number_hint(value: Any) -> str:
    """Return how to write an integer where a text is expected; nothing for any other value."""
    return f"; write {str(value)!r}" if isinstance(value, int) and not isinstance(value, bool) else ""


def integer_value(value: Any) -> int:
    if type(value) is int:
        return _bounded(value)
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"expected int, got {shown(value)}")
    return _bounded(int(value))


def number_value(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"expected a number, got {shown(value)}")
    number = int(value) if isinstance(value, Integral) else float(value)
    if isinstance(number, int):
        return _bounded(number)
    if not math.isfinite(number):
        raise ValueError(f"{number} is a number that cannot be sent")
    return number


def _bounded(number: int) -> int:
    if number.bit_length() > LONGEST_INTEGER:  # Python refuses to write very long ones
        raise ValueError("too large to be sent")
    return number


LONGEST_INTEGER = 1024
"""The most bits of an integer; the range of a float ends there, too."""


def boolean_value(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected True or False, got {shown(value)}")
    return value


def date_value(value: Any) -> str:
    if isinstance(value, datetime):
        return _moment(value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _iso_text(value, date, "2026-01-31")


def instant_value(value: Any) -> str:
    if isinstance(value, datetime):  # the service counts in UTC
        return moment_text(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, date) or (isinstance(value, str) and len(value) == len("2026-01-31")):
        return f"{date_value(value)}T00:00:00Z"
    return _iso_text(value, datetime, "2026-01-31T12:00:00Z")


def moment_text(value: datetime) -> str:
    return _moment(value).isoformat().replace("+00:00", "Z")


def _moment(value: datetime) -> datetime:
    """Refuse pandas' `NaT`: its class is a datetime, but it is not a time, and it does not equal itself."""
    if value != value:
        raise ValueError(f"expected a date or a time, got {shown(value)}")
    return value


def date_or_instant_value(value: Any) -> str:
    if isinstance(value, datetime):
        return instant_value(value)
    try:
        return date_value(value)
    except ValueError:
        return instant_value(value)


def _iso_text(value: Any, kind: type[date], example: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a date, a datetime or ISO text, got {shown(value)}")
    try:
        msgspec.convert(value, kind)
    except ValueError:
        raise ValueError(f"expected ISO text such as {example!r}, got {shown(value)}") from None
    return str.__str__(value)


CONVERTERS: dict[Any, Convert] = {
    str: text_value,
    int: integer_value,
    float: number_value,
    bool: boolean_value,
    date: date_value,
    datetime: instant_value,
    date | datetime: date_or_instant_value,
}


def shown(value: Any) -> str:
    return f"{shorten(repr(value), 60)} ({type(value).__name__})"
