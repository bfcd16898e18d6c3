"""All models, and one of a cat."""

from __future__ import annotations

from datetime import date, datetime

from shutterstock_api import models
from shutterstock_api.models import Category, Contributor, Image

MODELS = [item for item in (getattr(models, name) for name in models.__all__) if isinstance(item, type)]
WIRE = {
    "id": "1",
    "description": "A cat",
    "aspect": 1.5,
    "added_date": "2026-01-31",
    "contributor": {"id": "7"},
    "categories": [{"id": "8", "name": "Animals"}],
    "keywords": ["cat", "kitten"],
    "is_adult": False,
}


def cat():
    return Image(
        id="1",
        description="A cat",
        aspect=1.5,
        added_date=date(2026, 1, 31),
        contributor=Contributor(id="7"),
        categories=[Category(id="8", name="Animals")],
        keywords=["cat", "kitten"],
        is_adult=False,
    )


NOON = datetime(2026, 1, 31, 12)
