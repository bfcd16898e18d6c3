"""What users install: the wheel holds what is needed and nothing else, and works away from the checkout."""

from __future__ import annotations

import email
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("benchmarks", "codegen", "docs", "examples", "openapi", "shutterstock_api", "test", ".ci")


def run(*arguments: str | Path, cwd: Path) -> str:
    """Return what Python prints, away from coverage and from settings of the shell."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=ours, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def build(kind: str, source: Path, folder: Path) -> Path:
    run("-m", "build", f"--{kind}", "--no-isolation", "--outdir", folder, source, cwd=source)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, so that building leaves nothing behind in it."""
    copy = tmp_path_factory.mktemp("source")
    compiled = shutil.ignore_patterns("__pycache__", "*.pyc")
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy(file, copy)
    for folder in SOURCES:
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, copy / folder, ignore=compiled)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder, wheel, cwd=folder)
    return folder


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_the_package_the_contract_and_nothing_else(wheel: Path):
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "shutterstock_api").rglob("*.py")}
    contract = {f"shutterstock_api/openapi/{path.name}" for path in (ROOT / "openapi").glob("*.yaml")}
    held = {name for name in contents(wheel) if ".dist-info/" not in name}
    sounds = {f"shutterstock_api/sandbox/catalogue/sounds/notes.{kind}" for kind in ("mp3", "ogg")}
    assert held == package | contract | sounds | {"shutterstock_api/py.typed"}
    assert {"shutterstock_api/openapi/images.yaml", "shutterstock_api/openapi/common.yaml"} <= contract


def test_the_metadata_says_what_the_project_says(wheel: Path):
    held = contents(wheel)
    (name,) = (name for name in held if name.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(held[name])
    version = {}
    exec((ROOT / "shutterstock_api/version.py").read_text(), version)
    assert metadata["Name"] == "shutterstock_api"
    assert metadata["Version"] == version["__version__"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    always = [text for text in metadata.get_all("Requires-Dist") if "extra ==" not in text]
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    needed = [line for line in lines if line and not line.startswith("#")]
    assert sorted(map(parts, always)) == sorted(map(parts, needed))
    assert metadata.get_all("Provides-Extra") == ["oauth", "pandas", "progress", "sandbox"]
    assert held[name.replace("METADATA", "licenses/LICENSE")] == (ROOT / "LICENSE").read_bytes()


def parts(requirement: str) -> list[str]:
    """Return name and bounds in an order of their own: build tools sort the bounds."""
    name = requirement.split(">")[0].split("<")[0].strip()
    return [name, *sorted(requirement[len(name) :].strip().split(","))]


def test_the_source_archive_builds_the_same_wheel(source: Path, wheel: Path, tmp_path: Path):
    archive = build("sdist", source, tmp_path / "archive")
    run("-m", "tarfile", "--extract", archive, tmp_path / "unpacked", cwd=tmp_path)
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    again = contents(build("wheel", unpacked, tmp_path / "wheel"))
    assert {name: text for name, text in again.items() if not name.endswith("/RECORD")} == {
        name: text for name, text in contents(wheel).items() if not name.endswith("/RECORD")
    }
    assert (unpacked / "test/packaging/test_wheel.py").is_file()


USE = """
import sys
sys.path.insert(0, sys.argv[1])
import shutterstock_api
from pathlib import Path
from shutterstock_api.sandbox import Sandbox

assert Path(shutterstock_api.__file__).is_relative_to(sys.argv[1]), shutterstock_api.__file__
with Sandbox() as sandbox, shutterstock_api.ApiClient(sandbox.configuration()) as client:
    api = shutterstock_api.ImagesApi(client)
    found = api.search_images(query="cat", per_page=3)
    print(type(found).__name__, len(found.data), api.get_image(found.data[0].id).id == found.data[0].id)
"""


def test_the_installed_wheel_works_away_from_the_checkout(installed: Path, tmp_path: Path):
    assert run("-I", "-W", "error", "-c", USE, installed, cwd=tmp_path).split() == [
        "ImageSearchResults",
        "3",
        "True",
    ]


TEST = """
def test_it(shutterstock_api_client, shutterstock_sandbox):
    assert shutterstock_api_client.configuration.host == shutterstock_sandbox.url
"""
RUN = "import sys; sys.path.insert(0, sys.argv[1]); import pytest; sys.exit(pytest.main(sys.argv[2:]))"


def test_pytest_finds_the_fixtures_of_the_installed_wheel(installed: Path, tmp_path: Path):
    (tmp_path / "test_it.py").write_text(TEST)
    assert " 1 passed in " in run("-I", "-c", RUN, installed, "-p", "no:cacheprovider", cwd=tmp_path)
    fixtures = run("-I", "-c", RUN, installed, "--fixtures", "-p", "no:shutterstock_api", cwd=tmp_path)
    assert "shutterstock_sandbox" not in fixtures
