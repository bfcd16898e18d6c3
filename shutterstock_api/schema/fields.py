"""Fields of a model, and the names of their types."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    Unmatched = dict[str, Any]
else:

    class Unmatched:
        """A type that no JSON value has."""


LISTS = (list, Sequence)
"""How models write a list; a field of a request that takes lists of several models is a `Sequence`."""


def as_list(value: Any) -> list[Any]:
    """Return what stands where the contract promises a list; nothing, where something else came."""
    return value if isinstance(value, list) else []


class Field(NamedTuple):
    """A field of a model."""

    name: str
    wire: str
    """Its name in JSON."""
    type: Any
    type_name: str
    """Its type as the 2019 client wrote it, such as `list[Image]`."""


@cache
def fields_of(model: type) -> Mapping[str, Field]:
    """Return the declared fields of a model class by name."""
    return {
        info.name: Field(info.name, info.encode_name, info.type, type_name(info.type))
        for info in msgspec.structs.fields(model)
        if info.name != "additional_properties"
    }


def type_name(kind: Any) -> str:
    origin = typing.get_origin(kind)
    arguments = [argument for argument in typing.get_args(kind) if argument is not types.NoneType]
    if origin in LISTS:
        return f"list[{type_name(arguments[0])}]"
    if origin is dict:
        return f"dict(str, {type_name(arguments[1])})"
    if origin is typing.Literal:
        return "str"
    if arguments:
        return type_name(arguments[0])
    return "object" if kind is Any else kind.__name__
