"""What people may see of a value: no field that the contract calls secret, nothing whose name says so."""

from __future__ import annotations

import re
import typing
from functools import cache
from typing import Any

from shutterstock_api.schema.fields import JsonObject, fields_of, unknown_fields
from shutterstock_api.support.masking import MASK

_SECRET_NAME = re.compile("token|secret|password", re.IGNORECASE)


def visible(value: Any, guarded: bool = False) -> Any:
    """Return what people may see of a value.

    Where a model with secrets belongs, `guarded` hides all that came in its place.
    """
    if isinstance(value, JsonObject):
        known = {
            name: MASK if name in value.secret_fields else visible(item, holds_secret(field.type))
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
            key: MASK if _SECRET_NAME.search(str(key)) else visible(item)
            for key, item in value.items()
            if item is not None
        }
    return value


@cache
def holds_secret(kind: Any) -> bool:
    """Tell whether a type is, or has inside, a model with secret fields."""
    inner = typing.get_args(kind)
    if inner or not (isinstance(kind, type) and issubclass(kind, JsonObject)):
        return any(map(holds_secret, inner))
    return bool(kind.secret_fields) or any(holds_secret(field.type) for field in fields_of(kind).values())
