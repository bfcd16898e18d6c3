"""The files that the guide to testing shows, side by side in a folder, pass in a pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from doc_blocks import ROOT, TESTING, Block, blocks

pytestmark = pytest.mark.docs


def _name(block: Block) -> str:
    """Return the name of the file that a block is, as its first line says."""
    found = re.match(r"# (\w+\.py)\n", block.code)
    assert found, block.name
    return found[1]


def test_the_files_of_the_guide_pass(tmp_path: Path):
    files = {
        match[1]: block.code for block in blocks(TESTING) if (match := re.match(r"# (\w+\.py)\n", block.code))
    }
    assert len(files) == len(blocks(TESTING)) == 6
    for name, code in files.items():
        (tmp_path / name).write_text(code)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "-p", "shutterstock_api.pytest_plugin"],
        cwd=tmp_path,
        env={**ours, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    tests = "".join(files.values()).count("\ndef test_")
    assert f" {tests} passed in " in done.stdout, done.stdout
