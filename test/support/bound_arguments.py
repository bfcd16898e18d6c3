"""Arguments by name, for tests of what goes out."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from datetime import UTC
from numbers import Integral, Real
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shutterstock_api import ApiException, ImagesApi
from shutterstock_api.calls import binding
from shutterstock_api.schema.operation import Operation


def bind(
    operation: Operation[Any], arguments: Mapping[str, Any], safe: str = "", problems: Any = None
) -> tuple[str, bytes | None]:
    """Target and body of a call; what is not named is not given."""
    assert arguments.keys() <= set(operation.names)
    values = [arguments.get(name) for name in operation.names]
    target, wire = binding.bind(operation, values, safe, problems)
    return target, binding.encoded(wire)


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


class Kind(str, enum.Enum):  # noqa: UP042 -- as users may have them
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
UTC = UTC
