"""Every block of Python in README, in the guides and in the reference runs as it is printed.

A sandbox stands behind `SHUTTERSTOCK_API_HOST`. Blocks of README and of the reference stand alone; the
blocks of a guide run one after the other and share their names, so that a guide can tell a story. Where a
block of `text` follows at once, it is what the code prints.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from doc_blocks import GUIDES, README, REFERENCE, ROOT, START, Block, blocks

from shutterstock_api.sandbox import Quirks, Sandbox

pytestmark = pytest.mark.docs

ALONE = [block for page in (README, *REFERENCE) for block in blocks(page)]
Run = Callable[[Block, dict[str, Any]], None]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(images=100_000, quirks=Quirks(creates_users=True)) as running:
        yield running


@pytest.fixture
def run(
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a block with the sandbox as it was at its start, in an empty folder."""
    sandbox.reset()
    monkeypatch.setenv("SHUTTERSTOCK_API_HOST", sandbox.url)
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", sandbox.token())
    monkeypatch.setenv("SHUTTERSTOCK_KEY", sandbox.key)
    monkeypatch.setenv("SHUTTERSTOCK_SECRET", sandbox.secret)
    monkeypatch.setenv("NEW_USER_PASSWORD", "a secret of mine")
    monkeypatch.chdir(tmp_path)

    def execute(block: Block, names: dict[str, Any]) -> None:
        code = "\n" * (block.line - 1) + block.code  # a traceback shows the line of the page
        exec(compile(code, str(block.page), "exec", dont_inherit=True), names)
        printed = capsys.readouterr().out
        if block.output is not None:
            assert printed == block.output, block.name

    return execute


@pytest.mark.parametrize("block", ALONE, ids=lambda block: block.name)
def test_a_block_runs_as_printed(block: Block, run: Run):
    names: dict[str, Any] = {"__name__": "__main__"}
    run(block, names)
    names.clear()
    gc.collect()  # what was left open warns here, not in another test


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_a_guide_runs_as_printed(page: Path, run: Run):
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        run(block, names)
    names.clear()
    gc.collect()


def test_there_are_blocks():
    assert len(blocks(ROOT / "docs" / "ImagesApi.md")) == 25
    assert len(blocks(README)) >= 4
    assert blocks(START)[0].output
    assert all(blocks(page) for page in GUIDES if page.name != "index.md")


PAGE = """\
# Page

```python
print(1)
```

```text
1
```

```shell
python
```

```python
print(2)
```

Words between.

```text
no output of the block above
```
"""


def test_blocks_are_found_with_their_output_and_place(run: Run):
    first, second = blocks(README, PAGE)
    assert first == Block(README, 4, "print(1)\n", "1\n")
    assert second == Block(README, 16, "print(2)\n", None)
    run(first, {})
    with pytest.raises(AssertionError):
        run(first._replace(output="3\n"), {})
