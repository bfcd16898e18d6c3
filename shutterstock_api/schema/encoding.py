"""Turns models, dicts and other values into JSON values, and checks them against the contract."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from numbers import Real
from typing import Any

import msgspec

from shutterstock_api.schema.fields import LISTS, Field, fields_of, sole_field, type_name
from shutterstock_api.schema.values import (
    CONVERTERS,
    EMPTY,
    ArgumentProblems,
    Convert,
    date_value,
    moment_text,
    number_value,
    shown,
    text_value,
)
from shutterstock_api.support.text import did_you_mean


def to_wire(value: Any, place: str = "value") -> Any:
    """Return models, dates, tuples, ... as JSON values; fields that are `None` are left out.

    Args:
        value: What the caller gave.
        place: How errors call it.

    Raises:
        ApiTypeError: A value has no form in JSON.
        ApiValueError: A number or text cannot be sent.
    """
    problems, wire = ArgumentProblems(), None
    try:
        wire = wire_form(value, Any, place, problems, complete=False)
    except RecursionError:
        problems.append((place, ValueError("nested too deeply")))
    problems.raise_if_any("to_json")
    return wire


def wire_form(value: Any, kind: Any, place: str, problems: ArgumentProblems, complete: bool = True) -> Any:
    """Return a value as it is sent; note the places where it is not of its kind.

    Args:
        value: What the caller gave.
        kind: The type in the contract; `Any` if the contract does not say.
        place: The place of the value, such as `body.images[0].size`.
        problems: The problems so far.
        complete: Whether required fields must be present.
    """
    origin = typing.get_origin(kind)
    if hasattr(value, "required_fields") and origin not in LISTS:
        return _model_form(value, kind, place, problems, complete)
    if origin in (typing.Union, types.UnionType):
        return wire_form(value, _chosen(value, kind), place, problems, complete)
    if origin in LISTS:
        item_kind = typing.get_args(kind)[0]
        if not _is_several(value):
            problems.append((place, TypeError(f"expected a list, got {shown(value)}")))
            return None
        value = list(value)
        for index, item in enumerate(value):
            if item is None:
                problems.append((f"{place}[{index}]", TypeError("None in a list")))
        return [
            None if item is None else wire_form(item, item_kind, f"{place}[{index}]", problems, complete)
            for index, item in enumerate(value)
        ]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if not isinstance(value, Mapping):
            value = _alone(value, kind)
        if not isinstance(value, Mapping):
            got = type(value).__name__ if kind.secret_fields else shown(value)  # type: ignore[attr-defined]
            hint = _how_to_write(value, [kind])
            problems.append((place, TypeError(f"expected {kind.__name__} or dict, got {got}{hint}")))
            return None
        return _dict_form(value, kind, place, problems)
    if kind in CONVERTERS:
        return problems.attempt(place, CONVERTERS[kind], value)
    return _free(value, place, problems, complete)


def _alone(value: Any, model: Any) -> Any:
    """Return a dict for a value that stands for a model; any other value unchanged."""
    field = sole_field(model)
    if field is None:
        return value
    if field.type_name == "str":  # for a number, the check says how to write it
        return {field.wire: value} if isinstance(value, (str, int)) else value
    return {field.wire: value} if _is_several(value) else value


def _is_several(value: Any) -> bool:
    """Tell whether a value yields items: a list, an answer, a generator. A text or a dict is one thing."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray, Mapping))


def _chosen(value: Any, kind: Any) -> Any:
    """Return the member of a union that a plain value stands for."""
    members = [member for member in typing.get_args(kind) if member is not types.NoneType]
    if isinstance(value, Mapping):
        free = [member for member in members if typing.get_origin(member) is dict]
        models = [member for member in members if hasattr(member, "required_fields")]
        return (free or [m for m in models if not _unknown(value, m)] or models or members)[0]
    return str if any(typing.get_origin(member) is typing.Literal for member in members) else members[0]


def _model_form(value: Any, kind: Any, place: str, problems: ArgumentProblems, complete: bool) -> Any:
    model: Any = type(value)
    accepted = [member for member in (kind, *typing.get_args(kind)) if hasattr(member, "required_fields")]
    if kind is not Any and not isinstance(value, tuple(accepted)):
        for member in accepted:
            if member.item_model == model.__name__:
                return _dict_form({member.required_fields[0]: value.id}, member, place, problems)
            if isinstance(alone := _alone(value, member), dict):
                return _dict_form(alone, member, place, problems)
        if not accepted and _is_several(value):  # an answer, in place of the list that it holds
            return wire_form(list(value), kind, place, problems, complete)
        wanted = " or ".join(member.__name__ for member in accepted) or type_name(kind)
        problems.append(
            (place, TypeError(f"expected {wanted}, got {model.__name__}{_how_to_write(value, accepted)}"))
        )
        return None
    wire: dict[str, Any] = {}
    for field in fields_of(model).values():
        item = getattr(value, field.name)
        if item is not None:
            where = f"{place}.{field.name}"
            wire[field.wire] = _field_form(item, field, model, where, problems, complete)
    wire.update(_free(value.additional_properties, place, problems, complete))
    if complete:
        _require(wire, model, place, problems)
    return wire


