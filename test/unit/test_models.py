"""Models: built, read, written, compared; and what the service sends beyond the contract."""

from __future__ import annotations

import copy
import inspect
import json
import os
import pickle
import re
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType

import msgspec
import pytest
from bound_arguments import bind

import shutterstock_api
from shutterstock_api import ApiException, ApiValueError, DecodeError, models
from shutterstock_api.calls.names import resolve
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.license_outcomes import LicenseOutcomes
from shutterstock_api.modelkit.table import Table
from shutterstock_api.models import (
    AccessTokenDetails,
    BulkImageSearchResults,
    Category,
    Collection,
    Contributor,
    Cookie,
    DownloadHistory,
    Error,
    Image,
    ImageAssets,
    ImageSearchResults,
    ImageSizeDetails,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageResult,
    LicenseImageResultDataList,
    LicenseImageVector,
    LicenseRequestMetadata,
    OauthAccessTokenResponse,
    Price,
    Thumbnail,
    Url,
)
from shutterstock_api.schema.decoding import convert, decode
from shutterstock_api.schema.fields import fields_of

MODELS = [item for item in (getattr(models, name) for name in models.__all__) if isinstance(item, type)]

WIRE = {
    "id": "1",
    "description": "A cat",
    "aspect": 1.5,
    "added_date": "2026-01-31",
    "contributor": {"id": "7"},
    "categories": [{"id": "8", "name": "Animals"}],
    "keywords": ["cat", "kitten"],
    "is_adult": False,
}


def cat():
    return Image(
        id="1",
        description="A cat",
        aspect=1.5,
        added_date=date(2026, 1, 31),
        contributor=Contributor(id="7"),
        categories=[Category(id="8", name="Animals")],
        keywords=["cat", "kitten"],
        is_adult=False,
    )


@pytest.fixture
def extended():
    """An image with fields that this version does not know."""
    return Image.from_dict({**WIRE, "mood": "calm", "palette": {"main": "4F21EA"}})


# Building.


def test_a_model_is_built_by_keywords_or_filled_in_later():
    image = Image(id="1")
    image.description = "A cat"
    assert (image.id, image.description, image.keywords) == ("1", "A cat", None)


def test_a_misspelt_constructor_argument_raises():
    with pytest.raises(TypeError, match="descripton"):
        Image(descripton="A cat")


def test_a_positional_constructor_argument_raises():
    with pytest.raises(TypeError):
        Image("1")


def test_a_misspelt_attribute_raises_when_set():
    with pytest.raises(AttributeError, match="descripton"):
        Image().descripton = "A cat"


def test_a_misspelt_attribute_raises_when_read():
    image = Image()
    with pytest.raises(AttributeError, match="'Image' object has no attribute 'descripton'") as caught:
        _ = image.descripton
    assert caught.value.name == "descripton"
    assert caught.value.obj is image
    assert not hasattr(image, "descripton")


# The surface that users of the 2019 client know.


def test_to_dict_gives_every_field_with_python_values():
    assert cat().to_dict() == {
        **dict.fromkeys(fields_of(Image)),
        **WIRE,
        "added_date": date(2026, 1, 31),
        "contributor": {"id": "7"},
    }


def test_to_str_and_repr_show_what_is_there():
    image = Image(id="1", keywords=["cat"], contributor=Contributor(id="7"))
    assert (
        repr(image)
        == str(image)
        == image.to_str()
        == ("{'id': '1', 'contributor': {'id': '7'}, 'keywords': ['cat']}")
    )


def test_models_compare_by_value():
    assert cat() == cat()
    assert cat() != Image(id="1")
    for other in (Url(), {}, None):
        assert Image() != other
        assert (Image() == other) is False
    with pytest.raises(TypeError, match="unhashable"):
        hash(Image())


def test_swagger_types_and_attribute_map():
    assert LicenseImage.swagger_types["size"] == "str"
    assert LicenseImage.swagger_types["custom_dimensions"] == "CustomSizeDimensions"
    assert ImageSearchResults.swagger_types["data"] == "list[Image]"
    assert DownloadHistory.swagger_types["metadata"] == "dict(str, object)"
    assert Image().swagger_types["added_date"] == "date"
    assert Error.swagger_types["items"] == "list[dict(str, object)]"
    assert Image.attribute_map == {name: name for name in fields_of(Image)}


def test_models_are_found_where_they_were():
    from shutterstock_api.models.image import Image as ByModule

    assert shutterstock_api.Image is ByModule is Image


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
        (datetime(2026, 1, 31, 12, 30, tzinfo=timezone.utc), "2026-01-31T12:30:00Z"),
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


# Fields that this version does not know.


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


# Secrets.

