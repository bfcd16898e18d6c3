"""Media whose requests, results and histories have the same names: which one a source is of."""

from __future__ import annotations

from typing import Any

import pytest

from shutterstock_api.contract.media import IMAGES
from shutterstock_api.downloads import sources
from shutterstock_api.downloads.sources import SourceArgument, describe_source

NEWS = IMAGES._replace(name="news", item_id="editorial_id", redownload=None, extension="png")
PAST = NEWS._replace(name="past", extension="gif")
ENTRY = {"id": "i1", "image": {"id": "7"}, "is_downloadable": True}
RESULT = {"editorial_id": "7", "download": {"url": "https://host/"}}


class Fields:
    """An object with these fields."""

    def __init__(self, fields: dict[str, Any]) -> None:
        vars(self).update(fields)


@pytest.fixture(autouse=True)
def media(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MEDIA", {"past": PAST, "news": NEWS, "image": IMAGES})


@pytest.mark.parametrize(
    ("source", "expected", "found"),
    [
        (ENTRY, IMAGES, "image"),
        (ENTRY, NEWS, "news"),
        (ENTRY, PAST, "past"),
        (ENTRY, IMAGES._replace(name="video", history_item="video"), "image"),  # it has a second link
        (RESULT, NEWS, "news"),
        (RESULT, IMAGES, "past"),  # nobody knows
        ({**RESULT, "image_id": "7"}, IMAGES, "image"),
    ],
)
def test_the_expected_medium_goes_first(source: dict[str, Any], expected: Any, found: str) -> None:
    spec = describe_source(SourceArgument(Fields(source)), None, expected)
    assert (spec.medium.name, spec.item_id) == (found, "7")
