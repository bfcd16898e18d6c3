"""`LicenseJob` against a service that refuses, hides, loses and forgets: nothing is bought twice."""

from __future__ import annotations

import errno
import itertools
import json
import logging
import os
import random
import re
import stat
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from scripted_server import HANG_UP, TOKEN, Clock, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DestinationError,
    Image,
    ImagesApi,
    LedgerError,
    LicenseImage,
    LicenseImageVector,
    LicenseJob,
    LicenseReport,
    LicenseRequestMetadata,
    Progress,
)
from shutterstock_api.downloads import part_file
from shutterstock_api.jobs import files, run
from shutterstock_api.jobs.ledger import Ledger

SECRET = "signature-of-the-link"
REFUSED = "Image not found"
USED_UP = "Your allotment is used up"

Entries = list[dict[str, Any]]
Act = Callable[["Service", Entries], bytes]


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
        self.delay = 0.0
        """Seconds after which the history shows a licence."""
        self.history: Callable[[Request], bytes | None] = lambda request: None
        self.file: Callable[[str], Any] = lambda licence: None
        self.renewal: Callable[[str], bytes | None] = lambda licence: None
        server.always(self)

    def __call__(self, request: Request) -> Any:
        *_, last = request.path.split("/")
        if request.path.startswith("/files/"):
            content = f"the file of {last}".encode()
            return self.file(last) or answer(200, content, ETag='"one"')
        if last == "downloads":
            licence = request.path.split("/")[-2]
            return self.renewal(licence) or answer(200, {"url": self.link(licence)})
        if request.verb == "GET":
            return self.history(request) or self.page(dict(request.query))
        self.bodies.append(request.json["images"])
        return next(self.acts, serve)(self, request.json["images"])

    def link(self, licence: str) -> str:
        return f"{self.server.url}/files/{licence}?sign={SECRET}"

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

    def page(self, query: dict[str, str]) -> bytes:
        start = query.get("start_date")
        since = datetime.fromisoformat(start.replace("Z", "+00:00")).timestamp() if start else 0
        shown = [
            {
                "id": sold["id"],
                "download_time": datetime.fromtimestamp(sold["time"], timezone.utc).isoformat(),
                "image": {"id": sold["image_id"]},
                "is_downloadable": sold.get("is_downloadable", True),
                "subscription_id": sold.get("subscription_id", "usual"),
                "metadata": sold.get("metadata"),
            }
            for sold in reversed(self.books)
            if since <= sold["time"] <= self.clock.now - self.delay
            and query.get("image_id") in (None, sold["image_id"])
        ]
        if query.get("download_availability") == "downloadable":
            shown = [entry for entry in shown if entry["is_downloadable"]]
        size = int(query["per_page"])
        first = (int(query.get("page", 1)) - 1) * size
        page = {"data": shown[first : first + size], "total_count": len(shown), "per_page": size}
        return answer(200, page, Date=formatdate(self.clock.now, usegmt=True))

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


# What a service does with a licence request.


def serve(service: Service, images: Entries) -> bytes:
    return answer(200, {"data": service.sell(images)})


def instead(given: bytes) -> Act:
    """Answer so, and sell nothing."""
    return lambda service, images: given


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


@pytest.fixture
def service(server: Server, clock: Clock) -> Service:
    return Service(server, clock)


@pytest.fixture
def make(api: ImagesApi, service: Service, tmp_path: Path) -> Make:
    """Return the job whose ledger is `job.sqlite`."""

    def job(*images: Any, **options: Any) -> LicenseJob:
        made = LicenseJob(api, tmp_path / "job.sqlite", **options)
        made.add(list(images))
        return made

    return job


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "images"


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)


def ids(count: int, first: int = 1) -> list[str]:
    return [str(number) for number in range(first, first + count)]


def states(report: LicenseReport) -> dict[str, str]:
    return {image.image_id: image.state for image in report.images}


def errors(report: LicenseReport) -> dict[str, str | None]:
    return {image.image_id: image.error for image in report.images}


def entries(job: LicenseJob) -> Entries:
    """What stands in the ledger as to be sent."""
    with Ledger(job._path) as ledger:
        return [json.loads(entry) for (entry,) in ledger.records(["entry"])]


def links(job: LicenseJob) -> list[str | None]:
    with Ledger(job._path) as ledger:
        return [link for (link,) in ledger.records(["link"])]


# What is planned.


@pytest.mark.parametrize(
    ("given", "planned"),
    [
        ("123", [{"image_id": "123"}]),
        (["1", "2"], [{"image_id": "1"}, {"image_id": "2"}]),
        ((one for one in ("1", "2")), [{"image_id": "1"}, {"image_id": "2"}]),
        ({"1": 0, "2": 0}.keys(), [{"image_id": "1"}, {"image_id": "2"}]),
        (Image(id="1", description="a cat"), [{"image_id": "1"}]),
        (LicenseImage(image_id="1", size="small"), [{"image_id": "1", "size": "small"}]),
        (LicenseImageVector(image_id="1"), [{"image_id": "1", "size": "vector"}]),
        (LicenseImageVector(image_id="1", size="vector"), [{"image_id": "1", "size": "vector"}]),
        ({"image_id": "1", "price": 1.5}, [{"image_id": "1", "price": 1.5}]),
        (
            ["1", Image(id="2"), {"image_id": "3", "metadata": LicenseRequestMetadata(customer_id="c")}],
            [
                {"image_id": "1"},
                {"image_id": "2"},
                {"image_id": "3", "metadata": {"customer_id": "c"}},
            ],
        ),
        ([], []),
    ],
)
def test_what_can_be_added(make: Make, server: Server, given: Any, planned: Entries):
    job = make()
    assert job.add(given) == len(planned)
    assert entries(job) == planned
    assert [(image.image_id, image.state) for image in job.status().images] == [
        (entry["image_id"], "planned") for entry in planned
    ]
    assert server.requests == []


def test_what_an_image_does_not_say_is_taken_from_the_job(make: Make):
    job = make(
        "1",
        LicenseImage(image_id="2", size="small", subscription_id="own", editorial_acknowledgement=False),
        LicenseImage(image_id="3", metadata={"order": "7", "team": "b"}),
        LicenseImage(image_id="4").to_dict(),
        LicenseImageVector(image_id="5"),
        size="huge",
        subscription_id="s",
        metadata={"customer_id": "c", "team": "a"},
        editorial_acknowledgement=True,
    )
    usual = {"size": "huge", "subscription_id": "s", "editorial_acknowledgement": True}
    metadata = {"customer_id": "c", "team": "a"}
    assert entries(job) == [
        {**usual, "image_id": "1", "metadata": metadata},
        {
            "image_id": "2",
            "size": "small",
            "subscription_id": "own",
            "editorial_acknowledgement": False,
            "metadata": metadata,
        },
        {**usual, "image_id": "3", "metadata": {"customer_id": "c", "order": "7", "team": "b"}},
        {**usual, "image_id": "4", "metadata": metadata},
        {**usual, "image_id": "5", "metadata": metadata, "size": "vector"},
    ]


def test_an_image_is_planned_once(make: Make):
    job = make()
    assert job.add(["1", "2", "1", LicenseImage(image_id="2")]) == 2
    with pytest.raises(LedgerError, match="image 9 is planned already, with another size"):
        job.add(["9", LicenseImage(image_id="9", size="small")])
    assert job.add(["2", "3"]) == 1
    assert job.add("3") == 0
    assert list(states(job.status())) == ["1", "2", "3"]


def test_other_settings_count_as_long_as_nothing_is_bought(make: Make, service: Service):
    service.refusals["2"] = REFUSED
    job = make("1", LicenseImage(image_id="2", size="small"))
    with pytest.raises(
        LedgerError, match=r"image 1 is planned already, with another size; nothing was added"
    ):
        job.add(["7", {"image_id": "1", "size": "small"}])
    assert job.add({"image_id": "1", "size": "small"}, replace=True) == 0
    job.run()
    with pytest.raises(LedgerError, match=r"image 2 is failed already, with another size"):
        job.add({"image_id": "2", "size": "huge"})
    assert job.add({"image_id": "2", "size": "huge"}, replace=True) == 0
    assert (states(job.status())["2"], errors(job.status())["2"]) == ("planned", None)
    for replace in (True, False):
        with pytest.raises(
            LedgerError, match=r"image 1 is licensed already, with another price, size; noth"
        ) as caught:
            job.add(["7", {"image_id": "1", "price": 1}], replace=replace)
    assert "For a second licence use another ledger" in str(caught.value)
    assert list(states(job.status())) == ["1", "2"]
    assert job.add({"size": "small", "image_id": "1"}) == 0  # the order of keys says nothing
    assert service.bodies[0][0]["size"] == "small"
    job.run()
    assert service.bodies[1][0]["size"] == "huge"


