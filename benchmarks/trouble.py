"""Trouble with clocks and with the licence history, each kind alone or all together.

clock    the clock of the client's machine is set, at any moment
date     so is the clock behind the `Date` of the service's answers
history  the licence history shows a licence late, in short pages that repeat entries and tell a wrong number,
         and other programs license the same images
cache    a cache in front of the service answers for it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shutterstock_api.sandbox import Quirks

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Collection
    from random import Random

KINDS = ("clock", "date", "history", "cache")
JUMPS = (-86400.0, -3600.0, -90.0, 90.0, 3600.0, 86400.0)
"""Seconds by which clocks are wrong."""
USUAL_LAG = 20.0
"""Seconds until the history shows a licence, where there is no trouble."""
CALM = Quirks(history_lag=USUAL_LAG)


def option(parser: ArgumentParser) -> None:
    """Add the option that says which kinds of trouble there are."""
    parser.add_argument(
        "--trouble",
        nargs="*",
        choices=KINDS,
        default=list(KINDS),
        help="with clocks and the licence history (default: all; without a name: none)",
    )


def quirks(kinds: Collection[str], dice: Random) -> Quirks:
    """Return habits of the service that make such trouble."""
    habits: dict[str, Any] = {"history_lag": USUAL_LAG}
    if "date" in kinds:
        habits["date_ahead"] = dice.choice((0.0, *JUMPS))
    if "history" in kinds:
        habits |= {
            "history_lag": dice.choice((USUAL_LAG, 300.0, 550.0)),
            "history_page": dice.choice((1, 2)),
            "history_repeats": dice.choice((None, "entries", "pages")),
            "history_total": dice.choice((None, "missing", "page", "high", "text", "words")),
        }
    if "cache" in kinds:
        habits |= {"cache": 3600.0, "cache_obeys": False, "cache_age": dice.random() < 0.5}
    return Quirks(**habits)
