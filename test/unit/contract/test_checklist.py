"""Every operation of the service is there, as `test/data/checklist.json` lists them: facts, one a line."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import shutterstock_api

ROWS: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "checklist.json").read_text())
every_row = pytest.mark.parametrize(
    "row",
    ROWS,
    ids=lambda row: f"{row['class']}.{row['method']}",
)


def test_the_list_has_all_operations_once() -> None:
    assert len({(row["class"], row["method"]) for row in ROWS}) == len(ROWS) == 121
    assert len({(row["verb"], row["path"]) for row in ROWS}) == 121
    assert len({row["class"] for row in ROWS}) == 14


def test_all_classes_are_there() -> None:
    assert {row["class"] for row in ROWS} == set(shutterstock_api.api.__all__)


def test_no_class_has_more() -> None:
    counts = Counter(row["class"] for row in ROWS)
    assert {
        name: len(getattr(shutterstock_api, name).operations) for name in shutterstock_api.api.__all__
    } == counts


@every_row
def test_an_operation(row: dict[str, Any]) -> None:
    made = getattr(shutterstock_api, row["class"])
    operation = made.operations[row["method"]]
    assert (operation.api, operation.name) == (row["class"], row["method"])
    assert (operation.method, operation.template) == (row["verb"], row["path"])
    assert (operation.body, operation.returns) == (row["body"], row["returns"])


@every_row
def test_who_may_call_it(row: dict[str, Any]) -> None:
    operation = getattr(shutterstock_api, row["class"]).operations[row["method"]]
    assert (operation.public, sorted(operation.scopes)) == (row["public"], row["scopes"])
    if not operation.public:  # what is public may take credentials all the same
        assert operation.basic == row["basic"]


@every_row
def test_its_arguments(row: dict[str, Any]) -> None:
    method = getattr(getattr(shutterstock_api, row["class"]), row["method"])
    _, *arguments, _ = inspect.signature(method).parameters.values()
    assert [item.name for item in arguments if item.default is item.empty] == row["required"]
    partial = row["verb"] == "GET" and row["returns"] not in (None, "str")  # any of these takes `fields`
    expected = {*row["optional"], *(["fields"] if partial else [])}
    assert {item.name for item in arguments if item.default is not item.empty} == expected


@every_row
def test_its_names_and_what_its_docstring_says(row: dict[str, Any]) -> None:
    made = getattr(shutterstock_api, row["class"])
    method = getattr(made, row["method"])
    text = inspect.getdoc(method) or ""
    assert text.startswith("Deprecated. ") == row["deprecated"]
    for alias in row["aliases"]:
        assert getattr(made, alias) is method
        assert f"`{alias}`" in text