def test_other_settings_of_what_may_be_bought_are_refused(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1", "2")
    job.run()
    changed = [{"image_id": one, "size": "small"} for one in "21"]
    with pytest.raises(
        LedgerError, match="image 2 is unknown already, with another size, and 1 more; nothing"
    ):
        job.add(changed, replace=True)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (None, r"images\[1\]"),
        (b"7", r"images\[1\]"),
        (Image(), r"images\[1\]\.image_id: required"),
        ({"image_id": 7}, r"images\[1\]\.image_id: expected str, got 7"),
        (7, r"images\[1\]\.image_id: expected str, got 7 \(int\); write '7'"),
        ("7\n", r"images\[1\]\.image_id: expected an id, got '7\\n' \(str\); write '7'"),
        ({"image_id": " 7"}, r"images\[1\]\.image_id: expected an id, .*; write '7'"),
        (" ", r"images\[1\]\.image_id: expected an id, got ' ' \(str\)$"),
        ("", r"images\[1\]\.image_id: expected an id, got '' \(str\)$"),
        ({"image": "7"}, r"images\[1\]\.image: .*no such field"),
        ({"image_id": "7", "size": 3}, r"images\[1\]\.size: expected str"),
        ({"image_id": "7", "metadata": "text"}, r"images\[1\]\.metadata"),
        (
            {"image_id": "7", "metadata": {"license_job": "x"}},
            r"images\[1\]\.metadata: 'license_job' is the key",
        ),
        (
            {"image_id": "7", "metadata": dict.fromkeys("abcd", "x")},
            r"images\[1\]\.metadata: .* takes 4 keys",
        ),
        ({"image_id": "7", "price": float("nan")}, r"images\[1\]\.price"),
        (LicenseImage(image_id="\ud800"), r"images\[1\]\.image_id: broken text"),
    ],
)
def test_with_a_bad_entry_nothing_is_added(make: Make, bad: Any, message: str):
    job = make()
    with pytest.raises(ApiException, match=message):
        job.add(["1", bad])
    assert job.status().images == []


@pytest.mark.parametrize("images", [7, None, 1.5])
def test_what_is_no_image(make: Make, images: Any):
    with pytest.raises(ApiTypeError, match="images: expected ids or images to license"):
        make().add(images)


def test_keys_of_metadata(make: Make, api: ImagesApi):
    three, four = dict.fromkeys("abc", "x"), dict.fromkeys("abcd", "x")
    assert make().add({"image_id": "1", "metadata": three}) == 1
    with pytest.raises(ApiValueError, match="4 keys, the job's marker among them"):
        make(metadata={"d": "x"}).add({"image_id": "2", "metadata": three})
    with pytest.raises(ApiValueError, match=r"images\[0\]\.metadata"):
        make(metadata=four)
    with pytest.raises(ApiValueError, match="is the key of the job's marker"):
        make(metadata={"mine": "x"}, marker="mine")
    assert make(marker=None).add({"image_id": "2", "metadata": four}) == 1
    assert make(marker=None).add({"image_id": "3", "metadata": {"license_job": "x"}}) == 1
    api.api_client.configuration.license_marker = "theirs"
    with pytest.raises(ApiValueError, match="4 keys"):
        make(marker=None).add({"image_id": "4", "metadata": four})
    with pytest.raises(ApiValueError, match="4 keys"):  # each request carries both markers
        make().add({"image_id": "4", "metadata": three})
    assert make(marker="theirs").add({"image_id": "4", "metadata": three}) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api": 7}, "api: expected an ImagesApi or ApiClient, got int"),
        ({"ledger": 7}, "ledger: expected a path, got 7"),
        ({"ledger": b"job.sqlite"}, "ledger: expected a path"),
        ({"ledger": "a\0b"}, "ledger: expected a path of this machine"),
        ({"ledger": "s3://bucket/job.sqlite"}, "ledger: expected a path of this machine"),
        ({"marker": ""}, "marker: expected a key for metadata, or None, got ''"),
        ({"marker": 7}, "marker: expected a key"),
        ({"size": 7}, r"size: expected str, got 7"),
        ({"subscription_id": 7}, "subscription_id: expected str"),
        ({"metadata": "text"}, "metadata"),
        ({"metadata": {7: "x"}}, "expected text as key"),
        ({"editorial_acknowledgement": "yes"}, "editorial_acknowledgement: expected True or False"),
    ],
)
def test_arguments_of_a_job(api: ImagesApi, tmp_path: Path, options: dict[str, Any], message: str):
    with pytest.raises(ApiException, match=message):
        LicenseJob(**{"api": api, "ledger": tmp_path / "job.sqlite", **options})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_charge": -1}, "max_charge: expected a number from 0, got -1"),
        ({"max_charge": "5"}, "max_charge: expected a number"),
        ({"max_charge": float("nan")}, "max_charge"),
        ({"charge_each": 0}, "charge_each: expected a number above 0, got 0"),
        ({"settled_after": -1}, "settled_after: expected a number from 0"),
        ({"settled_after": True}, "settled_after: expected a number"),
        ({"workers": 0}, "workers: expected a number from 1, got 0"),
        ({"workers": 1.5}, "workers: expected int"),
        ({"workers": 0, "max_charge": -1}, r"max_charge: (.|\n)*workers: "),
        ({"name": "cat.jpg"}, "give {image_id} or {license_id} in it"),
        ({"name": "{size}.{extension}"}, "give {image_id} or {license_id} in it"),
        ({"name": "{image_id}{name}"}, "unknown field 'name'"),
        ({"name": "{image_id"}, "is no template"),
        ({"name": 7}, "name: expected a template"),
        ({"progress": "yes"}, "progress: expected True, False or a function"),
        ({"directory": 7}, "directory: expected a path, got 7"),
        ({"directory": b"images"}, "directory: expected a path"),
        ({"directory": "s3://bucket/images"}, "directory: expected a path of this machine"),
        ({"directory": os.fsdecode(b"im\xffges")}, "directory: broken text"),
    ],
)
def test_arguments_of_a_run(
    make: Make, server: Server, tmp_path: Path, arguments: dict[str, Any], message: str
):
    with pytest.raises(ApiException, match=message):
        make("1").run(**arguments)
    assert server.requests == []
    assert {path.name for path in tmp_path.iterdir()} <= {"job.sqlite", "job.sqlite.lock"}


def test_a_client_will_do_and_the_repr_names_the_ledger(client: ApiClient, service: Service, tmp_path: Path):
    job = LicenseJob(client, str(tmp_path / "x" / ".." / "job.sqlite"))
    job.add("1")
    assert states(job.run()) == {"1": "licensed"}
    assert repr(job) == f"<LicenseJob {tmp_path.resolve() / 'job.sqlite'}>"


def test_two_runs_at_once_are_refused(make: Make, folder: Path):
    job = make("1")
    found: list[Exception] = []

    def progress(_: Progress) -> None:
        with pytest.raises(LedgerError, match="another run of this ledger is going on") as caught:
            job.run()
        found.append(caught.value)

    job.run(progress=progress)
    assert len(found) == 1
    assert states(job.run()) == {"1": "licensed"}


# What is sent.


def test_fifty_at_a_time_each_once(make: Make, service: Service):
    job = make(*ids(120))
    report = job.run()
    assert service.asked == [ids(50), ids(50, 51), ids(20, 101)]
    assert service.sold == Counter(ids(120))
    assert (len(report.licensed), report.charge, report.stopped) == (120, 120, None)
    assert states(job.run()) == states(report)
    assert len(service.bodies) == 3


def test_each_image_has_a_text_of_its_own_that_stays(
    make: Make, service: Service, api: ImagesApi, tmp_path: Path
):
    service.acts = iter([unavailable, nothing])
    job = make("1", LicenseImage(image_id="2", metadata={"order": "7"}))
    job.run()
    first, again = service.bodies
    assert first == again
    texts = [image["metadata"].pop("license_job") for image in first]
    assert first == [{"image_id": "1", "metadata": {}}, {"image_id": "2", "metadata": {"order": "7"}}]
    other = LicenseJob(api, tmp_path / "other.sqlite", marker="campaign")
    other.add(["1", "2"])
    other.run()
    texts += [image["metadata"]["campaign"] for image in service.bodies[-1]]
    assert len(set(texts)) == 4


def test_markers_of_the_configuration(make: Make, service: Service, api: ImagesApi):
    assert states(make("1", marker=None).run()) == {"1": "licensed"}
    api.api_client.configuration.license_marker = "theirs"
    assert states(make("2", marker=None).run())["2"] == "licensed"
    assert states(make("3").run())["3"] == "licensed"
    sent = [images[0].get("metadata", {}) for images in service.bodies]
    assert [set(metadata) for metadata in sent] == [set(), {"theirs"}, {"theirs", "license_job"}]
    assert sent[1]["theirs"].endswith("-2")  # the job's own text, by which it looks up


