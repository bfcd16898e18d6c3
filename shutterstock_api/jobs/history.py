"""What the licence history tells a licence job: what became of requests, and which licences it may reuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shutterstock_api.jobs.ledger import LedgerOutcome, plain
from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown
from shutterstock_api.licensing.reconciliation import PAGE, reconcile
from shutterstock_api.paging.pages import PaginationError, paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shutterstock_api.api.images_api import ImagesApi
    from shutterstock_api.jobs.ledger import Ledger, LedgerRow
    from shutterstock_api.models import DownloadHistory


def outcome(api: ImagesApi, ledger: Ledger, row: LedgerRow, settled_after: float) -> list[LedgerOutcome]:
    """Return what became of an image that was asked for; nothing, where nobody can tell yet.

    Args:
        api: Who asks.
        ledger: Where it stands.
        row: The image.
        settled_after: Seconds after the doubt from which on a licence that is not there was not bought.

    Raises:
        ApiException: The history cannot be read.
    """
    now = api.api_client.timing.time()
    request = LicenseOutcomeUnknown()
    request.image_ids = [row.image_id]
    request.metadata = [ledger.body(row, row.marker).get("metadata")]
    request.marker = row.marker
    request.sent_at, request.doubtful_since = (
        datetime.fromtimestamp(now if moment is None else moment, UTC)
        for moment in (row.sent_at, row.doubtful_since)
    )
    found = reconcile(request, api.api_client, now, timedelta(seconds=settled_after), unique_marker=True)
    if entries := found.licensed.get(row.image_id):
        return [LedgerOutcome(row.number, "licensed", license_id=plain(_best(entries).id))]
    return [LedgerOutcome(row.number, "planned")] if found.not_licensed else []


def reusable(api: ImagesApi, rows: Iterable[LedgerRow]) -> dict[str, LedgerOutcome]:
    """Return the images that have a licence already which can be downloaded, and what the ledger notes then.

    Args:
        api: Who asks.
        rows: The images.

    Raises:
        ApiException: The history cannot be read.
    """
    wanted = {row.image_id: row for row in rows}
    found: dict[str, LedgerOutcome] = {}
    for entry in _history(api, wanted, found):
        row = wanted.get(str(getattr(getattr(entry, "image", None), "id", None)))
        if row is None or row.image_id in found or not plain(entry.id) or entry.is_downloadable is False:
            continue
        if row.subscription_id in (None, entry.subscription_id):
            found[row.image_id] = LedgerOutcome(
                row.number, "licensed", license_id=plain(entry.id), reused=True
            )
    return found


def _history(
    api: ImagesApi, wanted: dict[str, LedgerRow], found: dict[str, LedgerOutcome]
) -> Iterator[DownloadHistory]:
    """Yield entries of the history, the newest first: all, or by image where that is less to read."""
    if not wanted:
        return
    ask = api.get_image_license_list
    total = ask(per_page=1, download_availability="downloadable").total_count
    if isinstance(total, int) and total <= PAGE * len(wanted):
        try:
            for entry in paginate(ask, download_availability="downloadable"):
                yield entry
                if len(found) == len(wanted):
                    return
            return
        except PaginationError:  # too deep: the others by image
            pass
    for image_id in wanted:
        if image_id not in found:
            yield from paginate(ask, image_id=image_id, download_availability="downloadable")


def _best(entries: list[DownloadHistory]) -> DownloadHistory:
    return next((entry for entry in entries if entry.is_downloadable is not False), entries[0])
