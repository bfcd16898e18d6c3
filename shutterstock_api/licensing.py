"""Markers that licence requests carry, and what became of one whose answer never came. Looking only reads."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import msgspec

from shutterstock_api.exceptions import ApiException, ApiValueError, DecodeError, LicenseOutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shutterstock_api.api_client import ApiClient
    from shutterstock_api.models import DownloadHistory

CLOCKS_APART = timedelta(minutes=2)
"""How far the service's clock may be from ours."""
SETTLED = timedelta(minutes=10)
"""When a licence that was bought must show in the history. The service documents no bound."""
PAGE = 200
"""Entries of the licence history in one page at most (the contract's limit)."""


METADATA = 4
"""Keys that the service takes in `metadata` at most."""


class Reconciliation(NamedTuple):
    """What the licence history says about a request."""

    licensed: dict[str, list[DownloadHistory]]
    """Image ids and their licences: do not license these again."""
    not_licensed: list[str]
    """No licence was bought for these images."""
    unknown: list[str]
    """Nobody can tell yet, or for certain: look again, or compare the history by hand."""


def marked(body: bytes, key: str) -> bytes:
    """Return a licence request with a unique text under `key` in the metadata of each image.

    An image that has such a text already keeps it.

    Raises:
        ApiValueError: The metadata of an image is full, or is no object.
    """
    content = msgspec.json.decode(body)
    for index, image in enumerate(_images(content)):
        if not isinstance(image, dict):
            continue
        metadata = image.setdefault("metadata", {})
        if not isinstance(metadata, dict) or len({*metadata, key}) > METADATA:
            raise ApiValueError(
                f"body.images[{index}].metadata: the service takes {METADATA} keys, and license_marker needs "
                f"one for {key!r}; leave another out, or set Configuration.license_marker to None"
            )
        metadata.setdefault(key, uuid4().hex)
    return msgspec.json.encode(content)


def outcome_unknown(
    cause: ApiException, body: bytes | None, sent_at: float, api_client: ApiClient, marker: str | None
) -> LicenseOutcomeUnknown:
    """Return the error for a licence request that may have been served."""
    error = LicenseOutcomeUnknown(
        cause.status,
        f"the outcome is unknown ({cause.reason or type(cause).__name__})",
        body=cause.body,
        headers=cause.headers,
        method=cause.method,
        path=cause.path,
        hint="Licences may have been bought. Do not send it again: call reconcile() to look it up.",
    )
    images = _asked(body)
    error.image_ids = [str(image.get("image_id")) for image in images]
    error.metadata = [image.get("metadata") for image in images]
    error.sent_at = datetime.fromtimestamp(sent_at, timezone.utc)
    error.attempts = cause.attempts
    error.doubtful_since = datetime.fromtimestamp(api_client.timing.time(), timezone.utc)
    error.marker = marker
    error.api_client = api_client
    return error


def missing(answer: Any, body: bytes | None) -> str | None:
    """Say what an answer to a licence request leaves open; `None` where it tells of every image."""
    content = answer if isinstance(answer, dict) else answer.to_dict() if hasattr(answer, "to_dict") else {}
    data = content.get("data")
    if content.get("errors") or content.get("message"):
        return None  # it says why
    entries = [entry for entry in data if _says_something(entry)] if isinstance(data, list) else []
    if not entries:
        return "the answer says nothing about the images"
    asked = _asked(body)
    left = {str(image.get("image_id")) for image in asked} - {str(entry.get("image_id")) for entry in entries}
    if left and len(entries) < len(asked):
        return f"the answer leaves out {', '.join(sorted(left))}"
    return None


def _says_something(entry: Any) -> bool:
    return isinstance(entry, dict) and any(value is not None for value in entry.values())


def _asked(body: bytes | None) -> list[dict[str, Any]]:
    content = msgspec.json.decode(body) if body else {}
    return [image for image in _images(content) if isinstance(image, dict)]


def _images(content: Any) -> list[Any]:
    images = content.get("images") if isinstance(content, dict) else None
    return images if isinstance(images, list) else []


