"""Reads the answer to a licence request of a job: the outcome for each item, and what it leaves open."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shutterstock_api.jobs.ledger import LedgerOutcome, plain
from shutterstock_api.licensing.item_ids import same_item, spelled
from shutterstock_api.schema.fields import as_list
from shutterstock_api.schema.values import number_value
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.errors import first_line
from shutterstock_api.support.masking import as_secret
from shutterstock_api.support.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shutterstock_api.jobs.ledger import LedgerRow
    from shutterstock_api.schema.medium import Medium
    from shutterstock_api.support.errors import ApiException


def outcomes_of(rows: Iterable[LedgerRow], answer: Any, medium: Medium) -> list[LedgerOutcome]:
    """Return the outcome of each item that the answer mentions, in the order of the request.

    A single entry for a single item is about that item, unless it names another one. It may hold the only
    link to the file.
    """
    rows = list(rows)
    results: dict[str | None, tuple[Any, Any]] = {}
    told = [(_failed, one) for one in answer.failed]
    told += [(_licensed, one) for one in answer.licensed]  # a licence counts more
    for outcome, result in told:
        named = getattr(result, medium.item_id, None)
        alone = len(rows) == len(told) == 1 and not answer.unclear
        alone = alone and same_item(named, rows[0].item) is not False
        results[spelled(rows[0].item if alone else named)] = outcome, result
    found = ((row, results.get(spelled(row.item))) for row in rows)
    return [one[0](row, one[1]) for row, one in found if one]


def _failed(row: LedgerRow, result: Any) -> LedgerOutcome:
    return LedgerOutcome(row.number, "failed", plain(cleaned(str(result.error))) or "")


def _licensed(row: LedgerRow, result: Any) -> LedgerOutcome:
    price = getattr(result, "price", None)
    return LedgerOutcome(
        row.number,
        "licensed",
        license_id=plain(getattr(result, "license_id", None)),
        charge=_amount(getattr(result, "allotment_charge", None)),
        price=_amount(getattr(price, "local_amount", None)),
        currency=plain(getattr(price, "local_currency", None)),
        link=as_secret(plain(getattr(result.download, "url", None))),
    )


def _amount(value: Any) -> float | None:
    """Return credits or money, even if they came as text; `None` if the value is not an amount."""
    with suppress(TypeError, ValueError):
        amount = float(number_value(float(value) if isinstance(value, str) else value))
        return amount if amount >= 0 else None  # SQLite takes no integer of more than 64 bits
    return None


def left_open(answer: Any) -> str:
    """Return the explanation in an answer that leaves out items."""
    words = [
        cleaned(str(getattr(error, "message", None) or getattr(error, "code", None) or error))
        for error in as_list(answer.errors)
    ]
    return shorten(f"the answer does not say: {'; '.join(words)}" if words else "the answer does not say")


def named(error: ApiException, items: int, medium: Medium) -> dict[int, str]:
    """Return what a refusal says about single items, by their position in the request."""
    found: dict[int, str] = {}
    for part in error.errors:
        place = re.search(rf"\b{medium.items}(?:\[|[./])(\d+)\b", str(part.get("path")))
        if place and int(place[1]) < items:
            words = shorten(str(part.get("message") or part.get("code") or error.reason))
            found[int(place[1])] = plain(words) or ""
    return found


def summary(error: ApiException) -> str:
    """Return the first line of an error, as it is kept in the ledger."""
    return plain(first_line(error)) or ""
