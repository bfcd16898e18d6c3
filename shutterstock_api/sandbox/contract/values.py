"""The values of a query, a form or a JSON body, read from its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from shutterstock_api.sandbox.http.messages import invalid

_NUMBERS = {"integer": (re.compile(r"-?\d{1,18}"), int), "number": (re.compile(r"-?\d+(\.\d+)?"), float)}


def read_values(kinds: Mapping[str, str], text: str) -> dict[str, Any]:
    """Each value, converted to its type; a value that cannot be read stays a text."""
    values: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        kind = kinds.get(name, "string")
        if kind == "array":
            values.setdefault(name, []).append(value)
        elif name in values:
            values[name] = [values[name], value]  # repeated although only one is allowed: no type fits that
        else:
            values[name] = _read_value(kind, value)
    return values


def _read_value(kind: str, text: str) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in _NUMBERS:
        pattern, convert = _NUMBERS[kind]
        return convert(text) if pattern.fullmatch(text) else text
    return text


def read_json(data: bytes) -> Any:
    """The value of a JSON body; refuses a body that is not JSON."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise invalid("$.body", f"This is not JSON: {error}", "VALIDATION_INVALID_JSON") from error


def with_whole_numbers(value: Any) -> Any:
    """The same JSON with 5 instead of 5.0: both are integers to a schema, but not to Python."""
    if isinstance(value, dict):
        return {name: with_whole_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_whole_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value
