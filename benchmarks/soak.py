"""Thousands of calls from many threads with one client, while the sandbox misbehaves; then the accounting.

`python -m benchmarks.soak [--calls N] [--threads N] [--faults SHARE] [--seed N]`; exit status 1 where an
answer is wrong, a licence is lost or doubled, or something leaks.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import platform
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Literal, NamedTuple

from benchmarks import accounts, sandbox
from benchmarks.callers import MARKER, Book, Caller, Question, Resends, Row, Truth
from shutterstock_api import ApiClient, Configuration, ImagesApi
from shutterstock_api.sandbox import Fault, Quirks

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Iterator, Sequence

CONNECTIONS = 6
"""Fewer than threads, so that some wait their turn."""
GROWTH = 3_000
"""Blocks of memory that may vary; a leak grows with the number of calls."""
_WARM_UP = 400
_LATE = 0.07
"""Seconds; longer than impatient calls wait."""
_GLANCE = 0.01
_MOST_OTHERS = 100
_CHANGES = 0.1
"""How often the service changes its quirks."""


class Held(NamedTuple):
    """The resources of the process; 0 if the system does not say."""

    threads: int
    blocks: int
    """Blocks of memory, as Python counts them."""
    descriptors: int
    """Open files and sockets."""
    resident: int
    """Bytes of memory."""


class Report(NamedTuple):
    """The results of a soak."""

    title: str
    rows: dict[str, Row]
    licences: Counter[str]
    sent: int
    arrived: int
    most_sockets: int
    before: Held
    after: Held
    seconds: float
    violations: Sequence[str]

    def __str__(self) -> str:
        lines = [self.title, "", f"{'':26}{'calls':>8}{'good':>8}{'resent':>8}  errors"]
        for name, row in sorted(self.rows.items()):
            errors = ", ".join(f"{times:,} {name}" for name, times in row.errors.most_common())
            lines.append(f"{name:26}{row.calls:>8,}{row.good:>8,}{row.resends:>8,}  {errors}")
        before, after = self.before, self.after
        megabytes = (after.resident - before.resident) / 1e6
        lines += [
            "",
            f"licences      {', '.join(f'{times:,} {what}' for what, times in self.licences.items())}",
            f"requests      {self.sent:,} sent, {self.arrived:,} arrived",
            f"connections   {self.most_sockets} at once, of {CONNECTIONS}",
            f"threads       {before.threads} before, {after.threads} after",
            f"descriptors   {before.descriptors} before, {after.descriptors} after",
            f"memory        {after.blocks - before.blocks:+,} blocks, {megabytes:+.1f} MB resident",
            f"time          {self.seconds:.0f} s",
            "",
        ]
        return "\n".join([*lines, *self.violations[:20], f"{len(self.violations):,} violations."])


def main() -> int:
    """Run the soak and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=main.__doc__)
    parser.add_argument("--calls", type=int, default=20_000, help="how many (default: 20000)")
    parser.add_argument("--threads", type=int, default=8, help="that share one client (default: 8)")
    parser.add_argument("--faults", type=float, default=0.2, help="share of the requests (default: 0.2)")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (default: 1)")
    sandbox.trouble_option(parser)
    options = parser.parse_args()
    report = soak(options.calls, options.threads, options.faults, options.seed, options.trouble)
    print(report)
    return 1 if report.violations else 0


def soak(
    calls: int = 20_000,
    threads: int = 8,
    share: float = 0.2,
    seed: int = 1,
    kinds: Collection[str] = (),
) -> Report:
    """Make some calls to warm up, then the requested number, and account for everything.

    Args:
        calls: The number of calls.
        threads: The number of threads that share one client.
        share: The share of requests with a fault.
        seed: The seed of all randomness.
        kinds: The kinds of trouble with clocks and the licence history.
    """
    began = time.monotonic()
    with sandbox.running() as remote, _counted() as resends:
        run = _Run(remote, threads, share, seed, resends, kinds)
        violations = run.round(min(calls, _WARM_UP)).violations
        before = held()
        book = run.round(calls)
        rows, licences, arrived = book.rows, accounts.licences(book), book.arrived
        violations += book.violations + remote.violations()
        del book
        after = held()
    return Report(
        f"Python {platform.python_version()}: {calls:,} calls, {threads} threads, "
        f"faults in {share:.0%} of the requests, trouble: {', '.join(kinds) or 'none'}, seed {seed}",
        rows,
        licences,
        sum(row.calls + row.resends for row in rows.values()),
        arrived,
        run.most_sockets,
        before,
        after,
        time.monotonic() - began,
        [*violations, *_leaks(before, after, run.most_sockets)],
    )


