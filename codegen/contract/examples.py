"""Example values of the contract -> Python expressions that users can run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

from codegen.contract import kinds
from codegen.contract.kinds import Array, EnumRef, FreeForm, Kind, Map, ModelRef, OneOf, Plain
from codegen.contract.schemas import Schemas
from codegen.contract.source import Node, SpecError

_PYTHON: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}


@dataclass(frozen=True)
class Examples:
    """Writes examples, and refuses those that do not fit their type."""

    schemas: Schemas

    def expression(self, kind: Kind, node: Node) -> str:
        """The example as code; models are built with their classes."""
        match kind:
            case Plain():
                return _date(kind, node) if kind.is_date else _plain(kind, node)
            case EnumRef(name):
                text = node.text()
                if name in self.schemas.enums and text not in self.schemas.enums[name].values:
                    raise SpecError(node, f"{text!r} is not a value of {name!r}")
                return quoted(text)
            case Array(item):
                return f"[{', '.join(self.expression(item, child) for child in node.sequence())}]"
            case Map(item):
                pairs = (f"{quoted(k)}: {self.expression(item, v)}" for k, v in node.mapping().items())
                return f"{{{', '.join(pairs)}}}"
            case FreeForm():
                return f"{{{', '.join(f'{quoted(k)}: {_free(v)}' for k, v in node.mapping().items())}}}"
            case ModelRef() | OneOf():
                return self._built(self._model(kind, node), node)

    def inside(self, kind: Kind, node: Node) -> Iterator[tuple[str, str]]:
        """The models within an example, each with the code that builds it there."""
        match kind:
            case Array(item):
                for child in node.sequence():
                    yield from self.inside(item, child)
            case Map(item):
                for child in node.mapping().values():
                    yield from self.inside(item, child)
            case ModelRef() | OneOf():
                name = self._model(kind, node)
                yield name, self._built(name, node)
                model = self.schemas.models.get(name)
                for field in model.fields if model else ():
                    if value := node.get(field.wire):
                        yield from self.inside(field.type, value)
            case _:
                pass

    def _model(self, kind: ModelRef | OneOf, node: Node) -> str:
        if isinstance(kind, ModelRef):
            return kind.name
        for member in kinds.models(kind):
            with suppress(SpecError):
                self._built(member, node)
                return member
        raise SpecError(node, "the example fits none of the alternatives")

    def _built(self, name: str, node: Node) -> str:
        model = self.schemas.models.get(name)
        if model is None:  # it has a problem itself, which is reported at its place
            return name
        fields = {field.wire: field for field in model.fields}
        given = node.mapping()
        for field in model.fields:
            if field.required and field.wire not in given:
                raise SpecError(node, f"the example lacks {field.wire!r}, which {name!r} requires")
        arguments = []
        for wire, child in given.items():
            if wire not in fields:
                raise SpecError(child, f"{name!r} has no field {wire!r}")
            arguments.append(f"{fields[wire].name}={self.expression(fields[wire].type, child)}")
        return f"shutterstock_api.{name}({', '.join(arguments)})"


def quoted(text: str) -> str:
    """A text as a Python literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def _plain(kind: Plain, node: Node) -> str:
    wanted = _PYTHON[kind.names[0]]
    fits = isinstance(node.value, wanted) and isinstance(node.value, bool) == (bool in wanted)
    if not fits:
        raise SpecError(node, f"the example is not of the type {kind.names[0]}")
    if isinstance(node.value, str) and node.value.startswith("$"):  # secrets do not belong in programs
        return f"os.environ[{quoted(node.value[1:])}]"
    return quoted(node.value) if isinstance(node.value, str) else repr(node.value)


def _date(kind: Plain, node: Node) -> str:
    text = node.text()
    try:
        if "date" in kind.names and len(text) == len("2020-01-02"):
            day = date.fromisoformat(text)
            return f"date({day.year}, {day.month}, {day.day})"
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SpecError(node, f"{text!r} is no date") from None
    if "datetime" not in kind.names or moment.tzinfo is None:
        raise SpecError(node, f"{text!r} is not a {' | '.join(kind.names)} (with its time zone)")
    utc = moment.astimezone(UTC)
    return f"datetime({utc.year}, {utc.month}, {utc.day}, {utc.hour}, {utc.minute}, tzinfo=timezone.utc)"


def _free(node: Node) -> str:
    if isinstance(node.value, dict):
        return f"{{{', '.join(f'{quoted(k)}: {_free(v)}' for k, v in node.value.items())}}}"
    if isinstance(node.value, list):
        return f"[{', '.join(map(_free, node.value))}]"
    return quoted(node.value) if isinstance(node.value, str) else repr(node.value)
