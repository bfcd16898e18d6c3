"""Searches of images: by filters, by similarity, by what goes with others."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, TypeVar

from shutterstock_api.sandbox.catalogue.bitmaps import Results, in_order
from shutterstock_api.sandbox.catalogue.colours import COLOURS, GRAYSCALE, nearest_colour
from shutterstock_api.sandbox.catalogue.searching import Filters, Found, Parameters, Search, SearchError
from shutterstock_api.sandbox.catalogue.vocabulary import FILMED

from .images import Catalogue, Image

C = TypeVar("C", bound=Catalogue)

_HEX = re.compile(r"#?[0-9a-fA-F]{6}")
#: How far from the wanted aspect ratio an image may be.
_ASPECT_TOLERANCE = 0.01


class VisualSearch(Search[C]):
    """Searches of items that can be seen."""

    def similar_item(self, item_id: int) -> Found:
        """Items with the same subject; those that also have the same main colour come first."""
        image = self.catalogue.image(item_id)
        return self.resembling(item_id, image.subject.text, image.colour.name, {}, without=item_id)

    def resembling(
        self, of: object, subject: str, colour: str, filters: Parameters, without: int = 0
    ) -> Found:
        """Items that resemble a picture and pass the filters, except the item with the number `without`."""
        catalogue = self.catalogue
        alike = catalogue.people(lambda phrase: phrase.text == subject) & self.filtered(filters)
        if without <= catalogue.size:
            alike &= ~(1 << without)
        same_colour = alike & catalogue.colour.where(lambda value: value.name == colour)
        ids = chain(
            in_order(same_colour, catalogue.popular), in_order(alike & ~same_colour, catalogue.popular)
        )
        search_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"similar {of}"))
        return Found(search_id, Results(alike.bit_count(), ids), None)


class Searcher(VisualSearch[Catalogue]):
    """Searches of images."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _FILTERS)

    def recommended(self, images: Iterable[Image], limit: int, *, safe: bool) -> list[int]:
        """Images from the categories of the given ones, none of these among them."""
        catalogue, found, given = self.catalogue, 0, 0
        for image in images:
            for name in image.categories[:1]:
                found |= catalogue.category(name)
            if image.id <= catalogue.size:
                given |= 1 << image.id
        found &= ~given
        if safe:
            found &= ~catalogue.adult.where(bool)
        return Results(found.bit_count(), in_order(found, catalogue.relevance)).page(1, limit)


def _color(catalogue: Catalogue, value: str) -> int:
    names: frozenset[str]
    if value.lower() == "grayscale":
        names = GRAYSCALE
    elif _HEX.fullmatch(value):
        number = int(value.lstrip("#"), 16)
        names = frozenset((nearest_colour((number >> 16, number >> 8 & 255, number & 255)).name,))
    elif value.lower() in {colour.name for colour in COLOURS}:
        names = frozenset((value.lower(),))
    else:
        raise SearchError("color", f"{value!r} is neither a colour such as 4F21EA nor grayscale")
    return catalogue.colour.where(lambda colour: colour.name in names)


def _shape(accepts: Callable[[int, int, Any], object]) -> Callable[[Catalogue, Any], int]:
    return lambda catalogue, value: catalogue.shape.where(lambda shape: accepts(*shape, value))


def _contributor(catalogue: Catalogue, wanted: list[str]) -> int:
    names = {value.lower() for value in wanted}
    return catalogue.contributor.where(lambda who: who.id in names or who.name.lower() in names)


def _country(catalogue: Catalogue, wanted: list[str]) -> int:
    refused = {value.removeprefix("NOT ") for value in wanted if value.startswith("NOT ")}
    if refused:
        return catalogue.contributor.where(lambda who: who.country not in refused)
    return catalogue.contributor.where(lambda who: who.country in wanted)


def _license(catalogue: Catalogue, wanted: list[str]) -> int:
    editorial = catalogue.editorial.where(bool) & catalogue.type.where(lambda name: name in FILMED)
    sensitive = catalogue.sensitive.where(bool)
    enhanced = ~editorial & catalogue.property_released.where(bool)
    sets = {
        "commercial": ~editorial,
        "editorial": editorial,
        "enhanced": enhanced,
        "sensitive": sensitive,
        "NOT enhanced": ~enhanced,
        "NOT sensitive": ~sensitive,
    }
    bits = 0
    for value in wanted:
        bits |= sets[value]
    return bits


def _ethnicity(catalogue: Catalogue, wanted: list[str] | str) -> int:
    values = [wanted] if isinstance(wanted, str) else wanted
    refused = {value.removeprefix("NOT ") for value in values if value.startswith("NOT ")}
    asked = {value for value in values if not value.startswith("NOT ")}
    shown = catalogue.people(lambda phrase: phrase.people.number)
    return shown & catalogue.ethnicity.where(
        lambda value: value not in refused and (not asked or value in asked)
    )


def _released(catalogue: Catalogue, wanted: bool) -> int:
    shown = catalogue.people(lambda phrase: phrase.people.number)
    return shown & catalogue.released.where(lambda value: value == wanted)


def _models(catalogue: Catalogue, wanted: list[str]) -> int:
    bits = 0
    for model in wanted:
        bits |= catalogue.with_model(model)
    return bits


#: Parameter -> the items that pass it.
VISUAL_FILTERS: Filters[Catalogue] = {
    "category": Catalogue.category,
    "contributor": _contributor,
    "contributor_country": lambda catalogue, value: _country(
        catalogue, [value] if isinstance(value, str) else value
    ),
    "license": _license,
    "safe": lambda catalogue, value: ~catalogue.adult.where(bool) if value else catalogue.everything,
    "keyword_safe_search": lambda catalogue, value: catalogue.everything,  # no keyword of ours is unsafe
    "people_number": lambda catalogue, value: catalogue.people(lambda phrase: phrase.people.number == value),
    "people_gender": lambda catalogue, value: catalogue.people(lambda phrase: phrase.people.gender == value),
    "people_age": lambda catalogue, value: catalogue.people(lambda phrase: phrase.people.age == value),
    "people_ethnicity": _ethnicity,
    "people_model_released": _released,
    "model": _models,
}
_FILTERS: Filters[Catalogue] = {
    **VISUAL_FILTERS,
    "color": _color,
    "orientation": _shape(lambda w, h, value: w > h if value == "horizontal" else h > w),
    "width": _shape(lambda w, h, value: w == value),
    "width_from": _shape(lambda w, h, value: w >= value),
    "width_to": _shape(lambda w, h, value: w <= value),
    "height": _shape(lambda w, h, value: h == value),
    "height_from": _shape(lambda w, h, value: h >= value),
    "height_to": _shape(lambda w, h, value: h <= value),
    "aspect_ratio": _shape(lambda w, h, value: abs(w / h - value) <= _ASPECT_TOLERANCE),
    "aspect_ratio_min": _shape(lambda w, h, value: w / h >= value),
    "aspect_ratio_max": _shape(lambda w, h, value: w / h <= value),
    "image_type": lambda catalogue, value: catalogue.type.where(lambda name: name in value),
}
