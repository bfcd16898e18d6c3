"""Reads the licence history for a licence job: the outcomes of requests, and licences that it can reuse."""

from __future__ import annotations

import logging
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from shutterstock_api.contract.media import MEDIA
from shutterstock_api.jobs.answers import summary
from shutterstock_api.jobs.ledger import LedgerOutcome, plain
from shutterstock_api.jobs.subscriptions import ALIKE
from shutterstock_api.licensing.history import LicenseHistory, item_of
from shutterstock_api.licensing.item_ids import spelled
from shutterstock_api.licensing.moments import Moment, first_known, service_time, this_moment
from shutterstock_api.licensing.reconciliation import Doubt, look_up
from shutterstock_api.support.errors import ApiException, BadRequestError, DecodeError
from shutterstock_api.telemetry.reporter import log

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from shutterstock_api.calls.client import Client
    from shutterstock_api.jobs.ledger import Ledger, LedgerRow
    from shutterstock_api.models import DownloadHistory


class JobHistory:
    """Looks items up in the licence history, and knows when they were sent and since when they are in doubt.

    Args:
        client: The client that reads the history.
        ledger: The ledger with the items.
        settled_after: Seconds after which a licence that the history does not show was not bought.
    """

    def __init__(self, client: Client, ledger: Ledger, settled_after: float) -> None:
        self._client = client
        self._ledger = ledger
        self._medium = ledger.medium
        self._settled_after = settled_after
        self._sent: dict[int, Moment] = {}
        self._since: dict[int, Moment] = {}
        self._wait_left: dict[int, float] = {}
        self._heard: Moment | None = None

    # Moments.

    def hear(self, headers: Mapping[str, str]) -> Moment:
        """Note the service's time in an answer; return this moment."""
        now = this_moment(self._client.timing).told(service_time(headers))
        if now.service is not None:
            self._heard = now
        return now

    def leaving(self, rows: Sequence[LedgerRow]) -> Moment:
        """Note that a request for items is about to be sent; return this moment."""
        now = this_moment(self._client.timing)
        if self._heard and self._heard.service is not None:
            now = now.told(self._heard.service + self._heard.passed(now))
        self._sent.update((row.number, now) for row in rows)
        return now

    def doubt(self, numbers: Collection[int], error: ApiException | None, words: str | None = None) -> None:
        """Record that the outcome of items is unknown, and why."""
        since = self.hear(error.headers if error else {})
        self._since.update((number, since) for number in numbers)
        self._ledger.doubt(numbers, since, words or (summary(error) if error else None))

    def interrupted(self) -> None:
        """Record that items are in doubt from now on, because a run was interrupted or a clock was wrong."""
        now = this_moment(self._client.timing)
        doubts = [(row.number, row.doubtful_since) for row in self._ledger.rows("unknown")]
        left = [number for number, since in doubts if since is None or since > now.ours]
        self._ledger.doubt(left, now, "the run was interrupted")

    # Looking up.

    def look_up(self, rows: Sequence[LedgerRow]) -> tuple[list[LedgerOutcome], int]:
        """Return the outcomes of items that the history shows, and how many items could be looked up."""
        found: dict[int, LedgerOutcome] = {}
        began = this_moment(self._client.timing)
        read = unread = 0
        for row in rows:
            try:
                outcome = self._outcome(row)
            except ApiException as error:  # other look-ups may succeed
                log(logging.WARNING, "the licence history cannot be read: %s", summary(error))
                self.hear(error.headers)
                unread += 1
                if unread == ALIKE:
                    break
                continue
            read, unread = read + 1, 0
            if outcome:
                found[row.number] = outcome
        untimed = [row.number for row in rows if row.doubtful_service is None and row.number not in found]
        if untimed and self._heard and began.passed(self._heard) >= 0:
            self._ledger.doubt(untimed, self._heard, None)  # by that the next run tells how long ago it was
        return list(found.values()), read

    def _outcome(self, row: LedgerRow) -> LedgerOutcome | None:
        """Return the outcome of an item; `None` if it is not known yet."""
        since = [self._since.get(row.number) or this_moment(self._client.timing)]
        if row.doubtful_since is not None and row.number not in self._sent:  # it is an earlier run's
            since.append(Moment(row.doubtful_since, None, row.doubtful_service))
        doubt = Doubt(
            row.item,
            [self._ledger.body(row, row.marker).get("metadata", {})],
            row.marker,
            self._sent.get(row.number) or Moment(row.sent_at or 0.0, None, row.sent_service),
            since,
            before=row.known_before,
        )
        verdict = look_up(self._client, self._medium, doubt, self._settled_after)
        if verdict.seen.service is not None:
            self._heard = verdict.seen
        self._since[row.number] = first_known(self._since.get(row.number), verdict.seen)
        self._wait_left[row.number] = verdict.wait_left
        if verdict.licences:
            return LedgerOutcome(row.number, "licensed", license_id=plain(_best(verdict.licences).id))
        return LedgerOutcome(row.number, "planned") if verdict.not_licensed else None

    def license_ids(self, rows: Iterable[LedgerRow]) -> dict[int, str]:
        """Return the ids of bought licences that the history shows, by the numbers of their items."""
        found: dict[int, str] = {}
        for row in rows:
            try:
                outcome = self._outcome(row)
            except ApiException as error:  # another run may succeed
                log(logging.WARNING, "the licence history cannot be read: %s", summary(error))
                break
            if outcome and outcome.license_id:
                found[row.number] = outcome.license_id
        return found

    def wait_left(self, rows: Iterable[LedgerRow], again: bool) -> float:
        """Return the seconds after which it is worth looking up items in doubt again; below 0 for never.

        Args:
            rows: The items.
            again: Whether the run has already waited for them. Then only items with a known time count.
        """
        longest = self._settled_after
        waits = [self._wait_left.get(row.number, longest) for row in rows]
        return max((min(wait, longest) for wait in waits if not again or wait < math.inf), default=-1.0)

    # What was there before.

    def known_licences(self, item: str) -> str:
        """Return the ids of the licences of an item, as they are recorded in the ledger.

        Raises:
            ApiException: The history cannot be read to its end.
        """
        history = LicenseHistory(self._client, self._medium, {self._medium.history_filter: item}, anew=True)
        found = [plain(getattr(entry, "id", None)) for page in history for entry in page]
        self._see_the_end(history, item)
        return msgspec.json.encode([licence for licence in found if licence]).decode()

    def reusable(self, rows: Iterable[LedgerRow]) -> dict[str, LedgerOutcome]:
        """Return the items with a licence that can be downloaded, and what to record about it.

        If files of the medium can never be downloaded again, any licence counts, so none is bought twice.

        Raises:
            ApiException: The history cannot be read to its end.
        """
        wanted = {spelled(row.item): row for row in rows}
        found: dict[str, LedgerOutcome] = {}
        fields = {self._medium.history_item, *(one.history_item for one in MEDIA.values())}
        for entry in self._entries([row.item for row in wanted.values()], found):
            ids = (spelled(item_of(entry, self._medium, field)) for field in fields)
            row = next((wanted[one] for one in ids if one in wanted), None)
            licence = plain(getattr(entry, "id", None))
            if row is None or row.item in found or not licence:
                continue
            if entry.is_downloadable is False and self._medium.redownload:
                continue
            if row.subscription_id in (None, entry.subscription_id):
                found[row.item] = LedgerOutcome(row.number, "licensed", license_id=licence, reused=True)
        return found

    def _entries(self, items: Collection[str], found: Collection[str]) -> Iterator[Any]:
        """Yield entries of the history, newest first: all of them, or by item if that is less to read."""
        if not items:
            return
        medium = self._medium
        available = {"download_availability": "downloadable"} if medium.redownload else {}
        history = LicenseHistory(self._client, medium, available, anew=True)
        if 0 < history.count() <= (medium.history.pages or 1) * len(items):
            with suppress(BadRequestError):  # too many pages: the other items are looked up one by one
                for page in history:
                    yield from page
                    if len(found) == len(items):
                        return
            if history.whole and not history.stored:
                return
        for item in items:
            if item in found:
                continue
            filters = {medium.history_filter: item, **available}
            history = LicenseHistory(self._client, medium, filters, anew=True)
            for page in history:
                yield from page
                if item in found:
                    break
            else:
                self._see_the_end(history, item)

    def _see_the_end(self, history: LicenseHistory, item: str) -> None:
        if not history.whole or history.stored:
            why = "a store on the way has answered" if history.stored else "its end cannot be found"
            raise DecodeError(reason=f"{why} for {self._medium.name} {item}")


def _best(entries: Sequence[DownloadHistory]) -> DownloadHistory:
    return next((entry for entry in entries if entry.is_downloadable is not False), entries[0])
