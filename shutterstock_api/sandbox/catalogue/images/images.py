"""A catalogue of a million believable images of which none is stored.

Every attribute of an image is read from a shuffled pattern, `pattern[id % len(pattern)]`. The lengths of the
patterns are primes, so attributes combine freely. The set of images with a value is that pattern's positions,
repeated: a bitmap that is made in a millisecond (see `bitmaps.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache, partial
from operator import eq

from shutterstock_api.sandbox.catalogue import query
from shutterstock_api.sandbox.catalogue.bitmaps import Order, Pattern, span
from shutterstock_api.sandbox.catalogue.colours import COLOURS, Colour
from shutterstock_api.sandbox.catalogue.vocabulary import (
    ADJECTIVES,
    CATEGORIES,
    CONTRIBUTORS,
    ETHNICITIES,
    LIGHTS,
    SETTINGS,
    SUBJECTS,
    TYPES,
    Contributor,
    Phrase,
)

FIRST_DAY = date(2010, 1, 1)
LAST_DAY = date(2025, 12, 31)
_DAYS = (LAST_DAY - FIRST_DAY).days + 1

#: No image has an id that begins like this, so tests have something to look for in vain.
UNKNOWN_PREFIX = "404"

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
        return text if self.type == "photo" else f"{text}, {TYPES[self.type].text}"

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


class Catalogue:
    """The images 1 to `size`, and every other number as an image that searches do not find."""

    def __init__(self, size: int = 1_000_000) -> None:
        if size < 1:
            raise ValueError("a catalogue has at least one image")
        self.size = size
        bits = size + 1
        self.subject: Pattern[Phrase] = Pattern("subject", 983, SUBJECTS, bits)
        self.adjective: Pattern[Phrase] = Pattern("adjective", 127, ADJECTIVES, bits)
        self.setting: Pattern[Phrase] = Pattern("setting", 131, SETTINGS, bits)
        self.light: Pattern[Phrase] = Pattern("light", 97, LIGHTS, bits)
        self.colour: Pattern[Colour] = Pattern("colour", 139, COLOURS, bits)
        self.type: Pattern[str] = Pattern(
            "type", 31, ["photo"] * 6 + ["illustration"] * 2 + ["vector"] * 2, bits
        )
        self.contributor: Pattern[Contributor] = Pattern("contributor", 1009, CONTRIBUTORS, bits)
        self.ethnicity: Pattern[str] = Pattern("ethnicity", 61, ETHNICITIES, bits)
        self.shape: Pattern[tuple[int, int]] = Pattern("shape", 89, SHAPES, bits)
        self.editorial: Pattern[bool] = Pattern("editorial", 37, [True] + [False] * 8, bits)
        self.adult: Pattern[bool] = Pattern("adult", 73, [True] + [False] * 35, bits)
        self.sensitive: Pattern[bool] = Pattern("sensitive", 79, [True] + [False] * 25, bits)
        self.released: Pattern[bool] = Pattern("released", 29, [True, True, False], bits)
        self.property_released: Pattern[bool] = Pattern("property", 41, [True, False, False], bits)
        self.model: Pattern[int] = Pattern("model", 107, range(_BASE_MODEL, _BASE_MODEL + _MODELS), bits)
        # Golden-ratio steps scatter the ids evenly; primes near them keep the two orders apart.
        self.popular: Order = Order(size, int(size * 0.618) | 1, start=size // 3)
        self.relevance: Order = Order(size, int(size * 0.382) | 1, start=size // 7)
        self.newest: Order = Order(size, size - 1, start=size - 1)
        self.oldest: Order = Order(size, 1)
        self.word: Callable[[str], int] = lru_cache(maxsize=256)(self._word)

    @cached_property
    def everything(self) -> int:
        """The set of all images."""
        unknown = 0
        scale, prefix = 1, int(UNKNOWN_PREFIX)
        while prefix * scale <= self.size:
            unknown |= span(prefix * scale, min((prefix + 1) * scale, self.size + 1))
            scale *= 10
        return span(1, self.size + 1) & ~unknown

    @staticmethod
    def knows(image_id: str) -> bool:
        """Whether there is an image with this id."""
        digits = image_id.isascii() and image_id.isdigit()
        return digits and not image_id.startswith(("0", UNKNOWN_PREFIX)) and len(image_id) <= 18

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
            setting=self.setting.of(image_id),
            light=self.light.of(image_id),
            colour=self.colour.of(image_id),
            type=type_,
            contributor=self.contributor.of(image_id),
            ethnicity=self.ethnicity.of(image_id),
            width=width,
            height=height,
            added=self.day_of(image_id),
            is_editorial=type_ == "photo" and self.editorial.of(image_id),
            is_adult=self.adult.of(image_id),
            is_sensitive=self.sensitive.of(image_id),
            has_model_release=released,
            has_property_release=self.property_released.of(image_id),
            models=tuple(str(base + index) for index in range(subject.people.number)) if released else (),
        )

    def day_of(self, image_id: int) -> date:
        """The day an image was added: later ids came later, ids beyond the catalogue on its last day."""
        if image_id > self.size:
            return LAST_DAY
        return FIRST_DAY + timedelta(days=(image_id - 1) * _DAYS // self.size)

    def added(self, start: date, stop: date) -> int:
        """The set of images added from `start` to the day before `stop`."""
        return span(self._first_since(start), self._first_since(stop)) & self.everything

    def _first_since(self, day: date) -> int:
        days = min(max((day - FIRST_DAY).days, 0), _DAYS)
        return -(-days * self.size // _DAYS) + 1

    def matching(self, node: query.Node) -> int:
        """The set of images that a query finds."""
        match node:
            case query.Word(word):
                return self.word(word)
            case query.Not(inner):
                return self.everything & ~self.matching(inner)
            case query.And(parts):
                return self._fold(parts, int.__and__)
            case query.Or(parts):
                return self._fold(parts, int.__or__)
        return self.everything

    def _fold(self, parts: Iterable[query.Node], join: Callable[[int, int], int]) -> int:
        first, *rest = (self.matching(part) for part in parts)
        for other in rest:
            first = join(first, other)
        return first

    def _word(self, word: str) -> int:
        found = 0
        for pattern in (self.subject, self.adjective, self.setting, self.light):
            found |= pattern.where(lambda phrase: word in phrase.words)
        found |= self.colour.where(lambda colour: word == colour.name)
        found |= self.type.where(lambda name: word in TYPES[name].words)
        if not found and word.endswith("s"):  # a plural that the vocabulary has in the singular only
            return self.word(word[:-1])
        return found & self.everything

    def category(self, wanted: str) -> int:
        """The set of images in a category, given by name or id."""
        names = {name for name, id_ in CATEGORIES.items() if wanted == id_ or wanted.lower() == name.lower()}
        in_subject = self.subject.where(lambda phrase: phrase.category in names)
        return (in_subject | self.setting.where(lambda phrase: phrase.category in names)) & self.everything

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
