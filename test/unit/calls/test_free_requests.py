"""What no contract describes: `ApiClient.request` and `sanitize_for_serialization`."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import parse_qsl, urlsplit

from bound_arguments import bind, refusal

from shutterstock_api import ApiTypeError
from shutterstock_api.calls.binding import query_kinds
from shutterstock_api.models import LicenseImage
from shutterstock_api.schema.encoding import to_wire
from shutterstock_api.schema.operation import Operation


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
    assert refusal(ApiTypeError, to_wire, {"a": {1}}) == {"value.a": "{1} (set) cannot be written as JSON"}
