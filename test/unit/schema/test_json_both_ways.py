"""Models to JSON and back."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import re
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType

import msgspec
import pytest
from sample_models import MODELS, NOON, WIRE, cat

from shutterstock_api import ApiValueError, DecodeError, models
from shutterstock_api.calls.binding import resolve
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.models import (
    Collection,
    Image,
    LicenseImage,
    LicenseImageRequest,
    LicenseRequestMetadata,
)
from shutterstock_api.schema.decoding import convert, decode
from shutterstock_api.schema.fields import fields_of

# To JSON and back.


def test_to_json_is_the_wire_form():
    assert json.loads(cat().to_json()) == WIRE
    assert Image().to_json() == b"{}"


@pytest.mark.parametrize(
    "read",
    [
        lambda: Image.from_dict(WIRE),
        lambda: Image.from_dict(cat().to_dict()),
        lambda: Image.from_dict(MappingProxyType(WIRE)),
        lambda: Image.from_json(json.dumps(WIRE)),
        lambda: Image.from_json(json.dumps(WIRE).encode()),
        lambda: Image.from_json(cat().to_json()),
        lambda: decode(json.dumps([WIRE]).encode(), resolve("list[Image]"))[0],
        lambda: decode(json.dumps({"a": WIRE}).encode(), resolve("dict(str, Image)"))["a"],
    ],
)
def test_the_way_back(read):
    assert read() == cat()


@pytest.mark.parametrize("value", [[], "Image", 5, None])
def test_what_is_no_object_is_no_model(value):
    with pytest.raises(DecodeError, match="expected Image, got"):
        Image.from_dict(value)
    with pytest.raises(DecodeError, match="Image"):
        Image.from_json(json.dumps(value))


@pytest.mark.parametrize(
    ("moment", "wire"),
    [
        (datetime(2026, 1, 31, 12, 30, tzinfo=UTC), "2026-01-31T12:30:00Z"),
        (datetime(2026, 1, 31, 12, 30, tzinfo=timezone(timedelta(hours=-5))), "2026-01-31T12:30:00-05:00"),
        (datetime(2026, 1, 31, 12, 30), "2026-01-31T12:30:00"),
        (date(2026, 1, 31), "2026-01-31"),
    ],
)
def test_moments_go_out_in_iso_8601(moment, wire):
    assert json.loads(Collection(created_time=moment).to_json()) == {"created_time": wire}


def test_to_json_names_what_json_cannot_say():
    image = Image(aspect=float("inf"), keywords=["\ud800"])
    with pytest.raises(ApiValueError) as caught:
        image.to_json()
    assert "value.aspect: inf" in str(caught.value)
    assert "value.keywords[0]: broken text" in str(caught.value)


def test_to_json_of_a_model_that_holds_itself():
    image = Image()
    image.additional_properties["self"] = image
    with pytest.raises(ApiValueError, match="nested too deeply"):
        image.to_json()


# Dates.


@pytest.mark.parametrize(
    ("text", "day", "moment"),
    [
        ("2026-01-31", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("2026-01-31T00:00:00Z", date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31 00:00:00", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("20260131", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("31 January 2026", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("January 31, 2026", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("2026/01/31", date(2026, 1, 31), datetime(2026, 1, 31)),
        # A date with a time of day is more than a date.
        ("2026-01-31T12:00:00Z", None, NOON.replace(tzinfo=UTC)),
        ("2026-01-31T12:00:00+0200", None, NOON.replace(tzinfo=timezone(timedelta(hours=2)))),
        ("Sat, 31 Jan 2026 12:00:00 GMT", None, NOON.replace(tzinfo=UTC)),
        ("2026-01-31 12:00", None, NOON),
        # A part is missing, or nothing is right.
        ("10", None, None),
        ("May 3", None, None),
        ("2026", None, None),
        ("2026-01", None, None),
        ("12:00", None, None),
        ("Saturday", None, None),
        ("2026-02-30", None, None),
        ("soon", None, None),
        ("", None, None),
        ("9" * 400, None, None),
        ("99999-01-01", None, None),
        ("\ud800", None, None),
    ],
)
def test_dates_and_times(text, day, moment):
    wire = json.dumps({"added_date": text})
    assert Image.from_json(wire).added_date == (text if day is None else day)
    read = Collection.from_json(json.dumps({"created_time": text})).created_time
    assert read == (text if moment is None else moment)
    if moment is not None:
        assert read.utcoffset() == moment.utcoffset()


def test_a_kept_date_goes_out_as_it_came():
    assert Image.from_json(b'{"added_date":"May 3"}').to_json() == b'{"added_date":"May 3"}'


# Every model.


@pytest.mark.parametrize("model", MODELS)
def test_every_model_starts_empty(model):
    empty = model()
    assert set(empty.to_dict().values()) <= {None}
    assert empty.to_json() == b"{}"
    assert repr(empty) == "{}"
    assert empty == model.from_json("{}") == model.from_dict({})
    assert issubclass(model, ApiModel)


SAMPLES = {
    "str": "text",
    "int": 3,
    "float": 1.5,
    "bool": True,
    "date": date(2026, 1, 31),
    "datetime": datetime(2026, 1, 31, 12, tzinfo=UTC),
    "object": {"any": [1, None]},
    "dict(str, object)": {"any": [1, None]},
}


def sample(type_name):
    """A value of a type, as `swagger_types` writes it, with all fields of models filled in."""
    if type_name.startswith("list["):
        return [sample(type_name[5:-1])]
    if type_name in SAMPLES:
        return SAMPLES[type_name]
    if type_name.startswith("dict(str, "):
        return {"any": sample(type_name[10:-1])}
    model = getattr(models, type_name)
    return model(**{name: sample(inner) for name, inner in model.swagger_types.items()})


@pytest.mark.parametrize("model", MODELS)
def test_every_model_goes_there_and_back(model):
    full = sample(model.__name__)
    assert None not in full.to_dict().values()
    strict = model.from_json(full.to_json())
    assert strict == full
    assert strict.additional_properties == {}
    assert model.from_dict(full.to_dict()) == full
    assert pickle.loads(pickle.dumps(full)) == copy.deepcopy(full) == full
    assert set(json.loads(full.to_json())) == set(model.attribute_map.values())


@pytest.mark.parametrize("model", MODELS)
def test_every_field_has_its_line_of_documentation(model):
    source = inspect.getsource(model)
    documented = re.findall(r'^    (\w+): .* \| None = .+\n    """\S', source, re.MULTILINE)
    assert documented == list(fields_of(model))
    assert model.__doc__.strip()