SIGNED = "https://download.example/1?signature=73555"
HIDING = [
    Url(url=SIGNED),
    Url(url=["73555"]),
    Url.from_json(b'{"url":73555}'),
    LicenseImageResult(image_id="1", download=Url(url=SIGNED)),
    LicenseImageResult.from_json(b'{"image_id":"1","download":"73555"}'),
    LicenseImageResultDataList(data=[LicenseImageResult(download=Url(url=SIGNED))]),
    LicenseImageResultDataList.from_json(b'{"data":[{"download":{"url":["73555"]}},"73555"]}'),
    LicenseImageResultDataList.from_json(b'{"data":{"download":{"url":"73555"}}}'),
    OauthAccessTokenResponse(access_token="73555", refresh_token="73555"),
    OauthAccessTokenResponse.from_json(b'{"user_token":"73555"}'),
    OauthAccessTokenResponse(user_token=AccessTokenDetails(username="73555")),
    Image.from_json(b'{"newToken":"73555","more":[{"client_secret":{"a":"73555"},"PASSWORD":"73555"}]}'),
    Collection.from_json(b'{"cover_item":{"session_token":["73555"]}}'),
]


@pytest.mark.parametrize("model", HIDING, ids=lambda model: model.to_str()[:60])
def test_a_secret_is_not_shown(model):
    for text in (repr(model), str(model), model.to_str(), f"{[model]}", repr(model.__rich_repr__())):
        assert "***" in text
        assert "73555" not in text


@pytest.mark.parametrize("model", HIDING, ids=lambda model: model.to_str()[:60])
def test_a_secret_is_there_all_the_same(model):
    assert "73555" in str(model.to_dict())
    assert b"73555" in model.to_json()
    assert pickle.loads(pickle.dumps(model)) == model == type(model).from_json(model.to_json())


def test_secrets_count_in_comparisons():
    assert Url(url="a") != Url(url="b")
    assert repr(Url(url="a")) == repr(Url(url="b")) == "{'url': '***'}"


def test_what_is_no_secret_is_shown():
    assert repr(Url()) == "{}"
    assert repr(Thumbnail(url="https://a.example/1.jpg")) == "{'url': 'https://a.example/1.jpg'}"
    result = LicenseImageResult(image_id="1", license_id="2", download=Url(url=SIGNED))
    assert repr(result) == "{'image_id': '1', 'license_id': '2', 'download': {'url': '***'}}"
    assert repr(LicenseImageResultDataList(data=[result])) == f"{{'data': [{result!r}]}}"
    odd = Image.from_json(b'{"id":["1"],"contributor":"7","more":{"a":[1,null],"b":null}}')
    assert repr(odd) == "{'id': ['1'], 'contributor': '7', 'more': {'a': [1, None]}}"


def test_rich_shows_what_repr_shows():
    assert cat().__rich_repr__()[:2] == [("id", "1"), ("description", "A cat")]


# Members by hand.


def test_a_mixin_adds_members_and_no_weight():
    assert LicenseImageResultDataList.__mro__[1:4] == (LicenseOutcomes, Table, ApiModel)
    assert LicenseOutcomes.__slots__ == ()
    answer = decode(
        b'{"data":[{"image_id":"1","license_id":"2"},{"image_id":"3","error":"no"}]}',
        LicenseImageResultDataList,
    )
    assert [result.image_id for result in answer.licensed] == ["1"]
    assert [result.image_id for result in answer.failed] == ["3"]
    with pytest.raises(AttributeError):
        answer.licensed = []
    assert "licensed" not in answer.to_dict()


# Dates.

NOON = datetime(2026, 1, 31, 12)


