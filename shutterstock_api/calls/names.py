"""Turns text such as `list[Image]` into the type that it names."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec

from shutterstock_api.schema.values import shown
from shutterstock_api.support.errors import ApiTypeError
from shutterstock_api.support.text import did_you_mean


@cache
def resolve(kind: Any) -> Any:
    """Return the type that a text such as `Image`, `list[Image]` or `dict(str, Image)` names."""
    if not isinstance(kind, str):
        return kind
    name, bracket, inner = kind.replace("(", "[").replace(")", "]").partition("[")
    if bracket:
        if name == "list":
            return list[resolve(inner[:-1])]  # type: ignore[misc]
        return dict[str, resolve(inner[:-1].partition(",")[2].strip())]  # type: ignore[misc]
    if name in _PLAIN:
        return _PLAIN[name]
    from shutterstock_api import models

    if name not in models.__all__:
        raise ApiTypeError(f"{kind!r} is no type of answer{did_you_mean(name, (*models.__all__, *_PLAIN))}")
    return getattr(models, name)


def type_of_answer(kind: Any) -> Any:
    """Return the type that the caller of a free request gives or names.

    Raises:
        ApiTypeError: No answer can be read as that.
    """
    try:
        found = resolve(kind)
        msgspec.json.Decoder(found)
    except ApiTypeError:
        raise
    except Exception:  # noqa: BLE001  # whatever a strange type makes of it
        raise ApiTypeError(f"{shown(kind)} is no type of answer") from None
    return found


_PLAIN: dict[str, Any] = {
    "str": str,
    "int": int,
    "long": int,
    "float": float,
    "bool": bool,
    "date": date,
    "datetime": datetime,
    "object": Any,
    "Any": Any,
}