@pytest.mark.parametrize("marker", [None, "license_job", "theirs"])
@pytest.mark.parametrize("act", [lost, nothing])
def test_a_doubt_is_cleared_with_any_marker(
    make: Make, service: Service, clock: Clock, marker: str | None, act: Act
):
    service.acts = iter([act])
    assert states(make("1", "2", marker=marker).run()) == {"1": "licensed", "2": "licensed"}
    assert service.sold == Counter("12")
    assert len(service.bodies) == (1 if act is lost else 2)


# Refusals.


def test_refusals_in_the_words_of_the_service_are_asked_for_again(make: Make, service: Service):
    service.refusals = {"2": REFUSED}
    job = make("1", "2", "3")
    report = job.run()
    assert states(report) == {"1": "licensed", "2": "failed", "3": "licensed"}
    assert (errors(report)["2"], report.stopped) == (REFUSED, None)
    job.add("4")
    assert states(job.run())["2"] == "failed"
    assert service.asked[1] == ["4", "2"]  # what is new goes first
    service.refusals.clear()
    report = job.run()
    assert (states(report)["2"], errors(report)["2"]) == ("licensed", None)
    assert service.sold == Counter("1234")


def test_an_exhausted_allotment_stops_the_buying(make: Make, service: Service, folder: Path):
    service.refusals = dict.fromkeys(ids(500, 41), USED_UP)
    job = make(*ids(120))
    report = job.run(folder)
    assert service.asked == [ids(50)]
    assert states(report) == {one: "licensed" if int(one) <= 40 else "planned" for one in ids(120)}
    assert report.stopped == f"image 41: {USED_UP}"
    assert len(list(folder.iterdir())) == 40
    assert all(image.path for image in report.licensed)
    service.refusals.clear()
    report = job.run(folder)
    assert (len(report.licensed), report.stopped) == (120, None)
    assert service.sold == Counter(ids(120))


def test_other_subscriptions_go_on(make: Make, service: Service):
    service.refusals = dict.fromkeys(ids(500), USED_UP)
    plan = [LicenseImage(image_id=one, subscription_id="a") for one in ids(60)]
    plan += [LicenseImage(image_id=one, subscription_id="b") for one in ids(60, 1001)]
    plan += ids(60, 2001)
    report = make(*plan).run()
    assert [len(images) for images in service.bodies] == [50, 50, 50, 20]
    assert report.stopped == f"image 1: {USED_UP}"
    assert Counter(states(report).values()) == {"licensed": 120, "planned": 60}


def test_other_subscriptions_go_on_after_doubts_too(
    make: Make, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run, "CHUNK", 1)
    service.refusals = {"2": USED_UP}
    service.acts = iter([nothing])
    plan = [LicenseImage(image_id=one, subscription_id=by) for one, by in ("1a", "2b", "3b")]
    report = make(*plan).run()
    assert (states(report)["1"], service.asked) == ("licensed", [["1"], ["2"], ["1"]])
    assert report.stopped == f"image 2: {USED_UP}"


def test_such_words_about_one_image_do_not_stop_the_others(make: Make, service: Service):
    words = "custom_dimensions exceed the image"
    service.refusals = {"2": words, "3": words, "50": words}
    job = make(*ids(60))
    report = job.run()
    assert [image.image_id for image in report.failed] == ["2", "3", "50"]
    assert (len(report.licensed), report.stopped) == (57, None)
    assert job.run(max_charge=58).stopped == f"image 2: {words}"  # alone it cannot be told apart
    service.refusals = {}
    assert len(job.run().licensed) == 60


def test_an_allotment_that_ends_with_the_request(make: Make, service: Service, chunks_of_two: None):
    service.refusals = dict.fromkeys("23456", USED_UP)
    report = make(*ids(6)).run()
    assert service.asked == [["1", "2"], ["3", "4"]]
    assert states(report) == {"1": "licensed", "2": "failed", **dict.fromkeys("3456", "planned")}
    assert report.stopped == f"image 3: {USED_UP}"


def named(*places: Any) -> bytes:
    parts = [{"message": f"bad {place}", "path": f"$.body.images[{place}].size"} for place in places]
    return answer(400, {"message": "Validation failed", "errors": parts})


def test_a_refusal_of_all_that_names_images(make: Make, service: Service):
    service.acts = iter([instead(named(1, 3, 99, "x"))])
    report = make(*ids(5)).run()
    assert service.asked == [ids(5), ["1", "3", "5"]]
    assert states(report) == {**dict.fromkeys("135", "licensed"), "2": "failed", "4": "failed"}
    assert (errors(report)["2"], errors(report)["4"]) == ("bad 1", "bad 3")


def test_a_refusal_that_names_images_by_code_only(make: Make, service: Service):
    parts = [{"code": "SIZE", "path": "$.body.images[0]"}, {"path": "body.images[1]"}, {"path": None}]
    service.acts = iter([instead(answer(422, {"errors": parts}))])
    report = make("1", "2", "3").run()
    assert errors(report) == {"1": "SIZE", "2": "Reason", "3": None}


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_refusal_of_all_that_names_none_is_asked_one_by_one(make: Make, service: Service, status: int):
    def picky(service: Service, images: Entries) -> bytes:
        if any(image["image_id"] in "24" for image in images):
            return answer(status, {"message": "One is bad"})
        return serve(service, images)

    service.acts = itertools.repeat(picky)
    job = make(*ids(6))
    report = job.run()
    assert service.asked == [ids(6), *([one] for one in ids(6))]
    assert states(report) == {**dict.fromkeys("1356", "licensed"), **dict.fromkeys("24", "failed")}
    assert errors(report)["2"] == f"POST /v2/images/licenses: {status} Reason: One is bad"
    assert report.stopped is None


@pytest.mark.parametrize(("good", "asked"), [("", 4), ("1", 7), ("3", 7), ("4", 4)])
def test_three_alike_are_the_fault_of_the_request(make: Make, service: Service, good: str, asked: int):
    def act(service: Service, images: Entries) -> bytes:
        return serve(service, images) if images[0]["image_id"] == good != "" and len(images) == 1 else named()

    service.acts = itertools.repeat(act)
    report = make(*ids(6)).run()
    assert len(service.bodies) == asked
    assert (report.stopped is None) == (asked == 7)
    assert len(report.failed) == (5 if asked == 7 else 3)


def test_what_goes_alone_does_not_take_others_along(make: Make, service: Service, chunks_of_two: None):
    service.acts = iter([instead(named())])
    make(*ids(3)).run()
    assert service.asked == [["1", "2"], ["3"], ["1"], ["2"]]


def test_others_do_not_go_along_with_what_goes_alone(make: Make, service: Service, chunks_of_two: None):
    service.acts = iter([instead(named()), instead(answer(429, Retry_After="3000"))])
    make(*ids(4)).run()
    assert service.asked == [["1", "2"], ["3", "4"], ["1"], ["2"], ["3", "4"]]


@pytest.mark.parametrize("status", [301, 401, 402, 403, 404, 418, 451])
def test_a_refusal_of_who_asks_stops_at_once(make: Make, service: Service, status: int):
    service.acts = iter([instead(answer(status, {"message": "No"}))])
    job = make(*ids(60))
    report = job.run()
    assert len(service.bodies) == 1
    words = f"POST /v2/images/licenses: {status} Reason: No"
    advice = ". It needs a valid token with the scopes licenses.create and purchases.view."
    assert report.stopped == words + advice * (status in (401, 403))
    assert set(states(report).values()) == {"planned"}
    assert errors(report)["1"] == words
    assert len(job.run().licensed) == 60
    assert service.sold == Counter(ids(60))


def test_no_token_is_no_doubt(make: Make, service: Service, client: ApiClient):
    def hook(_: Configuration) -> None:
        raise ApiException(reason="no token today")

    client.configuration.refresh_api_key_hook = hook
    report = make("1").run()
    assert (states(report), report.stopped) == ({"1": "planned"}, "no token today")


def test_what_cannot_be_sent_is_raised_and_nothing_is_in_doubt(
    make: Make, service: Service, client: ApiClient
):
    job = make(LicenseImage(image_id="1", metadata=dict.fromkeys("abc", "x")))
    client.configuration.license_marker = "late"
    with pytest.raises(ApiValueError, match="license_marker needs one"):
        job.run()
    assert states(job.status()) == {"1": "planned"}
    assert service.bodies == []


# Answers that leave something open.

DOUBTS = {
    "hung up": HANG_UP,
    "cut": answer(200, b'{"data": [', 99),
    "garbage": answer(200, "garbage"),
    "empty": answer(200),
    "no data": answer(200, {"data": []}),
    "a list": answer(200, b"[]"),
    "500": answer(500, {"message": "m"}),
    "502": answer(502, "<html>"),
    "303": answer(303, Location="/v2/elsewhere"),
    "408": answer(408),
    "nothing said": answer(200, {"data": [{"image_id": "1"}, {"image_id": "2"}]}),
    "errors": answer(200, {"errors": [{"message": "No"}]}),
}


