"""Turns JSON into models. msgspec decodes answers that match the contract at once, and others piece by piece:
an unknown field goes to `additional_properties`, a value of an unexpected type stays unchanged.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec

from shutterstock_api.schema.fields import LISTS, fields_of, type_name, working_out_types
from shutterstock_api.schema.twins import learn, twin_decoder
from shutterstock_api.support.errors import DecodeError
from shutterstock_api.support.nesting import flattened, is_deep
from shutterstock_api.support.text import shorten, to_text

Builder = Callable[[Any], Any]


def decode(data: bytes | str, kind: Any) -> Any:
    """Decode JSON into `kind`: a model class, `list[Image]`, `Any`, ...

    Raises:
        DecodeError: It is not JSON, or the value as a whole is of another kind.
    """
    for decoder in () if _may_hold_anything(kind) else (_strict, twin_decoder):
        try:
            if road := decoder(kind):
                return road(data)
        except (ValueError, RecursionError):
            pass
    try:
        return _built(_plain_values(data), kind)
    except DecodeError as error:
        error.body = to_text(data)
        raise
    except (ValueError, RecursionError) as error:
        wanted = type_name(kind)
        what = f"cannot be read as {wanted}: {shorten(str(error))}" if data else f"empty, expected {wanted}"
        raise DecodeError(reason=what, body=to_text(data)) from None


@cache
def _may_hold_anything(kind: Any) -> bool:
    """Tell whether a kind accepts values of any depth, which a model never does."""
    return kind is Any or any(map(_may_hold_anything, typing.get_args(kind)))


def _plain_values(data: bytes | str) -> Any:
    data = flattened(data)
    try:
        return msgspec.json.decode(data)
    except ValueError:  # the standard library accepts more: 1e400, lone surrogates
        return json.loads(data)


def convert(value: Any, kind: Any) -> Any:
    """Convert plain values (dicts, lists, ...) to `kind`; those that do not fit stay unchanged.

    Raises:
        DecodeError: The value as a whole is of another kind, or nested too deeply for Python.
    """
    if isinstance(value, Mapping) and not isinstance(value, dict):
        value = dict(value)
    if is_deep(value):
        try:
            value = _plain_values(msgspec.json.encode(value))
        except (ValueError, TypeError, RecursionError):
            raise DecodeError(reason=f"cannot be read as {type_name(kind)}: nested too deeply") from None
    return _built(value, kind)


def _built(value: Any, kind: Any) -> Any:
    built = _builder(kind)(value)
    if kind is Any or isinstance(built, typing.get_origin(kind) or kind):
        return built
    raise DecodeError(reason=f"expected {type_name(kind)}, got {type(value).__name__}")


@cache
def _strict(kind: Any) -> Callable[[bytes | str], Any] | None:
    """Return msgspec's decoder for a kind; `None` if it has none, because it cannot choose between models."""
    with working_out_types:
        try:
            return msgspec.json.Decoder(kind).decode
        except TypeError:
            return None


# One builder for each type, created once.


@cache
def _builder(kind: Any) -> Builder:
    if kind is date or kind is datetime:
        return _moment_builder(kind)
    origin = typing.get_origin(kind)
    if origin in LISTS:
        return _list_builder(_builder(typing.get_args(kind)[0]))
    if origin is dict:
        return _dict_builder(_builder(typing.get_args(kind)[1]))
    if origin in (typing.Union, types.UnionType):
        return _choice_builder([member for member in typing.get_args(kind) if member is not types.NoneType])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _model_builder(kind)
    if kind is float:
        return lambda value: float(value) if type(value) is int and abs(value) < 2**1000 else value
    return lambda value: value


def _list_builder(build: Builder) -> Builder:
    return lambda value: [build(item) for item in value] if isinstance(value, (list, tuple)) else value


def _dict_builder(build: Builder) -> Builder:
    return lambda value: (
        {key: build(item) for key, item in value.items()} if isinstance(value, dict) else value
    )


def _choice_builder(kinds: list[Any]) -> Builder:
    """Choose between models: the first one that has all fields of the value, or else the first one."""
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    if len(models) < 2:
        return _builder(models[0] if models else kinds[0])
    known = {model: {field.wire for field in fields_of(model).values()} for model in models}

    def build(value: Any) -> Any:
        knowing = (m for m in models if isinstance(value, dict) and value.keys() <= known[m])
        return _builder(next(knowing, models[0]))(value)

    return build


def _model_builder(model: Any) -> Builder:
    fields = fields_of(model)
    builders = {field.wire: (field.name, _builder(field.type)) for field in fields.values()}
    for name, field in fields.items():
        builders.setdefault(name, builders[field.wire])
    native = _strict(model) is not None  # this also prepares `convert`

    def build(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if not native:
            return piecewise(value)
        unknown = value.keys() - builders.keys()
        try:
            if not unknown:
                return msgspec.convert(value, model)
            result = msgspec.convert({k: v for k, v in value.items() if k not in unknown}, model)
        except ValueError:
            return piecewise(value)
        result.additional_properties = {key: value[key] for key in value if key in unknown}
        learn(model, unknown)
        return result

    def piecewise(value: dict[str, Any]) -> Any:
        arguments: dict[str, Any] = {}
        more: dict[str, Any] = {}
        for key, item in value.items():
            if key in builders:
                name, build_item = builders[key]
                arguments[name] = build_item(item)
            else:
                more[key] = item
        if more:
            arguments["additional_properties"] = more
            learn(model, more.keys())
        return model(**arguments)

    return build


def _moment_builder(kind: type[date]) -> Builder:
    def build(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return msgspec.convert(value, kind)
        except ValueError:
            moment = _parse(value)
        if moment is None:
            return value
        return moment if kind is datetime else moment.date() if _is_midnight(moment) else value

    return build


def _is_midnight(moment: datetime) -> bool:
    """A date with a time of day is more than a date: it is kept as text."""
    return (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)


def _parse(text: str) -> datetime | None:
    """Read a date or time in another notation than RFC 3339; `None` if a part of it is missing."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    from dateutil import parser

    try:
        # dateutil fills gaps from a default: only a complete text gives the same result with two defaults.
        one, other = (parser.parse(text, default=datetime(year, year, year)) for year in (1, 2))
    except (ValueError, OverflowError, TypeError):
        return None
    return one if one == other else None
