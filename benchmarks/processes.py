"""Servers in processes of their own, so that only the client is measured."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def serving(serve: Callable[..., None], *arguments: Any) -> Iterator[int]:
    """Yield the port of a server.

    Args:
        serve: Serves, once it has sent its port through the pipe that is its first argument.
        arguments: Its other arguments.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()  # so that `recv` ends when the process does
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()
