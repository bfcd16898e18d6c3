"""A service that licenses any medium, by its record; it loses answers, refuses and forgets on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

from scripted_server import HANG_UP, Clock, Request, Server, answer

import shutterstock_api
from shutterstock_api import ApiClient, LicenseJob
from shutterstock_api.base_api import Api
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.schema.medium import Medium

APIS: dict[str, type[Api]] = {
    found.medium.name: found
    for name in shutterstock_api.__all__
    if name.endswith("Api")
    and isinstance(found := getattr(shutterstock_api, name), type)
    and issubclass(found, Api)
    and found.medium
}
"""The class of each medium."""
SETTINGS: dict[str, str] = {
    "size": "hd",
    "license": "premier",
    "country": "USA",
    "subscription_id": "s1",
}
"""What a job may be asked for."""
BYTES = {
    "jpg": b"\xff\xd8\xff",
    "mov": b"\0\0\0\x14ftypqt  ",
    "mp4": b"\0\0\0\x14ftypmp42",
    "wav": b"RIFF\0\0\0\0WAVE",
}
"""How files of a kind begin."""
MARKED = [name for name, medium in MEDIA.items() if medium.marker]
UNMARKED = [name for name in MEDIA if name not in MARKED]
LINKED_ONCE = [name for name, medium in MEDIA.items() if medium.redownload is None]


def settings(medium: Medium) -> dict[str, Any]:
    """Return what a job of the medium must be told."""
    return {name: SETTINGS[name] for name in medium.job_settings}


class MediaService:
    """Licenses a medium. `acts` says what it does with the next requests: `sell`, `lost`, `nothing`."""

    def __init__(self, server: Server, clock: Clock, medium: Medium) -> None:
        self.server, self.clock, self.medium = server, clock, medium
        self.books: list[dict[str, Any]] = []
        self.bodies: list[Any] = []
        self.log: list[str] = []
        self.acts: Iterator[str] = iter(())
        self.refusals: dict[str, str] = {}
        self.history: Callable[[Request], bytes | None] = lambda request: None
        self.file: Callable[[str], bytes | None] = lambda licence: None
        self.charge: Any = 1
        self.history_item = medium.history_item
        server.always(self)

    @property
    def sold(self) -> Counter[str]:
        """How often each item was bought."""
        return Counter(sold["item"] for sold in self.books)

    def sell(self, item: str, entry: Any = None) -> dict[str, Any]:
        sold = {"id": f"L{len(self.books) + 1}", "item": item, "at": self.clock.now, "entry": entry or {}}
        self.books.append(sold)
        return sold

    def __call__(self, request: Request) -> bytes:
        redownload = self.medium.redownload
        if request.path.startswith("/files/"):
            licence = request.path.split("/")[2].partition(".")[0]
            return self.file(licence) or answer(200, self.content(licence), ETag='"one"')
        if redownload and request.path.endswith(redownload.template.rpartition("}")[2]):
            self.log.append("link")
            return answer(200, {"url": self.link(request.path.split("/")[-2])})
        if request.verb == "GET":
            assert request.path == self.medium.history.template
            self.log.append("history")
            return self.history(request) or self.page(dict(request.query))
        assert request.path == self.medium.license.template
        self.log.append("license")
        self.bodies.append(request.json)
        act = next(self.acts, "sell")
        if act == "nothing":
            return HANG_UP
        told = [self._result(entry) for entry in request.json[self.medium.items]]
        return HANG_UP if act == "lost" else answer(200, {"data": told})

    def _result(self, entry: dict[str, Any]) -> dict[str, Any]:
        item_id = self.medium.item_id
        item = entry[item_id]
        if item in self.refusals:
            return {item_id: item, "error": self.refusals[item]}
        sold = self.sell(item, entry)
        told = {item_id: item, "allotment_charge": self.charge, "download": {"url": self.link(sold["id"])}}
        return {**told, "license_id": sold["id"]} if self.medium.has_license_id else told

    def link(self, licence: str) -> str:
        return f"{self.server.url}/files/{licence}.{self.extension}?sign=signature-of-the-link"

    @property
    def extension(self) -> str:
        """That of the files in the size that the jobs of tests want."""
        size = settings(self.medium).get("size", "")
        return self.medium.extensions.get(size, self.medium.extension)

    def content(self, licence: str) -> bytes:
        return BYTES[self.extension] + f"the file of {licence}".encode()

    def page(self, query: dict[str, str]) -> bytes:
        start = query.get("start_date")
        since = datetime.fromisoformat(start).timestamp() if start else 0
        shown = [
            {
                "id": sold["id"],
                self.history_item: {"id": sold["item"]},
                "download_time": datetime.fromtimestamp(sold["at"], UTC).isoformat(),
                "subscription_id": SETTINGS["subscription_id"],
                "is_downloadable": self.medium.redownload is not None,
                "metadata": sold["entry"].get("metadata") if self.medium.marker else None,
            }
            for sold in reversed(self.books)
            if query.get(self.medium.history_filter) in (None, sold["item"]) and sold["at"] >= since
        ]
        page = {"data": shown if query["page"] == "1" else [], "total_count": len(shown)}
        return answer(200, page, Date=formatdate(self.clock.now, usegmt=True))


def job_of(medium: Medium, client: ApiClient, ledger: Any, **options: Any) -> LicenseJob:
    """Return a job that has the settings that it needs."""
    return LicenseJob(APIS[medium.name](client), ledger, **{**settings(medium), **options})
