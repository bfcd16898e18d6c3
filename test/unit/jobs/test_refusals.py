"""Refusals, of images and of requests: what a licence job makes of them."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from license_service import (
    REFUSED,
    USED_UP,
    Entries,
    Make,
    Service,
    errors,
    ids,
    instead,
    nothing,
    serve,
    states,
)
from scripted_server import answer

from shutterstock_api import ApiClient, ApiException, ApiValueError, Configuration, LicenseImage
from shutterstock_api.jobs import run


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
    assert service.asked == [ids(50), ["120"]]  # another one, to see whether it is about the images
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
    assert [len(images) for images in service.bodies] == [50, 1, 50, 50, 20]
    assert report.stopped == f"image 1: {USED_UP}"
    assert Counter(states(report).values()) == {"licensed": 120, "planned": 60}


def test_other_subscriptions_go_on_after_doubts_too(
    make: Make, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run, "CHUNK", 1)
    service.refusals = {"2": USED_UP, "3": USED_UP}
    service.acts = iter([nothing])
    plan = [LicenseImage(image_id=one, subscription_id=by) for one, by in ("1a", "2b", "3b")]
    report = make(*plan).run()
    assert (states(report)["1"], service.asked) == ("licensed", [["1"], ["2"], ["3"], ["1"]])
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
    assert service.asked == [["1", "2"], ["6"], ["5"]]
    assert states(report) == {"1": "licensed", **dict.fromkeys("23456", "planned")}
    assert report.stopped == f"image 2: {USED_UP}"


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
