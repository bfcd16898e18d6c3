"""All troubles at once around a licence job, or a program without one, and what must hold in them.

A seed decides which troubles they are and what happens, so a licence that was bought twice, or bought and
lost, can be repeated.
"""

from __future__ import annotations

import pickle  # nosec B403 # our own errors
from collections import Counter
from pathlib import Path
from typing import Any

from licence_world import DEAREST, FAULTS, LONGEST_LAG, MORE_FAULTS, Killed, World, bury
from media_service import job_of, settings

from shutterstock_api import LicenseJob, LicenseOutcomeUnknown, LicenseReport
from shutterstock_api.licensing.item_ids import spelled
from shutterstock_api.schema.medium import Medium
from shutterstock_api.support.errors import ApiException

ITEMS = [str(number) for number in range(101, 104)]
ASKED = ["301", "302"]
MISLEADING = ("shuffle", "short", "total", "lag")
"""Histories by which it is hardest to tell whether something is missing."""
THEMES = (
    (),
    MISLEADING,
    MISLEADING,
    ("repeat", "short", "total", "lag"),
    ("lag", "cache"),
    ("lag", "wall"),
    ("lag", "date"),
    ("lag", "others"),
)
"""Troubles that come together."""
PAUSES = (0.1, 5.0, 100.0, 595.0, 605.0, 700.0, 4000.0, 1e5)


