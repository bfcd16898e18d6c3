"""What holds for each of the operations: arguments, types, forms of calling, credentials, refusals."""

from __future__ import annotations

import ast
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
import pytest
from contract_calls import CALLS, OPERATIONS
from every_call import FIRST_CALLS, calls_where, every_call, every_operation, method, models_in

from shutterstock_api import NotFoundError, OauthApi, models
from shutterstock_api.calls.binding import resolve
from shutterstock_api.schema.fields import fields_of

# The tests themselves.


def test_each_operation_has_a_test_of_what_it_does():
    """`test_<operation>` looks at what comes back or what has changed; this file is for what all share."""
    tests = {
        node.name
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert len(OPERATIONS) == 119
    wanted = [*OPERATIONS, *OauthApi.operations]  # the loops leave OAuth to its own tests
    assert {f"test_{name.replace('.', '_').lower()}" for name in wanted} <= tests


def test_the_calls_give_each_argument():
    given = {}
    for call in CALLS.values():
        given.setdefault(call.operation.label, set()).update(call.arguments)
    for name, operation in OPERATIONS.items():
        assert given[name] == set(operation.names), name


# Arguments.


@every_call
def test_arguments_arrive(api, sandbox, call):
    method(api, call)(**call.arguments)
    (request,) = sandbox.requests
    assert (request.method, request.path) == (call.operation.method, call.path)
    assert parse_qs(request.query, strict_parsing=bool(call.wire)) == call.wire
    assert (request.json() if request.body else None) == call.body
    assert request.headers.get("Content-Type") == ("application/json" if call.body else None)
    assert request.headers["Accept"] == "application/json"
    for header, value in {"user-agent": api.api_client.user_agent, **call.headers}.items():
        assert request.headers[header] == value
    assert request.headers["Authorization"] == f"Bearer {api.api_client.configuration.access_token}"


@calls_where(lambda operation: operation.body and operation.sending != "license")  # see test_licensing.py
def test_a_body_arrives_alike_as_models_and_by_position(api, sandbox, call):
    given = msgspec.convert(call.body, resolve(call.operation.body))
    assert list(models_in(given))
    *ids, _ = call.required.values()
    method(api, call)(*ids, given)
    (request,) = sandbox.requests
    assert request.json() == call.body


LISTS = [
    pytest.param(call, name, id=f"{call.operation.name}-{name}")
    for call in FIRST_CALLS.values()
    for name, kind in call.operation.query.items()
    if kind == list[str]
]


@pytest.mark.parametrize(("call", "name"), LISTS)
def test_a_list_repeats_its_parameter(api, sandbox, call, name):
    some = {"id": ["1", "2"], "item_id": ["1", "2"], "contributor_country": ["US", "CA"]}
    some["supplier_code"] = ["AP", "EPA"]
    if call.operation.name == "fetch_renders":  # 404 where there is none of them
        some = {"id": [*call.required["id"], "another"]}
    values = some.get(name) or call.choices[name][:2] or ["100", "Ana & Söhne, 2"]
    for given in (values, tuple(values), values[0]):
        method(api, call)(**{**call.required, name: given})
    query = [parse_qs(request.query).get(name) for request in sandbox.requests]
    assert query == [values, values, values[:1]]


@pytest.mark.parametrize("id", ["a/b", "ä ö", "100%", "a?b#c"])
def test_a_path_argument_arrives_whole(api, sandbox, id):
    with pytest.raises(NotFoundError):
        api.get_lightbox(id)
    assert sandbox.requests[0].path.count("/") == 4


# What comes back.


@every_call
def test_the_answer_is_what_the_contract_promises(api, call):
    answer = method(api, call)(**call.arguments)
    assert type(answer) is call.returns
    assert all(not model.additional_properties for model in models_in(answer))


@calls_where(lambda operation: operation.returns)
def test_the_answer_decodes_strictly(api, call):
    response = method(api, call)(**call.required, _preload_content=False)
    strict = msgspec.json.decode(response.read(), type=call.returns)
    response.release_conn()
    assert strict.to_dict() == type(strict).from_json(strict.to_json()).to_dict()
    assert list(models_in(strict))


@every_operation
def test_with_http_info(api, call):
    answer = method(api, call, "_with_http_info")(**call.required)
    data, status, headers = answer
    assert isinstance(data, call.returns)
    assert (answer.data, answer.status, answer.headers) == (data, status, headers)
    assert status == call.status
    assert headers["x-sandbox-request-id"] == headers["X-Sandbox-Request-Id"]
    assert ("content-type" in headers) == (data is not None)


@every_operation
def test_in_the_background(api, sandbox, call):
    pending = method(api, call, "_with_http_info")(**call.required, async_req=True)
    data, status, _ = pending.get(timeout=10)
    assert type(data) is call.returns
    assert status == call.status
    assert len(sandbox.requests) == 1


def test_in_the_background_data_alone(api):
    assert api.get_image("1", async_req=True).get(timeout=10) == api.get_image("1")


def test_in_the_background_an_error_waits_for_get(api):
    pending = api.get_image("404", async_req=True)
    with pytest.raises(NotFoundError):
        pending.get(timeout=10)


@every_operation
def test_the_raw_response(api, call):
    response = method(api, call)(**call.required, _preload_content=False)
    body = response.read()
    response.release_conn()
    assert response.status == call.status
    assert bool(body) == (call.returns is not type(None))


@calls_where(lambda operation: "fields" in operation.query and operation.method == "GET")
def test_fields_keeps_what_it_names_and_no_more(api, call):
    whole = method(api, call)(**call.required)
    present = [field for field in fields_of(call.returns).values() if getattr(whole, field.name) is not None]
    assert present
    for field in present:
        part = method(api, call)(**call.required, fields=field.wire)
        assert type(part) is call.returns
        assert part == call.returns(**{field.name: getattr(whole, field.name)})
    nothing = method(api, call)(**call.required, fields="nonsense")
    assert nothing == call.returns()


@calls_where(
    lambda operation: (
        {"fields", "id"} <= {*operation.query, *operation.path}
        and "id" in getattr(models, operation.returns).attribute_map
    )
)
def test_fields_of_one_thing(api, call):
    part = method(api, call)(**call.required, fields="id")
    assert part == call.returns(id=call.required["id"])


@calls_where(lambda operation: operation.name in ("search_images", "get_image_list", "get_lightbox_items"))
def test_fields_reach_into_lists(api, call):
    whole = method(api, call)(**call.required)
    part = method(api, call)(**call.required, fields="data(id),nonsense(x)")
    assert part.data == [type(item)(id=item.id) for item in whole.data]
    assert part.to_json() == msgspec.json.encode({"data": [{"id": item.id} for item in whole.data]})
