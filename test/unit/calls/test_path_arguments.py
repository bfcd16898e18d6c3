"""Arguments of a path."""

from __future__ import annotations

import pytest
from bound_arguments import Kind, bind, bound, refusal

from shutterstock_api import ApiTypeError, ApiValueError
from shutterstock_api.calls.binding import LONGEST_SEGMENT
from shutterstock_api.schema.operation import Operation


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("465011609", "465011609"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("/", "%2F"),
        ("%2e%2e", "%252e%252e"),
        ("..%2f", "..%252f"),
        ("...", "..."),
        ("a..b", "a..b"),
        ("a?b#c", "a%3Fb%23c"),
        ("a;b&c=d", "a%3Bb%26c%3Dd"),
        ("a b", "a%20b"),
        ("Käse🧀", "K%C3%A4se%F0%9F%A7%80"),
        ("{id}", "%7Bid%7D"),
        ("~._-", "~._-"),
        (Kind.PHOTO, "photo"),
        ("x" * LONGEST_SEGMENT, "x" * LONGEST_SEGMENT),
    ],
)
def test_path_arguments(value, segment):
    assert bound("get_image", id=value) == (f"/v2/images/{segment}", None)
    assert bound("get_similar_images", id=value) == (f"/v2/images/{segment}/similar", None)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (None, ApiTypeError, "required"),
        (465011609, ApiTypeError, "expected str, got 465011609 (int); write '465011609'"),
        (["1"], ApiTypeError, "expected str, got ['1'] (list)"),
        ("", ApiValueError, "empty; give an id"),
        (" \t", ApiValueError, "empty; give an id"),
        ("\u3000", ApiValueError, "empty; give an id"),
        (".", ApiValueError, "not usable in a path: '.' (str)"),
        ("..", ApiValueError, "not usable in a path: '..' (str)"),
        ("a/..", ApiValueError, "not usable in a path: 'a/..' (str)"),
        ("../a", ApiValueError, "not usable in a path: '../a' (str)"),
        ("a\\..\\b", ApiValueError, r"not usable in a path: 'a\\..\\b' (str)"),
        ("a\x00", ApiValueError, r"not usable in a path: 'a\x00' (str)"),
        ("a\r\nHost: x", ApiValueError, r"not usable in a path: 'a\r\nHost: x' (str)"),
        ("\x7fa", ApiValueError, r"not usable in a path: '\x7fa' (str)"),
        ("\ud800", ApiValueError, r"broken text, with half a character in it: '\ud800' (str)"),
        ("x" * (LONGEST_SEGMENT + 1), ApiValueError, "longer than 1000 characters"),
    ],
)
def test_refused_path_arguments(value, error, text):
    assert refusal(error, bound, "get_image", id=value) == {"id": text}


def test_characters_that_stay_as_they_are():
    assert bound("get_image", safe_chars="/,", id="a/b,c") == ("/v2/images/a/b,c", None)
    assert bound("get_image", safe_chars="/,", id="a?b") == ("/v2/images/a%3Fb", None)
    refusal(ApiValueError, bound, "get_image", safe_chars="/", id="a/../b")


def test_several_path_arguments_stay_apart():
    operation = Operation("move", "POST", "/v2/{one}/to/{two}", path={"one": str, "two": str})
    assert bind(operation, {"one": "{two}", "two": "x"})[0] == "/v2/%7Btwo%7D/to/x"
