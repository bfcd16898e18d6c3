"""House rules: what is public, what is loaded when, and who may import whom."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType

import pytest

import shutterstock_api
from shutterstock_api import api, models

PACKAGE = Path(shutterstock_api.__file__).parent
ROOT = PACKAGE.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def run(code: str) -> str:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20, env=bare
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("package", [shutterstock_api, models, api])
def test_all_is_what_is_there(package: ModuleType) -> None:
    public = {
        name
        for name in dir(package)
        if not name.startswith("_") and not isinstance(getattr(package, name), ModuleType)
    }
    assert public - {"TYPE_CHECKING", "lazy_names", "stand_ins"} == {
        n for n in package.__all__ if not n.startswith("_")
    }


def test_all_models_and_errors_are_public() -> None:
    assert set(models.__all__) <= set(shutterstock_api.__all__)
    files = {path.stem for path in (PACKAGE / "models").glob("*.py")} - {"__init__", "enums"}
    named = {name.replace("_", "").lower() for name in models.__all__}
    assert {name.replace("_", "") for name in files} <= named


def test_a_misspelt_name() -> None:
    with pytest.raises(AttributeError, match="module 'shutterstock_api' has no attribute 'ImagesAPI'"):
        shutterstock_api.ImagesAPI  # noqa: B018
    with pytest.raises(ImportError, match="ImagesAPI"):
        from shutterstock_api import ImagesAPI  # noqa: F401


def test_names_of_2019() -> None:
    from shutterstock_api.api.images_api import ImagesApi
    from shutterstock_api.models.image import Image
    from shutterstock_api.rest import ApiException

    assert shutterstock_api.ImagesApi is ImagesApi
    assert shutterstock_api.models.image.Image is shutterstock_api.Image is Image
    assert shutterstock_api.ApiException is ApiException


def test_a_star_import() -> None:
    assert (
        run("from shutterstock_api import *; print(ImagesApi.__name__, Image.__name__)")
        == "ImagesApi Image\n"
    )


def test_an_import_loads_next_to_nothing() -> None:
    loaded = run("import sys, shutterstock_api; print(*sys.modules)").split()
    for name in ("typing", "urllib3", "msgspec", "certifi", "six", "dateutil", "shutterstock_api.api_client"):
        assert name not in loaded
    ours = {name for name in loaded if name.startswith("shutterstock_api")}
    assert ours == {
        "shutterstock_api",
        *(f"shutterstock_api.{name}" for name in ("api", "exceptions", "version")),
        *("shutterstock_api.support", "shutterstock_api.support.lazy"),
        *(f"shutterstock_api.{name}" for name in shutterstock_api._MOVED),
    }


def test_models_are_read_when_one_is_asked_for() -> None:
    code = """
import sys, shutterstock_api
loaded = lambda: "shutterstock_api.models" in sys.modules
print(loaded(), shutterstock_api.ApiException.__name__, shutterstock_api.ImagesApi.__name__)
print(shutterstock_api.Image.__name__, loaded(), "Image" in shutterstock_api.__all__)
"""
    assert run(code) == "False ApiException ImagesApi\nImage True True\n"


def test_a_client_loads_no_more_than_it_needs() -> None:
    code = "import sys; before = {*sys.modules}; import shutterstock_api; shutterstock_api.ImagesApi()"
    loaded = run(f"{code}; print(*{{*sys.modules}} - before)").split()
    others = "dataclasses dateutil difflib multiprocessing pprint six yaml"
    ours = "credentials.token licensing modelkit sandbox schema.encoding telemetry.events"
    assert not {*others.split(), *(f"shutterstock_api.{name}" for name in ours.split())} & {*loaded}


def imports_of(path: Path, typing_too: bool = False) -> set[str]:
    """Return the modules that a module imports, wherever it does so; without those for types alone."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not typing_too:
            for child in node.orelse:
                visit(child)
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            folder = ".".join(path.parent.relative_to(ROOT).parts)
            module = resolve_name("." * node.level + (node.module or ""), folder)
            for full in (f"{module}.{alias.name}" for alias in node.names):
                found.add(full if full in MODULES else module)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text()))
    return found


def test_no_cycle_of_imports() -> None:
    """Imports in functions and for type checkers count too."""
    needed = {name: imports_of(path, True) & MODULES.keys() - {name} for name, path in MODULES.items()}
    TopologicalSorter(needed).prepare()


def test_models_know_no_client() -> None:
    for path in (PACKAGE / "models").glob("*.py"):
        assert not {module for module in imports_of(path, True) if "client" in module or "rest" in module}


def test_the_version_is_the_newest_of_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[?(\d[^\]\s]*)", changelog, re.MULTILINE)
    assert newest
    assert newest[1] == shutterstock_api.__version__
