"""How names and types of the contract are written in code."""

from __future__ import annotations

import pytest

from codegen.contract import kinds, naming
from codegen.contract.kinds import Array, EnumRef, FreeForm, Kind, ModelRef, OneOf, Plain

pytestmark = pytest.mark.tools

TEXT, DAY, MOMENT = Plain(("str",)), Plain(("date",)), Plain(("date", "datetime"))
PET, NOTES, SIZE = ModelRef("Pet"), ModelRef("Notes", open=True), EnumRef("Size")


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("Url", "url"),
        ("LicenseImageRequest", "license_image_request"),
        ("HTTPError", "http_error"),
        ("Image2", "image2"),
        ("born-on", "born_on"),
    ],
)
def test_snake(name: str, snake: str) -> None:
    assert naming.snake(name) == snake


def test_other_cases() -> None:
    assert naming.pascal("computer_vision") == "ComputerVision"
    assert naming.constant("get_image") == "GET_IMAGE"
    assert naming.field_name("id") == "id"
    assert naming.field_name("born-on") == "born_on"
    assert naming.field_name("4k") == "_4k"
    assert naming.field_fault("_4k") is None


@pytest.mark.parametrize("name", ["id", "type", "format", "license", "query", "image_id"])
def test_parameter_names_that_are_fine(name: str) -> None:
    assert naming.parameter_fault(name) is None


@pytest.mark.parametrize(
    "name", ["self", "options", "body", "async_req", "_headers", "class", "from", "list", "filter", "perPage"]
)
def test_parameter_names_that_clash(name: str) -> None:
    assert name in (naming.parameter_fault(name) or "")


@pytest.mark.parametrize(
    "name",
    "to_dict to_str to_json from_dict from_json additional_properties swagger_types attribute_map "
    "required_fields date str class _id __4k".split(),
)
def test_field_names_that_clash(name: str) -> None:
    assert name in (naming.field_fault(name) or "")


@pytest.mark.parametrize("name", ["pet", "Pet_Shop", "Any", "Operation", "Enums", "PetsApi", "Import"])
def test_model_names_that_clash(name: str) -> None:
    assert name in (naming.model_fault(name) or "")


@pytest.mark.parametrize("name", ["getPet", "operations", "api_client", "get_pet_with_http_info", "import"])
def test_method_names_that_clash(name: str) -> None:
    assert name in (naming.method_fault(name) or "")


@pytest.mark.parametrize(
    ("kind", "field", "argument"),
    [
        (TEXT, "str", "str"),
        (DAY, "date", "date | str"),
        (MOMENT, "date | datetime", "date | str"),
        (SIZE, "Size", "Size"),
        (Array(TEXT), "list[str]", "Sequence[str] | str"),
        (Array(SIZE), "list[Size]", "Sequence[Size] | Size"),
        (Array(DAY), "list[date]", "Sequence[date | str] | date | str"),
        (PET, "Pet", "Pet"),
        (NOTES, "Notes | dict[str, JsonValue]", "Notes | dict[str, Any]"),
        (Array(OneOf((PET, ModelRef("Toy")))), "Sequence[Pet | Toy]", "Sequence[Pet | Toy] | Pet | Toy"),
        (FreeForm(), "dict[str, JsonValue]", "dict[str, Any]"),
    ],
)
def test_annotations(kind: Kind, field: str, argument: str) -> None:
    assert kinds.field(kind) == field
    assert kinds.argument(kind) == argument


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (TEXT, "str"),
        (MOMENT, "date | datetime"),
        (SIZE, "str"),
        (Array(SIZE), "list[str]"),
        (Array(Plain(("int",))), "list[int]"),
    ],
)
def test_runtime_types(kind: Kind, expression: str) -> None:
    assert kinds.runtime(kind) == expression


def test_names_of_bodies_and_answers() -> None:
    assert kinds.named(Array(PET)) == "list[Pet]"
    assert kinds.named(NOTES) == "Notes"
    assert kinds.named(FreeForm()) == "dict[str, Any]"


def test_where_models_and_enums_live() -> None:
    assert kinds.argument(Array(SIZE), "models.") == "Sequence[models.Size] | models.Size"
    assert kinds.argument(NOTES, "models.") == "models.Notes | dict[str, Any]"
    assert kinds.named(Array(NOTES), "models.") == "list[models.Notes]"


def test_what_a_type_mentions() -> None:
    both = Array(OneOf((PET, NOTES)))
    assert list(kinds.names(both)) == list(kinds.models(both)) == ["Pet", "Notes"]
    assert list(kinds.names(Array(SIZE))) == ["Size"]
    assert list(kinds.models(Array(SIZE))) == []
