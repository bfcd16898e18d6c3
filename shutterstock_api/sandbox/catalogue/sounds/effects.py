"""A catalogue of sound effects."""

from __future__ import annotations

from dataclasses import dataclass

from shutterstock_api.sandbox.catalogue.bitmaps import Pattern
from shutterstock_api.sandbox.catalogue.library import Library
from shutterstock_api.sandbox.catalogue.searching import Filters, Search
from shutterstock_api.sandbox.catalogue.vocabulary import CONTRIBUTORS, WORD, Contributor

_SOURCES = (
    "Thunder, storm weather sky|Rain, weather water drops|Wind, weather storm air|"
    "Ocean Waves, sea beach water|Door, house wood close|Footsteps, walk steps shoes|"
    "Car Engine, motor vehicle road|Train, railway station|Dog Bark, animal pet|Cat Meow, animal pet|"
    "Bird Song, animal nature forest|Crowd, people applause voices|Applause, crowd hands clapping|"
    "Explosion, blast boom fire|Glass Break, crash window|Gun Shot, weapon bang|"
    "Laser, science fiction weapon|Whoosh, swish transition fast|Click, button interface mouse|"
    "Notification, phone alert chime|Bell, ring church metal|Clock, tick time alarm|"
    "Keyboard, typing computer|Fire, flames crackle camp|Helicopter, aircraft rotor|"
    "Siren, police ambulance alarm|Laugh, people voice"
).split("|")
_MANNERS = "Distant|Close|Heavy|Soft|Short|Long|Deep|Bright|Fast|Slow|Single|Rhythmic".split("|")
_LAYOUTS = (("stereo",), ("stereo",), ("stereo", "5.1"), ("stereo", "5.1", "ambisonic"))
#: Seconds, in hundredths.
_LENGTHS = range(75, 3_000, 25)


@dataclass(frozen=True, slots=True)
class Effect:
    """What is known about one sound effect."""

    id: int
    source: str
    more: tuple[str, ...]
    manner: str
    duration: float
    layouts: tuple[str, ...]
    contributor: Contributor

    @property
    def title(self) -> str:
        """Its name, and its number among similar ones."""
        return f"{self.manner} {self.source} {self.id % 40 + 1:02}"

    @property
    def keywords(self) -> list[str]:
        """The words by which it is found."""
        return [*WORD.findall(f"{self.source} {self.manner}".lower()), *self.more]


class EffectCatalogue(Library):
    """The sound effects; every attribute comes from a pattern, as those of images do."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        bits = size + 1
        self.source: Pattern[str] = Pattern("effect source", 127, _SOURCES, bits)
        self.manner: Pattern[str] = Pattern("effect manner", 67, _MANNERS, bits)
        self.length: Pattern[int] = Pattern("effect length", 149, _LENGTHS, bits)
        self.layouts: Pattern[tuple[str, ...]] = Pattern("effect layouts", 41, _LAYOUTS, bits)
        self.contributor: Pattern[Contributor] = Pattern("effect contributor", 1009, CONTRIBUTORS, bits)

    def effect(self, effect_id: int) -> Effect:
        """The sound effect with this id."""
        source, _, more = self.source.of(effect_id).partition(", ")
        return Effect(
            id=effect_id,
            source=source,
            more=tuple(more.split()),
            manner=self.manner.of(effect_id),
            duration=self.length.of(effect_id) / 100,
            layouts=self.layouts.of(effect_id),
            contributor=self.contributor.of(effect_id),
        )

    def finds(self, word: str) -> int:
        """The set of sound effects that have this word."""
        if word in ("sound", "effect", "sfx"):
            return self.everything
        found = self.source.where(lambda text: word in WORD.findall(text.lower()))
        return found | self.manner.where(lambda text: word == text.lower())


_FILTERS: Filters[EffectCatalogue] = {
    "duration": lambda catalogue, value: catalogue.length.where(lambda length: length // 100 == value),
    "duration_from": lambda catalogue, value: catalogue.length.where(lambda length: length / 100 >= value),
    "duration_to": lambda catalogue, value: catalogue.length.where(lambda length: length / 100 <= value),
}


class EffectSearch(Search[EffectCatalogue]):
    """Searches of sound effects."""

    def __init__(self, catalogue: EffectCatalogue) -> None:
        super().__init__(catalogue, _FILTERS)
