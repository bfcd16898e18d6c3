"""The measurements. This library and the limit take turns, so that changes of the machine affect both."""

from __future__ import annotations

import gc
import os
import shutil
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import shutterstock_api
from benchmarks import limit, pages, sandbox
from shutterstock_api.calls.binding import resolve
from shutterstock_api.schema import decoding
from shutterstock_api.types import LicenseImageDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
FULL = 45
"""Rounds of a full run."""


class Result(NamedTuple):
    """One row of the table."""

    name: str
    ours: float
    """Seconds, or bytes for memory."""
    limit: float
    ratio: float
    """The median of the ratios of neighbouring rounds; for `import` the difference in seconds."""
    bar: float
    """The highest ratio that is allowed."""

    @property
    def good(self) -> bool:
        return self.ratio <= self.bar


def _compared(
    name: str, ours: Callable[[], Any], theirs: Callable[[], Any], times: int, rounds: int, bar: float
) -> Result:
    """Measure both in turns, `times` calls in a row."""
    for _ in range(2):
        _seconds(ours, times)
        _seconds(theirs, times)
    pairs = []
    for number in range(rounds):
        if number % 2:
            second = _seconds(theirs, times)
            pairs.append((_seconds(ours, times), second))
        else:
            pairs.append((_seconds(ours, times), _seconds(theirs, times)))
    medians = [statistics.median(pair[side] for pair in pairs) for side in (0, 1)]
    return Result(name, medians[0], medians[1], statistics.median(a / b for a, b in pairs), bar)


