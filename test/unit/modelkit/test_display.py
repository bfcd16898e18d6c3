"""Names of classes and fields that the display knows exist, and all that lists hold has a look."""

from __future__ import annotations

import pytest
from contract_calls import OPERATIONS

from shutterstock_api import models
from shutterstock_api.calls.binding import resolve
from shutterstock_api.modelkit import cards, cells, display
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.table import list_of_items
from shutterstock_api.schema.fields import fields_of

MODELS = [model for model in (getattr(models, name) for name in models.__all__) if isinstance(model, type)]
FIELDS = {name for model in MODELS if issubclass(model, ApiModel) for name in fields_of(model)}
LISTED = {
    found[1]
    for operation in OPERATIONS.values()
    if operation.returns and isinstance(answer := resolve(operation.returns), type)
    if issubclass(answer, ApiModel) and (found := list_of_items(answer))
}


@pytest.mark.parametrize("name", display.PLURALS)
def test_classes_exist(name: str) -> None:
    assert name in models.__all__


@pytest.mark.parametrize(
    "names",
    [
        cards.POSTERS,
        cards.LARGER,
        cards.CLIPS,
        cards.SOUNDS,
        cards.LARGEST,
        cards.TITLES,
        cells.LABELS,
        cells.HIDDEN,
        cells.SPECIAL,
    ],
)
def test_fields_exist(names: list[str]) -> None:
    assert set(names) <= FIELDS


@pytest.mark.parametrize("kind", sorted(LISTED, key=str), ids=lambda kind: str(kind.__name__))
def test_whatever_a_list_holds_has_a_look(kind: type) -> None:
    assert kind is str or cards.way_of(kind) or cells.is_item(kind) or issubclass(kind, display.Table)


def test_what_has_previews_is_found_by_its_shape() -> None:
    ways = {model.__name__: cards.way_of(model) for model in MODELS if issubclass(model, ApiModel)}
    assert {name: way for name, way in ways.items() if way} == {
        "Audio": "sounds",
        "EditorialContent": "pictures",
        "EditorialLivefeed": "pictures",
        "EditorialUpdatedContent": "pictures",
        "EditorialVideoContent": "films",
        "FeaturedCollection": "pictures",
        "Image": "pictures",
        "SFX": "sounds",
        "Video": "films",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Image", "Images"),
        ("Category", "Categories"),
        ("EditorialCategory", "Editorial categories"),
        ("Descriptors", "Descriptors"),
        ("Audio", "Tracks"),
        ("SFX", "Sound effects"),
        ("LicenseSFXResult", "Licences"),
        ("DownloadHistory", "Licences"),
        ("GenreList", "Genres"),
        ("KeywordDataList", "Keywords"),
        ("Suggestions", "Suggestions"),
    ],
)
def test_what_several_are_called(name: str, text: str) -> None:
    assert display.plural(getattr(models, name)) == text
