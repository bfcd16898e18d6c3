"""Checks seconds, counts and paths: settings, options of a call, limits of a list or a job."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from numbers import Real
from typing import Any

from shutterstock_api.schema.values import integer_value, shown


def timeout_value(value: Any) -> float | tuple[float, float]:
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if len(parts) not in (1, 2) or not all(_is_number(part) for part in parts):
        raise TypeError(f"expected seconds or (connect, read) in seconds, got {shown(value)}")
    if not all(0 < part <= threading.TIMEOUT_MAX for part in parts):
        most = f"{threading.TIMEOUT_MAX:.0f}"
        raise ValueError(f"expected seconds above 0 and at most {most}, got {shown(value)}")
    return (parts[0], parts[1]) if len(parts) == 2 else parts[0]


def seconds_value(value: Any) -> float:
    if not _is_number(value):
        raise TypeError(f"expected seconds, got {shown(value)}")
    if not value >= 0:  # NaN is refused too
        raise ValueError(f"expected seconds from 0, got {shown(value)}")
    return float(value)


def count_value(value: Any, least: int = 0) -> int:
    number = integer_value(value)
    if number < least:
        raise ValueError(f"expected a number from {least}, got {shown(value)}")
    return number


def path_value(value: Any) -> str:
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise TypeError(f"expected the path of a file, got {type(value).__name__}")
    if "\0" in path:
        raise ValueError("it contains a NUL character")
    return path


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


OTHER_NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        "apikey apisecret clientid clientsecret consumerkey consumersecret key secret".split(),
        "; a consumer key and its secret are username=... and password=...; a token is access_token=...",
    ),
    **dict.fromkeys(("apihost", "baseurl", "endpoint", "server", "url"), "; did you mean 'host'?"),
    "headers": "; pass headers to with_options(headers=...) of the client",
}
"""What to write instead of what other libraries call a setting, by that name without underscores."""
