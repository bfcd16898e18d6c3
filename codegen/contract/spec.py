"""The whole contract as plain data: everything is decided here, and the templates only write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from codegen.contract import kinds, naming
from codegen.contract.examples import Examples
from codegen.contract.kinds import Array, Kind, ModelRef
from codegen.contract.media import Medium, read_media
from codegen.contract.operations import TASKS, Operation, OperationReader
from codegen.contract.schemas import Enum, Field, Model, Schemas, read_schemas
from codegen.contract.source import Node, Problems, Source, SpecError

SCHEMES = frozenset({"basic", "customer_accessCode"})  # those that the core supports


class InvalidSpec(Exception):
    """The OpenAPI files contain things that cannot be expressed in code; `problems` names all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Api:
    """One API class: a file of the contract, whose name without `.yaml` is its `stem`."""

    name: str
    stem: str
    file: str
    description: str
    server: str
    operations: tuple[Operation, ...]
    medium: Medium | None = None  # what it licenses

    @property
    def groups(self) -> Iterator[tuple[str, list[Operation]]]:
        """The operations, grouped by task; deprecated ones come last."""
        for task in TASKS:
            found = [item for item in self.operations if item.task == task and not item.deprecated]
            yield from [(task, found)] * bool(found)
        deprecated = [item for item in self.operations if item.deprecated]
        yield from [("Deprecated", deprecated)] * bool(deprecated)

    @property
    def anonymous(self) -> bool:
        return all(operation.anonymous for operation in self.operations)


@dataclass(frozen=True)
class ModelUse:
    """Where a model is used."""

    taken_by: tuple[tuple[str, str], ...] = ()  # (API class, method)
    returned_by: tuple[tuple[str, str], ...] = ()
    part_of: tuple[str, ...] = ()
    example: str | None = None

    @property
    def is_request(self) -> bool:
        return bool(self.taken_by)


@dataclass(frozen=True)
class Spec:
    apis: tuple[Api, ...]
    models: Mapping[str, Model]
    enums: Mapping[str, Enum]
    uses: Mapping[str, ModelUse]

    def list_field(self, model: Model) -> Field | None:
        """The field with the list of an answer; `None` if it is not an answer, or more than a list."""
        if model.name not in self._answers:
            return None
        lists = {item.name: item for item in model.fields if isinstance(item.type, Array)}
        lists.pop("errors", None)
        for name in ("data", "results"):
            if name in lists:
                return lists[name]
        return next(iter(lists.values()), None) if len(model.fields) == 1 else None

    @cached_property
    def _answers(self) -> set[str]:
        """The models that operations return."""
        returned = [operation.returns for api in self.apis for operation in api.operations]
        return {kind.name for kind in returned if isinstance(kind, ModelRef)}


def load(folder: Path) -> Spec:
    """Read `openapi/`; `InvalidSpec` if something in it is wrong."""
    problems = Problems()
    source = Source(folder, problems)
    schemas = read_schemas(source, problems)
    schemes = _schemes(source, problems)
    examples = Examples(schemas)
    reader = OperationReader(source, problems, examples, schemes)
    apis = []
    for name, document in source.documents.items():
        if document.get("paths"):
            with problems.collect():
                apis.append(_api(name, document, reader))
    _refuse_twins(apis, problems)
    _check_successors(apis, problems)
    built = _model_examples(schemas, examples, problems)
    media: Mapping[str, Medium] = {}
    if not problems:  # an operation with a problem of its own would seem to be missing
        media = read_media(source, problems, schemas, [item for api in apis for item in api.operations])
    if problems:
        raise InvalidSpec(problems.report())
    apis = [replace(api, medium=media.get(api.file)) for api in apis]
    return Spec(tuple(apis), schemas.models, schemas.enums, _uses(apis, schemas, built))