def _seconds(action: Callable[[], Any], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        action()
    return (time.perf_counter() - start) / times


def _clients(port: int, page: str) -> tuple[shutterstock_api.ImagesApi, limit.Client]:
    configuration = shutterstock_api.Configuration(f"http://127.0.0.1:{port}/{page}", access_token="token")
    return shutterstock_api.ImagesApi(shutterstock_api.ApiClient(configuration)), limit.Client(port)


def calls(port: int, rounds: int) -> Iterator[Result]:
    """Compare complete calls: a small search, a large page, many threads with one client."""
    for name, page, per_page, times, turns, bar in (
        ("search, 20 small", "small", 20, 20, 5 * rounds, 1.10),
        ("search, 500 full", "full", 500, 5, 2 * rounds, 1.15),
    ):
        api, bare = _clients(port, page)
        yield _compared(
            name,
            partial(api.search_images, query="cat sea", per_page=per_page),
            partial(bare.search, page, "cat sea", per_page),
            times,
            turns,
            bar,
        )
        api.api_client.close()
        bare.close()
    api, bare = _clients(port, "small")
    with ThreadPoolExecutor(8) as threads:

        def some_each(search: Callable[[], Any]) -> None:
            for done in [threads.submit(_seconds, search, 25) for _ in range(8)]:
                done.result()

        yield _compared(
            "8 threads, one client",
            partial(some_each, partial(api.search_images, query="cat sea", per_page=20)),
            partial(some_each, partial(bare.search, "small", "cat sea", 20)),
            1,
            3 * rounds,
            1.10,
        )
    api.api_client.close()
    bare.close()


def decoding_alone(rounds: int) -> Iterator[Result]:
    """Compare the decoding of a page of 500, with known fields only and with a new field in each image."""
    bare = limit.Client(1).decode
    for name, page, bar in (
        ("decode, 500 full", "full", 1.25),
        ("decode, a new field in each", "unknown", 2.0),
    ):
        body = pages.BODIES[page]
        yield _compared(
            name,
            partial(decoding.decode, body, resolve("ImageSearchResults")),
            partial(bare, body),
            10,
            rounds,
            bar,
        )


def memory() -> Result:
    """Compare the memory of a decoded page of 500."""
    body = pages.BODIES["full"]
    bare = limit.Client(1).decode

    def held(decode: Callable[[bytes], Any]) -> int:
        decode(body)
        gc.collect()
        tracemalloc.start()
        page = decode(body)
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        del page
        return size

    ours, theirs = held(lambda body: decoding.decode(body, resolve("ImageSearchResults"))), held(bare)
    return Result("memory of 500 full", ours, theirs, ours / theirs, 1.15)


RESULTS = 100_000
_PER_PAGE = 500


def pagination(url: str, token: str, rounds: int) -> Iterator[Result]:
    """Compare `paginate` with a loop of the same calls by hand, and its second half with its first.

    A tenth of the results do where the rounds are few.
    """
    results = RESULTS if rounds >= FULL else RESULTS // 10
    configuration = shutterstock_api.Configuration(url, access_token=token)
    with shutterstock_api.ApiClient(configuration) as client:
        search = shutterstock_api.ImagesApi(client).search_images

        def by_hand() -> int:
            number = 0
            for page in range(1, results // _PER_PAGE + 1):
                for _ in search(page=page, per_page=_PER_PAGE).data or ():
                    number += 1
            return number

        def ours() -> int:
            return sum(1 for _ in shutterstock_api.paginate(search, limit=results))

        if ours() != by_hand():
            raise RuntimeError("these are not the same calls")
        yield _compared(f"paginate, {results:,} results", ours, by_hand, 1, max(3, rounds // 5), 1.05)
        first, second = _peaks(iter(shutterstock_api.paginate(search, limit=results)), results)
        yield Result("memory of its second half", second, first, second / first, 1.05)


def _peaks(items: Iterator[Any], results: int) -> tuple[int, int]:
    """Return the peak memory in the first and in the second half of the iteration."""
    peaks = []
    gc.collect()
    tracemalloc.start()
    for _ in range(2):
        tracemalloc.reset_peak()
        deque(islice(items, results // 2), maxlen=0)
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    return peaks[0], peaks[1]


IMAGES = 500
_CHUNK = 50


def license_job(url: str, token: str, rounds: int) -> Iterator[Result]:
    """Compare `LicenseJob` with a loop of the same calls by hand, without files and with them."""
    configuration = shutterstock_api.Configuration(url, access_token=token)
    with shutterstock_api.ApiClient(configuration) as client, TemporaryDirectory() as directory:
        api = shutterstock_api.ImagesApi(client)
        wanted = sandbox.licensable(IMAGES)
        turn = count()

        def by_hand(files: bool) -> int:
            folder = Path(directory, f"files {next(turn)}")
            results: list[Any] = []
            for start in range(0, IMAGES, _CHUNK):
                images: list[LicenseImageDict] = [
                    {"image_id": one, "size": "small", "metadata": {"license_job": f"{folder.name}-{one}"}}
                    for one in wanted[start : start + _CHUNK]
                ]
                results += api.license_images(images).licensed
            if files:
                shutterstock_api.download_many(results, folder, api=api)
                shutil.rmtree(folder)
            return len(results)

        def ours(files: bool) -> int:
            folder = Path(directory, f"files {next(turn)}")
            job = shutterstock_api.LicenseJob(api, f"{folder}.sqlite", size="small")
            job.add(wanted)
            report = job.run(folder if files else None)
            if files:
                shutil.rmtree(folder)
            return len(report.licensed)

        for files, turns, bar in ((False, rounds // 3, 3.0), (True, rounds // 10, 1.25)):
            if (ours(files), by_hand(files)) != (IMAGES, IMAGES):
                raise RuntimeError("these are not the same calls")
            name = f"license_job, {IMAGES} {'files' if files else 'images'}"
            yield _compared(name, partial(ours, files), partial(by_hand, files), 1, max(1, turns), bar)


def imports(rounds: int) -> Iterator[Result]:
    """Compare starting up: the bare import with a bare Python, ready to call with the limit's imports."""
    ours, theirs = _processes("import shutterstock_api", "pass", rounds)
    difference = statistics.median(a - b for a, b in zip(ours, theirs, strict=True))
    yield Result(
        "import shutterstock_api", statistics.median(ours), statistics.median(theirs), difference, 0.030
    )
    ready = "import shutterstock_api as s; s.ImagesApi(s.ApiClient(s.Configuration('http://127.0.0.1:1')))"
    bare = "import certifi, msgspec, six, urllib3; urllib3.HTTPConnectionPool('127.0.0.1', 1)"
    ours, theirs = _processes(ready, bare, rounds)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    yield Result("ready to call", statistics.median(ours), statistics.median(theirs), ratio, 1.10)


def _processes(one: str, other: str, rounds: int) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    with TemporaryDirectory() as bytecode:  # compiled, as an installed package is
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
        for number in range(rounds + 1):
            for column, code in zip(times, (one, other), strict=True):
                start = time.perf_counter()
                command = [sys.executable, "-c", code]
                subprocess.run(command, check=True, cwd=ROOT, env=environment)  # nosec B603 # our own code
                if number:  # the first round compiles
                    column.append(time.perf_counter() - start)
    return times
