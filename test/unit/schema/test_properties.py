"""What must hold for anything: strict and tolerant decoding agree, nothing is lost, nothing slips through.

Documents are made from the fields of the models themselves.
"""

from __future__ import annotations

import copy
import json
import pickle
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qsl, unquote

import msgspec
import pytest
from bound_arguments import bind
from dateutil import parser
from hypothesis import HealthCheck, given, settings, strategies as st

from shutterstock_api import ApiException, ApiTypeError, DecodeError, ImagesApi, models
from shutterstock_api.calls.names import resolve
from shutterstock_api.schema.decoding import convert, decode
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
        return draw(st.dictionaries(texts, json_values, max_size=2))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return draw(objects(kind, wire, wild))
    if origin is typing.Literal:
        return draw(st.sampled_from(members(kind)) | texts)
    # A choice. JSON does not tell which model it was: the first one stands for all.
    value = values(members(kind)[0], wire, wild)
    return draw(st.none() | value if type(None) in typing.get_args(kind) else value)


@st.composite
def objects(draw, model, wire, wild=False):
    """A model, or a document of it, with some of its fields."""
    fields = fields_of(model)
    chosen = draw(st.lists(st.sampled_from(list(fields)), max_size=4, unique=True))
    content = {name: draw(values(fields[name].type, wire, wild)) for name in chosen}
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


def _is_midnight(moment):
    return moment.time() == datetime.min.time()


