"""Python code as ruff writes it."""

from __future__ import annotations

import subprocess
import sys

LINE_LENGTH = 110
PAGE_LINE_LENGTH = 88  # the examples of the pages

_RUFF = (sys.executable, "-m", "ruff", "format", "--isolated", "--target-version=py310")


def formatted(source: str, line_length: int = LINE_LENGTH) -> str:
    """`source` with ruff's spacing; settings of the surroundings play no part."""
    command = (*_RUFF, f"--line-length={line_length}", "-")
    run = subprocess.run(command, input=source.encode(), capture_output=True)  # nosec B603 # our own ruff
    if run.returncode:
        raise RuntimeError(f"ruff refused generated code: {run.stderr.decode()}\n{source}")
    return run.stdout.decode()
