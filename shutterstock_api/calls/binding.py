"""Turns arguments into path, query, headers and body. Types are checked here, before anything is sent, and
all problems are reported together. The service checks values, because its enums and ranges grow.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

import msgspec

from shutterstock_api.schema.headers import checked_headers, has_control
from shutterstock_api.schema.operation import Operation
from shutterstock_api.schema.values import (
    CONVERTERS,
    EMPTY,
    ArgumentProblems,
    shown,
    text_value,
)
from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.support.masking import SecretBytes
from shutterstock_api.support.text import did_you_mean

if TYPE_CHECKING:
    from shutterstock_api.schema.values import Convert


# Path and query.


def bind(
    operation: Operation[Any],
    values: Sequence[Any],
    safe: str = "",
    problems: ArgumentProblems | None = None,
) -> tuple[str, Any]:
    """Return the target (path and query) and the body of a request: a form, or a value for `encoded`.

    Args:
        operation: The operation.
        values: Its arguments in the order of `operation.names`; `None` if not given.
        safe: Characters that are not encoded in a path argument.
        problems: Problems that are already known; they are reported along with the rest.

    Raises:
        ApiTypeError: An argument has the wrong type or is missing.
        ApiValueError: A value cannot be sent.
    """
    problems = ArgumentProblems() if problems is None else problems
    target = operation.template
    for name, value in zip(operation.path, values, strict=False):
        segment = problems.attempt(name, _segment, value)
        target = target.replace(f"{{{name}}}", quote(segment or "", safe=safe.translate(_NEVER_SAFE)))
    body = None
    if operation.body:
        *values, content = values
        body = _body(content, resolve(operation.body), operation.form, problems)
    first = len(operation.path)
    pairs = _query(operation, values[first : first + len(operation.query)], problems)
    if problems:
        problems.raise_if_any(operation.name)
    return (f"{target}?{'&'.join(pairs)}" if pairs else target), body


def header_arguments(
    operation: Operation[Any], values: Sequence[Any], problems: ArgumentProblems
) -> dict[str, str]:
    """Return the headers that arguments become, and add what is wrong with them to `problems`."""
    headers: dict[str, str] = {}
    given = values[len(operation.path) + len(operation.query) :]
    for (name, header), value in zip(operation.header.items(), given, strict=False):
        if value is not None:
            headers |= problems.attempt(name, checked_headers, {header: value}) or {}
    return headers


def _query(operation: Operation[Any], values: Sequence[Any], problems: ArgumentProblems) -> list[str]:
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
            problems.append((name, TypeError(f"{EMPTY} value")))
    return pairs


def _explained(problem: Exception, parameter: _Parameter, value: Any) -> Exception:
    if parameter.many and isinstance(value, Iterable) and not isinstance(value, (str, list, tuple)):
        return TypeError(f"expected a list, a tuple or a single value, got {shown(value)}")
    return problem


_NEVER_SAFE = dict.fromkeys(map(ord, "%?#"))
"""Characters that would end or change a path, whatever `safe_chars_for_path_param` says."""


class _Parameter(NamedTuple):
    """How an argument becomes part of the query."""

    name: str
    key: str
    """Its name, encoded for a URL."""
    many: bool
    convert: Convert


def _plan(operation: Operation[Any]) -> list[_Parameter]:
    """Find out, once for each operation, how its arguments become a query."""
    plan: list[_Parameter] = []
    for name, kind in operation.query.items():
        many = typing.get_origin(kind) is list
        convert = CONVERTERS[typing.get_args(kind)[0] if many else kind]
        plan.append(_Parameter(name, _escaped(name), many, convert))
    operation.plan = plan
    return plan


def names_and_values(name: str, value: Any) -> Mapping[Any, Any]:
    """Return an argument that maps names to values; empty if it is `None`.

    Raises:
        ApiTypeError: It is not such a mapping.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ApiTypeError(f"{name}: expected names and values in a dict, got {shown(value)}")
    return value