@pytest.mark.parametrize("served", [True, False])
@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubt_is_looked_up_at_once(
    make: Make, service: Service, clock: Clock, folder: Path, doubt: str, served: bool
):
    service.acts = iter([(hidden if served else instead)(DOUBTS[doubt])])
    before = clock.now
    report = make("1", "2").run(folder)
    assert states(report) == {"1": "licensed", "2": "licensed"}
    assert service.sold == Counter("12")
    assert [image.error for image in report.images] == [None, None]
    assert sorted(path.name for path in folder.iterdir()) == ["1.jpg", "2.jpg"]
    if served:
        assert (clock.now, len(service.bodies)) == (before, 1)
        assert len(service.requests("/downloads$")) == 2  # the history has no links
        assert report.charge == 0  # and no charges
    else:
        assert len(service.bodies) == 2
        assert clock.now - before >= 600


def test_where_nobody_can_tell_the_others_go_on(
    make: Make, service: Service, clock: Clock, chunks_of_two: None
):
    service.delay = 300
    service.acts = iter([lost, serve, nothing])
    report = make(*ids(6)).run()
    assert service.asked == [ids(2), ids(2, 3), ids(2, 5), ids(2, 5)]
    assert service.sold == Counter(ids(6))
    assert len(report.licensed) == 6


def test_what_the_answer_does_tell_counts(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.refusals = {"2": REFUSED}
    service.acts = iter([telling(lambda data: data[:2])])
    report = make("1", "2", "3").run()
    assert states(report) == {"1": "licensed", "2": "failed", "3": "unknown"}
    assert "leaves out 3" in str(errors(report)["3"])
    assert (report.charge, report.images[0].license_id) == (1, "L1")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:1],
        lambda data: [data[1], {"image_id": "3"}],
        lambda data: [{**entry, "image_id": None} for entry in data],
        lambda data: [{**entry, "image_id": "9"} for entry in data],
        lambda data: {"data": data[:1], "errors": [{"message": "Half of it"}]},
        lambda data: [*data[:2], "text", None, 7],
        lambda data: [{"image_id": entry["image_id"], "price": None} for entry in data],
    ],
)
def test_what_the_answer_leaves_out_is_looked_up(make: Make, service: Service, change: Any):
    service.acts = iter([telling(change)])
    report = make("1", "2", "3").run()
    assert set(states(report).values()) == {"licensed"}
    assert [image.license_id for image in report.images] == ["L1", "L2", "L3"]
    assert (len(service.bodies), service.sold) == (1, Counter("123"))
    assert len(service.requests("GET .*image_id=")) in (1, 2, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[::-1],
        lambda data: [{**entry, "image_id": int(entry["image_id"])} for entry in data],
        lambda data: [*data, {"image_id": "9", "error": USED_UP}, {"image_id": "8", "license_id": "L8"}],
        lambda data: [*data, *({"image_id": entry["image_id"], "error": "Twice"} for entry in data)],
        lambda data: [{**entry, "error": "Sold all the same"} for entry in data],
        lambda data: [{**entry, "new": {"field": 1}} for entry in data],
    ],
)
def test_answers_in_other_ways(make: Make, service: Service, change: Any):
    service.acts = iter([telling(change)])
    report = make("1", "2", "3").run()
    assert [(image.state, image.license_id, image.charge) for image in report.images] == [
        ("licensed", f"L{one}", 1) for one in "123"
    ]
    assert (report.stopped, service.requests("GET")) == (None, [])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"allotment_charge": "1"}, {"charge": None}),
        ({"allotment_charge": None}, {"charge": None}),
        ({"allotment_charge": True}, {"charge": None}),
        ({"allotment_charge": 2.5}, {"charge": 2.5}),
        ({"allotment_charge": 0}, {"charge": 0}),
        ({"allotment_charge": 10**30}, {"charge": 1e30}),
        ({"allotment_charge": float("inf")}, {"charge": None}),
        ({"price": None}, {"price": None, "currency": None}),
        ({"price": 5}, {"price": None, "currency": None}),
        ({"price": {"local_amount": 1.5, "local_currency": "USD"}}, {"price": 1.5, "currency": "USD"}),
        ({"price": {"local_amount": "1.5", "local_currency": ["USD"]}}, {"price": None, "currency": None}),
        ({"license_id": 7}, {"license_id": "7"}),
        ({"license_id": None}, {"license_id": None}),
        ({"license_id": {"id": "L1"}}, {"license_id": None}),
        ({"license_id": "L\ud8001"}, {"license_id": "L?1"}),
        ({"download": None}, {"license_id": "L1"}),
        ({"download": "https://files.example/1"}, {"license_id": "L1"}),
        ({"download": {"url": {"a": 1}}}, {"license_id": "L1"}),
        ({"download": {"url": "no link"}}, {"license_id": "L1"}),
    ],
)
@pytest.mark.parametrize("directory", [False, True])
def test_values_of_other_kinds(
    make: Make,
    service: Service,
    folder: Path,
    told: dict[str, Any],
    expected: dict[str, Any],
    directory: bool,
):
    body = json.dumps({"data": [{"image_id": "1", "license_id": "L1", "download": {"url": None}, **told}]})
    service.acts = iter([hidden(answer(200, body.replace("null", "null").replace("Infinity", "1e999")))])
    if told.get("license_id", "L1") != "L1":
        body = body.replace('{"url": null}', json.dumps({"url": service.link("L1")}))
        service.acts = iter([hidden(answer(200, body))])
    report = make("1").run(folder if directory else None)
    (image,) = report.images
    assert (image.state, image.error) == ("licensed", None)
    assert {name: getattr(image, name) for name in expected} == expected
    assert len(service.books) == len(service.bodies) == 1
    if directory:
        assert image.path == folder / "1.jpg"


@pytest.mark.parametrize("image_id", ["0001", "i1", [], None])
def test_the_history_may_write_an_image_id_in_its_own_way(make: Make, service: Service, image_id: Any):
    def history(request: Request) -> bytes:
        (sold,) = service.books
        entry = {"id": "L1", "image": {"id": image_id}, "metadata": sold["metadata"]}
        return answer(200, {"data": [entry]}, Date=formatdate(service.clock.now, usegmt=True))

    service.history = history
    service.acts = iter([lost])
    (image,) = make("1").run().images
    assert (image.state, image.license_id, len(service.bodies)) == ("licensed", "L1", 1)


@pytest.mark.parametrize("image_id", [[], {}, None])
def test_an_image_id_that_nobody_can_read_leaves_doubt(make: Make, service: Service, image_id: Any):
    entry = {"id": "L1", "image": {"id": image_id}}
    date = formatdate(service.clock.now, usegmt=True)
    service.history = lambda request: answer(200, {"data": [entry]}, Date=date)
    service.acts = iter([lost])
    assert (states(make("1").run()), len(service.bodies)) == ({"1": "unknown"}, 1)


def test_an_entry_of_the_history_without_id(make: Make, service: Service, folder: Path):
    def history(request: Request) -> bytes:
        return answer(200, {"data": [{"image": {"id": "1"}, "metadata": service.bodies[0][0]["metadata"]}]})

    service.history = history
    service.acts = iter([lost])
    job = make("1", "2")
    with Ledger(job._path) as ledger:
        assert ledger.count() == 2
    report = make("1").run(folder, name="{license_id}.jpg", settled_after=0)
    assert states(report)["1"] == "licensed"
    assert "license_id" in str(report.images[0].file_error)


# Time.


def test_the_history_is_waited_for(make: Make, service: Service, clock: Clock):
    service.delay = 599
    service.acts = iter([lost])
    before = clock.now
    report = make("1").run()
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 1)
    assert 600 <= clock.now - before < 602


@pytest.mark.parametrize("settled_after", [0, 1, 30, 3600.0])
def test_what_the_history_does_not_show_in_time_is_bought_again_once(
    make: Make, service: Service, clock: Clock, settled_after: float
):
    service.acts = iter([nothing])
    before = clock.now
    report = make("1").run(settled_after=settled_after)
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 2)
    assert max(5, settled_after) <= clock.now - before < max(7, settled_after + 2)


def test_doubts_of_an_earlier_run_are_cleared_before_anything_is_bought(
    make: Make, service: Service, clock: Clock
):
    service.acts = iter([nothing])
    service.history = lambda request: answer(403)
    make("1").run()
    service.history = lambda request: None
    clock.now += 601
    before = len(service.server.requests)
    report = make("2").run(max_charge=2)
    assert [request.verb for request in service.server.requests[before:]] == ["GET", "POST", "POST"]
    assert (service.asked, len(report.licensed)) == ([["1"], ["1"], ["2"]], 2)


def test_a_history_that_cannot_be_read_is_not_asked_for_each_image(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    make(*ids(9)).run()
    assert len(service.requests("GET")) == 3 * 2  # at once, and at the end


def test_a_clock_that_was_wrong_keeps_nobody_waiting(make: Make, service: Service, clock: Clock):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1")
    clock.now += 1e5
    job.run()
    clock.now -= 1e5
    service.books[0]["time"] = before = clock.now
    service.history, service.delay = (lambda request: None), 300
    report = job.run()
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 1)
    assert clock.now - before < 602


