"""`python -m shutterstock_api`, and the script `shutterstock-api`: the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line, and return its exit status."""
    try:
        import click  # noqa: F401
    except ModuleNotFoundError:
        print("The command line needs click, which is not installed: pip install click", file=sys.stderr)
        return 2
    from shutterstock_api.commands.program import run_program

    return run_program()


if __name__ == "__main__":
    sys.exit(main())
