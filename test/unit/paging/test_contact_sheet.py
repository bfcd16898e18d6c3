"""A contact sheet takes no more than it shows."""

from __future__ import annotations

from typing import Any

import pytest
from html_checker import Checked
from paged_lists import asked, catalogue, ids, service
from scripted_server import Server

from shutterstock_api import BulkImageSearchResults, Category, Collection, Error, Image, ImagesApi, paginate
from shutterstock_api.modelkit.html import MOST
from shutterstock_api.notebook import ContactSheet


def shown(sheet: ContactSheet) -> Checked:
    return Checked(sheet._repr_html_())


@pytest.mark.parametrize(
    ("arguments", "requests", "pictures", "more"),
    [
        ({}, [("1", "48")], 48, "and 29,952 more"),
        ({"prefetch": 1}, [("1", "48")], 48, "and 29,952 more"),
        ({"per_page": 20}, [("1", "20"), ("2", "20"), ("3", "20")], 48, "and 29,952 more"),
        ({"limit": 1000}, [("1", "48")], 48, "and 952 more"),
        ({"limit": 48}, [("1", "48")], 48, None),
        ({"limit": 30}, [("1", "30")], 30, None),
        ({"limit": 0}, [], 0, None),
        ({"page": 601, "per_page": 48}, [("601", "48")], 48, "and 1,152 more"),
        ({"page": 600, "per_page": 50}, [("600", "50")], 48, "and 2 more"),
        ({"page": 601, "per_page": 50}, [("601", "50")], 0, None),
    ],
)
def test_a_list_in_pages_is_asked_for_what_is_shown(
    api: ImagesApi,
    server: Server,
    arguments: dict[str, Any],
    requests: list[tuple[str, str]],
    pictures: int,
    more: str | None,
) -> None:
    service(server, catalogue(30_000))
    sheet = ContactSheet(paginate(api.search_images, query="cat", **arguments))
    page = sheet._repr_html_()
    assert asked(server) == requests
    assert page.count("<figure") == pictures
    assert more in Checked(page).words if more else " more" not in Checked(page).words
    if not arguments:
        assert repr(sheet) == "<ContactSheet of 30000 items>"


def test_a_list_that_does_not_tell_its_length(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(30_000, told=False))
    sheet = ContactSheet(paginate(api.search_images, query="cat"))
    assert "and perhaps more" in shown(sheet).words
    assert repr(sheet) == "<ContactSheet of 48 or more items>"
    service(server, catalogue(7, told=False))
    assert "more" not in shown(ContactSheet(paginate(api.search_images, query="cat"))).words


def test_of_a_selection_no_more_pages_are_asked_for(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(30_000))
    sheet = ContactSheet(
        image for image in paginate(api.search_images, per_page=100) if int(image.id or 0) % 2
    )
    assert asked(server) == [("1", "100")]
    assert sheet._repr_html_().count("<figure") == MOST
    assert "and perhaps more" in shown(sheet).words


def test_a_bulk_search_shows_each_search_of_the_first_page(api: ImagesApi, server: Server) -> None:
    def make(page: int, size: int) -> dict[str, Any]:
        return {"results": [catalogue(100)(page, size), catalogue(3)(page, size)]}

    service(server, make)
    found = paginate(api.bulk_search_images, [{"query": "cat"}, {"query": "dog"}])
    page = ContactSheet(found)._repr_html_()
    assert len(server.requests) == 1
    assert page.count("<figure") == 20 + 3
    assert "20 of 100" in page
    assert page == BulkImageSearchResults.from_dict(make(1, 20))._repr_html_()


def test_a_mixed_selection_shows_each_kind_in_its_way() -> None:
    many = [Image(id="1"), Collection(id="2", name="Sea"), Category(name="Food"), Error(message="Gone")]
    page = shown(ContactSheet([*many, Image(id="3"), Image(id="4")]))
    assert page.words.count("no preview") == 3
    for word in ("Sea", "Food", "Gone"):
        assert word in page.words


def test_the_list_itself_is_left_as_it_was(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(100))
    found = paginate(api.search_images, per_page=40, prefetch=1)
    ContactSheet(found)
    assert ids(found) == list(range(100))