class Storm:
    """A world full of trouble.

    Args:
        seed: Decides everything.
        medium: What is licensed.
        folder: Where the ledger is.
        killed: Whether processes are killed, and others go on.
    """

    def __init__(self, seed: int, medium: Medium, folder: Path, killed: bool = True) -> None:
        self.world = World(f"{medium.name} {seed}", (), medium=medium)
        self.medium, self.killed = medium, killed
        self.dice = dice = self.world.dice
        world = self.world
        share = dice.choice([0.0, 0.0, 0.1, 0.3, 0.5])
        theme = dice.choice(THEMES)
        world.faults = {fault for fault in (*FAULTS, *MORE_FAULTS) if fault in theme or dice.random() < share}
        world.date = dice.choice((-1e6, -3600.0, -3.0, 90.0, 86400.0)) if "ahead" in world.faults else 0.0
        world.obeys, world.knows_query = dice.random() < 0.3, dice.random() < 0.5
        world.others_mark = dice.random() < 0.7
        world.longest_lag = dice.choice([LONGEST_LAG, 594.0])
        world.size = dice.choice([1, 1, 2, 3]) if "short" in world.faults else 200
        fresh = world.knows_query and "start" not in world.faults
        if "cache" in world.faults and not (fresh or world.obeys or world.tells_age):
            world.faults -= {"wall", "date"}  # only `Date` tells how old an answer is
        if killed and "date" in world.faults:
            world.faults -= {"wall"}  # the next process could not tell that both clocks were wrong
        self.path = folder / f"{medium.name} {seed} {killed}.sqlite"
        self.marker = dice.choice(["license_job", "license_job", None])
        self.marked = medium.marker and self.marker is not None
        self.twins = not self.marked and "others" in world.faults
        """Whether another's licence cannot be told from ours."""
        self.reuse = dice.random() < 0.15
        self.most = dice.choice([None, None, None, 3, 5])
        self.asked = dice.choice([ASKED, ASKED, ASKED[:1] * 2])
        """What the program without a job asks for."""
        self.times = Counter([*ITEMS, *ASKED]) | Counter(self.asked)
        """How often each item may be bought."""
        if theme == MISLEADING:
            world.size, world.total = 1, dice.choice([0, 3, 4, 5])
        if theme == MISLEADING or dice.random() < 0.5:
            world.others_license([*ITEMS, *ASKED] * dice.choice([1, 2]))
            world.pass_by(dice.choice([700.0, 1e5, 1e6]))

    def blow(self) -> None:
        """Let a job, or a program without one, meet the storm, and hold what it says against the books."""
        if self.dice.random() < 0.5:
            self.ask()
            return
        for _ in range(self.dice.randint(1, 5) if self.killed else 1):
            self.world.kills = self.dice.choice([0.0, 0.001, 0.003, 0.01]) if self.killed else 0.0
            self.process()
            self.check()
            self.world.pass_by(self.dice.choice(PAUSES))
        self.finish()

    # The job.

    def job(self, **options: Any) -> LicenseJob:
        return job_of(self.medium, self.world.client(**options), self.path, marker=self.marker)

    def process(self) -> LicenseReport | None:
        """Let a process run the job; return its report if it came to an end."""
        try:
            job = self.job()
            job.add([*ITEMS, *ITEMS[:2]][:: self.dice.choice([1, -1])])
            self.help(job)
            return self.run(job)
        except Killed as killed:
            bury(killed)
            return None

    def run(self, job: LicenseJob) -> LicenseReport:
        more = self.dice.random() < 0.1
        options = {"dry_run": more, "reuse_existing": self.reuse, "charge_each": DEAREST}
        return job.run(quiet=True, max_charge=self.most, **options)

    def help(self, job: LicenseJob) -> None:
        """Do what a user may do between runs, who looks the truth up."""
        for image in job.status().images:
            sold = [one.id for one in self.world.books if one.ours and one.item == image.image_id]
            if image.state == "unknown" and not self.world.work and self.dice.random() < 0.1:
                job.settle(image.image_id, sold[-1] if len(sold) >= self.times[image.image_id] else None)
            lost = image.state == "licensed" and self.medium.redownload is None and not image.reused
            if lost and self.dice.random() < 0.1:
                self.times[image.image_id] += 1  # it may be killed as soon as that stands in the ledger
                try:
                    job.license_again(image.image_id)
                except ApiException:  # there is a link
                    self.times[image.image_id] -= 1

    # What must hold.

    def check(self) -> None:
        """Nothing was bought twice, and nothing is lost."""
        self.world.kills = 0.0
        bought = {item: self.world.bought(item) for item in [*ITEMS, *ASKED]}
        twice = {item: ids for item, ids in bought.items() if len(ids) > self.times[item]}
        assert twice == {}, "bought twice"
        if not self.path.exists():
            return
        spent = sum(one.charge for one in self.world.books if one.ours and one.item in ITEMS)
        assert self.most is None or spent <= self.most, "max_charge"
        for image in self.job().status().images:
            ours = bought[image.image_id]
            known = [one.id for one in self.world.books if one.item == image.image_id]
            if image.state in ("planned", "failed"):
                assert len(ours) < self.times[image.image_id], f"lost: {image}"
            elif image.state == "licensed" and image.license_id and (self.twins or image.reused):
                assert image.license_id in known, f"nobody bought it: {image}"
            elif image.state == "licensed" and image.license_id:
                assert image.license_id in ours, f"another's: {image}"
            elif image.state == "licensed":
                assert ours or self.twins or image.reused, f"not bought: {image}"

    def finish(self) -> None:
        """End all trouble: the job comes to its end."""
        uncertain = not self.marked or not self.world.others_mark or "hidden" in self.world.faults
        self.world.calm()
        if "ahead" in self.world.faults:
            self.world.faults -= {"start"}  # the one or the other, or nothing can be proved
        self.most = None
        report = None
        for _ in range(6):
            if report and not (report.planned or report.failed or report.unknown):
                break
            job = self.job()
            job.add(ITEMS)
            report = job.run(quiet=True)
            self.world.pass_by(7200)
        self.check()
        assert report.failed == report.planned == [], f"not done: {report}"
        assert uncertain or not report.unknown, f"unknown: {report}"

    # A program that has no job.

    def ask(self) -> None:
        """License as users do by hand: what certainly was not bought, they ask for again."""
        marker = self.dice.choice(["request", None]) if self.medium.marker else None
        world, wanted = self.world, self.asked
        twins = marker is None and "others" in world.faults
        for _ in range(6):
            if not wanted:
                break
            client = world.client(license_marker=marker)
            try:
                answer = client.call(self.medium.license, [*self.body(wanted)])
                failed = {spelled(getattr(one, self.medium.item_id)) for one in answer.failed}
                wanted = [item for item in wanted if item in failed and self.times[item] == 1]
            except LicenseOutcomeUnknown as doubt:
                wanted = self.reconciled(doubt, wanted, twins)
            except ApiException:
                pass  # it was refused
            self.check()

    def body(self, items: list[str]) -> Any:
        """Return the arguments of a licence request."""
        given = settings(self.medium)
        beside = {name: given[name] for name in self.medium.beside}
        entry = {name: given[name] for name in given if name not in beside}
        body = {self.medium.items: [{self.medium.item_id: item, **entry} for item in items], **beside}
        return (body if name == "body" else None for name in self.medium.license.names)

    def reconciled(self, doubt: LicenseOutcomeUnknown, wanted: list[str], twins: bool) -> list[str]:
        """Look a request up now and then, also in another process; return what it did not buy."""
        world = self.world
        missing: set[str] = set()
        for _ in range(self.dice.randint(0, 8)):
            world.pass_by(self.dice.choice(PAUSES))
            client = None
            if self.killed and self.dice.random() < 0.3:
                doubt, client = pickle.loads(pickle.dumps(doubt)), world.client()  # nosec B301
            try:
                found = doubt.reconcile(client)
            except ApiException:
                continue
            lost = [item for item in found.not_licensed if world.bought(item)]
            assert lost == [], "reconcile: lost"
            for item, licences in found.licensed.items() if not twins else ():
                told = sorted(one.id for one in licences)
                assert told == sorted(world.bought(item)), f"reconcile: {item}"
            missing = set(found.not_licensed)
        return [item for item in wanted if item in missing]