def test_required_fields_are_fields():
    for model in MODELS:
        assert set(model.required_fields) <= set(model.attribute_map.values())


# A choice between models: by the fields that came.


def test_a_choice_takes_the_first_model_that_knows_all_fields():
    wire = b'{"images":[{"image_id":"1","size":"vector"},{"image_id":"2","custom_dimensions":{"width":9}}]}'
    request = LicenseImageRequest.from_json(wire)
    assert [type(image) for image in request.images] == [LicenseImage, LicenseImage]
    assert request.images[1].custom_dimensions.width == 9
    assert request.to_json() == wire


def test_a_choice_with_unknown_fields_keeps_them():
    request = LicenseImageRequest.from_json(b'{"images":[{"image_id":"1","mood":"calm"},7]}')
    assert request.images[0].mood == "calm"
    assert request.images[1] == 7


def test_a_choice_prefers_what_fits():
    class First(ApiModel, kw_only=True):
        one: str | None = None

    class Second(ApiModel, kw_only=True):
        two: str | None = None

    kind = First | Second
    assert convert([{"two": "2"}, {"one": "1"}, {}], list[kind]) == [Second(two="2"), First(one="1"), First()]


def test_free_form_metadata_reads_as_a_model_with_more():
    image = LicenseImage.from_json(b'{"metadata":{"customer_id":"1","job":{"id":5}}}')
    assert type(image.metadata) is LicenseRequestMetadata
    assert (image.metadata.customer_id, image.metadata.job) == ("1", {"id": 5})


# A field whose name in JSON is no Python name.


class Renamed(ApiModel, kw_only=True):
    from_: str | None = msgspec.field(name="from", default=None)
    size: int | None = None


@pytest.mark.parametrize(
    "wire", [{"from": "a"}, {"from": "a", "size": 1}, {"from": "a", "size": "x"}, {"from": 5, "mood": "calm"}]
)
def test_a_renamed_field(wire):
    model = Renamed.from_dict(wire)
    assert model.from_ == wire["from"]
    assert json.loads(model.to_json()) == wire
    assert Renamed.from_dict(model.to_dict()) == model
    assert Renamed.attribute_map == {"from_": "from", "size": "size"}