def test_a_clock_that_is_put_back_meanwhile(make: Make, service: Service, clock: Clock):
    def history(request: Request) -> None:
        if len(service.requests("GET")) == 1:
            clock.now -= 1e5

    service.acts, service.history = iter([nothing]), history
    job, before = make("1"), clock.now - 1e5
    assert states(job.run()) == {"1": "unknown"}
    assert clock.now - before < 1300
    assert (states(job.run()), len(service.bodies)) == ({"1": "licensed"}, 2)
    assert clock.now - before < 1900


def test_a_second_doubt_about_the_same_image_is_left_to_the_next_run(make: Make, service: Service):
    service.acts = iter([nothing, nothing])
    job = make("1")
    report = job.run()
    assert (states(report), len(service.bodies)) == ({"1": "unknown"}, 2)
    assert "the outcome is unknown" in str(errors(report)["1"])
    assert (states(job.run()), service.sold) == ({"1": "licensed"}, Counter("1"))


@pytest.mark.parametrize("history", [answer(403), answer(200, "garbage"), answer(200, {"errors": ["No"]})])
def test_without_a_history_nothing_is_bought_again(
    make: Make, service: Service, clock: Clock, history: bytes
):
    service.history = lambda request: history
    service.acts = iter([lost])
    job = make("1")
    before = clock.now
    assert states(job.run()) == {"1": "unknown"}
    assert clock.now - before == 5  # the pause; there is nothing to wait for
    clock.now += 1e6
    assert states(job.run()) == {"1": "unknown"}
    assert len(service.bodies) == 1
    service.history = lambda request: None
    assert states(job.run()) == {"1": "licensed"}
    assert len(service.bodies) == 1


def test_one_unreadable_page_does_not_undo_the_others(make: Make, service: Service):
    service.acts = iter([lost, lost])
    service.history = lambda request: answer(403) if dict(request.query)["image_id"] == "51" else None
    report = make(*ids(51)).run()
    assert Counter(states(report).values()) == {"licensed": 50, "unknown": 1}


def test_a_service_that_tells_no_time(make: Make, service: Service, clock: Clock):
    service.history = lambda request: answer(200, {"data": []})
    service.acts = iter([nothing])
    job = make("1")
    assert states(job.run()) == {"1": "unknown"}
    clock.now += 1e6
    assert states(job.run()) == {"1": "unknown"}
    assert len(service.bodies) == 1


def test_two_licences_for_one_request_are_one(make: Make, service: Service):
    """Somebody on the way sent it twice: the licence that can be downloaded is taken."""

    def twice(service: Service, images: Entries) -> bytes:
        service.sell(images)
        service.sell([{**image, "is_downloadable": False} for image in images])
        return HANG_UP

    service.acts = iter([twice])
    report = make("1").run()
    assert (report.images[0].license_id, len(service.bodies)) == ("L1", 1)


def test_pauses_grow_and_end(make: Make, service: Service, clock: Clock, chunks_of_two: None):
    service.history = lambda request: answer(403)
    service.acts = itertools.repeat(nothing)
    before = clock.now
    report = make(*ids(20)).run()
    assert len(service.bodies) == 6
    assert clock.now - before == pytest.approx(5 + 30 + 120 + 300 + 600)
    assert str(report.stopped).startswith("POST /v2/images/licenses: the outcome is unknown")
    assert Counter(states(report).values()) == {"unknown": 12, "planned": 8}


@pytest.mark.parametrize("good", [serve, lost, instead(answer(200, {"data": []}))])
def test_after_an_answer_pauses_are_short_again(
    make: Make, service: Service, clock: Clock, good: Act, chunks_of_two: None
):
    service.acts = iter([nothing] * 3 + [good] + [nothing] * 3)
    before = clock.now
    make(*ids(14)).run(settled_after=0)
    pauses = 155 + 155 if good in (serve, lost) else 5 + 30 + 120 + 300 + 600
    assert clock.now - before == pytest.approx(pauses, abs=3)


def test_a_service_that_answers_and_says_nothing_is_given_up(
    make: Make, service: Service, chunks_of_two: None
):
    service.acts = itertools.repeat(instead(answer(200, {"errors": [{"message": "No subscription"}]})))
    report = make(*ids(20)).run()
    assert len(service.bodies) == 6
    assert "No subscription" in str(report.stopped)
    assert Counter(states(report).values()) == {"planned": 20}


@pytest.mark.parametrize(("seconds", "waits"), [(1, 6), (100, 105), (3000, 3000)])
def test_a_rate_limit_is_waited_for(make: Make, service: Service, clock: Clock, seconds: int, waits: float):
    service.acts = iter([instead(answer(429, Retry_After=str(seconds)))])
    before = clock.now
    report = make("1").run()
    assert (states(report), len(service.bodies)) == ({"1": "licensed"}, 2)
    assert seconds <= clock.now - before <= waits + 1


def test_a_rate_limit_of_hours_ends_the_buying(make: Make, service: Service, clock: Clock):
    service.acts = iter([instead(answer(429, {"message": "Slow"}, Retry_After="3601"))])
    before = clock.now
    report = make("1").run()
    assert (states(report), len(service.bodies), clock.now) == ({"1": "planned"}, 1, before)
    assert report.stopped == "POST /v2/images/licenses: 429 Reason: Slow"


def test_a_rate_limit_without_end(make: Make, service: Service, client: ApiClient, clock: Clock):
    client.configuration.retries = 0
    service.acts = itertools.repeat(instead(answer(429)))
    report = make("1").run()
    assert (states(report), len(service.bodies)) == ({"1": "planned"}, 6)
    assert str(report.stopped).startswith("POST /v2/images/licenses: 429 Reason")


def test_nobody_listens(refusing: str, clock: Clock, tmp_path: Path):
    with ApiClient(Configuration(refusing, access_token=TOKEN)) as client:
        client.timing = clock.timing
        job = LicenseJob(client, tmp_path / "job.sqlite")
        job.add(ids(60))
        report = job.run()
    assert Counter(states(report).values()) == {"planned": 60}
    assert str(report.stopped).startswith("POST /v2/images/licenses: ")
    assert clock.now - Clock().now >= 1055


# The most that a job may take.


@pytest.mark.parametrize(
    ("limit", "each", "dear", "bought"),
    [
        (0, 1, 1, 0),
        (0.5, 1, 1, 0),
        (1, 1, 1, 1),
        (7, 1, 1, 7),
        (7.9, 1, 1, 7),
        (60, 1, 1, 60),
        (1000, 1, 1, 80),
        (5, 6, 1, 0),
        (10, 3, 1, 8),  # the last room for 3: at 7 no more, but 8 x 1 + 3 > 10 ends it
        (10, 0.1, 2.5, 4),
        (1, 0.25, 0.25, 4),
        (10, 1, 0, 80),
    ],
)
def test_max_charge(make: Make, service: Service, limit: float, each: float, dear: float, bought: int):
    service.charge = lambda image: dear
    report = make(*ids(80)).run(max_charge=limit, charge_each=each)
    assert (len(service.books), report.charge) == (bought, bought * dear)
    if service.bodies:
        assert service.asked[0] == ["1"]
    assert (report.stopped is None) == (bought == 80)
    if report.stopped:
        assert report.stopped == f"max_charge: {limit:g} would be exceeded"


def test_max_charge_counts_all_runs(make: Make, service: Service):
    job = make(*ids(20))
    assert job.run(max_charge=5).charge == 5
    assert job.run(max_charge=5).charge == 5
    assert len(service.bodies) == 2
    assert job.run(max_charge=8).charge == 8
    assert job.run().charge == 20


def test_dear_images_raise_what_is_expected(make: Make, service: Service):
    service.charge = lambda image: 4 if image == "1" else 1
    make(*ids(20)).run(max_charge=10)
    assert service.asked == [["1"], ["2"], ["3"], ["4"]] or service.asked[:2] == [["1"], ["2"]]
    assert sum(sold["charge"] for sold in service.books) <= 10


@pytest.mark.parametrize("told", [None, "1"])
def test_charges_that_nobody_tells_count_as_dear(make: Make, service: Service, told: Any):
    service.acts = itertools.repeat(telling(lambda data: [{**e, "allotment_charge": told} for e in data]))
    report = make(*ids(20)).run(max_charge=10, charge_each=3)
    assert (service.asked, report.charge) == ([["1"], ["2", "3"]], 0)


