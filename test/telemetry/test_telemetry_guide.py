"""The guide to telemetry and the example of metrics run as printed, each in a process of its own.

A process has one provider of tracers and one registry of metrics for its whole life.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from doc_blocks import ROOT, TELEMETRY, blocks

pytestmark = pytest.mark.telemetry


def printed(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_guide_runs_as_printed(tmp_path: Path) -> None:
    found = blocks(TELEMETRY)
    code = "\n".join(block.code for block in found)
    assert printed("-c", code, cwd=tmp_path) == "".join(block.output or "" for block in found)
    assert sum(block.output is not None for block in found) == 5


def test_the_example_prints_metrics(tmp_path: Path) -> None:
    lines = printed(str(ROOT / "examples" / "metrics.py"), cwd=tmp_path).splitlines()
    assert {
        'shutterstock_attempts_total{operation="search_images",outcome="ServerError"} 1.0',
        'shutterstock_attempts_total{operation="search_images",outcome="ok"} 1.0',
        'shutterstock_attempts_total{operation="get_image",outcome="ok"} 1.0',
        'shutterstock_attempt_seconds_count{operation="search_images"} 2.0',
        'shutterstock_retries_total{error="ServerError",operation="search_images"} 1.0',
    } <= {*lines}
