"""A medium that cannot be marked, as tracks are, with what stands beside its items; and its service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

from scripted_server import HANG_UP, Clock, Request, answer

from shutterstock_api.base_api import Api
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.schema.operation import Operation

TRACKS = IMAGES._replace(
    name="track",
    license=Operation(
        "license_tracks",
        "POST",
        "/v2/audio/licenses",
        query={"search_id": str},
        body="object",
        returns="LicenseImageResultDataList",
        sending="license",
        medium="track",
    ),
    items="audio",
    item_id="audio_id",
    beside=("country",),
    metadata=0,
    marker=False,
    history=Operation(
        "get_track_license_list",
        "GET",
        "/v2/audio/licenses",
        query={"audio_id": str, "page": int, "per_page": int},
        returns="DownloadHistoryDataList",
        pages=200,
    ),
    history_filter="audio_id",
    history_item="audio",
)


class TracksApi(Api):
    """What codegen makes of a contract."""

    medium = TRACKS


class TrackService:
    """Licenses tracks; `acts` says what it does with the next requests: sell, `lost`, or `nothing`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.books: list[tuple[str, str, float]] = []
        self.bodies: list[Any] = []
        self.log: list[str] = []
        self.acts: Iterator[str] = iter(())
        self.history: Callable[[Request], bytes | None] = lambda request: None

    def sell(self, item: str) -> str:
        licence = f"L{len(self.books) + 1}"
        self.books.append((licence, item, self.clock.now))
        return licence

    def __call__(self, request: Request) -> bytes:
        self.log.append(request.verb)
        if request.verb == "GET":
            return self.history(request) or self.page(dict(request.query))
        self.bodies.append(request.json)
        act = next(self.acts, "sell")
        if act == "nothing":
            return HANG_UP
        items = [entry["audio_id"] for entry in request.json["audio"]]
        sold = [{"audio_id": item, "license_id": self.sell(item)} for item in items]
        return HANG_UP if act == "lost" else answer(200, {"data": sold})

    def page(self, query: dict[str, str]) -> bytes:
        shown = [
            {
                "id": licence,
                "audio": {"id": item},
                "download_time": datetime.fromtimestamp(at, UTC).isoformat(),
            }
            for licence, item, at in reversed(self.books)
            if query["audio_id"] == item and query["page"] == "1"
        ]
        return answer(200, {"data": shown}, Date=formatdate(self.clock.now, usegmt=True))
