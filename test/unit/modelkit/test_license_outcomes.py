"""What became of each image of a licence request."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from license_calls import unknown
from scripted_server import Server, answer

from shutterstock_api import ImagesApi, LicenseImageResultDataList, LicenseRefusedError


def results(*entries: Any, **more: Any) -> LicenseImageResultDataList:
    return LicenseImageResultDataList.from_dict({"data": list(entries), **more})


def test_licensed_failed_and_unclear() -> None:
    answered = results(
        {"image_id": "1", "license_id": "L1", "download": {"url": "https://d.example/x"}},
        {"image_id": "2", "error": "Subscription is not active"},
        {"image_id": "3"},
        {"image_id": "4", "download": {"url": "https://d.example/y"}},
        {"image_id": "5", "license_id": "L5", "error": "a warning: it has been paid for all the same"},
        {"image_id": "6", "error": {"code": 7}},
        "an entry that is none",
    )
    assert [result.image_id for result in answered.licensed] == ["1", "4", "5"]
    assert [result.image_id for result in answered.failed] == ["2", "6"]
    assert [getattr(result, "image_id", result) for result in answered.unclear] == ["3", answered.data[-1]]  # type: ignore[index]
    with pytest.raises(LicenseRefusedError, match="3 images licensed, 2 refused, 2 unclear") as caught:
        answered.raise_for_failures()
    error = caught.value
    assert error.status is None  # a handler that passes a status on must not say 200
    assert "2: Subscription is not active" in str(error)
    assert "6: {'code': 7}" in str(error)
    assert "3: the answer does not say" in str(error)
    assert (error.licensed, error.failed) == (answered.licensed, answered.failed)
    assert error.unclear == answered.unclear
    assert "d.example" not in str(error) + repr(answered)
    assert pickle.loads(pickle.dumps(error)).failed == answered.failed


def test_an_answer_that_a_test_of_the_program_makes_of_dicts() -> None:
    entries: Any = [{"image_id": "1", "license_id": "L1"}, {"image_id": "2", "error": "No"}]
    answered = LicenseImageResultDataList(data=entries)
    assert (answered.licensed, answered.failed) == (entries[:1], entries[1:])
    with pytest.raises(LicenseRefusedError, match="2: No"):
        answered.raise_for_failures()


def test_nothing_to_complain_about() -> None:
    results({"image_id": "1", "license_id": "L1"}).raise_for_failures()
    results({"image_id": "1", "license_id": "L1"}, message="thanks").raise_for_failures()
    results({"image_id": "1", "license_id": "L1"}, errors=[None]).raise_for_failures()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "says nothing about the images"),
        ({"data": None, "message": "Endpoint request timed out"}, "Endpoint request timed out"),
        ({"data": [], "errors": "oops"}, "oops"),
        ({"data": [], "errors": {"code": "x"}}, "x"),
    ],
)
def test_an_answer_without_images_is_no_success(content: Any, words: str) -> None:
    with pytest.raises(LicenseRefusedError, match=words):
        LicenseImageResultDataList.from_dict(content).raise_for_failures()


@pytest.mark.parametrize(
    "whole", [{"message": "Subscription not found", "code": "X"}, {"code": "Subscription not found"}]
)
def test_a_refusal_as_a_whole(whole: dict[str, str]) -> None:
    with pytest.raises(LicenseRefusedError, match=r"\n  Subscription not found"):
        results(errors=[whole]).raise_for_failures()


def test_a_long_list_of_refusals_is_bounded() -> None:
    answered = results(*({"image_id": str(number), "error": "No" * 999} for number in range(50)))
    with pytest.raises(LicenseRefusedError, match="and 40 more") as caught:
        answered.raise_for_failures()
    assert len(str(caught.value)) < 3000
    assert len(caught.value.failed) == 50


@pytest.mark.parametrize(
    ("images", "content"),
    [
        (["1"], {"message": "Endpoint request timed out"}),
        (["1"], {"data": [], "message": "Internal server error"}),
        (["1"], {"data": [], "errors": "oops"}),
        (["1"], {"data": None, "errors": {"code": "x"}}),
        (["1", "2"], {"data": [{"image_id": "1", "license_id": "L"}], "message": "partial"}),
        (["1", "1"], {"data": [{"image_id": "1", "license_id": "L"}]}),
        (["1", "2"], {"data": [{"image_id": "1", "license_id": "L"}, {"image_id": "1", "license_id": "M"}]}),
        (["1"], {"data": [{"image_id": "7", "license_id": "L"}]}),
    ],
)
def test_a_gap_in_the_answer_is_doubt(
    api: ImagesApi, server: Server, images: list[str], content: Any
) -> None:
    server.answers(answer(200, content))
    assert unknown(api, {"images": [{"image_id": image} for image in images]}).image_ids == images


def test_a_list_that_is_told_in_full_has_no_more() -> None:
    answered = results(*({"image_id": str(number), "error": "No"} for number in range(10)))
    with pytest.raises(LicenseRefusedError, match="9: No$"):
        answered.raise_for_failures()


def test_an_answer_that_leaves_out_an_image_is_doubt(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {"data": [{"image_id": "1", "license_id": "L1"}]}))
    error = unknown(api)
    assert "the answer leaves out 2" in str(error)
    assert error.results is not None
    assert [result.license_id for result in error.results.licensed] == ["L1"]
    assert error.image_ids == ["1", "2"]


def test_what_an_answer_leaves_out_is_told_in_order(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {"data": [{"image_id": "9", "license_id": "L9"}]}))
    error = unknown(api, {"images": [{"image_id": image} for image in "972861354"]})
    assert "the answer leaves out 1, 2, 3, 4, 5, 6, 7, 8" in str(error)


@pytest.mark.parametrize(
    ("images", "content"),
    [
        (["1", "2"], {"data": [{"license_id": "L1"}, {"license_id": "L2"}]}),  # fields=data(license_id)
        (["1", "2"], {"data": [], "errors": [{"message": "No subscription"}]}),
        (["1", "2"], {"data": [{"image_id": "1", "error": "No"}], "errors": [{"message": "Not 2 either"}]}),
        (["1", "2"], {"data": [{"image_id": "2", "license_id": "L2"}, {"license_id": "L1"}]}),
    ],
)
def test_no_doubt_where_all_is_told(api: ImagesApi, server: Server, images: list[str], content: Any) -> None:
    server.answers(answer(200, content))
    answered = api.license_images({"images": [{"image_id": image} for image in images]})
    assert len(answered.data or ()) == len(content["data"])
