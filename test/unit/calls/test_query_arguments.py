"""Arguments of a query: what may be given, and what is sent."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from bound_arguments import (
    INFINITY,
    NAN,
    UTC,
    Kind,
    NumpyFloat,
    NumpyInt,
    Plain,
    Size,
    bind,
    bound,
    query,
    refusal,
)

from shutterstock_api import ApiTypeError, ApiValueError, ImagesApi
from shutterstock_api.schema.values import ArgumentProblems

# Query arguments, one by one.


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("query", "cat", "cat"),
        ("query", "", ""),
        ("query", "cats & dogs = 100% + ä/#?", "cats & dogs = 100% + ä/#?"),
        ("query", "\x00\r\nHost: x", "\x00\r\nHost: x"),
        ("query", "🧀", "🧀"),
        ("query", Kind.PHOTO, "photo"),
        ("sort", "a value that the service may add", "a value that the service may add"),
        ("page", 2, "2"),
        ("page", 0, "0"),
        ("page", -1, "-1"),
        ("page", 10**30, str(10**30)),
        ("page", Size.TEN, "10"),
        ("page", NumpyInt(3), "3"),
        ("safe", True, "true"),
        ("safe", False, "false"),
        ("aspect_ratio", 1.5, "1.5"),
        ("aspect_ratio", 2, "2"),
        ("aspect_ratio", 1e-7, "1e-07"),
        ("aspect_ratio", 1e20, "1e+20"),
        ("aspect_ratio", NumpyFloat(1.5), "1.5"),
        ("aspect_ratio", NumpyInt(2), "2"),
        ("aspect_ratio", Fraction(3, 2), "1.5"),
        ("added_date", date(2026, 1, 31), "2026-01-31"),
        ("added_date", datetime(2026, 1, 31, 23, tzinfo=UTC), "2026-01-31"),
        ("added_date", "2026-01-31", "2026-01-31"),
    ],
)
def test_what_goes_out(name, value, sent):
    assert query(**{name: value}) == [(name, sent)]


@pytest.mark.parametrize(
    ("name", "value", "error", "text"),
    [
        ("query", 5, ApiTypeError, "expected str, got 5 (int); write '5'"),
        ("query", True, ApiTypeError, "expected str, got True (bool)"),
        ("query", b"cat", ApiTypeError, "expected str, got b'cat' (bytes)"),
        ("query", ["cat"], ApiTypeError, "expected str, got ['cat'] (list)"),
        ("query", Plain.PHOTO, ApiTypeError, "expected str, got <Plain.PHOTO: 'photo'> (Plain)"),
        ("query", "\ud800", ApiValueError, r"broken text, with half a character in it: '\ud800' (str)"),
        ("page", "2", ApiTypeError, "expected int, got '2' (str)"),
        ("page", 2.0, ApiTypeError, "expected int, got 2.0 (float)"),
        ("page", True, ApiTypeError, "expected int, got True (bool)"),
        ("page", NAN, ApiTypeError, "expected int, got nan (float)"),
        ("page", [1], ApiTypeError, "expected int, got [1] (list)"),
        ("page", 10**400, ApiValueError, "too large to be sent"),
        ("safe", 1, ApiTypeError, "expected True or False, got 1 (int)"),
        ("safe", "true", ApiTypeError, "expected True or False, got 'true' (str)"),
        ("aspect_ratio", "1.5", ApiTypeError, "expected a number, got '1.5' (str)"),
        ("aspect_ratio", True, ApiTypeError, "expected a number, got True (bool)"),
        ("aspect_ratio", 1j, ApiTypeError, "expected a number, got 1j (complex)"),
        ("aspect_ratio", Decimal("1.5"), ApiTypeError, "expected a number, got Decimal('1.5') (Decimal)"),
        ("aspect_ratio", NAN, ApiValueError, "nan is a number that cannot be sent"),
        ("aspect_ratio", -INFINITY, ApiValueError, "-inf is a number that cannot be sent"),
        ("aspect_ratio", NumpyFloat(NAN), ApiValueError, "nan is a number that cannot be sent"),
        ("aspect_ratio", 10**400, ApiValueError, "too large to be sent"),
        ("added_date", 20260131, ApiTypeError, "expected a date, a datetime or ISO text, got 20260131 (int)"),
        (
            "added_date",
            "31/01/2026",
            ApiValueError,
            "expected ISO text such as '2026-01-31', got '31/01/2026' (str)",
        ),
        (
            "added_date",
            "2026-02-30",
            ApiValueError,
            "expected ISO text such as '2026-01-31', got '2026-02-30' (str)",
        ),
        ("added_date", "", ApiValueError, "expected ISO text such as '2026-01-31', got '' (str)"),
        (
            "added_date",
            "\ud800",
            ApiValueError,
            r"expected ISO text such as '2026-01-31', got '\ud800' (str)",
        ),
        ("added_date", [date(2026, 1, 31)], ApiTypeError, None),
    ],
)
def test_what_is_refused(name, value, error, text):
    problems = refusal(error, query, **{name: value})
    assert list(problems) == [name]
    assert text is None or problems[name] == text


def test_numbers_of_numpy():
    numpy = pytest.importorskip("numpy")
    sent = query(page=numpy.int64(3), aspect_ratio=numpy.float32(1.5), query=numpy.str_("cat"))
    assert sent == [("query", "cat"), ("page", "3"), ("aspect_ratio", "1.5")]
    problems = refusal(ApiTypeError, query, "get_image_list", id=numpy.array(["1", "2"]))
    assert problems["id"].startswith("expected a list, a tuple or a single value, got array")


HISTORY = "2026-01-31T12:00:00Z"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (datetime(2026, 1, 31, 12, tzinfo=UTC), HISTORY),
        (datetime(2026, 1, 31, 12), HISTORY),  # the service counts in UTC
        (datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T12:00:00+02:00"),
        (datetime(2026, 1, 31, 12, 0, 0, 5, UTC), "2026-01-31T12:00:00.000005Z"),
        (date(2026, 1, 31), "2026-01-31T00:00:00Z"),
        (HISTORY, HISTORY),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T12:00:00+02:00"),
    ],
)
def test_moments(value, sent):
    assert query("get_image_license_list", start_date=value) == [("start_date", sent)]


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (datetime(2026, 1, 31, 12), HISTORY),
        (date(2026, 1, 31), "2026-01-31"),
        ("2026-01-31", "2026-01-31"),
        (HISTORY, HISTORY),
    ],
)
def test_dates_or_moments(value, sent):
    assert query("get_updated_images", start_date=value) == [("start_date", sent)]


@pytest.mark.parametrize("method", ["get_image_license_list", "get_updated_images"])
@pytest.mark.parametrize(
    ("value", "error"), [("soon", ApiValueError), (5, ApiTypeError), ("2026-01-31T25:00:00Z", ApiValueError)]
)
def test_broken_moments(method, value, error):
    problems = refusal(error, query, method, start_date=value)
    assert re.match(
        "expected (ISO text such as '2026-01-31T12:00:00Z'|a date, a datetime)", problems["start_date"]
    )


# Array arguments.


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (["photo", "vector"], ["photo", "vector"]),
        (("photo", "vector"), ["photo", "vector"]),
        (["photo", "photo"], ["photo", "photo"]),
        ("photo", ["photo"]),
        ("", [""]),
        (Kind.PHOTO, ["photo"]),
        ([Kind.PHOTO, "a type that the service may add"], ["photo", "a type that the service may add"]),
        ([], []),
        (None, []),
    ],
)
def test_arrays(value, sent):
    assert query(image_type=value) == [("image_type", item) for item in sent]


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (["photo", None], {"image_type[1]": "expected str, got None (NoneType)"}),
        ([None, None], {f"image_type[{index}]": "expected str, got None (NoneType)" for index in (0, 1)}),
        (
            (1, True),
            {
                "image_type[0]": "expected str, got 1 (int); write '1'",
                "image_type[1]": "expected str, got True (bool)",
            },
        ),
        ([["photo"]], {"image_type[0]": "expected str, got ['photo'] (list)"}),
        (5, {"image_type": "expected str, got 5 (int); write '5'"}),
        ({"photo"}, {"image_type": "expected a list, a tuple or a single value, got {'photo'} (set)"}),
        ({"photo": 1}, {"image_type": "expected a list, a tuple or a single value, got {'photo': 1} (dict)"}),
    ],
)
def test_refused_arrays(value, problems):
    assert refusal(ApiTypeError, query, image_type=value) == problems


def test_a_generator_is_refused_unread():
    generator = (name for name in ["photo"])
    problems = refusal(ApiTypeError, query, image_type=generator)
    assert problems["image_type"].startswith("expected a list, a tuple or a single value, got <generator")
    assert next(generator) == "photo"


# All together.


def test_all_problems_are_reported_together():
    with pytest.raises(ApiTypeError) as caught:
        bound(
            "download_image",
            id="..",
            body={"sise": "huge", "auth_cookie": {"name": 1}},
        )
    assert str(caught.value) == (
        "download_image: nothing was sent, because of\n"
        "  - id: not usable in a path: '..' (str)\n"
        "  - body.sise: RedownloadImage has no such field; did you mean 'size'?\n"
        "  - body.auth_cookie.name: expected str, got 1 (int); write '1'\n"
        "  - body.auth_cookie.value: required"
    )
    problems = refusal(ApiTypeError, query, page="2", query=5, library=[None], safe=True)
    assert problems.keys() == {"page", "query", "library[0]"}


def test_problems_that_were_known_before_are_reported_along():
    operation = ImagesApi.operations["get_image"]
    arguments = {"id": "", "language": None, "view": None, "search_id": None, "fields": None}
    known = ArgumentProblems([("vew", TypeError("no such argument"))])
    problems = refusal(ApiTypeError, bind, operation, arguments, problems=known)
    assert problems == {"vew": "no such argument", "id": "empty; give an id"}


def test_an_error_of_type_wins_over_one_of_value():
    assert refusal(ApiValueError, query, aspect_ratio=NAN).keys() == {"aspect_ratio"}
    assert refusal(ApiTypeError, query, aspect_ratio=NAN, page="1").keys() == {"aspect_ratio", "page"}


def test_refusals_are_the_errors_of_python_too():
    with pytest.raises(TypeError):
        query(page="1")
    with pytest.raises(ValueError, match="NaN|nan"):
        query(aspect_ratio=NAN)


def test_a_long_value_is_shortened_in_the_message():
    assert len(refusal(ApiTypeError, query, page="x" * 10_000)["page"]) < 150


def test_what_is_not_given_is_not_sent():
    assert bound("search_images") == ("/v2/images/search", None)


# Required query arguments.


@pytest.mark.parametrize("value", [None, [], ()])
def test_a_required_argument_without_a_value(value):
    assert refusal(ApiTypeError, bound, "get_image_list", id=value) == {
        "id": "required; give at least one value"
    }


@pytest.mark.parametrize("value", ["1", ["1"], ("1", "2")])
def test_a_required_argument_with_a_value(value):
    assert query("get_image_list", id=value) == [("id", item) for item in value]