def _how_to_write(value: Any, models: list[Any]) -> str:
    """Return how to write what the caller probably meant by a value that is none of these models."""
    [*names] = models[0].required_fields if len(models) == 1 else ()
    if len(names) > 1:
        return f"; required are {', '.join(names)}"
    field = sole_field(models[0]) if names else None
    if field is None or field.type_name == "str":
        is_item = field and field.name == "id" and hasattr(value, "id")
        return "; give its id" if is_item else ""
    if isinstance(value, str):
        return f"; write [{value!r}]" if value.isalnum() else ""
    wire_form([value], models[0], "", problems := ArgumentProblems())
    return "" if problems else "; write [...] around it"


def _dict_form(
    value: Mapping[str, Any], model: Any, place: str, problems: ArgumentProblems
) -> dict[str, Any]:
    fields = {field.wire: field for field in fields_of(model).values()}
    for name in _unknown(value, model):
        hint = did_you_mean(str(name), fields)
        problems.append((f"{place}.{name}", TypeError(f"{model.__name__} has no such field{hint}")))
    wire = {
        name: _field_form(item, fields[name], model, f"{place}.{name}", problems)
        for name, item in value.items()
        if name in fields and item is not None
    }
    _require(wire, model, place, problems)
    return wire


def _field_form(
    item: Any, field: Field, model: Any, place: str, problems: ArgumentProblems, complete: bool = True
) -> Any:
    """Return a field as it is sent; problems with a secret are described without showing it."""
    secret = field.name in model.secret_fields
    noted = ArgumentProblems() if secret else problems
    wire = wire_form(item, field.type if complete else Any, place, noted, complete)
    if secret:
        hidden = f"not usable as {field.type_name} ({type(item).__name__}; secret, so not shown)"
        problems.extend((where, type(problem)(hidden)) for where, problem in noted)
    return wire


def _require(wire: Mapping[str, Any], model: Any, place: str, problems: ArgumentProblems) -> None:
    for name in model.required_fields:
        if name not in wire:
            problems.append((f"{place}.{name}", TypeError("required")))
        elif wire[name] == []:
            problems.append((f"{place}.{name}", TypeError(EMPTY)))


def _unknown(value: Mapping[str, Any], model: Any) -> list[str]:
    known = {field.wire for field in fields_of(model).values()}
    return [name for name in value if name not in known]


_FREE: tuple[tuple[type, Convert], ...] = (
    (str, text_value),
    (Real, number_value),
    (datetime, moment_text),
    (date, date_value),
)


def _free(value: Any, place: str, problems: ArgumentProblems, complete: bool) -> Any:
    """Return a value as it is sent, if the contract says nothing about it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                problems.append((place, TypeError(f"expected text as key, got {shown(key)}")))
        return {
            problems.attempt(place, text_value, key) if isinstance(key, str) else None: wire_form(
                item, Any, f"{place}.{key}", problems, complete
            )
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [
            wire_form(item, Any, f"{place}[{index}]", problems, complete) for index, item in enumerate(value)
        ]
    if isinstance(value, Enum) and not isinstance(value, (str, int, float)):
        return wire_form(value.value, Any, place, problems, complete)
    for kind, convert in _FREE:
        if isinstance(value, kind):
            return problems.attempt(place, convert, value)
    problems.append((place, TypeError(f"{shown(value)} cannot be written as JSON")))
    return None


def with_field(kind: Any, name: str) -> str | None:
    """Return how to write a value with a field of that name somewhere; `None` if its type has none."""
    inner: tuple[Any, ...] = typing.get_args(kind)
    if inner:
        written = next(filter(None, (with_field(member, name) for member in inner)), None)
        return f"[{written}]" if written and typing.get_origin(kind) in LISTS else written
    if not hasattr(kind, "required_fields"):
        return None
    values = dict.fromkeys(kind.required_fields, "...")
    for field in sorted(fields_of(kind).values(), key=lambda field: field.name != name):
        written = "..." if field.name == name else with_field(field.type, name)
        if written:
            values[field.name] = written
            if written != "..." and field == sole_field(kind):
                return written  # it may be given alone
            return f"{{{', '.join(f'{key!r}: {text}' for key, text in values.items())}}}"
    return None
