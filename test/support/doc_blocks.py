"""The blocks of code in a Markdown page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
START = ROOT / "docs" / "index.md"
REFERENCE = sorted(page for page in (ROOT / "docs").glob("*.md") if page.stem[0].isupper())
"""The generated pages; those by hand have small letters."""
TESTING = ROOT / "docs" / "guides" / "testing.md"
"""Its blocks are files; `test_testing_guide.py` runs them."""
TELEMETRY = ROOT / "docs" / "guides" / "telemetry.md"
"""It needs packages that no other page does; `test/telemetry/` runs it."""
SHELL = ROOT / "docs" / "guides" / "command-line.md"
"""Its blocks are commands; `test_command_line_guide.py` runs them."""
GUIDES = [
    START,
    *sorted({*(ROOT / "docs" / "guides").glob("*.md")} - {SHELL, TELEMETRY, TESTING}),
    ROOT / "examples" / "service" / "README.md",
]

_BLOCK = re.compile(r"^```([\w-]*)[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of Python."""

    page: Path
    line: int
    """Where its first line stands in the page."""
    code: str
    output: str | None
    """What it prints, where the page says so: the block of `text` that follows it, with nothing between."""

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path, text: str | None = None) -> list[Block]:
    """Return the blocks of Python in a page."""
    text = page.read_text("utf-8") if text is None else text
    found = list(_BLOCK.finditer(text))
    result = []
    for index, match in enumerate(found):
        if match[1] == "python":
            line = text.count("\n", 0, match.start(2)) + 1
            after = found[index + 1] if index + 1 < len(found) else None
            follows = after and after[1] == "text" and not text[match.end() : after.start()].strip()
            result.append(Block(page, line, match[2], after[2] if after and follows else None))
    return result
