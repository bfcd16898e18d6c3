"""Bodies: models and dicts, checked as a whole before they are sent."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

import pytest
from bound_arguments import NAN, UTC, Kind, NumpyInt, Plain, body, bound, refusal

from shutterstock_api import ApiTypeError, ApiValueError
from shutterstock_api.models import (
    CollectionItem,
    CollectionItemRequest,
    Cookie,
    CustomSizeDimensions,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageVector,
    LicenseRequestMetadata,
    RedownloadImage,
    SearchImage,
    Url,
)
from shutterstock_api.schema.encoding import to_wire

IMAGE = {"image_id": "1", "size": "huge"}


@pytest.mark.parametrize(
    "value",
    [
        LicenseImageRequest(images=[LicenseImage(image_id="1", size="huge")]),
        LicenseImageRequest(images=(LicenseImage(image_id="1", size="huge"),)),
        LicenseImageRequest(images=[IMAGE]),
        LicenseImageRequest(images=[LicenseImageVector(image_id="1", size="huge")]),
        {"images": [IMAGE]},
        {"images": (IMAGE,)},
        {"images": [LicenseImage(image_id="1", size="huge")]},
        {"images": [{**IMAGE, "price": None, "metadata": None}]},
        {"images": [MappingProxyType(IMAGE)]},
        MappingProxyType({"images": [IMAGE]}),
    ],
)
def test_models_and_dicts_in_any_mixture(value):
    assert body("license_images", value) == {"images": [IMAGE]}


def test_a_body_does_not_change_what_was_given():
    image = {**IMAGE, "price": None}
    body("license_images", {"images": [image]})
    assert image == {**IMAGE, "price": None}


def test_a_model_may_be_filled_in_after_it_was_built():
    request = LicenseImageRequest()
    assert refusal(ApiTypeError, body, "license_images", request) == {"body.images": "required"}
    request.images = [LicenseImage()]
    assert refusal(ApiTypeError, body, "license_images", request) == {"body.images[0].image_id": "required"}
    request.images[0].image_id = "1"
    assert body("license_images", request) == {"images": [{"image_id": "1"}]}


def test_a_list_as_body():
    searches = [
        SearchImage(query="cat", license=["editorial"], added_date=date(2026, 1, 31)),
        {"query": "dog", "added_date": "2026-01-31", "aspect_ratio": 2, "image_type": (Kind.PHOTO, "new")},
    ]
    assert body("bulk_search_images", searches) == [
        {"query": "cat", "license": ["editorial"], "added_date": "2026-01-31"},
        {"query": "dog", "added_date": "2026-01-31", "aspect_ratio": 2, "image_type": ["photo", "new"]},
    ]
    assert body("bulk_search_images", tuple(searches)) == body("bulk_search_images", searches)
    target, _ = bound("bulk_search_images", body=searches, per_page=5)
    assert target == "/v2/bulk_search/images?per_page=5"


@pytest.mark.parametrize(
    "metadata",
    [
        {"job": "5", "any": {"deep": [1, 2.5, True, None, {"x": "y"}]}},
        {"customer_id": "1", "more": 1},
        {"job": 5},
        {},
        LicenseRequestMetadata(customer_id="1"),
        LicenseRequestMetadata.from_dict({"customer_id": "1", "job": {"id": 5}}),
    ],
)
def test_free_form_metadata(metadata):
    sent = body("license_images", {"images": [LicenseImage(image_id="1", metadata=metadata)]})
    given = json.loads(metadata.to_json()) if isinstance(metadata, LicenseRequestMetadata) else metadata
    assert sent["images"][0]["metadata"] == given


def test_values_of_python_in_metadata():
    metadata = {
        "day": date(2026, 1, 31),
        "moment": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "tuple": (1, 2),
        "text": Kind.PHOTO,
        "enum": Plain.PHOTO,
        "number": NumpyInt(3),
        "model": CustomSizeDimensions(width=5),
    }
    assert to_wire(metadata) == {
        "day": "2026-01-31",
        "moment": "2026-01-31T12:00:00Z",
        "tuple": [1, 2],
        "text": "photo",
        "enum": "photo",
        "number": 3,
        "model": {"width": 5},
    }
    sent = body("license_images", {"images": [{"image_id": "1", "metadata": metadata}]})
    assert sent["images"][0]["metadata"] == to_wire(metadata)


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (None, {"body": "required"}),
        ({}, {"body.images": "required"}),
        ({"images": None}, {"body.images": "required"}),
        ({1}, {"body.images[0].image_id": "expected str, got 1 (int); write '1'"}),
        (5, {"body": "expected LicenseImageRequest or dict, got 5 (int)"}),
        ([Url(url="u")], {"body.images[0]": "expected LicenseImage or LicenseImageVector, got Url"}),
        ("{}", {"body": "expected LicenseImageRequest or dict, got '{}' (str)"}),
        (
            LicenseImage(image_id="1"),
            {"body": "expected LicenseImageRequest, got LicenseImage; write [...] around it"},
        ),
        (Url(url="u"), {"body": "expected LicenseImageRequest, got Url"}),
        ({"images": IMAGE}, {"body.images": "expected a list, got {'image_id': '1', 'size': 'huge'} (dict)"}),
        (
            {"images": LicenseImage(image_id="1")},
            {"body.images": "expected list[LicenseImage], got LicenseImage"},
        ),
        ({"images": "1"}, {"body.images": "expected a list, got '1' (str)"}),
        ({"images": {1}}, {"body.images[0].image_id": "expected str, got 1 (int); write '1'"}),
        ({"images": [IMAGE, None]}, {"body.images[1]": "None in a list"}),
        ({"images": [1.5]}, {"body.images[0]": "expected LicenseImage or dict, got 1.5 (float)"}),
        ({"images": [1]}, {"body.images[0].image_id": "expected str, got 1 (int); write '1'"}),
        (
            {"images": [Url(url="u")]},
            {"body.images[0]": "expected LicenseImage or LicenseImageVector, got Url"},
        ),
        (
            {"image": [IMAGE]},
            {
                "body.image": "LicenseImageRequest has no such field; did you mean 'images'?",
                "body.images": "required",
            },
        ),
        ({"images": [IMAGE], 5: 6}, {"body.5": "LicenseImageRequest has no such field"}),
        ({"images": [{}]}, {"body.images[0].image_id": "required"}),
        ({"images": [{"image_id": 1}]}, {"body.images[0].image_id": "expected str, got 1 (int); write '1'"}),
        (
            {
                "images": [
                    {"image_id": "1", "meta": {}, "siz": "huge"},
                    {"image_id": "2", "auth_cookie": {"name": "n", "value": "v", "vale": 5}},
                ]
            },
            {
                "body.images[0].meta": "LicenseImage has no such field; did you mean 'metadata'?",
                "body.images[0].siz": "LicenseImage has no such field; did you mean 'size'?",
                "body.images[1].auth_cookie.vale": "Cookie has no such field; did you mean 'value'?",
            },
        ),
        (
            LicenseImageRequest(
                images=[
                    LicenseImage(
                        image_id=1, price="5", editorial_acknowledgement="yes", auth_cookie=Cookie(name="n")
                    )
                ]
            ),
            {
                "body.images[0].image_id": "expected str, got 1 (int); write '1'",
                "body.images[0].price": "expected a number, got '5' (str)",
                "body.images[0].editorial_acknowledgement": "expected True or False, got 'yes' (str)",
                "body.images[0].auth_cookie.value": "required",
            },
        ),
        (
            {
                "images": [
                    IMAGE,
                    IMAGE,
                    IMAGE,
                    {**IMAGE, "metadata": {"job": {1}, "sum": Decimal(5), "raw": b"x"}},
                ]
            },
            {
                "body.images[3].metadata.job": "{1} (set) cannot be written as JSON",
                "body.images[3].metadata.sum": "Decimal('5') (Decimal) cannot be written as JSON",
                "body.images[3].metadata.raw": "b'x' (bytes) cannot be written as JSON",
            },
        ),
        (
            {"images": [{**IMAGE, "metadata": {"jobs": [1, {"who": NAN}, 1j]}}]},
            {
                "body.images[0].metadata.jobs[1].who": "nan is a number that cannot be sent",
                "body.images[0].metadata.jobs[2]": "1j (complex) cannot be written as JSON",
            },
        ),
        (
            {"images": [{**IMAGE, "metadata": {5: 1}}]},
            {"body.images[0].metadata": "expected text as key, got 5 (int)"},
        ),
        (
            {"images": [{**IMAGE, "metadata": "x"}]},
            {"body.images[0].metadata": "expected LicenseRequestMetadata or dict, got 'x' (str)"},
        ),
        (
            {"images": [{**IMAGE, "metadata": LicenseRequestMetadata(customer_id=5)}]},
            {"body.images[0].metadata.customer_id": "expected str, got 5 (int); write '5'"},
        ),
        ({"images": [{**IMAGE, "size": 5}]}, {"body.images[0].size": "expected str, got 5 (int); write '5'"}),
    ],
)
def test_refused_bodies(value, problems):
    assert refusal(ApiTypeError, body, "license_images", value) == problems


@pytest.mark.parametrize(
    ("metadata", "place", "text"),
    [
        ({"a": NAN}, ".a", "nan is a number that cannot be sent"),
        ({"a": [10**400]}, ".a[0]", "too large to be sent"),
        ({"a": "\ud800"}, ".a", r"broken text, with half a character in it: '\ud800' (str)"),
        ({"\ud800": 1}, "", r"broken text, with half a character in it: '\ud800' (str)"),
    ],
)
def test_values_in_bodies_that_cannot_be_sent(metadata, place, text):
    value = {"images": [{"image_id": "1", "metadata": metadata}]}
    assert refusal(ApiValueError, body, "license_images", value) == {f"body.images[0].metadata{place}": text}


def test_an_object_in_metadata():
    value = {"images": [{"image_id": "1", "metadata": {"job": object()}}]}
    problems = refusal(ApiTypeError, body, "license_images", value)
    assert problems["body.images[0].metadata.job"].endswith("(object) cannot be written as JSON")


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


def test_a_body_that_holds_itself():
    metadata = {}
    metadata["self"] = metadata
    for value in (metadata, {"deep": deep(100_000)}):
        given = {"images": [{"image_id": "1", "metadata": value}]}
        assert refusal(ApiValueError, body, "license_images", given) == {"body": "nested too deeply"}


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (SearchImage(query="cat"), {"body": "expected a list, got {'query': 'cat'} (SearchImage)"}),
        ({"query": "cat"}, {"body": "expected a list, got {'query': 'cat'} (dict)"}),
        ([SearchImage(query="cat"), None], {"body[1]": "None in a list"}),
        ([[]], {"body[0]": "expected SearchImage or dict, got [] (list)"}),
        ([{"license": "editorial"}], {"body[0].license": "expected a list, got 'editorial' (str)"}),
        ([{"license": [None]}], {"body[0].license[0]": "None in a list"}),
        (
            [SearchImage(page=True, safe=0)],
            {
                "body[0].page": "expected int, got True (bool)",
                "body[0].safe": "expected True or False, got 0 (int)",
            },
        ),
        ([{"added_date": 5}], {"body[0].added_date": "expected a date, a datetime or ISO text, got 5 (int)"}),
        ([{"qery": "cat"}], {"body[0].qery": "SearchImage has no such field; did you mean 'query'?"}),
    ],
)
def test_refused_list_bodies(value, problems):
    assert refusal(ApiTypeError, body, "bulk_search_images", value) == problems


def test_values_are_left_to_the_service():
    target, sent = bound("download_image", id="1", body=RedownloadImage(size="gigantic"))
    assert (target, json.loads(sent)) == ("/v2/images/licenses/1/downloads", {"size": "gigantic"})
    images = [{"image_id": str(number)} for number in range(51)]
    assert len(body("license_images", {"images": images})["images"]) == 51


def test_path_and_body_go_together():
    target, sent = bound(
        "add_lightbox_items", id="a/b", body=CollectionItemRequest(items=[CollectionItem(id="1")])
    )
    assert (target, sent) == ("/v2/images/collections/a%2Fb/items", b'{"items":[{"id":"1"}]}')
