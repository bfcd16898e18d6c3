"""The contract: which requests are in order, and whether an answer is one that was promised.

Reads `openapi/*.yaml`. OpenAPI 3.1 schemas are JSON Schema 2020-12, so a JSON Schema library judges them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import jsonschema_rs
import yaml

from shutterstock_api.sandbox.http.messages import Refusal, not_found

Schema = dict[str, Any]

_METHODS = ("get", "post", "delete", "put", "patch")
_ANNOTATIONS = frozenset(("description", "example", "examples", "deprecated", "title"))
_FORMATS = {
    "asset-id": lambda text: re.fullmatch(r"[1-9]\d*", text) is not None,
    "country-code-2": lambda text: re.fullmatch(r"[A-Z]{2}", text) is not None,
    "negated-country-code-2": lambda text: re.fullmatch(r"NOT [A-Z]{2}", text) is not None,
}
_CODES = {
    "type": "VALIDATION_INVALID_TYPE",
    "required": "VALIDATION_REQUIRED",
    "additionalProperties": "VALIDATION_UNKNOWN",
    "unevaluatedProperties": "VALIDATION_UNKNOWN",
    "enum": "VALIDATION_INVALID_ENUM_VALUE",
    "const": "VALIDATION_INVALID_ENUM_VALUE",
    "pattern": "VALIDATION_INVALID_FORMAT",
    "format": "VALIDATION_INVALID_FORMAT",
    "minimum": "VALIDATION_OUT_OF_RANGE",
    "maximum": "VALIDATION_OUT_OF_RANGE",
    "exclusiveMinimum": "VALIDATION_OUT_OF_RANGE",
    "exclusiveMaximum": "VALIDATION_OUT_OF_RANGE",
    "minItems": "VALIDATION_OUT_OF_RANGE",
    "maxItems": "VALIDATION_OUT_OF_RANGE",
    "minLength": "VALIDATION_OUT_OF_RANGE",
    "maxLength": "VALIDATION_OUT_OF_RANGE",
    "maxProperties": "VALIDATION_OUT_OF_RANGE",
}
_NUMBERS = {"integer": (re.compile(r"-?\d{1,18}"), int), "number": (re.compile(r"-?\d+(\.\d+)?"), float)}


@dataclass(frozen=True)
class Parameter:
    """A path or query parameter."""

    name: str
    place: str
    required: bool
    schema: Schema
    kind: str
    default: Any


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    body_required: bool
    #: The media types in which the body may come.
    media: tuple[str, ...]
    answers: Mapping[str, Schema | None]
    #: The headers that an answer must have, by its status.
    headers: Mapping[str, tuple[str, ...]]
    #: Whether anybody may call it.
    public: bool
    allows_basic: bool
    scopes: tuple[str, ...]


class Contract:
    """All operations, found by request."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self._documents = {name: _absolute(document, name) for name, document in documents.items()}
        self._definitions = {
            f"{name}.{title}": _for_validation(schema)
            for name, document in self._documents.items()
            for title, schema in document.get("components", {}).get("schemas", {}).items()
        }
        found = [
            operation for document in self._documents.values() for operation in self._operations(document)
        ]
        self.operations: dict[str, Operation] = {operation.id: operation for operation in found}
        self.scopes: dict[str, str] = {}
        for document in self._documents.values():
            for scheme in document.get("components", {}).get("securitySchemes", {}).values():
                for flow in scheme.get("flows", {}).values():
                    self.scopes |= flow["scopes"]
        # Static paths come before those with an {id}, so /v2/images/search is never an image.
        by_path = sorted(
            found, key=lambda operation: [part.startswith("{") for part in operation.path.split("/")]
        )
        self._routes = [(_pattern(operation.path), operation) for operation in by_path]
        self._validator = cache(self._compile)

    def route(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation that a request means, and the values in its path; refuses others with 404 or 405."""
        allowed: list[str] = []
        template = None
        for pattern, operation in self._routes:
            match = pattern.fullmatch(path)
            if match is None or template not in (None, operation.path):
                continue
            if operation.method == method:
                return operation, {name: unquote(value) for name, value in match.groupdict().items()}
            template = operation.path
            allowed.append(operation.method)
        if allowed:
            raise Refusal(405, "Method Not Allowed", headers={"Allow": ", ".join(sorted(allowed))})
        raise not_found()

    def parameters(self, operation: Operation, path: Mapping[str, str], query: str) -> dict[str, Any]:
        """The values of all parameters, defaults included; a refusal tells everything that is wrong."""
        errors: list[dict[str, str]] = []
        kinds = {entry.name: entry.kind for entry in operation.parameters if entry.place == "query"}
        given = {"path": dict[str, Any](path), "query": _typed(kinds, query)}
        for place, values in given.items():
            errors += self._errors(f"$.{place}", self._validator(operation.id, place), values)
        if errors:
            raise Refusal(400, "Validation failed", errors)
        values = {parameter.name: parameter.default for parameter in operation.parameters}
        return (
            {name: value for name, value in values.items() if value is not None}
            | given["path"]
            | given["query"]
        )

    def check_body(self, operation: Operation, body: Any) -> None:
        """Refuse a request body that the contract does not allow."""
        errors = self._errors("$.body", self._validator(operation.id, "body"), body)
        if errors:
            raise Refusal(400, "Validation failed", errors)

    def form(self, operation: Operation, body: str) -> dict[str, Any]:
        """The fields of a form, each as the type that the contract has for it."""
        fields = self._resolve(operation.body or {}).get("properties", {})
        return _typed({name: self._kind(schema) for name, schema in fields.items()}, body)

    def violations(
        self,
        operation: Operation,
        status: int,
        body: Any,
        headers: Iterable[str] = (),
        *,
        partial: bool = False,
    ) -> list[str]:
        """What is wrong with an answer of the sandbox; `partial` answers may leave out any field."""
        if str(status) not in operation.answers:
            return [] if status >= 400 else [f"{operation.id}: status {status} is not in the contract"]
        if missing := set(operation.headers[str(status)]) - set(headers):
            return [f"{operation.id}: status {status} lacks {', '.join(sorted(missing))}"]
        if operation.answers[str(status)] is None:
            return [] if body is None else [f"{operation.id}: status {status} has no body in the contract"]
        validator = self._validator(operation.id, f"partial {status}" if partial else str(status))
        if validator.is_valid(body):  # many times as fast as to iterate over errors that are not there
            return []
        return [
            f"{operation.id}: {error['path']}: {error['message']}"
            for error in self._errors("$", validator, body)[:20]
        ]

    def _compile(self, operation_id: str, part: str) -> jsonschema_rs.Draft202012Validator:
        operation = self.operations[operation_id]
        definitions = self._definitions
        if part in ("path", "query"):
            mine = [parameter for parameter in operation.parameters if parameter.place == part]
            schema: Schema = {
                "type": "object",
                "properties": {parameter.name: _for_validation(parameter.schema) for parameter in mine},
                "required": [parameter.name for parameter in mine if parameter.required],
                "additionalProperties": False,
            }
        elif part == "body":
            schema = _for_validation(operation.body or {})
        else:
            partial, _, status = part.rpartition(" ")
            schema = _closed(_for_validation(operation.answers[status] or {}), partial=bool(partial))
            definitions = {name: _closed(value, partial=bool(partial)) for name, value in definitions.items()}
        return jsonschema_rs.Draft202012Validator(
            {"allOf": [schema], "$defs": definitions}, validate_formats=True, formats=_FORMATS
        )

    def _errors(
        self, root: str, validator: jsonschema_rs.Draft202012Validator, value: Any
    ) -> list[dict[str, str]]:
        return [entry for error in validator.iter_errors(value) for entry in _describe(root, error)]

    def _operations(self, document: Any) -> Iterator[Operation]:
        for path, item in document.get("paths", {}).items():
            for method in _METHODS:
                if method in item:
                    yield self._operation(document, path, method, item[method], item.get("parameters", []))

    def _operation(self, document: Any, path: str, method: str, node: Any, shared: list[Any]) -> Operation:
        security = node.get("security", document.get("security", []))
        scopes = [scope for option in security for scheme in option.values() for scope in scheme]
        body = self._resolve(node.get("requestBody", {}))
        answers = {status: self._resolve(answer) for status, answer in node["responses"].items()}
        return Operation(
            id=node["operationId"],
            method=method.upper(),
            path=path,
            parameters=tuple(
                self._parameter(self._resolve(entry)) for entry in [*shared, *node.get("parameters", [])]
            ),
            body=_schema(body),
            body_required=body.get("required", False),
            media=tuple(body.get("content", ())),
            answers={status: _schema(answer) for status, answer in answers.items()},
            headers={
                status: tuple(
                    name
                    for name, header in answer.get("headers", {}).items()
                    if self._resolve(header).get("required")
                )
                for status, answer in answers.items()
            },
            public=node.get("security") == [],
            allows_basic=any("basic" in option for option in security),
            scopes=tuple(scopes),
        )

    def _parameter(self, node: Any) -> Parameter:
        schema = node["schema"]
        return Parameter(
            name=node["name"],
            place=node["in"],
            required=node.get("required", False),
            schema=schema,
            kind=self._kind(schema),
            default=schema.get("default", self._resolve(schema).get("default")),
        )

    def _resolve(self, node: Any) -> Any:
        while "$ref" in node:
            document, _, pointer = node["$ref"].partition("#/")
            node = self._documents[document.removesuffix(".yaml")]
            for part in pointer.split("/"):
                node = node[part]
        return node

    def _kind(self, schema: Schema) -> str:
        """How the text of a parameter is read: as an array wherever one is allowed, else as its type says."""
        schema = self._resolve(schema)
        types = schema.get("type", [])
        kinds = {types} if isinstance(types, str) else set(types)
        kinds |= {self._kind(option) for key in ("oneOf", "anyOf", "allOf") for option in schema.get(key, ())}
        return next((kind for kind in ("array", "integer", "number", "boolean") if kind in kinds), "string")


def _typed(kinds: Mapping[str, str], text: str) -> dict[str, Any]:
    """The values of a query or form, read as what they are meant to be; what cannot be read stays a text."""
    values: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        kind = kinds.get(name, "string")
        if kind == "array":
            values.setdefault(name, []).append(value)
        elif name in values:
            values[name] = [values[name], value]  # twice where once is allowed: no type fits that
        else:
            values[name] = _read(kind, value)
    return values


def _read(kind: str, text: str) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in _NUMBERS:
        pattern, convert = _NUMBERS[kind]
        return convert(text) if pattern.fullmatch(text) else text
    return text


def _describe(root: str, error: jsonschema_rs.ValidationError) -> Iterable[dict[str, str]]:
    path = root + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path
    )
    code = _CODES.get(str(error.schema_path[-1]), "VALIDATION_INVALID_VALUE")
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=name):
            yield {"code": code, "message": f"{name} is required", "path": f"{path}.{name}"}
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
            for name in names:
                yield {"code": code, "message": f"{name} is not known here", "path": f"{path}.{name}"}
        case _:
            message = error.message  # it begins with the value, which may be long
            yield {
                "code": code,
                "message": message if len(message) <= 200 else f"... {message[-150:]}",
                "path": path,
                "data": str(error.instance)[:200],
            }


def _schema(node: Any) -> Schema | None:
    """The schema of a body, which is the same in all its media types."""
    media = next(iter(node.get("content", {}).values()), None)
    return None if media is None else media.get("schema", {})


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def _absolute(node: Any, document: str) -> Any:
    """Write every reference with the name of its document."""
    if isinstance(node, dict):
        return {
            key: (f"{document}.yaml{value}" if value.startswith("#") else value.removeprefix("./"))
            if key == "$ref" and isinstance(value, str)
            else _absolute(value, document)
            for key, value in node.items()
        }
    return [_absolute(item, document) for item in node] if isinstance(node, list) else node


def _for_validation(node: Any, *, names: bool = False) -> Any:
    """A schema without remarks, its references turned to `$defs`. `names`: the keys are property names."""
    if isinstance(node, dict):
        return {
            key: _definition(value)
            if key == "$ref" and not names
            else _for_validation(value, names=key == "properties" and not names)
            for key, value in node.items()
            if names or not (key in _ANNOTATIONS or key.startswith("x-"))
        }
    return [_for_validation(item) for item in node] if isinstance(node, list) else node


def _definition(reference: str) -> str:
    document, _, pointer = reference.partition(".yaml#/components/schemas/")
    return f"#/$defs/{document}.{pointer}"


def _closed(node: Any, *, partial: bool, names: bool = False) -> Any:
    """The schema for the sandbox's answers: nothing undeclared, all that is required unless `partial`."""
    if isinstance(node, dict):
        closed = {
            key: _closed(value, partial=partial, names=key == "properties" and not names)
            for key, value in node.items()
            if names or not (partial and key == "required")
        }
        if not names and "properties" in node:
            closed.setdefault("additionalProperties", False)
        return closed
    return [_closed(item, partial=partial) for item in node] if isinstance(node, list) else node


@lru_cache(maxsize=1)
def load() -> Contract:
    """The contract that came with the package, or else the one of the checkout."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    inside = files("shutterstock_api") / "openapi"
    folder = inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "openapi"
    documents = {
        file.name.removesuffix(".yaml"): yaml.load(file.read_text("utf-8"), loader)  # nosec B506 # a safe one
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    }
    return Contract(documents)
