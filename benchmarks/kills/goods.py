"""What a job of each medium licenses in the sandbox, and what its files must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import count, islice
from typing import Any, NamedTuple

import shutterstock_api
from benchmarks import sandbox
from shutterstock_api import ApiClient, LicenseJob
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox.account.subscriptions import DEFAULT_SUBSCRIPTION
from shutterstock_api.sandbox.catalogue.editorial.countries import allows
from shutterstock_api.sandbox.catalogue.editorial.stock import (
    EditorialImageStock,
    EditorialStock,
    EditorialVideoStock,
)
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.images.pictures import Pictures
from shutterstock_api.sandbox.catalogue.sounds.stock import EffectStock, TrackStock
from shutterstock_api.sandbox.catalogue.videos.stock import VideoStock

_COUNTRY = "USA"


class Goods(NamedTuple):
    """What is licensed of a medium."""

    api: str
    """The class that licenses it."""
    settings: Mapping[str, Any]
    """What the job is told."""
    subscription: str
    """What it is charged to."""
    ids: Callable[[], Iterator[str]]
    """Items that the sandbox licenses without more ado."""
    content: Callable[[str], bytes]
    """The file of an item."""
    items: int
    """How many are bought where nobody says; the allotment must suffice, also for what others buy."""
    kills: int = 10
    """How often the job is killed where nobody says."""

    def wanted(self, number: int) -> list[str]:
        """Return the ids of so many items."""
        return list(islice(self.ids(), number))

    def job(self, client: ApiClient, ledger: Any) -> LicenseJob:
        """Return the job."""
        return LicenseJob(getattr(shutterstock_api, self.api)(client), ledger, **self.settings)


# Stocks are made once, and when they are needed: a killed process has no use for them.


@cache
def _stock(kind: Any, *arguments: Any) -> Any:
    return kind(*arguments)


def _file(kind: Any, size: str, *arguments: Any) -> Callable[[str], bytes]:
    return lambda item: _stock(kind, *arguments).file(item, size).data[0:]


def _videos() -> Iterator[str]:
    stock = _stock(VideoStock, sandbox.IMAGES)
    known = (number for number in count(1) if stock.knows(str(number)))
    return (str(one) for one in known if not stock.catalogue.clip(one).scene.is_editorial)


def _tracks() -> Iterator[str]:
    """Yield short ones: a file of these has 6 MB or more."""
    catalogue = _stock(TrackStock, sandbox.IMAGES).catalogue
    known = [number for number in range(1, 4000) if catalogue.knows(str(number))]
    tracks = [track for track in map(catalogue.track, known) if track.library == "shutterstock"]
    return (str(track.id) for track in sorted(tracks, key=lambda track: track.duration))


def _effects() -> Iterator[str]:
    stock = _stock(EffectStock, sandbox.IMAGES)
    return (str(number) for number in count(1) if stock.knows(str(number)))


def _editorial(kind: type[EditorialStock]) -> Iterator[str]:
    archive = _stock(kind).archive
    found = (archive.at(position) for position in count(0))
    return (one.id for one in found if archive.knows(one.id) and allows(one.event.rights, _COUNTRY))


def _images() -> Iterator[str]:
    return iter(sandbox.licensable(10_000))


def _picture(item: str) -> bytes:
    picture: bytes = _stock(Pictures, _stock(Catalogue, sandbox.IMAGES)).licensed(int(item), "small")
    return picture


def _editorial_images(api: str, items: int) -> Goods:
    return Goods(
        api,
        {"country": _COUNTRY, "license": "premier_editorial_comp", "size": "small"},
        "s64567803",
        lambda: _editorial(EditorialImageStock),
        _file(EditorialImageStock, "small"),
        items,
    )


GOODS: Mapping[str, Goods] = {
    "image": Goods("ImagesApi", {"size": "small"}, DEFAULT_SUBSCRIPTION, _images, _picture, 5_000, 30),
    "video": Goods(
        "VideosApi", {"size": "web"}, "s67890123", _videos, _file(VideoStock, "web", sandbox.IMAGES), 90
    ),
    "track": Goods(
        "AudioApi",
        {"license": "audio_platform"},
        "s62345601",
        _tracks,
        _file(TrackStock, "original", sandbox.IMAGES),
        40,
    ),
    "sound effect": Goods(
        "SoundEffectsApi",
        {"subscription_id": "s78901234", "format": "mp3"},
        "s78901234",
        _effects,
        _file(EffectStock, "mp3-stereo", sandbox.IMAGES),
        300,
    ),
    "editorial image": _editorial_images("EditorialImagesApi", 300),
    "editorial video": Goods(
        "EditorialVideoApi",
        {"country": _COUNTRY, "license": "premier_editorial_video_comp"},
        "s65678902",
        lambda: _editorial(EditorialVideoStock),
        _file(EditorialVideoStock, "original"),
        24,  # it takes the sandbox a second or two to make one
        6,
    ),
    "editorial item": _editorial_images("EditorialApi", 200),
}
"""By the names of the media."""
assert set(GOODS) == set(MEDIA)  # nosec B101 # no medium is left out