class _Run:
    """One client, one sandbox, and rounds of calls."""

    def __init__(
        self,
        remote: sandbox.Remote,
        threads: int,
        share: float,
        seed: int,
        resends: Resends,
        kinds: Collection[str],
    ) -> None:
        self.most_sockets = 0
        self._remote = remote
        self._threads = threads
        self._dice = Random(seed)  # nosec B311 # repeatable, not secret
        self._faults = _faults(share, self._dice)
        self._resends = resends
        self._kinds = kinds
        self._numbers = count(1)
        self._truth = _truth(remote)
        client = ApiClient(
            Configuration(
                remote.url, access_token=remote.token, connection_pool_maxsize=CONNECTIONS, proxy=""
            )
        )
        client.timing = remote.clock.timing(Random(seed).random)  # nosec B311 # repeatable, not secret
        self._api = ImagesApi(client)
        self._others = _sockets()

    def round(self, calls: int) -> Book:
        """Make this many calls; return the client's records, compared with the facts."""
        book = Book()
        bought = len(self._remote.ledger())
        callers = [
            Caller(
                self._api,
                book,
                self._truth,
                Random(self._dice.random()),  # nosec B311 # repeatable, not secret
                self._numbers,
                self._resends,
                late=bool(self._kinds),
            )
            for _ in range(self._threads)
        ]
        self._remote.misbehave(self._faults)
        self._remote.clock.let_jump(0.3 * ("clock" in self._kinds))
        for marker in (None, MARKER):
            self._api.api_client.configuration.license_marker = marker
            self._work(callers, calls // 2)
        self._remote.misbehave([])
        self._close(book)
        if "history" in self._kinds:
            doubtful = [image for doubt in book.doubts for image in doubt.image_ids]
            sandbox.let_others_license(self._remote, doubtful[:_MOST_OTHERS])
        if self._kinds:
            accounts.look(book, self._remote, bought)
        self._remote.clock.let_jump(0)
        self._remote.behave(Quirks())
        accounts.settle(book, self._remote, self._api, bought)
        self._close(book)
        return book

    def _work(self, callers: Sequence[Caller], calls: int) -> None:
        with ThreadPoolExecutor(self._threads) as threads:
            work = [threads.submit(caller.work, calls // self._threads) for caller in callers]
            while not all(one.done() for one in work):
                self.most_sockets = max(self.most_sockets, _sockets() - self._others)
                if self._kinds and self._dice.random() < _CHANGES:
                    self._remote.behave(sandbox.quirks(self._kinds, self._dice))
                time.sleep(_GLANCE)

    def _close(self, book: Book) -> None:
        """Close all connections, and wait until the sandbox has finished its work."""
        self._api.api_client.close()
        left = self._remote.hung_up()
        book.check(not left, f"{left} connections are open after close()")


def _faults(share: float, dice: Random) -> list[Fault]:
    """Return all kinds of trouble, which are equally likely."""
    kinds = [
        *(Fault(status=status, body=body, done=done) for status, body in _STATUSES for done in (False, True)),
        *(Fault(truncate=dice.random()) for _ in range(3)),
        Fault(status=200, body="empty", done=True),
        Fault(garbage=True),
        Fault(close="before"),
        Fault(close="after"),
        Fault(close="idle"),
        Fault(close="idle", status=503),
        Fault(rate_limit=2),
        Fault(rate_limit=5),
        Fault(delay=_LATE),
        Fault(delay=_LATE, close="after"),
    ]
    return sandbox.scattered(kinds, share, dice)


_STATUSES: tuple[tuple[int, Literal["service", "html", "empty"]], ...] = (
    (500, "service"),
    (502, "html"),
    (503, "empty"),
    (504, "service"),
)


def _truth(remote: sandbox.Remote) -> Truth:
    """Request the expected answers."""
    questions = [
        Question(query, page, 7) for query in ("cat", "sea", "mountain", "coffee") for page in (1, 2)
    ]
    pages = {
        question: [
            image["id"] for image in accounts.ask(remote, "/v2/images/search", **question._asdict())["data"]
        ]
        for question in questions
    }
    images = accounts.ask(remote, "/v2/images", id=list(range(1, 51)))["data"]
    return Truth(pages, {image["id"]: image["description"] for image in images})


@contextmanager
def _counted() -> Iterator[Resends]:
    """Count retries for a while."""
    logger, resends = logging.getLogger("shutterstock_api"), Resends()
    logger.addHandler(resends)
    try:
        yield resends
    finally:
        logger.removeHandler(resends)


def held() -> Held:
    """Return the resources of this process after a garbage collection."""
    gc.collect()
    statm = Path("/proc/self/statm")
    resident = int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0
    return Held(threading.active_count(), sys.getallocatedblocks(), len(_descriptors()), resident)


def _descriptors() -> list[str]:
    directory = Path("/proc/self/fd")
    found = []
    for entry in directory.iterdir() if directory.exists() else ():
        with suppress(OSError):  # closed meanwhile
            found.append(os.readlink(entry))
    return found


def _sockets() -> int:
    return sum(target.startswith("socket:") for target in _descriptors())


def _leaks(before: Held, after: Held, most_sockets: int) -> Iterator[str]:
    if after.threads > before.threads:
        yield f"threads: {before.threads} before, {after.threads} after"
    if after.descriptors > before.descriptors:
        yield f"descriptors: {before.descriptors} before, {after.descriptors} after"
    if after.blocks - before.blocks > GROWTH:
        yield f"memory: {after.blocks - before.blocks:,} blocks more"
    if most_sockets > CONNECTIONS:
        yield f"connections: {most_sockets} at once, not {CONNECTIONS}"


if __name__ == "__main__":
    sys.exit(main())
