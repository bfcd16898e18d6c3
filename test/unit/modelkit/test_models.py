"""Models: built, compared, shown; what programs of 2019 use of them."""

from __future__ import annotations

import pickle
from datetime import date
from typing import Generic

import pytest
from sample_models import WIRE, cat

import shutterstock_api
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.items import Items
from shutterstock_api.modelkit.license_outcomes import LicenseOutcomes
from shutterstock_api.modelkit.table import Table
from shutterstock_api.models import (
    AccessTokenDetails,
    Collection,
    Contributor,
    DownloadHistory,
    Error,
    Image,
    ImageSearchResults,
    LicenseImage,
    LicenseImageResult,
    LicenseImageResultDataList,
    OauthAccessTokenResponse,
    Thumbnail,
    Url,
)
from shutterstock_api.schema.decoding import decode
from shutterstock_api.schema.fields import fields_of

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
        "contributor": {"id": "7", "name": None},
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
    assert LicenseImageResultDataList.__mro__[1:6] == (LicenseOutcomes, Table, Items, Generic, ApiModel)
    assert LicenseOutcomes.__slots__ == Table.__slots__ == Items.__slots__ == ()
    answer = decode(
        b'{"data":[{"image_id":"1","license_id":"2"},{"image_id":"3","error":"no"}]}',
        LicenseImageResultDataList,
    )
    assert [result.image_id for result in answer.licensed] == ["1"]
    assert [result.image_id for result in answer.failed] == ["3"]
    with pytest.raises(AttributeError):
        answer.licensed = []
    assert "licensed" not in answer.to_dict()
