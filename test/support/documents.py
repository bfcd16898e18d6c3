"""JSON documents of any kind, made from the fields of the models themselves."""

from __future__ import annotations

import re
import typing
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
from dateutil import parser
from hypothesis import HealthCheck, settings, strategies as st

from shutterstock_api import models
from shutterstock_api.schema.fields import LISTS, fields_of


def bounded(examples=60):
    """Settings under which the whole file runs in seconds, with the same examples each time."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=slow
    )


MODELS = [item for item in (getattr(models, name) for name in models.__all__) if isinstance(item, type)]

# JSON, and JSON as the contract wants it.

texts = st.text(st.characters(codec="utf-8"), max_size=8)
broken_texts = st.text(st.characters(), max_size=8)
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
zones = st.none() | st.just(UTC) | st.integers(-840, 840).map(lambda m: timezone(timedelta(minutes=m)))
days = st.dates()
moments = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31), timezones=zones)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts | days.map(date.isoformat),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)

LEAVES = {
    str: texts,
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    date: days,
    datetime: moments,
    typing.Any: json_values,
}


def members(kind):
    return [member for member in typing.get_args(kind) if member is not type(None)]


@st.composite
def values(draw, kind, wire, wild=False):
    """A value of a type.

    Args:
        kind: The type.
        wire: JSON rather than Python values.
        wild: Anywhere there may be something else instead, and fields that no model has.
    """
    if wild and draw(st.integers(0, 5)) == 0:
        return draw(json_values)
    origin = typing.get_origin(kind)
    if kind in LEAVES:
        value = draw(LEAVES[kind])
        return value.isoformat() if wire and isinstance(value, date) else value
    if origin in LISTS:
        return draw(st.lists(values(members(kind)[0], wire, wild), max_size=2))
    if origin is dict:
        return draw(st.dictionaries(texts, values(members(kind)[-1], wire, wild), max_size=2))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return draw(objects(kind, wire, wild))
    if origin is typing.Literal:
        return draw(st.sampled_from(members(kind)) | texts)
    # A choice. JSON does not tell which model it was: the first one stands for all.
    value = values(members(kind)[0], wire, wild)
    return draw(st.none() | value if type(None) in typing.get_args(kind) else value)


@st.composite
def objects(draw, model, wire, wild=False):
    """A model with some of its fields, or a document of it, which has their names in JSON."""
    fields = fields_of(model)
    chosen = draw(st.lists(st.sampled_from(list(fields)), max_size=4, unique=True)) if fields else []
    content = {
        fields[name].wire if wire else name: draw(values(fields[name].type, wire, wild)) for name in chosen
    }
    more = draw(st.dictionaries(texts.filter(lambda name: name not in fields), json_values, max_size=2))
    if not wire:
        result = model(**content)
        result.additional_properties.update(more)
        return result
    return {**content, **more} if wild else content


def of_models(make):
    """A model class, and what `make` makes of it."""
    return st.sampled_from(MODELS).flatmap(lambda model: st.tuples(st.just(model), make(model)))


documents = of_models(lambda model: objects(model, wire=True))
wild_documents = of_models(lambda model: objects(model, wire=True, wild=True))


def same(given, got):
    """Whether nothing of `given` is lost in `got`, whose absent fields are `None`."""
    if isinstance(given, dict) and isinstance(got, dict):
        given = {key if key in got else _python_name(key): value for key, value in given.items()}
        more = [value for key, value in got.items() if key not in given]
        return more == [None] * len(more) and all(
            key in got and same(value, got[key]) for key, value in given.items()
        )
    if isinstance(given, list) and isinstance(got, list):
        return len(given) == len(got) and all(map(same, given, got))
    if isinstance(given, str) and isinstance(got, date):
        moment = parser.parse(given)
        return got == moment if isinstance(got, datetime) else got == moment.date() and _is_midnight(moment)
    if isinstance(got, float) and not isinstance(given, bool):
        return isinstance(given, (int, float)) and float(given) == got
    return type(given) is type(got) and given == got


def _python_name(key):
    """Return what a field is called in Python: `4k` is `_4k`."""
    name = re.sub(r"\W", "_", key)
    return f"_{name}" if name[:1].isdigit() else name


def _is_midnight(moment):
    return moment.time() == datetime.min.time()


def without_nulls(value):
    """`value` without fields that are null; models leave them out, wherever they are declared."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value
