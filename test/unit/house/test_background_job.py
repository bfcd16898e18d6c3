"""The suite passes where signals are ignored, as in a background job of a shell or under nohup."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SENDING = (
    "test/unit/downloads/test_download_processes.py::test_killed_and_resumed_by_another_process",
    "test/sandbox/test_sandbox_lifecycle.py::test_the_command",
)


@pytest.mark.tools
@pytest.mark.skipif(os.name == "nt", reason="no such signals here")
def test_ignored_signals_are_not_inherited() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    script = "trap '' INT TERM HUP QUIT; exec \"$@\""
    pytest_ = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *SENDING)
    done = subprocess.run(
        ["sh", "-c", script, "sh", *pytest_], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout
