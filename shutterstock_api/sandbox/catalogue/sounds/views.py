"""How music and sound effects look in an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from . import files
from .effects import Effect
from .tracks import Track

_NOON = "T12:00:00.000Z"


def _file(
    base_url: str, medium: str, kind: str, item: int, extension: str, size: int | None
) -> dict[str, Any]:
    url = f"{base_url}/previews/{medium}/{kind}/{item}.{extension}"
    return {"url": url} if size is None else {"file_size": size, "url": url}


def track(one: Track, added: date, view: str, base_url: str) -> dict[str, Any]:
    """A track, in short or with everything."""
    preview = files.mp3_size(one.duration)
    body: dict[str, Any] = {
        "id": str(one.id),
        "media_type": "audio",
        "title": one.title,
        "description": one.description,
        "contributor": {"id": one.contributor.id},
        "added_date": added.isoformat(),
        "published_time": f"{added}{_NOON}",
        "assets": {
            "clean_audio": {"file_size": files.wav_size(one.duration)},
            "preview_mp3": _file(base_url, "audio", "preview_mp3", one.id, "mp3", preview),
            "preview_ogg": _file(base_url, "audio", "preview_ogg", one.id, "ogg", len(files.ogg())),
            "waveform": _file(base_url, "audio", "waveform", one.id, "png", files.waveform_size()),
        },
    }
    if view != "full":
        return body
    body["assets"]["album_art"] = _file(base_url, "audio", "album_art", one.id, "png", files.cover_size())
    body["assets"]["original_audio"] = {"file_size": files.wav_size(one.duration)}
    if one.has_stems:
        stems = {name: _file(base_url, "audio", f"stem_{name}", one.id, "mp3", None) for name in files.STEMS}
        body["assets"]["shorts_loops_stems"] = {"shorts": {}, "loops": {}, "stems": stems}
    return body | {
        "album": {"id": str(5_000 + one.id % 700), "title": f"{one.genres[0]} Stories"},
        "artists": [{"name": one.artist}],
        "similar_artists": [],
        "bpm": one.bpm,
        "duration": one.duration,
        "genres": list(one.genres),
        "moods": list(one.moods),
        "instruments": list(one.instruments),
        "keywords": one.keywords,
        "is_instrumental": one.voice == "",
        "is_adult": False,
        "vocal_description": one.voice,
        "language": "en" if one.voice else "",
        "lyrics": "",
        "isrc": f"XXSBX{one.id % 10_000_000:07}",
        "recording_version": "1",
        "releases": [],
        "updated_time": f"{added}{_NOON}",
        "url": f"{base_url}/music/track-{one.id}",
    }


def effect(one: Effect, added: date, view: str, base_url: str) -> dict[str, Any]:
    """A sound effect, in short or with everything."""
    body: dict[str, Any] = {
        "id": str(one.id),
        "media_type": "sfx",
        "title": one.title,
        "description": f"{one.manner} sound of {one.source.lower()}, {one.duration:g} seconds",
        "contributor": {"id": one.contributor.id},
        "duration": one.duration,
        "added_date": added.isoformat(),
        "assets": {
            "preview_mp3": _file(base_url, "sfx", "preview_mp3", one.id, "mp3", files.mp3_size(one.duration)),
            "waveform": _file(base_url, "sfx", "waveform", one.id, "png", files.waveform_size()),
        },
    }
    if view != "full":
        return body
    return body | {
        "artist": one.contributor.name,
        "keywords": one.keywords,
        "releases": [],
        "updated_time": f"{added}{_NOON}",
        "url": f"{base_url}/sound-effects/{one.id}",
    }
