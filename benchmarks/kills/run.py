"""One licence job, killed again and again; then its ledger and its files against the books."""

from __future__ import annotations

import multiprocessing
import os
import platform
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import sandbox
from benchmarks.kills.goods import GOODS
from shutterstock_api import ApiClient, Configuration
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

STATES = ("planned", "unknown", "licensed", "failed")
_WORKERS = 4
_GLANCE = 0.02
_PATIENCE = 120.0
"""Seconds after which a run hangs."""
_MOST_OTHERS = 20
_BETWEEN = 0.1
"""Seconds from the progress that was waited for to the kill, at most."""


class Start(NamedTuple):
    """What a run finds when it starts."""

    states: Counter[str]
    files: int
    """Whole ones."""
    parts: int
    """That were interrupted."""


class Report(NamedTuple):
    """What came of it."""

    title: str
    medium: str
    requested: int
    starts: Sequence[Start]
    """The first run, those after each kill, and more until all was done."""
    kills: int
    requests: Counter[str]
    licences: int
    twice: int
    """Items that were bought more than once."""
    lost: int
    """Items that were bought, and the ledger does not know."""
    unknown: int
    """Items that the ledger calls unknown in the end."""
    files: int
    """Complete ones."""
    seconds: float
    violations: Sequence[str]

    def __str__(self) -> str:
        lines = [
            self.title,
            "",
            f"{'run':>5}" + "".join(f"{name:>10}" for name in (*STATES, "files", "parts")),
        ]
        for number, start in enumerate(self.starts, 1):
            counts = [*(start.states[state] for state in STATES), start.files, start.parts]
            lines.append(f"{number:>5}" + "".join(f"{count:>10,}" for count in counts))
        in_doubt = sum(bool(start.states["unknown"]) for start in self.starts)
        lines += [
            "",
            f"kills         {self.kills}, {in_doubt} of them with licences in doubt",
            *(f"{times:>13,} {kind}" for kind, times in self.requests.most_common()),
            "",
            f"in the end    {self.licences:,} licences, {self.files:,} files",
            f"time          {self.seconds:.0f} s",
            "",
        ]
        return "\n".join([*lines, *self.violations[:20], f"{len(self.violations):,} violations."])


def table(reports: Sequence[Report]) -> str:
    """Return what came of several jobs, a line for each."""
    heads = ("requested", "bought", "twice", "lost", "unknown", "complete files")
    lines = [f"{'medium':<16}" + "".join(f"{head:>15}" for head in heads)]
    for one in reports:
        counts = (one.requested, one.licences, one.twice, one.lost, one.unknown, one.files)
        lines.append(f"{one.medium:<16}" + "".join(f"{count:>15,}" for count in counts))
    return "\n".join(lines)


