"""Checks of single values: seconds, counts, flags. Settings, options and jobs use them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    P = ParamSpec("P")


def _timeout(value: Any) -> float | tuple[float, float]:
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if len(parts) not in (1, 2) or not all(_is_number(part) for part in parts):
        raise TypeError(f"expected seconds or (connect, read) in seconds, got {value!r}")
    if not all(0 < part <= threading.TIMEOUT_MAX for part in parts):
        most = f"{threading.TIMEOUT_MAX:.0f}"
        raise ValueError(f"expected seconds above 0 and at most {most}, got {value!r}")
    return (parts[0], parts[1]) if len(parts) == 2 else parts[0]


def _seconds(value: Any) -> float:
    if not _is_number(value):
        raise TypeError(f"expected seconds, got {value!r}")
    if not value >= 0:
        raise ValueError(f"expected seconds from 0, got {value!r}")
    return float(value)


def _count(value: Any, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected int, got {value!r}")
    if value < least:
        raise ValueError(f"expected a number from {least}, got {value!r}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected True or False, got {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {value!r}")
    return value


def _hook(value: Any) -> Any:
    if value is not None and not callable(value):
        raise TypeError(f"expected a function, got {value!r}")
    return value


def _host(value: Any) -> str:
    if isinstance(value, str) and "@" in value:
        raise ValueError("give it without user and password: these are username= and password=")
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {type(value).__name__}")
    return str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


SETTING_CHECKS: dict[str, Callable[[Any], Any]] = {
    "host": _host,
    "timeout": lambda value: None if value is None else _timeout(value),
    "license_timeout": lambda value: None if value is None else _timeout(value),
    "retries": _count,
    "max_retry_wait": _seconds,
    "deadline": lambda value: None if value is None else _seconds(value),
    "connection_pool_maxsize": lambda value: _count(value, least=1),
    "max_response_size": lambda value: _count(value, least=1),
    "license_marker": lambda value: None if value is None else _text(value),
    "verify_ssl": _flag,
    "allow_insecure_host": _flag,
    "debug": _flag,
    **dict.fromkeys(("on_request", "on_response", "on_retry"), _hook),
    "safe_chars_for_path_param": _text,
}
"""How `Configuration` checks its settings."""
