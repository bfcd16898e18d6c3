"""The licence history of any medium, read to its real end. It only reads."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from shutterstock_api.licensing.moments import service_time, this_moment
from shutterstock_api.support.errors import BadRequestError, DecodeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shutterstock_api.licensing.moments import Moment
    from shutterstock_api.schema.medium import Medium
    from shutterstock_api.support.timing import Timing

PAGES = 500
"""Pages after which a history is taken for endless."""
STALLED = 3
"""Pages without anything new, one after the other, after which no page is taken to be ever empty."""
LONG_AGO = 90_000_000
"""Seconds from the year 2000 on in which nothing was licensed: the service began in 2003."""
PASSES = 3
"""How often a history is read whose pages shift meanwhile."""


class HistoryClient(Protocol):
    """Who can ask for the history: an `ApiClient`."""

    timing: Timing

    def call(self, operation: Any, values: Any, options: Any = ...) -> Any: ...


class LicenseHistory:
    """Pages of the licence history, as lists of its entries, the newest first; each entry comes once.

    Only an empty page is the end: pages may be shorter than asked for, and what the service says about their
    number may be wrong. Where an entry comes again, another may have been passed over: the entries may have
    another order in each answer. Then it is read once more, and only their number can prove it whole.

    Args:
        client: Who asks.
        medium: Whose licences.
        filters: Which of them, as arguments of `medium.history`.
        anew: Whether the address is one that was never asked for. To that no store on the way has an answer,
            whatever it makes of `Cache-Control`.

    Raises:
        DecodeError: It cannot be read.
        ApiException: It was refused, or there was no answer.
    """

    def __init__(
        self, client: HistoryClient, medium: Medium, filters: Mapping[str, Any], anew: bool = False
    ) -> None:
        self.whole: bool = False
        """Whether it was read to its end, and nothing can be missing."""
        self.stored: bool = False
        """Whether a store on the way has answered, and not the service."""
        self.asked: Moment = this_moment(client.timing)
        """When it was asked for; the time of the service is `None` if it did not tell, or a store did."""
        self._client = client
        self._medium = medium
        self._filters = {**filters, **(_long_ago(medium) if anew else {})}

    @property
    def anew(self) -> bool:
        """Whether it is read at an address that was never asked for, and the service takes it."""
        return _SINCE in self._filters

    def count(self) -> int:
        """Return how many entries there are by what the service says; 0 where it does not."""
        return self._page(1, 1)[1]

    def __iter__(self) -> Iterator[list[Any]]:
        known: set[Any] = set()
        for _ in range(PASSES):
            for entries in self._pages():
                yield [entry for entry in entries if _key(entry) not in known]
                known.update(map(_key, entries))
            if self.whole:
                return

    def _pages(self) -> Iterator[list[Any]]:
        """Yield all pages; `whole` says in the end whether nothing is missing."""
        self.asked, self.stored = this_moment(self._client.timing), False
        seen: set[Any] = set()
        repeats = False
        count = total = longest = stalled = 0
        for page in range(1, PAGES + 1):
            entries, told = self._page(page, self._medium.history.pages)
            total = max(total, told)
            if not entries:
                self.whole = count == total > longest if repeats else count >= total
                return
            yield entries
            new = [key for key in map(_key, entries) if key not in seen]
            repeats = repeats or len(new) < len(entries)
            seen.update(new)
            count += len(new)
            longest = max(longest, len(entries))
            stalled = 0 if new else stalled + 1
            if stalled == STALLED:
                return

    def _page(self, page: int, size: int | None) -> tuple[list[Any], int]:
        """Return the entries of a page, and how many there are on all pages, as far as the service tells."""
        operation = self._medium.history
        arguments = {**self._filters, "page": page, "per_page": size}
        options = {"_return_http_data_only": False, "_headers": {"Cache-Control": "no-cache"}}
        values = [arguments.get(name) for name in operation.names]
        try:
            answer, _, headers = self._client.call(operation, values, options)
        except BadRequestError:
            if self._filters.pop(_SINCE, None) is None:
                raise
            return self._page(page, size)  # it takes no time so long ago
        if answer.errors or not isinstance(answer.data, list):
            raise DecodeError(reason="the licence history cannot be read")
        made = service_time(headers)
        self.stored = self.stored or (made is None and "Age" in headers)
        earliest = made if page == 1 else self.asked.service
        self.asked = self.asked.told(None if made is None or earliest is None else min(made, earliest))
        total = 0
        with suppress(TypeError, ValueError, OverflowError):
            total = int(float(answer.total_count))
        return answer.data, total


def _long_ago(medium: Medium) -> dict[str, Any]:
    """Return an argument that leaves out no licence, and that no other request has."""
    if _SINCE not in medium.history.query:
        return {}
    return {_SINCE: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=uuid4().int % LONG_AGO)}


_SINCE = "start_date"


def item_of(entry: Any, medium: Medium, field: str | None = None) -> Any:
    """Return the id of what an entry of the history is about, as the service writes it.

    Args:
        entry: The entry.
        medium: Of what.
        field: Where it stands, if not where the contract says.
    """
    item = getattr(entry, field or medium.history_item, None)
    return getattr(item, "id", item)


def _key(entry: Any) -> Any:
    """Return what tells an entry from others: a licence stands there once for each of its downloads."""
    licence = getattr(entry, "id", None)
    if licence is None:
        return object()
    return str(licence), str(getattr(entry, "download_time", None)), bool(getattr(entry, "metadata", None))
