"""pytest takes no class of ours for a test, whatever its name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
from shutterstock_api.base_api import Api
from shutterstock_api.modelkit.base import ApiModel

class TestApi(Api):
    def test(self): raise AssertionError

class TestEcho(ApiModel):
    def test(self): raise AssertionError

def test_of_the_user(): pass
"""


def test_classes_that_begin_with_test(tmp_path: Path) -> None:
    (tmp_path / "test_user.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "test_user.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1].startswith("1 passed"), done.stdout
