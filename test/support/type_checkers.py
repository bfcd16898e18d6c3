"""mypy and pyright as processes: what they object to, by file and line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Objection = tuple[Path, int, str]
"""File, line, and what the checker says."""


def mypy_objections(*arguments: str) -> list[Objection]:
    run = _run("mypy", "--no-error-summary", "--hide-error-context", *arguments, folder=ROOT)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    found = re.findall(r"^(.+?\.py):(\d+): error: (.+)$", run.stdout, re.MULTILINE)
    return [(Path(file), int(line), text) for file, line, text in found]


def pyright_objections(folder: Path, settings: Mapping[str, Any]) -> list[Objection]:
    """Look at all files in a folder, with its settings besides ours."""
    settings = {"extraPaths": [str(ROOT)], **settings}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run = _run("pyright", "--outputjson", "--pythonpath", sys.executable, folder=folder)
    if run.returncode not in (0, 1):
        pytest.skip(f"pyright does not run here: {(run.stderr or run.stdout)[-300:]}")
    found: Iterable[dict[str, Any]] = json.loads(run.stdout)["generalDiagnostics"]
    return [
        (Path(item["file"]), item["range"]["start"]["line"] + 1, item["message"])
        for item in found
        if item["severity"] == "error"
    ]


def _run(module: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
