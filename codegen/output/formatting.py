"""Formats code with ruff: sorts imports, removes unused ones, and sets the spacing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

# Other settings have no effect: these are beside the files, and the nearest settings apply.
_SETTINGS = {
    "ruff.toml": """\
target-version = "py311"
line-length = 110
respect-gitignore = false
[lint]
select = ["F401", "I", "RUF022", "TC005"]
[lint.isort]
combine-as-imports = true
split-on-trailing-comma = false
known-first-party = ["shutterstock_api"]
""",
    "docs/ruff.toml": 'extend = "../ruff.toml"\nline-length = 88\n',  # the examples of the pages
}


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The files, by their paths: modules, and pages with code in them. Ruff sees all of them in one go."""
    with TemporaryDirectory() as folder:
        for path, content in {**_SETTINGS, **files}.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode())
        for command in (("check", "--fix"), ("format",)):
            whole = (sys.executable, "-m", "ruff", *command, "--quiet", "--no-cache", ".")
            run = subprocess.run(whole, cwd=folder, capture_output=True)  # nosec B603 # our own ruff
            if run.returncode:
                raise RuntimeError(f"ruff refused generated code: {(run.stdout + run.stderr).decode()}")
        return {path: Path(folder, path).read_bytes().decode() for path in files}
