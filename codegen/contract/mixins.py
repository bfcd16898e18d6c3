"""Hand-written classes that add members to a generated model, for its page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen.contract.source import Node, SpecError


@dataclass(frozen=True)
class Member:
    """A property or method of a mixin; `shown` is its name on a page."""

    name: str
    shown: str
    summary: str


@dataclass(frozen=True)
class Mixin:
    """A class of the package that a model derives from, next to `ApiModel`."""

    name: str
    module: str
    members: tuple[Member, ...]


def read(node: Node, package: Path) -> Mixin:
    """The class with a name such as `license_outcomes.LicenseOutcomes`."""
    module, _, name = node.text().rpartition(".")
    file = f"{module.replace('.', '/')}.py"
    try:
        tree = ast.parse((package / file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        raise SpecError(node, f"{package.name}/{file} cannot be read") from None
    for item in tree.body:
        if isinstance(item, ast.ClassDef) and item.name == name:
            return Mixin(name, module, tuple(_members(node, item)))
    raise SpecError(node, f"{package.name}/{file} has no class {name!r}")


def _members(node: Node, mixin: ast.ClassDef) -> Iterator[Member]:
    for item in mixin.body:
        if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
            text = ast.get_docstring(item)
            if text is None:
                raise SpecError(node, f"{mixin.name}.{item.name} has no docstring")
            is_property = any(isinstance(d, ast.Name) and d.id == "property" for d in item.decorator_list)
            shown = item.name if is_property else f"{item.name}()"
            yield Member(item.name, shown, text.partition("\n\n")[0])