def reconcile(
    error: LicenseOutcomeUnknown, api_client: ApiClient | None = None, now: float | None = None
) -> Reconciliation:
    """Look each image of a licence request up in the licence history.

    An entry counts as this request's when it carries its marker; where there is none, when it is not older
    than the request and carries its metadata. Where an older entry could be meant as well, where other than
    the wanted number is there, or where an image was asked for twice with different metadata, it stays
    unknown. It counts as not licensed when ten minutes have passed since the doubt and no entry can be meant.
    """
    client = api_client or error.api_client
    if client is None or error.sent_at is None:
        raise ApiValueError("reconcile: this error was pickled; pass the client that shall ask")
    now = client.timing.time() if now is None else now
    doubtful_since = error.doubtful_since or error.sent_at
    settled = datetime.fromtimestamp(now, timezone.utc) - doubtful_since > SETTLED
    wanted: dict[str, list[Mapping[str, Any]]] = {}
    for image_id, metadata in zip(error.image_ids, error.metadata, strict=True):
        wanted.setdefault(image_id, []).append(metadata or {})
    result = Reconciliation({}, [], [])
    for image_id, asked in wanted.items():
        possible = [
            entry
            for entry in _history(client, image_id, error.sent_at)
            if _not_before(error.sent_at - CLOCKS_APART, entry) is not False
            and not all(_contradicts(entry.metadata, metadata) for metadata in asked)
        ]
        if error.marker:
            mine = _with_marker(possible, [metadata.get(error.marker) for metadata in asked], error.marker)
        else:
            mine = _alike(possible, asked, error.sent_at)
        if mine:
            result.licensed[image_id] = mine
        elif not possible and settled:
            result.not_licensed.append(image_id)
        else:
            result.unknown.append(image_id)
    return result


def _with_marker(possible: list[DownloadHistory], markers: list[Any], key: str) -> list[DownloadHistory]:
    """Return the entries that carry the markers, if each marker has its entry; else nothing."""
    found = [entry for entry in possible if isinstance(entry.metadata, dict) and key in entry.metadata]
    texts = sorted(_plain(str(entry.metadata[key])) for entry in found if entry.metadata)
    return found if texts == sorted(_plain(str(marker)) for marker in markers) else []


def _alike(
    possible: list[DownloadHistory], asked: list[Mapping[str, Any]], sent_at: datetime
) -> list[DownloadHistory]:
    """Return the entries that can only be meant, if there are as many as were asked for; else nothing."""
    given = asked[0]
    mine = [entry for entry in possible if (entry.metadata or {}) == given]
    whole_second = sent_at.replace(microsecond=0)  # the history may tell no more than that
    certain = bool(given) or all(_not_before(whole_second, entry) for entry in mine)
    alike = all(metadata == given for metadata in asked)
    return mine if alike and certain and len(mine) == len(asked) else []


def _history(client: ApiClient, image_id: str, sent_at: datetime) -> Iterator[DownloadHistory]:
    """Yield the licences of an image from about the time of the request on."""
    from shutterstock_api.api.images_api import ImagesApi
    from shutterstock_api.models import DownloadHistory

    api = ImagesApi(client)
    page = 0
    before: object = None
    while True:
        page += 1
        answer = api.get_image_license_list(
            image_id=image_id, start_date=sent_at - CLOCKS_APART, page=page, per_page=PAGE
        )
        entries = answer.data
        readable = isinstance(entries, list) and all(isinstance(entry, DownloadHistory) for entry in entries)
        if entries is None or not readable or answer.errors or entries == before:
            raise DecodeError(reason="the licence history cannot be read, or repeats itself")
        yield from (entry for entry in entries if _image_id(entry) in (image_id, None))
        if len(entries) < PAGE:
            return
        before = entries


def _image_id(entry: DownloadHistory) -> str | None:
    image_id = getattr(entry.image, "id", None)
    return None if image_id is None else str(image_id)


def _not_before(moment: datetime, entry: DownloadHistory) -> bool | None:
    """Tell whether an entry was made at `moment` or later; `None` where it names no readable time."""
    time = entry.download_time
    if not isinstance(time, datetime):
        return None
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)) >= moment


def _contradicts(found: Any, given: Mapping[str, Any]) -> bool:
    """Tell whether an entry's metadata says that it belongs to another request.

    Only other text does: a service may write numbers, truth values and white space in its own way.
    """
    return isinstance(found, dict) and any(
        isinstance(value, str) and isinstance(found.get(name), str) and _plain(found[name]) != _plain(value)
        for name, value in given.items()
    )


def _plain(text: str) -> str:
    return text.strip().casefold()
