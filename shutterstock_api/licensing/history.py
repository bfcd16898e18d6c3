"""Reads the licence history of any medium to its real end."""

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
"""The number of pages after which a history counts as endless."""
STALLED = 3
"""The number of successive pages without anything new after which an empty page is no longer expected."""
LONG_AGO = 90_000_000
"""Seconds, counted from the year 2000, in which nothing was licensed: the service began in 2003."""
PASSES = 3
"""How often a history is read if entries move between its pages in the meantime."""


class HistoryClient(Protocol):
    """Something that can read the history: an `ApiClient`."""

    timing: Timing

    def call(self, operation: Any, values: Any, options: Any = ...) -> Any: ...


class LicenseHistory:
    """The pages of the licence history, as lists of entries, newest first, each entry once.

    Only an empty page is the end: pages may be shorter than requested, and the total number that the service
    gives may be wrong. If an entry appears twice, another may be missing, because the order of the entries
    can differ from answer to answer. Then the history is read once more, and only the number of its entries
    can prove that it is complete.

    Args:
        client: The client that sends the requests.
        medium: The medium of the licences.
        filters: Arguments of `medium.history`.
        anew: Whether to request a new address, for which no cache on the way can have an answer, even if it
            ignores `Cache-Control`.

    Raises:
        DecodeError: The history cannot be read.
        ApiException: The service refused the request, or did not answer.
    """

    def __init__(
        self, client: HistoryClient, medium: Medium, filters: Mapping[str, Any], anew: bool = False
    ) -> None:
        self.whole: bool = False
        """Whether the history was read to its end, and no entry can be missing."""
        self.stored: bool = False
        """Whether a cache on the way answered instead of the service."""
        self.asked: Moment = this_moment(client.timing)
        """When the history was requested; without the service's time if that is missing or a cache's."""
        self._client = client
        self._medium = medium
        self._filters = {**filters, **(_long_ago(medium) if anew else {})}

    @property
    def anew(self) -> bool:
        """Whether the history is read at a new address, and the service accepts that."""
        return _SINCE in self._filters

    def count(self) -> int:
        """Return how many entries there are according to the service; 0 if it does not say."""
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
        """Yield all pages; at the end, `whole` says whether nothing is missing."""
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
        """Return the entries of a page, and the number of all entries, if the service says so."""
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
    """Return the id of the item of a history entry, as the service writes it.

    Args:
        entry: The entry.
        medium: The medium of the licence.
        field: The field with the item, if it is not the one in the contract.
    """
    item = getattr(entry, field or medium.history_item, None)
    return getattr(item, "id", item)


def _key(entry: Any) -> Any:
    """Return what identifies an entry: the history lists a licence once for each of its downloads."""
    licence = getattr(entry, "id", None)
    if licence is None:
        return object()
    return str(licence), str(getattr(entry, "download_time", None)), bool(getattr(entry, "metadata", None))
