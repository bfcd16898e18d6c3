"""One operation of the contract, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .documents import Documents

Schema = dict[str, Any]

_METHODS = ("get", "post", "delete", "put", "patch")


@dataclass(frozen=True)
class Parameter:
    """A parameter in the path, in the query or in a header."""

    name: str
    place: str
    required: bool
    schema: Schema
    kind: str
    default: Any


@dataclass(frozen=True)
class Operation:
    """What the contract says about one operation."""

    id: str
    #: Its class and method, such as `ImagesApi.get_image`.
    full_name: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    body_required: bool
    #: The media types of the body.
    media: tuple[str, ...]
    answers: Mapping[str, Schema | None]
    #: The headers that an answer must have, by its status.
    headers: Mapping[str, tuple[str, ...]]
    #: Whether it needs no credentials.
    public: bool
    allows_basic: bool
    scopes: tuple[str, ...]
    #: The full name of the operation that replaces it.
    replaced_by: str | None

    @property
    def names(self) -> tuple[str, str]:
        """Its two names, each of which identifies it."""
        return self.id, self.full_name

    @property
    def lists_licenses(self) -> bool:
        """Whether it reads a licence history."""
        return self.method == "GET" and self.path.endswith("/licenses")


def read_operations(documents: Documents) -> Iterator[Operation]:
    """Yield every operation of the contract."""
    for name, document in documents.items():
        api = f"{name.title().replace('_', '')}Api"
        for path, item in document.get("paths", {}).items():
            for method in _METHODS:
                if method in item:
                    nodes = [*item.get("parameters", []), *item[method].get("parameters", [])]
                    security = item[method].get("security", document.get("security", []))
                    full_name = f"{api}.{item[method]['operationId'].rpartition('.')[2]}"
                    yield _read_operation(documents, full_name, path, method, item[method], nodes, security)


def kind_of(documents: Documents, schema: Schema) -> str:
    """How the text of a parameter is read: as an array if one is allowed, otherwise according to its type."""
    schema = documents.resolve(schema)
    types = schema.get("type", [])
    kinds = {types} if isinstance(types, str) else set(types)
    for key in ("oneOf", "anyOf", "allOf"):
        kinds |= {kind_of(documents, option) for option in schema.get(key, ())}
    return next((kind for kind in ("array", "integer", "number", "boolean") if kind in kinds), "string")


def _read_operation(
    documents: Documents,
    full_name: str,
    path: str,
    method: str,
    node: Any,
    parameters: list[Any],
    security: list[Any],
) -> Operation:
    body = documents.resolve(node.get("requestBody", {}))
    answers = {status: documents.resolve(answer) for status, answer in node["responses"].items()}
    return Operation(
        id=node["operationId"],
        full_name=full_name,
        method=method.upper(),
        path=path,
        parameters=tuple(_read_parameter(documents, entry) for entry in parameters),
        body=_body_schema(body),
        body_required=body.get("required", False),
        media=tuple(body.get("content", ())),
        answers={status: _body_schema(answer) for status, answer in answers.items()},
        headers={
            status: tuple(
                name
                for name, header in answer.get("headers", {}).items()
                if documents.resolve(header).get("required")
            )
            for status, answer in answers.items()
        },
        public=not security or {} in security,
        allows_basic=any("basic" in option for option in security),
        scopes=tuple(scope for option in security for scheme in option.values() for scope in scheme),
        replaced_by=node.get("x-replaced-by"),
    )


def _read_parameter(documents: Documents, node: Any) -> Parameter:
    node = documents.resolve(node)
    schema = node["schema"]
    return Parameter(
        name=node["name"],
        place=node["in"],
        required=node.get("required", False),
        schema=schema,
        kind=kind_of(documents, schema),
        default=schema.get("default", documents.resolve(schema).get("default")),
    )


def _body_schema(node: Any) -> Schema | None:
    """The schema of a body, which is the same in all its media types."""
    media = next(iter(node.get("content", {}).values()), None)
    return None if media is None else media.get("schema", {})