def test_images_in_doubt_count(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([serve, lost])
    job = make(*ids(20))
    report = job.run(max_charge=10)
    assert Counter(states(report).values()) == {"licensed": 1, "unknown": 9, "planned": 10}
    service.history = lambda request: None
    report = job.run(max_charge=12)
    assert Counter(states(report).values()) == {"licensed": 12, "planned": 8}


def test_reused_licences_take_nothing(make: Make, service: Service):
    service.sell([{"image_id": one} for one in "123"])
    report = make(*ids(6)).run(max_charge=2, reuse_existing=True)
    assert (len(report.licensed), service.asked, report.charge) == (5, [["4"], ["5"]], 2)


@pytest.mark.parametrize("seed", range(12))
def test_max_charge_is_never_exceeded(make: Make, service: Service, seed: int):
    chance = random.Random(seed)
    top = chance.choice([1, 2, 0.5])
    charges = {one: chance.choice([top, top / 2, 0]) for one in ids(30)}
    service.charge = charges.__getitem__
    untold = telling(lambda data: [{**entry, "allotment_charge": None} for entry in data])
    acts = [serve, serve, lost, nothing, unavailable, untold, telling(lambda data: data[:1])]
    service.acts = iter(chance.choices(acts, k=30))
    service.delay = chance.choice([0, 300])
    job, limit = make(*ids(30)), chance.choice([0, 1, 3.5, 9, 20])
    for _ in range(3):
        job.run(max_charge=limit, charge_each=top)
        assert sum(sold["charge"] for sold in service.books) <= limit
    assert set(service.sold.values()) <= {1}


# Licences that are there already.


def test_licences_are_reused(make: Make, service: Service, folder: Path):
    service.sell([{"image_id": one} for one in ("2", "9", "2")])
    report = make("1", "2", "3").run(folder, reuse_existing=True)
    assert service.asked == [["1", "3"]]
    assert [(image.license_id, image.reused) for image in report.images] == [
        ("L4", False),
        ("L3", True),  # the newest
        ("L5", False),
    ]
    assert len(list(folder.iterdir())) == 3
    assert make().run(reuse_existing=True) == report
    assert len(service.requests("GET /v2/images/licenses")) == 2


def test_which_licences_are_not_reused(make: Make, service: Service):
    service.sell(
        [
            {"image_id": "1", "is_downloadable": False},
            {"image_id": "2", "subscription_id": "a"},
            {"image_id": "3", "subscription_id": "b"},
        ]
    )
    plan = [LicenseImage(image_id=one, subscription_id="b") for one in "23"]
    report = make("1", *plan).run(reuse_existing=True)
    assert [image.reused for image in report.images] == [False, False, True]
    assert service.asked == [["1", "2"]]


def test_entries_that_say_too_little_are_not_reused(make: Make, service: Service):
    odd = [
        "text",
        {"id": "L1"},
        {"image": {"id": "1"}},
        {"id": "L2", "image": {"id": "1"}, "is_downloadable": False},
        {"id": "L3", "image": {"id": 2}},
    ]
    pages = {"1": odd, "2": []}
    service.history = lambda r: answer(200, {"data": pages[dict(r.query).get("page", "1")], "total_count": 5})
    report = make("1", "2").run(reuse_existing=True)
    assert [(image.reused, image.license_id) for image in report.images] == [(False, "L1"), (True, "L3")]


def test_the_history_is_read_no_further_than_needed(make: Make, service: Service):
    service.sell([{"image_id": one} for one in ids(250)])
    report = make("250", "51").run(reuse_existing=True)
    assert [image.reused for image in report.images] == [True, True]
    assert len(service.requests("GET")) == 2  # how long it is, and the first page


def test_a_long_history_is_asked_image_by_image(make: Make, service: Service):
    service.sell([{"image_id": one} for one in ids(201)])
    report = make("200").run(reuse_existing=True)
    assert (report.images[0].license_id, service.bodies) == ("L200", [])
    assert len(service.requests("image_id=200")) == 1
    assert make("900").run(reuse_existing=True).images[1].reused is False


def test_a_history_without_total_is_asked_image_by_image(make: Make, service: Service):
    service.sell([{"image_id": "1"}])
    service.history = lambda r: answer(200, {"data": []}) if "image_id" not in r.target else None
    report = make("1", "2").run(reuse_existing=True)
    assert [image.reused for image in report.images] == [True, False]


def test_a_page_too_deep_is_gone_around(make: Make, service: Service):
    service.sell([{"image_id": one} for one in ids(250)])
    deep = answer(400, {"message": "Too deep"})
    service.history = lambda request: deep if dict(request.query).get("page") == "2" else None
    report = make("1", "250").run(reuse_existing=True)  # the newest first: 1 is on the second page
    assert ([image.reused for image in report.images], service.bodies) == ([True, True], [])
    assert len(service.requests("image_id=")) == 1


@pytest.mark.parametrize("unreadable", [answer(403, {"message": "No scope"}), answer(200, "garbage")])
def test_an_unreadable_history_buys_nothing(make: Make, service: Service, folder: Path, unreadable: bytes):
    job = make("1")
    job.run()
    job.add("2")
    service.history = lambda request: unreadable
    report = job.run(folder, reuse_existing=True)
    assert (len(service.bodies), states(report)["2"]) == (1, "planned")
    assert str(report.stopped).startswith("the licence history cannot be read: ")
    assert len(list(folder.iterdir())) == 1  # downloads go on


def test_images_added_while_the_history_is_read(make: Make, service: Service):
    def history(request: Request) -> None:
        if not service.books:
            service.sell([{"image_id": "1"}, {"image_id": "2"}])
            make("2")

    service.history = history
    job = make("1")
    report = job.run(reuse_existing=True)
    assert [(image.image_id, image.reused) for image in report.images] == [("1", True), ("2", False)]


def test_refused_images_are_looked_for_too(make: Make, service: Service):
    service.refusals = {"1": REFUSED}
    job = make("1")
    job.run()
    service.refusals.clear()
    service.sell([{"image_id": "1"}])
    assert job.run(reuse_existing=True).images[0].reused


# Dry runs.


def test_a_dry_run_buys_nothing(make: Make, service: Service, folder: Path, server: Server):
    service.sell([{"image_id": "2"}])
    job = make("1", "2")
    report = job.run(folder, dry_run=True, reuse_existing=True, max_charge=5)
    assert [(image.state, image.license_id, image.reused) for image in report.images] == [
        ("planned", None, False),
        ("licensed", "L1", True),
    ]
    assert states(job.run(dry_run=True)) == {"1": "planned", "2": "planned"}
    assert states(job.status()) == {"1": "planned", "2": "planned"}
    assert {request.verb for request in server.requests} == {"GET"}
    assert not folder.exists()


@pytest.mark.parametrize(("act", "state"), [(lost, "licensed"), (nothing, "planned")])
def test_a_dry_run_looks_up_what_is_in_doubt(
    make: Make, service: Service, clock: Clock, act: Act, state: str
):
    service.history = lambda request: answer(403)
    service.acts = iter([act])
    job = make("1")
    job.run()
    assert states(job.run(dry_run=True)) == {"1": "unknown"}
    service.history = lambda request: None
    clock.now += 601
    assert states(job.run(dry_run=True)) == {"1": state}
    assert states(job.status()) == {"1": state}
    assert len(service.bodies) == 1


def test_a_dry_run_with_an_unreadable_history(make: Make, service: Service):
    service.history = lambda request: answer(403)
    report = make("1").run(dry_run=True, reuse_existing=True)
    assert states(report) == {"1": "planned"}
    assert str(report.stopped).startswith("the licence history cannot be read: ")


# Files.


def test_files_come_while_the_job_goes_on_buying(make: Make, service: Service, folder: Path):
    job = make(*ids(60))
    report = job.run(folder, workers=3)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        f"{one}.jpg": f"the file of L{one}" for one in ids(60)
    }
    assert [image.path for image in report.images] == [folder / f"{one}.jpg" for one in ids(60)]
    assert report.bytes == sum(path.stat().st_size for path in folder.iterdir())
    assert service.requests("/downloads$") == []  # the links of the answer were good
    before = len(service.server.requests)
    assert job.run(folder) == report
    assert len(service.server.requests) == before


@pytest.mark.parametrize(
    ("wish", "name", "file"),
    [
        ("1", "{image_id}.{extension}", "1.jpg"),
        ("1", "{license_id}-{image_id}-{size}.{extension}", "L1-1-huge.jpg"),
        (LicenseImage(image_id="1", size="small"), "{image_id}-{size}.x", "1-small.x"),
        (LicenseImageVector(image_id="1"), "{image_id}-{size}.{extension}", "1-vector.eps"),
        (
            LicenseImage(image_id="1", size="custom", custom_dimensions={"width": 9}),
            "{license_id}{size}",
            "L1custom",
        ),
        (LicenseImage(image_id="1", format="jpg"), "{image_id}.{extension}", "1.jpg"),
        ("../../1", "{image_id}.{extension}", "_._1.jpg"),
    ],
)
def test_names(make: Make, folder: Path, wish: Any, name: str, file: str):
    report = make(wish).run(folder, name=name)
    (path,) = folder.iterdir()
    assert report.images[0].path == path
    assert path.parent == folder
    if ".." not in str(wish):
        assert path.name == file


