"""Any number of ids: in as few requests as they fit into, each asked for once, what is missing named."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_server import Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DecodeError,
    ImagesApi,
    ManyImages,
    ServerError,
    get_many,
)
from shutterstock_api.contract.media import IMAGES
from shutterstock_api.paging.lookup import LONGEST_URL
from shutterstock_api.paging.partial import keeps


@pytest.fixture
def known(server: Server) -> Server:
    """A service that knows all ids but those that end in 7, and answers in an order of its own."""

    def serve(request: Request) -> bytes:
        found = [id for id in asked(request) if not id.endswith("7")]
        return answer(200, {"data": [{"id": id, "description": f"image {id}"} for id in sorted(found)]})

    server.always(serve)
    return server


def asked(request: Request) -> list[str]:
    return [value for name, value in request.query if name == "id"]


def test_order_duplicates_and_what_is_missing(api: ImagesApi, known: Server) -> None:
    found = get_many(api, ["30", "7", "2", "30", "17", "1", "7"])
    assert [image.id for image in found.images] == ["30", "2", "30", "1"]
    assert found.images[0] is found.images[2]
    assert found.missing == ["7", "17"]
    assert asked(known.request) == ["30", "7", "2", "17", "1"]
    images, missing = found
    assert (found.images, found.missing) == (images, missing)
    assert found == ManyImages(images, missing)


@pytest.mark.parametrize(
    ("number", "sizes"), [(0, []), (1, [1]), (500, [500]), (501, [500, 1]), (1200, [500, 500, 200])]
)
def test_500_ids_at_most_in_a_request(api: ImagesApi, known: Server, number: int, sizes: list[int]) -> None:
    wanted = [f"{id}0" for id in range(number)]
    found = get_many(api, iter(wanted))
    assert [image.id for image in found.images] == wanted
    assert [len(asked(request)) for request in known.requests] == sizes


@pytest.mark.parametrize("prefix", ["", "/behind/a/gateway" * 20])
@pytest.mark.parametrize("fields", [None, "data(id,assets(preview(url)))" + ",page" * 100])
def test_a_url_is_no_longer_than_servers_read(
    server: Server, known: Server, prefix: str, fields: str | None
) -> None:
    wanted = [f"{id:015}é0" for id in range(900)]
    with ApiClient(Configuration(server.url + prefix, access_token="token")) as client:
        found = get_many(ImagesApi(client), wanted, fields=fields, view="full")
    assert [image.id for image in found.images] == wanted
    assert [id for request in known.requests for id in asked(request)] == wanted
    lengths = [len(server.url) + len(request.target) for request in known.requests]
    longest = max(len(f"&id={'0' * 15}%C3%A90"), 0)
    assert all(LONGEST_URL - longest < length <= LONGEST_URL for length in lengths[:-1])
    assert lengths[-1] <= LONGEST_URL
    assert IMAGES.lookup.most_ids == 500
    assert max(len(asked(request)) for request in known.requests) < IMAGES.lookup.most_ids


def test_an_id_that_is_longer_than_all_that_goes_alone(api: ImagesApi, known: Server) -> None:
    wanted = ["2" * LONGEST_URL, "1", "3" * LONGEST_URL]
    assert [image.id for image in get_many(api, wanted).images] == wanted
    assert [len(asked(request)) for request in known.requests] == [1, 1, 1]


def test_arguments_and_options_go_with_each_request(api: ImagesApi, known: Server) -> None:
    get_many(
        api,
        [f"{id}0" for id in range(600)],
        view="full",
        search_id="s1",
        fields="data/id",
        _headers={"X-Trace": "1"},
    )
    assert len(known.requests) == 2
    for request in known.requests:
        rest = {name: value for name, value in request.query if name != "id"}
        assert rest == {"view": "full", "search_id": "s1", "fields": "data/id"}
        assert request.headers["x-trace"] == "1"


def test_a_single_id_is_not_taken_for_its_characters(api: ImagesApi, known: Server) -> None:
    assert [image.id for image in get_many(api, "123").images] == ["123"]


@pytest.mark.parametrize(
    ("ids", "arguments", "error", "message"),
    [
        (["1"] * 600 + [5], {}, ApiTypeError, r"ids\[600\]: expected str, got 5 \(int\); write '5'"),
        (["1", None], {}, ApiTypeError, r"ids\[1\]: expected str"),
        (["1", "\ud800"], {}, ApiValueError, r"ids\[1\]: broken text"),
        ([["1"]], {}, ApiTypeError, r"ids\[0\]: expected str"),
        (5, {}, ApiTypeError, r"expected ids, got 5"),
        (["1"], {"fields": "data(description)"}, ApiValueError, r"fields: leaves out data\(id\)"),
        (["1"], {"async_req": True}, ApiValueError, "async_req: cannot be True here"),
        (["1"], {"_preload_content": False}, ApiValueError, "_preload_content: cannot be False here"),
        (["1"], {"_timeout": 5}, ApiTypeError, "_timeout: no such argument"),
        (["1"], {"view": 5}, ApiTypeError, "view: expected str"),
    ],
)
def test_refused_before_anything_is_sent(
    api: ImagesApi,
    server: Server,
    ids: Any,
    arguments: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        get_many(api, ids, **arguments)
    assert server.requests == []


def test_odd_answers(api: ImagesApi, server: Server) -> None:
    odd = [{"id": 1}, {"description": "no id"}, "2", None, {"id": "9"}]
    server.answers(answer(200, {"data": odd, "errors": [{"message": "Image not found"}]}))
    images, missing = get_many(api, ["1", "2"])
    assert [(image.id, missing) for image in images] == [(1, ["2"])]


@pytest.mark.parametrize("body", [{}, {"data": None, "message": "Rebuilding."}, {"data": "none"}])
def test_an_answer_without_data_does_not_make_all_ids_missing(
    api: ImagesApi, server: Server, body: Any
) -> None:
    server.answers(answer(200, body))
    with pytest.raises(DecodeError, match=body.get("message", "without data")):
        get_many(api, ["1", "2"])


def test_an_error_on_the_way_is_raised(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {"data": []}), *[answer(500)] * 3)
    with pytest.raises(ServerError):
        get_many(api, [str(id) for id in range(600)])


@pytest.mark.parametrize(
    ("fields", "path", "kept"),
    [
        (None, "data/id", True),
        ("data", "data/id", True),
        ("*", "data/id", True),
        ("data(id)", "data/id", True),
        ("data/id", "data/id", True),
        ("page, data( description , id )", "data/id", True),
        ("data(*)", "data/id", True),
        ("data(contributor(id),id),page", "data/id", True),
        ("data(assets/preview,id)", "data/id", True),
        ("*/id", "data/id", True),
        ("data(description)", "data/id", False),
        ("data(contributor(id))", "data/id", False),
        ("data(contributor(name)),id", "data/id", False),
        ("data/description,page", "data/id", False),
        ("id,description", "data/id", False),
        ("data(", "data/id", False),
        ("data),id", "data/id", True),
        ("data(description)", "data", True),
        ("page,total_count", "data", False),
        ("datas", "data", False),
    ],
)
def test_what_fields_keeps(fields: str | None, path: str, kept: bool) -> None:
    assert keeps(fields, path) is kept
