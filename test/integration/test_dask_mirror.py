"""`examples/dask_mirror.py` on a cluster of two processes. For `--live` a sandbox is the service."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import dask_script
import pytest
from dask_script import IDS, SCRIPT

from shutterstock_api import ApiClient, EditorialImagesApi, ImagesApi, Licence, download
from shutterstock_api.jobs.ledger_file import exclusive_run
from shutterstock_api.sandbox import Fault, Sandbox

pytestmark = pytest.mark.scale

SECONDS = 120
LIVE = ("--live", "--max-charge", "1000", "--settled-after", "1", "--size", "small")

Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """With the time of day, which the workers have too."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def bought(sandbox: Sandbox) -> Callable[[], list[str]]:
    """What was licensed, in the books of the sandbox."""
    before = len(sandbox.licenses())
    return lambda: sorted(licence["item_id"] for licence in sandbox.licenses()[before:])


@pytest.fixture
def environment(sandbox: Sandbox) -> dict[str, str]:
    """What all processes find."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "SHUTTERSTOCK_API_HOST": sandbox.url,
        "SHUTTERSTOCK_API_TOKEN": sandbox.token(),
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start a program in an empty folder, by default the script, as the leader of its processes."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, program: str | None = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *(["-c", program] if program else [str(SCRIPT)]), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if program else subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in reversed(started):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=SECONDS)


@pytest.fixture
def run(start: Start) -> Run:
    """Run the script to its end."""
    return lambda *arguments: ended(start(*arguments))


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    settings = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=2, threads_per_worker=1, **settings) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def cluster(start: Start) -> Callable[[], str]:
    """Start a cluster; return its address."""

    def begin() -> str:
        out = start(program=CLUSTER).stdout
        assert out
        return out.readline().strip()

    return begin


def buyer(script: subprocess.Popen[str], sandbox: Sandbox) -> Any:
    """Wait until a request for licences is on its way; return a process that runs a ledger."""
    import psutil  # comes with distributed

    before = len(sandbox.requests)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if any(request.method == "POST" for request in list(sandbox.requests)[before:]):
            for worker in psutil.Process(script.pid).children(recursive=True):
                with suppress(psutil.Error):  # it has just ended
                    if any(file.path.endswith(".sqlite.lock") for file in worker.open_files()):
                        return worker
        time.sleep(0.01)
    raise TimeoutError


def files(folder: Path, name: str = "images") -> dict[str, str]:
    return {path.name: digest(path) for path in (folder / name).iterdir()}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_arguments_it_costs_nothing(run: Run, environment: dict[str, str], tmp_path: Path):
    del environment["SHUTTERSTOCK_API_HOST"], environment["SHUTTERSTOCK_API_TOKEN"]
    done = run()
    assert done.returncode == 0, done.stderr
    assert "24 licensed, 0 failed, 0 unknown, 0 planned; 24 files" in done.stdout
    with (tmp_path / "dask-sandbox" / "report.csv").open(newline="") as report:
        rows = list(csv.DictReader(report))
    assert len({row["license_id"] for row in rows}) == len(rows) == 24
    assert set(files(tmp_path / "dask-sandbox")) == {f"{row['image_id']}.jpg" for row in rows}


def test_a_longer_list_in_another_order_buys_what_is_new(
    run: Run, cluster: Callable[[], str], tmp_path: Path, bought: Any
):
    there = ("--scheduler", cluster())
    (tmp_path / "ids.txt").write_text("\n".join(IDS[:10]))
    first = run(*LIVE, *there, "--new", "3", "ids.txt")
    assert first.returncode == 0, first.stderr
    assert bought() == sorted(IDS[:10])
    (tmp_path / "ids.txt").write_text("\n".join(reversed(IDS[3:14])))
    second = run(*LIVE, *there, "ids.txt", IDS[14], IDS[14])
    assert second.returncode == 0, second.stderr
    assert "15 licensed, 0 failed" in second.stdout
    assert bought() == sorted(IDS[:15])
    assert set(files(tmp_path / "dask-mirror")) == {f"{image_id}.jpg" for image_id in IDS[:15]}


def test_killed_runs_and_killed_workers_buy_nothing_twice(
    start: Start, sandbox: Sandbox, tmp_path: Path, bought: Any
):
    sandbox.faults.add(Fault(delay=0.2, operation="license_images"))
    sandbox.faults.add(Fault(delay=0.05, operation="download"))
    first = start(*LIVE, "--new", "4", *IDS)
    buyer(first, sandbox)
    os.killpg(first.pid, signal.SIGKILL)
    assert len(bought()) < len(IDS)
    second = start(*LIVE, *IDS)
    buyer(second, sandbox).kill()  # Dask gives the ledger to another process
    done = ended(second)
    assert done.returncode == 0, done.stderr
    assert bought() == sorted(IDS)
    assert len(set(files(tmp_path / "dask-mirror").values())) == len(IDS)


def test_a_ledger_that_somebody_runs_is_left_alone(run: Run, sandbox: Sandbox, tmp_path: Path, bought: Any):
    script = dask_script.load()
    folder = tmp_path / "dask-mirror" / "ledgers"
    with ApiClient(sandbox.configuration()) as client:
        script.make_here(ImagesApi(client), str(folder), script.ledgers(2))
    with exclusive_run(str(folder / "0001-of-0002.sqlite")):
        done = run(*LIVE, *IDS)
    assert done.returncode == 1
    assert "0001-of-0002.sqlite: another run of this ledger is going on" in done.stdout
    assert bought() == sorted(script.partition(IDS, script.ledgers(2))["0002-of-0002.sqlite"])


S3 = """
import contextlib, hashlib, json, sys
import fsspec
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
with contextlib.redirect_stdout(sys.stderr):
    server.start()
