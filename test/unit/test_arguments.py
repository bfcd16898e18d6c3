"""Arguments -> path, query and body: what goes out, what is refused, and how the error names it."""

from __future__ import annotations

import enum
import json
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

import pytest
from bound_arguments import bind

from shutterstock_api import ApiException, ApiTypeError, ApiValueError, ImagesApi
from shutterstock_api.calls.binding import LONGEST_SEGMENT, query_kinds
from shutterstock_api.models import (
    CollectionItem,
    CollectionItemRequest,
    Cookie,
    CustomSizeDimensions,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageVector,
    LicenseRequestMetadata,
    RedownloadImage,
    SearchImage,
    Url,
)
from shutterstock_api.schema.encoding import to_wire
from shutterstock_api.schema.operation import Operation


def bound(method, /, safe_chars="", **arguments):
    """Target and body of a call of `method`."""
    operation = ImagesApi.operations[method]
    return bind(operation, arguments, safe_chars)


def query(method="search_images", /, **arguments):
    """The query that goes out, decoded."""
    return parse_qsl(urlsplit(bound(method, **arguments)[0]).query, keep_blank_values=True)


def body(method, value):
    """The body that goes out, decoded."""
    return json.loads(bound(method, body=value)[1])


def refusal(error, call, *args, **kwargs):
    """The places and texts of what is wrong, as the error lists them."""
    with pytest.raises(ApiException) as caught:
        call(*args, **kwargs)
    assert type(caught.value) is error
    headline, *lines = str(caught.value).split("\n  - ")
    assert headline.endswith(": nothing was sent, because of")
    return dict(line.split(": ", 1) for line in lines)


class Kind(str, enum.Enum):
    PHOTO = "photo"


class Plain(enum.Enum):
    PHOTO = "photo"


class Size(enum.IntEnum):
    TEN = 10


class Number:
    """What a number of numpy is for us: no `int`, but registered as an integral."""

    def __init__(self, value):
        self.value = value

    def __int__(self):
        return int(self.value)

    def __float__(self):
        return float(self.value)


class NumpyInt(Number):
    pass


class NumpyFloat(Number):
    pass


Integral.register(NumpyInt)
Real.register(NumpyFloat)

NAN, INFINITY = float("nan"), float("inf")
UTC = timezone.utc


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
        ("query", "\ud800", ApiValueError, r"broken text, it holds half a character: '\ud800' (str)"),
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
        ("aspect_ratio", NAN, ApiValueError, "nan is no number that can be sent"),
        ("aspect_ratio", -INFINITY, ApiValueError, "-inf is no number that can be sent"),
        ("aspect_ratio", NumpyFloat(NAN), ApiValueError, "nan is no number that can be sent"),
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
    problems = refusal(
        ApiTypeError, bind, operation, arguments, problems=[("vew", TypeError("no such argument"))]
    )
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


# Path arguments.


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
        ("\ud800", ApiValueError, r"broken text, it holds half a character: '\ud800' (str)"),
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


# Required query arguments.


@pytest.mark.parametrize("value", [None, [], ()])
def test_a_required_argument_without_a_value(value):
    assert refusal(ApiTypeError, bound, "get_image_list", id=value) == {
        "id": "required; give at least one value"
    }


@pytest.mark.parametrize("value", ["1", ["1"], ("1", "2")])
def test_a_required_argument_with_a_value(value):
    assert query("get_image_list", id=value) == [("id", item) for item in value]


# Bodies.

IMAGE = {"image_id": "1", "size": "huge"}


@pytest.mark.parametrize(
    "value",
    [
        LicenseImageRequest(images=[LicenseImage(image_id="1", size="huge")]),
        LicenseImageRequest(images=(LicenseImage(image_id="1", size="huge"),)),
        LicenseImageRequest(images=[IMAGE]),
        LicenseImageRequest(images=[LicenseImageVector(image_id="1", size="huge")]),
        {"images": [IMAGE]},
        {"images": (IMAGE,)},
        {"images": [LicenseImage(image_id="1", size="huge")]},
        {"images": [{**IMAGE, "price": None, "metadata": None}]},
        {"images": [MappingProxyType(IMAGE)]},
        MappingProxyType({"images": [IMAGE]}),
    ],
)
def test_models_and_dicts_in_any_mixture(value):
    assert body("license_images", value) == {"images": [IMAGE]}


