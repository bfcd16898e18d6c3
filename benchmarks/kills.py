"""A licence job of thousands of images, killed again and again; then the accounts.

`python -m benchmarks.kills [--images N] [--kills N] [--faults SHARE] [--seed N]`; exit status 1 where an
image was licensed twice or not at all, a file is missing or not whole, or the ledger is wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import sandbox
from shutterstock_api import ApiClient, Configuration, LicenseJob
from shutterstock_api.sandbox import Fault
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.images.pictures import Pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

STATES = ("planned", "unknown", "licensed", "failed")
_WORKERS = 4
_GLANCE = 0.02
_PATIENCE = 120.0
"""Seconds after which a run hangs."""
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
    starts: Sequence[Start]
    """The first run, those after each kill, and more until all was done."""
    kills: int
    requests: Counter[str]
    licences: int
    files: int
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


def main() -> int:
    """Run it, and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=main.__doc__)
    parser.add_argument("--images", type=int, default=5_000, help="how many (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=30, help="how often (default: %(default)s)")
    parser.add_argument(
        "--faults", type=float, default=0.1, help="share of the requests (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of all chance (default: %(default)s)")
    options = parser.parse_args()
    report = kills(options.images, options.kills, options.faults, options.seed)
    print(report)
    return 1 if report.violations else 0


def kills(
    images: int = 5_000,
    times: int = 30,
    share: float = 0.1,
    seed: int = 1,
    spoil: Callable[[], object] | None = None,
) -> Report:
    """License and download so many images in a process that is killed so many times, and account for all.

    Args:
        images: How many.
        times: How often it is killed.
        share: Share of the requests that meet trouble.
        seed: Of all chance.
        spoil: Called in each of the processes first, to break the client and see that it is found out.
    """
    began = time.monotonic()
    dice = Random(seed)  # nosec B311 # repeatable, not secret
    wanted = sandbox.licensable(images)
    with sandbox.running() as remote, TemporaryDirectory() as folder:
        before = len(remote.ledger())
        job = _Job(remote, Path(folder), spoil)
        job.plan(wanted)
        remote.misbehave(_faults(share, dice))
        starts = []
        for goal in sorted(dice.sample(range(images + images // 2), times)):
            starts.append(job.found())
            job.kill(goal, dice.random() * _BETWEEN)
        remote.misbehave([])
        starts.append(job.found())
        job.finish()
        sold = remote.ledger()[before:]
        return Report(
            f"Python {platform.python_version()}: {images:,} images, {times} kills, "
            f"faults in {share:.0%} of the requests, seed {seed}",
            starts,
            job.kills,
            remote.kinds(),
            len(sold),
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
    """

    def __init__(self, remote: sandbox.Remote, folder: Path, spoil: Callable[[], object] | None) -> None:
        self.ledger, self.images = folder / "campaign.sqlite", folder / "images"
        self.kills = 0
        self._remote = remote
        self._spoil = spoil
        self._processes = multiprocessing.get_context("spawn")

    def plan(self, wanted: Sequence[str]) -> None:
        """Write down what is wanted."""
        with _client(self._remote.url, self._remote.token) as client:
            LicenseJob(client, self.ledger, size="small").add(wanted)

    def kill(self, goal: int, then: float) -> None:
        """Start it, and kill it a moment after so many licences and files are there, if it is not done."""
        process = self._started()
        until = time.monotonic() + _PATIENCE
        while process.is_alive() and self._remote.sold() + self._files() < goal:
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
        return os.listdir(self.images) if self.images.exists() else []

    def _files(self) -> int:
        return sum(name.endswith(".jpg") for name in self.names())

    def _started(self) -> BaseProcess:
        """Return a process in which the job has just begun."""
        ours, theirs = self._processes.Pipe()
        remote = self._remote
        arguments = (theirs, self._spoil, remote.url, remote.token, remote.clock, self.ledger, self.images)
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
    ledger: Path,
    images: Path,
) -> None:
    """What the process does that is killed."""
    if spoil:
        spoil()
    client = _client(url, token)
    client.timing = clock.timing(Random(os.getpid()).random)  # nosec B311 # not secret
    job = LicenseJob(client, ledger, size="small")
    parent.send("it begins")
    job.run(images, workers=_WORKERS)


def _client(url: str, token: str) -> ApiClient:
    return ApiClient(Configuration(url, access_token=token, proxy=""))


def _faults(share: float, dice: Random) -> list[Fault]:
    """Return the trouble that licences and downloads meet."""
    kinds = [
        Fault(close="before"),
        Fault(close="after"),
        Fault(status=500),
        Fault(status=502, body="html", done=True),
        Fault(status=200, body="empty", done=True),
        Fault(truncate=0.5),
        Fault(garbage=True, operation="license_images"),
        Fault(rate_limit=2),
    ]
    return sandbox.scattered(kinds, share, dice)


def _violations(job: _Job, sold: list[dict[str, Any]], wanted: Sequence[str]) -> Iterator[str]:
    """Say what is not as it must be."""
    pictures = Pictures(Catalogue(sandbox.IMAGES))
    bought = Counter(licence["image_id"] for licence in sold)
    yield from (f"image {image}: licensed {bought[image]} times" for image in wanted if bought[image] != 1)
    if others := set(bought) - set(wanted):
        yield f"{len(others)} images were licensed that nobody asked for"
    licences = {licence["id"]: licence["image_id"] for licence in sold}
    for image, state, licence, path, error in job.rows(
        "SELECT item, state, license_id, path, file_error FROM item"
    ):
        if state != "licensed" or licences.get(licence) != image or error:
            yield f"image {image}: in the ledger it is {state} as {licence} ({error})"
        elif not path or Path(path).read_bytes() != pictures.licensed(int(image), "small"):
            yield f"image {image}: {path} is not its file"
    yield from (f"the ledger: {words}" for (words,) in job.rows("PRAGMA integrity_check") if words != "ok")
    yield from (f"{name} was left behind" for name in job.names() if not name.endswith(".jpg"))
    if len(job.names()) != len(wanted):
        yield f"{len(job.names()):,} files, not {len(wanted):,}"


if __name__ == "__main__":
    sys.exit(main())
