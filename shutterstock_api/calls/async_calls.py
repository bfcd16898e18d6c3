"""Threads for `async_req`."""

from __future__ import annotations

from multiprocessing.pool import ThreadPool


class Threads(ThreadPool):
    """Background threads of a client. They end with it, closed or forgotten: nothing to warn of."""

    def __del__(self) -> None:
        pass