def test_a_body_does_not_change_what_was_given():
    image = {**IMAGE, "price": None}
    body("license_images", {"images": [image]})
    assert image == {**IMAGE, "price": None}


def test_a_model_may_be_filled_in_after_it_was_built():
    request = LicenseImageRequest()
    assert refusal(ApiTypeError, body, "license_images", request) == {"body.images": "required"}
    request.images = [LicenseImage()]
    assert refusal(ApiTypeError, body, "license_images", request) == {"body.images[0].image_id": "required"}
    request.images[0].image_id = "1"
    assert body("license_images", request) == {"images": [{"image_id": "1"}]}


def test_a_list_as_body():
    searches = [
        SearchImage(query="cat", license=["editorial"], added_date=date(2026, 1, 31)),
        {"query": "dog", "added_date": "2026-01-31", "aspect_ratio": 2, "image_type": (Kind.PHOTO, "new")},
    ]
    assert body("bulk_search_images", searches) == [
        {"query": "cat", "license": ["editorial"], "added_date": "2026-01-31"},
        {"query": "dog", "added_date": "2026-01-31", "aspect_ratio": 2, "image_type": ["photo", "new"]},
    ]
    assert body("bulk_search_images", tuple(searches)) == body("bulk_search_images", searches)
    target, _ = bound("bulk_search_images", body=searches, per_page=5)
    assert target == "/v2/bulk_search/images?per_page=5"


@pytest.mark.parametrize(
    "metadata",
    [
        {"job": "5", "any": {"deep": [1, 2.5, True, None, {"x": "y"}]}},
        {"customer_id": "1", "more": 1},
        {"job": 5},
        {},
        LicenseRequestMetadata(customer_id="1"),
        LicenseRequestMetadata.from_dict({"customer_id": "1", "job": {"id": 5}}),
    ],
)
def test_free_form_metadata(metadata):
    sent = body("license_images", {"images": [LicenseImage(image_id="1", metadata=metadata)]})
    given = json.loads(metadata.to_json()) if isinstance(metadata, LicenseRequestMetadata) else metadata
    assert sent["images"][0]["metadata"] == given


