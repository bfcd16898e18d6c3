"""A licence of each medium, and the beginnings of its files."""

from __future__ import annotations

from typing import Any

import shutterstock_api
from shutterstock_api import DownloadHistory
from shutterstock_api.calls.binding import resolve
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.modelkit.table import list_of_items
from shutterstock_api.schema.medium import Medium

BEGINNINGS = {
    "jpg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "mov": b"\0\0\0\x14ftypqt  ",
    "mp4": b"\0\0\0\x20ftypisom",
    "webm": b"\x1a\x45\xdf\xa3",
    "wav": b"RIFF\xff\xff\0\0WAVEfmt ",
    "mp3": b"\xff\xfb",
    "ogg": b"OggS\0\x02",
    "zip": b"PK\x03\x04",
}
APIS: dict[str, Any] = {
    api.medium.name: api
    for name in shutterstock_api.api.__all__
    if (api := getattr(shutterstock_api, name)).medium
}
"""The class that licenses each medium."""
RENEWED = [name for name, medium in MEDIA.items() if medium.redownload]
"""Media whose files can be downloaded again."""
ONCE = [name for name, medium in MEDIA.items() if not medium.redownload]


def file_of(extension: str) -> bytes:
    """Return a file of this kind, of two pieces."""
    return BEGINNINGS[extension] + bytes(range(256)) * 1200


def result_of(medium: Medium, link: str | None, **fields: Any) -> Any:
    """Return what a licence request answers for item 7 of a medium."""
    answer = list_of_items(resolve(medium.license.returns))
    assert answer
    licence = {"license_id": "l7"} if medium.has_license_id else {}
    download = {"download": {"url": link}} if link else {}
    return answer[1].from_dict({medium.item_id: "7", **licence, **download, **fields})


def entry_of(medium: Medium, **fields: Any) -> DownloadHistory:
    """Return the entry of that licence in the history."""
    return DownloadHistory.from_dict({"id": "l7", medium.history_item: {"id": "7"}, **fields})
