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
"""Failures, one after the other, after which they are not taken for the fault of single items any more."""

_about_an_account = re.compile(
    r"allotment|credit|quota|insufficient|exceed|subscription|downloads? (left|remaining|limit)",
    re.IGNORECASE,
).search


class Refusal(NamedTuple):
    """An item that was refused with words that may be about its subscription."""

    row: LedgerRow
    words: str


class Subscriptions:
    """What the answers of a run tell of subscriptions; the key `None` is the customer's usual one."""

    def __init__(self) -> None:
        self.used_up: dict[str | None, Refusal] = {}
        """Subscriptions that license nothing any more, and an item that was refused for that."""
        self._refused: dict[str | None, list[Refusal]] = {}
        self._tries: Counter[str | None] = Counter()
        self._working: set[str | None] = set()

    @property
    def suspects(self) -> list[str | None]:
        """Subscriptions of which the next item is to be asked for alone."""
        return list(self._refused)

    def see(self, rows: list[LedgerRow], outcomes: Iterable[LedgerOutcome]) -> list[Refusal]:
        """Take in what became of the items of a request, in their order.

        Returns:
            Items that were refused because their subscription is used up, and may be planned as before.
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
        """Decide about a subscription without another item that could be asked for; see `see`."""
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
        """Forget the refusals of a subscription, and return them."""
        del self._tries[name]
        return self._refused.pop(name, [])
