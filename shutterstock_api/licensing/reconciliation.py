"""Finds out from the licence history what became of a licence request without an answer."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shutterstock_api.licensing.history import HistoryClient, LicenseHistory, item_of
from shutterstock_api.licensing.item_ids import same_item
from shutterstock_api.licensing.moments import Moment, first_known, service_time
from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown, Reconciliation
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.support.errors import ApiValueError, DecodeError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from shutterstock_api.models import DownloadHistory
    from shutterstock_api.schema.medium import Medium
    from shutterstock_api.support.timing import Timing


MARGIN = 2 * 86400.0
"""A licence that is this many seconds older than the request belongs to another: no clock is that wrong."""
SAME_MOMENT = 5.0
"""A licence that seems older than its request by less than this many seconds may still belong to it."""
SETTLED = 600.0
"""Seconds after which the history must show a licence that was bought. The service documents no limit."""
ZONES = 14 * 3600.0
"""How many seconds a time without a zone may differ from UTC."""


class Doubt(NamedTuple):
    """An item of a licence request whose outcome is unknown."""

    item: str
    metadata: Sequence[Mapping[str, Any]]
    """The metadata of each entry of the request that is about this item."""
    marker: str | None
    """The key of the text in `metadata` that no other request has."""
    sent: Moment
    since: Sequence[Moment]
    """Moments at which its outcome was already in doubt."""
    shares_text: bool = False
    """Whether other items of the request have the same text."""
    before: Collection[str] | None = None
    """The ids of the licences that existed before the request; `None` if nobody looked."""


class Verdict(NamedTuple):
    """What the licence history says about an item in doubt."""

    licences: list[DownloadHistory]
    """The licences that the request bought."""
    not_licensed: bool
    """Whether the request certainly bought none."""
    seen: Moment
    """When the history was requested; without the service's time if a cache may have sent the answer."""
    wait_left: float
    """Seconds after which the item was not bought, if the history still does not show its licence then."""


def reconcile(
    error: LicenseOutcomeUnknown, client: HistoryClient, settled_after: float = SETTLED
) -> Reconciliation:
    """Look each item of a licence request up in the licence history.

    An entry with the request's marker belongs to the request, whatever the times say. An entry without a
    marker belongs to it if every clock says that it was created between the request and the doubt, if it has
    the same metadata, and if no other entry fits. Nothing was bought if no entry fits, the history was read
    to its end, the answers did not come from a cache, and `settled_after` has certainly passed.
    """
    from shutterstock_api.contract.media import IMAGES, MEDIA

    medium = MEDIA.get(error.medium or IMAGES.name)  # a pickle from 1.1.0 has no medium
    if error.sent_at is None or not error.image_ids or medium is None:
        raise ApiValueError("reconcile: the request named no items; look in the history of its own medium")
    result = Reconciliation({}, [], [])
    for doubt in _doubts(error, client.timing):
        verdict = look_up(client, medium, doubt, settled_after)
        if verdict.licences:
            result.licensed[doubt.item] = verdict.licences
        elif verdict.not_licensed:
            result.not_licensed.append(doubt.item)
        else:
            result.unknown.append(doubt.item)
        error.looked_up = client.timing.monotonic, first_known(_seen(error, client.timing), verdict.seen)
    return result


def _doubts(error: LicenseOutcomeUnknown, timing: Timing) -> list[Doubt]:
    """Return the items of the request, each with the metadata of all of its entries."""
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for item, metadata in zip(error.image_ids, error.metadata, strict=True):
        asked.setdefault(item, []).append(metadata if isinstance(metadata, dict) else {})
    texts = {item: _marks(given, error.marker) for item, given in asked.items()}
    used = Counter(text for found in texts.values() for text in found)
    sent, *since = _moments(error, timing)
    return [
        Doubt(item, given, error.marker, sent, since, any(used[text] > 1 for text in texts[item]))
        for item, given in asked.items()
    ]


def _moments(error: LicenseOutcomeUnknown, timing: Timing) -> list[Moment]:
    """Return when the request was sent, and moments at which its outcome was in doubt."""
    if error.moments and error.api_client and error.api_client.timing.monotonic == timing.monotonic:
        moments = list(error.moments)
    else:  # the error comes from another process
        sent_at = error.sent_at or datetime.now(UTC)
        since = (error.doubtful_since or sent_at).timestamp()
        moments = [Moment(sent_at.timestamp()), Moment(since, None, service_time(error.headers))]
    if seen := _seen(error, timing):
        moments.append(seen)
    return moments


def _seen(error: LicenseOutcomeUnknown, timing: Timing) -> Moment | None:
    """Return when the history was first read, by the same clock."""
    return error.looked_up[1] if error.looked_up and error.looked_up[0] == timing.monotonic else None


