"""Type checkers accept what users write, and find their mistakes: `test/typing/`."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from type_checkers import mypy_objections, pyright_objections

ROOT = Path(__file__).parents[3]
WRONG = ROOT / "test" / "typing" / "wrong.py"
GOOD = [path for path in sorted(WRONG.parent.glob("*.py")) if path != WRONG]


def mypy(_directory):
    """Lines of all files that mypy objects to, with what it says."""
    return named(mypy_objections("--strict", *map(str, [*GOOD, WRONG])))


def pyright(directory):
    """Lines of all files that pyright objects to, with what it says."""
    for file in (*GOOD, WRONG):  # away from the settings of the project, which leave wrong.py out
        shutil.copy(file, directory)
    settings = {
        "typeCheckingMode": "strict",
        "reportUnknownMemberType": False,
        "reportUnusedExpression": False,
    }
    return named(pyright_objections(directory, settings))


def named(objections):
    return [(file.name, line, text) for file, line, text in objections]


@pytest.fixture(scope="module", params=[mypy, pyright], ids=["mypy", "pyright"])
def objections(request, tmp_path_factory):
    if importlib.util.find_spec(request.param.__name__) is None:
        pytest.skip(f"{request.param.__name__} is not installed")
    return request.param(tmp_path_factory.mktemp("typing"))


def test_every_public_type_is_known():
    if importlib.util.find_spec("pyright") is None:
        pytest.skip("pyright is not installed")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pyright",
            "--verifytypes",
            "shutterstock_api",
            "--ignoreexternal",
            "--outputjson",
        ],
        cwd=ROOT,
        env={  # where pyright looks for this Python, and for us
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode not in (0, 1):
        pytest.skip(f"pyright does not run here: {(run.stderr or run.stdout)[-300:]}")
    found = json.loads(run.stdout)["typeCompleteness"]
    assert len(found["symbols"]) > 1000
    assert [symbol["name"] for symbol in found["symbols"] if not symbol["isTypeKnown"]] == []
    assert found["completenessScore"] == 1


def test_what_users_write_is_accepted(objections):
    assert [objection for objection in objections if objection[0] != "wrong.py"] == []


def test_mistakes_are_found_and_nothing_else(objections):
    marked = {
        (number, match[1])
        for number, line in enumerate(WRONG.read_text("utf-8").splitlines(), 1)
        if (match := re.search(r"# error: (.+)", line))
    }
    assert len(marked) > 30
    assert {line for file, line, _ in objections if file == "wrong.py"} == {number for number, _ in marked}
