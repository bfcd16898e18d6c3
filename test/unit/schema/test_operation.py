"""What an operation is called."""

from __future__ import annotations

from typing import Any

import pytest

import shutterstock_api
from shutterstock_api.schema.operation import Operation

APIS = [getattr(shutterstock_api, name) for name in shutterstock_api.api.__all__]
ALL: list[Operation[Any]] = [operation for api in APIS for operation in api.operations.values()]


def test_class_and_method() -> None:
    operation = shutterstock_api.ImagesApi.operations["get_image"]
    assert (operation.api, operation.name, operation.full_name) == (
        "ImagesApi",
        "get_image",
        "ImagesApi.get_image",
    )
    assert repr(operation) == "<Operation ImagesApi.get_image: GET /v2/images/{id}>"


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.__name__)
def test_an_operation_knows_its_class(api: Any) -> None:
    assert {operation.api for operation in api.operations.values()} == {api.__name__}


def test_no_two_operations_have_one_label() -> None:
    assert len({operation.label for operation in ALL}) == len(ALL)
    assert all(operation.label in (operation.name, operation.full_name) for operation in ALL)


def test_labels_of_image_operations_are_their_names() -> None:
    assert all(name == operation.label for name, operation in shutterstock_api.ImagesApi.operations.items())


def test_what_no_class_has() -> None:
    free: Operation[Any] = Operation("GET /v2/x.y", "GET", "/v2/x.y")
    assert (free.label, free.full_name) == ("request", "GET /v2/x.y")
    told: Operation[Any] = Operation("ask", "GET", "/ask", api="BirdsApi", label="BirdsApi.ask")
    assert (told.name, told.label) == ("ask", "BirdsApi.ask")
