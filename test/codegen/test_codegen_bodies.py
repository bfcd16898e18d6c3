"""What may be given for a body: models, dicts, and values that stand for a model alone."""

from __future__ import annotations

import pytest

from codegen.__main__ import ROOT
from codegen.contract.kinds import Array, EnumRef, FreeForm, Map, ModelRef, OneOf, Plain
from codegen.contract.spec import load
from codegen.output.bodies import Bodies, read_bodies
from shutterstock_api import models
from shutterstock_api.schema.fields import sole_field

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    return read_bodies(load(ROOT / "openapi"))


def test_kinds(bodies: Bodies) -> None:
    cookie = ModelRef("Cookie")
    assert bodies.annotation(cookie) == "models.Cookie | types.CookieDict"
    assert bodies.annotation(Array(cookie)) == "Sequence[models.Cookie | types.CookieDict]"
    assert bodies.annotation(Map(Plain(("int",)))) == "Mapping[str, int]"
    assert bodies.annotation(FreeForm()) == "Mapping[str, Any]"
    assert bodies.annotation(EnumRef("ImageSize")) == "models.ImageSize"
    assert bodies.annotation(Plain(("date",))) == bodies.annotation(Plain(("datetime",))) == "date | str"
    metadata = ModelRef("LicenseRequestMetadata", open=True)
    assert bodies.annotation(metadata) == "models.LicenseRequestMetadata | Mapping[str, Any]"
    assert bodies.annotation(OneOf((cookie, Plain(("str",))))) == "models.Cookie | types.CookieDict | str"


def test_the_value_of_one_required_field(bodies: Bodies) -> None:
    name = "CollectionCreateRequest"
    assert bodies.annotation(ModelRef(name)) == f"models.{name} | types.{name}Dict | str"
    assert bodies.annotation(ModelRef("LicenseImageRequest")) == (
        "models.LicenseImageRequest | types.LicenseImageRequestDict"
        " | Several[models.LicenseImage | types.LicenseImageDict | models.Image | str"
        " | models.LicenseImageVector | types.LicenseImageVectorDict]"
    )


def test_two_required_fields_go_together(bodies: Bodies) -> None:
    name = "LicenseEditorialContentRequest"
    assert bodies.annotation(ModelRef(name)) == f"models.{name} | types.{name}Dict"


def test_the_core_knows_the_same_fields(bodies: Bodies) -> None:
    """The generator decides for annotations and texts, the core for what is sent."""
    for name, model in bodies.models.items():
        field = sole_field(getattr(models, name))
        assert (field and field.name) == (model.sole and model.sole.name), name


def test_what_may_stand_for_an_entry_of_a_licence_request(bodies: Bodies) -> None:
    assert bodies.things == {
        "LicenseAudio": "Audio",
        "LicenseImage": "Image",
        "LicenseImageVector": "Image",
        "LicenseVideo": "Video",
    }
