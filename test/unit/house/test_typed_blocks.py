"""mypy and pyright accept every block of Python in README, in the guides and in the reference.

The blocks of a page become one module, each at the line where it stands in the page, so that what a checker
objects to is found there. Where blocks stand alone, each is a module. A mistake that a page shows on purpose
has the mark `# type: ignore`.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from doc_blocks import GUIDES, README, REFERENCE, ROOT, TELEMETRY, TESTING, Block, blocks
from type_checkers import mypy_objections, pyright_objections

TOLD_ON = [*GUIDES, TELEMETRY]
"""Pages whose blocks go on from one to the next."""
ALONE = [README, *REFERENCE, TESTING]
Objections = set[tuple[str, int, str]]
"""Module, line, and what the checker says."""


def module_of(page: Path, line: int | None = None) -> str:
    name = re.sub(r"\W", "_", page.relative_to(ROOT).with_suffix("").as_posix())
    return f"{name}.py" if line is None else f"{name}_{line}.py"


def code_of(found: Iterable[Block]) -> str:
    code = ""
    for block in found:
        code += "\n" * (block.line - 1 - code.count("\n")) + block.code
    return code


def mypy(folder: Path) -> Objections:
    found = mypy_objections(
        *("--config-file=", "--check-untyped-defs", "--warn-unused-ignores", "--ignore-missing-imports"),
        *("--allow-redefinition-new", "--local-partial-types", f"--cache-dir={folder / 'cache'}"),
        *map(str, folder.glob("*.py")),
    )
    return {(file.name, line, text) for file, line, text in found if (ROOT / file).resolve().parent == folder}


def pyright(folder: Path) -> Objections:
    settings = {
        "reportMissingImports": False,
        "reportMissingModuleSource": False,
        "reportUnnecessaryTypeIgnoreComment": True,
    }
    return {(file.name, line, text) for file, line, text in pyright_objections(folder, settings)}


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_every_block_is_accepted(checker: Callable[[Path], Objections], tmp_path: Path) -> None:
    if importlib.util.find_spec(checker.__name__) is None:
        pytest.skip(f"{checker.__name__} is not installed")
    for page in TOLD_ON:
        (tmp_path / module_of(page)).write_text(code_of(blocks(page)), "utf-8")
    for page in ALONE:
        for block in blocks(page):
            (tmp_path / module_of(page, block.line)).write_text(code_of([block]), "utf-8")
    wrong = blocks(
        README, "\n```python\nimport shutterstock_api\n\nshutterstock_api.ImagesApi(3).get_image(4)\n```\n"
    )
    (tmp_path / "wrong.py").write_text(code_of(wrong), "utf-8")
    assert len(list(tmp_path.glob("*.py"))) > 150
    objections = checker(tmp_path)
    found = {objection for objection in objections if objection[0] == "wrong.py"}
    assert {line for _, line, _ in found} == {5}
    assert sorted(objections - found) == []
