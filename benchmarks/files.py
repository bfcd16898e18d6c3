"""Downloads from nginx: many small files, compared with curl and bare urllib3, and memory for a large one."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import shutterstock_api
from benchmarks import limit
from benchmarks.measures import ROOT, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILES = 2000
SIZE = 200_000
JPEG = b"\xff\xd8\xff"
"""The beginning of the files: only pictures are accepted."""
WORKERS = 8
MEMORY = 64 * 2**20
"""By how much the memory may grow, whatever the size of the file."""
_NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
_CURL = shutil.which("curl")
_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
events {{ }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    default_type image/jpeg;
    client_body_temp_path {folder}/1;
    proxy_temp_path {folder}/2;
    fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4;
    scgi_temp_path {folder}/5;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""
_LARGE = """
import sys
import shutterstock_api

def most():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))

with shutterstock_api.ApiClient(shutterstock_api.Configuration(sys.argv[1])) as client:
    shutterstock_api.download(f"{sys.argv[1]}/small", sys.argv[2], api=client)
    before = most()
    shutterstock_api.download(f"{sys.argv[1]}/large", sys.argv[2], api=client)
print(most() - before)
"""


def missing() -> str | None:
    """Return the name of a required program that is missing on this machine."""
    if not _NGINX:
        return "nginx"
    return None if _CURL else "curl"


@contextmanager
def served() -> Iterator[tuple[str, Path]]:
    """Yield the URL of nginx, and the folder whose files it serves."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "files").mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (folder / "conf").write_text(_CONFIGURATION.format(folder=folder, port=port))
        command = [str(_NGINX), "-p", name, "-c", f"{name}/conf", "-e", f"{name}/errors"]
        process = subprocess.Popen(command)  # nosec B603 # our own child
        try:
            while not _answers(port):
                if process.poll() is not None:
                    raise RuntimeError((folder / "errors").read_text())
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}", folder / "files"
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def many(url: str, folder: Path, rounds: int) -> Iterator[Result]:
    """Compare `download_many` with curl and with bare urllib3, which sync nothing, for the same list."""
    for number in range(FILES):
        (folder / f"{number}.jpg").write_bytes(JPEG + os.urandom(SIZE - len(JPEG)))
    runs: tuple[Callable[[str], Any], ...] = (partial(_ours, url), partial(_curl, url), partial(_bare, url))
    seconds: list[list[float]] = [[] for _ in runs]
    with TemporaryDirectory() as targets:
        for number in range(rounds + 1):
            for turn in range(len(runs)):
                side = (number + turn) % len(runs)
                taken = _timed(runs[side], Path(targets) / f"{number}-{turn}")
                if number:  # the first round warms up
                    seconds[side].append(taken)
    ours, *others = seconds
    for name, theirs, bar in (("curl", others[0], 1 / 0.8), ("bare urllib3", others[1], 1.25)):
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        medians = statistics.median(ours), statistics.median(theirs)
        yield Result(f"{FILES:,} files, {name}", *medians, ratio, bar)


def _timed(run: Callable[[str], Any], target: Path) -> float:
    target.mkdir()
    os.sync()  # so that this run does not wait for the writes of the last one
    start = time.perf_counter()
    run(str(target))
    taken = time.perf_counter() - start
    files = list(target.iterdir())
    if [path.stat().st_size for path in files] != [SIZE] * FILES:
        raise RuntimeError("files are missing, or not whole")
    for path in files:  # not deleted: for minutes after that ext4 takes longer for each new file
        os.truncate(path, 0)
    return taken


def _ours(url: str, target: str) -> None:
    with shutterstock_api.ApiClient(shutterstock_api.Configuration(url)) as client:
        links = [f"{url}/{number}.jpg" for number in range(FILES)]
        shutterstock_api.download_many(links, target, workers=WORKERS, api=client).raise_for_failures()


def _curl(url: str, target: str) -> None:
    listed = "".join(f"url={url}/{number}.jpg\noutput={target}/{number}.jpg\n" for number in range(FILES))
    options = "--fail", "--no-progress-meter", "--parallel", "--parallel-max", str(WORKERS), "--config", "-"
    subprocess.run([str(_CURL), *options], input=listed, text=True, check=True)  # nosec B603 # our own list


def _bare(url: str, target: str) -> None:
    limit.files(url, [f"{number}.jpg" for number in range(FILES)], target, WORKERS)


def memory(url: str, folder: Path, gigabytes: float) -> Result:
    """Return by how much a process grows that downloads one large file, after a small one."""
    (folder / "small").write_bytes(bytes(SIZE))
    (folder / "large").touch()
    os.truncate(folder / "large", int(gigabytes * 2**30))
    with TemporaryDirectory() as target:
        command = [sys.executable, "-c", _LARGE, url, f"{target}/file"]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # nosec B603
    grown = int(done.stdout)
    return Result(f"memory of a file of {gigabytes:g} GiB", grown, MEMORY, grown / MEMORY, 1.0)
