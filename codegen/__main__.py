"""Write the generated files, or with `--check` only compare them.

    python -m codegen            writes files that differ, and removes surplus ones
    python -m codegen --check    exit status 1, and a line per differing, missing or surplus file

Exit status 2: something in `openapi/` cannot be expressed in code; nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from codegen.contract.spec import InvalidSpec, load
from codegen.output.render import PAGE_MARK, PYTHON_MARK, render

ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("api", "contract", "models", "types")
_PLACES = (*(f"shutterstock_api/{name}/**/*.py" for name in _ROOMS), "docs/*.md")


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m codegen", description="Generates code and pages from openapi/."
    )
    parser.add_argument("--check", action="store_true", help="only compare; exit status 1 if files differ")
    check = parser.parse_args(arguments).check
    try:
        files = render(load(root / "openapi"))
    except InvalidSpec as error:
        print(error, file=sys.stderr)
        return 2
    changes = list(compare(files, root))
    by_hand = [path for path in (*files, *(path for _, path in changes)) if not _is_ours(root / path)]
    if by_hand and not check:
        print(
            *(f"{path}: written by hand, the generator leaves it alone" for path in dict.fromkeys(by_hand)),
            sep="\n",
            file=sys.stderr,
        )
        return 2
    for kind, path in changes:
        print(f"{kind}: {path}")
    if check:
        return 1 if changes else 0
    for kind, path in changes:
        _apply(kind, root / path, files.get(path, ""))
    print(f"{len(files)} files, {len(changes)} changed")
    return 0


def compare(files: dict[str, str], root: Path) -> Iterator[tuple[str, str]]:
    """Every file that differs, is missing, or is surplus: generated, or in a folder for generated code."""
    for path, content in sorted(files.items()):
        if not (root / path).exists():
            yield "missing", path
        elif (root / path).read_bytes() != content.encode():
            yield "differs", path
    for place in _PLACES:
        for found in sorted(root.glob(place)):
            path = found.relative_to(root).as_posix()
            if path not in files and (_is_ours(found) or found.suffix == ".py"):
                yield "surplus", path


def _is_ours(path: Path) -> bool:
    """Whether a file is absent or generated, and so may be written or removed."""
    if not path.exists():
        return True
    with path.open("rb") as file:
        return file.readline().startswith((PYTHON_MARK.encode(), PAGE_MARK.encode()))


def _apply(kind: str, path: Path, content: str) -> None:
    if kind == "surplus":
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode())


if __name__ == "__main__":
    sys.exit(main())
