"""The options of an operation's command, and the values of the call."""

from __future__ import annotations

import inspect
import json
import re
import sys
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click

from shutterstock_api import models
from shutterstock_api.calls.binding import resolve
from shutterstock_api.commands.names import flag_of
from shutterstock_api.schema.fields import Field, JsonObject, fields_of
from shutterstock_api.schema.operation import Operation

_SCALARS = {"str": str, "int": int, "float": float, "bool": bool}
_METAVARS = {date: "DATE", datetime: "TIME"}


class MethodTexts(NamedTuple):
    """The contents of a method's docstring."""

    summary: str
    description: str
    arguments: Mapping[str, str]


def texts_of(method: Callable[..., Any]) -> MethodTexts:
    """Return the contents of a method's docstring."""
    text, _, rest = inspect.cleandoc(method.__doc__ or "").partition("\n\nArgs:\n")
    arguments = rest.partition("\n\n")[0]
    found = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", arguments, re.MULTILINE)
    summary, _, description = text.partition("\n\n")
    return MethodTexts(
        summary, description.partition("\n\nReturns:")[0], {name: _one_line(said) for name, said in found}
    )


def parameters_of(operation: Operation[Any], texts: Mapping[str, str]) -> list[click.Parameter]:
    """Return the arguments and options of an operation's command.

    Values in the path and required lists of ids are arguments; everything else is an option.

    Args:
        operation: The operation.
        texts: The help text of each argument.
    """
    made: list[click.Parameter] = [click.Argument([name], metavar=name.upper()) for name in operation.path]
    for name, kind in operation.query.items():
        many = typing.get_origin(kind) is list
        if many and name in operation.required and name.endswith("id"):
            made.append(click.Argument([name], nargs=-1, required=True, metavar=f"{name.upper()}..."))
        else:
            kind = typing.get_args(kind)[0] if many else kind
            made.append(_value_option(name, kind, many, name in operation.required, texts.get(name)))
    made += [_value_option(name, str, False, False, texts.get(name)) for name in operation.header]
    if operation.body:
        fields = {
            name: field for name, field in _body_fields(operation).items() if name not in operation.names
        }
        documents = getattr(resolve(operation.body), "__slots__", {})
        made += [_body_option(field, documents.get(name)) for name, field in fields.items()]
        made.append(
            click.Option(
                ["--body"],
                metavar="JSON",
                help="The whole body as JSON; @FILE reads a file, - standard input. "
                + (texts.get("body") or ""),
            )
        )
    return made


def call_values(operation: Operation[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call.

    Args:
        operation: The operation.
        given: The values on the command line, by the names of the parameters.

    Raises:
        click.UsageError: There is no body, or it is not JSON.
    """
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if name in operation.names and name != "body" and value not in (None, ())
    }
    if operation.body:
        values["body"] = _given_body(operation, given)
    return values


def _value_option(name: str, kind: Any, many: bool, required: bool, text: str | None) -> click.Option:
    flag = flag_of(name)
    names = [name, f"{flag}/--no-{flag[2:]}" if kind is bool and not many else flag]
    text = " ".join(filter(None, (text, "Can be given several times." if many else None)))
    options: dict[str, Any] = {"help": text, "required": required, "multiple": many}
    if kind is bool and not many:
        options["default"] = None  # neither: the service decides
    else:
        options |= {"type": kind if kind in (int, float) else str, "metavar": _METAVARS.get(kind)}
    return click.Option(names, **options)


def _one_line(text: str) -> str:
    return " ".join(text.replace("`", "").split())


# Bodies.


def _body_fields(operation: Operation[Any]) -> dict[str, Field]:
    """Return the fields of a body that can be options: single values, or lists of them.

    Secrets cannot, since other users of the machine can see command lines.
    """
    model: Any = resolve(operation.body)
    if not (isinstance(model, type) and issubclass(model, JsonObject)):
        return {}
    known: Any = model
    return {
        name: field
        for name, field in fields_of(known).items()
        if name not in known.secret_fields
        and (_inner(field) in _SCALARS or _only_field(_inner(field)) is not None)
    }


def _inner(field: Field) -> str:
    """Return the name of the type of a field, or of the items of its list."""
    return field.type_name.removeprefix("list[").removesuffix("]")


def _only_field(name: str) -> str | None:
    """Return the only required field of a model; its value alone can stand for the model."""
    model = getattr(models, name, None) if name in models.__all__ else None
    required: tuple[str, ...] = getattr(model, "required_fields", ())
    return required[0] if len(required) == 1 else None


def _body_option(field: Field, text: str | None) -> click.Option:
    kind = _SCALARS.get(_inner(field), str)
    many = field.type_name.startswith("list[")
    return _value_option(field.name, kind, many, False, _one_line(text or ""))


def _given_body(operation: Operation[Any], given: Mapping[str, Any]) -> Any:
    """Return the body of a call."""
    text = given.get("body")
    whole = None if text is None else _parsed("--body", _text_of_body(text))
    parts = {
        field.wire: _field_value(field, given[name])
        for name, field in _body_fields(operation).items()
        if name not in operation.names and given.get(name) not in (None, ())
    }
    if whole is None and not parts and not _may_be_empty(operation):
        raise click.UsageError(f"This command needs a body: give {_needed_options(operation)}--body.")
    if whole is not None and parts and not isinstance(whole, dict):
        raise click.UsageError("--body is a list, so it cannot be combined with options for single fields.")
    return {**whole, **parts} if isinstance(whole, dict) else parts if whole is None else whole


def _needed_options(operation: Operation[Any]) -> str:
    """Return the options that make a body; an empty text if options cannot."""
    required = resolve(operation.body).required_fields
    known = _body_fields(operation).keys() - operation.names
    return f"{' and '.join(map(flag_of, required))}, or " if known.issuperset(required) else ""


def _may_be_empty(operation: Operation[Any]) -> bool:
    model = resolve(operation.body)
    return not getattr(model, "required_fields", ("items",))


def _field_value(field: Field, value: Any) -> Any:
    convert: Callable[[Any], Any] = partial(_item_of_list, _only_field(_inner(field)))
    return [convert(one) for one in value] if isinstance(value, tuple) else convert(value)


def _item_of_list(name: str | None, value: Any) -> Any:
    """Return an item of a list: an object as JSON, or the value of its only required field."""
    if name is None:
        return value
    return _parsed("the item", value) if value.startswith("{") else {name: value}


def _text_of_body(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).expanduser().read_text("utf-8")
    except (OSError, ValueError) as error:
        raise click.UsageError(f"--body: {text[1:]} cannot be read: {error}") from None


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"{name} is not JSON: {error}") from None
