"""A service whose lists come in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scripted_server import Request, Server, answer

from shutterstock_api import PaginationError

Make = Callable[[int, int], Any]


def rows(*ids: Any, **more: Any) -> dict[str, Any]:
    return {"data": [{"id": str(found)} for found in ids], **more}


def asked(server: Server) -> list[tuple[str, str]]:
    """Page and size of each request."""
    return [(dict(request.query)["page"], dict(request.query)["per_page"]) for request in server.requests]


def service(server: Server, make: Make) -> None:
    """Answer with what `make` returns for a page and its size; bytes are a whole answer."""

    def serve(request: Request) -> bytes:
        query = dict(request.query)
        made = make(int(query["page"]), int(query["per_page"]))
        return made if isinstance(made, bytes) else answer(200, made)

    server.always(serve)


def catalogue(total: int, *, told: bool = True, lost: tuple[int, ...] = ()) -> Make:
    """A list of the ids from 0; those in `lost` count but never come."""

    def make(page: int, size: int) -> dict[str, Any]:
        start = (page - 1) * size
        ids = [number for number in range(start, min(start + size, total)) if number not in lost]
        return rows(*ids, **({"page": page, "per_page": size, "total_count": total} if told else {}))

    return make


def ids(items: Any) -> list[int]:
    return [int(item.id) for item in items]


def broken(items: Any) -> tuple[list[Any], PaginationError]:
    """What came, and the error at the end."""
    got: list[Any] = []
    with pytest.raises(PaginationError) as caught:
        got.extend(items)
    return got, caught.value
