"""The reference pages: the contents of their tables, links and examples."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from codegen.contract.kinds import Array, EnumRef, FreeForm, Kind, Map, ModelRef, OneOf, Plain
from codegen.contract.naming import snake
from codegen.contract.operations import Operation
from codegen.contract.parameters import Parameter
from codegen.contract.schemas import Facts, Field, Model
from codegen.contract.spec import Api, ModelUse, Spec

_ERRORS = {
    "400": "BadRequestError",
    "401": "UnauthorizedError",
    "403": "ForbiddenError",
    "404": "NotFoundError",
    "409": "ConflictError",
    "429": "RateLimitError",
}
_DATETIME_NAMES = frozenset({"date", "datetime", "timezone"})


File: TypeAlias = tuple[str, str, str | None, dict[str, object]]
"""Its path, its template, its OpenAPI file if there is only one, and its values."""


def pages(spec: Spec) -> Iterator[File]:
    """Every page."""
    for api in spec.apis:
        yield f"docs/{api.name}.md", "api.md.jinja", api.file, {"api": api}
    for model in spec.models.values():
        values: dict[str, object] = {"model": model, "use": spec.uses[model.name]}
        values |= {"items": spec.list_field(model)}
        yield f"docs/{model.name}.md", "model.md.jinja", model.node.file, values
    yield "docs/Methods.md", "methods.md.jinja", None, {"apis": spec.apis}
    yield "docs/Models.md", "models.md.jinja", None, {"groups": _models_by_class(spec)}
    yield "docs/Enums.md", "enums.md.jinja", None, {"enums": spec.enums.values()}


def _models_by_class(spec: Spec) -> dict[str, list[Model]]:
    """The models, grouped by the classes whose files describe them, and those that several classes share."""
    names = {api.file: api.name for api in spec.apis}
    groups: dict[str, list[Model]] = {name: [] for name in (*names.values(), "Shared")}
    for model in spec.models.values():
        groups[names.get(model.node.file, "Shared")].append(model)
    return {name: models for name, models in groups.items() if models}


def cell(text: str) -> str:
    """A text as it is written in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def linked(kind: Kind) -> str:
    """A type, linked to its page."""
    match kind:
        case Plain(names):
            return " or ".join(f"`{name}`" for name in names)
        case EnumRef(name):
            return f"[{name}](Enums.md#{name.lower()})"
        case ModelRef(name, open=True):
            return f"[{name}]({name}.md) or `dict`"
        case ModelRef(name):
            return f"[{name}]({name}.md)"
        case Array(item):
            return f"list of {linked(item)}"
        case Map(item):
            return f"`dict` of {linked(item)}"
        case FreeForm():
            return "`dict[str, Any]`"
        case OneOf(members):
            return " or ".join(linked(member) for member in members)


def methods(found: tuple[tuple[str, str], ...]) -> str:
    """Links to methods."""
    return ", ".join(f"[`{name}`]({api}.md#{name})" for api, name in found)


def instead(operation: Operation) -> str:
    """The method to call instead of a replaced operation."""
    if operation.replaced_by is None:
        return ""
    api, _, name = operation.replaced_by.partition(".")
    return f" Use [`{operation.replaced_by}`]({api}.md#{name}) instead."


def parameter_notes(parameter: Parameter) -> str:
    notes = ["required" if parameter.required else "optional"]
    if parameter.location == "header":
        notes.append(f"the header `{parameter.wire}`")
    notes += _notes(parameter.facts)
    if parameter.example and not parameter.facts.default:
        notes.append(f"such as `{parameter.example}`")
    return "; ".join(notes)


def field_notes(field: Field, use: ModelUse) -> str:
    notes = ["required"] if use.is_request and field.required else []
    if field.name != field.wire:
        notes.append(f"`{field.wire}` in JSON")
    return "; ".join([*notes, *_notes(field.facts)])


def signature(operation: Operation) -> str:
    """The call as it is shown in the heading: `get_image(id, *, language=None)`."""
    names = [parameter.name for parameter in operation.required] + ["body"] * bool(operation.body)
    optional = [f"{parameter.name}=None" for parameter in operation.optional]
    return f"{operation.shown}({', '.join([*names, *['*'] * bool(optional), *optional])})"


def errors(operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Status, error class and meaning of every documented failure."""
    for status, meaning in operation.statuses:
        if status != success(operation):
            yield status, error_class(status), meaning


def error_class(status: str) -> str:
    return "ServerError" if status.startswith("5") else _ERRORS.get(status, "ApiException")


def success(operation: Operation) -> str:
    """The status of the successful answer."""
    good = "302" if operation.location else "2"
    return next(status for status, _ in operation.statuses if status.startswith(good))


def content_type(operation: Operation) -> str:
    if operation.body is None:
        return "none"
    return "application/x-www-form-urlencoded" if operation.body.form else "application/json"


def call_example(api: Api, operation: Operation) -> str:
    """A program that calls the method."""
    arguments = [p.example or "" for p in operation.required] + ["body"] * bool(operation.body)
    arguments += [f"{p.name}={p.example}" for p in operation.optional if p.shown]
    call = f"client.{api.stem}.{operation.shown}({', '.join(arguments)})"
    lines = ["client = shutterstock_api.ApiClient()"]
    if operation.body:
        lines.append(f"body = {operation.body.example}")
    lines += [f"result = {call}", "print(result)"] if operation.returns else [call]
    return _program("\n".join(lines))


def model_example(name: str, code: str) -> str:
    """A program that builds the model."""
    return _program(f"{snake(name)} = {code}\nprint({snake(name)})")


def _program(body: str) -> str:
    names = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    used = sorted(names & _DATETIME_NAMES)
    imports = "import os\n" * ("os" in names)
    imports += f"from datetime import {', '.join(used)}\n" if used else ""
    return f"{imports}\nimport shutterstock_api\n\n{body}".strip()


def _notes(facts: Facts) -> list[str]:
    notes = ["**deprecated**"] if facts.deprecated else []
    if facts.secret:
        notes.append("not shown by `repr`")
    if facts.limits:
        notes.append(facts.limits)
    if facts.default is not None:
        notes.append(f"default `{facts.default}`")
    return notes
