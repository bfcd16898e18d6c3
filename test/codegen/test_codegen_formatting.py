"""Ruff sees all files in one go, and nothing of the surroundings."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from codegen.__main__ import ROOT
from codegen.contract.spec import load
from codegen.output.formatting import formatted
from codegen.output.render import render

pytestmark = pytest.mark.tools

UNSORTED = """\
from __future__ import annotations
from typing import Any, TYPE_CHECKING
from shutterstock_api.schema import b as b
from shutterstock_api.schema import a
import msgspec
if TYPE_CHECKING:
    from datetime import date
def first(value: Any)->a: return msgspec.json.decode(value)
"""

SORTED = """\
from __future__ import annotations

from typing import Any

import msgspec

from shutterstock_api.schema import a, b as b


def first(value: Any) -> a:
    return msgspec.json.decode(value)
"""


def test_public_names_are_in_the_order_of_the_linter() -> None:
    code = formatted({"package/module.py": '__all__ = ["Zoo", "ant", "SFX", "Ant"]\n'})
    assert code["package/module.py"] == '__all__ = ["SFX", "Ant", "Zoo", "ant"]\n'


def test_imports_are_sorted_and_dropped_where_nothing_uses_them() -> None:
    assert formatted({"package/module.py": UNSORTED}) == {"package/module.py": SORTED}


def test_code_on_a_page_has_narrower_lines() -> None:
    call = f"functions({', '.join(['argument'] * 8)})"
    page = f"# Page\n\n| a | b |\n\n```python\n{call}\n```\n"
    assert formatted({"docs/Page.md": page, "code.py": f"{call}\n"}) == {
        "docs/Page.md": page.replace(call, call.replace("(", "(\n    ").replace(")", "\n)")),
        "code.py": f"{call}\n",
    }


def test_settings_around_the_temporary_folder_play_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "ruff.toml").write_text("line-length = 20\n")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert formatted({"package/module.py": UNSORTED}) == {"package/module.py": SORTED}


def test_code_that_is_none_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"module\.py"):
        formatted({"package/module.py": "def (:\n"})


def test_a_run_starts_ruff_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    run = subprocess.run

    def noting(command: tuple[str, ...], **options: object) -> object:
        started.append(command[3])
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", noting)
    render(load(ROOT / "openapi"))
    assert started == ["check", "format"]
