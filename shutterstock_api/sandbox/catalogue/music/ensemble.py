"""Descriptors, instruments and bands: the parts of custom music."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Instrument:
    """An instrument that can play in a render."""

    id: str
    name: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """Instruments that play together."""

    id: str
    name: str
    instruments: tuple[Instrument, ...]


@dataclass(frozen=True)
class Descriptor:
    """A style and mood, with the tempos that suit it and the bands that play it."""

    id: str
    name: str
    tags: tuple[str, ...]
    min_tempo: int
    max_tempo: int
    average_render_speed: float
    bands: tuple[Band, ...]

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """Every instrument of its bands."""
        return tuple(dict.fromkeys(one for band in self.bands for one in band.instruments))


def _id(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").split())


def _instruments(table: str) -> tuple[Instrument, ...]:
    """Read `name | tags` lines."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return tuple(Instrument(_id(name), name, tuple(tags.split())) for name, tags in rows)


INSTRUMENTS = _instruments(
    """
    Nice Scoring Viola Ensemble | Strings Ensemble Bowed
    Nice Scoring Cello Ensemble | Strings Ensemble Bowed
    Warm Violin Solo | Strings Solo Bowed
    Plucked String Quartet | Strings Ensemble Plucked
    Precision Bass - Full | Bass Electric
    Upright Bass - Soft | Bass Acoustic
    Deep Synth Bass | Bass Synth
    Direct Fluorescent Synth Lead | Synth Lead
    Slow Glass Synth Pad | Synth Pad
    Night Pulse Synth | Synth Rhythmic
    Felt Upright Piano | Keys Acoustic
    Concert Grand Piano | Keys Acoustic
    Tine Electric Piano | Keys Electric
    Small Church Organ | Keys Organ
    Steel String Guitar | Guitar Acoustic
    Clean Electric Guitar | Guitar Electric
    Overdriven Guitar | Guitar Electric
    Brushed Drum Kit | Percussion Drums Acoustic
    Studio Drum Kit | Percussion Drums Acoustic
    Boxed Beat Machine | Percussion Drums Electronic
    Big Scoring Drums | Percussion Ensemble
    Shakers And Bells | Percussion Small
    Horn Section | Brass Ensemble
    Muted Trumpet | Brass Solo
    Alto Flute | Woodwind Solo
    Clarinet Duo | Woodwind Ensemble
    """
)
_STYLES = {
    "Documentary Underscore": (60, 100),
    "Cinematic Minimal": (70, 110),
    "Cinematic Percussion": (80, 140),
    "Corporate Pop": (100, 130),
    "Folk Road Trip": (80, 120),
    "Hip Hop Laid Back": (70, 95),
    "House Night": (118, 128),
    "Jazz Club": (80, 160),
}
_MOODS = ("Heartfelt", "Tense", "Hopeful", "Playful")
_SPEEDS = (2.5, 3.0, 4.0, 6.5, 8.0, 11.0)


def _descriptor(style: str, mood: str) -> Descriptor:
    chance = random.Random(f"{style} {mood}")  # nosec B311 # the same every time
    name = f"{style} {mood}"
    bands = tuple(
        Band(_id(f"{name} Band {number}"), f"{name} Band {number}", tuple(chance.sample(INSTRUMENTS, 4)))
        for number in (1, 2)
    )
    tags = (*style.split(), mood)
    return Descriptor(_id(name), name, tags, *_STYLES[style], chance.choice(_SPEEDS), bands)


DESCRIPTORS = tuple(_descriptor(style, mood) for style, mood in product(_STYLES, _MOODS))
BY_ID = {descriptor.id: descriptor for descriptor in DESCRIPTORS}
INSTRUMENT_IDS = frozenset(instrument.id for instrument in INSTRUMENTS)