def test_values_of_python_in_metadata():
    metadata = {
        "day": date(2026, 1, 31),
        "moment": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "tuple": (1, 2),
        "text": Kind.PHOTO,
        "enum": Plain.PHOTO,
        "number": NumpyInt(3),
        "model": CustomSizeDimensions(width=5),
    }
    assert to_wire(metadata) == {
        "day": "2026-01-31",
        "moment": "2026-01-31T12:00:00Z",
        "tuple": [1, 2],
        "text": "photo",
        "enum": "photo",
        "number": 3,
        "model": {"width": 5},
    }
    sent = body("license_images", {"images": [{"image_id": "1", "metadata": metadata}]})
    assert sent["images"][0]["metadata"] == to_wire(metadata)


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (None, {"body": "required"}),
        ({}, {"body.images": "required"}),
        ({"images": None}, {"body.images": "required"}),
        (
            [IMAGE],
            {"body": "expected LicenseImageRequest or dict, got [{'image_id': '1', 'size': 'huge'}] (list)"},
        ),
        ("{}", {"body": "expected LicenseImageRequest or dict, got '{}' (str)"}),
        (LicenseImage(image_id="1"), {"body": "expected LicenseImageRequest, got LicenseImage"}),
        ({"images": IMAGE}, {"body.images": "expected a list, got {'image_id': '1', 'size': 'huge'} (dict)"}),
        (
            {"images": LicenseImage(image_id="1")},
            {"body.images": "expected list[LicenseImage], got LicenseImage"},
        ),
        ({"images": "1"}, {"body.images": "expected a list, got '1' (str)"}),
        ({"images": {"1"}}, {"body.images": "expected a list, got {'1'} (set)"}),
        ({"images": [IMAGE, None]}, {"body.images[1]": "None in a list"}),
        ({"images": ["1"]}, {"body.images[0]": "expected LicenseImage or dict, got '1' (str)"}),
        (
            {"images": [Url(url="u")]},
            {"body.images[0]": "expected LicenseImage or LicenseImageVector, got Url"},
        ),
        (
            {"image": [IMAGE]},
            {
                "body.image": "LicenseImageRequest has no such field; did you mean 'images'?",
                "body.images": "required",
            },
        ),
        ({"images": [IMAGE], 5: 6}, {"body.5": "LicenseImageRequest has no such field"}),
        ({"images": [{}]}, {"body.images[0].image_id": "required"}),
        ({"images": [{"image_id": 1}]}, {"body.images[0].image_id": "expected str, got 1 (int); write '1'"}),
        (
            {
                "images": [
                    {"image_id": "1", "meta": {}, "siz": "huge"},
                    {"image_id": "2", "auth_cookie": {"name": "n", "value": "v", "vale": 5}},
                ]
            },
            {
                "body.images[0].meta": "LicenseImage has no such field; did you mean 'metadata'?",
                "body.images[0].siz": "LicenseImage has no such field; did you mean 'size'?",
                "body.images[1].auth_cookie.vale": "Cookie has no such field; did you mean 'value'?",
            },
        ),
        (
            LicenseImageRequest(
                images=[
                    LicenseImage(
                        image_id=1, price="5", editorial_acknowledgement="yes", auth_cookie=Cookie(name="n")
                    )
                ]
            ),
            {
                "body.images[0].image_id": "expected str, got 1 (int); write '1'",
                "body.images[0].price": "expected a number, got '5' (str)",
                "body.images[0].editorial_acknowledgement": "expected True or False, got 'yes' (str)",
                "body.images[0].auth_cookie.value": "required",
            },
        ),
        (
            {
                "images": [
                    IMAGE,
                    IMAGE,
                    IMAGE,
                    {**IMAGE, "metadata": {"job": {1}, "sum": Decimal(5), "raw": b"x"}},
                ]
            },
            {
                "body.images[3].metadata.job": "{1} (set) has no form in JSON",
                "body.images[3].metadata.sum": "Decimal('5') (Decimal) has no form in JSON",
                "body.images[3].metadata.raw": "b'x' (bytes) has no form in JSON",
            },
        ),
        (
            {"images": [{**IMAGE, "metadata": {"jobs": [1, {"who": NAN}, 1j]}}]},
            {
                "body.images[0].metadata.jobs[1].who": "nan is no number that can be sent",
                "body.images[0].metadata.jobs[2]": "1j (complex) has no form in JSON",
            },
        ),
        (
            {"images": [{**IMAGE, "metadata": {5: 1}}]},
            {"body.images[0].metadata": "expected text as key, got 5 (int)"},
        ),
        (
            {"images": [{**IMAGE, "metadata": "x"}]},
            {"body.images[0].metadata": "expected LicenseRequestMetadata or dict, got 'x' (str)"},
        ),
        (
            {"images": [{**IMAGE, "metadata": LicenseRequestMetadata(customer_id=5)}]},
            {"body.images[0].metadata.customer_id": "expected str, got 5 (int); write '5'"},
        ),
        ({"images": [{**IMAGE, "size": 5}]}, {"body.images[0].size": "expected str, got 5 (int); write '5'"}),
    ],
)
def test_refused_bodies(value, problems):
    assert refusal(ApiTypeError, body, "license_images", value) == problems


@pytest.mark.parametrize(
    ("metadata", "place", "text"),
    [
        ({"a": NAN}, ".a", "nan is no number that can be sent"),
        ({"a": [10**400]}, ".a[0]", "too large to be sent"),
        ({"a": "\ud800"}, ".a", r"broken text, it holds half a character: '\ud800' (str)"),
        ({"\ud800": 1}, "", r"broken text, it holds half a character: '\ud800' (str)"),
    ],
)
def test_values_in_bodies_that_cannot_be_sent(metadata, place, text):
    value = {"images": [{"image_id": "1", "metadata": metadata}]}
    assert refusal(ApiValueError, body, "license_images", value) == {f"body.images[0].metadata{place}": text}


