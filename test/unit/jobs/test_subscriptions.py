"""A refusal concerns an image, until others show that it concerns the subscription."""

from __future__ import annotations

from collections import Counter

import pytest
from license_service import USED_UP, Make, Service, ids, instead, states
from scripted_server import answer

from shutterstock_api import LicenseImage

WORDS = [
    "Media unavailable",
    "This image is not available in your subscription",
    "Size not available for this subscription",
    "Exceeds the maximum size of this image",
]


@pytest.mark.parametrize("words", WORDS[1::2])
@pytest.mark.parametrize("places", [(49, 50), (50,), (1,), (1, 2), (50, 51), (99, 100), (120,), (119, 120)])
def test_two_refusals_of_many(make: Make, service: Service, words: str, places: tuple[int, ...]):
    service.refusals = {str(place): words for place in places}
    report = make(*ids(120)).run()
    assert [image.image_id for image in report.failed] == list(map(str, places))
    assert (len(report.licensed), report.stopped) == (120 - len(places), None)


@pytest.mark.parametrize("place", [1, 2, 5])
def test_a_refusal_of_an_image_that_goes_alone(make: Make, service: Service, place: int):
    service.refusals = {str(place): WORDS[1]}
    report = make(*ids(6)).run(max_charge=1)
    assert report.stopped == "max_charge: 1 would be exceeded"
    assert len(report.licensed) == 1
    report = make(*ids(6)).run()
    assert (len(report.licensed), len(report.failed), report.stopped) == (5, 1, None)


def test_a_run_of_bad_images_does_not_hide_the_good_ones(make: Make, service: Service):
    """Others are asked for that stand far from them."""
    service.refusals = dict.fromkeys(ids(40, 30), WORDS[1])
    report = make(*ids(120)).run()
    assert (len(report.licensed), len(report.failed), report.stopped) == (80, 40, None)


@pytest.mark.parametrize("first", [1, 2, 30, 49, 50, 51, 100])
def test_an_allotment_that_is_used_up(make: Make, service: Service, first: int):
    service.refusals = dict.fromkeys(ids(500, first), USED_UP)
    job = make(*ids(120))
    report = job.run()
    assert (len(report.licensed), len(report.failed)) == (first - 1, 0)
    assert str(report.stopped).startswith("image ")
    assert str(report.stopped).endswith(USED_UP)
    assert len(service.bodies) <= 3 + first // 50 + 1
    service.refusals = {}
    assert len(job.run().licensed) == 120


@pytest.mark.parametrize(("first", "failed"), [(118, 3), (119, 2), (120, 1)])
def test_where_no_other_is_left_the_images_are_meant(make: Make, service: Service, first: int, failed: int):
    """The others were licensed, and these are asked for in each run anyway."""
    service.refusals = dict.fromkeys(ids(500, first), USED_UP)
    report = make(*ids(120)).run()
    assert (len(report.licensed), len(report.failed), report.stopped) == (first - 1, failed, None)


def test_other_words_are_no_sign_of_either(make: Make, service: Service):
    service.refusals = {
        "49": WORDS[1],
        "50": WORDS[1],
        **dict.fromkeys(("118", "119", "120"), "Image not found"),
    }
    report = make(*ids(120)).run()
    assert (len(report.licensed), len(report.failed), report.stopped) == (115, 5, None)


def test_one_subscription_of_two(make: Make, service: Service):
    service.refusals = dict.fromkeys(ids(60, 1001), USED_UP)
    plan = [LicenseImage(image_id=one, subscription_id="a") for one in ids(60)]
    plan += [LicenseImage(image_id=one, subscription_id="b") for one in ids(60, 1001)]
    report = make(*plan).run()
    assert Counter(states(report).values()) == {"licensed": 60, "planned": 60}
    assert report.stopped == f"image 1001: {USED_UP}"


def named(status: int, path: str) -> bytes:
    return answer(status, {"message": "No", "errors": [{"message": "Not this one", "path": path}]})


@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 413, 422, 451])
@pytest.mark.parametrize("path", ["body.images[1]", "$.images[1].size", "/body/images/1/size", "images.1"])
def test_a_refusal_of_all_that_names_an_image(make: Make, service: Service, status: int, path: str):
    service.acts = iter([instead(named(status, path))])
    report = make(*ids(3)).run()
    assert states(report) == {"1": "licensed", "2": "failed", "3": "licensed"}
    assert (report.images[1].error, report.stopped) == ("Not this one", None)


@pytest.mark.parametrize(
    ("status", "path"), [(401, "images[1]"), (403, "headers"), (403, "images[7]"), (403, "my_images[1]")]
)
def test_a_refusal_that_names_none_of_them(make: Make, service: Service, status: int, path: str):
    service.acts = iter([instead(named(status, path))])
    report = make(*ids(3)).run()
    assert Counter(states(report).values()) == {"planned": 3}
    assert str(status) in str(report.stopped)
