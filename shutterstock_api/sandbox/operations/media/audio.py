"""The lists by which music is sorted."""

from __future__ import annotations

from shutterstock_api.sandbox.catalogue.sounds.tracks import GENRES, INSTRUMENTS, MOODS
from shutterstock_api.sandbox.operations.call import Answer, Call


def get_genres(_: Call) -> Answer:
    """All genres."""
    return Answer(200, {"data": GENRES})


def get_moods(_: Call) -> Answer:
    """All moods."""
    return Answer(200, {"data": MOODS})


def get_instruments(_: Call) -> Answer:
    """All instruments."""
    return Answer(200, {"data": INSTRUMENTS})
