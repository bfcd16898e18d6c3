"""What is a repeat, and what only has the same id: two events of one image, two downloads of one licence."""

from __future__ import annotations

from typing import Any

import pytest
from paged_lists import rows, service
from scripted_server import Server, answer

from shutterstock_api import ApiTypeError, ImagesApi, paginate

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


def event(image: str, second: int, *updates: str) -> dict[str, Any]:
    return {"id": image, "updated_time": f"2026-01-01T00:00:{second:02}Z", "updates": list(updates)}


def download(licence: str, day: int, user: str) -> dict[str, Any]:
    time = f"2026-01-{day:02}T00:00:00Z"
    return {"id": licence, "download_time": time, "user": {"username": user}, "image": {"id": "1"}}


def on_pages(server: Server, *pages: list[Any]) -> None:
    total = sum(map(len, pages))
    server.answers(*(answer(200, {"data": page, "total_count": total, "per_page": 3}) for page in pages))


def test_two_events_of_an_image_are_two(api: ImagesApi, server: Server) -> None:
    edited, deleted = event("1", 1, "edited"), event("1", 2, "deleted")
    at_once = event("1", 2, "edited")  # at the time of the deletion
    on_pages(server, [edited, deleted, at_once], [event("2", 2, "deleted"), deleted, edited])
    found = [
        (item.id, item.updates, item.updated_time.second)  # type: ignore[union-attr]
        for item in paginate(api.get_updated_images, per_page=3)
    ]
    assert found == [
        ("1", ["edited"], 1),
        ("1", ["deleted"], 2),
        ("1", ["edited"], 2),
        ("2", ["deleted"], 2),
    ]


def test_two_downloads_of_a_licence_are_two(api: ImagesApi, server: Server) -> None:
    ann, bob = download("i1", 1, "ann"), download("i1", 2, "bob")
    on_pages(server, [ann, bob, download("i1", 2, "ann")], [ann, bob, download("i2", 2, "bob")])
    found = list(paginate(api.get_image_license_list, per_page=3))
    assert [(item.id, item.user.username) for item in found] == [  # type: ignore[union-attr]
        ("i1", "ann"),
        ("i1", "bob"),
        ("i1", "ann"),
        ("i2", "bob"),
    ]


def test_an_image_and_a_video_of_one_id_are_two_items_of_a_collection(api: ImagesApi, server: Server) -> None:
    items = [
        {"id": "1", "media_type": kind, "added_time": "2026-01-01T00:00:00Z"} for kind in ("image", "video")
    ]
    on_pages(server, [*items, items[0]])
    assert [item.media_type for item in paginate(api.get_lightbox_items, "7", per_page=3)] == [
        "image",
        "video",
    ]


def test_an_unknown_field_tells_events_apart_too(api: ImagesApi, server: Server) -> None:
    events = [{**event("1", 1), "revision": number} for number in (1, 2, 1)]
    on_pages(server, events)
    assert [item.revision for item in paginate(api.get_updated_images, per_page=3)] == [1, 2]  # type: ignore[attr-defined]


def test_events_without_their_time_are_never_repeats(api: ImagesApi, server: Server) -> None:
    on_pages(server, [{"id": "1"}, {"id": "1"}, {"id": "2"}])
    found = paginate(api.get_updated_images, per_page=3, fields="data(id),total_count")
    assert [item.id for item in found] == ["1", "1", "2"]


@pytest.mark.parametrize("odd", [2**80, "half a \ud800", 1.5, [1], {"a": None}])
def test_events_with_odd_values(api: ImagesApi, server: Server, odd: Any) -> None:
    events = [{**event("1", 1), "odd": value} for value in (odd, 7, odd)]
    on_pages(server, events)
    assert len(list(paginate(api.get_updated_images, per_page=3))) == 2


def test_an_image_that_has_changed_meanwhile_is_still_one_image(api: ImagesApi, server: Server) -> None:
    on_pages(
        server, [{"id": "1", "description": "a cat"}, {"id": "2"}], [{"id": "1", "description": "a dog"}]
    )
    assert [item.description for item in paginate(api.search_images, per_page=2)] == ["a cat", None]


# A list without `data`.


@pytest.mark.parametrize("body", [{}, {"data": None}, {"page": 1, "per_page": 3, "total_count": 0}])
@pytest.mark.parametrize("before", [0, 2])
def test_a_list_without_data_is_empty(api: ImagesApi, server: Server, before: int, body: Any) -> None:
    pages = [rows(1, 2)] * (before > 0)
    service(server, lambda page, size: pages[page - 1] if page <= len(pages) else body)
    found = paginate(api.search_images, per_page=2)
    assert len(list(found)) == before
    assert len(found.to_records()) == before


def test_a_bulk_search_without_results_is_empty(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, {"bulk_search_id": "1"}))
    assert list(paginate(api.bulk_search_images, [{"query": "cat"}])) == []


# What is no number.


@pytest.mark.parametrize("name", ["limit", "page", "per_page", "prefetch"])
def test_nan_is_no_count(api: ImagesApi, server: Server, name: str) -> None:
    arguments: Any = {name: float("nan")}
    with pytest.raises((ApiTypeError, ValueError), match=rf"- {name}: expected .*got nan"):
        paginate(api.search_images, **arguments)
    assert server.requests == []
