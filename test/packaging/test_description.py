"""README as a package index shows it: no link leads nowhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools

ROOT = Path(__file__).resolve().parents[2]
README = """\
# Title

[`Guide`](docs/guide.md), [below](#there), [service](https://service.example/a)
"""


@pytest.mark.parametrize(
    ("urls", "shown"),
    [
        ("", "`Guide` (`docs/guide.md`), below, [service](https://service.example/a)"),
        (
            'Source = "https://code.example/tree"',
            "[`Guide`](https://code.example/tree/docs/guide.md), below, [service](https://service.example/a)",
        ),
    ],
)
def test_links_of_readme(tmp_path: Path, urls: str, shown: str) -> None:
    pytest.importorskip("setuptools")
    (tmp_path / "setup.py").write_bytes((ROOT / "setup.py").read_bytes())
    (tmp_path / "README.md").write_text(README)
    head = '[project]\nname = "x"\nversion = "1"\ndynamic = ["readme"]\n'
    (tmp_path / "pyproject.toml").write_text(
        f"{head}[project.urls]\n{urls}\n[tool.setuptools]\npackages = []\n"
    )
    done = subprocess.run(
        [sys.executable, "setup.py", "--quiet", "egg_info"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.egg-info" / "PKG-INFO").read_text("utf-8").splitlines()[-1] == shown