@pytest.mark.parametrize("size", ["small", "custom", None])
def test_a_link_is_renewed_with_the_size_where_it_has_a_name(
    make: Make, service: Service, folder: Path, server: Server, size: str | None
):
    service.acts = iter([lost])
    make({"image_id": "1", "size": size}).run(folder)
    (request,) = [r for r in server.requests if r.path.endswith("/downloads")]
    assert request.json == ({"size": "small"} if size == "small" else {})


def test_a_file_that_is_gone_comes_again_and_one_that_was_changed_stays(
    make: Make, service: Service, folder: Path
):
    job = make("1", "2", "3")
    job.run(folder)
    (folder / "1.jpg").unlink()
    (folder / "2.jpg").write_text("mine now")
    report = job.run(folder)
    assert (folder / "1.jpg").read_text() == "the file of L1"
    assert (folder / "2.jpg").read_text() == "mine now"
    assert len(service.requests("/files/")) == 4
    assert (len(report.licensed), len(service.bodies)) == (3, 1)


def test_files_in_another_folder(make: Make, service: Service, folder: Path, tmp_path: Path):
    job = make("1")
    assert job.run().images[0].path is None
    assert job.run(folder).images[0].path == folder / "1.jpg"
    assert job.run(tmp_path / "other").images[0].path == tmp_path / "other" / "1.jpg"
    assert job.run().images[0].path == tmp_path / "other" / "1.jpg"
    assert len(service.books) == 1


def test_a_file_that_came_before_the_ledger_knew_is_kept(make: Make, service: Service, folder: Path):
    job = make("1")
    job.run()
    folder.mkdir()
    (folder / "1.jpg").write_text("the file of L1")
    assert job.run(folder).images[0].bytes == 14
    assert service.requests("/files/") == []


def test_links_are_secrets_for_a_while(make: Make, service: Service, folder: Path, tmp_path: Path):
    job = make(*ids(60))
    job.run()
    assert all(SECRET in str(link) for link in links(job))
    assert SECRET in _bytes(tmp_path)
    job.run(folder)
    assert links(job) == [None] * 60
    assert SECRET not in _bytes(tmp_path)
    assert SECRET not in str(job.status()) + repr(job.status()) + repr(job)


def test_no_repr_shows_a_link(make: Make, service: Service, monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    settle = Ledger.settle

    def settled(ledger: Ledger, outcomes: Any) -> None:
        shown.append(repr(outcomes))
        settle(ledger, outcomes)

    monkeypatch.setattr(Ledger, "settle", settled)
    job = make("1")
    job.run()
    with Ledger(job._path) as ledger:
        shown += map(repr, ledger.rows("licensed"))
    assert SECRET in str(links(job)[0])
    assert [SECRET in text or "link='***'" not in text for text in shown] == [False, False]


def _bytes(folder: Path) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in folder.glob("job.sqlite*"))


