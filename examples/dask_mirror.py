"""License a list of images, or of another medium, and mirror the files with Dask. Repeat it until it works.

    python -m pip install '.[sandbox]' distributed && python examples/dask_mirror.py

uses two worker processes and a sandbox inside this process, so it needs no account and no network, and costs
nothing. To use the real service, where licences cost money, on a cluster and with S3
(docs/guides/clusters.md):

    export SHUTTERSTOCK_API_TOKEN=...      # where the workers are started
    python examples/dask_mirror.py --live --max-charge 5000 --scheduler tcp://10.0.0.1:8786 \\
        --folder /var/lib/mirror --to s3://bucket/mirror --new 8 ids.txt

After the first time, run it without `--new`. An id always belongs to the same ledger, and a ledger to the
machine on whose disk it is. So each item is licensed once, even if workers die and tasks run twice.

Other media: `--medium video --size hd`, `--medium track --license premier_music_basic`,
`--medium sound-effect --subscription-id ... --format wav`, or
`--medium editorial-image --country USA --license premier_editorial_all_digital`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from distributed import Client, Future, LocalCluster, as_completed

from shutterstock_api import (
    ApiClient,
    ApiException,
    AudioApi,
    Configuration,
    EditorialImagesApi,
    EditorialVideoApi,
    ImagesApi,
    JobItem,
    LicenseJob,
    LicenseJobError,
    LicenseReport,
    SoundEffectsApi,
    VideosApi,
    download,
)

AnyApi = ImagesApi | VideosApi | AudioApi | SoundEffectsApi | EditorialImagesApi | EditorialVideoApi
APIS: dict[str, type[AnyApi]] = {
    "image": ImagesApi,
    "video": VideosApi,
    "track": AudioApi,
    "sound-effect": SoundEffectsApi,
    "editorial-image": EditorialImagesApi,
    "editorial-video": EditorialVideoApi,
}
"""The API class that licenses each medium."""
SETTINGS = ("size", "subscription_id", "license", "country", "format", "audio_layout")
"""Settings of a `LicenseJob`. The job checks which of them a medium has and needs."""
DEMONSTRATION = [str(number) for number in range(85, 109)]
"""Images to license in the sandbox if no ids are given."""
UPLOADS = 8
"""How many files a task uploads at the same time."""


class Refused(Exception):
    """Something is wrong with the ledgers, so nothing was bought."""


class Wish(NamedTuple):
    """What all ledgers have in common."""

    to: str
    """Folder or URL for the files."""
    settings: dict[str, Any]
    """Settings of each `LicenseJob`."""
    max_charge: float | None
    """Credits that each ledger may spend."""
    reuse_existing: bool
    settled_after: float


def main() -> int:
    options = arguments()
    try:
        with service(options) as configuration, cluster(options) as client:
            report = run(client, APIS[options.medium](ApiClient(configuration)), options)
        report.export(options.folder / "report.csv")
        print(f"\n{report}\n{stored(report)} files are in {options.to}.")
        report.raise_for_failures()
    except LicenseJobError:  # the report has said why
        return 1
    except (ApiException, OSError, Refused) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run it again to continue.", file=sys.stderr)
        return 1
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="License any medium and mirror the files, with Dask.")
    parser.add_argument("ids", nargs="*", help="ids, or files with an id on each line")
    parser.add_argument("--medium", choices=APIS, default="image", help="what they are (%(default)s)")
    parser.add_argument("--to", help="folder or URL, such as s3://bucket/mirror (images/ in --folder)")
    parser.add_argument("--folder", type=Path, help="where ledgers are, on the disk of each machine")
    parser.add_argument("--new", type=int, metavar="N", help="the first time: create N ledgers")
    parser.add_argument("--scheduler", help="address of a cluster; without it, processes of this machine")
    parser.add_argument("--processes", type=int, default=2, help="how many of these (%(default)s)")
    parser.add_argument("--size", help="size of images (huge), of videos and of editorial content")
    parser.add_argument("--subscription-id", help="subscription to charge")
    parser.add_argument("--license", help="kind of licence, for tracks and editorial content")
    parser.add_argument("--country", help="where editorial content will be distributed, such as USA")
    parser.add_argument("--format", help="format of sound effects: wav or mp3")
    parser.add_argument("--audio-layout", help="layout of sound effects, such as stereo")
    parser.add_argument("--max-charge", type=float, help="the most credits to spend; an Nth for each ledger")
    parser.add_argument("--reuse-existing", action="store_true", help="look in the licence history first")
    parser.add_argument("--settled-after", type=float, default=600, help="see LicenseJob.run (%(default)s)")
    parser.add_argument("--live", action="store_true", help="use the real service, and buy real licences")
    options = parser.parse_args()
    if options.live and (not options.ids or options.max_charge is None):
        parser.error("--live spends money: give the ids, and the limit with --max-charge")
    if options.scheduler and not options.live:
        parser.error("--scheduler needs --live: only processes on this machine can use the sandbox")
    if options.new is not None and options.new < 1:
        parser.error("--new: expected at least 1")
    options.ids = read(options.ids)
    if options.medium == "image":
        options.ids = options.ids or DEMONSTRATION
        options.size = options.size or "huge"
    elif not options.ids:
        parser.error(f"--medium {options.medium} needs ids")
    suffix = "" if options.medium == "image" else f"-{options.medium}"  # a ledger is for one medium
    name = ("dask-mirror" if options.live else "dask-sandbox") + suffix
    options.folder = (options.folder or Path(name)).absolute()
    options.to = options.to or str(options.folder / f"{options.medium}s")
    if "://" not in options.to:
        options.to = os.path.abspath(options.to)  # workers may have another working directory
    if not options.live and not (options.folder / "ledgers").exists():
        options.new = options.new or 4
    return options


def read(given: Sequence[str]) -> list[str]:
    """Return the ids from the command line and from the files that it names, without duplicates."""
    lines = (Path(one).read_text("utf-8").split() if Path(one).is_file() else [one] for one in given)
    return list(dict.fromkeys(id_ for line in lines for id_ in line))


@contextmanager
def service(options: argparse.Namespace) -> Generator[Configuration]:
    """Return settings for the real service, or for a sandbox that runs during the `with` block."""
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.live:
        yield Configuration()  # takes host and token from the environment; each worker uses its own
        return
    from shutterstock_api.sandbox import Sandbox

    os.environ["no_proxy"] = "127.0.0.1"  # the sandbox is on this machine, whatever proxy is set
    with Sandbox(database=options.folder / "sandbox.sqlite") as sandbox:
        os.environ["SHUTTERSTOCK_API_TOKEN"] = sandbox.token()  # for the workers; pickles do not contain it
        yield Configuration(sandbox.url)


@contextmanager
def cluster(options: argparse.Namespace) -> Generator[Client]:
    """Connect to the cluster, or to processes on this machine that run during the `with` block."""
    if options.scheduler:
        with Client(options.scheduler) as client:
            client.wait_for_workers(1)
            yield client
        return
    with (
        LocalCluster(
            n_workers=options.processes,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port
            scheduler_kwargs={"dashboard": False},
        ) as local,
        Client(local) as client,
    ):
        yield client


def run(client: Client, api: AnyApi, options: argparse.Namespace) -> LicenseReport:
    """Give each ledger to a worker on its machine; return the combined report."""
    folder = str(options.folder / "ledgers")
    if options.new:
        make(client, api, folder, options.new)
    homes = home_of_each(client.run(ledgers_here, folder))
    share = None if options.max_charge is None else options.max_charge / len(homes)
    settings = {name: value for name in SETTINGS if (value := getattr(options, name)) is not None}
    wish = Wish(options.to, settings, share, options.reuse_existing, options.settled_after)
    ids = partition(options.ids, list(homes))
    # Each ledger is run, even one without an id in this list, so that it finishes what it began.
    tasks = {
        client.submit(mirror, api, f"{folder}/{name}", ids[name], wish, workers=[host], pure=False): name
        for name, host in homes.items()
    }
    reports = [outcome(task, tasks[task]) for task in as_completed(tasks)]
    return replace(LicenseReport.combined(reports), medium=options.medium.replace("-", " "))


# Ledgers and their machines


def ledgers(count: int) -> list[str]:
    """Return the names of all ledgers, if there are `count` of them."""
    return [f"{number:04}-of-{count:04}.sqlite" for number in range(1, count + 1)]


def ledgers_here(folder: str) -> list[str]:
    """Return the ledgers on this machine. Workers run it."""
    return sorted(path.name for path in Path(folder).glob("[0-9]*-of-[0-9]*.sqlite"))


def make(client: Client, api: AnyApi, folder: str, count: int) -> None:
    """Create ledgers before anything is bought, evenly distributed among the machines."""
    seen: dict[str, list[str]] = client.run(ledgers_here, folder)
    for address, names in seen.items():
        if names:
            raise Refused(
                f"{host_of(address)} has a ledger already, {names[0]}: leave out --new. New ledgers would "
                "not know what was bought with this one, and would buy it again."
            )
    one_of_each = {host_of(address): address for address in seen}
    for index, worker in enumerate(one_of_each.values()):
        client.run(make_here, api, folder, ledgers(count)[index :: len(one_of_each)], workers=[worker])


def make_here(api: AnyApi, folder: str, names: Sequence[str]) -> None:
    """Create ledgers on this machine. Workers run it."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in names:
        LicenseJob(api, f"{folder}/{name}")


