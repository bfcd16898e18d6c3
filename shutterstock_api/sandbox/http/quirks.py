"""Quirks of the service that a program has to live with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .names import keywords_explained


@keywords_explained
@dataclass(frozen=True)
class Quirks:
    """Quirks of the service: how it behaves all the time. You can combine them with faults.

    Args:
        history_lag: Seconds until a licence appears in the licence history.
        history_page: The most entries on a page of the history, whatever `per_page` says; more pages follow.
        history_repeats: `entries`: a page begins with the last entry of the page before. `pages`: each page
            comes twice. `last`: all pages after the last one are like it.
        history_shuffled: Whether each answer has the entries in another order, so that pages repeat some of
            them and lack others.
        history_total: What is wrong with `total_count`: it is `missing`, it counts the `page` alone, it is
            too `high`, it is a `text` such as "3", or it consists of `words`.
        cache: A cache in front of the service answers with a licence history that is up to this many seconds
            old, and so is its `Date`.
        cache_obeys: Whether the cache asks the service when a request says `Cache-Control: no-cache`.
        cache_age: Whether the cache says how old its answer is, in `Age`.
        clock_ahead: Seconds that the service's clock is ahead of the `clock` of the sandbox, or behind it if
            negative. It applies to `Date`, the history, links and tokens. Assign other quirks for a jump.
        date_ahead: Seconds that `Date` alone is ahead in addition, as the `Date` of a gateway may be.
        creates_users: Whether `create_user` still works, as it did in 2019.
    """

    history_lag: float = 0.0
    history_page: int | None = None
    history_repeats: Literal["entries", "pages", "last"] | None = None
    history_shuffled: bool = False
    history_total: Literal["missing", "page", "high", "text", "words"] | None = None
    cache: float = 0.0
    cache_obeys: bool = True
    cache_age: bool = True
    clock_ahead: float = 0.0
    date_ahead: float = 0.0
    creates_users: bool = False

    def __post_init__(self) -> None:
        if self.history_page is not None and self.history_page < 1:
            raise ValueError(f"history_page={self.history_page!r}: expected 1 or more")
        if self.history_repeats not in (None, "entries", "pages", "last"):
            raise ValueError(f"history_repeats={self.history_repeats!r}: expected entries, pages or last")
        if self.history_total not in (None, "missing", "page", "high", "text", "words"):
            expected = "missing, page, high, text or words"
            raise ValueError(f"history_total={self.history_total!r}: expected {expected}")

    def window(self, page: int, per_page: int, total: int) -> tuple[int, int]:
        """Where a page of the licence history begins, and the most entries that it has."""
        limit = min(per_page, self.history_page or per_page)
        if self.history_repeats == "pages":
            page = (page + 1) // 2
        if self.history_repeats == "last":
            page = min(page, max(1, -(-total // max(1, limit))))
        step = max(1, limit - 1) if self.history_repeats == "entries" else limit
        return (page - 1) * step, limit

    def with_total(self, body: dict[str, Any]) -> dict[str, Any]:
        """A page of the licence history with another `total_count`."""
        true = body["total_count"]
        told = {"page": len(body["data"]), "high": 2 * true + 1, "text": str(true), "words": "many"}
        if self.history_total is not None:
            body = {**body, "total_count": told.get(self.history_total)}
        return {name: value for name, value in body.items() if value is not None}
