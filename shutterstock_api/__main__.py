"""`python -m shutterstock_api`, and the script `shutterstock-api`: the command line."""

from __future__ import annotations

import sys

from shutterstock_api.support.errors import ApiException, needed_for


def main() -> int:
    """Run the command line, and return its exit status."""
    try:
        with needed_for("the command line"):
            import click  # noqa: F401
    except ApiException as error:
        print(error, file=sys.stderr)
        return 2
    from shutterstock_api.commands.program import run_program

    return run_program()


if __name__ == "__main__":
    sys.exit(main())
