"""Arguments -> path, query and JSON body. Shapes are checked here, before anything is sent: types,
missing and misspelt names, text that cannot travel. All that is wrong is reported together.

Values are left to the service: its enums and ranges grow.
"""

from __future__ import annotations

import math
import re
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from enum import Enum
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from shutterstock_api import decoding
from shutterstock_api.exceptions import ApiTypeError, ApiValueError, did_you_mean, shorten

if TYPE_CHECKING:
    from collections.abc import Callable

    from shutterstock_api.operation import Operation

    Convert = Callable[[Any], Any]

_unreserved = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch
_control = re.compile(r"[\x00-\x1f\x7f]").search


class Problems(list[tuple[str, Exception]]):
    """What is wrong with the arguments of one call, each with its place."""

    def attempt(self, place: str, convert: Convert, value: Any) -> Any:
        """Return `convert(value)`; note what it refuses."""
        try:
            return convert(value)
        except (TypeError, ValueError) as problem:
            self.append((place, problem))
            return None

    def raise_if_any(self, subject: str) -> None:
        """Raise one error that names all of them."""
        if not self:
            return
        lines = "".join(f"\n  - {place}: {problem}" for place, problem in self)
        wrong_type = any(isinstance(problem, TypeError) for _, problem in self)
        error = ApiTypeError if wrong_type else ApiValueError
        raise error(f"{subject}: nothing was sent, because of{lines}")


# One argument.


def _text(value: Any) -> str:
    if type(value) is str and value.isascii():  # most often, and nothing can be wrong with it
        return value
    if not isinstance(value, str):
        hint = f"; write {str(value)!r}" if isinstance(value, int) and not isinstance(value, bool) else ""
        raise TypeError(f"expected str, got {_shown(value)}{hint}")
    text = str.__str__(value)  # the text itself, also of an enum member
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"broken text, it holds half a character: {_shown(value)}") from None
    return text


def _integer(value: Any) -> int:
    if type(value) is int:
        return _bounded(value)
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"expected int, got {_shown(value)}")
    return _bounded(int(value))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"expected a number, got {_shown(value)}")
    number = int(value) if isinstance(value, Integral) else float(value)
    if isinstance(number, int):
        return _bounded(number)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number that can be sent")
    return number


def _bounded(number: int) -> int:
    if number.bit_length() > LONGEST_INTEGER:  # Python refuses to write very long ones
        raise ValueError("too large to be sent")
    return number


LONGEST_INTEGER = 1024
"""Bits of an integer at most; a float, too, ends there."""


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected True or False, got {_shown(value)}")
    return value


