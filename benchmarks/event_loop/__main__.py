"""Print what calls cost that asyncio makes in threads, as ratios.

`python -m benchmarks.event_loop [--calls N]`
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from benchmarks import server
from benchmarks.event_loop.delayed import running
from shutterstock_api import ApiClient, Configuration, ImagesApi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

DELAY = 0.05
"""Seconds that the slow server takes for an answer."""


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.event_loop", description=main.__doc__)
    parser.add_argument(
        "--calls", type=int, default=240, help="calls of each measurement (default: %(default)s)"
    )
    calls = parser.parse_args().calls
    with running(DELAY) as port:
        alone = _timed_alone(_api(port, 20), calls // 6) * 6
        print(f"{calls} calls that take the service {DELAY * 1000:.0f} ms each; one after the other is 1\n")
        for threads, connections in ((None, 20), (20, 20), (40, 20), (40, 40)):
            taken = asyncio.run(_in_threads(_api(port, connections), calls, threads))
            name = f"{threads or 'default'} threads, {connections} connections"
            print(f"{name:40}{taken / alone:>8.3f}   1/{alone / taken:.1f}")
        for name, way in (("event loop", _directly), ("thread", asyncio.to_thread)):
            pause = asyncio.run(_pause(_api(port, 20), way)) / DELAY
            print(f"pause of the loop, call in the {name:10}{pause:>8.2f}")
    with server.running() as port:
        api = _api(port, 20, "/small")
        ratios = [asyncio.run(_one_by_one(api, calls)) / _timed_alone(api, calls) for _ in range(9)]
        print(f"\na call without delay, in a thread and without one{statistics.median(ratios):>8.2f}")


def _api(port: int, connections: int, prefix: str = "") -> ImagesApi:
    settings = Configuration(f"http://127.0.0.1:{port}{prefix}", connection_pool_maxsize=connections)
    return ImagesApi(ApiClient(settings))


def _timed_alone(api: ImagesApi, calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        api.search_images(query="cat")
    return time.perf_counter() - start


async def _in_threads(api: ImagesApi, calls: int, threads: int | None) -> float:
    if threads:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads))
    start = time.perf_counter()
    await asyncio.gather(*(asyncio.to_thread(api.search_images, query="cat") for _ in range(calls)))
    return time.perf_counter() - start


async def _one_by_one(api: ImagesApi, calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        await asyncio.to_thread(api.search_images, query="cat")
    return time.perf_counter() - start


async def _directly(method: Callable[..., Any], **arguments: Any) -> Any:
    return method(**arguments)


async def _pause(api: ImagesApi, way: Callable[..., Awaitable[Any]]) -> float:
    """Return for how long the loop does nothing else while a call is made."""
    pauses: list[float] = []

    async def beat() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0)
            last, before = time.perf_counter(), last
            pauses.append(last - before)

    heart = asyncio.create_task(beat())
    for _ in range(10):
        await asyncio.sleep(0)
        await way(api.search_images, query="cat")
    heart.cancel()
    return statistics.median(sorted(pauses)[-10:])


if __name__ == "__main__":
    main()