def kills(
    items: int = 5_000,
    times: int = 30,
    share: float = 0.1,
    seed: int = 1,
    kinds: Collection[str] = (),
    spoil: Callable[[], object] | None = None,
    medium: str = "image",
) -> Report:
    """License and download so many images in a process that is killed so many times, and account for all.

    Args:
        items: How many.
        times: How often it is killed.
        share: Share of the requests that meet trouble.
        seed: Of all chance.
        kinds: What trouble there is with clocks and the licence history.
        spoil: Called in each of the processes first, to break the client and see that it is found out.
        medium: What it licenses.
    """
    began = time.monotonic()
    dice = Random(seed)  # nosec B311 # repeatable, not secret
    wanted = GOODS[medium].wanted(items)
    with sandbox.running(quirks=sandbox.CALM) as remote, TemporaryDirectory() as folder:
        before = len(remote.ledger())
        job = _Job(remote, Path(folder), spoil, medium)
        job.plan(wanted)
        remote.misbehave(_faults(share, dice, MEDIA[medium].license.name))
        remote.clock.let_jump(0.3 * ("clock" in kinds))
        starts = []
        for goal in sorted(dice.sample(range(items + items // 2), times)):
            starts.append(job.found())
            remote.behave(sandbox.quirks(kinds, dice))
            job.kill(goal, dice.random() * _BETWEEN)
            if "history" in kinds and MEDIA[medium].marker:  # without one, theirs cannot be told from ours
                job.let_others_license(dice)
        if kinds:  # a run that comes to its end waits until all must be known
            starts.append(job.found())
            job.finish()
        remote.misbehave([])
        remote.clock.let_jump(0)
        remote.behave(sandbox.CALM)
        starts.append(job.found())
        job.finish()
        sold = sandbox.without_others(remote.ledger()[before:])
        return Report(
            f"Python {platform.python_version()}: {items:,} {medium}s, {times} kills, "
            f"faults in {share:.0%} of the requests, trouble: {', '.join(kinds) or 'none'}, seed {seed}",
            medium,
            items,
            starts,
            job.kills,
            remote.kinds(),
            len(sold),
            *_accounts(job, sold, wanted),
            job.found().files,
            time.monotonic() - began,
            [*_violations(job, sold, wanted), *remote.violations()],
        )


class _Job:
    """The job, in one process after the other.

    Args:
        remote: Where it licenses.
        folder: Where it keeps what it has.
        spoil: Called in each process first.
        medium: What it licenses.
    """

    def __init__(
        self, remote: sandbox.Remote, folder: Path, spoil: Callable[[], object] | None, medium: str
    ) -> None:
        self.ledger, self.folder = folder / "campaign.sqlite", folder / "files"
        self.medium, self.goods = MEDIA[medium], GOODS[medium]
        self.kills = 0
        self._others = 0
        self._remote = remote
        self._spoil = spoil
        self._processes = multiprocessing.get_context("spawn")

    def plan(self, wanted: Sequence[str]) -> None:
        """Write down what is wanted."""
        with _client(self._remote.url, self._remote.token) as client:
            self.goods.job(client, self.ledger).add(wanted)

    def kill(self, goal: int, then: float) -> None:
        """Start it, and kill it a moment after so many licences and files are there, if it is not done."""
        process = self._started()
        until = time.monotonic() + _PATIENCE
        while process.is_alive() and self._sold() - self._others + self._files() < goal:
            if time.monotonic() > until:
                raise RuntimeError("the job hangs")
            time.sleep(_GLANCE)
        time.sleep(then)
        process.kill()
        process.join()
        self.kills += process.exitcode != 0
        # Its last request may still be in the sandbox's hands.
        if left := self._remote.hung_up():
            raise RuntimeError(f"{left} connections outlive the process that had them")

    def let_others_license(self, dice: Random) -> None:
        """Let other programs license items that are in doubt."""
        sold = self._sold()
        doubts = [item for (item,) in self.rows("SELECT item FROM item WHERE state = 'unknown'")]
        some = dice.sample(doubts, min(len(doubts), _MOST_OTHERS))
        sandbox.let_others_license(self._remote, some, self.medium, self.goods.subscription)
        self._others += self._sold() - sold

    def finish(self) -> None:
        """Let it come to its end."""
        process = self._started()
        process.join(_PATIENCE)
        if process.exitcode != 0:
            raise RuntimeError(f"the job ended with status {process.exitcode}")

    def found(self) -> Start:
        """Return what a run that starts now finds."""
        states = Counter(state for (state,) in self.rows("SELECT state FROM item"))
        parts = sum(name.endswith(".part") for name in self.names())
        return Start(states, self._files(), parts)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what stands in the ledger, by another road than the job's."""
        with closing(sqlite3.connect(self.ledger)) as connection:
            return connection.execute(sql).fetchall()

    def names(self) -> list[str]:
        """Return the names of all files."""
        return os.listdir(self.folder) if self.folder.exists() else []

    def _sold(self) -> int:
        return self._remote.sold(self.goods.subscription)

    def _files(self) -> int:
        return sum(not name.startswith(".") and not name.endswith(".part") for name in self.names())

    def _started(self) -> BaseProcess:
        """Return a process in which the job has just begun."""
        ours, theirs = self._processes.Pipe()
        remote = self._remote
        place = (self.ledger, self.folder)
        arguments = (theirs, self._spoil, remote.url, remote.token, remote.clock, self.medium.name, *place)
        process = self._processes.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()  # so that `recv` ends when the process does
        with ours:
            ours.recv()
        return process


def _work(
    parent: Connection,
    spoil: Callable[[], object] | None,
    url: str,
    token: str,
    clock: sandbox.Clock,
    medium: str,
    ledger: Path,
    folder: Path,
) -> None:
    """What the process does that is killed."""
    if spoil:
        spoil()
    client = _client(url, token)
    client.timing = clock.timing(Random(os.getpid()).random)  # nosec B311 # not secret
    job = GOODS[medium].job(client, ledger)
    parent.send("it begins")
    job.run(folder, workers=_WORKERS, quiet=True)


def _client(url: str, token: str) -> ApiClient:
    return ApiClient(Configuration(url, access_token=token, proxy=""))


def _faults(share: float, dice: Random, operation: str) -> list[Fault]:
    """Return the trouble that licences and downloads meet."""
    kinds = [
        Fault(close="before"),
        Fault(close="after"),
        Fault(status=500),
        Fault(status=502, body="html", done=True),
        Fault(status=200, body="empty", done=True),
        Fault(truncate=0.5),
        Fault(garbage=True, operation=operation),
        Fault(rate_limit=2),
    ]
    return sandbox.scattered(kinds, share, dice)


def _accounts(job: _Job, sold: list[dict[str, Any]], wanted: Sequence[str]) -> tuple[int, int, int]:
    """Return how many items were bought twice, how many are lost, and how many are unknown."""
    bought = Counter(licence["item_id"] for licence in sold)
    states: dict[str, str] = dict(job.rows("SELECT item, state FROM item"))
    lost = [item for item in bought if states.get(item) not in ("licensed", "unknown")]
    unknown = [item for item in wanted if states.get(item) == "unknown"]
    return sum(times > 1 for times in bought.values()), len(lost), len(unknown)


def _violations(job: _Job, sold: list[dict[str, Any]], wanted: Sequence[str]) -> Iterator[str]:
    """Say what is not as it must be."""
    medium, content = job.medium, job.goods.content
    bought = Counter(licence["item_id"] for licence in sold)
    licences = {licence["id"]: licence["item_id"] for licence in sold}
    if others := set(bought) - set(wanted):
        yield f"{len(others)} {medium.name}s were licensed that nobody asked for"
    files = 0
    for item, state, licence, path, error, link in job.rows(
        "SELECT item, state, license_id, path, file_error, link FROM item"
    ):
        if state == "unknown" and not medium.marker and bought[item] <= 1:
            continue  # it is reported, and nothing can prove what it is
        if bought[item] != 1:
            yield f"{medium.name} {item}: licensed {bought[item]} times"
        if state != "licensed" or licences.get(licence, item if medium.redownload is None else None) != item:
            yield f"{medium.name} {item}: in the ledger it is {state} as {licence} ({error})"
        elif medium.redownload is None and not link and error:
            continue  # its answer never came, and there is no other link
        elif error or not path or Path(path).read_bytes() != content(item):
            yield f"{medium.name} {item}: {path} is not its file ({error})"
        else:
            files += 1
    yield from (f"the ledger: {words}" for (words,) in job.rows("PRAGMA integrity_check") if words != "ok")
    yield from (f"{name} was left behind" for name in job.names() if name.startswith(".") or ".part" in name)
    if len(job.names()) != files:
        yield f"{len(job.names()):,} files, not {files:,}"
