"""Media: a file declares one as `x-media`, and operations say with `x-medium` what they do for it.

Everything else comes from the arguments and answers of these operations.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from codegen.contract import kinds
from codegen.contract.kinds import Array, EnumRef, Kind
from codegen.contract.operations import Operation
from codegen.contract.schemas import Field, Model, Schemas
from codegen.contract.source import Node, Problems, Source, SpecError

T = TypeVar("T")

_DECLARATION = frozenset({"extension", "extensions", "marker", "job_settings"})
_NAME = re.compile(r"[a-z]+( [a-z]+)*\Z")


@dataclass(frozen=True)
class Medium:
    """A medium; `shutterstock_api/schema/medium.py` explains the fields."""

    name: str
    license: Operation
    items: str
    item_id: str
    most: int | None
    required: tuple[str, ...]
    job_settings: tuple[str, ...]
    beside: tuple[str, ...]
    metadata: int
    marker: bool
    has_license_id: bool
    sizes: tuple[str, ...]
    size: str | None
    extension: str
    extensions: Mapping[str, str]
    history: Operation
    history_filter: str
    history_item: str
    lookup: Operation
    redownload: Operation | None
    redownload_sizes: tuple[str, ...]


def _declaration(document: Node) -> tuple[str, Node] | None:
    """The medium of a file, and what the file says about it."""
    media = document.get("x-media")
    if media is None:
        return None
    if len(media.mapping()) != 1:
        raise SpecError(media, "one medium per file is expected")
    ((name, node),) = media.mapping().items()
    if not _NAME.match(name):
        raise SpecError(node, f"{name!r} is no name of a medium such as `sound effect`")
    return name, node


def read_media(
    source: Source, problems: Problems, schemas: Schemas, operations: Iterable[Operation]
) -> dict[str, Medium]:
    """The media by the files that declare them."""
    declared: dict[str, Node] = {}
    for document in source.documents.values():
        with problems.collect():
            if found := _declaration(document):
                name, node = found
                if declared.setdefault(name, node) is not node:
                    raise SpecError(node, f"another file has the medium {name!r}")
    roles: dict[str, dict[str, Operation]] = {name: {} for name in declared}
    for operation in operations:
        for name, role in operation.roles.items():
            with problems.collect():
                here = operation.node.need("x-medium").need(name)
                if name not in roles:
                    raise SpecError(here, f"no file has the medium {name!r} in its `x-media`")
                other = roles[name].setdefault(role, operation)
                if other is not operation:
                    raise SpecError(here, f"{other.name!r} is the {role} of {name!r} already")
    reader = _Reader(source, schemas)
    media = {}
    for name, node in declared.items():
        with problems.collect():
            media[node.file] = reader.medium(name, node, roles[name])
    return media


@dataclass(frozen=True)
class _Reader:
    """Derives a medium from the arguments and answers of its operations."""

    source: Source
    schemas: Schemas

    def medium(self, name: str, node: Node, roles: Mapping[str, Operation]) -> Medium:
        node.only(_DECLARATION)
        for role in ("license", "history", "lookup"):
            if role not in roles:
                raise SpecError(node, f"no operation says `x-medium: {{{name}: {role}}}`")
        bought, history, lookup = roles["license"], roles["history"], roles["lookup"]
        redownload = roles.get("redownload")

        request = self._model(bought.body.type if bought.body else None, "body", bought.node)
        lists = [f for f in request.fields if isinstance(f.type, Array) and any(kinds.models(f.type))]
        items = _one(lists, "list of entries", request.node)
        entries = [self.schemas.models[model].by_name for model in kinds.models(items.type)]
        shared = [field for field in entries[0].values() if all(field.name in entry for entry in entries)]
        required = [field.name for field in shared if all(entry[field.name].required for entry in entries)]
        result = self._result(bought)
        ids = [key for key in required if key in result and key.endswith("_id")]
        item_id = _one(ids, "id that an entry and its result have", bought.node)
        beside = [field for field in request.fields if field is not items]
        settings = [name for name in required if name != item_id]
        settings += [field.name for field in beside if field.required]
        optional = {field.name for field in (*shared, *beside)} - {item_id, *settings}
        metadata = [self.source.resolve(field.schema) for field in shared if field.name == "metadata"]
        if node.is_set("marker") and not metadata:
            raise SpecError(node.need("marker"), "the entries of a request have no `metadata`")
        filters = [p.name for p in history.parameters if p.name.endswith("_id") and p.name != "license_id"]
        history_filter = _one(filters, "argument for an id of the medium", history.node)
        _one([p for p in lookup.required if isinstance(p.type, Array)], "list", lookup.node)  # of ids
        return Medium(
            name=name,
            license=bought,
            items=items.name,
            item_id=item_id,
            most=_limit(items.schema),
            required=tuple(key for key in required if key != item_id),
            job_settings=(*settings, *self._declared(node, optional)),
            beside=tuple(field.name for field in beside),
            metadata=metadata[0].need("maxProperties").number() if metadata else 0,
            marker=node.is_set("marker"),
            has_license_id="license_id" in result,
            sizes=self._sizes(entries),
            size=_usual_size(bought, entries),
            extension=node.need("extension").text(),
            extensions=_texts(node.get("extensions")),
            history=history,
            history_filter=history_filter,
            history_item=history_filter.removesuffix("_id"),
            lookup=lookup,
            redownload=redownload,
            redownload_sizes=self._redownload_sizes(redownload),
        )

    def _declared(self, node: Node, optional: Collection[str]) -> list[str]:
        """The settings that the file requires for a job, in addition to those that the service requires."""
        names = node.get("job_settings")
        found = [name.text() for name in names.sequence()] if names else []
        if unknown := [name for name in found if name not in optional]:
            raise SpecError(node.need("job_settings"), f"{unknown[0]!r} is no optional field of a request")
        return found

    def _model(self, kind: Kind | None, what: str, node: Node) -> Model:
        """The only model in a body, an answer or a list."""
        names = list(kinds.models(kind)) if kind else []
        return self.schemas.models[_one(names, f"model as {what}", node)]

    def _result(self, bought: Operation) -> Mapping[str, Field]:
        """The fields of the result for each entry in an answer."""
        answer = self._model(bought.returns, "answer", bought.node)
        data = answer.by_name.get("data")
        return self._model(data.type if data else None, "`data` of the answer", answer.node).by_name

    def _redownload_sizes(self, redownload: Operation | None) -> tuple[str, ...]:
        if redownload is None or redownload.body is None:
            return ()
        return self._sizes([self._model(redownload.body.type, "body", redownload.node).by_name])

    def _sizes(self, models: Iterable[Mapping[str, Field]]) -> tuple[str, ...]:
        """The values of the field `size` of these models."""
        enums = [m["size"].type.name for m in models if "size" in m and isinstance(m["size"].type, EnumRef)]
        return tuple(dict.fromkeys(value for name in enums for value in self.schemas.enums[name].values))


def _usual_size(bought: Operation, entries: Iterable[Mapping[str, Field]]) -> str | None:
    """The size that is licensed if a request names none."""
    facts = [parameter.facts for parameter in bought.parameters if parameter.name == "size"]
    facts += [entry["size"].facts for entry in entries if "size" in entry]
    return next((size.default for size in facts if size.default), None)


def _one(found: Sequence[T], what: str, node: Node) -> T:
    if len(found) != 1:
        raise SpecError(node, f"for a medium exactly one {what} is expected, and {len(found)} are here")
    return found[0]


def _limit(list_schema: Node) -> int | None:
    most = list_schema.get("maxItems")
    return most.number() if most else None


def _texts(node: Node | None) -> dict[str, str]:
    return {key: child.text() for key, child in node.mapping().items()} if node else {}
