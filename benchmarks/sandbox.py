"""The sandbox in a process of its own, so that the client is measured alone; both live by one clock."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count, islice
from random import choice, random
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import urllib3

from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox import Fault, Quirks, Sandbox
from shutterstock_api.sandbox.account.subscriptions import DEFAULT_SUBSCRIPTION, rows
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.support.timing import Timing

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from ctypes import c_double
    from multiprocessing.connection import Connection
    from random import Random

    from shutterstock_api.schema.medium import Medium

CALL = "X-Soak-Call"
"""The header in which a request says to which call it belongs."""
IMAGES = 100_000
"""How many images it has, where nobody says."""
_GLANCE = 0.02
_HANG_UP = 10.0
_ALLOTMENT = 1_000_000_000
KINDS = ("clock", "date", "history", "cache")
"""Kinds of trouble with clocks and with the licence history:

clock    the clock of the client's machine is set, at any moment
date     so is the clock behind the `Date` of the service's answers
history  the licence history shows a licence late, in short pages that repeat entries, are in no order and
         tell a wrong number, and other programs license the same items
cache    a cache in front of the service answers for it
"""
JUMPS = (-86400.0, -3600.0, -90.0, 90.0, 3600.0, 86400.0)
"""Seconds by which clocks are wrong."""
USUAL_LAG = 20.0
"""Seconds until the history shows a licence, where there is no trouble."""
ANOTHER = "another program"
CALM = Quirks(history_lag=USUAL_LAG)
_moving = threading.Lock()


class Clock:
    """The time of both processes. A pause takes none: it moves the clock.

    They share no lock, which a killed process would keep: one of them alone pauses.

    Args:
        ahead: How far it was moved.
        wrong: What the client's clock is ahead of the true time.
        jumps: How often that changes: the share of the pauses.
    """

    def __init__(self, ahead: c_double, wrong: c_double, jumps: c_double) -> None:
        self._ahead = ahead
        self._wrong = wrong
        self._jumps = jumps

    def true(self) -> float:
        """Return the time of the service."""
        return time.time() + self._ahead.value

    def time(self) -> float:
        """Return the time by the client's clock."""
        return self.true() + self._wrong.value

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead.value

    def sleep(self, seconds: float) -> None:
        with _moving:
            self._ahead.value += seconds
        if random() < self._jumps.value:  # nosec B311 # not secret
            self._wrong.value = choice((0.0, *JUMPS))  # nosec B311

    def let_jump(self, share: float) -> None:
        """Let the client's clock be set in such a share of the pauses; 0 puts it right for good."""
        self._jumps.value = share
        if not share:
            self._wrong.value = 0.0

    def timing(self, chance: Callable[[], float]) -> Timing:
        """For `ApiClient.timing`."""
        return Timing(self.sleep, self.monotonic, self.time, chance)


class Remote:
    """The sandbox, seen from here."""

    def __init__(self, pipe: Connection, clock: Clock) -> None:
        self._pipe = pipe
        self.clock = clock
        self.url, self.token = pipe.recv()

    def misbehave(self, faults: Sequence[Fault]) -> None:
        """Let these faults strike, and no others."""
        self._ask("misbehave", faults)

    def behave(self, quirks: Quirks) -> None:
        """Let it have these habits from now on."""
        self._ask("behave", quirks)

    def ledger(self) -> list[dict[str, Any]]:
        """Return every licence that was granted so far."""
        ledger: list[dict[str, Any]] = self._ask("ledger")
        return ledger

    def arrived(self) -> Counter[str]:
        """Return how many requests came for each call."""
        arrived: Counter[str] = self._ask("arrived")
        return arrived

    def sold(self, subscription: str = DEFAULT_SUBSCRIPTION) -> int:
        """Return how many licences were charged to a subscription so far."""
        sold: int = self._ask("sold", subscription)
        return sold

    def kinds(self) -> Counter[str]:
        """Return how many requests of each kind came."""
        kinds: Counter[str] = self._ask("kinds")
        return kinds

    def hung_up(self) -> int:
        """Wait until all work is done and every connection ended; return how many did not."""
        left: int = self._ask("hung_up")
        return left

    def violations(self) -> list[str]:
        """Return how the sandbox itself broke the contract."""
        violations: list[str] = self._ask("violations")
        return violations

    def _ask(self, question: str, *arguments: Any) -> Any:
        self._pipe.send((question, arguments))
        return self._pipe.recv()


@contextmanager
def running(images: int = IMAGES, quirks: Quirks | None = None) -> Iterator[Remote]:
    """Yield a sandbox that runs in another process, with so many images and with these habits."""
    context = multiprocessing.get_context("spawn")
    clock = Clock(*(context.Value("d", 0.0, lock=False) for _ in range(3)))
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, clock, images, quirks), daemon=True)
    process.start()
    theirs.close()  # so that `recv` ends when the process does
    try:
        yield Remote(ours, clock)
    finally:
        ours.close()  # which ends the process
        process.join()