def look_up(client: HistoryClient, medium: Medium, doubt: Doubt, settled_after: float) -> Verdict:
    """Look an item up in the licence history. Two ways of reading must both show that nothing was bought.

    Raises:
        ApiException: The history cannot be read.
    """
    verdict = _look(client, medium, doubt, settled_after, anew=True)
    return _look(client, medium, doubt, settled_after, anew=False) if verdict.not_licensed else verdict


def _look(client: HistoryClient, medium: Medium, doubt: Doubt, settled_after: float, anew: bool) -> Verdict:
    history = LicenseHistory(client, medium, {medium.history_filter: doubt.item}, anew)
    entries: list[Any] = []
    mine: list[Any] = []
    for page in history:
        if not all(isinstance(entry, ApiModel) for entry in page):
            raise DecodeError(reason="the licence history cannot be read")
        entries += page
        if mine := _marked(entries, doubt, medium):
            break
    possible = [entry for entry in entries if _can_be_meant(entry, doubt, medium, history.asked)]
    if history.whole and not mine:
        mine = _alike(possible, doubt, medium, history.asked)
    wait_left = min(moment.wait_left(settled_after, history.asked) for moment in doubt.since)
    not_licensed = history.whole and not possible and wait_left < 0
    seen = history.asked if history.anew else history.asked.told(None)
    return Verdict(mine, not_licensed and not mine, seen, wait_left)


def _marked(entries: list[Any], doubt: Doubt, medium: Medium) -> list[Any]:
    """Return the entries with the item's texts, if there is at least one for each text; otherwise nothing.

    A second entry means that something on the way has repeated the request. If other items have the same
    text, the entry must be about this one; otherwise it is, however the service writes its id.
    """
    texts = _marks(doubt.metadata, doubt.marker)
    found = [
        entry
        for entry in entries
        if _marks([entry.metadata], doubt.marker) & texts
        and (not doubt.shares_text or same_item(item_of(entry, medium), doubt.item))
    ]
    return found if _marks([entry.metadata for entry in found], doubt.marker) == texts else []


def _marks(metadata: Iterable[Any], marker: str | None) -> set[str]:
    """Return the markers in metadata."""
    found = (one.get(marker) for one in metadata if isinstance(one, dict))
    return {_plain(str(text)) for text in found if isinstance(text, (str, int, float))}


def _can_be_meant(entry: Any, doubt: Doubt, medium: Medium, now: Moment) -> bool:
    """Tell whether an entry may be a licence that the request bought."""
    if same_item(item_of(entry, medium), doubt.item) is False:
        return False
    if doubt.before is not None:
        older = str(entry.id) in doubt.before
    else:
        _, latest = _made(entry)
        older = latest < doubt.sent.span(now)[0] - MARGIN
    return not older and not all(_contradicts(entry.metadata, metadata) for metadata in doubt.metadata)


def _alike(possible: list[Any], doubt: Doubt, medium: Medium, now: Moment) -> list[Any]:
    """Return what was bought without a marker, if no other entry fits; otherwise nothing."""
    given = doubt.metadata[0]
    earliest, latest = doubt.sent.span(now)
    if doubt.before is not None:
        mine = possible
    elif medium.marker and not _marks(doubt.metadata, doubt.marker):
        mine = [entry for entry in possible if (entry.metadata or {}) == given]
    else:
        return []  # being in the history proves nothing
    certain = all(
        _made(entry)[0] >= latest - SAME_MOMENT and _made(entry)[1] <= earliest + SETTLED for entry in mine
    )
    alike = len(mine) == len(doubt.metadata) and all(metadata == given for metadata in doubt.metadata)
    return mine if certain and alike else []


def _made(entry: Any) -> tuple[float, float]:
    """Return the earliest and the latest time of an entry, in seconds since 1970."""
    time = entry.download_time
    if not isinstance(time, datetime):
        return -math.inf, math.inf
    if time.tzinfo is not None:
        return time.timestamp(), time.timestamp()
    middle = time.replace(tzinfo=UTC).timestamp()
    return middle - ZONES, middle + ZONES


def _contradicts(found: Any, given: Mapping[str, Any]) -> bool:
    """Tell whether the metadata of an entry shows that it belongs to another request.

    Only different text shows this: the service may write numbers, truth values and white space in its own
    way, and cut off a long text.
    """
    return isinstance(found, dict) and any(
        isinstance(value, str)
        and isinstance(found.get(name), str)
        and not _plain(value).startswith(_plain(found[name]))
        for name, value in given.items()
    )


def _plain(text: str) -> str:
    return text.strip().casefold()
