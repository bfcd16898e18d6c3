"""Music and sound effects as something to look up and license."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shutterstock_api.sandbox.catalogue.stock import MediaFile, Product, Stock

from . import files, views
from .effects import EffectCatalogue, EffectSearch
from .tracks import TrackCatalogue, TrackSearch

_TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg", "zip": "application/zip"}
#: The beginning of the licences for each library.
_COVERED_BY = {"premier": "premier_music", "shutterstock": "audio"}
_EVERYTHING = "asset_all_music"


class TrackStock(Stock):
    """All tracks of music."""

    def __init__(self, size: int) -> None:
        self.catalogue: TrackCatalogue = TrackCatalogue(size)
        self.searcher: TrackSearch = TrackSearch(self.catalogue)

    def knows(self, item_id: str) -> bool:
        """Whether there is a track with this id."""
        return self.catalogue.knows(item_id)

    def title(self, item_id: str) -> str:
        """The title of the track."""
        return self.catalogue.track(int(item_id)).title

    def shown(self, item_id: int, view: str, base_url: str) -> dict[str, Any]:
        """A track in an answer."""
        return views.track(self.catalogue.track(item_id), self.catalogue.day_of(item_id), view, base_url)

    def product(self, item_id: str, entry: Mapping[str, Any], common: Mapping[str, Any]) -> Product | str:
        """The whole track; the licence must be one for its library."""
        license_ = {**common, **entry}.get("license")
        library = self.catalogue.track(int(item_id)).library
        if license_ is None:
            return "A kind of license is required"
        if license_ != _EVERYTHING and not license_.startswith(_COVERED_BY[library]):
            return f"License {license_} does not cover the library {library}"
        return Product("original", "wav")

    def refusal(self, item_id: str, size: str) -> str | None:
        """There is only one size."""
        return None

    def extension(self, size: str) -> str:
        """`zip` for stems, else `wav`."""
        return "zip" if size == "stems" else "wav"

    def file(self, item_id: str, size: str) -> MediaFile:
        """The track, or its stems."""
        track, notes = self.catalogue.track(int(item_id)), files.melody(int(item_id))
        if size == "stems":
            return MediaFile(files.stems(notes, track.title), _TYPES["zip"])
        return MediaFile(files.wav(notes, track.duration), _TYPES["wav"])

    def more_files(self, item_id: str) -> Mapping[str, str]:
        """The stems, if it has any."""
        return {"shorts_loops_stems": "stems"} if self.catalogue.track(int(item_id)).has_stems else {}

    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A free file; None if there is none of this kind."""
        if not self.knows(item_id):
            return None
        track, notes = self.catalogue.track(int(item_id)), files.melody(int(item_id))
        stem = kind.removeprefix("stem_")
        if kind.startswith("stem_") and track.has_stems and stem in files.STEMS:
            notes = notes[files.STEMS.index(stem) :: len(files.STEMS)]
            return MediaFile(files.mp3(notes, track.duration), _TYPES["mp3"])
        if kind == "preview_ogg":
            return MediaFile(files.ogg(), "audio/ogg")
        if kind == "album_art":
            return MediaFile(files.cover(track.id, track.title), "image/png")
        return _free_sound(notes, track.duration, kind)

    def covers(self, item_id: str, *, large: bool) -> Mapping[str, str]:
        """Music has no featured collections."""
        return {}


class EffectStock(Stock):
    """All sound effects."""

    def __init__(self, size: int) -> None:
        self.catalogue: EffectCatalogue = EffectCatalogue(size)
        self.searcher: EffectSearch = EffectSearch(self.catalogue)

    def knows(self, item_id: str) -> bool:
        """Whether there is a sound effect with this id."""
        return self.catalogue.knows(item_id)

    def title(self, item_id: str) -> str:
        """What the sound is."""
        return self.catalogue.effect(int(item_id)).title

    def shown(self, item_id: int, view: str, base_url: str) -> dict[str, Any]:
        """A sound effect in an answer."""
        return views.effect(self.catalogue.effect(item_id), self.catalogue.day_of(item_id), view, base_url)

    def product(self, item_id: str, entry: Mapping[str, Any], common: Mapping[str, Any]) -> Product | str:
        """Its format and layout; by default `wav` and stereo."""
        size = f"{entry.get('format') or 'wav'}-{entry.get('audio_layout') or 'stereo'}"
        return self.refusal(item_id, size) or Product(size, self.extension(size))

    def refusal(self, item_id: str, size: str) -> str | None:
        """Not every sound effect comes in every layout, and MP3 is stereo."""
        form, _, layout = size.partition("-")
        available = ("stereo",) if form == "mp3" else self.catalogue.effect(int(item_id)).layouts
        return None if layout in available else f"Layout {layout} is not available as {form}"

    def extension(self, size: str) -> str:
        """`wav` or `mp3`."""
        return size.partition("-")[0]

    def file(self, item_id: str, size: str) -> MediaFile:
        """The sound effect."""
        form, _, layout = size.partition("-")
        notes, length = files.melody(int(item_id)), self.catalogue.effect(int(item_id)).duration
        data = files.mp3(notes, length) if form == "mp3" else files.wav(notes, length, layout)
        return MediaFile(data, _TYPES[form])

    def preview(self, item_id: str, kind: str) -> MediaFile | None:
        """A free file; None if there is none of this kind."""
        if not self.knows(item_id):
            return None
        return _free_sound(files.melody(int(item_id)), self.catalogue.effect(int(item_id)).duration, kind)

    def covers(self, item_id: str, *, large: bool) -> Mapping[str, str]:
        """Sound effects have no collections."""
        return {}


def _free_sound(notes: tuple[int, ...], duration: float, kind: str) -> MediaFile | None:
    if kind == "preview_mp3":
        return MediaFile(files.mp3(notes, duration), _TYPES["mp3"])
    return MediaFile(files.waveform(notes), "image/png") if kind == "waveform" else None
