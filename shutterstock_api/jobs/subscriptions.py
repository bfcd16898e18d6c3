"""Whether refusals concern single items, or the subscription that was to be charged.

A refusal names one item and usually concerns only that item: words such as "subscription" or "exceeds" may be
about its size as well as about an allotment that is used up. If the last items of a request were refused with
such words, others of the subscription are requested alone. If one is licensed, only the items were meant.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shutterstock_api.jobs.ledger import LedgerOutcome, LedgerRow

ALIKE = 3
"""The number of successive failures after which they no longer count as failures of single items."""

_about_an_account = re.compile(
    r"allotment|credit|quota|insufficient|exceed|subscription|downloads? (left|remaining|limit)",
    re.IGNORECASE,
).search


class Refusal(NamedTuple):
    """An item that was refused, perhaps because of its subscription."""

    row: LedgerRow
    words: str


class Subscriptions:
    """What a run has learned about subscriptions; the key `None` is the customer's default one."""

    def __init__(self) -> None:
        self.used_up: dict[str | None, Refusal] = {}
        """Subscriptions that are used up, and an item that was refused because of that."""
        self._refused: dict[str | None, list[Refusal]] = {}
        self._tries: Counter[str | None] = Counter()
        self._working: set[str | None] = set()

    @property
    def suspects(self) -> list[str | None]:
        """Subscriptions whose next item must be requested alone."""
        return list(self._refused)

    def see(self, rows: list[LedgerRow], outcomes: Iterable[LedgerOutcome]) -> list[Refusal]:
        """Learn from the outcomes of a request, in the order of its items.

        Returns:
            Items that were refused because their subscription is used up, and can be planned again.
        """
        told = {outcome.number: outcome for outcome in outcomes}
        for row in rows:
            name, outcome = row.subscription_id, told.get(row.number)
            if outcome and outcome.state == "licensed":
                self._working.add(name)
                self._taken(name)
            elif outcome and _about_an_account(outcome.error or ""):
                self._refused.setdefault(name, []).append(Refusal(row, outcome.error or ""))
        used_up: list[Refusal] = []
        for name in {row.subscription_id for row in rows} & self._refused.keys():
            self._tries[name] += len(rows) == 1
            if self._tries[name] and len(self._refused[name]) >= ALIKE:
                used_up += self._ended(name)
            elif self._tries[name] >= ALIKE:
                self._taken(name)
        return used_up

    def no_other(self, name: str | None) -> list[Refusal]:
        """Decide about a subscription that has no other item to request; see `see`."""
        refused = len(self._refused[name])
        if refused > ALIKE or (refused > 1 and name not in self._working):
            return self._ended(name)
        self._taken(name)
        return []

    def _ended(self, name: str | None) -> list[Refusal]:
        refused = self._taken(name)
        self.used_up[name] = refused[0]
        return refused

    def _taken(self, name: str | None) -> list[Refusal]:
        """Remove the refusals of a subscription, and return them."""
        del self._tries[name]
        return self._refused.pop(name, [])