def _date(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _iso_text(value, date, "2026-01-31")


def _instant(value: Any) -> str:
    if isinstance(value, datetime):  # the service counts in UTC
        return _moment(value if value.tzinfo else value.replace(tzinfo=timezone.utc))
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    return _iso_text(value, datetime, "2026-01-31T12:00:00Z")


def _moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _date_or_instant(value: Any) -> str:
    if isinstance(value, datetime):
        return _instant(value)
    try:
        return _date(value)
    except ValueError:
        return _instant(value)


def _iso_text(value: Any, kind: type[date], example: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a date, a datetime or ISO text, got {_shown(value)}")
    try:
        msgspec.convert(value, kind)
    except ValueError:
        raise ValueError(f"expected ISO text such as {example!r}, got {_shown(value)}") from None
    return str.__str__(value)


_CONVERTERS: dict[Any, Convert] = {
    str: _text,
    int: _integer,
    float: _number,
    bool: _boolean,
    date: _date,
    datetime: _instant,
    date | datetime: _date_or_instant,
}


def _shown(value: Any) -> str:
    return f"{shorten(repr(value), 60)} ({type(value).__name__})"


# Path and query.


def bind(
    operation: Operation[Any],
    arguments: Mapping[str, Any],
    safe: str = "",
    problems: Iterable[tuple[str, Exception]] = (),
) -> tuple[str, bytes | None]:
    """Return target (path and query) and body of a request.

    Args:
        operation: What is called.
        arguments: Its arguments by name; `None` where not given.
        safe: Characters that need no encoding in a path argument.
        problems: What is known to be wrong already; it is reported along with the rest.

    Raises:
        ApiTypeError: An argument has the wrong type or is missing.
        ApiValueError: A value cannot be sent.
    """
    problems = Problems(problems)
    target = operation.template
    for name in operation.path:
        segment = problems.attempt(name, _segment, arguments[name])
        target = target.replace(f"{{{name}}}", quote(segment or "", safe=safe))
    pairs = _query(operation, arguments, problems)
    for name in operation.required:
        value = arguments[name]
        if value is None or (isinstance(value, (list, tuple)) and not value):
            problems.append((name, TypeError("required; give at least one value")))
    body = None
    if operation.body:
        body = _body(arguments["body"], decoding.resolve(operation.body), problems)
    problems.raise_if_any(operation.name)
    return (f"{target}?{'&'.join(pairs)}" if pairs else target), body


def _query(operation: Operation[Any], arguments: Mapping[str, Any], problems: Problems) -> list[str]:
    """Return the parts of the query, such as `page=2`."""
    plan = operation.plan or _plan(operation)
    pairs: list[str] = []
    for name, value in arguments.items():
        if value is None or name not in plan:
            continue
        key, many, convert = plan[name]
        for index, item in enumerate(value if many and isinstance(value, (list, tuple)) else (value,)):
            try:
                pairs.append(f"{key}={_escaped(convert(item))}")
            except (TypeError, ValueError) as problem:
                if item is value and many and isinstance(value, Iterable) and not isinstance(value, str):
                    problem = TypeError(f"expected a list, a tuple or a single value, got {_shown(value)}")
                problems.append((name if item is value else f"{name}[{index}]", problem))
    return pairs


def _plan(operation: Operation[Any]) -> dict[str, tuple[str, bool, Convert]]:
    """Work out, once for each operation, how each query argument is written and converted."""
    plan: dict[str, tuple[str, bool, Convert]] = {}
    for name, kind in operation.query.items():
        many = typing.get_origin(kind) is list
        convert = _CONVERTERS[typing.get_args(kind)[0] if many else kind]
        plan[name] = _escaped(name), many, convert
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
    if value is True:
        return "true"
    if value is False:
        return "false"
    text = value if isinstance(value, str) else str(value)
    return text if _unreserved(text) else quote(text, safe="")


def _segment(value: Any) -> str:
    if value is None:
        raise TypeError("required")
    text = _text(value)
    if not text.strip():
        raise ValueError("empty; give an id")
    if _control(text) or any(part in (".", "..") for part in re.split(r"[/\\]", text)):
        raise ValueError(f"not usable in a path: {_shown(value)}")
    if len(text) > LONGEST_SEGMENT:
        raise ValueError(f"longer than {LONGEST_SEGMENT} characters")
    return text


LONGEST_SEGMENT = 1000
"""Characters of a path argument at most; ids are far shorter."""


# Body.


def _body(value: Any, kind: Any, problems: Problems) -> bytes | None:
    if value is None:
        problems.append(("body", TypeError("required")))
        return None
    try:
        wire = _checked(value, kind, "body", problems)
        return None if problems else msgspec.json.encode(wire)
    except RecursionError:
        problems.append(("body", ValueError("nested too deeply")))
        return None


def to_wire(value: Any) -> Any:
    """Return models, dates, tuples, ... as values that JSON has; fields that are `None` are left out.

    Raises:
        ApiTypeError: A value has no form in JSON.
        ApiValueError: A number or text cannot be sent.
    """
    problems = Problems()
    try:
        wire = _checked(value, Any, "value", problems, complete=False)
    except RecursionError:
        problems.append(("value", ValueError("nested too deeply")))
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
    if isinstance(value, msgspec.Struct) and origin is not list:
        return _checked_model(value, kind, place, problems, complete)
    if origin in (typing.Union, types.UnionType):
        return _checked(value, _chosen(value, kind), place, problems, complete)
    if origin is list:
        item_kind = typing.get_args(kind)[0]
        if not isinstance(value, (list, tuple)):
            problems.append((place, TypeError(f"expected a list, got {_shown(value)}")))
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
            problems.append((place, TypeError(f"expected {kind.__name__} or dict, got {_shown(value)}")))
            return None
        return _checked_dict(value, kind, place, problems)
    if kind in _CONVERTERS:
        return problems.attempt(place, _CONVERTERS[kind], value)
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
        problems.append((place, TypeError(f"expected {_names(accepted) or decoding.type_name(kind)}, got {model.__name__}")))
        return None
    wire: dict[str, Any] = {}
    for field in decoding.fields_of(model).values():
        item = getattr(value, field.name)
        if item is not None:
            item_kind = field.type if complete else Any
            wire[field.wire] = _checked(item, item_kind, f"{place}.{field.name}", problems, complete)
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
        name: _checked(item, fields[name].type, f"{place}.{name}", problems)
        for name, item in value.items()
        if name in fields and item is not None
    }
    _require(wire, model, place, problems)
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


def _free(value: Any, place: str, problems: Problems, complete: bool) -> Any:
    """Return the wire form of a value that the contract says nothing about."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                problems.append((place, TypeError(f"expected text as key, got {_shown(key)}")))
        return {
            problems.attempt(place, _text, key) if isinstance(key, str) else None: _checked(
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
    for kind, convert in ((str, _text), (Real, _number), (datetime, _moment), (date, _date)):
        if isinstance(value, kind):
            return problems.attempt(place, convert, value)
    problems.append((place, TypeError(f"{_shown(value)} has no form in JSON")))
    return None
