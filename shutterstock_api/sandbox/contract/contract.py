"""The contract: checks whether requests and answers are valid.

Reads `openapi/*.yaml`. OpenAPI 3.1 schemas are JSON Schema 2020-12, so a JSON Schema library validates them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from shutterstock_api.sandbox.http.messages import Refusal, not_found

from .documents import Documents, load_documents
from .media import Medium, read_media
from .operation import Operation, Schema, kind_of, read_operations
from .schemas import closed, for_validation
from .values import read_values

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


class Contract:
    """All operations, found by request."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._definitions = {
            f"{file}.{title}": for_validation(schema)
            for file, title, schema in documents.components("schemas")
        }
        self.operations: dict[str, Operation] = {
            operation.id: operation for operation in read_operations(documents)
        }
        self.media: tuple[Medium, ...] = tuple(read_media(documents, self.operations.values()))
        self.scopes: dict[str, str] = {}
        for _, _, scheme in documents.components("securitySchemes"):
            for flow in scheme.get("flows", {}).values():
                self.scopes |= flow["scopes"]
        # Static paths come before those with an {id}, so /v2/images/search is never an image.
        by_path = sorted(
            self.operations.values(),
            key=lambda operation: [part.startswith("{") for part in operation.path.split("/")],
        )
        self._routes = [(_path_pattern(operation.path), operation) for operation in by_path]
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

    def medium_of(self, operation: Operation) -> Medium:
        """The medium that an operation deals with: the one under whose path its own lies.

        Older operations have other paths: they deal with what those deal with that replaced them.
        """
        newer = next(
            (one for one in self.operations.values() if one.full_name == operation.replaced_by), None
        )
        if newer is not None:
            return self.medium_of(newer)
        above = [medium for medium in self.media if f"{operation.path}/".startswith(f"{medium.root}/")]
        return max(above, key=lambda medium: len(medium.root))

    def parameters(
        self, operation: Operation, path: Mapping[str, str], query: str, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The values of all parameters, with defaults; a refusal lists everything that is wrong."""
        errors: list[dict[str, str]] = []
        kinds = {entry.name: entry.kind for entry in operation.parameters if entry.place == "query"}
        in_headers = [entry.name for entry in operation.parameters if entry.place == "header"]
        given = {
            "path": dict[str, Any](path),
            "query": read_values(kinds, query),
            "header": {name: headers[name] for name in in_headers if name in headers},
        }
        for place, values in given.items():
            errors += self._errors(f"$.{place}", self._validator(operation.id, place), values)
        if errors:
            raise Refusal(400, "Validation failed", errors)
        values = {parameter.name: parameter.default for parameter in operation.parameters}
        return (
            {name: value for name, value in values.items() if value is not None}
            | given["path"]
            | given["query"]
            | given["header"]
        )

    def check_body(self, operation: Operation, body: Any) -> None:
        """Refuse a request body that the contract does not allow."""
        errors = self._errors("$.body", self._validator(operation.id, "body"), body)
        if errors:
            raise Refusal(400, "Validation failed", errors)

    def form(self, operation: Operation, body: str) -> dict[str, Any]:
        """The fields of a form, each as the type that the contract has for it."""
        fields = self._documents.resolve(operation.body or {}).get("properties", {})
        return read_values({name: kind_of(self._documents, schema) for name, schema in fields.items()}, body)

    def violations(
        self,
        operation: Operation,
        status: int,
        body: Any,
        headers: Iterable[str] = (),
        *,
        partial: bool = False,
    ) -> list[str]:
        """The problems of an answer of the sandbox; `partial` answers may leave out any field."""
        if str(status) not in operation.answers:
            return [] if status >= 400 else [f"{operation.id}: status {status} is not in the contract"]
        if missing := set(operation.headers[str(status)]) - set(headers):
            return [f"{operation.id}: status {status} lacks {', '.join(sorted(missing))}"]
        if operation.answers[str(status)] is None:
            return [] if body is None else [f"{operation.id}: status {status} has no body in the contract"]
        validator = self._validator(operation.id, f"partial {status}" if partial else str(status))
        if validator.is_valid(body):  # many times faster than looking for errors if there are none
            return []
        return [
            f"{operation.id}: {error['path']}: {error['message']}"
            for error in self._errors("$", validator, body)[:20]
        ]

    def _compile(self, operation_id: str, part: str) -> jsonschema_rs.Draft202012Validator:
        operation = self.operations[operation_id]
        definitions = self._definitions
        if part in ("path", "query", "header"):
            mine = [parameter for parameter in operation.parameters if parameter.place == part]
            schema: Schema = {
                "type": "object",
                "properties": {parameter.name: for_validation(parameter.schema) for parameter in mine},
                "required": [parameter.name for parameter in mine if parameter.required],
                "additionalProperties": False,
            }
        elif part == "body":
            schema = for_validation(operation.body or {})
        else:
            partial, _, status = part.rpartition(" ")
            schema = closed(for_validation(operation.answers[status] or {}), partial=bool(partial))
            definitions = {name: closed(value, partial=bool(partial)) for name, value in definitions.items()}
        return jsonschema_rs.Draft202012Validator(
            {"allOf": [schema], "$defs": definitions}, validate_formats=True, formats=_FORMATS
        )

    def _errors(
        self, root: str, validator: jsonschema_rs.Draft202012Validator, value: Any
    ) -> list[dict[str, str]]:
        return [entry for error in validator.iter_errors(value) for entry in _error_entries(root, error)]


def _error_entries(root: str, error: jsonschema_rs.ValidationError) -> Iterable[dict[str, str]]:
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
            message = error.message  # it begins with the value, which can be long
            yield {
                "code": code,
                "message": message if len(message) <= 200 else f"... {message[-150:]}",
                "path": path,
                "data": str(error.instance)[:200],
            }


def _path_pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))


@lru_cache(maxsize=1)
def load_contract() -> Contract:
    """The contract of this release."""
    return Contract(load_documents())
