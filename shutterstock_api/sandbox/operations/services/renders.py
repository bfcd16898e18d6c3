"""Renders of music: the progress of each by the clock, and its files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from shutterstock_api.sandbox.catalogue.music import score, timeline
from shutterstock_api.sandbox.catalogue.sounds.files import RATE
from shutterstock_api.sandbox.catalogue.stock import MediaFile
from shutterstock_api.sandbox.http.times import iso
from shutterstock_api.sandbox.operations.call import Service

#: The status of a render, second by second, and how much of the work is done.
_STATES = (
    ("WAITING_COMPOSE", 0),
    ("RUNNING_COMPOSE", 20),
    ("WAITING_RENDER", 40),
    ("RUNNING_RENDER", 70),
    ("CREATED", 100),
)
_FAILS_AT = 2
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#: The id of the render that exists from the start.
_FIRST_ID = "L2w7h9VNFlkzpllSUunSYayenKjN"
_WAVEFORM = "application/vnd.amper.waveform+json"


@dataclass(frozen=True)
class RenderFile:
    """One file of a render."""

    filename: str
    tracks: tuple[str, ...]
    kind: str


def render_id(number: int) -> str:
    """The id of a render: letters and digits that do not reveal its number."""
    if number == 1:
        return _FIRST_ID
    digest = hashlib.sha256(f"render {number}".encode()).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:28])


def shown_render(service: Service, number: int, request: dict[str, Any], created: float) -> dict[str, Any]:
    """A render as it is now."""
    state, done = _STATES[min(int(max(0.0, service.clock() - created)), len(_STATES) - 1)]
    if done >= _STATES[_FAILS_AT][1] and not timeline.can_be_played(request["timeline"]):
        state, done = "FAILED_CREATE", _STATES[_FAILS_AT][1]
    made = _STATES.index((state, done)) if state != "FAILED_CREATE" else _FAILS_AT
    return {
        "id": render_id(number),
        "status": state,
        "progress_percent": done,
        "preset": request["preset"],
        "files": _shown_files(service, number, request) if state == "CREATED" else [],
        "timeline": request["timeline"],
        "created_date": iso(created),
        "updated_date": iso(created + made),
    }


def files_of(request: dict[str, Any]) -> list[RenderFile]:
    """The files of a render: the music and its waveform."""
    name, _, extension = request["filename"].rpartition(".")
    stem = name or extension
    waves = RenderFile(f"{stem}.json", ("master",), "json")
    if request["preset"] == "STEMS_WAV":
        groups = timeline.groups(request["timeline"])
        stems = [RenderFile(f"{stem}_{group}.wav", (group,), "wav") for group in groups]
        return [*stems, waves]
    kind = "mp3" if request["preset"] == "MASTER_MP3" else "wav"
    return [RenderFile(request["filename"], ("master",), kind), waves]


def content(request: dict[str, Any], file: RenderFile) -> MediaFile:
    """The bytes of a file."""
    seconds = timeline.seconds(request["timeline"])
    if file.kind == "json":
        return MediaFile(score.heights(seconds), _WAVEFORM)
    return MediaFile(score.sound(" ".join(file.tracks), seconds, file.kind), f"audio/{file.kind}")


def _shown_files(service: Service, number: int, request: dict[str, Any]) -> list[dict[str, Any]]:
    shown = []
    for position, file in enumerate(files_of(request)):
        data, content_type = content(request, file)
        bits, frequency, kbits = {
            "mp3": (16, RATE, score.MP3_KBITS),
            "wav": (16, RATE, score.WAV_KBITS),
            "json": (0, score.WAVEFORM_RATE, 0),
        }[file.kind]
        link = service.links.signed(f"/renders/{render_id(number)}/{position}")
        shown.append(
            {
                "filename": file.filename,
                "content_type": content_type,
                "download_url": service.file_host + link,
                "size_bytes": len(data),
                "bits_sample": bits,
                "frequency_hz": frequency,
                "kbits_second": kbits,
                "tracks": list(file.tracks),
            }
        )
    return shown
