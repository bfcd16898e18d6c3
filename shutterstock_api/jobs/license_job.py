"""`LicenseJob` licenses thousands of items, each exactly once, even if the process is killed."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from shutterstock_api import models
from shutterstock_api.base_api import Api, client_of
from shutterstock_api.calls.client import Client
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.downloads.filenames import Template
from shutterstock_api.downloads.progress import ProgressArgument, ProgressMeter
from shutterstock_api.jobs.files import FIELDS, JobFiles
from shutterstock_api.jobs.ledger import Ledger, LedgerOutcome
from shutterstock_api.jobs.ledger_file import LedgerError, exclusive_run, own_name
from shutterstock_api.jobs.report import JobImage, JobItem, LicenseReport
from shutterstock_api.jobs.run import JobRun, RunLimits
from shutterstock_api.jobs.wishes import Wishes
from shutterstock_api.licensing.reconciliation import SETTLED
from shutterstock_api.schema import encoding
from shutterstock_api.schema.medium import Medium
from shutterstock_api.schema.values import ArgumentProblems, integer_value, number_value, shown, text_value
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.telemetry.notices import WaitNotices, print_notice

Wish: TypeAlias = (
    str
    | models.Image
    | models.Video
    | models.Audio
    | models.SFX
    | models.EditorialContent
    | models.EditorialVideoContent
    | models.LicenseImage
    | models.LicenseImageVector
    | models.LicenseVideo
    | models.LicenseAudio
    | models.LicenseSFX
    | models.LicenseEditorialContent
    | models.LicenseEditorialVideoContent
    | Mapping[str, Any]
)
JobSize: TypeAlias = (
    models.ImageSize | models.VideoSize | models.EditorialImageSize | models.EditorialVideoSize
)
JobLicense: TypeAlias = models.AudioLicense | models.EditorialVideoLicense

__all__ = ["JobImage", "JobItem", "LicenseJob", "LicenseReport"]


class LicenseJob:
    """Licenses any number of items of one medium, each exactly once, and downloads them.

    Run it again until everything is done. A ledger, which is a SQLite file, records what is to be done and
    what has been done. The job writes to it before each request. If a request got no answer, the job looks it
    up in the licence history before it buys anything else, so it may be killed at any moment. Never copy or
    delete a ledger that is in use: it is the only record of what was bought.

    An item can have settings of its own; otherwise, those of the job apply. Some are required in one of the
    two places: `size` for videos; `license` for tracks; `subscription_id` for sound effects; `license` and
    `country` for editorial content. A setting that the medium does not have is refused.

    Args:
        api: The API object that licenses, such as `client.videos`; a client licenses images. Use the
            same user in all runs, because the job reads its licence history. The token needs the scopes
            licenses.create, purchases.view and licenses.view.
        ledger: Path of the ledger, on a local disk; it is created if it does not exist. It belongs to one
            medium.
        size: Size of images and videos, such as `huge` or `hd`.
        subscription_id: Subscription to charge.
        license: Kind of licence, for tracks and editorial content.
        country: Where editorial content will be distributed, such as `USA`.
        format: Format of sound effects, such as `wav`.
        audio_layout: Layout of sound effects, such as `stereo`.
        metadata: Details to record with each licence, in addition to the item's own.
        editorial_acknowledgement: `True` accepts the terms for editorial use of images and videos.
        marker: A key in `metadata` under which each item gets a unique text, so that it can be identified in
            the history with certainty; for media that take `metadata`. `None`: use
            `Configuration.license_marker`, if that is set.

    Raises:
        ApiException: A setting is wrong, or the medium does not have it.
        LedgerError: The ledger cannot be opened, is not a ledger, or belongs to another medium.
    """

    @explained
    def __init__(
        self,
        api: Api | Client,
        ledger: str | os.PathLike[str],
        *,
        size: JobSize | None = None,
        subscription_id: str | None = None,
        license: JobLicense | None = None,
        country: str | None = None,
        format: models.SfxFormat | None = None,
        audio_layout: models.AudioLayout | None = None,
        metadata: models.LicenseRequestMetadata | Mapping[str, Any] | None = None,
        editorial_acknowledgement: bool | None = None,
        marker: str | None = "license_job",
    ) -> None:
        self._api = api
        client, _ = self._client, self._medium
        if marker is not None and not (isinstance(marker, str) and marker):
            raise ApiTypeError(f"marker: expected a key for metadata, or None, got {shown(marker)}")
        problems = ArgumentProblems()
        path = problems.attempt("ledger", _local_path, ledger)
        problems.raise_if_any("LicenseJob")
        self._path = own_name(path)
        self._marker = marker if marker is not None else client.configuration.license_marker
        given = {
            "size": size,
            "subscription_id": subscription_id,
            "license": license,
            "country": country,
            "format": format,
            "audio_layout": audio_layout,
            "editorial_acknowledgement": editorial_acknowledgement,
        }
        self._defaults = {name: value for name, value in given.items() if value is not None}
        self._metadata = encoding.to_wire(metadata or {})
        self._wishes()  # so that what cannot be sent is found now
        with self._ledger():
            pass  # so that a file that is not a ledger is found now

    def add(self, images: Wish | Iterable[Wish], *, replace: bool = False) -> int:
        """Plan to license items. You can add an item again safely.

        Args:
            images: Ids, items that a search found, or entries as in a licence request; one of them or many.
            replace: `True`: change items that are in the ledger with other settings, if they have not been
                bought yet.

        Returns:
            How many of them were new to the ledger.

        Raises:
            ApiValueError: One of them cannot be sent. None is added.
            LedgerError: One is in the ledger with other settings, such as another size. None is added.
        """
        entries = self._wishes().entries(images)
        encoder = msgspec.json.Encoder(order="sorted")  # so that equal entries are equal texts
        with self._ledger() as ledger:
            texts = ((item, encoder.encode(entry).decode()) for item, entry in entries)
            return ledger.add(texts, replace)

    @explained
    def run(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        workers: int = 8,
        name: str | None = None,
        max_charge: float | None = None,
        charge_each: float = 1,
        reuse_existing: bool = False,
        dry_run: bool = False,
        settled_after: float = SETTLED,
        progress: ProgressArgument = False,
        quiet: bool = False,
    ) -> LicenseReport:
        """License what is planned, download what is licensed, and return the state of every item.

        Items that were refused before are requested again, which costs nothing. If an outcome is still
        unknown at the end, the run waits until `settled_after` has passed, and looks it up again.

        Args:
            directory: Folder for the files; `None`: download no files.
            workers: How many files at a time; at most `Configuration.connection_pool_maxsize`.
            name: Template of their names, by default `{image_id}.{extension}`. Fields: image_id, license_id,
                size, extension.
            max_charge: Credits that all runs of the job together may spend. An item whose charge is not
                known counts as much as the most expensive one so far.
            charge_each: The most credits that one item can cost, as far as you know: the service tells only
                afterwards. With `max_charge`, the first item is bought alone, to learn its price.
            reuse_existing: Look in the licence history first, and reuse a licence that can be downloaded, of
                the same subscription if you set one. For media whose files cannot be downloaded again, it
                reuses any licence, and there is no file: see `license_again`.
            dry_run: Buy nothing and download nothing: the report only says what the history shows.
            settled_after: Seconds after which a licence that the history still does not show counts as not
                bought. The service documents no limit.
            progress: `True` for a tqdm progress bar, or lines on stderr if there is no terminal; or a
                function that is called with a `Progress`.
            quiet: `True`: do not report on stderr what the run is waiting for. By default it does so when a
                wait has lasted five seconds.

        Raises:
            LedgerError: Another run is using this ledger, or it cannot be written. Nothing is lost: run the
                job again.
            ApiException: An argument is wrong. Errors during the run are in the report.
        """
        limits, workers = _limits(max_charge, charge_each, settled_after, reuse_existing, workers, directory)
        template = _template(name, self._medium)
        with ExitStack() as stack:
            stack.enter_context(exclusive_run(self._path))
            ledger = stack.enter_context(self._ledger())
            total = ledger.count()
            files_wanted = 0 if directory is None else total
            meter = stack.enter_context(ProgressMeter(progress, files_wanted, total, self._medium.name))
            show = meter.say if meter.has_bar else print_notice
            notices = stack.enter_context(WaitNotices(None if quiet else show))
            if dry_run:
                run = JobRun(self._client, ledger, self._marker, limits, None, meter, notices)
                return self._preview(run, ledger)
            ledger.check()
            files = None
            if directory is None and self._medium.redownload is None:
                words = "the links to the files expire within hours and cannot be renewed: pass a directory"
                notices.tell(f"no file of these {self._medium.name}s is downloaded: {words}")
            if directory is not None:
                folder = Path(os.path.expanduser(directory))
                if self._medium.redownload is None:  # runs in other folders must know where the file is
                    folder = Path(os.path.abspath(folder))
                files = stack.enter_context(
                    JobFiles(self._client, self._medium, folder, template, workers, meter)
                )
            run = JobRun(self._client, ledger, self._marker, limits, files, meter, notices)
            run.all()
            return LicenseReport.of(ledger, run.stopped, files.kept if files else ())

    @explained
    def settle(self, image_id: str, license_id: str | None) -> None:
        """Record what became of an item that is `unknown`, when you have found it out yourself.

        This is for items that the licence history cannot settle.

        Args:
            image_id: ID of the item.
            license_id: ID of its licence. `None`: it was not bought, and the next run buys it.

        Raises:
            LedgerError: The item is not `unknown`, or a run is in progress. Nothing is changed.
        """
        problems = ArgumentProblems()
        problems.attempt("image_id", text_value, image_id)
        if license_id is not None:
            problems.attempt("license_id", _licence_id, license_id)
        problems.raise_if_any("LicenseJob.settle")
        with exclusive_run(self._path), self._ledger() as ledger:
            numbers = [row.number for row in ledger.rows("unknown") if row.item == image_id]
            if not numbers:
                raise LedgerError(reason=f"{self._path}: {self._medium.name} {image_id} is not unknown")
            state = "planned" if license_id is None else "licensed"
            ledger.settle([LedgerOutcome(numbers[0], state, license_id=license_id)])

    def license_again(self, ids: str | Iterable[str]) -> None:
        """Plan to buy items again whose files are lost. **The next run pays for them again.**

        This is for media whose files cannot be downloaded again, such as editorial images, when the link was
        lost or has expired before the download.

        Args:
            ids: IDs of the items, one or many.

        Raises:
            ApiTypeError: Files of this medium can be downloaded again, and `run` does so.
            LedgerError: One of them is not licensed, or has its file or a link that has not been tried, or a
                run is in progress. Nothing is changed.
        """
        if self._medium.redownload is not None:
            raise ApiTypeError(f"license_again: {self._medium.name}s are downloaded again by run()")
        with exclusive_run(self._path), self._ledger() as ledger:
            ledger.plan_again([ids] if isinstance(ids, str) else ids)

    def status(self) -> LicenseReport:
        """Return the state of the ledger. This sends nothing, and works during a run, too."""
        with self._ledger() as ledger:
            return LicenseReport.of(ledger)

    def export(self, path: str | os.PathLike[str]) -> None:
        """Write the contents of the ledger to a CSV file; see `LicenseReport.export`."""
        self.status().export(path)

    def __repr__(self) -> str:
        return f"<LicenseJob {self._path}>"

    def _preview(self, run: JobRun, ledger: Ledger) -> LicenseReport:
        """Return what a run would begin with. Outcomes in doubt are looked up and recorded: that is free."""
        run.interrupted()
        run.look_up()
        reusable = run.reusable() if run.limits.reuse_existing else {}
        report = LicenseReport.of(ledger)
        items = [
            dataclasses.replace(item, state="licensed", license_id=found.license_id, reused=True)
            if (found := reusable.get(item.image_id))
            else item
            for item in report.images
        ]
        return dataclasses.replace(report, images=items, stopped=run.stopped)

    # All other attributes are derived from the pickled ones: clusters may run several releases.

    @property
    def _client(self) -> Client:
        return client_of(self._api)

    @property
    def _medium(self) -> Medium:
        medium: Medium | None = getattr(self._api, "medium", IMAGES)
        if medium is None:
            raise ApiTypeError(f"api: {type(self._api).__name__} licenses nothing")
        return medium

    def _ledger(self) -> Ledger:
        return Ledger(self._path, self._medium)

    def _wishes(self) -> Wishes:
        return Wishes(self._client, self._medium, self._defaults, self._metadata, self._marker)


def _limits(
    max_charge: Any, charge_each: Any, settled_after: Any, reuse_existing: bool, workers: Any, directory: Any
) -> tuple[RunLimits, int]:
    """Return the limits of a run, and how many files it downloads at the same time."""
    problems = ArgumentProblems()
    most = None if max_charge is None else problems.attempt("max_charge", _from_0, max_charge)
    each = problems.attempt("charge_each", _above_0, charge_each)
    settled = problems.attempt("settled_after", _from_0, settled_after)
    workers = problems.attempt("workers", _from_1, workers)
    if directory is not None:
        problems.attempt("directory", _local_path, directory)
    problems.raise_if_any("LicenseJob.run")
    return RunLimits(most, each, settled, reuse_existing), workers


def _template(name: str | None, medium: Medium) -> Template:
    usual = f"{{{medium.item_id}}}.{{extension}}"
    template = Template(usual if name is None else name, (medium.item_id, *FIELDS))
    if not {medium.item_id, "license_id"} & template.fields:
        wanted = f"{{{medium.item_id}}} or {{license_id}}"
        raise ApiValueError(f"name: give {wanted} in it, so that no two files have one name")
    return template


def _licence_id(value: Any) -> None:
    if not text_value(value):
        raise ValueError("expected an id, got ''; None says that it was not bought")


def _local_path(value: Any) -> str:
    try:
        text = text_value(os.fspath(value))
    except TypeError:
        raise TypeError(f"expected a path, got {shown(value)}") from None
    if "://" in text or "\0" in text:
        raise ValueError(f"expected a path of this machine, got {shown(text)}")
    return text


def _plain_number(value: Any) -> float:
    """Return a number of any type as one that can be used in calculations."""
    try:
        return float(number_value(float(value) if isinstance(value, Decimal) else value))
    except OverflowError:
        raise ValueError(f"{shown(value)} is too large") from None


def _from_0(value: Any) -> float:
    number = _plain_number(value)
    if number < 0:
        raise ValueError(f"expected a number from 0, got {shown(value)}")
    return number


def _above_0(value: Any) -> float:
    number = _plain_number(value)
    if number <= 0:
        raise ValueError(f"expected a number above 0, got {shown(value)}")
    return number


def _from_1(value: Any) -> int:
    number = integer_value(value)
    if number < 1:
        raise ValueError(f"expected a number from 1, got {shown(value)}")
    return number
