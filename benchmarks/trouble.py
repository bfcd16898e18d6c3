"""Trouble with clocks and with the licence history, each kind alone or all together.

clock    the clock of the client's machine is set, at any moment
date     so is the clock behind the `Date` of the service's answers
history  the licence history shows a licence late, in short pages that repeat entries and tell a wrong number,
         and other programs license the same images
cache    a cache in front of the service answers for it
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import urllib3

from shutterstock_api.sandbox import Quirks

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Collection, Iterable
    from random import Random

    from benchmarks.sandbox import Remote

KINDS = ("clock", "date", "history", "cache")
JUMPS = (-86400.0, -3600.0, -90.0, 90.0, 3600.0, 86400.0)
"""Seconds by which clocks are wrong."""
USUAL_LAG = 20.0
"""Seconds until the history shows a licence, where there is no trouble."""
ANOTHER = "another program"
CALM = Quirks(history_lag=USUAL_LAG)


def option(parser: ArgumentParser, usual: Collection[str] = KINDS) -> None:
    """Add the option that says which kinds of trouble there are."""
    parser.add_argument(
        "--trouble",
        nargs="*",
        choices=KINDS,
        default=list(usual),
        help=f"with clocks and the licence history (default: {' '.join(usual)}; without a name: none)",
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


def let_others_license(remote: Remote, images: Iterable[str]) -> None:
    """Let other programs, whose markers are their own, license each image twice."""
    headers = {"Authorization": f"Bearer {remote.token}", "User-Agent": ANOTHER, "Connection": "close"}
    url = f"{remote.url}/v2/images/licenses?subscription_id=s12345678&size=small"
    with urllib3.PoolManager(headers=headers) as pool:
        for image in images:
            for _ in range(2):
                details = dict.fromkeys(("license_job", "soak_marker", "customer_id"), f"{ANOTHER} {uuid4()}")
                entry = {"image_id": image, "metadata": details, "editorial_acknowledgement": True}
                with suppress(urllib3.exceptions.HTTPError):  # they meet trouble, too
                    pool.request("POST", url, json={"images": [entry]}, retries=False)


def without_others(ledger: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the licences that other programs did not buy."""
    return [licence for licence in ledger if ANOTHER not in str(licence["metadata"])]
