"""The subscriptions of the account, and what they pay for. What is left of them is in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shutterstock_api.sandbox.http.times import iso

DEFAULT_SUBSCRIPTION = "s12345678"

_ENDED = datetime(2022, 1, 1, tzinfo=UTC).timestamp()


class Format(NamedTuple):
    """What can be licensed with a subscription."""

    media_type: str
    format: str
    size: str
    description: str
    min_resolution: int | None = None


@dataclass(frozen=True)
class Subscription:
    """The terms of a subscription."""

    id: str
    #: The kind of licence that it grants; requests for music and editorial content use this name.
    license: str
    description: str
    asset_type: str
    #: The media that it pays for, by their names in the contract.
    media: tuple[str, ...]
    formats: tuple[Format, ...]
    #: The number of licences at the start.
    limit: int
    #: `credits`, `revshare` (a reseller's) or `expired`.
    kind: str = "credits"

    def covers(self, size: str) -> bool:
        """Whether it pays for a size; `custom` stands for all sizes such as `custom-300x200`."""
        return size.partition("-")[0] in {one.size for one in self.formats}

    def shown(self, left: int, limit: int, now: float) -> dict[str, Any]:
        """The subscription in an answer, with what it pays for and what is left of it this year."""
        year = datetime.fromtimestamp(now, UTC).year
        body: dict[str, Any] = {
            "id": self.id,
            "license": self.license,
            "description": self.description,
            "asset_type": self.asset_type,
            "expiration_time": iso(_ENDED if self.kind == "expired" else _new_year(year + 2)),
            "formats": [
                {name: value for name, value in one._asdict().items() if value is not None}
                for one in self.formats
            ],
            "metadata": {},
        }
        if self.kind == "revshare":
            return {**body, "price_per_download": {"local_amount": 12.5, "local_currency": "USD"}}
        ended = self.kind == "expired"
        body["allotment"] = {
            "downloads_left": left,
            "downloads_limit": max(left, limit),
            "start_time": iso(_new_year(2021 if ended else year)),
            "end_time": iso(_ENDED if ended else _new_year(year + 1)),
        }
        return body


def _new_year(year: int) -> float:
    return datetime(min(year, 9999), 1, 1, tzinfo=UTC).timestamp()


_IMAGES = (
    Format("image", "jpg", "small", "Small JPEG, 500 pixels on its longer side", 500),
    Format("image", "jpg", "medium", "Medium JPEG, 1000 pixels on its longer side", 1000),
    Format("image", "jpg", "huge", "JPEG in full size"),
    Format("image", "jpg", "supersize", "Enlarged JPEG, 4000 pixels on its longer side", 4000),
    Format("image", "jpg", "custom", "JPEG in a size of one's own"),
    Format("image", "eps", "vector", "Vector file"),
)
_HD = Format("video", "mpeg", "hd", "Original HD", 1920)
_BELOW_HD = (
    Format("video", "mpeg", "web", "Low Resolution MPEG", 426),
    Format("video", "mpeg", "sd", "Standard Definition MPEG", 852),
)
_4K = Format("video", "mpeg", "4k", "Original 4K", 3840)
_TRACK = (Format("audio", "wav", "original", "Track as WAV"),)
_SFX = (
    Format("audio", "wav", "wav", "Sound effect as WAV"),
    Format("audio", "mp3", "mp3", "Sound effect as MP3"),
)
_EDITORIAL_IMAGES = (
    Format("editorial", "jpg", "small", "Small JPEG, 500 pixels on its longer side", 500),
    Format("editorial", "jpg", "medium", "Medium JPEG, 1000 pixels on its longer side", 1000),
    Format("editorial", "jpg", "original", "JPEG in the original size"),
)
_EDITORIAL_VIDEO = (Format("editorial", "mp4", "original", "Video in the original size"),)


def _of_images(id_: str, license_: str, limit: int, description: str, kind: str = "credits") -> Subscription:
    return Subscription(id_, license_, description, "images", ("images",), _IMAGES, limit, kind)


def _of_videos(id_: str, limit: int, description: str, *formats: Format) -> Subscription:
    return Subscription(id_, "standard", description, "videos", ("videos",), formats, limit)


def _of_music(id_: str, license_: str, limit: int, description: str) -> Subscription:
    return Subscription(id_, license_, description, "audio", ("audio",), _TRACK, limit)


def _of_editorial_images(id_: str, license_: str, limit: int, description: str) -> Subscription:
    media = ("editorial_images",)
    return Subscription(id_, license_, description, "editorial", media, _EDITORIAL_IMAGES, limit)


def _of_editorial_video(id_: str, license_: str, limit: int, description: str) -> Subscription:
    media = ("editorial_videos",)
    return Subscription(id_, license_, description, "editorial", media, _EDITORIAL_VIDEO, limit)


#: All subscriptions. If a request names none, the first one that fits pays.
SUBSCRIPTIONS: dict[str, Subscription] = {
    one.id: one
    for one in (
        _of_images(DEFAULT_SUBSCRIPTION, "standard", 10_000, "Images, standard licence"),
        _of_images("s12163856", "standard", 10_000, "Images, standard licence, second team"),
        _of_images("s23456789", "enhanced", 100, "Images, enhanced licence"),
        _of_images("s34567890", "standard", 0, "Images, used up"),
        _of_images("s45678901", "standard", 100, "Images, expired", "expired"),
        _of_images("s56789012", "standard", 0, "Images, sold on to customers", "revshare"),
        _of_videos("s67890123", 500, "Footage up to 4K", *_BELOW_HD, _HD, _4K),
        _of_videos("s67890124", 50, "Footage in HD only", _HD),
        _of_music("s62345601", "audio_platform", 500, "Music for platforms"),
        _of_music("s62345602", "premier_music_basic", 100, "Premier music, basic licence"),
        _of_music("s62345603", "premier_music_extended", 25, "Premier music, extended licence"),
        Subscription("s78901234", "standard", "Sound effects", "audio", ("sfx",), _SFX, 500),
        _of_editorial_images("s64567801", "premier_editorial_all_digital", 500, "Editorial, digital media"),
        _of_editorial_images("s64567802", "premier_editorial_all_media", 50, "Editorial, all media"),
        _of_editorial_images("s64567803", "premier_editorial_comp", 1_000, "Editorial, layouts only"),
        _of_editorial_video(
            "s65678901", "premier_editorial_video_digital_only", 100, "Editorial videos, digital media"
        ),
        _of_editorial_video("s65678902", "premier_editorial_video_comp", 200, "Editorial videos, layouts"),
    )
}


def paying(medium: str, license_: str | None = None) -> Iterator[Subscription]:
    """The subscriptions that pay for a medium, and for this kind of licence if one is named."""
    return (
        one
        for one in SUBSCRIPTIONS.values()
        if medium in one.media and one.kind == "credits" and license_ in (None, one.license)
    )


def rows(allotment: int) -> Sequence[tuple[str, str, str, int]]:
    """The subscriptions in the database at the start; the default one begins with `allotment`."""
    return [
        (one.id, one.license, one.kind, allotment if one.id == DEFAULT_SUBSCRIPTION else one.limit)
        for one in SUBSCRIPTIONS.values()
    ]