def query_pairs(query: Any) -> list[tuple[str, Any]]:
    """Return the arguments of a query as pairs, whether they are given as a dict or as pairs."""
    try:
        return [
            (str(name), value) for name, value in (query.items() if isinstance(query, dict) else query or ())
        ]
    except (TypeError, ValueError):
        raise ApiTypeError("query_params: expected a dict, or pairs of a name and a value") from None


def query_kinds(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the types of query arguments that the contract does not describe."""
    kinds: dict[str, Any] = {}
    for name, value in query.items():
        many = isinstance(value, (list, tuple))
        kind = _kind_of(value[0] if many and value else value)
        kinds[name] = list[kind] if many else kind  # type: ignore[valid-type]
    return kinds


def free_operation(
    method: str, path: str, query: Mapping[str, Any], has_body: bool, returns: Any
) -> Operation[Any]:
    """Return an operation that the contract does not describe.

    Args:
        method: HTTP verb.
        path: Path below the host.
        query: Query arguments.
        has_body: Whether it has a body.
        returns: The type of the answer, or text that names it; `None` for no answer.

    Raises:
        ApiTypeError: There is no such type.
        ApiValueError: It is not a verb or not a path.
    """
    if not isinstance(method, str) or not isinstance(path, str):
        raise ApiTypeError(f"expected a verb and a path, got {shown(method)} and {shown(path)}")
    method = method.upper()
    if not path.startswith("/") or not method.isalpha():
        raise ApiValueError(f"{method} {path}: expected a verb and a path that starts with '/'")
    plain = unquote(path)
    if any(part in (".", "..") for part in plain.split("/")) or not plain.isprintable() or " " in path:
        raise ApiValueError(f"path: {path!r} contains white space, control characters, '.' or '..'")
    if "?" in path or "#" in path:
        raise ApiValueError(f"path: {path!r} is more than a path; pass the rest as query=")
    type_of_answer(returns)  # a wrong type is found now, not when the answer arrives
    buys, medium = method == "POST" and plain.lower().rstrip("/").endswith("/licenses"), None
    if buys:
        from shutterstock_api.licensing.request import medium_at

        medium = medium_at(path)
    return Operation(
        f"{method} {path}",
        method,
        path,
        query=query_kinds(query),
        body="object" if has_body else None,
        returns=returns,
        basic=True,
        sending="license" if buys else None,
        medium=medium,
        empty=not buys,
    )


def _kind_of(value: Any) -> Any:
    for kind in (bool, int, float, datetime, date):
        if isinstance(value, kind):
            return kind
    return str


def _escaped(value: Any) -> str:
    """Return a converted value as it is written in a URL."""
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
"""The most characters of a path argument; ids are far shorter."""


# Body.


def encoded(body: Any) -> bytes | None:
    """Return a body as it is sent."""
    return body if body is None or isinstance(body, SecretBytes) else msgspec.json.encode(body)


def place_in_body(operation: Operation[Any], name: str) -> str:
    """Return how to write a field of the body that was given as an argument; an empty text if it is none."""
    from shutterstock_api.schema.encoding import with_field

    written = operation.body and with_field(resolve(operation.body), name)
    return f"; give it in the body: {written}" if written else ""


def _body(value: Any, kind: Any, form: bool, problems: ArgumentProblems) -> Any:
    if value is None:
        problems.append(("body", TypeError("required")))
        return None
    from shutterstock_api.schema.encoding import wire_form

    try:
        wire = wire_form(value, kind, "body", problems)
        if problems:
            return None
        return _form(wire, problems) if form else wire
    except RecursionError:
        problems.append(("body", ValueError("nested too deeply")))
        return None


def _form(wire: Mapping[str, Any], problems: ArgumentProblems) -> SecretBytes:
    pairs: list[str] = []
    for name, value in wire.items():
        if isinstance(value, (dict, list)):
            problems.append((f"body.{name}", TypeError("a form cannot contain lists or objects")))
        elif value is not None:
            pairs.append(f"{_escaped(name)}={_escaped(value)}")
    return SecretBytes("&".join(pairs).encode())


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
    """Return the type that the caller of `request` passes or names.

    Raises:
        ApiTypeError: An answer cannot have this type.
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
