"""Parameters of the contract -> arguments of methods."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from codegen.contract import naming
from codegen.contract.examples import Examples
from codegen.contract.kinds import Array, FreeForm, Kind, Map, ModelRef, OneOf, Plain, element
from codegen.contract.schemas import Facts, facts_of, type_of
from codegen.contract.source import Node, Problems, Source, SpecError

_PARAMETER = frozenset("name in description required deprecated schema example x-example-shown".split())
PLACES = ("path", "query", "header")
"""The places of parameters; arguments are passed to the core in this order."""
PAGE_OPTIONS = frozenset({"limit", "prefetch"})
"""The arguments of `paginate` besides those of its method."""
UNSTATED = 50
"""How many ids are looked up at once if the contract states no limit."""


@dataclass(frozen=True)
class Parameter:
    name: str
    wire: str  # its name in the request
    node: Node
    location: str  # path, query or header
    type: Kind
    schema: Node
    facts: Facts
    required: bool
    shown: bool  # whether the printed example passes it
    example: str | None


@dataclass(frozen=True)
class ParameterReader:
    """Reads the parameters of an operation."""

    source: Source
    problems: Problems
    examples: Examples

    def read(self, path: str, node: Node) -> tuple[Parameter, ...]:
        nodes = node.need("parameters").sequence() if node.get("parameters") else []
        with self.problems.collect():
            self._compare_with_template(path, node, [self.source.resolve(child) for child in nodes])
        found: dict[str, Parameter] = {}
        for child in nodes:
            with self.problems.collect():
                parameter = self._parameter(self.source.resolve(child))
                if parameter.name in found:
                    raise SpecError(child, f"{parameter.name!r} is another parameter already")
                if parameter.name == Path(node.file).stem:  # its methods could not access the module
                    raise SpecError(child, f"{parameter.name!r} is the module with the operations")
                found[parameter.name] = parameter
        template = _placeholders(path)
        return tuple(
            sorted(
                found.values(), key=lambda p: template.index(p.name) if p.name in template else len(template)
            )
        )

    def _compare_with_template(self, path: str, node: Node, parameters: list[Node]) -> None:
        in_path = [p.need("name").text() for p in parameters if p.need("in").value == "path"]
        for name in sorted({*_placeholders(path)} ^ {*in_path}):
            lacking = "parameters" if name not in in_path else "path"
            self.problems.add(node, f"{{{name}}} is missing in the {lacking}")

    def _parameter(self, node: Node) -> Parameter:
        node.only(_PARAMETER)
        wire, location = node.need("name").text(), node.need("in").text()
        if location not in PLACES:
            raise SpecError(node.need("in"), f"{location!r} is none of {', '.join(PLACES)}")
        name = naming.snake(wire) if location == "header" else wire
        if fault := naming.parameter_fault(name):
            raise SpecError(node.need("name"), fault)
        required = node.is_set("required")
        if location == "path" and not required:
            raise SpecError(node, "a path parameter is required")
        schema = node.need("schema")
        kind = type_of(schema, self.source)
        if isinstance(element(kind), ModelRef | OneOf | Map | FreeForm):
            raise SpecError(schema, "an object cannot stand in a path or query")
        if location == "header" and kind != Plain(("str",)):
            raise SpecError(schema, "a header holds a text")
        shown = required or node.is_set("x-example-shown")
        example = node.need("example") if shown else node.get("example")
        return Parameter(
            name=name,
            wire=wire,
            node=node,
            location=location,
            type=kind,
            schema=schema,
            facts=facts_of(node, schema),
            required=required,
            shown=shown,
            example=self.examples.expression(kind, example) if example else None,
        )


def page_sizes(parameters: Iterable[Parameter], page: str) -> tuple[int, int | None]:
    """The fewest and the most results of a page; `None` if no argument names a page."""
    found = {parameter.name: parameter for parameter in parameters}
    if not {page, "per_page"} <= found.keys():
        return 0, None
    for name in sorted(PAGE_OPTIONS & found.keys()):
        raise SpecError(found[name].node, f"{name!r} is an argument of `paginate`")
    schema = found["per_page"].schema
    least = schema.get("minimum")
    return least.number() if least else 0, schema.need("maximum").number()


def most_ids(parameters: Iterable[Parameter]) -> int | None:
    """How many ids the argument `id` takes, if it is a list in the query."""
    for parameter in parameters:
        if parameter.name == "id" and parameter.location == "query" and isinstance(parameter.type, Array):
            most = parameter.schema.get("maxItems")
            return most.number() if most else UNSTATED
    return None


def _placeholders(path: str) -> list[str]:
    return re.findall(r"{([^}]*)}", path)
