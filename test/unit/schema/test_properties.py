"""What must hold for anything: strict and tolerant decoding agree, nothing is lost, nothing slips through."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from urllib.parse import parse_qsl, unquote

import msgspec
import pytest
from bound_arguments import bind
from contract_calls import OPERATIONS
from documents import (
    bounded,
    broken_texts,
    days,
    documents,
    moments,
    numbers,
    objects,
    of_models,
    same,
    texts,
    wild_documents,
    without_nulls,
)
from hypothesis import assume, given, strategies as st

from shutterstock_api import ApiException, ApiTypeError, DecodeError, ImagesApi, models
from shutterstock_api.calls.binding import resolve
from shutterstock_api.schema.decoding import convert, decode
from shutterstock_api.schema.fields import fields_of

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
    assume(fields_of(model))
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
@given(st.sampled_from(sorted(OPERATIONS)), st.data())
def test_whatever_is_given_is_sent_whole_or_refused_with_its_place(name, data):
    operation = OPERATIONS[name]
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
        assert all(
            line.endswith((": required", ": required; give at least one", ": None in a list"))
            for line in lines
        )
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
