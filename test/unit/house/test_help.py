"""What `help()`, `inspect.signature` and Jupyter's `?` show, and what completion finds."""

from __future__ import annotations

import inspect
import pydoc
import re

import pytest

import shutterstock_api
from shutterstock_api import Image, ImagesApi, LicenseImage, models
from shutterstock_api.modelkit.field_docs import Slots
from shutterstock_api.schema.fields import fields_of

CLASSES = [getattr(shutterstock_api, name) for name in shutterstock_api.api.__all__]
METHODS = [getattr(api, name) for api in CLASSES for name in api.operations]
MODELS = [item for name in models.__all__ if isinstance(item := getattr(models, name), type)]


@pytest.fixture
def api(client):
    return ImagesApi(client)


# Signatures.


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_a_method_shows_its_arguments_and_what_it_returns(method):
    signature = inspect.signature(method)
    assert signature.return_annotation != signature.empty
    assert re.fullmatch(r"Unpack\[(Call|Page)Options\]", signature.parameters["options"].annotation)
    assert len(signature.parameters) > 1


def test_a_method_of_2019_shows_what_today_s_shows(api):
    old = api.get_image_with_http_info
    assert inspect.signature(old) == inspect.signature(api.get_image)
    assert inspect.getdoc(old) == inspect.getdoc(api.get_image)
    assert old.__name__ == "get_image"


def test_a_model_shows_its_fields():
    parameters = inspect.signature(LicenseImage).parameters
    assert parameters.keys() >= LicenseImage.attribute_map.keys()
    assert all(item.kind is item.KEYWORD_ONLY and item.default is None for item in parameters.values())


# Texts.


def test_help_shows_the_text_of_each_field():
    text = pydoc.plain(pydoc.render_doc(Image))
    assert " |  description\n |      What the image shows.\n" in text
    assert " |  An image.\n" in text


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_text(model):
    for name in fields_of(model):
        assert inspect.getdoc(getattr(model, name)).endswith((".", ":", "`", ")")), name


def test_a_field_of_several_lines():
    assert inspect.getdoc(LicenseImage.price) == (
        "What the end customer pays in total, in the currency of the transaction, such as 12.34; for\n"
        "revenue-share partners only."
    )


def test_a_model_of_a_user_inherits_and_adds_texts():
    class Rated(Image):
        """An image, and what we think of it."""

        stars: int | None = None
        """From 1 to 5."""

    assert inspect.getdoc(Rated.stars) == "From 1 to 5."
    assert inspect.getdoc(Rated.description) == "What the image shows."
    assert Rated(stars=5, id="1").to_dict()["stars"] == 5


def test_without_source_there_are_no_texts():
    names: dict[str, type] = {}
    exec("class Rated(Image):\n    stars: int | None = None\n    'From 1 to 5.'", {"Image": Image}, names)
    assert inspect.getdoc(names["Rated"].stars) is None
    assert names["Rated"](stars=5).stars == 5


def test_texts_are_read_when_somebody_asks():
    class Read(Image):
        """An image."""

        stars: int | None = None
        """From 1 to 5."""

    slots = vars(Read)["__slots__"]
    assert type(slots) is Slots
    assert slots == {"stars": None}
    inspect.getdoc(Read.stars)
    assert slots == {"stars": "From 1 to 5."}


# Completion.


@pytest.mark.parametrize("package", [shutterstock_api, models])
def test_names_complete_before_they_are_loaded(package):
    assert set(dir(package)) >= set(package.__all__)


def test_methods_and_fields_complete(api):
    assert set(dir(api)) >= ImagesApi.operations.keys()
    assert set(dir(Image())) >= Image.attribute_map.keys()
