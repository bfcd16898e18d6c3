"""The sound of a piece: a melody for each instrument, and its loudness over time."""

from __future__ import annotations

import json
import math
import zlib

from shutterstock_api.sandbox.catalogue.sounds import files
from shutterstock_api.sandbox.http.files import Content

#: Heights of a waveform per second.
WAVEFORM_RATE = 42
MP3_KBITS, WAV_KBITS = 32, files.RATE * 16 * 2 // 1000
_BEAT = 0.24


def sound(name: str, seconds: float, kind: str) -> Content:
    """The melody with this name, of this length in seconds, as `mp3` or `wav`."""
    notes = files.melody(zlib.crc32(name.encode()))
    return files.mp3(notes, seconds) if kind == "mp3" else files.wav(notes, seconds)


def heights(seconds: float) -> bytes:
    """Its loudness from 0 to 1, several times a second, as JSON."""
    data = [
        round(math.exp(-2.2 * (at / WAVEFORM_RATE % _BEAT) / _BEAT), 3)
        for at in range(int(seconds * WAVEFORM_RATE))
    ]
    return json.dumps({"frequency_hz": WAVEFORM_RATE, "data": data}).encode()
