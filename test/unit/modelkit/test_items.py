"""Answers that hold a list are iterated like it."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from scripted_server import Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    BulkImageSearchResults,
    ImageDataList,
    ImageSearchResults,
    LicenseJob,
    SearchEntitiesResponse,
    Suggestions,
    models,
)
from shutterstock_api.modelkit.items import Items
from shutterstock_api.modelkit.table import Table, list_of_items
from shutterstock_api.schema.fields import fields_of

MODELS = [model for name in models.__all__ if isinstance(model := getattr(models, name), type)]
ANSWERS = [
    getattr(models, operation.returns)
    for name in shutterstock_api.api.__all__
    for operation in getattr(shutterstock_api, name).operations.values()
    if operation.returns in models.__all__
]


def test_a_search_is_iterated(client: ApiClient, server: Server) -> None:
    server.answers(answer(200, {"data": [{"id": "1"}, {"id": "2"}], "total_count": 9}))
    found = client.images.search_images(query="cat")
    assert ([image.id for image in found], len(found)) == (["1", "2"], 2)
    assert [*found] == found.data


@pytest.mark.parametrize("data", [None, [], "no list"])
def test_an_answer_without_a_list_is_empty_and_true(data: Any) -> None:
    answer = ImageSearchResults.from_dict({"data": data})
    assert (list(answer), len(answer), bool(answer)) == ([], 0, True)


def test_what_is_no_table() -> None:
    bulk = BulkImageSearchResults.from_dict({"results": [{"data": [{"id": "1"}]}, {"data": []}]})
    assert [len(result) for result in bulk] == [1, 0]
    assert list(SearchEntitiesResponse(keywords=["cat"])) == ["cat"]
    assert list(Suggestions(data=["sun"])) == ["sun"]


@pytest.mark.parametrize("model", [model for model in MODELS if issubclass(model, Table)])
def test_the_list_of_a_table_is_iterated(model: Any) -> None:
    name, _ = list_of_items(model) or ("", None)
    assert model.list_field == name


def test_which_answers_are_iterated() -> None:
    iterated = {model for model in MODELS if issubclass(model, Items)}
    assert iterated <= set(ANSWERS)
    assert {
        model for model in set(ANSWERS) - iterated if {"data", "results"} & fields_of(model).keys()
    } == set()
    assert {model.__name__ for model in iterated if model.list_field != "data"} == {
        "AudioRendersListResults",
        "BulkImageSearchResults",
        "SearchEntitiesResponse",
    }


def test_it_stays_a_model() -> None:
    answer = ImageDataList.from_dict({"data": [{"id": "1"}]})
    assert answer == copy.deepcopy(answer) == pickle.loads(pickle.dumps(answer))
    assert answer.to_dict()["data"][0]["id"] == "1"
    assert repr(answer) == "{'data': [{'id': '1'}]}"
    assert "list_field" not in ImageDataList.attribute_map


def test_a_job_takes_what_a_search_found(client: ApiClient, tmp_path: Any) -> None:
    found = ImageSearchResults.from_dict({"data": [{"id": "1"}, {"id": "2"}]})
    job = LicenseJob(client.images, tmp_path / "job.db", size="huge")
    assert job.add(found) == 2
