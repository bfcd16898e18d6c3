"""The commands `license` and `download`."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

import shutterstock_api
from shutterstock_api.api_client import ApiClient
from shutterstock_api.base_api import Api
from shutterstock_api.commands.accounts import left_of
from shutterstock_api.commands.arguments import texts_of
from shutterstock_api.commands.exit_codes import NOT_DONE, UNKNOWN, exit_code
from shutterstock_api.commands.names import flag_of
from shutterstock_api.commands.output import print_rows, say
from shutterstock_api.commands.settings import (
    CommandSettings,
    common_options,
    confirm_spending,
    is_terminal,
    opened_client,
    settings_of_command,
    yes_option,
)
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.downloads.fetching import download_many
from shutterstock_api.jobs.license_job import LicenseJob
from shutterstock_api.jobs.report import JobItem, LicenseJobError, LicenseReport
from shutterstock_api.schema.medium import Medium
from shutterstock_api.support.errors import ApiException, first_line
from shutterstock_api.support.text import first_lines

LEDGER = "shutterstock-licenses.sqlite"
"""The default ledger, in the current folder."""

_MEDIA = {name.replace(" ", "-"): name for name in MEDIA}

medium_option: click.Option = click.Option(
    ["--medium"],
    type=click.Choice(list(_MEDIA)),
    metavar="MEDIUM",
    default="image",
    show_default=True,
    help=f"The medium: {', '.join(sorted(_MEDIA))}.",
)
_size = click.Option(["--size"], help="Size, such as huge.")
_from_option: click.Option = click.Option(
    ["--from", "file"], type=click.File(), help="File with one id per line; - is standard input."
)
_name = click.Option(["--name"], metavar="TEMPLATE", help="Names of files, such as {license_id}.{extension}.")
_workers = click.Option(
    ["--workers"], type=click.IntRange(1), default=8, show_default=True, help="Files to download at a time."
)


def _api(medium: Medium) -> type[Api]:
    found: type[Api] = getattr(shutterstock_api, medium.license.api)
    return found


def _given(words: Iterable[str], file: Iterable[str] | None) -> list[str]:
    """Return the sources from the command line and from a file."""
    lines = [] if file is None else [line.strip() for line in file]
    found = [*words, *(line for line in lines if line and not line.startswith("#"))]
    if not found:
        raise click.UsageError("Nothing to do: give ids, or a file of ids with --from.")
    return list(dict.fromkeys(found))


def _can_show_bar() -> bool:
    """Tell whether a progress bar can be shown, which needs tqdm and a terminal."""
    return is_terminal(sys.stderr) and importlib.util.find_spec("tqdm") is not None


# Downloads.


def _download(
    sources: tuple[str, ...],
    file: Iterable[str] | None,
    to: str,
    medium: str,
    size: str | None,
    name: str | None,
    overwrite: bool,
    workers: int,
) -> int:
    settings = settings_of_command()
    wanted = _given(sources, file)
    with opened_client(settings) as client:
        report = download_many(
            wanted,
            to,
            api=_api(MEDIA[_MEDIA[medium]])(client),
            workers=workers,
            name=name,
            size=size,
            overwrite=overwrite,
            progress=_can_show_bar(),
        )
    rows = [
        {
            "file": None if one.path is None else str(one.path),
            "status": one.status,
            "bytes": one.bytes,
            "error": first_line(one.error) if one.error else None,
        }
        for one in report.files
    ]
    print_rows(rows, settings)
    for one in report.failed[:1]:
        say(f"Error: {one.error if len(wanted) == 1 else report}")
    errors = [one.error for one in report.failed if one.error]
    return exit_code(errors[0]) if errors and len(wanted) == 1 else NOT_DONE if errors else 0


download_command: click.Command = click.Command(
    "download",
    callback=_download,
    params=[
        click.Argument(["sources"], nargs=-1, metavar="SOURCE..."),
        _from_option,
        click.Option(
            ["--to"], metavar="FOLDER", default=".", help="Folder for the files; default: this one."
        ),
        medium_option,
        _size,
        _name,
        click.Option(["--overwrite"], is_flag=True, help="Download existing files again."),
        _workers,
        *common_options(),
    ],
    help="Download files: a SOURCE is the id of a licence, or a link.\n\n"
    "It is free of charge. Existing files are skipped, and partial ones are resumed.",
)


# Licences.


def _license(
    ids: tuple[str, ...],
    file: Iterable[str] | None,
    medium: str,
    metadata: tuple[str, ...],
    ledger: str | None,
    to: str | None,
    name: str | None,
    max_charge: float | None,
    reuse_existing: bool,
    dry_run: bool,
    yes: bool,
    workers: int,
    **entry: str | bool | None,
) -> int:
    settings = settings_of_command()
    wanted, kind = _given(ids, file), MEDIA[_MEDIA[medium]]
    with ExitStack() as stack:
        client = stack.enter_context(opened_client(settings))
        path = ledger or _usual_ledger(settings, stack)
        settings_of_job: dict[str, Any] = {name: value for name, value in entry.items() if value}
        open_job = partial(
            LicenseJob,
            _api(kind)(client),
            path,
            metadata=dict(map(_named_value, metadata)),
            **settings_of_job,
        )
        known = open_job().status() if Path(path).exists() else None
        plan, count = _what_is_planned(known, wanted, kind, path)
        for line in plan:
            say(line)
        needed = [flag_of(name) for name in kind.job_settings if not entry.get(name)]
        if needed and count:
            raise click.UsageError(f"{kind.name.capitalize()}s need {' and '.join(needed)}.")
        if dry_run:
            say("Nothing was bought: --dry-run.")
            return 0
        if count and not yes:
            for line in _payer(client, settings_of_job.get("subscription_id")):
                say(line)
        if count:
            most = f", for {max_charge:g} credits at most" if max_charge is not None else ""
            how = "".join(f", {name.replace('_', ' ')} {value}" for name, value in settings_of_job.items())
            confirm_spending(f"License {_counted(count, kind)}{how}{most}?", yes)
        job = open_job()
        job.add(wanted)
        report = job.run(
            to,
            name=name,
            workers=workers,
            max_charge=max_charge,
            reuse_existing=reuse_existing,
            progress=_can_show_bar(),
        )
    print_rows([_shown_item(one, kind) for one in report.items if one.id in wanted], settings)
    say(str(report))
    if report.unknown:
        return UNKNOWN
    try:
        report.raise_for_failures()
    except LicenseJobError:
        return NOT_DONE
    return 0


def _shown_item(item: JobItem, kind: Medium) -> dict[str, Any]:
    """Return the row of an item in a table, with the id under the name that its medium uses."""
    fields = asdict(item) | {"path": None if item.path is None else str(item.path)}
    return {kind.item_id: fields.pop("image_id"), **fields}


def _usual_ledger(settings: CommandSettings, stack: ExitStack) -> str:
    """Return the default ledger; the ledger of a sandbox is temporary, like the sandbox."""
    if not settings.sandbox:
        return LEDGER
    return str(Path(stack.enter_context(tempfile.TemporaryDirectory()), LEDGER))


def _what_is_planned(
    known: LicenseReport | None, wanted: list[str], kind: Medium, path: str
) -> tuple[list[str], int]:
    """Return what a run would do, in words, and how many items it might buy."""
    states = {one.image_id: one.state for one in known.images} if known else {}
    new = [one for one in wanted if one not in states]
    counts = Counter(states.values())
    open_ones = [one for one, state in states.items() if state != "licensed" and one not in wanted]
    lines = [f"Ledger {path}: {counts['licensed']} licensed, {len(new)} new."]
    if counts["unknown"]:
        lines.append(f"  {_counted(counts['unknown'], kind)} may have been bought; this is looked up first.")
    if open_ones:
        lines.append("  To be licensed as well, from earlier runs:")
        lines += [f"    {one}" for one in first_lines(open_ones)]
    return lines, len(new) + len(states) - counts["licensed"]


def _payer(client: ApiClient, subscription_id: str | None) -> Iterator[str]:
    """Yield what is left of the subscription that is going to pay, if the service says so."""
    with suppress(ApiException):
        listed = shutterstock_api.UsersApi(client).get_user_subsciption_list().data if subscription_id else ()
        for one in listed or ():
            if one.id == subscription_id:
                yield f"Subscription {one.id}: {left_of(one)}."


def _counted(count: int, kind: Medium) -> str:
    return f"{count} {kind.name}{'s' if count != 1 else ''}"


def _named_value(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--metadata: expected NAME=VALUE, got {text!r}")
    return name, value


def _options_of_job() -> Iterator[click.Option]:
    """Yield an option for each setting of a `LicenseJob` that describes its licences."""
    texts = texts_of(LicenseJob).arguments
    for name, parameter in inspect.signature(LicenseJob).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY and name not in ("marker", "metadata"):
            is_flag = str(parameter.annotation).startswith("bool")
            yield click.Option([flag_of(name), name], is_flag=is_flag, help=texts.get(name))


license_command: click.Command = click.Command(
    "license",
    callback=_license,
    params=[
        click.Argument(["ids"], nargs=-1, metavar="ID..."),
        _from_option,
        medium_option,
        *_options_of_job(),
        click.Option(
            ["--metadata"], metavar="NAME=VALUE", multiple=True, help="Detail to record with each licence."
        ),
        click.Option(
            ["--ledger"],
            metavar="FILE",
            help=f"File that records what was bought; by default, {LEDGER} in the current folder.",
        ),
        click.Option(["--to"], metavar="FOLDER", help="Download the files into this folder."),
        _name,
        click.Option(["--max-charge"], type=float, help="The most credits that all runs together may spend."),
        click.Option(["--reuse-existing"], is_flag=True, help="Reuse licences that the account already has."),
        click.Option(["--dry-run"], is_flag=True, help="Show what would be licensed, but buy nothing."),
        yes_option,
        _workers,
        *common_options(),
    ],
    help="License images, or other media, each exactly once.\n\n"
    "It asks before it spends. A ledger records what was bought, so you can run the same command again, "
    "even after it was killed: it continues where it stopped, and buys nothing twice.",
)
