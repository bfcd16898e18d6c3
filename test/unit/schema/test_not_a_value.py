"""What pandas and numpy put where a value is missing is refused by the name of its argument, never sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from scripted_server import Server

from shutterstock_api import ApiException, Image, ImagesApi, get_many, paginate


class Missing(datetime):
    """As `pandas.NaT`, which is an instance of a subclass of `datetime`: unlike all others and itself."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "NaT"

    def replace(self, *_: Any, **__: Any) -> Missing:
        return self

    def isoformat(self, *_: Any, **__: Any) -> str:
        return "NaT"

    strftime = date = isoformat  # type: ignore[assignment]


NAT = Missing(1, 1, 1)
NAN = float("nan")


@pytest.fixture(params=["NaT", "pandas.NaT", "nan", "pandas.NA"])
def nothing(request: pytest.FixtureRequest) -> Any:
    """Something that stands for a missing value."""
    if request.param.startswith("pandas"):
        return getattr(pytest.importorskip("pandas"), request.param.partition(".")[2])
    return {"NaT": NAT, "nan": NAN}[request.param]


@pytest.mark.parametrize(
    "name",
    ["added_date", "height", "aspect_ratio", "safe", "query", "_request_timeout", "_retries", "_deadline"],
)
def test_as_an_argument(api: ImagesApi, server: Server, nothing: Any, name: str) -> None:
    with pytest.raises(ApiException, match=rf"\n  - {name}: "):
        api.search_images(**{name: nothing})
    assert server.requests == []


def test_as_a_time(api: ImagesApi, server: Server, nothing: Any) -> None:
    for name in ("start_date", "end_date"):
        with pytest.raises(ApiException, match=rf"\n  - {name}: expected .*got (NaT|nan|<NA>)"):
            api.get_image_license_list(**{name: nothing})
    assert server.requests == []


def test_as_an_id(api: ImagesApi, server: Server, nothing: Any) -> None:
    for call, place in (
        (lambda: api.get_image(nothing), "id"),
        (lambda: api.get_image_list(["1", nothing]), r"id\[1\]"),
        (lambda: get_many(api, ["1", nothing]), r"ids\[1\]"),
        (lambda: api.license_images({"images": [{"image_id": nothing}]}), r"body.images\[0\].image_id"),
    ):
        with pytest.raises(ApiException, match=rf"\n  - {place}: expected str, got (NaT|nan|<NA>)"):
            call()
    assert server.requests == []


def test_as_a_limit(api: ImagesApi, server: Server, nothing: Any) -> None:
    for name in ("limit", "page", "per_page", "prefetch"):
        with pytest.raises(ApiException, match=rf"\n  - {name}: expected"):
            paginate(api.search_images, **{name: nothing})
    with pytest.raises(ApiException, match="\n  - view: expected str"):
        get_many(api, ["1"], view=nothing)
    assert server.requests == []


def test_in_a_body(api: ImagesApi, server: Server, nothing: Any) -> None:
    for entry, place in (
        ({"price": nothing}, "price"),
        ({"metadata": {"when": nothing}}, "metadata.when"),
        ({"metadata": {"when": [nothing]}}, r"metadata.when\[0\]"),
    ):
        with pytest.raises(ApiException, match=rf"\n  - body.images\[0\].{place}: "):
            api.license_images({"images": [{"image_id": "1", **entry}]})
    with pytest.raises(ApiException, match=r"\n  - value.added_date: "):
        Image(added_date=nothing).to_json()
    assert server.requests == []


def test_as_fields(api: ImagesApi, server: Server, nothing: Any) -> None:
    with pytest.raises(ApiException, match="\n  - fields: expected str"):
        list(paginate(api.search_images, fields=nothing))
    assert server.requests == []
