"""A cache between the service and its clients."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .messages import Request, Response
from .quirks import Quirks

_FRESH = re.compile(r"no-cache|no-store|max-age=0\b", re.IGNORECASE)


class Cache:
    """Keeps answers, and returns them unchanged."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[tuple[str | None, ...], tuple[float, Response]] = {}

    def answer(self, request: Request, quirks: Quirks, serve: Callable[[], Response]) -> Response:
        """A stored answer that is not too old, or else a new one."""
        headers = request.headers
        wants_fresh = _FRESH.search(f"{headers.get('Cache-Control')} {headers.get('Pragma')}")
        varies = (headers.get("Authorization"), headers.get("Accept-Encoding"))
        key = (request.path, request.query, *varies)
        kept, now = self._kept.get(key), self._clock()
        if kept and now - kept[0] < quirks.cache and not (wants_fresh and quirks.cache_obeys):
            age = {"Age": str(int(now - kept[0]))} if quirks.cache_age else {}
            return replace(kept[1], headers=kept[1].headers | age)
        response = serve()
        if response.status == 200:
            self._kept[key] = (now, replace(response))
        return response

    def clear(self) -> None:
        """Delete all answers."""
        self._kept.clear()