address = "http://%s:%s" % server.get_host_and_port()
files = fsspec.filesystem("s3", endpoint_url=address)
files.mkdir("bucket")
print(address, flush=True)
for _ in sys.stdin:
    files.invalidate_cache()
    found = {name: files.cat_file(name) for name in files.find("bucket")}
    print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in found.items()}), flush=True)
server.stop()
"""


@pytest.fixture
def bucket(start: Start, environment: dict[str, str]) -> Callable[[], dict[str, str]]:
    """Start a server of S3 with a bucket; return what tells its content."""
    environment["AWS_ACCESS_KEY_ID"] = "nobody"
    environment["AWS_SECRET_ACCESS_KEY"] = "nothing"
    environment["AWS_DEFAULT_REGION"] = "us-east-1"
    server = start(program=S3)
    assert server.stdin
    assert server.stdout
    environment["FSSPEC_S3_ENDPOINT_URL"] = server.stdout.readline().strip()

    def content() -> dict[str, str]:
        print("?", file=server.stdin, flush=True)
        return json.loads(server.stdout.readline())

    return content


def test_a_mirror_in_s3(
    run: Run,
    bucket: Callable[[], dict[str, str]],
    cluster: Callable[[], str],
    sandbox: Sandbox,
    tmp_path: Path,
    bought: Any,
):
    there = ("--scheduler", cluster(), "--to", "s3://bucket/mirror")
    sandbox.faults.add(Fault(truncate=3000, operation="download"), times=2)
    sandbox.faults.add(Fault(status=404, operation="download"), times=1)
    first = run(*LIVE, *there, "--new", "2", *IDS[:6])
    assert first.returncode == 0, first.stderr
    assert "6 files are in s3://bucket/mirror." in first.stdout
    mirrored = bucket()
    assert set(mirrored) == {f"bucket/mirror/{image_id}.jpg" for image_id in IDS[:6]}
    with ApiClient(sandbox.configuration()) as client:
        for licence in sandbox.licenses()[-6:]:
            download(Licence(licence["id"], size="small"), tmp_path / "file", api=client)
            assert mirrored[f"bucket/mirror/{licence['image_id']}.jpg"] == digest(tmp_path / "file")

    asked = len(sandbox.requests)
    second = run(*LIVE, *there, *IDS[:6])
    assert second.returncode == 0, second.stderr
    assert len(sandbox.requests) == asked  # all is there
    assert bucket() == mirrored
    assert bought() == sorted(IDS[:6])


# Other media.


def test_videos(run: Run, sandbox: Sandbox, tmp_path: Path, bought: Any):
    clips = ["17", "18", "85", "86"]
    options = ("--live", "--max-charge", "1000", "--medium", "video", "--size", "web", "--settled-after", "1")
    first = run(*options, "--new", "2", *clips[:3])
    assert first.returncode == 0, first.stderr
    second = run(*options, *clips)
    assert second.returncode == 0, second.stderr
    assert "4 licensed, 0 failed" in second.stdout
    assert bought() == sorted(clips)
    assert {licence["size"] for licence in sandbox.licenses()[-4:]} == {"web"}
    folder = tmp_path / "dask-mirror-video"
    assert set(files(folder, "videos")) == {f"{clip}.mov" for clip in clips}
    assert (folder / "report.csv").read_text().startswith("video_id,")


def test_a_medium_needs_its_settings(run: Run, tmp_path: Path, bought: Any):
    done = run("--live", "--max-charge", "9", "--medium", "video", "--new", "1", "17")
    assert done.returncode == 1
    assert "size" in done.stdout
    assert bought() == []


def test_sound_effects_in_s3(run: Run, bucket: Callable[[], dict[str, str]], bought: Any):
    options = ("--live", "--max-charge", "9", "--medium", "sound-effect", "--subscription-id", "s78901234")
    place = ("--format", "mp3", "--settled-after", "1", "--to", "s3://bucket/sounds")
    done = run(*options, *place, "--new", "1", "17", "18")
    assert done.returncode == 0, done.stderr
    assert set(bucket()) == {"bucket/sounds/17.mp3", "bucket/sounds/18.mp3"}
    assert bought() == ["17", "18"]


def test_editorial_files_reach_s3_although_each_has_one_link(
    run: Run, bucket: Callable[[], dict[str, str]], sandbox: Sandbox, bought: Any
):
    with ApiClient(sandbox.configuration()) as client:
        found = EditorialImagesApi(client).search_editorial_images("USA", per_page=2).data or []
    ids = sorted(image.id or "" for image in found)
    options = ("--live", "--max-charge", "9", "--medium", "editorial-image", "--country", "USA")
    more = ("--license", "premier_editorial_all_digital", "--size", "small", "--settled-after", "1")
    place = ("--to", "s3://bucket/news")
    first = run(*options, *more, *place, "--new", "1", *ids)
    assert first.returncode == 0, first.stderr
    mirrored = bucket()
    assert set(mirrored) == {f"bucket/news/{image_id}.jpg" for image_id in ids}
    again = run(*options, *more, *place, *ids)
    assert again.returncode == 0, again.stderr
    assert bucket() == mirrored
    assert bought() == ids
