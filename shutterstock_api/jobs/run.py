"""One run of a licence job: look up what is in doubt, buy what is planned, download what is licensed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from shutterstock_api.downloads.transfer import GLANCE
from shutterstock_api.jobs import answers, history
from shutterstock_api.jobs.ledger import LedgerOutcome
from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown
from shutterstock_api.support.errors import (
    ApiConnectionError,
    ApiException,
    ApiTypeError,
    ApiValueError,
    RateLimitError,
)
from shutterstock_api.telemetry.reporter import log

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shutterstock_api.api.images_api import ImagesApi
    from shutterstock_api.downloads.progress import Meter
    from shutterstock_api.jobs.files import JobFiles
    from shutterstock_api.jobs.ledger import Ledger, LedgerRow
    from shutterstock_api.models import LicenseImageResultDataList

CHUNK = 50
"""Images that a request licenses at most (the contract's limit)."""
PAUSES = (5.0, 30.0, 120.0, 300.0, 600.0)
"""Seconds to wait after requests that brought no answer, one after the other; after the last the run ends."""
LONGEST_WAIT = 3600.0
"""Seconds that the service may ask a run to wait at most."""
CONTENT = frozenset({400, 409, 413, 422})
"""Statuses that may be the fault of one image in a request."""
ALIKE = 3
"""Failures, one after the other, after which they are not taken for the fault of single images any more."""


class RunLimits(NamedTuple):
    """How far a run may go."""

    max_charge: float | None
    charge_each: float
    settled_after: float
    reuse_existing: bool


class JobRun:
    """One run of a licence job.

    Args:
        api: Who licenses.
        ledger: What is to be done, and what has been done.
        marker: Key of the marker in `metadata`; `None` for none.
        limits: How far it may go.
        files: Who downloads; `None` where nobody does.
        meter: Who counts.
    """

    def __init__(
        self,
        api: ImagesApi,
        ledger: Ledger,
        marker: str | None,
        limits: RunLimits,
        files: JobFiles | None,
        meter: Meter,
    ) -> None:
        self.stopped: str | None = None
        """Why it buys no more."""
        self._api = api
        self._ledger = ledger
        self._marker = marker
        self.limits = limits
        self._files = files
        self._meter = meter
        self._timing = api.api_client.timing
        self._bought = False
        self._silent = 0
        self._refused = 0
        self._alone: set[int] = set()
        self._used_up: dict[str | None, str] = {}
        self._once_more: list[LedgerRow] = []

    def all(self) -> None:
        """Do all that can be done."""
        self._ledger.retry_failed()
        self.interrupted()
        for row in self._ledger.rows("licensed"):
            self._meter.add(licensed=1)
            self._download(row)
        self.look_up()
        if self.limits.reuse_existing:
            found = self.reusable()
            self._settle(list(self._ledger.rows("planned")), list(found.values()))
        self._buy()
        if self._wait_for_doubts():
            self._buy()
            self.look_up()
        if self._used_up and not self.stopped:
            self.stopped = "; ".join(self._used_up.values())
        self._finish_files()

    # What the history tells.

    def interrupted(self) -> None:
        """Write down that images are in doubt from now on: a run was interrupted, or a clock was wrong."""
        now = self._timing.time()
        doubts = [(row.number, row.doubtful_since) for row in self._ledger.rows("unknown")]
        left = [number for number, since in doubts if since is None or since > now]
        self._ledger.doubt(left, now, "the run was interrupted")

    def look_up(self, rows: Iterable[LedgerRow] | None = None) -> bool:
        """Look in the licence history what became of images; tell whether any of it could be read.

        Args:
            rows: The images; by default all whose outcome is unknown.
        """
        doubts = list(self._ledger.rows("unknown") if rows is None else rows)
        read = unread = 0
        for start in range(0, len(doubts), CHUNK):
            chunk, found = doubts[start : start + CHUNK], []
            for row in chunk:
                try:
                    found += history.outcome(self._api, self._ledger, row, self.limits.settled_after)
                except ApiException as error:  # the others may be luckier
                    log(logging.WARNING, "the licence history cannot be read: %s", answers.summary(error))
                    unread += 1
                    if unread == ALIKE:
                        break
                else:
                    read, unread = read + 1, 0
            self._settle(chunk, found)
            if unread == ALIKE:
                break
        return read > 0

    def _wait_for_doubts(self) -> bool:
        """Wait until the history must show what was bought, where that is needed; tell whether it was."""
        if not any(self._ledger.rows("unknown")) or not self.look_up():
            return False
        doubts = list(self._ledger.rows("unknown"))
        since = max((row.doubtful_since or 0 for row in doubts), default=0)
        longest = self.limits.settled_after  # also where the clock was put back
        wait = min(since + longest - self._timing.time(), longest)
        if wait > 0:
            self._tell(f"{len(doubts)} images are in doubt: looked up again in {wait:.0f} s")
            self._idle(wait + GLANCE)
            self.look_up()
        return True

    def reusable(self) -> dict[str, LedgerOutcome]:
        """Return what the licence history has for the images that are planned; unread, it ends the buying."""
        try:
            return history.reusable(self._api, self._ledger.rows("planned"))
        except ApiException as error:
            self.stopped = f"the licence history cannot be read: {answers.summary(error)}"
            return {}

    # What is planned.

    def _buy(self) -> None:
        while not self.stopped and (rows := self._next()):
            self._ask(rows)
            self._keep_files(0)

    def _next(self) -> list[LedgerRow]:
        """Return the images of the next request; none, where something ends the buying."""
        if self._files and self._files.full:
            self.stopped = self._files.full
            return []
        rows: list[LedgerRow] = []
        room = CHUNK
        for row in self._ledger.rows("planned"):
            if row.subscription_id in self._used_up:
                continue
            if not rows:
                room = self._room()
                if room < 1:
                    self.stopped = f"max_charge: {self.limits.max_charge:g} would be exceeded"
                    return []
            if rows and row.number in self._alone:
                break
            rows.append(row)
            if len(rows) == room or row.number in self._alone:
                break
        return rows

    def _room(self) -> int:
        """Return how many images may be bought at once."""
        if self.limits.max_charge is None:
            return CHUNK
        charges = self._ledger.charges()
        each = max(self.limits.charge_each, charges.most)
        # What nobody can tell counts as dear. The first image goes alone, so that it tells what one takes.
        left = self.limits.max_charge - charges.spent - charges.untold * each
        return min(CHUNK if charges.told or charges.untold else 1, int(left // each))

    def _ask(self, rows: list[LedgerRow]) -> None:
        """License images in one request."""
        body = {"images": [self._ledger.body(row, self._marker) for row in rows]}
        self._ledger.intend(rows, self._marker, self._timing.time())
        try:
            answer = self._api.license_images(body)
        except LicenseOutcomeUnknown as error:
            if error.results is not None:
                self._answered(rows, error.results)
            self._doubt(rows, error)
        except ApiException as error:  # nothing was bought
            self._settle(rows, [LedgerOutcome(row.number, "planned", answers.summary(error)) for row in rows])
            if isinstance(error, (ApiTypeError, ApiValueError)):
                raise
            self._not_bought(rows, error)
        else:
            if self._answered(rows, answer):
                self._doubt(rows, ApiException(reason=answers.left_open(answer)))
            else:
                self._silent = 0

    def _answered(self, rows: list[LedgerRow], answer: LicenseImageResultDataList) -> bool:
        """Write down what an answer tells; say whether it leaves an image open."""
        outcomes, used_up = answers.outcomes_of(rows, answer)
        self._bought = self._bought or any(outcome.state == "licensed" for outcome in outcomes)
        self._used_up.update(used_up)
        self._settle(rows, outcomes)
        return len(outcomes) < len(rows)

    def _doubt(self, rows: list[LedgerRow], error: ApiException) -> None:
        """Write down that nobody can tell, and look at once whether the history can."""
        numbers = {row.number for row in rows}
        self._ledger.doubt(numbers, self._timing.time(), answers.summary(error))
        self.look_up(row for row in self._ledger.rows("unknown") if row.number in numbers)
        if any(row.number in numbers for row in self._ledger.rows("unknown")):
            self._pause(error)
        else:
            self._silent = 0

    def _not_bought(self, rows: list[LedgerRow], error: ApiException) -> None:
        """Decide how to go on after a request that bought nothing."""
        if isinstance(error, (ApiConnectionError, RateLimitError)):
            self._pause(error)
        elif error.status not in CONTENT:
            hint = f". {error.hint}" if error.hint else ""
            self.stopped = f"{answers.summary(error)}{hint}"
        elif named := answers.named(error, len(rows)):
            self._settle(
                rows, [LedgerOutcome(rows[index].number, "failed", words) for index, words in named.items()]
            )
        elif len(rows) > 1:
            self._alone.update(row.number for row in rows)
        else:
            self._settle(rows, [LedgerOutcome(rows[0].number, "failed", answers.summary(error))])
            self._refused += 1
            if self._refused >= ALIKE and not self._bought:
                self.stopped = answers.summary(error)

    def _pause(self, error: ApiException) -> None:
        """Wait for better times, or end the buying where they do not come."""
        asked = error.retry_after or 0.0 if isinstance(error, RateLimitError) else 0.0
        if self._silent == len(PAUSES) or asked > LONGEST_WAIT:
            self.stopped = answers.summary(error)
            return
        wait = max(PAUSES[self._silent], asked)
        self._silent += 1
        self._tell(f"licensing goes on in {wait:.0f} s: {answers.summary(error)}")
        self._idle(wait)

    # Ledger, files, time.

    def _tell(self, text: str) -> None:
        """Say why nothing happens for a while, in the log and above the bar."""
        log(logging.WARNING, "%s", text)
        self._meter.say(text)

    def _settle(self, rows: Iterable[LedgerRow], outcomes: list[LedgerOutcome]) -> None:
        """Write down outcomes, and begin to download what is licensed."""
        self._ledger.settle(outcomes)
        of = {row.number: row for row in rows}
        for outcome in outcomes:
            if outcome.state == "licensed":
                self._meter.add(licensed=1)
                self._download(of[outcome.number]._replace(license_id=outcome.license_id, link=outcome.link))

    def _download(self, row: LedgerRow) -> None:
        if self._files:
            self._files.add(row)

    def _keep_files(self, seconds: float) -> None:
        """Write down which downloads have ended."""
        if not self._files:
            return
        ended = self._files.done(seconds)
        if ended:
            self._ledger.keep((one.row.number, one.path, one.bytes, one.error) for one in ended)
            self._once_more += [one.row for one in ended if one.temporary]
            self._meter.add(files=sum(one.error is not None and not one.temporary for one in ended))

    def _finish_files(self) -> None:
        """Wait for the downloads; what failed and may go better is tried once more."""
        self._wait_for_files()
        again, self._once_more = self._once_more, []
        for row in again:
            self._download(row)
        self._wait_for_files()
        self._meter.add(files=len(self._once_more))

    def _wait_for_files(self) -> None:
        while self._files and self._files.going:
            self._keep_files(GLANCE)

    def _idle(self, seconds: float) -> None:
        """Let time pass; downloads go on meanwhile."""
        clock = self._timing.monotonic
        until = clock() + seconds
        while (left := until - clock()) > 0:
            self._keep_files(0)
            self._timing.sleep(min(left, GLANCE))