def test_an_object_in_metadata():
    value = {"images": [{"image_id": "1", "metadata": {"job": object()}}]}
    problems = refusal(ApiTypeError, body, "license_images", value)
    assert problems["body.images[0].metadata.job"].endswith("(object) has no form in JSON")


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


def test_a_body_that_holds_itself():
    metadata = {}
    metadata["self"] = metadata
    for value in (metadata, {"deep": deep(100_000)}):
        given = {"images": [{"image_id": "1", "metadata": value}]}
        assert refusal(ApiValueError, body, "license_images", given) == {"body": "nested too deeply"}


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (SearchImage(query="cat"), {"body": "expected a list, got {'query': 'cat'} (SearchImage)"}),
        ({"query": "cat"}, {"body": "expected a list, got {'query': 'cat'} (dict)"}),
        ([SearchImage(query="cat"), None], {"body[1]": "None in a list"}),
        ([[]], {"body[0]": "expected SearchImage or dict, got [] (list)"}),
        ([{"license": "editorial"}], {"body[0].license": "expected a list, got 'editorial' (str)"}),
        ([{"license": [None]}], {"body[0].license[0]": "None in a list"}),
        (
            [SearchImage(page=True, safe=0)],
            {
                "body[0].page": "expected int, got True (bool)",
                "body[0].safe": "expected True or False, got 0 (int)",
            },
        ),
        ([{"added_date": 5}], {"body[0].added_date": "expected a date, a datetime or ISO text, got 5 (int)"}),
        ([{"qery": "cat"}], {"body[0].qery": "SearchImage has no such field; did you mean 'query'?"}),
    ],
)
def test_refused_list_bodies(value, problems):
    assert refusal(ApiTypeError, body, "bulk_search_images", value) == problems


def test_values_are_left_to_the_service():
    target, sent = bound("download_image", id="1", body=RedownloadImage(size="gigantic"))
    assert (target, json.loads(sent)) == ("/v2/images/licenses/1/downloads", {"size": "gigantic"})
    images = [{"image_id": str(number)} for number in range(51)]
    assert len(body("license_images", {"images": images})["images"]) == 51
    assert body("license_images", {"images": []}) == {"images": []}


def test_path_and_body_go_together():
    target, sent = bound(
        "add_lightbox_items", id="a/b", body=CollectionItemRequest(items=[CollectionItem(id="1")])
    )
    assert (target, sent) == ("/v2/images/collections/a%2Fb/items", b'{"items":[{"id":"1"}]}')


# What no contract describes: `ApiClient.request` and `sanitize_for_serialization`.


def test_kinds_of_free_query_arguments():
    values = {
        "text": "a",
        "many": ["a", "b"],
        "none": [],
        "flag": True,
        "number": 5,
        "ratio": 1.5,
        "day": date(2026, 1, 31),
        "moments": (datetime(2026, 1, 31),),
    }
    kinds = query_kinds(values)
    assert kinds == {
        "text": str,
        "many": list[str],
        "none": list[str],
        "flag": bool,
        "number": int,
        "ratio": float,
        "day": date,
        "moments": list[datetime],
    }
    target, _ = bind(Operation("free", "GET", "/v2/free", query=kinds), values)
    assert parse_qsl(urlsplit(target).query) == [
        ("text", "a"),
        ("many", "a"),
        ("many", "b"),
        ("flag", "true"),
        ("number", "5"),
        ("ratio", "1.5"),
        ("day", "2026-01-31"),
        ("moments", "2026-01-31T00:00:00Z"),
    ]


def test_a_name_that_must_be_encoded():
    target, _ = bind(Operation("free", "GET", "/v2/free", query={"a b&": str}), {"a b&": "c"})
    assert target == "/v2/free?a%20b%26=c"


def test_to_wire_needs_no_required_fields():
    assert to_wire([LicenseImage(size="huge"), None]) == [{"size": "huge"}, None]
    assert refusal(ApiTypeError, to_wire, {"a": {1}}) == {"value.a": "{1} (set) has no form in JSON"}