def _api(name: str, document: Node, reader: OperationReader) -> Api:
    stem = Path(name).stem
    if fault := naming.module_fault(stem):
        raise SpecError(document, fault)
    tags = document.need("tags").sequence()
    if len(tags) != 1:
        raise SpecError(document.need("tags"), "one tag per file is expected: it describes the API class")
    servers = document.need("servers").sequence()
    if not servers:
        raise SpecError(document.need("servers"), "a server is expected")
    return Api(
        name=naming.api_class(stem),
        stem=stem,
        file=document.file,
        description=tags[0].need("description").text(),
        server=servers[0].need("url").text(),
        operations=tuple(reader.read(document)),
    )


def _refuse_twins(apis: Iterable[Api], problems: Problems) -> None:
    """Each operation has a unique `operationId` in all files, because the log and the sandbox use it."""
    found: dict[str, str] = {}
    for api in apis:
        for operation in api.operations:
            other = found.setdefault(operation.id, api.name)
            if other != api.name:
                problems.add(
                    operation.node.need("operationId"),
                    f"{operation.id!r} is an operation of {other} already: "
                    f"say `{api.name}.{operation.name}` here or `{other}.{operation.name}` there",
                )


def _check_successors(apis: Iterable[Api], problems: Problems) -> None:
    """The replacement of an operation exists, and is not deprecated itself."""
    good = {f"{api.name}.{item.name}" for api in apis for item in api.operations if not item.deprecated}
    for api in apis:
        for operation in api.operations:
            if operation.replaced_by and operation.replaced_by not in good:
                problems.add(
                    operation.node.need("x-replaced-by"),
                    f"{operation.replaced_by!r} is no method such as `ImagesApi.get_image`, or deprecated",
                )


def _schemes(source: Source, problems: Problems) -> dict[str, frozenset[str]]:
    """The security schemes of all files with their scopes."""
    found: dict[str, frozenset[str]] = {}
    for document in source.documents.values():
        with problems.collect():
            components = document.get("components")
            schemes = components.get("securitySchemes") if components else None
            for name, node in schemes.mapping().items() if schemes else ():
                if name not in SCHEMES:
                    problems.add(node, f"the core cannot authorise with {name!r}")
                found[name] = frozenset(_scopes(source.resolve(node)))
    return found


def _scopes(scheme: Node) -> Iterator[str]:
    flows = scheme.get("flows")
    for flow in flows.mapping().values() if flows else ():
        yield from flow.need("scopes").mapping()


def _model_examples(schemas: Schemas, examples: Examples, problems: Problems) -> dict[str, str]:
    """The examples in the models themselves, as code."""
    found: dict[str, str] = {}
    for model in schemas.models.values():
        if example := model.node.get("example"):
            with problems.collect():
                found[model.name] = examples.expression(ModelRef(model.name), example)
    return found


def _uses(apis: list[Api], schemas: Schemas, examples: dict[str, str]) -> dict[str, ModelUse]:
    taken: dict[str, set[tuple[str, str]]] = {}
    returned: dict[str, set[tuple[str, str]]] = {}
    for api in apis:
        for operation in api.operations:
            method = (api.name, operation.shown)
            if operation.body:
                _note(taken, operation.body.type, method, schemas)
                for name, code in operation.body.models:
                    examples.setdefault(name, code)
            if operation.returns:
                _note(returned, operation.returns, method, schemas)
    parents: dict[str, list[str]] = {}
    for model in schemas.models.values():
        for name in sorted({name for field in model.fields for name in kinds.models(field.type)}):
            parents.setdefault(name, []).append(model.name)
    return {
        name: ModelUse(
            taken_by=tuple(sorted(taken.get(name, ()))),
            returned_by=tuple(sorted(returned.get(name, ()))),
            part_of=tuple(parents.get(name, ())),
            example=examples.get(name),
        )
        for name in schemas.models
    }


def _note(
    found: dict[str, set[tuple[str, str]]], kind: Kind, method: tuple[str, str], schemas: Schemas
) -> None:
    """Note the method for every model inside the type, however deep."""
    for name in kinds.models(kind):
        found.setdefault(name, set()).add(method)
        for field in schemas.models[name].fields:
            _note(found, field.type, method, schemas)
