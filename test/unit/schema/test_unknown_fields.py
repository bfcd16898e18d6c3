"""Fields that this version does not know, and values of an unexpected type."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date

import pytest
from bound_arguments import bind
from sample_models import MODELS, WIRE, cat

import shutterstock_api
from shutterstock_api.calls.binding import resolve
from shutterstock_api.models import (
    BulkImageSearchResults,
    Image,
    ImageSearchResults,
    LicenseImage,
    LicenseImageRequest,
    Url,
)
from shutterstock_api.schema.decoding import decode
from shutterstock_api.schema.fields import fields_of

# Fields that this version does not know.


@pytest.fixture
def extended():
    """An image with fields that this version does not know."""
    return Image.from_dict({**WIRE, "mood": "calm", "palette": {"main": "4F21EA"}})


def test_an_unknown_field_reads_as_an_attribute(extended):
    assert extended.additional_properties == {"mood": "calm", "palette": {"main": "4F21EA"}}
    assert extended.mood == "calm"
    assert extended.palette == {"main": "4F21EA"}
    assert extended.id == "1"
    assert extended.added_date == date(2026, 1, 31)


def test_an_unknown_field_is_in_every_form(extended):
    assert extended.to_dict()["mood"] == "calm"
    assert "'mood': 'calm'" in repr(extended)
    assert json.loads(extended.to_json()) == {**WIRE, "mood": "calm", "palette": {"main": "4F21EA"}}


def test_an_unknown_field_deep_inside():
    results = BulkImageSearchResults.from_json(
        b'{"results":[{"data":[{"id":"1"},{"id":"2","mood":"calm"}]}]}'
    )
    first, second = results.results[0].data
    assert (first.additional_properties, second.mood) == ({}, "calm")


def test_an_unknown_field_counts_in_comparisons(extended):
    assert extended != cat()
    assert extended == Image.from_json(extended.to_json())
    extended.additional_properties.clear()
    assert extended == cat()
    assert (extended != cat()) is False


@pytest.mark.parametrize(
    "clone",
    [lambda model: pickle.loads(pickle.dumps(model)), copy.copy, copy.deepcopy],
    ids=["pickle", "copy", "deepcopy"],
)
def test_clones_are_equal(extended, clone):
    for model in (cat(), extended, LicenseImageRequest(images=[LicenseImage(image_id="1")])):
        assert clone(model) == model
        assert type(clone(model)) is type(model)


def test_a_deep_copy_shares_nothing(extended):
    clone = copy.deepcopy(extended)
    clone.palette["main"] = "000000"
    clone.categories[0].name = "Dogs"
    assert extended.palette["main"] == "4F21EA"
    assert extended.categories[0].name == "Animals"


def test_an_unknown_field_is_sent():
    image = LicenseImage(image_id="1")
    image.additional_properties["mood"] = "calm"
    operation = shutterstock_api.ImagesApi.operations["license_images"]
    _, body = bind(operation, {"body": LicenseImageRequest(images=[image])})
    assert json.loads(body) == {"images": [{"image_id": "1", "mood": "calm"}]}


def test_unknown_fields_with_names_of_our_own():
    wire = {
        "-": 1,
        "additional_properties": {"a": 2},
        "to_dict": 3,
        "swagger_types": 4,
        "__class__": 5,
        "": 6,
    }
    url = Url.from_json(json.dumps(wire))
    assert url.additional_properties == wire
    assert url.to_dict() == {"url": None, **wire}
    assert json.loads(url.to_json()) == wire


def test_additional_properties_of_a_model_that_was_built():
    url = Url(url="https://a.example")
    url.additional_properties["expires"] = date(2026, 1, 31)
    assert json.loads(url.to_json()) == {"url": "https://a.example", "expires": "2026-01-31"}


# Values of an unexpected type.


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 465011609),
        ("id", ["1"]),
        ("aspect", "wide"),
        ("is_adult", "no"),
        ("is_adult", 0),
        ("keywords", "cat"),
        ("keywords", {"0": "cat"}),
        ("contributor", "7"),
        ("contributor", ["7"]),
        ("categories", {"id": "8"}),
        ("added_date", 20260131),
        ("added_date", {"year": 2026}),
        ("assets", False),
    ],
)
def test_a_value_of_an_unexpected_type_is_kept(field, value):
    image = Image.from_json(json.dumps({**WIRE, field: value}))
    assert getattr(image, field) == value
    assert type(getattr(image, field)) is type(value)
    setattr(image, field, getattr(cat(), field))
    assert image == cat()  # all else is as it should be


def test_a_list_with_a_wrong_element_keeps_its_models():
    wire = {"data": [{"id": "1", "added_date": "2026-01-31"}, "oops", None, 5, [], {"id": 6, "mood": "calm"}]}
    page = ImageSearchResults.from_json(json.dumps(wire))
    first, *odd, last = page.data
    assert first == Image(id="1", added_date=date(2026, 1, 31))
    assert odd == ["oops", None, 5, []]
    assert (type(last), last.id, last.mood) == (Image, 6, "calm")
    assert json.loads(page.to_json()) == wire


@pytest.mark.parametrize("kind", [resolve("list[Image]"), list[Image]])
def test_a_wrong_element_of_a_list_answer(kind):
    assert decode(b'[{"id":"1"},7]', kind) == [Image(id="1"), 7]


def test_wholes_are_numbers_too():
    assert Image.from_json(b'{"aspect": 2}').aspect == 2.0
    assert Image.from_json(b'{"aspect": 2, "id": 3}').aspect == 2.0


@pytest.mark.parametrize("model", MODELS)
def test_nulls_everywhere(model):
    nulls = dict.fromkeys(field.wire for field in fields_of(model).values())
    assert model.from_json(json.dumps(nulls)) == model()
    assert model.from_json(json.dumps({**nulls, "more": None})).additional_properties == {"more": None}
