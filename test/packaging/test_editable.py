"""An editable install is a path: Python, type checkers and editors all follow it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import sys
from setuptools import build_meta
build_meta.build_editable(sys.argv[1])
"""
USE = """
import shutterstock_api
reveal_type(shutterstock_api.ImagesApi().get_image("17"))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints, away from coverage and from where this Python looks for us."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=ours, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the editable install of a copy of the checkout, and nothing else."""
    pytest.importorskip("setuptools")
    folder = tmp_path_factory.mktemp("editable")
    source = folder / "source"
    shutil.copytree(ROOT / "shutterstock_api", source / "shutterstock_api")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "requirements.txt"):
        shutil.copy(ROOT / name, source)
    run(sys.executable, "-c", BUILD, folder, cwd=source)
    venv.create(folder / "venv", with_pip=False)
    (python,) = folder.glob("venv/*/python*[!0-9]") if os.name == "nt" else folder.glob("venv/bin/python")
    (packages,) = (path for path in folder.rglob("site-packages") if path.parent.parent.parent.name == "venv")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    return python


def test_python_finds_the_checkout(python: Path, tmp_path: Path) -> None:
    found = run(python, "-c", "import shutterstock_api; print(shutterstock_api.__file__)", cwd=tmp_path)
    assert Path(found.strip()).parents[1].name == "source"


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_type_checker_finds_the_checkout(checker: str, python: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec(checker) is None:
        pytest.skip(f"{checker} is not installed")
    (tmp_path / "use.py").write_text(USE)
    option = "--python-executable" if checker == "mypy" else "--pythonpath"
    said = run(sys.executable, "-m", checker, option, python, "use.py", cwd=tmp_path)
    assert "Image" in said.partition("use.py:3")[2]
    assert "Any" not in said
