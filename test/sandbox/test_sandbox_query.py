"""The languages of `query` and `fields`."""

from __future__ import annotations

import pytest

from shutterstock_api.sandbox.catalogue.query import (
    And,
    Everything,
    Not,
    Or,
    QueryError,
    Word,
    parse_query,
    words,
)
from shutterstock_api.sandbox.contract.fields import FieldsError, parse_fields, select_fields

CAT, DOG, SEA = Word("cat"), Word("dog"), Word("sea")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", Everything()),
        ("the", Everything()),
        ("cat", CAT),
        ("CAT", CAT),
        ("cat dog", And((CAT, DOG))),
        ("cat AND dog", And((CAT, DOG))),
        ("cat OR dog sea", Or((CAT, And((DOG, SEA))))),
        ("(cat OR dog) sea", And((Or((CAT, DOG)), SEA))),
        ("cat NOT dog", And((CAT, Not(DOG)))),
        ("cat AND NOT (dog OR sea)", And((CAT, Not(Or((DOG, SEA)))))),
        ('"cat dog"', And((CAT, DOG))),
        ("cat-dog", And((CAT, DOG))),
        ("cat or dog", And((CAT, DOG))),
        ("cat in the sea", And((CAT, SEA))),
        ("猫", Word("猫")),
        ("!!", Everything()),
    ],
)
def test_queries(text: str, node: object) -> None:
    assert parse_query(text) == node


@pytest.mark.parametrize(
    "text",
    ["(cat", "cat)", '"cat', "cat AND", "OR cat", "AND", "NOT", "cat OR", "()", "cat AND OR dog", '" "cat"'],
)
def test_malformed_queries(text: str) -> None:
    with pytest.raises(QueryError):
        parse_query(text)


@pytest.mark.parametrize(("opening", "closing"), [("NOT ", ""), ("(", ")")])
def test_queries_that_are_nested_too_deep(opening: str, closing: str) -> None:
    assert parse_query(opening * 20 + "cat" + closing * 20)
    with pytest.raises(QueryError, match="too deep"):
        parse_query(opening * 5_000 + "cat" + closing * 5_000)


@pytest.mark.parametrize(("opening", "closing"), [("a(", ")"), ("a/", "")])
def test_fields_that_are_nested_too_deep(opening: str, closing: str) -> None:
    assert parse_fields(opening * 20 + "id" + closing * 20)
    with pytest.raises(FieldsError, match="too deep"):
        parse_fields(opening * 5_000 + "id" + closing * 5_000)


def test_words_of_a_query() -> None:
    assert list(words(parse_query("cat (dog OR NOT sea)"))) == ["cat", "dog", "sea"]


BODY = {
    "data": [{"id": "1", "assets": {"preview": {"url": "u", "width": 2}, "small": {"url": "s"}}}],
    "page": 1,
    "total_count": 3,
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("page", {"page": 1}),
        ("page, total_count", {"page": 1, "total_count": 3}),
        ("data(id)", {"data": [{"id": "1"}]}),
        ("data/id", {"data": [{"id": "1"}]}),
        ("data(id,assets/preview/url)", {"data": [{"id": "1", "assets": {"preview": {"url": "u"}}}]}),
        ("data/assets/*/url", {"data": [{"assets": {"preview": {"url": "u"}, "small": {"url": "s"}}}]}),
        (
            "data(assets(*(url),preview(width)))",
            {"data": [{"assets": {"preview": {"width": 2}, "small": {"url": "s"}}}]},
        ),
        ("*", BODY),
        ("data/id,data/assets/small", {"data": [{"id": "1", "assets": {"small": {"url": "s"}}}]}),
        ("data/id,data", {"data": BODY["data"]}),
        ("data,data/id", {"data": BODY["data"]}),
        ("data(id,assets),data(assets(small),nothing,id)", {"data": BODY["data"]}),
        (
            "data(assets(small)),data(assets(preview/url))",
            {"data": [{"assets": {"preview": {"url": "u"}, "small": {"url": "s"}}}]},
        ),
        ("nothing", {}),
        ("page/inner", {"page": 1}),
    ],
)
def test_fields(text: str, kept: object) -> None:
    assert select_fields(BODY, parse_fields(text)) == kept


@pytest.mark.parametrize("text", ["", "a,", ",a", "a(", "a()", "a(b", "a)b", "a(b))", "a/", "/a", "a(b)c"])
def test_malformed_fields(text: str) -> None:
    with pytest.raises(FieldsError):
        parse_fields(text)