def home_of_each(seen: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the machine of each ledger, if each of them exists exactly once.

    Args:
        seen: Addresses of workers, and the ledgers that they see.

    Raises:
        Refused: One is missing or exists twice, so that something could be bought twice.
    """
    machines: dict[str, set[str]] = {}
    for address, names in seen.items():
        for name in names:
            machines.setdefault(name, set()).add(host_of(address))
    if not machines:
        raise Refused("There is no ledger. The first time, --new says how many to create.")
    for name, hosts in machines.items():
        if len(hosts) > 1:
            raise Refused(
                f"{name} is on several machines, {', '.join(sorted(hosts))}: it was copied, or they share "
                "the folder. A ledger belongs on a disk of the machine that works with it."
            )
    wanted = ledgers(int(min(machines).removesuffix(".sqlite").rpartition("-")[2]))
    for name in sorted(machines.keys() ^ wanted):
        raise Refused(
            f"{name} is {'one too many' if name in machines else 'missing'}. Only all ledgers together know "
            "what was bought: start workers on every machine that has ledgers."
        )
    return {name: min(machines[name]) for name in wanted}


def partition(ids: Iterable[str], names: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids of each ledger. An id has the same ledger in every list and on every machine."""
    parts: dict[str, list[str]] = {name: [] for name in names}
    for id_ in ids:
        parts[names[crc32(id_.encode()) % len(names)]].append(id_)
    return parts


def host_of(address: str) -> str:
    return urlsplit(address).hostname or address


# The tasks of a worker


def mirror(api: AnyApi, ledger: str, ids: Sequence[str], wish: Wish) -> LicenseReport:
    """License the items of a ledger and store their files. Workers run it, perhaps twice."""
    if not Path(ledger).is_file():  # a new one would not know what was bought
        raise FileNotFoundError(f"{ledger} is not here any more")
    with api.api_client:
        job = LicenseJob(api, ledger, **wish.settings)
        job.add(ids)
        report = job.run(
            folder_of(api, ledger, wish),
            max_charge=wish.max_charge,
            reuse_existing=wish.reuse_existing,
            settled_after=wish.settled_after,
        )
        return uploaded(api, report, wish) if "://" in wish.to else report


def folder_of(api: AnyApi, ledger: str, wish: Wish) -> str | None:
    """Return the folder for downloads; with a URL, only for files that cannot be downloaded again."""
    if "://" not in wish.to:
        return wish.to
    return None if api.medium and api.medium.redownload else f"{ledger.removesuffix('.sqlite')}-files"


def uploaded(api: AnyApi, report: LicenseReport, wish: Wish) -> LicenseReport:
    """Upload files of licensed items that are not stored yet. An object store shows only complete files."""
    import fsspec

    files, root = fsspec.url_to_fs(wish.to)
    files.invalidate_cache()
    sizes = {path: details["size"] for path, details in files.find(root, detail=True).items()}
    size, medium = wish.settings.get("size"), api.medium
    usual = medium.extensions.get(size or "", medium.extension) if medium else None
    extension = wish.settings.get("format", usual)

    def upload(item: JobItem) -> JobItem:
        target = f"{root}/{item.id}.{extension}"
        if item.state != "licensed":
            return item
        if target in sizes:
            return replace(item, bytes=sizes[target], file_error=None)
        try:
            with TemporaryDirectory() as folder:
                path = item.path if item.path and item.path.exists() else Path(folder, "file")
                if path is not item.path:
                    download(item, path, api=api, size=size)  # complete, or an error
                files.put_file(str(path), target)
                return replace(item, bytes=path.stat().st_size)
        except (ApiException, OSError) as error:
            return replace(item, bytes=None, file_error=item.file_error or str(error).partition("\n")[0])

    with ThreadPoolExecutor(UPLOADS) as threads:
        return replace(report, images=list(threads.map(upload, report.items)))


# The report


def outcome(task: Future, name: str) -> LicenseReport:
    """Return the report of a task, or a report that says why it failed."""
    error = task.exception()
    report = LicenseReport([], f"{name}: {error}") if error else task.result()
    print(f"{name}: {error or str(report).splitlines()[0]}")
    return report


def stored(report: LicenseReport) -> int:
    return sum(item.bytes is not None for item in report.items)


if __name__ == "__main__":
    sys.exit(main())
