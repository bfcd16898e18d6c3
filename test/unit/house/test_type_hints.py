"""Annotations of all that is public can be read at run time, as those do who make commands of functions."""

from __future__ import annotations

import inspect
import subprocess
import sys
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import shutterstock_api
from shutterstock_api import api, auth, models, notebook, reconciliation, sandbox

PLACES = (shutterstock_api, api, auth, models, notebook, reconciliation, sandbox)
PUBLIC = {name: getattr(place, name) for place in PLACES for name in place.__all__ if name != "__version__"}


def annotated(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield a function, or a class and all of ours in it that is public and has annotations."""
    yield "itself", thing
    for name, member in inspect.getmembers_static(thing) if inspect.isclass(thing) else ():
        function = getattr(member, "fget", None) or getattr(member, "__func__", member)
        ours = (getattr(function, "__module__", None) or "").startswith("shutterstock_api")
        if inspect.isfunction(function) and ours and (name.startswith("__") or not name.startswith("_")):
            yield name, function


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_annotations_can_be_read(name: str) -> None:
    thing = PUBLIC[name]
    if inspect.isclass(thing) or inspect.isfunction(thing):
        for place, annotations in annotated(thing):
            hints = typing.get_type_hints(annotations)
            assert not [hint for hint in hints.values() if isinstance(hint, str)], place


def test_all_of_it_is_looked_at() -> None:
    found = {f"{name}.{place}" for name, thing in PUBLIC.items() for place, _ in annotated(thing)}
    expected = """
        ApiClient.call ApiClient.__init__ ApiClient.rate_limit ApiResponse.headers CallOptions.itself
        Configuration.itself ContactSheet.__init__ Image.from_json ImagesApi.search_images
        LicenseImageResultDataList.licensed LicenseJob.add LicenseReport.combined ManyImages.itself
        Paginated.to_pandas RateLimitError.itself Reconciliation.itself download.itself paginate.itself
    """
    assert set(expected.split()) <= found
    assert len(found) > 900


def test_models_are_there_without_an_import_of_their_own() -> None:
    program = "import shutterstock_api; print(shutterstock_api.models.image.Image.__name__)"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "Image\n"
    program = (
        "import shutterstock_api, typing; h = typing.get_type_hints(shutterstock_api.ImagesApi.get_image); "
    )
    program += "print(h['return'].__name__, shutterstock_api.models.image_assets.__name__)"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).split() == [
        "Image",
        "shutterstock_api.models.image_assets",
    ]
