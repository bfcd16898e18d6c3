"""Unknown fields that have appeared before: further answers with them are decoded as fast as others.

Once a model has arrived with unknown fields, a twin of its class declares these, too. msgspec decodes into
the twin, which is then converted to the model. The result equals that of the slow way, value by value.

A twin with one unknown field keeps it in the slot of `additional_properties`. So it has the same slots as
the model, and its objects become objects of the model in place, which costs little.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from shutterstock_api.schema.fields import (
    Field,
    JsonObject,
    JsonValue,
    fields_of,
    set_unknown_fields,
    unknown_fields,
    working_out_types,
)

MOST_FIELDS = 16
"""The most unknown fields of a class that are learnt; answers with others are decoded the slow way."""
_LEARNABLE = r"[\w.-]{1,100}"
"""Names that can be learnt: not every JSON key can be the name of a field in a class."""

Decoder = Callable[[bytes | str], Any]
Restore = Callable[[Any], Any]
"""Converts a decoded twin to its model."""

_learnt: dict[type, tuple[str, ...]] = {}
"""By class: the names of unknown fields that have appeared."""
_decoders: dict[Any, Decoder | None] = {}


def learn(model: type, names: Iterable[str]) -> None:
    """Remember the names of a model's unknown fields."""
    known = _learnt.get(model, ())
    new = [name for name in names if name not in known and re.fullmatch(_LEARNABLE, name)]
    if not new or len(known) == MOST_FIELDS:
        return
    with working_out_types:
        _learnt[model] = tuple(dict.fromkeys([*_learnt.get(model, ()), *new]))[:MOST_FIELDS]
        _twin.cache_clear()
        _decoders.clear()


def twin_decoder(kind: Any) -> Decoder | None:
    """Return a decoder that also accepts the unknown fields so far; `None` if there are none."""
    try:
        return _decoders[kind]
    except KeyError:
        pass
    with working_out_types:
        twin, restore = _twin(kind)
        _decoders[kind] = _decoder(twin, restore) if restore else None
        return _decoders[kind]


def _decoder(twin: Any, restore: Restore) -> Decoder | None:
    try:
        decode = msgspec.json.Decoder(twin).decode
    except TypeError:  # it cannot choose between models
        return None
    return lambda data: restore(decode(data))


@cache
def _twin(kind: Any) -> tuple[Any, Restore | None]:
    """Return a type with the learnt fields, and a function that converts its values.

    If there are no learnt fields, these are the type itself, and no function.
    """
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        twin, restore = _twin(inner[0])
        return (list[twin], _each(restore)) if restore else (kind, None)  # type: ignore[valid-type]
    if origin in (typing.Union, types.UnionType) and len(inner) == 2 and inner[1] is types.NoneType:
        twin, restore = _twin(inner[0])
        return (twin | None, _unless_none(restore)) if restore else (kind, None)
    if isinstance(kind, type) and issubclass(kind, JsonObject):
        return _model_twin(kind)
    return kind, None


def _each(restore: Restore) -> Restore:
    return lambda items: [restore(item) for item in items]


def _unless_none(restore: Restore) -> Restore:
    return lambda value: None if value is None else restore(value)


def _model_twin(model: type[JsonObject]) -> tuple[Any, Restore | None]:
    fields = [(field, *_twin(field.type)) for field in fields_of(model).values()]
    nested = [(field.name, restore) for field, _, restore in fields if restore]
    unknown = _learnt.get(model, ())
    if not (unknown or nested):
        return model, None
    if len(unknown) > 1:
        return _larger_twin(model, fields, unknown)
    changed = [(field.name, kind, _declared(field)) for field, kind, restore in fields if restore]
    new_name = next(iter(unknown), "")
    if unknown:
        place = msgspec.field(name=new_name, default=UNSET)
        changed.append(("additional_properties", JsonValue | UnsetType, place))
    twin = _defined(model.__name__, changed, bases=(model,))

    def restore_class(decoded: Any) -> Any:
        decoded.__class__ = model  # both have the same slots
        for name, restore_value in nested:
            setattr(decoded, name, restore_value(getattr(decoded, name)))
        return decoded

    def restore(decoded: Any) -> Any:
        came: Any = unknown_fields(decoded)
        set_unknown_fields(decoded, None if came is UNSET else {new_name: came})
        return restore_class(decoded)

    return twin, restore if unknown else restore_class


def _larger_twin(
    model: type[JsonObject], fields: list[tuple[Field, Any, Restore | None]], unknown: tuple[str, ...]
) -> tuple[Any, Restore]:
    """Return a twin that has more slots than the model, so that each object has to be created again."""
    declared = [(field.name, kind, _declared(field)) for field, kind, _ in fields]
    more = [
        (f"unknown_{index}", JsonValue | UnsetType, msgspec.field(name=name, default=UNSET))
        for index, name in enumerate(unknown)
    ]
    nested = [(field.name, restore) for field, _, restore in fields if restore]
    names = [field.name for field, _, _ in fields]
    places = list(enumerate(unknown, len(names)))
    build = partial(type(JsonObject).__call__, model)  # without the explanations for misspelt names

    def restore(decoded: Any) -> Any:
        values = msgspec.structs.astuple(decoded)
        arguments = dict(zip(names, values))  # noqa: B905 - to say how long they are takes as long as the rest
        for name, restore_value in nested:
            arguments[name] = restore_value(arguments[name])
        came = {name: values[place] for place, name in places if values[place] is not UNSET}
        if came:
            arguments["additional_properties"] = came
        return build(**arguments)

    return _defined(model.__name__, [*declared, *more]), restore


def _declared(field: Field) -> Any:
    return msgspec.field(name=field.wire, default=None)


def _defined(name: str, fields: list[Any], bases: tuple[type, ...] = (msgspec.Struct,)) -> Any:
    """Define a class like `msgspec.defstruct`, which does not accept the metaclass of our models."""
    body = {"__module__": __name__, "__annotations__": {field: kind for field, kind, _ in fields}}
    body |= {field: default for field, _, default in fields}
    settings = {"kw_only": True, "forbid_unknown_fields": True, "gc": False}
    return types.new_class(name, bases, settings, lambda namespace: namespace.update(body))
