"""What became of a licence request whose answer never came, by the licence history. It only reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shutterstock_api.calls.options import with_http_info
from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown, Reconciliation
from shutterstock_api.support.errors import ApiValueError, DecodeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.api_client import ApiClient
    from shutterstock_api.models import DownloadHistory


MARGIN = timedelta(minutes=2)
"""How much earlier than the request the history is read from."""
CLOCKS_AGREE = timedelta(seconds=2)
"""How far the service's clock may be from ours before ours is corrected."""
SETTLED = timedelta(minutes=10)
"""When a licence that was bought must show in the history. The service documents no bound."""
ZONES = timedelta(hours=14)
"""How far a time without a zone may be from UTC."""
PAGE = 200
"""Entries of the licence history in one page at most (the contract's limit)."""
PAGES = 500
"""Pages after which the history is taken for endless."""


class _History(NamedTuple):
    """The licences of an image."""

    entries: list[DownloadHistory]
    clock: timedelta | None
    """How far the service's clock is ahead of ours; `None` where it does not say."""


def reconcile(
    error: LicenseOutcomeUnknown,
    client: ApiClient,
    now: float | None = None,
    settled_after: timedelta = SETTLED,
    unique_marker: bool = False,
) -> Reconciliation:
    """Look each image of a licence request up in the licence history.

    An entry counts as this request's when it carries its marker; where there is none, when it is not older
    than the request and carries its metadata. Where an older entry could be meant as well, where other than
    the wanted number is there, or where an image was asked for twice with different metadata, it stays
    unknown. It counts as not licensed when `settled_after` has passed since the doubt, no entry can be meant,
    and the service tells its time (`Date`), so that no entry is missed because clocks differ.

    With `unique_marker` no other request carries the marker's text, so one entry with it is enough, whatever
    its time, for our clock may have been wrong, and however the service writes the image's id: a second one
    says that somebody repeated the request.
    """
    if error.sent_at is None or not error.image_ids:
        raise ApiValueError("reconcile: the request named no images; look in the history of its own medium")
    now = client.timing.time() if now is None else now
    doubtful_since = error.doubtful_since or error.sent_at
    settled = datetime.fromtimestamp(now, UTC) - doubtful_since > settled_after
    result = Reconciliation({}, [], [])
    whole = bool(error.marker) and unique_marker
    for image_id, asked in _asked(error).items():
        history, sent_at = _looked_up(client, image_id, error.sent_at, whole)
        possible = [
            entry
            for entry in history.entries
            if _image_id(entry) in (image_id, None)
            and _not_before(sent_at - MARGIN, entry) is not False
            and not all(_contradicts(entry.metadata, metadata) for metadata in asked)
        ]
        if error.marker and unique_marker:
            mine = _with_unique(history.entries, asked, error.marker)
        elif error.marker:
            mine = _with_marker(possible, asked, error.marker)
        else:
            mine = _alike(possible, asked, sent_at)
        if mine:
            result.licensed[image_id] = mine
        elif not possible and settled and history.clock is not None:
            result.not_licensed.append(image_id)
        else:
            result.unknown.append(image_id)
    return result


def _asked(error: LicenseOutcomeUnknown) -> dict[str, list[Mapping[str, Any]]]:
    """Return the images of the request, each with the metadata of each time that it stands there."""
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for image_id, metadata in zip(error.image_ids, error.metadata, strict=True):
        asked.setdefault(image_id, []).append(metadata if isinstance(metadata, dict) else {})
    return asked


def _looked_up(client: ApiClient, image_id: str, sent_at: datetime, whole: bool) -> tuple[_History, datetime]:
    """Return the history of an image, the whole or from the request on, and when that left by its clock."""
    history = _history(client, image_id, None if whole else sent_at)
    if history.clock and abs(history.clock) > CLOCKS_AGREE:
        sent_at += history.clock - CLOCKS_AGREE
        if not whole:
            history = _history(client, image_id, sent_at)
    return history, sent_at


def _with_marker(
    possible: list[DownloadHistory], asked: list[Mapping[str, Any]], key: str
) -> list[DownloadHistory]:
    """Return the entries that carry the markers, if each marker has its entry; else nothing."""
    found = [entry for entry in possible if _text(entry, key) is not None]
    texts = sorted(str(_text(entry, key)) for entry in found)
    return found if texts == sorted(_plain(str(metadata.get(key))) for metadata in asked) else []


def _with_unique(
    entries: list[DownloadHistory], asked: list[Mapping[str, Any]], key: str
) -> list[DownloadHistory]:
    """Return the entries that carry the markers, if each has one or more; else nothing."""
    wanted = {_plain(str(metadata.get(key))) for metadata in asked}
    found = [entry for entry in entries if _text(entry, key) in wanted]
    return found if {_text(entry, key) for entry in found} == wanted else []


def _text(entry: DownloadHistory, key: str) -> str | None:
    """Return the marker of an entry; `None` where it has none."""
    has_one = isinstance(entry.metadata, dict) and key in entry.metadata
    return _plain(str(entry.metadata[key])) if has_one and entry.metadata else None


def _alike(
    possible: list[DownloadHistory], asked: list[Mapping[str, Any]], sent_at: datetime
) -> list[DownloadHistory]:
    """Return the entries that can only be meant, if there are as many as were asked for; else nothing."""
    given = asked[0]
    mine = [entry for entry in possible if (entry.metadata or {}) == given]
    whole_second = sent_at.replace(microsecond=0)  # the history may tell no more than that
    certain = all(_not_before(whole_second, entry) for entry in mine)
    alike = all(metadata == given for metadata in asked)
    return mine if alike and certain and len(mine) == len(asked) else []


def _history(client: ApiClient, image_id: str, sent_at: datetime | None) -> _History:
    """Read the licences of an image, all pages of them; only from a request on, where its time is given."""
    from shutterstock_api.api.images_api import ImagesApi
    from shutterstock_api.models import DownloadHistory

    ask = with_http_info(ImagesApi(client).get_image_license_list)
    found: list[DownloadHistory] = []
    read = 0
    before: object = None
    since = None if sent_at is None else sent_at - MARGIN
    for page in range(1, PAGES + 1):
        answer, _, headers = ask(image_id=image_id, start_date=since, page=page, per_page=PAGE)
        entries = answer.data
        readable = isinstance(entries, list) and all(isinstance(entry, DownloadHistory) for entry in entries)
        if entries is None or not readable or answer.errors or (entries and entries == before):
            raise DecodeError(reason="the licence history cannot be read, or repeats itself")
        found += entries
        read += len(entries)
        total = answer.total_count if isinstance(answer.total_count, int) else 0
        if not entries or (len(entries) < PAGE and read >= total):
            return _History(found, _clock(headers.get("Date"), client.timing.time()))
        before = entries
    raise DecodeError(reason="the licence history has no end")


def _clock(date: str | None, now: float) -> timedelta | None:
    """Return how far the service's clock is ahead of ours."""
    try:
        time = parsedate_to_datetime(date or "")
        return time.astimezone(UTC) - datetime.fromtimestamp(now, UTC)
    except (ValueError, OverflowError):
        return None


def _image_id(entry: DownloadHistory) -> str | None:
    image_id = getattr(entry.image, "id", None)
    return str(image_id) if isinstance(image_id, (str, int)) else None


def _not_before(moment: datetime, entry: DownloadHistory) -> bool | None:
    """Tell whether an entry was made at `moment` or later; `None` where its time does not tell."""
    time = entry.download_time
    if not isinstance(time, datetime):
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
        if abs(time - moment) <= ZONES:
            return None  # it may be the time of any zone
    return time >= moment


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
