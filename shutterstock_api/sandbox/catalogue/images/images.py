"""A catalogue of a million believable images, none of which is stored.

Every attribute of an image is read from a shuffled pattern, `pattern[id % len(pattern)]`. The lengths of the
patterns are primes, so attributes combine freely. The set of images with a value is that pattern's positions,
repeated: a bitmap that is made in a millisecond (see `bitmaps.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import eq

from shutterstock_api.sandbox.catalogue.bitmaps import Pattern
from shutterstock_api.sandbox.catalogue.colours import COLOURS, Colour
from shutterstock_api.sandbox.catalogue.library import Library
from shutterstock_api.sandbox.catalogue.vocabulary import (
    ADJECTIVES,
    CATEGORIES,
    CONTRIBUTORS,
    ETHNICITIES,
    FILMED,
    LIGHTS,
    PLACES,
    SETTINGS,
    SUBJECTS,
    TYPES,
    URBAN,
    Contributor,
    Phrase,
    known_words,
)

#: Pixel sizes of the `huge` JPEG.
SHAPES = (
    *[(2400, 1600)] * 4,
    *[(1600, 2400)] * 2,
    *[(2400, 1800)] * 2,
    (1800, 2400),
    *[(2000, 2000)] * 2,
    *[(2400, 1350)] * 2,
    (1350, 2400),
    (2400, 1200),
    (1800, 1200),
    (1200, 1800),
    (1500, 1500),
    (1600, 1200),
    (2400, 1000),
)

_TYPES = ("photo",) * 6 + ("illustration",) * 2 + ("vector",) * 2
_BASE_MODEL = 5_000
_MODELS = 40


@dataclass(frozen=True, slots=True)
class Image:
    """What is known about one image."""

    id: int
    subject: Phrase
    adjective: Phrase
    setting: Phrase
    light: Phrase
    colour: Colour
    type: str
    contributor: Contributor
    ethnicity: str
    width: int
    height: int
    added: date
    is_editorial: bool
    is_adult: bool
    is_sensitive: bool
    has_model_release: bool
    has_property_release: bool
    models: tuple[str, ...]

    @property
    def description(self) -> str:
        """One sentence about the image."""
        text = f"{self.adjective.text} {self.subject.text} {self.setting.text}, {self.light.text}"
        return text if self.type in FILMED else f"{text}, {TYPES[self.type].text}"

    @property
    def keywords(self) -> list[str]:
        """Between five and twenty words, without repeats."""
        parts = (self.subject, self.setting, self.light, self.adjective, TYPES[self.type])
        return list(dict.fromkeys([word for part in parts for word in part.keywords] + [self.colour.name]))

    @property
    def categories(self) -> list[str]:
        """The names of one or two categories."""
        names = (self.subject.category, self.setting.category)
        return list(dict.fromkeys(name for name in names if name is not None))

    @property
    def words(self) -> frozenset[str]:
        """Every word by which a search finds the image."""
        parts: tuple[Phrase | Colour, ...] = (
            self.subject,
            self.adjective,
            self.setting,
            self.light,
            self.colour,
            TYPES[self.type],
        )
        return frozenset().union(*(part.words for part in parts))


class Catalogue(Library):
    """The images 1 to `size`, and every other number as an image that searches do not find."""

    def __init__(
        self, size: int = 1_000_000, types: Sequence[str] = _TYPES, name: Callable[[str], str] = str
    ) -> None:
        """`name` gives the patterns names of their own, so that no two catalogues are alike."""
        super().__init__(size)
        bits = size + 1
        self.subject: Pattern[Phrase] = Pattern(name("subject"), 983, SUBJECTS, bits)
        self.adjective: Pattern[Phrase] = Pattern(name("adjective"), 127, ADJECTIVES, bits)
        self.setting: Pattern[Phrase] = Pattern(name("setting"), 131, SETTINGS, bits)
        self.place: Pattern[Phrase] = Pattern(name("place"), 53, PLACES, bits)
        self.light: Pattern[Phrase] = Pattern(name("light"), 97, LIGHTS, bits)
        self.colour: Pattern[Colour] = Pattern(name("colour"), 139, COLOURS, bits)
        self.type: Pattern[str] = Pattern(name("type"), 31, types, bits)
        self.contributor: Pattern[Contributor] = Pattern(name("contributor"), 1009, CONTRIBUTORS, bits)
        self.ethnicity: Pattern[str] = Pattern(name("ethnicity"), 61, ETHNICITIES, bits)
        self.shape: Pattern[tuple[int, int]] = Pattern(name("shape"), 89, SHAPES, bits)
        self.editorial: Pattern[bool] = Pattern(name("editorial"), 37, [True] + [False] * 8, bits)
        self.adult: Pattern[bool] = Pattern(name("adult"), 73, [True] + [False] * 35, bits)
        self.sensitive: Pattern[bool] = Pattern(name("sensitive"), 79, [True] + [False] * 25, bits)
        self.released: Pattern[bool] = Pattern(name("released"), 29, [True, True, False], bits)
        self.property_released: Pattern[bool] = Pattern(name("property"), 41, [True, False, False], bits)
        models = range(_BASE_MODEL, _BASE_MODEL + _MODELS)
        self.model: Pattern[int] = Pattern(name("model"), 107, models, bits)

    def image(self, image_id: int) -> Image:
        """The image with this id; the same one every time, in every catalogue (but for its date)."""
        subject = self.subject.of(image_id)
        type_ = self.type.of(image_id)
        width, height = self.shape.of(image_id)
        released = bool(subject.people.number) and self.released.of(image_id)
        base = self.model.of(image_id)
        return Image(
            id=image_id,
            subject=subject,
            adjective=self.adjective.of(image_id),
            setting=(self.place if subject.text in URBAN else self.setting).of(image_id),
            light=self.light.of(image_id),
            colour=self.colour.of(image_id),
            type=type_,
            contributor=self.contributor.of(image_id),
            ethnicity=self.ethnicity.of(image_id),
            width=width,
            height=height,
            added=self.day_of(image_id),
            is_editorial=type_ in FILMED and self.editorial.of(image_id),
            is_adult=self.adult.of(image_id),
            is_sensitive=self.sensitive.of(image_id),
            has_model_release=released,
            has_property_release=self.property_released.of(image_id),
            models=tuple(str(base + index) for index in range(subject.people.number)) if released else (),
        )

    def finds(self, word: str) -> int:
        """The set of images that have this word."""
        found = 0
        for pattern in (self.subject, self.adjective, self.light):
            found |= pattern.where(lambda phrase: word in phrase.words)
        found |= self._setting(lambda phrase: word in phrase.words)
        found |= self.colour.where(lambda colour: word == colour.name)
        found |= self.type.where(lambda name: word in TYPES[name].words)
        return found

    def known_words(self) -> tuple[str, ...]:
        """All words."""
        return known_words()

    def _setting(self, accepts: Callable[[Phrase], object]) -> int:
        """The set of images whose setting is accepted."""
        in_city = self.subject.where(lambda phrase: phrase.text in URBAN)
        return (self.setting.where(accepts) & ~in_city) | (self.place.where(accepts) & in_city)

    def category(self, wanted: str) -> int:
        """The set of images in a category, given by name or id."""
        names = {name for name, id_ in CATEGORIES.items() if wanted == id_ or wanted.lower() == name.lower()}
        in_subject = self.subject.where(lambda phrase: phrase.category in names)
        return (in_subject | self._setting(lambda phrase: phrase.category in names)) & self.everything

    def people(self, accepts: Callable[[Phrase], object]) -> int:
        """The set of images whose subject is accepted."""
        return self.subject.where(accepts) & self.everything

    def with_model(self, model: str) -> int:
        """The set of images that show a model."""
        if not model.isdigit():
            return 0
        found = 0
        for index in range(4):
            wanted = int(model) - index
            shown = self.subject.where(partial(_shows_more_than, index))
            found |= self.model.where(partial(eq, wanted)) & shown
        return found & self.released.where(bool) & self.everything


def _shows_more_than(number: int, phrase: Phrase) -> bool:
    return phrase.people.number > number
