"""Arguments -> path, query and body. Shapes are checked here, before anything is sent: types,
missing and misspelt names, text that cannot travel. All that is wrong is reported together.

Values are left to the service: its enums and ranges grow.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import msgspec

from shutterstock_api import decoding
from shutterstock_api.headers import has_control
from shutterstock_api.support.masking import SecretBytes
from shutterstock_api.support.text import did_you_mean
from shutterstock_api.values import (
    CONVERTERS,
    Problems,
    date_value,
    moment_text,
    number_value,
    shown,
    text_value,
)

if TYPE_CHECKING:
    from shutterstock_api.operation import Operation
    from shutterstock_api.values import Convert


# Path and query.


def bind(
    operation: Operation[Any],
    values: Sequence[Any],
    safe: str = "",
    problems: Iterable[tuple[str, Exception]] = (),
) -> tuple[str, bytes | None]:
    """Return target (path and query) and body of a request.

    Args:
        operation: What is called.
        values: Its arguments in the order of `operation.names`; `None` where not given.
        safe: Characters that need no encoding in a path argument.
        problems: What is known to be wrong already; it is reported along with the rest.

    Raises:
        ApiTypeError: An argument has the wrong type or is missing.
        ApiValueError: A value cannot be sent.
    """
    problems = Problems(problems)
    target = operation.template
    for name, value in zip(operation.path, values, strict=False):
        segment = problems.attempt(name, _segment, value)
        target = target.replace(f"{{{name}}}", quote(segment or "", safe=safe.translate(_NEVER_SAFE)))
    body = None
    if operation.body:
        *values, content = values
        body = _body(content, decoding.resolve(operation.body), operation.form, problems)
    pairs = _query(operation, values[len(operation.path) :], problems)
    if problems:
        problems.raise_if_any(operation.name)
    return (f"{target}?{'&'.join(pairs)}" if pairs else target), body


def _query(operation: Operation[Any], values: Sequence[Any], problems: Problems) -> list[str]:
    """Return the parts of the query, such as `page=2`."""
    pairs: list[str] = []
    for parameter, value in zip(operation.plan or _plan(operation), values, strict=True):
        if value is None:
            continue
        several = parameter.many and isinstance(value, (list, tuple))
        items: Any = value if several else (value,)
        for index, item in enumerate(items):
            try:
                pairs.append(f"{parameter.key}={_escaped(parameter.convert(item))}")
            except (TypeError, ValueError) as problem:
                place = f"{parameter.name}[{index}]" if several else parameter.name
                problems.append((place, _explained(problem, parameter, value)))
    for name in operation.required:
        value = values[list(operation.query).index(name)]
        if value is None or (isinstance(value, (list, tuple)) and not value):
            problems.append((name, TypeError("required; give at least one value")))
    return pairs


def _explained(problem: Exception, parameter: _Parameter, value: Any) -> Exception:
    if parameter.many and isinstance(value, Iterable) and not isinstance(value, (str, list, tuple)):
        return TypeError(f"expected a list, a tuple or a single value, got {shown(value)}")
    return problem


_NEVER_SAFE = dict.fromkeys(map(ord, "%?#"))
"""Characters that would end or change a path, whatever `safe_chars_for_path_param` says."""


class _Parameter(NamedTuple):
    """How an argument goes into the query."""

    name: str
    key: str
    """Its name as it stands in a URL."""
    many: bool
    convert: Convert


def _plan(operation: Operation[Any]) -> list[_Parameter]:
    """Work out, once for each operation, how its arguments go into the query."""
    plan: list[_Parameter] = []
    for name, kind in operation.query.items():
        many = typing.get_origin(kind) is list
        convert = CONVERTERS[typing.get_args(kind)[0] if many else kind]
        plan.append(_Parameter(name, _escaped(name), many, convert))
    operation.plan = plan
    return plan


def query_kinds(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the types of query arguments that no contract describes."""
    kinds: dict[str, Any] = {}
    for name, value in query.items():
        many = isinstance(value, (list, tuple))
        kind = _kind_of(value[0] if many and value else value)
        kinds[name] = list[kind] if many else kind  # type: ignore[valid-type]
    return kinds


