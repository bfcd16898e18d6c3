"""A server in a process of its own that takes its time for each answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from benchmarks.processes import serving

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from multiprocessing.connection import Connection

_BODY = b'{"data": [{"id": "1"}], "page": 1, "total_count": 1}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_BODY),
    _BODY,
)


def running(delay: float) -> AbstractContextManager[int]:
    """Return a context with the port of a server that answers after `delay` seconds."""
    return serving(_serve, delay)


def _serve(parent: Connection, delay: float) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(delay)
                writer.write(_ANSWER)
        writer.close()

    async def listen() -> None:
        listener = await asyncio.start_server(talk, "127.0.0.1", 0)
        parent.send(listener.sockets[0].getsockname()[1])
        await listener.serve_forever()

    asyncio.run(listen())