def test_a_name_is_on_the_disk_before_its_link_is_forgotten(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    steps: list[str] = []
    keep = Ledger.keep

    def kept(ledger: Ledger, files: Any) -> None:
        files = list(files)
        steps.extend(str(path and Path(path).name) for _, path, _, _ in files)
        keep(ledger, files)

    monkeypatch.setattr(Ledger, "keep", kept)
    monkeypatch.setattr(files, "sync_folder", lambda path: steps.append(f"sync {path.name}"))
    make("1").run(folder)
    assert steps == ["sync images", "1.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="no such modes here")
def test_nobody_else_may_read_the_ledger(make: Make, folder: Path, tmp_path: Path):
    job = make("1")
    seen: dict[str, int] = {}

    def progress(_: Progress) -> None:
        seen.update((path.name, stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.glob("job.sqlite*"))

    before = os.umask(0)
    try:
        job = make("1")
        job.run(folder, progress=progress)
    finally:
        os.umask(before)
    assert {"job.sqlite", "job.sqlite.lock", "job.sqlite-wal"} <= set(seen)
    assert set(seen.values()) == {0o600}


def test_a_download_that_fails_is_tried_once_more(
    make: Make, service: Service, client: ApiClient, folder: Path
):
    client.configuration.retries = 0
    tried: Counter[str] = Counter()

    def file(licence: str) -> bytes | None:
        tried[licence] += 1
        wanted = {"L1": 1, "L2": 99}.get(licence, 0)
        return answer(503) if tried[licence] <= wanted else None

    service.file = file
    service.refusals = {"4": REFUSED}
    job = make("1", "2", "3", "4")
    report = job.run(folder)
    assert tried == {"L1": 2, "L2": 2, "L3": 1}
    assert [image.image_id for image in report.without_file] == ["2"]
    assert "503" in str(report.images[1].file_error)
    assert report.images[1].state == "licensed"
    assert SECRET in str(links(job)[1])
    tried["L2"] = 99
    report = job.run(folder)
    assert (report.without_file, report.images[1].path) == ([], folder / "2.jpg")


def test_a_download_that_cannot_go_better_is_not_tried_again(make: Make, service: Service, folder: Path):
    service.file = lambda licence: answer(200, "<html>", Content_Type="text/html")
    report = make("1").run(folder)
    assert len(service.requests("/files/")) == 1
    assert "a web page came instead of a file" in str(report.images[0].file_error)
    assert SECRET not in str(report.images[0])


def test_a_licence_that_gives_no_new_link_is_good_for_its_first(make: Make, service: Service, folder: Path):
    service.renewal = lambda licence: answer(403)
    job = make("1", "2")
    job.run()
    service.file = lambda licence: answer(403) if licence == "L2" else None
    report = job.run(folder)
    assert [image.path for image in report.images] == [folder / "1.jpg", None]
    assert "403" in str(report.images[1].file_error)


def test_a_licence_without_id_has_a_file_if_its_name_allows(make: Make, service: Service, folder: Path):
    service.acts = iter([telling(lambda data: [{**entry, "license_id": None} for entry in data]), serve])
    job = make("1")
    job.run()
    job.add("2")
    report = job.run(folder, name="{license_id}.jpg")
    assert states(report) == {"1": "licensed", "2": "licensed"}
    assert report.images[0].file_error == "name: the source does not say its license_id"
    assert report.images[1].path == folder / "L2.jpg"
    report = job.run(folder, name="{image_id}.jpg")
    assert report.images[0].path == folder / "1.jpg"


def test_two_images_do_not_share_a_file(make: Make, service: Service, folder: Path):
    """Where a system takes two names for one, the second image has none."""
    job = make("a/b", "a:b", "A/B", "ab")
    for _ in range(2):
        report = job.run(folder, workers=1)
        assert [image.path and image.path.name for image in report.images] == [
            "a_b.jpg",
            None,
            None,
            "ab.jpg",
        ]
        assert (
            report.images[1].file_error
            == "name: 'a_b.jpg' is that of image a/b; give a template with more fields"
        )
    assert (folder / "a_b.jpg").read_text() == "the file of L1"
    assert len(job.run(folder, name="{image_id}-{license_id}.jpg").without_file) == 0


def test_a_file_stays_with_its_image(make: Make, service: Service, folder: Path, chunks_of_two: None):
    service.acts = iter([telling(lambda data: data[1:])])
    service.history = lambda request: answer(403)
    job = make("a:b", "a/b")
    assert job.run(folder).images[1].path == folder / "a_b.jpg"
    service.history = lambda request: None
    for _ in range(2):
        report = job.run(folder)
        assert [image.path for image in report.images] == [None, folder / "a_b.jpg"]
        assert "is that of image a/b" in str(report.images[0].file_error)


def test_a_full_disk_stops_the_buying(
    make: Make, service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = make("1")
    job.run()
    job.add(ids(500))
    monkeypatch.setattr(part_file.PartFile, "write", full)
    keep = run.Run._keep_files
    monkeypatch.setattr(run.Run, "_keep_files", lambda run, seconds: keep(run, 9))  # waits for all
    report = job.run(folder, workers=1)
    requests = len(service.bodies) - 1  # none, if the first file is quick to fail
    assert requests in (0, 1)
    assert len(service.requests("/files/")) == 1  # the others are not asked for
    assert "No space left" in str(report.stopped)
    assert {image.file_error is None for image in report.licensed} == {False}
    assert len(report.planned) == 499 - 50 * requests
    monkeypatch.undo()
    report = job.run(folder)
    assert (len(report.licensed), report.without_file, report.stopped) == (500, [], None)
    assert service.sold == Counter(ids(500))


def test_a_folder_that_cannot_be_made(make: Make, server: Server, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DestinationError):
        make("1").run(tmp_path / "file" / "images")
    assert server.requests == []


# Ctrl-C.


@pytest.mark.parametrize("arrived", [True, False])
def test_ctrl_c_during_a_request(
    make: Make,
    service: Service,
    client: ApiClient,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    arrived: bool,
):
    send = client.rest.send

    def interrupted(method: str, *arguments: Any, **options: Any) -> Any:
        if method == "POST":
            monkeypatch.undo()
            if arrived:
                send(method, *arguments, **options)
            raise KeyboardInterrupt
        return send(method, *arguments, **options)

    monkeypatch.setattr(client.rest, "send", interrupted)
    job = make(*ids(60))
    with pytest.raises(KeyboardInterrupt):
        job.run()
    assert Counter(states(job.status()).values()) == {"unknown": 50, "planned": 10}
    clock.now += 100
    report = job.run()
    assert len(report.licensed) == 60
    assert service.sold == Counter(ids(60))


def test_what_an_interrupted_run_left_says_so(make: Make, service: Service, client: ApiClient, clock: Clock):
    job = make("1")
    with Ledger(job._path) as ledger:
        ledger.intend(list(ledger.rows("planned")), "license_job", clock.now)
    service.history = lambda request: answer(403)
    clock.now += 5000
    report = job.run()
    assert errors(report) == {"1": "the run was interrupted"}
    service.history = lambda request: None
    before = clock.now
    assert (states(job.run()), len(service.bodies)) == ({"1": "licensed"}, 1)
    assert clock.now - before >= 600  # since when it is in doubt, nobody knew


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_ctrl_c_during_downloads(make: Make, service: Service, folder: Path, error: type[BaseException]):
    def progress(now: Progress) -> None:
        if now.files == 2:
            raise error

    job = make(*ids(20))
    with pytest.raises(error):
        job.run(folder, workers=2, progress=progress)
    assert len(job.status().licensed) == 20
    report = job.run(folder)
    assert [image.path for image in report.images] == [folder / f"{one}.jpg" for one in ids(20)]
    assert {path.read_text() for path in folder.iterdir()} == {f"the file of L{one}" for one in ids(20)}
    assert len(service.bodies) == 1


def test_ctrl_c_ends_downloads_that_hang(
    make: Make, service: Service, client: ApiClient, clock: Clock, folder: Path, chunks_of_two: None
):
    began, over, in_time = threading.Event(), threading.Event(), threading.Event()

    def file(licence: str) -> bytes:
        began.set()
        if over.wait(5):
            in_time.set()
        return answer(500)

    def sleep(_: float) -> None:
        assert began.wait(5)
        raise KeyboardInterrupt

    service.file = file
    service.acts = iter([serve, nothing])
    client.timing = clock.timing._replace(sleep=sleep)
    with pytest.raises(KeyboardInterrupt):
        make("1", "2", "3").run(folder, workers=1)
    over.set()
    assert in_time.wait(5)


def test_ctrl_c_in_a_pause(make: Make, service: Service, client: ApiClient, clock: Clock):
    def sleep(_: float) -> None:
        raise KeyboardInterrupt

    service.delay = 300
    service.acts = iter([lost])
    client.timing = clock.timing._replace(sleep=sleep)
    job = make("1")
    with pytest.raises(KeyboardInterrupt):
        job.run()
    client.timing = clock.timing
    assert (states(job.run()), len(service.bodies)) == ({"1": "licensed"}, 1)


# Progress, status.


def test_progress_ends_at_the_totals(make: Make, service: Service, folder: Path):
    seen: list[Progress] = []
    job = make(*ids(70))
    report = job.run(folder, progress=seen.append)
    assert seen[-1] == Progress(report.bytes, report.bytes, 70, 70, 70)
    assert [one.licensed for one in seen] == sorted(one.licensed for one in seen)
    again: list[Progress] = []
    job.run(folder, progress=again.append)
    assert again[-1] == seen[-1]
    alone: list[Progress] = []
    job.run(progress=alone.append)
    assert alone[-1] == Progress(0, 0, 0, 0, 70)


def test_progress_counts_failed_downloads_once(make: Make, service: Service, client: ApiClient, folder: Path):
    client.configuration.retries = 0
    service.file = lambda licence: answer(503) if licence == "L1" else None
    seen: list[Progress] = []
    make("1", "2").run(folder, progress=seen.append)
    assert (seen[-1].files, seen[-1].total_files) == (2, 2)


def test_status_from_elsewhere(make: Make, service: Service, folder: Path):
    job = make(*ids(60))
    found: list[LicenseReport] = []

    def ask() -> None:
        found.append(job.status())

    def progress(now: Progress) -> None:
        if now.licensed == 50 and not found:
            thread = threading.Thread(target=ask)
            thread.start()
            thread.join()

    job.run(progress=progress)
    assert Counter(states(found[0]).values()) == {"licensed": 50, "planned": 10}


def test_images_added_meanwhile_are_bought_too(make: Make, service: Service, api: ImagesApi, tmp_path: Path):
    def more(service: Service, images: Entries) -> bytes:
        LicenseJob(api, tmp_path / "job.sqlite").add(ids(3, 100))
        return serve(service, images)

    service.acts = iter([more])
    assert len(make("1").run().licensed) == 4


def test_settings_that_change_while_a_request_is_made(
    make: Make, service: Service, monkeypatch: pytest.MonkeyPatch
):
    job = make("1")
    room = run.Run._room

    def changed(run: run.Run) -> int:
        job.add({"image_id": "1", "size": "small"}, replace=True)
        return room(run)

    monkeypatch.setattr(run.Run, "_room", changed)
    with pytest.raises(LedgerError, match="image 1 is no longer planned so"):
        job.run()
    assert service.bodies == []
    monkeypatch.undo()
    job.run()
    assert service.bodies[0][0]["size"] == "small"


def test_export(make: Make, tmp_path: Path):
    job = make("1", "2")
    job.run()
    job.export(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text("utf-8").splitlines()[1].startswith("1,licensed,,L1,1")


def test_words_with_half_a_character(make: Make, service: Service):
    service.acts = iter([instead(answer(403, b'{"message": "caf\\ud800"}'))])
    report = make("1").run()
    assert (states(report), "Reason: caf?. It needs" in str(report.stopped)) == ({"1": "planned"}, True)


def test_limits_of_the_contract():
    assert (run.CHUNK, files.USUAL_SIZE) == (50, "huge")


# What somebody found out.


def test_a_doubt_that_somebody_settles(make: Make, service: Service, folder: Path):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1", "2", "3")
    assert states(job.run()) == dict.fromkeys("123", "unknown")
    job.settle("1", "L1")
    job.settle("2", None)
    assert states(job.status()) == {"1": "licensed", "2": "planned", "3": "unknown"}
    report = job.run(folder)
    assert states(report) == {"1": "licensed", "2": "licensed", "3": "unknown"}
    assert service.asked == [["1", "2", "3"], ["2"]]
    assert sorted(path.name for path in folder.iterdir()) == ["1.jpg", "2.jpg"]


@pytest.mark.parametrize("image_id", ["1", "2", "other"])
def test_what_is_no_doubt_is_not_settled(make: Make, service: Service, image_id: str):
    service.refusals = {"2": "no"}
    job = make("1", "2")
    before = job.run()
    with pytest.raises(LedgerError, match=f"image {image_id} is not unknown"):
        job.settle(image_id, None)
    assert job.status() == before


@pytest.mark.parametrize("arguments", [(1, None), ("1", 2), (None, "L1")])
def test_what_cannot_be_settled(make: Make, service: Service, arguments: Any):
    with pytest.raises(ApiTypeError, match="expected str"):
        make("1").settle(*arguments)


def test_an_empty_text_is_no_licence(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1")
    before = job.run().images
    with pytest.raises(ApiValueError, match="license_id: expected an id"):
        job.settle("1", "")
    assert job.status().images == before


# A bar.


class Bar(list[str]):
    """What a bar shows besides itself."""

    disable, fp, total = False, None, 0

    def write(self, text: str, file: Any) -> None:
        self.append(text)

    def update(self, count: int) -> None: ...

    def set_description(self, text: str, refresh: bool) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("disable", [False, True])
def test_a_bar_says_what_is_waited_for(
    make: Make, service: Service, monkeypatch: pytest.MonkeyPatch, disable: bool
):
    bar = Bar()
    bar.disable = disable
    monkeypatch.setattr("shutterstock_api.downloads.progress._bar", lambda of_bytes: bar)
    service.acts, service.delay = iter([lost]), 60
    assert states(make("1").run(progress=True)) == {"1": "licensed"}
    first, second = ("licensing goes on in 5 s: ", "1 images are in doubt: looked up again in ")
    assert [text.startswith(start) for text, start in zip(bar, (first, second), strict=False)] == (
        [] if disable else [True, True]
    )


def test_a_filter_of_the_log_that_raises_ends_no_run(make: Make, service: Service):
    def refuse(record: logging.LogRecord) -> bool:
        raise LookupError(record.levelname)

    logger = logging.getLogger("shutterstock_api")
    service.acts, service.delay = iter([lost]), 60
    logger.addFilter(refuse)
    try:
        assert states(make("1").run()) == {"1": "licensed"}
    finally:
        logger.removeFilter(refuse)