def _kind_of(value: Any) -> Any:
    for kind in (bool, int, float, datetime, date):
        if isinstance(value, kind):
            return kind
    return str


def _escaped(value: Any) -> str:
    """Return a converted value as it stands in a URL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else str(value)
    return text.translate(_ESCAPES) if text.isascii() else quote(text, safe="")


_ESCAPES = {code: quote(chr(code), safe="") for code in range(128)}


def _segment(value: Any) -> str:
    if value is None:
        raise TypeError("required")
    text = text_value(value)
    if not text.strip():
        raise ValueError("empty; give an id")
    if has_control(text) or any(part in (".", "..") for part in re.split(r"[/\\]", text)):
        raise ValueError(f"not usable in a path: {shown(value)}")
    if len(text) > LONGEST_SEGMENT:
        raise ValueError(f"longer than {LONGEST_SEGMENT} characters")
    return text


LONGEST_SEGMENT = 1000
"""Characters of a path argument at most; ids are far shorter."""


# Body.


def _body(value: Any, kind: Any, form: bool, problems: Problems) -> bytes | None:
    if value is None:
        problems.append(("body", TypeError("required")))
        return None
    try:
        wire = _checked(value, kind, "body", problems)
        if problems:
            return None
        return _form(wire, problems) if form else msgspec.json.encode(wire)
    except RecursionError:
        problems.append(("body", ValueError("nested too deeply")))
        return None


def _form(wire: Mapping[str, Any], problems: Problems) -> SecretBytes:
    pairs: list[str] = []
    for name, value in wire.items():
        if isinstance(value, (dict, list)):
            problems.append((f"body.{name}", TypeError("a form holds no lists and no objects")))
        elif value is not None:
            pairs.append(f"{_escaped(name)}={_escaped(value)}")
    return SecretBytes("&".join(pairs).encode())


def to_wire(value: Any, place: str = "value") -> Any:
    """Return models, dates, tuples, ... as values that JSON has; fields that are `None` are left out.

    Args:
        value: What the caller gave.
        place: How errors call it.

    Raises:
        ApiTypeError: A value has no form in JSON.
        ApiValueError: A number or text cannot be sent.
    """
    problems, wire = Problems(), None
    try:
        wire = _checked(value, Any, place, problems, complete=False)
    except RecursionError:
        problems.append((place, ValueError("nested too deeply")))
    problems.raise_if_any("to_json")
    return wire


def _checked(value: Any, kind: Any, place: str, problems: Problems, complete: bool = True) -> Any:
    """Return the wire form of a value; note where it is not of its kind.

    Args:
        value: What the caller gave.
        kind: What the contract wants there; `Any` where it wants nothing in particular.
        place: Where the value stands, such as `body.images[0].size`.
        problems: What is wrong so far.
        complete: Whether required fields must be there.
    """
    origin = typing.get_origin(kind)
    if hasattr(value, "required_fields") and origin not in decoding.LISTS:
        return _checked_model(value, kind, place, problems, complete)
    if origin in (typing.Union, types.UnionType):
        return _checked(value, _chosen(value, kind), place, problems, complete)
    if origin in decoding.LISTS:
        item_kind = typing.get_args(kind)[0]
        if not isinstance(value, (list, tuple)):
            problems.append((place, TypeError(f"expected a list, got {shown(value)}")))
            return None
        for index, item in enumerate(value):
            if item is None:
                problems.append((f"{place}[{index}]", TypeError("None in a list")))
        return [
            _checked(item, item_kind, f"{place}[{index}]", problems, complete)
            for index, item in enumerate(value)
            if item is not None
        ]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if not isinstance(value, Mapping):
            got = type(value).__name__ if kind.secret_fields else shown(value)  # type: ignore[attr-defined]
            problems.append((place, TypeError(f"expected {kind.__name__} or dict, got {got}")))
            return None
        return _checked_dict(value, kind, place, problems)
    if kind in CONVERTERS:
        return problems.attempt(place, CONVERTERS[kind], value)
    return _free(value, place, problems, complete)


def _chosen(value: Any, kind: Any) -> Any:
    """Return the member of a union that a plain value is meant for."""
    members = [member for member in typing.get_args(kind) if member is not types.NoneType]
    if isinstance(value, Mapping):
        free = [member for member in members if typing.get_origin(member) is dict]
        models = [member for member in members if hasattr(member, "required_fields")]
        return (free or [m for m in models if not _unknown(value, m)] or models or members)[0]
    return str if any(typing.get_origin(member) is typing.Literal for member in members) else members[0]


def _checked_model(value: Any, kind: Any, place: str, problems: Problems, complete: bool) -> Any:
    model: Any = type(value)
    accepted = [member for member in (kind, *typing.get_args(kind)) if hasattr(member, "required_fields")]
    if kind is not Any and not isinstance(value, tuple(accepted)):
        wanted = _names(accepted) or decoding.type_name(kind)
        problems.append((place, TypeError(f"expected {wanted}, got {model.__name__}")))
        return None
    wire: dict[str, Any] = {}
    for field in decoding.fields_of(model).values():
        item = getattr(value, field.name)
        if item is not None:
            where = f"{place}.{field.name}"
            wire[field.wire] = _checked_field(item, field, model, where, problems, complete)
    wire.update(_free(value.additional_properties, place, problems, complete))
    if complete:
        _require(wire, model, place, problems)
    return wire


def _checked_dict(value: Mapping[str, Any], model: Any, place: str, problems: Problems) -> dict[str, Any]:
    fields = {field.wire: field for field in decoding.fields_of(model).values()}
    for name in _unknown(value, model):
        hint = did_you_mean(str(name), fields)
        problems.append((f"{place}.{name}", TypeError(f"{model.__name__} has no such field{hint}")))
    wire = {
        name: _checked_field(item, fields[name], model, f"{place}.{name}", problems)
        for name, item in value.items()
        if name in fields and item is not None
    }
    _require(wire, model, place, problems)
    return wire


def _checked_field(
    item: Any, field: decoding.Field, model: Any, place: str, problems: Problems, complete: bool = True
) -> Any:
    """Return the wire form of a field; what is wrong with a secret is said without showing it."""
    secret = field.name in model.secret_fields
    noted = Problems() if secret else problems
    wire = _checked(item, field.type if complete else Any, place, noted, complete)
    if secret:
        hidden = f"not usable as {field.type_name} ({type(item).__name__}; secret, so not shown)"
        problems.extend((where, type(problem)(hidden)) for where, problem in noted)
    return wire


def _require(wire: Mapping[str, Any], model: Any, place: str, problems: Problems) -> None:
    for name in model.required_fields:
        if name not in wire:
            problems.append((f"{place}.{name}", TypeError("required")))


def _unknown(value: Mapping[str, Any], model: Any) -> list[str]:
    known = {field.wire for field in decoding.fields_of(model).values()}
    return [name for name in value if name not in known]


def _names(kinds: Iterable[type]) -> str:
    return " or ".join(kind.__name__ for kind in kinds)


_FREE: tuple[tuple[type, Convert], ...] = (
    (str, text_value),
    (Real, number_value),
    (datetime, moment_text),
    (date, date_value),
)


def _free(value: Any, place: str, problems: Problems, complete: bool) -> Any:
    """Return the wire form of a value that the contract says nothing about."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                problems.append((place, TypeError(f"expected text as key, got {shown(key)}")))
        return {
            problems.attempt(place, text_value, key) if isinstance(key, str) else None: _checked(
                item, Any, f"{place}.{key}", problems, complete
            )
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [
            _checked(item, Any, f"{place}[{index}]", problems, complete) for index, item in enumerate(value)
        ]
    if isinstance(value, Enum) and not isinstance(value, (str, int, float)):
        return _checked(value.value, Any, place, problems, complete)
    for kind, convert in _FREE:
        if isinstance(value, kind):
            return problems.attempt(place, convert, value)
    problems.append((place, TypeError(f"{shown(value)} has no form in JSON")))
    return None
