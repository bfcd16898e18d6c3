"""A service that licenses, refuses, hides, loses and forgets, for tests of licence jobs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any

from scripted_server import HANG_UP, Clock, Request, Server, answer

from shutterstock_api import LicenseJob, LicenseReport

SECRET = "signature-of-the-link"
REFUSED = "Image not found"
USED_UP = "Your allotment is used up"
JPEG, EPS = b"\xff\xd8\xff", b"%!PS"
Entries = list[dict[str, Any]]
Act = Callable[["Service", Entries], bytes]


def text_of(path: Path) -> str:
    """Return which file it is, without what tells its kind."""
    return path.read_bytes().removeprefix(JPEG).removeprefix(EPS).decode()


class Service:
    """Licenses images, has a history and files; `acts` is what it does with the next licence requests."""

    def __init__(self, server: Server, clock: Clock) -> None:
        self.server = server
        self.clock = clock
        self.acts: Iterator[Act] = iter(())
        self.charge: Callable[[str], Any] = lambda image: 1
        self.refusals: dict[str, str] = {}
        self.bodies: list[Entries] = []
        self.books: Entries = []
        self.ahead = 0.0
        """What its clock is ahead, by `Date`."""
        self.delay = 0.0
        """Seconds after which the history shows a licence."""
        self.shown = self.entries
        self.history: Callable[[Request], bytes | None] = lambda request: None
        self.file: Callable[[str], Any] = lambda licence: None
        self.renewal: Callable[[str], bytes | None] = lambda licence: None
        server.always(self)

    def __call__(self, request: Request) -> Any:
        *_, last = request.path.split("/")
        if request.path.startswith("/files/"):
            return self.file(last) or answer(200, self.content(last), ETag='"one"')
        if last == "downloads":
            licence = request.path.split("/")[-2]
            return self.renewal(licence) or answer(200, {"url": self.link(licence)})
        if request.verb == "GET":
            return self.history(request) or self.page(dict(request.query))
        self.bodies.append(request.json["images"])
        return next(self.acts, serve)(self, request.json["images"])

    def link(self, licence: str) -> str:
        return f"{self.server.url}/files/{licence}?sign={SECRET}"

    def content(self, licence: str) -> bytes:
        vectors = {sold["id"] for sold in self.books if sold.get("size") == "vector"}
        return (EPS if licence in vectors else JPEG) + f"the file of {licence}".encode()

    def sell(self, images: Entries) -> Entries:
        results: Entries = []
        for image in images:
            image_id = image["image_id"]
            if image_id in self.refusals:
                results.append({"image_id": image_id, "error": self.refusals[image_id]})
                continue
            licence, charge = f"L{len(self.books) + 1}", self.charge(image_id)
            self.books.append({**image, "id": licence, "time": self.clock.now, "charge": charge})
            told = {"allotment_charge": charge, "download": {"url": self.link(licence)}}
            results.append({"image_id": image_id, "license_id": licence, **told})
        return results

    def entries(self, query: dict[str, str]) -> Entries:
        """Return what the history shows, the newest first."""
        start = query.get("start_date")
        since = datetime.fromisoformat(start).timestamp() if start else 0
        return [
            {
                "id": sold["id"],
                "download_time": datetime.fromtimestamp(sold["time"], UTC).isoformat(),
                "image": {"id": sold["image_id"]},
                "is_downloadable": sold.get("is_downloadable", True),
                "subscription_id": sold.get("subscription_id", "usual"),
                "metadata": sold.get("metadata"),
            }
            for sold in reversed(self.books)
            if since <= sold["time"] <= self.clock.now - self.delay
            and query.get("image_id") in (None, sold["image_id"])
        ]

    def page(self, query: dict[str, str]) -> bytes:
        shown = self.shown(query)
        if query.get("download_availability") == "downloadable":
            shown = [entry for entry in shown if entry["is_downloadable"]]
        size = int(query["per_page"])
        first = (int(query.get("page", 1)) - 1) * size
        page = {"data": shown[first : first + size], "total_count": len(shown), "per_page": size}
        return answer(200, page, Date=formatdate(self.clock.now + self.ahead, usegmt=True))

    @property
    def sold(self) -> Counter[str]:
        return Counter(sold["image_id"] for sold in self.books)

    @property
    def asked(self) -> list[list[str]]:
        """The ids of each licence request."""
        return [[image["image_id"] for image in images] for images in self.bodies]

    def requests(self, pattern: str) -> list[str]:
        lines = [f"{request.verb} {request.target}" for request in self.server.requests]
        return [line for line in lines if re.search(pattern, line)]


def serve(service: Service, images: Entries) -> bytes:
    return answer(200, {"data": service.sell(images)})


def instead(given: bytes) -> Act:
    """Answer so, and sell nothing."""
    return lambda service, images: given


def no_history(service: Service) -> Callable[[Request], bytes]:
    """Let nobody look, and tell the time."""
    return lambda request: answer(403, Date=formatdate(service.clock.now + service.ahead, usegmt=True))


def hidden(given: bytes) -> Act:
    """Sell, and answer so."""
    return lambda service, images: (service.sell(images), given)[1]


def telling(change: Callable[[Entries], Any]) -> Act:
    """Sell, and tell of it in another way."""

    def act(service: Service, images: Entries) -> bytes:
        body = change(service.sell(images))
        return answer(200, body if isinstance(body, dict) else {"data": body})

    return act


lost = hidden(HANG_UP)
nothing = instead(HANG_UP)
unavailable = instead(answer(503))
Make = Callable[..., LicenseJob]


def ids(count: int, first: int = 1) -> list[str]:
    return [str(number) for number in range(first, first + count)]


def states(report: LicenseReport) -> dict[str, str]:
    return {image.image_id: image.state for image in report.images}


def errors(report: LicenseReport) -> dict[str, str | None]:
    return {image.image_id: image.error for image in report.images}


def entries(job: LicenseJob) -> Entries:
    """What stands in the ledger as to be sent."""
    with job._ledger() as ledger:
        return [json.loads(entry) for (entry,) in ledger.records(["entry"])]


def links(job: LicenseJob) -> list[str | None]:
    with job._ledger() as ledger:
        return [link for (link,) in ledger.records(["link"])]
