"""One run of a licence job: look up what is in doubt, buy what is planned, download what is licensed."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

from shutterstock_api.jobs import answers
from shutterstock_api.jobs.history import JobHistory
from shutterstock_api.jobs.ledger import LedgerOutcome
from shutterstock_api.jobs.subscriptions import ALIKE, Refusal, Subscriptions
from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown
from shutterstock_api.support.errors import (
    ApiConnectionError,
    ApiException,
    ApiTypeError,
    ApiValueError,
    RateLimitError,
)
from shutterstock_api.support.timing import GLANCE
from shutterstock_api.telemetry.notices import LATE
from shutterstock_api.telemetry.reporter import log
from shutterstock_api.transport.interruption import ctrl_c_held

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shutterstock_api.calls.client import Client
    from shutterstock_api.calls.options import ApiResponse
    from shutterstock_api.downloads.progress import ProgressMeter
    from shutterstock_api.jobs.files import JobFiles
    from shutterstock_api.jobs.ledger import Ledger, LedgerRow
    from shutterstock_api.telemetry.notices import WaitNotices

CHUNK = 50
"""The most items that one request licenses."""
PAUSES = (5.0, 30.0, 120.0, 300.0, 600.0)
"""Seconds to wait after successive requests without an answer; after the last one the run ends."""
LONGEST_WAIT = 3600.0
"""The longest wait, in seconds, that the service can ask of a run."""
CONTENT = frozenset({400, 409, 413, 422})
"""Statuses that may be caused by a single item of a request."""
ROUNDING = 1e-9
"""The rounding error, in credits, that sums of charges may have."""
_HELD = "the run ends once it has the answer to its last request; press Ctrl-C again to lose that"


class RunLimits(NamedTuple):
    """The limits of a run."""

    max_charge: float | None
    charge_each: float
    settled_after: float
    reuse_existing: bool


class JobRun:
    """One run of a licence job.

    Args:
        client: The client that licenses.
        ledger: The ledger of the job.
        marker: The key of the marker in `metadata`; `None` for no marker.
        limits: The limits of the run.
        files: The downloads; `None` to download nothing.
        meter: Counts files and bytes.
        notices: Reports what the run is waiting for.
    """

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        marker: str | None,
        limits: RunLimits,
        files: JobFiles | None,
        meter: ProgressMeter,
        notices: WaitNotices,
    ) -> None:
        self.stopped: str | None = None
        """Why the run stopped buying."""
        self._client = client
        self._ledger = ledger
        self._medium = ledger.medium
        self._marker = marker if ledger.medium.metadata else None
        self.limits = limits
        self._files = files
        self._meter = meter
        self._notices = notices
        self._timing = client.timing
        self._history = JobHistory(client, ledger, limits.settled_after)
        self._bought = False
        self._silent = 0
        self._refused = 0
        self._alone: set[int] = set()
        self._subscriptions = Subscriptions()
        self._once_more: list[LedgerRow] = []

    def all(self) -> None:
        """Do everything that can be done now."""
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
        if not self._medium.has_license_id:
            self._name_licences()
        used_up = self._subscriptions.used_up.values()
        if used_up and not self.stopped:
            self.stopped = "; ".join(f"{self._medium.name} {row.item}: {words}" for row, words in used_up)
        self._finish_files()

    # The licence history.

    def interrupted(self) -> None:
        """Record that items are in doubt from now on, because a run was interrupted or a clock was wrong."""
        self._history.interrupted()

    def look_up(self, rows: Iterable[LedgerRow] | None = None) -> bool:
        """Look up the outcomes of items in the licence history; tell whether any could be looked up.

        Args:
            rows: The items; by default all whose outcome is unknown.
        """
        doubts = list(self._ledger.rows("unknown") if rows is None else rows)
        any_read = 0
        for start in range(0, len(doubts), CHUNK):
            chunk = doubts[start : start + CHUNK]
            with self._notices.waiting(f"the licence history of {self._several(len(chunk))} is being read"):
                found, read = self._history.look_up(chunk)
            self._settle(chunk, found)
            any_read += read
            if not read:
                break
        return any_read > 0

    def _wait_for_doubts(self) -> bool:
        """If necessary, wait until the history must show what was bought; tell whether that was necessary."""
        if not any(self._ledger.rows("unknown")) or not self.look_up():
            return False
        for again in (False, True):  # the service's clock may be behind ours
            doubts = list(self._ledger.rows("unknown"))
            wait = self._history.wait_left(doubts, again)
            if wait < 0:
                break
            self._idle(wait + GLANCE, f"the outcome of {self._several(len(doubts))} is unknown: next look-up")
            self.look_up()
        return True

    def _name_licences(self) -> None:
        """Take ids of licences from the history that the answers left out."""
        rows = [row for row in self._ledger.rows("licensed") if row.license_id is None]
        with self._notices.waiting(f"the licence history of {self._several(len(rows))} is being read"):
            self._ledger.name(self._history.license_ids(rows))

    def reusable(self) -> dict[str, LedgerOutcome]:
        """Return licences in the history for planned items; if it cannot be read, stop buying."""
        try:
            with self._notices.waiting("the licence history is being read"):
                return self._history.reusable(self._ledger.rows("planned"))
        except ApiException as error:
            self._unread(error)
            return {}

    def _unread(self, error: ApiException) -> None:
        self.stopped = f"the licence history cannot be read: {answers.summary(error)}"

    # Buying.

    def _buy(self) -> None:
        while not self.stopped and (rows := self._next()):
            self._ask(rows)
            self._keep_files(0)

    def _next(self) -> list[LedgerRow]:
        """Return the items of the next request; none if there is a reason to stop buying."""
        if self._files and self._files.full:
            self.stopped = self._files.full
            return []
        rows: list[LedgerRow] = []
        room = CHUNK
        for row in self._probes() or self._ledger.rows("planned"):
            if row.subscription_id in self._subscriptions.used_up:
                continue
            if not rows:
                room = self._room()
                if room < 1:
                    self.stopped = f"max_charge: {self.limits.max_charge:g} would be exceeded"
                    return []
            elif row.number in self._alone or self._beside(row) != self._beside(rows[0]):
                break
            rows.append(row)
            if len(rows) == room or row.number in self._alone:
                break
        return rows

    def _probes(self) -> list[LedgerRow]:
        """If it is in doubt whether a subscription still licenses, return an item to find out."""
        for name in self._subscriptions.suspects:
            planned = (row for row in self._ledger.rows("planned") if row.subscription_id == name)
            if found := deque(planned, maxlen=1):  # the last one is least like those that were refused
                return list(found)
            self._give_up(self._subscriptions.no_other(name))
        return []

    def _room(self) -> int:
        """Return how many items can be bought with one request."""
        most = min(CHUNK, self._medium.most or CHUNK) if self._medium.marker else 1
        if self.limits.max_charge is None:
            return most
        charges = self._ledger.charges()
        each = max(self.limits.charge_each, charges.most)
        # An unknown charge counts as the highest. The first item is bought alone, to learn the charge.
        left = self.limits.max_charge - charges.spent - charges.untold * each + ROUNDING
        return min(most if charges.told or charges.untold else 1, int(left // each))

    def _beside(self, row: LedgerRow) -> dict[str, Any]:
        """Return the settings that apply to a request as a whole."""
        return {name: value for name, value in row.wish.items() if name in self._medium.beside}

    def _body(self, rows: list[LedgerRow]) -> dict[str, Any]:
        """Return the body of a request."""
        beside = self._beside(rows[0])
        entries = [self._ledger.body(row, self._marker) for row in rows]
        items = [{name: entry[name] for name in entry if name not in beside} for entry in entries]
        return {self._medium.items: items, **beside}

    def _ask(self, rows: list[LedgerRow]) -> None:
        """License items in one request."""
        body = self._body(rows)
        before = []
        if not self._medium.marker:
            what = f"the licence history of {self._several(len(rows))} is being read"
            try:
                with self._notices.waiting(what):
                    before = [self._history.known_licences(row.item) for row in rows]
            except ApiException as error:
                self._unread(error)
                return
        with ExitStack() as held:
            if self._medium.redownload is None:  # the answer has the only link
                held.enter_context(ctrl_c_held(lambda: self._notices.tell(_HELD)))
            self._ledger.intend(rows, self._marker, self._history.leaving(rows), before)
            try:
                answer, _, headers = self._license(body)
            except LicenseOutcomeUnknown as error:
                if error.results is not None:
                    self._answered(rows, error.results)
                held.close()
                self._doubt(rows, error)
            except ApiException as error:  # nothing was bought
                planned = [LedgerOutcome(row.number, "planned", answers.summary(error)) for row in rows]
                self._settle(rows, planned)
                held.close()
                if isinstance(error, (ApiTypeError, ApiValueError)):
                    raise
                self._not_bought(rows, error)
            else:
                self._history.hear(headers)
                if self._answered(rows, answer):
                    held.close()
                    self._doubt(rows, ApiException(reason=answers.left_open(answer), headers=headers))
                else:
                    self._silent = 0

    def _license(self, body: dict[str, Any]) -> ApiResponse[Any]:
        """Send a licence request."""
        operation = self._medium.license
        values = [body if name == "body" else None for name in operation.names]
        what = self._several(len(body[self._medium.items]))
        with self._notices.waiting(f"the answer to a licence request for {what} has not come yet"):
            answer: ApiResponse[Any] = self._client.call(operation, values, {"_return_http_data_only": False})
        return answer

    def _answered(self, rows: list[LedgerRow], answer: Any) -> bool:
        """Record the outcomes in an answer; tell whether it leaves any item open."""
        outcomes = answers.outcomes_of(rows, answer, self._medium)
        self._bought = self._bought or any(outcome.state == "licensed" for outcome in outcomes)
        self._settle(rows, outcomes)
        self._give_up(self._subscriptions.see(rows, outcomes))
        return len(outcomes) < len(rows)

    def _give_up(self, refused: list[Refusal]) -> None:
        """Plan items again whose subscription is used up."""
        self._settle([], [LedgerOutcome(row.number, "planned", words) for row, words in refused])

    def _doubt(self, rows: list[LedgerRow], error: ApiException) -> None:
        """Record that the outcome is unknown, and look it up in the history at once."""
        numbers = {row.number for row in rows}
        self._history.doubt(numbers, error)
        self.look_up(row for row in self._ledger.rows("unknown") if row.number in numbers)
        if any(row.number in numbers for row in self._ledger.rows("unknown")):
            self._pause(error)
        else:
            self._silent = 0

    def _not_bought(self, rows: list[LedgerRow], error: ApiException) -> None:
        """Decide how to continue after a request that bought nothing."""
        named = answers.named(error, len(rows), self._medium)
        if isinstance(error, (ApiConnectionError, RateLimitError)):
            self._pause(error)
        elif named and error.status != 401:
            self._settle(
                rows, [LedgerOutcome(rows[index].number, "failed", words) for index, words in named.items()]
            )
        elif error.status not in CONTENT:
            hint = f". {error.hint}" if error.hint else ""
            self.stopped = f"{answers.summary(error)}{hint}"
        elif len(rows) > 1:
            self._alone.update(row.number for row in rows)
        else:
            self._settle(rows, [LedgerOutcome(rows[0].number, "failed", answers.summary(error))])
            self._refused += 1
            if self._refused >= ALIKE and not self._bought:
                self.stopped = answers.summary(error)

    def _pause(self, error: ApiException) -> None:
        """Wait before the next attempt, or stop buying after too many failures."""
        asked = error.retry_after or 0.0 if isinstance(error, RateLimitError) else 0.0
        if self._silent == len(PAUSES) or asked > LONGEST_WAIT:
            self.stopped = answers.summary(error)
            return
        wait = max(PAUSES[self._silent], asked)
        self._silent += 1
        self._idle(wait, "licensing continues", f": {answers.summary(error)}")

    # Ledger, files, time.

    def _several(self, count: int) -> str:
        return f"{count} {self._medium.name}{'s' if count != 1 else ''}"

    def _settle(self, rows: Iterable[LedgerRow], outcomes: list[LedgerOutcome]) -> None:
        """Record outcomes, and begin to download what is licensed."""
        if not outcomes:
            return
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
        """Record which downloads have ended."""
        if not self._files:
            return
        ended = self._files.done(seconds)
        if ended:
            files = ((one.row.number, one.path, one.bytes, one.error) for one in ended)
            self._ledger.keep(files, {one.row.number for one in ended if one.may_be_another})
            self._once_more += [one.row for one in ended if one.temporary]

    def _finish_files(self) -> None:
        """Wait for the downloads; try those once more that failed and may succeed."""
        self._wait_for_files()
        again, self._once_more = self._once_more, []
        self._meter.add(files=-len(again))
        for row in again:
            self._download(row)
        self._wait_for_files()

    def _wait_for_files(self) -> None:
        steps = self._meter.steps
        with self._notices.waiting("downloads are going on, and no byte has come for some seconds"):
            while self._files and self._files.going:
                self._keep_files(GLANCE)
                if steps != self._meter.steps:
                    steps = self._meter.steps
                    self._notices.went_on()

    def _idle(self, seconds: float, what: str, why: str = "") -> None:
        """Wait, while downloads continue. Report the wait at once in the log and above the bar."""
        text = f"{what} in {seconds:.0f} s{why}"
        log(logging.WARNING, "%s", text)
        self._meter.say(text)
        told = self._meter.has_bar
        clock = self._timing.monotonic
        until = clock() + seconds
        while (left := until - clock()) > 0:
            if not told and seconds - left >= LATE:
                self._notices.tell(f"{what} in {left:.0f} s{why}")
                told = True
            self._keep_files(0)
            self._timing.sleep(min(left, GLANCE))
