"""Fields of a model, and the names of their types."""

from __future__ import annotations

import os
import threading
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeAlias, TypeVar, cast

import msgspec

if TYPE_CHECKING:
    Unmatched = dict[str, Any]
    JsonValue = Any
else:
    JsonValue = str | int | float | bool | None
    for _ in range(4):  # deeper values are decoded the tolerant way, which limits the depth
        JsonValue = str | int | float | bool | None | list[JsonValue] | dict[str, JsonValue]

    class Unmatched:
        """A type that no JSON value has."""


class JsonObject(
    msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False, eq=True
):
    """The base of all models: declared fields, and a place for other fields that the service sends."""

    required_fields: ClassVar[tuple[str, ...]] = ()
    """The fields that a request must have."""
    secret_fields: ClassVar[tuple[str, ...]] = ()
    """The fields that `repr` and `to_str()` do not show."""
    item_model: ClassVar[str | None] = None
    """Name of the model whose `id` may stand for one of these in a request."""

    # Never sent or decoded: `Unmatched` fits no JSON value, so a key with this name is an unknown field, too.
    additional_properties: Unmatched = msgspec.field(default=cast(Any, None), name="-")


# The field is `None` as long as there are no unknown fields (a dict for each object would cost a tenth of
# the decoding time); reading it always gives a dict.
_slot: Any = JsonObject.additional_properties

unknown_fields: Callable[[JsonObject], dict[str, Any] | None] = _slot.__get__
"""Returns the fields that the class of a model does not declare; `None` if there are none."""
set_unknown_fields: Callable[[JsonObject, dict[str, Any] | None], None] = _slot.__set__
"""Sets it."""


def _additional_properties(self: JsonObject) -> dict[str, Any]:
    """Fields that this version does not know, by their JSON names. Sent in requests, too."""
    more = unknown_fields(self)
    if more is None:
        more = {}
        set_unknown_fields(self, more)
    return more


JsonObject.additional_properties = property(_additional_properties, set_unknown_fields)  # type: ignore[assignment]


_type_lock = threading.RLock()
working_out_types: AbstractContextManager[object] = _type_lock
"""Held while msgspec analyses a type: two threads that do this for the same class would crash the process."""

if hasattr(os, "register_at_fork"):  # a forked child must not inherit a half-analysed type
    os.register_at_fork(
        before=_type_lock.acquire,
        after_in_parent=_type_lock.release,
        after_in_child=_type_lock.release,
    )


LISTS = (list, Sequence)
"""The types of lists in models; a request field that accepts lists of several models is a `Sequence`."""


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Listing(Protocol[T_co]):
    """An answer that holds a list, or all pages of one."""

    def __iter__(self) -> Iterator[T_co]: ...
    def to_records(self) -> list[dict[str, Any]]: ...


Several: TypeAlias = Sequence[T] | Iterator[T] | Set[T] | Listing[T]
"""A body that is a list: whatever yields items, but for a dict."""


def as_list(value: Any) -> list[Any]:
    """Return the list that the contract promises; an empty one if the value is something else."""
    return value if isinstance(value, list) else []


def value_of(entry: Any, name: str) -> Any:
    """Return what an entry, a model or a dict, says under a name; `None` where it says nothing."""
    return entry.get(name) if isinstance(entry, dict) else getattr(entry, name, None)


def is_error(entry: Any) -> bool:
    """Tell whether an entry of a list is an error in place of an item."""
    return any(getattr(entry, name, None) is not None for name in ("status_code", "error"))


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


@cache
def sole_field(model: type[JsonObject]) -> Field | None:
    """Return the only required field of a model, if its value can be passed alone: a text or a list."""
    if len(model.required_fields) != 1:
        return None
    field = fields_of(model)[model.required_fields[0]]
    plain = field.type == str | None or field.type_name.startswith("list[")
    return field if plain else None


def type_name(kind: Any) -> str:
    if kind in (Any, JsonValue):
        return "object"
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
    name: str = kind.__name__
    return name