@pytest.mark.parametrize(
    ("text", "day", "moment"),
    [
        ("2026-01-31", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("2026-01-31T00:00:00Z", date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=timezone.utc)),
        ("2026-01-31 00:00:00", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("20260131", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("31 January 2026", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("January 31, 2026", date(2026, 1, 31), datetime(2026, 1, 31)),
        ("2026/01/31", date(2026, 1, 31), datetime(2026, 1, 31)),
        # A date with a time of day is more than a date.
        ("2026-01-31T12:00:00Z", None, NOON.replace(tzinfo=timezone.utc)),
        ("2026-01-31T12:00:00+0200", None, NOON.replace(tzinfo=timezone(timedelta(hours=2)))),
        ("Sat, 31 Jan 2026 12:00:00 GMT", None, NOON.replace(tzinfo=timezone.utc)),
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
    "datetime": datetime(2026, 1, 31, 12, tzinfo=timezone.utc),
    "object": {"any": [1, None]},
    "dict(str, object)": {"any": [1, None]},
}


def sample(type_name):
    """A value of a type, as `swagger_types` writes it, with all fields of models filled in."""
    if type_name.startswith("list["):
        return [sample(type_name[5:-1])]
    if type_name in SAMPLES:
        return SAMPLES[type_name]
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


# Bodies off the beaten track.


@pytest.mark.parametrize("wire", ['{"id":"1","id":"2"}', '{"id":1,"id":"2"}', '{"id":"2","mood":1,"mood":2}'])
def test_of_duplicate_keys_the_last_counts(wire):
    assert Image.from_json(wire).id == "2"


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 2**64, 10**40, -(10**40)])
def test_big_integers_stay_exact(number):
    page = ImageSearchResults.from_json(json.dumps({"total_count": number, "more": number}))
    assert page.total_count == page.more == number
    assert json.loads(page.to_json()) == {"total_count": number, "more": number}


def test_a_float_beyond_all_floats():
    image = Image.from_json(b'{"id":"1","aspect":1e400}')
    assert (image.id, image.aspect) == ("1", float("inf"))
    assert Image.from_json(b'{"aspect":%d}' % 10**400).aspect == 10**400


def test_lone_surrogates():
    assert Image.from_json(b'{"id":"\\ud800"}').id == "\ud800"
    assert Image.from_json('{"id":"\ud800"}').id == "\ud800"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings(encoding):
    text = '{"description":"Käse 🧀"}'
    assert Image.from_json(text.encode(encoding)).description == "Käse 🧀"
    assert Image.from_json(f"\ufeff{text}").description == "Käse 🧀"


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"contributor":' * 100_000,
        b'{"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id":%s}' % (b"9" * 5000),  # more digits than Python reads
        b"{",
        b'{"id":}',
        b'{"id":"1"} {}',
        b"<html>",
        b"\xff\xfe\x00",
        b'{"id":"\xff"}',
    ],
    ids=lambda data: f"{data[:15]!r}",
)
def test_what_is_no_json_is_a_decode_error(data):
    with pytest.raises(DecodeError, match="cannot be read as Image") as caught:
        Image.from_json(data)
    assert caught.value.body == data.decode("utf-8", "replace")
    assert len(str(caught.value)) < 2000


def test_an_empty_body_is_named():
    with pytest.raises(DecodeError, match=r"empty, expected list\[Image\]"):
        decode(b"", resolve("list[Image]"))


def test_a_decode_error_is_an_api_exception():
    assert issubclass(DecodeError, ApiException)


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (b"5", "int", 5),
        (b"5", "float", 5.0),
        (b'"x"', "str", "x"),
        (b"true", "bool", True),
        (b'"2026-01-31"', "date", date(2026, 1, 31)),
        (b'"31 January 2026"', "date", date(2026, 1, 31)),
        (b'"2026-01-31T12:00:00"', "datetime", NOON),
        (b'{"a":[1]}', "object", {"a": [1]}),
        (b'{"a":1e400}', "object", {"a": float("inf")}),
        (b'{"a":[1,"x"]}', "dict(str, list[int])", {"a": [1, "x"]}),
        (b'[{"url":"u"}]', "list(Url)", [Url(url="u")]),
        (b'{"local_amount":1}', Price, Price(local_amount=1.0)),
    ],
)
def test_types_as_text(data, kind, expected):
    assert decode(data, resolve(kind)) == expected


def test_nested_models_are_models_whatever_is_around_them():
    assets = ImageAssets.from_json(b'{"huge_jpg":{"width":9,"mood":1},"preview":5,"gif":{"width":1}}')
    assert type(assets.huge_jpg) is ImageSizeDetails
    assert (assets.huge_jpg.width, assets.preview, assets.gif) == (9, 5, {"width": 1})


def test_what_models_never_show():
    assert Cookie(name="n", value="v").to_dict() == {"name": "n", "value": "v"}
    assert LicenseImageVector().to_dict().keys() == LicenseImageVector.attribute_map.keys()


@pytest.mark.parametrize(
    "body", [b'{"data": [{"id": "1", "assets": {}}]}', b'{"data": [{"id": "1", "assets": {"new": 1}}]}']
)
def test_many_threads_decode_for_the_first_time_at_once(body):
    """msgspec works types out without regard to other threads; left alone, most of these runs crash."""
    code = f"""
import sys, threading
sys.setswitchinterval(1e-5)
from shutterstock_api.calls.names import resolve
from shutterstock_api.schema import decoding
start, done = threading.Barrier(8), []
def run():
    start.wait()
    done.append(decoding.decode({body!r}, resolve("ImageSearchResults")).data[0].id)
threads = [threading.Thread(target=run) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert done == ["1"] * 8, done
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    for _ in range(4):
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=environment)
