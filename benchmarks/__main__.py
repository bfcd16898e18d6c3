"""Compare this library with its limit in one run, and print the table.

`python -m benchmarks [--rounds N] [--gigabytes N]`; the exit status is 1 if a limit is missed.
"""

from __future__ import annotations

import argparse
import platform
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks import files, measures, sandbox, server

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> int:
    """Run all measurements."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument(
        "--rounds", type=int, default=measures.FULL, help="rounds of each comparison (default: %(default)s)"
    )
    parser.add_argument(
        "--gigabytes", type=float, default=0.5, help="size of the one large file (default: %(default)s)"
    )
    arguments = parser.parse_args()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("urllib3", "msgspec"))
    print(f"Python {platform.python_version()}, {libraries}; the limit is these two alone.\n")
    print(f"{'':28}{'ours':>12}{'limit':>12}{'ratio':>9}{'bar':>8}")
    missed = 0
    for result in _results(arguments.rounds, arguments.gigabytes):
        missed += not result.good
        print(_row(result), flush=True)
    print(f"\n{missed} bars missed." if missed else "\nAll bars held.")
    return 1 if missed else 0


def _results(rounds: int, gigabytes: float) -> Iterator[measures.Result]:
    yield from measures.imports(max(1, rounds // 3))
    with server.running() as port:
        yield from measures.calls(port, rounds)
    with sandbox.running(images=1_000_000) as remote:
        yield from measures.pagination(remote.url, remote.token, rounds)
        yield from measures.license_job(remote.url, remote.token, rounds)
    yield from measures.decoding_alone(rounds)
    yield measures.memory()
    if files.missing():
        print(f"{'downloads':28}skipped: {files.missing()} is not installed")
    else:
        with files.served() as (url, folder):
            yield from files.many(url, folder, max(1, rounds // 5))
            yield files.memory(url, folder, gigabytes)


def _row(result: measures.Result) -> str:
    mark = "" if result.good else "  missed"
    if result.name == "import shutterstock_api":
        ours, theirs = (f"{seconds * 1e3:.1f} ms" for seconds in (result.ours, result.limit))
        columns = f"{result.ratio * 1e3:>+6.1f} ms{result.bar * 1e3:>5.0f} ms"
        return f"{result.name:28}{ours:>12}{theirs:>12}{columns}{mark}"
    if result.name.startswith("memory"):
        ours, theirs = (f"{size / 1e6:.2f} MB" for size in (result.ours, result.limit))
    else:
        ours, theirs = (f"{seconds * 1e6:,.0f} us" for seconds in (result.ours, result.limit))
    return f"{result.name:28}{ours:>12}{theirs:>12}{result.ratio:>9.3f}{result.bar:>8.2f}{mark}"


if __name__ == "__main__":
    sys.exit(main())
