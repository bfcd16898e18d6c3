"""A catalogue of music."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shutterstock_api.sandbox.catalogue.bitmaps import Order, Pattern, Ranking
from shutterstock_api.sandbox.catalogue.library import Library
from shutterstock_api.sandbox.catalogue.searching import Filters, Search
from shutterstock_api.sandbox.catalogue.vocabulary import CONTRIBUTORS, WORD, Contributor

GENRES = (
    "Acoustic|Ambient|Blues|Children's|Cinematic|Classical|Corporate|Country|Electronica|Folk|Funk|Hip Hop|"
    "Holiday|Jazz|Latin|Lounge|Pop|Pop > Synth Pop|Reggae|Rock|Rock > Indie Rock|Soul / R&B|World"
).split("|")
MOODS = (
    "Action / Sports|Adventure|Bright|Calm|Cool|Dark|Dramatic|Emotional|Energetic|Epic|Fun|Happy|Hopeful|"
    "Inspiring|Mysterious|Peaceful|Playful|Romantic|Sad|Suspense|Uplifting"
).split("|")
INSTRUMENTS = (
    "Acoustic Guitar|Bass|Bells|Brass|Cello|Claps|Drums|Electric Guitar|Flute|Harp|Mandolin|Orchestra|Organ|"
    "Percussion|Piano|Strings|Synth|Trumpet|Ukulele|Violin|Whistle"
).split("|")
_FIRST = (
    "Morning|Golden|Silver|Distant|Endless|Hidden|Paper|Electric|Velvet|Northern|Open|Quiet|Summer|Winter|"
    "Wild|Rising|Falling|Broken|Little|Last"
).split("|")
_SECOND = (
    "Road|Light|River|Sky|Heart|City|Dream|Garden|Train|Ocean|Mountain|Letter|Dance|Horizon|Shadow|Fire|Rain|"
    "Journey|Home|Story|Sunset|Beach|Coffee|Forest"
).split("|")
_ARTISTS = (
    "Ada Winter|The Paper Boats|Northlight|Marta Silva|Blue Harbor|Kito|Juniper Lane|Studio Nine|"
    "Lena Ostberg|The Long Weekend|Sol Rivera|Echo Park Trio"
).split("|")
_LIBRARIES = ("premier", "premier", "shutterstock")
VOICES = ("", "", "male", "female", "")
#: Seconds, in tenths.
_LENGTHS = range(303, 2_400, 13)


@dataclass(frozen=True, slots=True)
class Track:
    """What is known about one track."""

    id: int
    title: str
    artist: str
    genres: tuple[str, ...]
    moods: tuple[str, ...]
    instruments: tuple[str, ...]
    bpm: int
    duration: float
    voice: str
    library: str
    contributor: Contributor
    has_stems: bool

    @property
    def description(self) -> str:
        """One sentence about the track."""
        genre, instruments = self.genres[0].lower(), " and ".join(self.instruments).lower()
        return f"{' and '.join(self.moods)} {genre} track with {instruments} at {self.bpm} beats per minute"

    @property
    def keywords(self) -> list[str]:
        """The words by which it is found, besides those of its title."""
        told = " ".join((*self.genres, *self.moods, *self.instruments)).lower()
        return list(dict.fromkeys(WORD.findall(told)))


def _words_in(*texts: str) -> frozenset[str]:
    return frozenset(WORD.findall(" ".join(texts).lower()))


class TrackCatalogue(Library):
    """The tracks; every attribute comes from a pattern, as those of images do."""

    usual_order = "score"

    def __init__(self, size: int) -> None:
        super().__init__(size)
        bits = size + 1
        self.first: Pattern[str] = Pattern("track first", 101, _FIRST, bits)
        self.second: Pattern[str] = Pattern("track second", 109, _SECOND, bits)
        self.artist: Pattern[str] = Pattern("track artist", 97, _ARTISTS, bits)
        self.genre: Pattern[tuple[str, ...]] = Pattern("track genre", 139, _pairs(GENRES, 5), bits)
        self.mood: Pattern[tuple[str, ...]] = Pattern("track mood", 131, _pairs(MOODS, 4), bits)
        self.instrument: Pattern[tuple[str, ...]] = Pattern("track parts", 127, _pairs(INSTRUMENTS, 8), bits)
        self.bpm: Pattern[int] = Pattern("track bpm", 113, range(64, 176, 2), bits)
        self.length: Pattern[int] = Pattern("track length", 173, _LENGTHS, bits)
        self.voice: Pattern[str] = Pattern("track voice", 53, VOICES, bits)
        self.library: Pattern[str] = Pattern(
            "track library", 59, ["premier", "premier", "shutterstock"], bits
        )
        self.contributor: Pattern[Contributor] = Pattern("track contributor", 1009, CONTRIBUTORS, bits)
        self.stems: Pattern[bool] = Pattern("track stems", 43, [True, True, False], bits)
        self._orders = lru_cache(maxsize=16)(self._ranked)

    def track(self, track_id: int) -> Track:
        """The track with this id."""
        return Track(
            id=track_id,
            title=f"{self.first.of(track_id)} {self.second.of(track_id)}",
            artist=self.artist.of(track_id),
            genres=self.genre.of(track_id),
            moods=self.mood.of(track_id),
            instruments=self.instrument.of(track_id),
            bpm=self.bpm.of(track_id),
            duration=self.length.of(track_id) / 10,
            voice=self.voice.of(track_id),
            library=self.library.of(track_id),
            contributor=self.contributor.of(track_id),
            has_stems=self.stems.of(track_id),
        )

    def finds(self, word: str) -> int:
        """The set of tracks that have this word."""
        found = self.everything if word in ("music", "track", "song") else 0
        for text in (self.first, self.second, self.artist):
            found |= text.where(lambda value: word in _words_in(value))
        for texts in (self.genre, self.mood, self.instrument):
            found |= texts.where(lambda values: word in _words_in(*values))
        return found

    def order(self, sort: str, *, ascending: bool = False) -> Order:
        """The order of a search: the best, newest or greatest first, unless it asks for `asc`."""
        return self._orders(sort, ascending)

    def _ranked(self, sort: str, ascending: bool) -> Order:
        ranks: dict[str, Callable[[int], Any]] = {
            "score": lambda number: -self.relevance.rank(number),
            "ranking_all": lambda number: -self.popular.rank(number),
            "freshness": lambda number: number,
            "artist": self.artist.of,
            "title": lambda number: (self.first.of(number), self.second.of(number)),
            "bpm": self.bpm.of,
            "duration": self.length.of,
        }
        return Ranking(sorted(range(1, self.size + 1), key=ranks[sort], reverse=not ascending))


def _pairs(names: Iterable[str], distance: int) -> list[tuple[str, ...]]:
    known = list(names)
    return [(name, known[(number + distance) % len(known)]) for number, name in enumerate(known)]


def _has_all(values: tuple[str, ...], wanted: Iterable[str]) -> bool:
    return {one.lower() for one in wanted} <= {value.lower() for value in values}


_FILTERS: Filters[TrackCatalogue] = {
    "library": lambda catalogue, value: catalogue.library.where(lambda name: name == value),
    "artists": lambda catalogue, value: catalogue.artist.where(
        lambda name: name.lower() in {one.lower() for one in value}
    ),
    "genre": lambda catalogue, value: catalogue.genre.where(lambda names: _has_all(names, value)),
    "moods": lambda catalogue, value: catalogue.mood.where(lambda names: _has_all(names, value)),
    "instruments": lambda catalogue, value: catalogue.instrument.where(lambda names: _has_all(names, value)),
    "is_instrumental": lambda catalogue, value: catalogue.voice.where(lambda voice: (voice == "") == value),
    "vocal_description": lambda catalogue, value: catalogue.voice.where(lambda voice: voice == value),
    "bpm": lambda catalogue, value: catalogue.bpm.where(lambda bpm: bpm == value),
    "bpm_from": lambda catalogue, value: catalogue.bpm.where(lambda bpm: bpm >= value),
    "bpm_to": lambda catalogue, value: catalogue.bpm.where(lambda bpm: bpm <= value),
    "duration": lambda catalogue, value: catalogue.length.where(lambda tenths: tenths // 10 == value),
    "duration_from": lambda catalogue, value: catalogue.length.where(lambda tenths: tenths / 10 >= value),
    "duration_to": lambda catalogue, value: catalogue.length.where(lambda tenths: tenths / 10 <= value),
}


class TrackSearch(Search[TrackCatalogue]):
    """Searches of music."""

    def __init__(self, catalogue: TrackCatalogue) -> None:
        super().__init__(catalogue, _FILTERS)
