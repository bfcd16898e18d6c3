"""mypy and pyright accept every block of Python in README, in the guides and in the reference.

The blocks of a page become one module, each at the line where it stands in the page, so that what a checker
objects to is found there. Where blocks stand alone, each is a module. A mistake that a page shows on purpose
has the mark `# type: ignore`.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from doc_blocks import GUIDES, README, REFERENCE, ROOT, TELEMETRY, TESTING, Block, blocks

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
    run = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file=", "--no-error-summary", "--hide-error-context"),
            *("--check-untyped-defs", "--warn-unused-ignores", "--ignore-missing-imports"),
            *("--allow-redefinition-new", "--local-partial-types", f"--cache-dir={folder / 'cache'}"),
            *map(str, folder.glob("*.py")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    objections = re.findall(r"^(.+?\.py):(\d+): error: (.+)$", run.stdout, re.MULTILINE)
    found = {(Path(file), int(line), text) for file, line, text in objections}
    return {(file.name, line, text) for file, line, text in found if (ROOT / file).resolve().parent == folder}


def pyright(folder: Path) -> Objections:
    settings = {
        "extraPaths": [str(ROOT)],
        "reportMissingImports": False,
        "reportMissingModuleSource": False,
        "reportUnnecessaryTypeIgnoreComment": True,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode not in (0, 1):
        pytest.skip(f"pyright does not run here: {(run.stderr or run.stdout)[-300:]}")
    return {
        (Path(item["file"]).name, item["range"]["start"]["line"] + 1, item["message"])
        for item in json.loads(run.stdout)["generalDiagnostics"]
        if item["severity"] == "error"
    }


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
