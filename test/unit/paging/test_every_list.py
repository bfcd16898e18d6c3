"""Every list of every class can be walked through, and every look-up takes any number of ids."""

from __future__ import annotations

from typing import Any

import pytest
from contract_calls import CALLS, OPERATIONS
from scripted_server import Request, Server, answer

import shutterstock_api
from shutterstock_api import ApiClient, get_many, paginate
from shutterstock_api.calls.binding import resolve
from shutterstock_api.modelkit.table import Table, list_of_items


def lists(operation: Any) -> bool:
    answers = resolve(operation.returns) if operation.returns else None
    return operation.method == "GET" and answers is not None and list_of_items(answers) is not None


LISTS = [name for name, operation in OPERATIONS.items() if lists(operation)]
LOOK_UPS = [name for name, operation in OPERATIONS.items() if operation.most_ids]


def method(client: ApiClient, name: str) -> Any:
    operation = OPERATIONS[name]
    return getattr(getattr(shutterstock_api, operation.api)(client), operation.name)


def test_there_are_some() -> None:
    assert {"search_images", "get_image_categories", "get_image_suggestions"} <= set(LISTS)
    assert "get_image_list" in LOOK_UPS


@pytest.mark.parametrize("name", LISTS)
def test_all_of_a_list(client: ApiClient, server: Server, name: str) -> None:
    operation = OPERATIONS[name]
    field, kind = list_of_items(resolve(operation.returns)) or ("", None)
    size = operation.pages or 3
    total = 2 * size + 1 if operation.pages else size
    all_items = [str(number) if kind is str else {"id": str(number)} for number in range(total)]

    def serve(request: Request) -> bytes:
        query = dict(request.query)
        start = int(query.get("cursor", 0)) or (int(query.get("page", 1)) - 1) * size
        more = {"next": str(start + size)} if operation.cursor and start + size < total else {}
        return answer(200, {field: all_items[start : start + size], **more})

    server.always(serve)
    required = CALLS[name].required
    found = paginate(method(client, name), **required)
    assert [item if kind is str else item.id for item in found] == [str(number) for number in range(total)]
    extra = bool(operation.pages) and not operation.cursor  # without a total only an empty page is the end
    assert len(server.requests) == (3 if operation.pages else 1) + extra
    sizes = {dict(request.query).get("per_page") for request in server.requests}
    assert sizes == {str(operation.pages) if operation.pages else None}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_a_table(name: str) -> None:
    answers = resolve(OPERATIONS[name].returns)
    _, kind = list_of_items(answers) or ("", None)
    assert issubclass(answers, Table)
    columns = answers().to_pandas().columns
    assert list(columns) == ["value"] if kind is str else len(columns)


@pytest.mark.parametrize("name", LOOK_UPS)
def test_any_number_of_ids(client: ApiClient, server: Server, name: str) -> None:
    operation = OPERATIONS[name]
    field, _ = list_of_items(resolve(operation.returns)) or ("", None)

    def serve(request: Request) -> bytes:
        return answer(200, {field: [{"id": value} for key, value in request.query if key == "id"]})

    server.always(serve)
    wanted = [str(number) for number in range(2 * operation.most_ids + 1)]
    others = {key: value for key, value in CALLS[name].required.items() if key != "id"}
    found = get_many(method(client, name), wanted, **others)
    items, missing = found
    assert ([item.id for item in items], missing) == (wanted, [])
    counts = [sum(key == "id" for key, _ in request.query) for request in server.requests]
    assert counts == [operation.most_ids, operation.most_ids, 1]
    if (medium := getattr(shutterstock_api, operation.api).medium) and medium.lookup is operation:
        assert get_many(getattr(shutterstock_api, operation.api)(client), wanted, **others) == found
