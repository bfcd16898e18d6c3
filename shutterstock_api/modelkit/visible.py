"""The part of a value that may be shown: no field that is secret by the contract or by its name, and no link
or token in the service's messages or in fields that this release does not know.
"""

from __future__ import annotations

import typing
from functools import cache
from typing import Any

from shutterstock_api.schema.fields import JsonObject, fields_of, unknown_fields
from shutterstock_api.support.cleaning import cleaned, names_secret
from shutterstock_api.support.masking import MASK


def visible(value: Any, guarded: bool = False) -> Any:
    """Return the part of a value that people may see.

    `guarded` says that a model with secrets belongs here, so any other value is hidden.
    """
    if isinstance(value, JsonObject):
        known = {
            name: MASK if name in value.secret_fields else _visible_field(name, item, field.type)
            for name, field in fields_of(type(value)).items()
            if (item := getattr(value, name)) is not None
        }
        return {**known, **visible(unknown_fields(value) or {})}
    if isinstance(value, (list, tuple)):
        return [visible(item, guarded) for item in value]
    if guarded:
        return MASK
    if isinstance(value, dict):
        return {
            cleaned(str(key)): MASK if names_secret(str(key)) else visible(item)
            for key, item in value.items()
            if item is not None
        }
    return cleaned(value) if isinstance(value, str) else value


def _visible_field(name: str, item: Any, kind: Any) -> Any:
    """Return the part of a known field that people may see. Links to previews are meant to be seen."""
    guarded = holds_secret(kind)
    plain = isinstance(item, str) and name not in _WORDS and (name.endswith("url") or "//" not in item)
    return item if plain and not guarded else visible(item, guarded)


_WORDS = frozenset({"code", "data", "error", "message", "path"})
"""Fields in which the service says what went wrong."""


@cache
def holds_secret(kind: Any) -> bool:
    """Tell whether a type is or contains a model with secret fields."""
    inner = typing.get_args(kind)
    if inner or not (isinstance(kind, type) and issubclass(kind, JsonObject)):
        return any(map(holds_secret, inner))
    return bool(kind.secret_fields) or any(holds_secret(field.type) for field in fields_of(kind).values())
