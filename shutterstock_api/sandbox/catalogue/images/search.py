"""From the parameters of a search to its results."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from shutterstock_api.sandbox.catalogue import query
from shutterstock_api.sandbox.catalogue.bitmaps import Order, Results, in_order
from shutterstock_api.sandbox.catalogue.colours import COLOURS, GRAYSCALE, Colour, nearest_colour
from shutterstock_api.sandbox.catalogue.terms import correct_spelling
from shutterstock_api.sandbox.catalogue.vocabulary import SUBJECTS

from .images import Catalogue, Image

Parameters = Mapping[str, Any]

_HEX = re.compile(r"#?[0-9a-fA-F]{6}")
#: How far from the wanted aspect ratio an image may be.
_ONE_DAY = timedelta(days=1)
_ASPECT_TOLERANCE = 0.01
#: Parameters that say how to show results and not which ones.
_SHOWING = frozenset(("page", "per_page", "view", "fields", "language", "ai_labels_limit", "region"))


class SearchError(ValueError):
    """A parameter has a value that the contract cannot rule out, yet the search can do nothing with."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True)
class Found:
    """The outcome of a search."""

    search_id: str
    results: Results
    spellcheck_info: dict[str, Any] | None


class Searcher:
    """Runs searches on a catalogue and remembers the latest ones, so that further pages cost nothing."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._remembered = lru_cache(maxsize=64)(self._search)

    def search(self, parameters: Parameters) -> Found:
        """Search; the same parameters find the same images in the same order, page after page."""
        asked = {name: value for name, value in parameters.items() if name not in _SHOWING}
        return self._remembered(json.dumps(asked, sort_keys=True))

    def _search(self, canonical: str) -> Found:
        parameters = json.loads(canonical)
        search_id = str(uuid.UUID(bytes=hashlib.sha256(canonical.encode()).digest()[:16], version=4))
        try:
            node = query.parse_query(parameters.get("query") or "")
        except query.QueryError as error:
            raise SearchError("query", str(error)) from error
        spelling = None
        if parameters.get("spellcheck_query") is not False:
            node, spelling = correct_spelling(node, parameters.get("query") or "")
        bits = self._catalogue.matching(node) & filtered(self._catalogue, parameters)
        order = self._order(parameters.get("sort") or "popular", search_id)
        return Found(search_id, Results(bits.bit_count(), in_order(bits, order)), spelling)

    def _order(self, sort: str, search_id: str) -> Order:
        if sort == "random":
            seed = uuid.UUID(search_id).int
            size = self._catalogue.size
            return Order(size, seed % size | 1, start=seed // size)
        order: Order = getattr(self._catalogue, sort)
        return order

    def similar(self, image: Image) -> Found:
        """Images with the same subject, those with the same main colour first."""
        return self._similar(image.id, image.subject.text, image.colour.name)

    def similar_to(self, upload_id: str, subject: str, colour: str) -> Found:
        """Images that resemble an uploaded picture."""
        return self._similar(upload_id, subject, colour)

    def _similar(self, of: object, subject: str, colour: str) -> Found:
        catalogue = self._catalogue
        alike = catalogue.people(lambda phrase: phrase.text == subject)
        if isinstance(of, int) and of <= catalogue.size:
            alike &= ~(1 << of)
        same_colour = alike & catalogue.colour.where(lambda value: value.name == colour)
        ids = chain(
            in_order(same_colour, catalogue.popular), in_order(alike & ~same_colour, catalogue.popular)
        )
        search_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"similar {of}"))
        return Found(search_id, Results(alike.bit_count(), ids), None)

    def recommended(self, images: Iterable[Image], limit: int, *, safe: bool) -> list[int]:
        """Images from the categories of the given ones, none of these among them."""
        catalogue, found, given = self._catalogue, 0, 0
        for image in images:
            for name in image.categories[:1]:
                found |= catalogue.category(name)
            if image.id <= catalogue.size:
                given |= 1 << image.id
        found &= ~given
        if safe:
            found &= ~catalogue.adult.where(bool)
        return Results(found.bit_count(), in_order(found, catalogue.relevance)).page(1, limit)


def filtered(catalogue: Catalogue, parameters: Parameters) -> int:
    """The set of images that pass every filter that is given."""
    bits = catalogue.everything
    for name, apply in _FILTERS.items():
        value = parameters.get(name)
        if value is not None and value != []:
            bits &= apply(catalogue, value)
    return bits & _added(catalogue, parameters)


def _added(catalogue: Catalogue, parameters: Parameters) -> int:
    names = ("added_date", "added_date_start", "added_date_end")
    day = {name: _day(parameters, name) for name in names if parameters.get(name)}
    if not day:
        return catalogue.everything
    bits = catalogue.added(day.get("added_date_start", date.min), day.get("added_date_end", date.max))
    if "added_date" in day:
        last = day["added_date"]
        bits &= catalogue.added(last, min(last, date.max - _ONE_DAY) + _ONE_DAY)
    return bits


def _day(parameters: Parameters, name: str) -> date:
    try:
        return date.fromisoformat(parameters[name])
    except ValueError as error:  # the year 0, which passes as a date in JSON Schema
        raise SearchError(name, str(error)) from error


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
    editorial = catalogue.editorial.where(bool) & catalogue.type.where(lambda name: name == "photo")
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


#: Parameter -> the images that it lets through.
_FILTERS: dict[str, Callable[[Catalogue, Any], int]] = {
    "category": Catalogue.category,
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


def look_of(rgb: tuple[int, int, int], seed: int) -> tuple[str, Colour]:
    """The subject and colour group under which an uploaded picture finds similar images."""
    return SUBJECTS[seed % len(SUBJECTS)].text, nearest_colour(rgb)