def without_nulls(value):
    """`value` without fields that are null; models leave them out, wherever they are declared."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


# Strict and tolerant decoding.


@bounded()
@given(documents)
def test_both_roads_lead_to_the_same_model(case):
    model, document = case
    data = json.dumps(document).encode()
    tolerant = convert(document, model)
    assert tolerant == decode(data, model)
    try:
        strict = msgspec.json.decode(data, type=model)
    except TypeError:  # holds a choice between models, which msgspec cannot make
        return
    assert strict == tolerant
    assert strict.to_dict() == tolerant.to_dict()
    assert tolerant.additional_properties == {}


@bounded()
@given(documents, st.data())
def test_a_value_out_of_place_changes_nothing_around_it(case, data):
    model, document = case
    broken = data.draw(st.sampled_from(sorted(fields_of(model))))
    expected = convert({**document, broken: None}, model)
    got = convert({**document, broken: {"not": ["what", "was", "expected"]}, "\0": 1}, model)
    assert got.additional_properties == {"\0": 1}
    for name in fields_of(model).keys() - {broken}:
        assert getattr(got, name) == getattr(expected, name)


@bounded(150)
@given(wild_documents)
def test_nothing_that_the_service_sends_is_lost_or_fatal(case):
    model, document = case
    if not isinstance(document, dict):
        return
    result = decode(json.dumps(document).encode(), model)
    assert type(result) is model
    assert same(document, result.to_dict())
    sent = json.loads(result.to_json())
    assert document.keys() - sent.keys() == {
        name for name in fields_of(model) if document.get(name, 0) is None
    }
    assert same(without_nulls(document), without_nulls(model.from_dict(sent).to_dict()))
    assert model.from_dict(result.to_dict()) == result
    assert result.to_str() == repr(result)


@bounded()
@given(of_models(lambda model: objects(model, wire=False)))
def test_models_go_there_and_back(case):
    model, value = case
    assert model.from_json(value.to_json()) == value
    assert model.from_dict(value.to_dict()) == value
    for clone in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert type(clone) is model
        assert clone == value
        assert clone.to_dict() == value.to_dict()


garbage = (
    st.binary(max_size=40)
    | broken_texts.map(lambda text: text.encode("utf-16", "surrogatepass"))
    | st.builds(
        lambda case, at, more: (
            (data := json.dumps(case[1]).encode())[: (cut := at % len(data))] + more + data[cut:]
        ),
        wild_documents,
        st.integers(0, 200),
        st.binary(min_size=1, max_size=3),
    )
)


@bounded(120)
@given(garbage, st.sampled_from([models.Image, models.LicenseImageRequest, "list[Image]", "dict(str, Url)"]))
def test_any_bytes_are_a_model_or_a_decode_error(data, kind):
    try:
        result = decode(data, resolve(kind))
    except DecodeError as error:
        result = error
    if isinstance(result, DecodeError):
        assert (result.status, result.body) == (None, data.decode("utf-8", "replace"))
    else:
        assert isinstance(result, (models.Image, models.LicenseImageRequest, list, dict))


# Arguments.

nasty_texts = broken_texts | st.text(st.sampled_from("./\\%25eE0\0\r\n ?#&=+;:@{}é\u2028\ud800"), max_size=8)


def segments(target):
    path, _, query = target.partition("?")
    return path.split("/"), query


@bounded(300)
@given(nasty_texts)
def test_a_path_argument_is_refused_or_arrives_as_it_is(text):
    try:
        target, _ = bind(ImagesApi.operations["get_similar_images"], {"id": text})
    except ApiException:
        return
    parts, query = segments(target)
    assert parts[:3] == ["", "v2", "images"]
    assert (len(parts), parts[4], query) == (5, "similar", "")
    assert unquote(parts[3]) == text
    assert target.isascii()
    assert target.isprintable()
    assert parts[3] not in (".", "..")
    assert not {"#", " ", "\\"} & set(target)


@bounded(200)
@given(nasty_texts, st.lists(nasty_texts, max_size=3))
def test_a_query_argument_is_refused_or_arrives_as_it_is(text, many):
    operation = ImagesApi.operations["search_images"]
    try:
        target, _ = bind(operation, {"query": text, "contributor": many})
    except ApiException:
        assert any("\ud800" <= character <= "\udfff" for item in (text, *many) for character in item)
        return
    parts, query = segments(target)
    assert parts == ["", "v2", "images", "search"]
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=True) == [
        ("query", text),
        *(("contributor", item) for item in many),
    ]
    assert target.isascii()
    assert target.isprintable()


anything = st.recursive(
    st.none()
    | st.booleans()
    | numbers
    | broken_texts
    | days
    | moments
    | st.binary(max_size=2)
    | st.floats()
    | st.just(1j),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.tuples(inner)
        | st.sets(texts, max_size=2)
        | st.dictionaries(broken_texts | st.integers(), inner, max_size=2)
    ),
    max_leaves=4,
)


@bounded(200)
@given(st.sampled_from(sorted(ImagesApi.operations)), st.data())
def test_whatever_is_given_is_sent_whole_or_refused_with_its_place(name, data):
    operation = ImagesApi.operations[name]
    names = operation.names
    arguments = dict.fromkeys(operation.path, "1")
    for chosen in data.draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) if names else ():
        arguments[chosen] = data.draw(anything)
    try:
        target, body = bind(operation, arguments)
    except ApiException as error:
        places = [line.split(": ")[0] for line in str(error).split("\n  - ")[1:]]
        assert places
        assert all(any(place.startswith(known) for known in names) for place in places)
    else:
        assert target.isascii()
        assert target.isprintable()
        assert (body is None) == (operation.body is None)


@bounded()
@given(
    st.sampled_from(["LicenseImageRequest", "CollectionUpdateRequest", "SearchEntitiesRequest"]), st.data()
)
def test_a_body_is_refused_for_what_is_missing_or_arrives_as_it_is(name, data):
    model = getattr(models, name)
    value = data.draw(objects(model, wire=False))
    operation = next(item for item in ImagesApi.operations.values() if item.body == name)
    try:
        _, body = bind(operation, {**dict.fromkeys(operation.path, "1"), "body": value})
    except ApiTypeError as error:
        lines = str(error).split("\n  - ")[1:]
        assert lines
        assert all(line.endswith((": required", ": None in a list")) for line in lines)
    else:
        assert model.from_json(body) == value


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ({"a": 1}, {}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": [1, 2]}, {"a": [1]}),
        ("2026-01-31", date(2026, 1, 30)),
        ("2026-01-31 12:00", date(2026, 1, 31)),
        (True, 1),
        (True, 1.0),
        ("1", 1),
    ],
)
def test_the_comparison_sees_what_is_lost(given, got):
    assert not same(given, got)
