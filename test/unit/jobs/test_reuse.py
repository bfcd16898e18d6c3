"""Licences that are there already."""

from __future__ import annotations

from pathlib import Path

import pytest
from license_service import REFUSED, Make, Service, ids, states
from scripted_server import Request, answer

from shutterstock_api import LicenseImage


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
    assert len(service.requests("GET /v2/images/licenses")) == 3  # how many, and two pages: one ends it


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
