"""Sound files: a repeated melody of eight notes, as WAV and MP3, and its waveform as a picture."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from array import array
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from math import exp, pi, sin

from PIL import Image as Pil, ImageDraw

from shutterstock_api.sandbox.http.files import Content, Repeating

RATE = 48_000
#: Channels, by how a request calls them.
LAYOUTS = {"stereo": 2, "5.1": 6, "ambisonic": 4}
#: A note lasts ten frames of MP3, each of 24 milliseconds and 96 bytes.
_NOTE = RATE * 24 // 1000 * 10
_MP3_FRAME, _MP3_NOTE, _MP3_SECOND = 96, 960, 4_000
_PITCHES = (261.63, 293.66, 329.63, 392.0, 440.0, 523.25, 587.33, 659.25)
_BEATS = 16
_LOUD = 9_000
STEMS = ("drums", "bass", "melody")


def melody(seed: int) -> tuple[int, ...]:
    """The notes of one round, by their numbers."""
    chance = random.Random(seed)  # nosec B311 # the same melody every time
    return tuple(chance.randrange(len(_PITCHES)) for _ in range(_BEATS))


def wav_size(duration: float, layout: str = "stereo") -> int:
    """How many bytes a WAV file has."""
    return 44 + round(duration * RATE) * 2 * LAYOUTS[layout]


def wav(notes: Sequence[int], duration: float, layout: str = "stereo") -> Content:
    """A WAV file of 16 bits and 48 kHz."""
    channels, length = LAYOUTS[layout], wav_size(duration, layout)
    head = struct.pack("<4sL4s4sLHH", b"RIFF", length - 8, b"WAVE", b"fmt ", 16, 1, channels)
    head += struct.pack("<LLHH4sL", RATE, RATE * 2 * channels, 2 * channels, 16, b"data", length - 44)
    return Repeating(head, b"".join(_note(note, channels) for note in notes), length)


@cache
def _note(number: int, channels: int) -> bytes:
    step = 2 * pi * _PITCHES[number] / RATE
    samples = array("h")
    for at in range(_NOTE):
        swell = min(1.0, at / 600, (_NOTE - at) / 1200) * exp(-2.2 * at / _NOTE)
        samples.append(round(_LOUD * swell * (sin(step * at) + 0.4 * sin(2 * step * at))))
    spread = array("h", bytes(2 * _NOTE * channels))
    for channel in range(channels):
        spread[channel::channels] = samples
    return spread.tobytes()


def mp3_size(duration: float) -> int:
    """How many bytes an MP3 file has."""
    return round(duration * _MP3_SECOND / _MP3_FRAME) * _MP3_FRAME


def mp3(notes: Sequence[int], duration: float) -> Content:
    """An MP3 file of 32 kbit/s."""
    data = _seed("notes.mp3")
    pattern = b"".join(data[number * _MP3_NOTE : (number + 1) * _MP3_NOTE] for number in notes)
    return Repeating(b"", pattern, mp3_size(duration))


def ogg() -> bytes:
    """All notes once, as Ogg Vorbis."""
    return _seed("notes.ogg")


@cache
def _seed(name: str) -> bytes:
    return files(__name__.rpartition(".")[0]).joinpath(name).read_bytes()


@lru_cache(maxsize=64)
def waveform(notes: tuple[int, ...], width: int = 600, height: int = 100) -> bytes:
    """Its loudness over time, as a PNG picture."""
    chance = random.Random(repr(notes))  # nosec B311 # the same picture every time
    picture = Pil.new("P", (width, height))
    picture.putpalette((0, 0, 0, 75, 110, 175))
    pen = ImageDraw.Draw(picture)
    for column in range(0, width, 3):
        beat = column * len(notes) * 4 // width
        loud = (0.25 + notes[beat % len(notes)] / 12) * (0.7 + 0.3 * chance.random())
        half = max(1, round(height / 2 * min(loud, 1.0)))
        pen.rectangle((column, height // 2 - half, column + 1, height // 2 + half), fill=1)
    return _png(picture, bits=1, transparency=0, compress_level=0)


@lru_cache(maxsize=64)
def cover(seed: int, title: str, side: int = 200) -> bytes:
    """The cover of an album, as a PNG picture."""
    chance = random.Random(seed)  # nosec B311 # the same picture every time
    picture = Pil.new("RGB", (side, side), tuple(chance.randrange(40, 200) for _ in range(3)))
    pen = ImageDraw.Draw(picture)
    for ring in range(side // 2, 20, -20):
        tone = tuple(chance.randrange(40, 220) for _ in range(3))
        pen.ellipse((side // 2 - ring, side // 2 - ring, side // 2 + ring, side // 2 + ring), fill=tone)
    pen.text((side // 2, side // 2), title, fill=(255, 255, 255), anchor="mm")
    return _png(picture, compress_level=0)


@cache
def waveform_size() -> int:
    """The size of a waveform picture in bytes: it is not compressed, so all have the same size."""
    return len(waveform((0,)))


@cache
def cover_size() -> int:
    """How many bytes the cover of an album has; they are not compressed either."""
    return len(cover(0, ""))


def _png(picture: Pil.Image, **options: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


@lru_cache(maxsize=16)
def stems(notes: tuple[int, ...], title: str) -> bytes:
    """A ZIP file of the parts of a track, one round of each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, name in enumerate(STEMS):
            part = wav(notes[number::3], _BEATS * _NOTE / RATE)
            file = zipfile.ZipInfo(f"{title}/stems/{name}.wav", (2024, 1, 1, 0, 0, 0))
            file.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(file, part[:])
    return out.getvalue()
