"""Pages with parts left out, odd ones, and what is refused before anything is sent."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from paged_lists import asked, broken, catalogue, rows, service
from scripted_server import Server, answer

from shutterstock_api import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    BadRequestError,
    ImagesApi,
    ImageSearchResults,
    NotFoundError,
    PaginationError,
    ServerError,
    paginate,
    with_http_info,
)

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


# Partial answers, odd answers.


@pytest.mark.parametrize("told", [True, False])
def test_items_without_ids_all_come(api: ImagesApi, server: Server, told: bool) -> None:
    def make(page: int, size: int) -> dict[str, Any]:
        rows = [{"description": f"{page}-{row}"} for row in range(size) if page < 4]
        return {"data": rows, **({"total_count": 6} if told else {})}

    service(server, make)
    found = paginate(api.search_images, per_page=2, fields="data(description),total_count")
    assert [item.description for item in found] == ["1-0", "1-1", "2-0", "2-1", "3-0", "3-1"]
    assert len(server.requests) == (3 if told else 4)


def test_equal_pages_without_ids_are_believed_where_the_total_bounds_them(
    api: ImagesApi, server: Server
) -> None:
    page = {"data": [{"media_type": "image"}] * 2}
    service(server, lambda *_: {**page, "total_count": 6})
    assert len(list(paginate(api.search_images, per_page=2))) == 6
    service(server, lambda *_: page)
    with pytest.raises(PaginationError, match="page 2"):
        list(paginate(api.search_images, per_page=2))


def test_items_of_another_kind_pass_through(api: ImagesApi, server: Server) -> None:
    odd = [{"id": "1"}, "text", None, 7, {"id": 5}, {"id": ["1"]}, {"id": "1"}]
    server.answers(answer(200, {"data": odd, "total_count": 7}))
    found: list[Any] = list(paginate(api.search_images, per_page=7))
    assert [getattr(item, "id", item) for item in found] == ["1", "text", None, 7, 5, ["1"]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"data": [], "errors": [{"message": "The index is being rebuilt."}]}, "being rebuilt"),
        ({"message": "Out of order.", "total_count": 9}, "Out of order."),
        ({"data": {"id": "1"}}, "page 2 cannot be read"),
        ({"errors": [{"message": "Out of order."}]}, "Out of order."),
    ],
)
def test_an_answer_without_items_is_not_the_end(
    api: ImagesApi, server: Server, body: Any, message: str
) -> None:
    server.answers(answer(200, rows(1, 2)), answer(200, body))
    with pytest.raises(PaginationError, match=message) as caught:
        list(paginate(api.search_images, per_page=2))
    assert (caught.value.page, caught.value.items) == (2, 2)


def test_errors_beside_items_do_no_harm(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, rows(1, 2, total_count=2, errors=[{"message": "One is hidden."}])))
    assert len(list(paginate(api.search_images, per_page=2))) == 2


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_deep_page_that_is_refused(api: ImagesApi, server: Server, status: int) -> None:
    refusal = answer(status, {"message": "Too deep."}, X_Request_Id="r7")
    service(server, lambda page, size: catalogue(100)(page, size) if page < 3 else refusal)
    got, error = broken(paginate(api.search_images, per_page=10))
    assert len(got) == 20
    assert (error.page, error.items, error.status, error.message) == (3, 20, status, "Too deep.")
    assert isinstance(error.__cause__, ApiException)
    assert (type(error.__cause__), error.request_id) != (PaginationError, None)
    assert str(error).startswith(
        f"GET /v2/images/search: {status} page 3 was refused, after 20 items: Too deep."
    )


def test_a_refusal_of_the_first_page_is_the_methods_own(api: ImagesApi, server: Server) -> None:
    server.always(answer(400, {"message": "No."}))
    with pytest.raises(BadRequestError):
        list(paginate(api.search_images))
    server.always(answer(404, {"message": "No such collection."}))
    with pytest.raises(NotFoundError):
        list(paginate(api.get_lightbox_items, "7"))


def test_a_page_that_cannot_be_is_for_the_service_to_refuse(api: ImagesApi, server: Server) -> None:
    server.answers(answer(400, {"message": "No such page."}))
    with pytest.raises(BadRequestError):
        list(paginate(api.search_images, page=0, per_page=10))
    assert asked(server) == [("0", "10")]


def test_any_other_error_is_the_methods_own(api: ImagesApi, server: Server) -> None:
    service(server, lambda page, size: catalogue(100)(page, size) if page < 2 else answer(500))
    with pytest.raises(ServerError):
        list(paginate(api.search_images, per_page=10))


# What is refused before anything is sent.


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"async_req": True}, ApiValueError, "async_req: cannot be True here"),
        ({"_preload_content": False}, ApiValueError, "_preload_content: cannot be False here"),
        ({"_return_http_data_only": False}, ApiValueError, "_return_http_data_only: cannot be False here"),
        ({"limit": -1}, ApiValueError, "limit: expected a number from 0"),
        ({"limit": "5"}, ApiTypeError, "limit: expected int"),
        ({"limit": True}, ApiTypeError, "limit: expected int"),
        ({"page": 1.0}, ApiTypeError, "page: expected int"),
        ({"per_page": "all"}, ApiTypeError, "per_page: expected int"),
        ({"prefetch": 2}, ApiValueError, "prefetch: expected 0 or 1"),
        ({"fields": "id,description"}, ApiValueError, "fields: leaves out 'data'"),
    ],
)
def test_refused_at_once(
    api: ImagesApi, server: Server, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"paginate search_images: nothing was sent.*\n.*{message}"):
        paginate(api.search_images, **arguments)
    assert server.requests == []


def test_options_that_change_nothing_are_no_mistake(api: ImagesApi, server: Server) -> None:
    service(server, catalogue(2))
    options: Any = {"async_req": False, "_preload_content": True, "_return_http_data_only": None}
    assert len(list(paginate(api.search_images, **options))) == 2


def test_methods_without_pages_are_refused(api: ImagesApi, server: Server) -> None:
    refused: Any
    for refused in (
        with_http_info(api.search_images),
        partial(api.search_images, query="cat"),
        ImagesApi.search_images,
        "search_images",
        ImageSearchResults(),
        print,
        None,
    ):
        with pytest.raises(ApiTypeError, match="expected a method of an API class"):
            paginate(refused)
    with pytest.raises(ApiTypeError, match="expected a method of an API class"):
        paginate(api.search_images_with_http_info)  # type: ignore[attr-defined]
    for single in (api.get_image, api.license_images, api.add_lightbox_items):
        with pytest.raises(ApiTypeError, match=f"{single.__name__} does not return a list"):
            paginate(single, "1")  # type: ignore[arg-type,type-var]
    assert server.requests == []


def test_a_misspelt_argument_is_found_before_anything_is_sent(api: ImagesApi, server: Server) -> None:
    misspelt: Any = {"qery": "cat"}
    with pytest.raises(ApiTypeError, match="did you mean 'query'"):
        list(paginate(api.search_images, **misspelt))
    assert server.requests == []


@pytest.mark.parametrize("name", ["limit", "prefetch"])
def test_the_method_itself_takes_no_arguments_of_paginate(api: ImagesApi, server: Server, name: str) -> None:
    options: Any = {name: 1}
    with pytest.raises(
        ApiTypeError, match=rf"{name}: not an argument of the method itself; pass it to paginate\(\)"
    ):
        api.search_images(**options)
    assert server.requests == []
