"""What the answer to a licence job's request says of its images, and what it leaves open."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from shutterstock_api.jobs.ledger import LedgerOutcome, plain
from shutterstock_api.schema.fields import as_list
from shutterstock_api.schema.values import number_value
from shutterstock_api.support.errors import first_line
from shutterstock_api.support.masking import as_secret
from shutterstock_api.support.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shutterstock_api.jobs.ledger import LedgerRow
    from shutterstock_api.models import LicenseImageResult, LicenseImageResultDataList
    from shutterstock_api.support.errors import ApiException

_exhausted = re.compile(
    r"allotment|credit|quota|insufficient|exceed|subscription|downloads? (left|remaining|limit)",
    re.IGNORECASE,
).search
_place = re.compile(r"\bimages\[(\d+)\]").search


class Told(NamedTuple):
    """What an answer tells."""

    outcomes: list[LedgerOutcome]
    """What became of the images that it speaks of, in the order of the request."""
    used_up: dict[str | None, str]
    """Subscriptions whose allotment is used up, and the words that say so."""


def outcomes_of(rows: Iterable[LedgerRow], answer: LicenseImageResultDataList) -> Told:
    """Return what an answer tells of the images of its request.

    Images that were refused because an allotment is used up are planned as before.
    """
    results: dict[str, LicenseImageResult] = {}
    for result in [*answer.failed, *answer.licensed]:  # a licence counts more than a refusal
        results[str(result.image_id)] = result
    licensed = {str(result.image_id) for result in answer.licensed}
    outcomes: dict[int, LedgerOutcome] = {}
    rows_of: dict[str | None, list[LedgerRow]] = {}
    for row in rows:
        rows_of.setdefault(row.subscription_id, []).append(row)
        if row.image_id in results:
            outcome = _licensed if row.image_id in licensed else _failed
            outcomes[row.number] = outcome(row, results[row.image_id])
    used_up: dict[str | None, str] = {}
    for subscription, asked in rows_of.items():
        refused = _refused_at_the_end(asked, outcomes)
        if len(refused) > 1 or refused == asked:  # else it may be about the image
            used_up[subscription] = f"image {refused[0].image_id}: {outcomes[refused[0].number].error}"
            for row in refused:
                outcomes[row.number] = outcomes[row.number]._replace(state="planned")
    return Told(list(outcomes.values()), used_up)


def _refused_at_the_end(rows: list[LedgerRow], outcomes: Mapping[int, LedgerOutcome]) -> list[LedgerRow]:
    """Return the images of a subscription that lack credits, and after which none was licensed."""
    refused: list[LedgerRow] = []
    for row in reversed(rows):
        outcome = outcomes.get(row.number)
        if outcome and outcome.state == "licensed":
            break
        if outcome and _exhausted(outcome.error or ""):
            refused.append(row)
    return refused[::-1]


def _failed(row: LedgerRow, result: LicenseImageResult) -> LedgerOutcome:
    return LedgerOutcome(row.number, "failed", plain(str(result.error)) or "")


def _licensed(row: LedgerRow, result: LicenseImageResult) -> LedgerOutcome:
    price = result.price
    return LedgerOutcome(
        row.number,
        "licensed",
        license_id=plain(result.license_id),
        charge=_number(result.allotment_charge),
        price=_number(getattr(price, "local_amount", None)),
        currency=plain(getattr(price, "local_currency", None)),
        link=as_secret(plain(getattr(result.download, "url", None))),
    )


def _number(value: Any) -> float | None:
    with suppress(TypeError, ValueError):
        return float(number_value(value))  # SQLite takes no integer of more than 64 bits
    return None


def left_open(answer: LicenseImageResultDataList) -> str:
    """Return what an answer says that does not tell of all images."""
    words = [
        str(getattr(error, "message", None) or getattr(error, "code", None) or error)
        for error in as_list(answer.errors)
    ]
    return shorten(f"the answer does not say: {'; '.join(words)}" if words else "the answer does not say")


def named(error: ApiException, images: int) -> dict[int, str]:
    """Return what a refusal says of single images, by their place in the request."""
    found: dict[int, str] = {}
    for part in error.errors:
        place = _place(str(part.get("path")))
        if place and int(place[1]) < images:
            words = shorten(str(part.get("message") or part.get("code") or error.reason))
            found[int(place[1])] = plain(words) or ""
    return found


def summary(error: ApiException) -> str:
    """Return the first line of an error, as the ledger keeps it."""
    return plain(first_line(error)) or ""
