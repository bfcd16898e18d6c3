"""The command line as a process of its own, as a shell starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Outcome(NamedTuple):
    """How a process ended."""

    status: int
    out: str
    err: str


class Shell:
    """Runs commands in a folder.

    Args:
        folder: The folder, which is the home folder, too.
        variables: What the environment has besides.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self.folder = folder
        self.variables = dict(variables)

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("SHUTTERSTOCK_")}
        home = {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "COLUMNS": "100"}
        return {**ours, "PYTHONPATH": str(ROOT), "NO_PROXY": "*", **home, **self.variables}

    def __call__(self, *words: str, given: str = "", **variables: str) -> Outcome:
        """Run a command.

        Args:
            *words: Its words.
            given: What its standard input has.
            **variables: What its environment has besides.
        """
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env={**self.environment, **variables},
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    @staticmethod
    def command(*words: str) -> list[str]:
        return [sys.executable, "-W", "error", "-m", "shutterstock_api", *words]
