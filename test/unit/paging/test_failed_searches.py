"""A search of a bulk search that failed can be told from one that found nothing."""

from __future__ import annotations

from typing import Any

import pytest
from html_checker import Checked
from paged_lists import asked, catalogue, ids, service
from scripted_server import Server

from shutterstock_api import BulkImageSearchResults, Image, ImagesApi, ImageSearchResults, paginate
from shutterstock_api.notebook import ContactSheet
from shutterstock_api.schema.fields import unknown_fields

ERROR = {"status_code": 400, "error": "Bad Request", "message": "No such <category>."}
INSIDE = {"data": [ERROR], "errors": [{"message": ERROR["message"], "status_code": 400}]}
"""The error takes the place of the images, and stands in `errors` too."""
ITSELF = {**ERROR, "data": None}
"""The error takes the place of the results."""
TOLD = {"errors": INSIDE["errors"]}
FAILED = [INSIDE, ITSELF, TOLD]


def test_an_entry_that_is_an_error_has_fields_of_its_own() -> None:
    answer = BulkImageSearchResults.from_dict({"results": [INSIDE, ITSELF]})
    inside, itself = answer.results or ()
    (entry,) = inside.data or ()
    for one in (entry, itself):
        assert (one.status_code, one.error, one.message) == (400, "Bad Request", "No such <category>.")
        assert unknown_fields(one) is None
    assert [error.status_code for error in inside.errors or ()] == [400]
    record = inside.to_records()[0]
    assert {name: value for name, value in record.items() if value is not None} == ERROR


def test_images_and_results_have_none_of_them() -> None:
    image, found = Image(id="1"), ImageSearchResults(data=[])
    assert {image.status_code, image.error, image.message, found.status_code, found.error} == {None}


@pytest.mark.parametrize("failed", FAILED)
def test_the_other_searches_go_on_to_their_end(api: ImagesApi, server: Server, failed: Any) -> None:
    service(server, lambda page, size: {"results": [catalogue(45)(page, size), failed]})
    found = list(paginate(api.bulk_search_images, [{"query": "cat"}, {"query": "dog"}]))
    assert [len(result.data or ()) for result in found[::2]] == [20, 20, 5]
    assert [result.to_dict() for result in found[1::2]] == [
        ImageSearchResults.from_dict(failed).to_dict()
    ] * 3
    assert len(server.requests) == 3
    service(server, lambda page, size: {"results": [catalogue(45, told=False)(page, size), failed]})
    assert ids(found[0].data) == list(range(20))
    assert len(list(paginate(api.bulk_search_images, [{"query": "cat"}, {"query": "dog"}]))) == 6


@pytest.mark.parametrize("failed", FAILED)
def test_where_all_failed_they_say_so_once(api: ImagesApi, server: Server, failed: Any) -> None:
    service(server, lambda page, size: {"results": [failed, failed]})
    found = list(paginate(api.bulk_search_images, [{"query": "cat"}, {"query": "dog"}]))
    assert [result.errors or result.error for result in found]
    assert (len(found), asked(server)) == (2, [("1", "20")])


def test_searches_that_found_nothing_are_no_failures(api: ImagesApi, server: Server) -> None:
    service(server, lambda page, size: {"results": [catalogue(0)(page, size)] * 2})
    assert list(paginate(api.bulk_search_images, [{"query": "cat"}, {"query": "dog"}])) == []


@pytest.mark.parametrize("failed", FAILED)
def test_a_notebook_shows_what_failed(failed: Any) -> None:
    answer = BulkImageSearchResults.from_dict({"results": [catalogue(3)(1, 20), failed]})
    for thing in (answer, ContactSheet(answer.results or ())):
        page = Checked(thing._repr_html_())  # type: ignore[union-attr]
        assert "3 of 3" in page.words
        assert "No such <category>." in page.words
        assert ("400 Bad Request" in page.words) == (failed is not TOLD)
