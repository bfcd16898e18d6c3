"""Finds out from the licence history what became of a licence request without an answer. It only reads."""

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
"""Seconds: a licence that is older than the request by more than that is another's. No clock is so wrong."""
SAME_MOMENT = 5.0
"""Seconds: a licence that is older than its request by less than that may still be its own."""
SETTLED = 600.0
"""Seconds after which a licence that was bought must show in the history. The service documents no bound."""
ZONES = 14 * 3600.0
"""Seconds: how far a time without a zone may be from UTC."""


class Doubt(NamedTuple):
    """An item of a licence request of which nobody knows what became."""

    item: str
    metadata: Sequence[Mapping[str, Any]]
    """What each entry about it carried."""
    marker: str | None
    """Key of the text in `metadata` that no other request carries."""
    sent: Moment
    since: Sequence[Moment]
    """Moments at which it was in doubt already."""
    shares_text: bool = False
    """Whether other items of the request carry the same text."""
    before: Collection[str] | None = None
    """Ids of the licences that it had before the request; `None` where nobody looked."""


class Verdict(NamedTuple):
    """What the licence history says about an item in doubt."""

    licences: list[DownloadHistory]
    """Those that the request bought."""
    not_licensed: bool
    """Whether it certainly bought none."""
    seen: Moment
    """When the history was asked for; the time of the service is `None` where a store may have told it."""
    wait_left: float
    """Seconds after which a licence that does not show then was not bought, as far as can be said now."""


def reconcile(
    error: LicenseOutcomeUnknown, client: HistoryClient, settled_after: float = SETTLED
) -> Reconciliation:
    """Look each item of a licence request up in the licence history.

    An entry that carries the request's marker is its own, whatever the times say. Without a marker it is its
    own when it was made between request and doubt by each of the clocks, with the same metadata, and nothing
    else can be meant. Nothing was bought when the history shows no entry that can be meant, although it was
    read to its end, no store on the way has answered, and `settled_after` has certainly passed.
    """
    from shutterstock_api.contract.media import IMAGES, MEDIA

    medium = MEDIA.get(error.medium or IMAGES.name)  # a pickle of 1.1.0 names none
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
    """Return the items of the request, each with the metadata of each time that it stands there."""
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
    """Return when the request left, and moments at which it was in doubt."""
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
    """Return when the history was seen first, by the same clock."""
    return error.looked_up[1] if error.looked_up and error.looked_up[0] == timing.monotonic else None


def look_up(client: HistoryClient, medium: Medium, doubt: Doubt, settled_after: float) -> Verdict:
    """Look an item up in the licence history. That nothing was bought, it must say in two ways.

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
    """Return the entries that carry the item's texts, if each text has one or more; else nothing.

    A second one says that somebody on the way has repeated the request. Where other items carry the same
    text, the entry must be about this one; else it is, however the service writes its id.
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
    """Return the markers that stand in metadata."""
    found = (one.get(marker) for one in metadata if isinstance(one, dict))
    return {_plain(str(text)) for text in found if isinstance(text, (str, int, float))}


def _can_be_meant(entry: Any, doubt: Doubt, medium: Medium, now: Moment) -> bool:
    """Tell whether an entry may be what the request bought."""
    if same_item(item_of(entry, medium), doubt.item) is False:
        return False
    if doubt.before is not None:
        older = str(entry.id) in doubt.before
    else:
        _, latest = _made(entry)
        older = latest < doubt.sent.span(now)[0] - MARGIN
    return not older and not all(_contradicts(entry.metadata, metadata) for metadata in doubt.metadata)


def _alike(possible: list[Any], doubt: Doubt, medium: Medium, now: Moment) -> list[Any]:
    """Return what was bought without a marker, where nothing else can be meant; else nothing."""
    given = doubt.metadata[0]
    earliest, latest = doubt.sent.span(now)
    if doubt.before is not None:
        mine = possible
    elif medium.marker and not _marks(doubt.metadata, doubt.marker):
        mine = [entry for entry in possible if (entry.metadata or {}) == given]
    else:
        return []  # that it is in the history at all tells nothing
    certain = all(
        _made(entry)[0] >= latest - SAME_MOMENT and _made(entry)[1] <= earliest + SETTLED for entry in mine
    )
    alike = len(mine) == len(doubt.metadata) and all(metadata == given for metadata in doubt.metadata)
    return mine if certain and alike else []


def _made(entry: Any) -> tuple[float, float]:
    """Return the earliest and the latest time at which an entry may have been made, in seconds since 1970."""
    time = entry.download_time
    if not isinstance(time, datetime):
        return -math.inf, math.inf
    if time.tzinfo is not None:
        return time.timestamp(), time.timestamp()
    middle = time.replace(tzinfo=UTC).timestamp()
    return middle - ZONES, middle + ZONES


def _contradicts(found: Any, given: Mapping[str, Any]) -> bool:
    """Tell whether an entry's metadata says that it belongs to another request.

    Only other text does: a service may write numbers, truth values and white space in its own way, and
    cut off a long text.
    """
    return isinstance(found, dict) and any(
        isinstance(value, str)
        and isinstance(found.get(name), str)
        and not _plain(value).startswith(_plain(found[name]))
        for name, value in given.items()
    )


def _plain(text: str) -> str:
    return text.strip().casefold()