def scattered(kinds: Sequence[Fault], share: float, dice: Random) -> list[Fault]:
    """Return all kinds of trouble, each as likely as the others, for such a share of the requests."""
    each = share / len(kinds)
    # One after the other is asked whether it strikes: the later ones see fewer requests.
    return [
        replace(kind, probability=each / (1 - number * each), seed=dice.randrange(2**32))
        for number, kind in enumerate(kinds)
    ]


def licensable(images: int) -> list[str]:
    """Return so many images that the sandbox licenses without more ado."""
    catalogue = Catalogue(IMAGES)
    numbers = (number for number in count(1) if catalogue.knows(str(number)))
    return list(islice((str(one) for one in numbers if not catalogue.image(one).is_editorial), images))


def trouble_option(parser: ArgumentParser, usual: Collection[str] = KINDS) -> None:
    """Add the option that says which kinds of trouble there are."""
    parser.add_argument(
        "--trouble",
        nargs="*",
        choices=KINDS,
        default=list(usual),
        help=f"with clocks and the licence history (default: {' '.join(usual)}; without a name: none)",
    )


def quirks(kinds: Collection[str], dice: Random) -> Quirks:
    """Return habits of the service that make such trouble."""
    habits: dict[str, Any] = {"history_lag": USUAL_LAG}
    if "date" in kinds:
        habits["date_ahead"] = dice.choice((0.0, *JUMPS))
    if "history" in kinds:
        habits |= {
            "history_lag": dice.choice((USUAL_LAG, 300.0, 550.0)),
            "history_page": dice.choice((1, 2)),
            "history_repeats": dice.choice((None, "entries", "pages")),
            "history_total": dice.choice((None, "missing", "page", "high", "text", "words")),
            "history_shuffled": dice.random() < 0.3,
        }
    if "cache" in kinds:
        habits |= {"cache": 3600.0, "cache_obeys": False, "cache_age": dice.random() < 0.5}
    return Quirks(**habits)


def let_others_license(
    remote: Remote, items: Iterable[str], medium: Medium = MEDIA["image"], paid_by: str = DEFAULT_SUBSCRIPTION
) -> None:
    """Let other programs, whose markers are their own, license each item twice."""
    headers = {"Authorization": f"Bearer {remote.token}", "User-Agent": ANOTHER, "Connection": "close"}
    url = f"{remote.url}{medium.license.template}?subscription_id={paid_by}&size={medium.sizes[0]}"
    with urllib3.PoolManager(headers=headers) as pool:
        for item in items:
            for _ in range(2):
                details = dict.fromkeys(("license_job", "soak_marker", "customer_id"), f"{ANOTHER} {uuid4()}")
                entry = {medium.item_id: item, "metadata": details, "editorial_acknowledgement": True}
                with suppress(urllib3.exceptions.HTTPError):  # they meet trouble, too
                    pool.request("POST", url, json={medium.items: [entry]}, retries=False)


def without_others(ledger: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the licences that other programs did not buy."""
    return [licence for licence in ledger if ANOTHER not in str(licence["metadata"])]


class _Desk:
    """Answers the questions of `Remote`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._start = {name: limit for name, _, _, limit in rows(_ALLOTMENT)}
        self._arrived: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()

    def count(self) -> None:
        """Count what came; the sandbox remembers only so many requests."""
        requests = self._sandbox.requests
        while requests:
            request = requests.popleft()
            self._arrived[request.headers.get(CALL, "")] += 1
            is_file = request.path.startswith(("/download/", "/api-downloads/"))
            path = "/download" if is_file else request.path
            self._kinds[f"{request.method} .../{path.rpartition('/')[2]}"] += 1

    def misbehave(self, faults: Sequence[Fault]) -> None:
        self._sandbox.faults.clear()
        for fault in faults:
            self._sandbox.faults.add(fault)

    def behave(self, quirks: Quirks) -> None:
        self._sandbox.quirks = quirks

    def ledger(self) -> list[dict[str, Any]]:
        return self._sandbox.licenses()

    def arrived(self) -> Counter[str]:
        self.count()
        return self._arrived

    def sold(self, subscription: str) -> int:
        return self._start[subscription] - self._sandbox.allotment(subscription)

    def kinds(self) -> Counter[str]:
        self.count()
        return self._kinds

    def hung_up(self) -> int:
        until = time.monotonic() + _HANG_UP
        while (left := _connections()) and time.monotonic() < until:
            time.sleep(_GLANCE)
        return left

    def violations(self) -> list[str]:
        return self._sandbox.violations


def _connections() -> int:
    return sum(thread.name == "sandbox connection" for thread in threading.enumerate())


def _serve(parent: Connection, clock: Clock, images: int, quirks: Quirks | None) -> None:
    sandbox = Sandbox(images=images, allotment=_ALLOTMENT, clock=clock.true, quirks=quirks)
    with sandbox:
        desk = _Desk(sandbox)
        parent.send((sandbox.url, sandbox.token()))
        while True:
            desk.count()
            if parent.poll(_GLANCE):
                try:
                    question, arguments = parent.recv()
                except EOFError:
                    return
                parent.send(getattr(desk, question)(*arguments))
