"""A licence job of each medium, killed again and again; then the accounts.

`python -m benchmarks.kills [--medium NAME ...] [--items N] [--kills N] [--faults SHARE] [--seed N]`; exit
status 1 where an item was bought twice or lost, a file is missing or not whole, or the ledger is wrong.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import sandbox
from benchmarks.kills.goods import GOODS
from benchmarks.kills.run import kills, table

_USUAL = ("clock", "history", "cache")
"""From one process to the next nobody can tell if both clocks, ours and the service's, are set at once."""


def main() -> int:
    """Run it, and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=main.__doc__)
    parser.add_argument(
        "--medium", nargs="*", choices=GOODS, default=list(GOODS), help="which (default: all)"
    )
    parser.add_argument("--items", "--images", type=int, help="how many of each (default: by medium)")
    parser.add_argument("--kills", type=int, help="how often (default: by medium)")
    parser.add_argument(
        "--faults", type=float, default=0.1, help="share of the requests (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of all chance (default: %(default)s)")
    sandbox.trouble_option(parser, _USUAL)
    options = parser.parse_args()
    reports = []
    for name in options.medium:
        goods = GOODS[name]
        items, times = options.items or goods.items, options.kills or goods.kills
        report = kills(items, times, options.faults, options.seed, options.trouble, medium=name)
        print(report, flush=True)
        reports.append(report)
    print(table(reports))
    return 1 if any(report.violations for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
