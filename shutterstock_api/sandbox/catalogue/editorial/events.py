"""Events: four a day since 2010, computed from the time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote

from shutterstock_api.sandbox.catalogue.vocabulary import STOP_WORDS, WORD

FIRST_DAY = date(2010, 1, 1)
FIRST_SECOND = datetime(2010, 1, 1, tzinfo=UTC).timestamp()
#: Seconds from one event to the next.
EVENT = 6 * 60 * 60
_A_DAY = 4
#: Events up to this one have happened by every clock, even by one that is far behind.
EVENTS_OF_OLD = _A_DAY * (date(2020, 1, 1) - FIRST_DAY).days
#: The last event. Searches go through all of them, so there must be an end.
LAST_EVENT = _A_DAY * (date(2040, 1, 1) - FIRST_DAY).days - 1
#: On this day `Film Festival, Day 1` takes place, the first of the kinds below.
_FIRST_KIND_DAY = (date(2018, 7, 17) - FIRST_DAY).days

SUPPLIERS = {"AP": "AP", "EPA": "EPA", "REX": "REX", "SPT": "Sportshot"}
_RULES = (
    "*",
    "*",
    "CAN,+DEU,+GBR,+USA,-*",
    "*",
    "-FRA,+*",
    "*",
    "-USA,-CAN,+*",
)


@dataclass(frozen=True)
class EventKind:
    """What happens at events of a kind, and the words that find it."""

    name: str
    categories: tuple[str, ...]
    keywords: tuple[str, ...]

    @property
    def festival(self) -> list[str]:
        """The part that the names of its days share: the first two words."""
        return WORD.findall(self.name)[:2]


@dataclass(frozen=True)
class Place:
    """Where events take place."""

    city: str
    country: str


def _kinds(table: str) -> tuple[EventKind, ...]:
    lines = (line.split("|") for line in table.strip().splitlines())
    return tuple(
        EventKind(
            name.strip(), tuple(part.strip() for part in categories.split(",")), tuple(keywords.split())
        )
        for name, categories, keywords in lines
    )


#: Consecutive ones take place on consecutive days.
KINDS = _kinds(
    """
    Film Festival, Day 1 | Film, Celebrity | movie cinema premiere actor director red carpet
    Film Festival, Day 2 | Film, Celebrity | movie cinema premiere actor director red carpet
    Film Festival Awards | Film, Awards, Celebrity | movie cinema prize winner trophy actress gala
    Football Cup Final | Sport | soccer match stadium goal team champion fans
    Football Awards Night | Sport, Awards | soccer player trophy prize gala ceremony
    Climate March | News, Politics | protest demonstration crowd environment banner street
    Election Night | News, Politics | vote party candidate result parliament speech
    Summit of Leaders | News, Politics, Business | president minister meeting diplomacy government
    Fashion Week, Day 1 | Fashion, Celebrity | runway model designer style dress catwalk
    Fashion Week, Day 2 | Fashion, Celebrity | runway model designer style dress catwalk
    Tennis Open, Semifinals | Sport | court match racket player serve
    Tennis Open, Final | Sport | court match racket player champion trophy
    Rock Concert | Music, Celebrity | band singer stage guitar live audience
    Music Awards | Music, Awards, Celebrity | singer prize stage winner gala
    Royal Visit | Royalty, News | queen king prince princess palace ceremony
    Food and Wine Fair | Food, Business | chef restaurant cooking tasting market drink
    Winter Storm | Weather, News | snow ice cold street traffic city
    City Flood | Weather, News | rain river water rescue street
    Marathon | Sport | runner race street athlete finish line
    Cycling Tour, Mountain Stage | Sport | bicycle race mountain lake rider climb
    Motor Show | Business, Technology | car automobile electric logo launch vehicle
    Technology Fair | Business, Technology | robot smartphone computer logo start up launch
    Stock Market Turmoil | Business, News | trader shares bank finance money screen
    Art Exhibition Opening | Art | museum gallery painting sculpture artist
    Theatre Premiere | Theatre, Celebrity | stage play actor drama costume curtain
    Zoo Baby | Animal, News | panda elephant tiger wildlife cub animal
    Horse Races | Sport, Animal | jockey horse gallop track hat betting
    Street Carnival | Travel, Music | parade dance costume samba tourist party
    Space Launch | Science, Technology | rocket astronaut moon satellite launch
    """
)
CATEGORIES = tuple(sorted({name for kind in KINDS for name in kind.categories}))
#: What, times 4, is one more than a multiple of the number of kinds: so the next day has the next kind.
_STEP = pow(_A_DAY, -1, len(KINDS))
#: How many days before each of the kinds the first of its festival takes place.
_SINCE_FIRST = [
    next(back for back in range(number, -1, -1) if KINDS[number - back].festival == kind.festival)
    for number, kind in enumerate(KINDS)
]

PLACES = tuple(
    Place(*line.split(", "))
    for line in (
        "Paris, France|London, Britain|New York, USA|Berlin, Germany|Cannes, France|Venice, Italy|"
        "Los Angeles, USA|Tokyo, Japan|Madrid, Spain|Rome, Italy|Milan, Italy|Rio de Janeiro, Brazil|"
        "Sydney, Australia|Toronto, Canada|Cape Town, South Africa|Stockholm, Sweden|Warsaw, Poland|"
        "Mumbai, India|Mexico City, Mexico|Vienna, Austria|Lisbon, Portugal|Dublin, Ireland|"
        "Washington DC, USA"
    ).split("|")
)
_LIVEFEED = re.compile(r"(\d{4}-\d\d-\d\d)/(.+)")


@dataclass(frozen=True)
class Event:
    """One event."""

    number: int
    kind: EventKind
    place: Place
    supplier: str
    #: Where its pictures may be distributed.
    rights: str

    @property
    def start(self) -> float:
        """When it began, in seconds since 1970."""
        return FIRST_SECOND + self.number * EVENT

    @cached_property
    def day(self) -> date:
        """The day on which it took place."""
        return FIRST_DAY + timedelta(days=self.number // _A_DAY)

    @property
    def title(self) -> str:
        """Name, place and day."""
        place = f"{self.place.city}, {self.place.country}"
        return f"{self.kind.name}, {place} - {self.day.day} {self.day:%B} {self.day.year}"

    @property
    def livefeed(self) -> str:
        """The id of its livefeed."""
        return quote(f"{self.day:%Y/%m/%d}/{self.kind.name}", safe="")


@lru_cache(maxsize=65_536)
def event(number: int) -> Event:
    """The event with this number, counted from 0."""
    day, slot = divmod(number, _A_DAY)
    kind = (number - _FIRST_KIND_DAY * _A_DAY) * _STEP % len(KINDS)
    first_day = day - _SINCE_FIRST[kind]
    return Event(
        number,
        KINDS[kind],
        PLACES[(7 * first_day + 5 * slot) % len(PLACES)],
        [*SUPPLIERS][(5 * first_day + 3 * slot) % len(SUPPLIERS)],
        _RULES[(first_day + 2 * slot) % len(_RULES)],
    )


def events_until(now: float) -> int:
    """How many events have begun by now."""
    return min(max(int((now - FIRST_SECOND) // EVENT) + 1, EVENTS_OF_OLD), LAST_EVENT + 1)


def event_of(livefeed: str, now: float) -> Event | None:
    """The event that a livefeed is about, by its id with or without percent signs."""
    match = _LIVEFEED.fullmatch(unquote(livefeed).replace("/", "-", 2))
    try:
        day = date.fromisoformat(match[1]) if match else FIRST_DAY
    except ValueError:
        return None
    first = (day - FIRST_DAY).days * _A_DAY
    numbers = range(max(first, 0), min(first + _A_DAY, events_until(now)))
    return next((event(number) for number in numbers if match and event(number).kind.name == match[2]), None)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts by which a search finds them."""
    return frozenset(WORD.findall(" ".join(texts).lower())) - STOP_WORDS
