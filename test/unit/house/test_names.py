"""A name means one thing: no two modules of the core define a function or a class of the same name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import shutterstock_api

PACKAGE = Path(shutterstock_api.__file__).parent
APART = ("api", "contract", "models", "sandbox", "types")
"""What is generated, and the stand-in, which shares nothing with the rest."""


def definitions() -> dict[str, list[str]]:
    """Return the functions and classes of the core, and the modules that define them."""
    found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE)
        if module.parts[0] not in APART:
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not _is_apart(node):
                    found[node.name].append(module.as_posix())
    return found


def _is_apart(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Tell whether it is Python's own name, or another form of a function that is defined below it."""
    return node.name.startswith("__") or any(ast.unparse(one) == "overload" for one in node.decorator_list)


def test_no_two_modules_define_the_same_name() -> None:
    found = definitions()
    assert len(found) > 400
    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}
