"""Operations and models are what `openapi/` says."""

from __future__ import annotations

import importlib
import inspect
import re
from datetime import date, datetime

import pytest
from contract_facts import (
    APIS,
    CONTRACT,
    MODELS,
    OPERATIONS,
    ROOT,
    SCHEMAS,
    every_model,
    every_operation,
    parameters,
    resolved,
    section,
)

from shutterstock_api import ImagesApi, OauthApi, models
from shutterstock_api.calls.names import resolve
from shutterstock_api.sandbox.operations.table import HANDLERS
from shutterstock_api.schema.fields import fields_of

# Operations.


def test_operations_are_those_of_the_contract():
    assert OPERATIONS.keys() == CONTRACT.keys()
    assert (len(ImagesApi.operations), len(OauthApi.operations)) == (25, 2)


def test_methods_are_those_of_the_contract():
    public = {
        name
        for api in set(APIS.values())
        for name, _ in inspect.getmembers(api, inspect.isfunction)
        if not name.startswith("_")
    }
    assert public == CONTRACT.keys()


@every_operation
def test_verb_and_path(name):
    verb, path, _ = CONTRACT[name]
    operation = OPERATIONS[name]
    assert (operation.name, operation.method, operation.template) == (name, verb.upper(), path)
    assert re.findall(r"{(\w+)}", path) == list(operation.path)


@every_operation
def test_parameters_of_the_contract_the_operation_and_the_method(name):
    operation, contract = OPERATIONS[name], parameters(name)
    for place, names in (("path", operation.path), ("query", operation.query)):
        assert [parameter["name"] for parameter in contract if parameter["in"] == place] == list(names)
    required = {parameter["name"] for parameter in contract if parameter.get("required")}
    if "requestBody" in CONTRACT[name][2]:
        required.add("body")
    assert (operation.body is not None) == ("body" in required)
    assert set(operation.required) == required - set(operation.path) - {"body"}

    method = inspect.signature(getattr(APIS[name], name)).parameters
    _, *given, options = method.values()
    assert (options.name, options.kind) == ("options", options.VAR_KEYWORD)
    assert {item.name for item in given} == {
        *operation.path,
        *operation.query,
        *(["body"] if operation.body else []),
    }
    for item in given:
        if item.name in required:
            assert (item.kind, item.default) == (item.POSITIONAL_OR_KEYWORD, item.empty), item
        else:
            assert (item.kind, item.default) == (item.KEYWORD_ONLY, None), item
        assert item.annotation is not item.empty


@every_operation
def test_types_of_query_arguments(name):
    plain = {"string": str, "integer": int, "number": float, "boolean": bool}
    for parameter in parameters(name):
        kind = {**OPERATIONS[name].path, **OPERATIONS[name].query}.get(parameter["name"])
        schema = resolved(parameter["schema"])
        if schema.get("type") == "array" or kind == list[str]:
            assert kind == list[str]
        elif {kind} <= {date, datetime, date | datetime}:
            assert "date" in str(schema)
        else:
            assert kind is plain[schema.get("type", "string")], parameter["name"]


@every_operation
def test_the_docstring_names_verb_and_path_on_a_line(name):
    operation = OPERATIONS[name]
    lines = inspect.getdoc(getattr(APIS[name], name)).splitlines()
    assert f"`{operation.method} {operation.template}`" in lines
    assert lines[0].endswith(".")
    documented = {match[1] for line in lines if (match := re.match(r"    (\w+): \S", line))}
    assert documented >= {*operation.path, *operation.query, *(["body"] if operation.body else [])}


@every_operation
def test_the_reference_page_has_a_section(name):
    operation, text = OPERATIONS[name], section(name)
    for argument in (*operation.path, *operation.query, *(["body"] if operation.body else [])):
        assert f"**{argument}** | " in text
    for scope in operation.scopes:
        assert f"`{scope}`" in text
    assert "### Example\n```python\n" in text


@every_operation
def test_types_of_body_and_answer_exist(name):
    operation = OPERATIONS[name]
    for kind in (operation.body, operation.returns):
        if kind is not None:
            assert resolve(kind) is not None
            assert re.sub(r"list\[(\w+)\]", r"\1", kind) in (["str"] if operation.location else MODELS)


def test_which_operations_send_a_form_or_lead_elsewhere():
    for name, operation in OPERATIONS.items():
        _, _, contract = CONTRACT[name]
        content = resolved(contract.get("requestBody", {})).get("content", {})
        assert operation.form == ("application/x-www-form-urlencoded" in content), name
        assert operation.location == ("302" in contract["responses"]), name


def test_how_operations_may_be_sent_again():
    for name, operation in OPERATIONS.items():
        expected = "license" if name == "license_images" else "read" if operation.method == "GET" else "write"
        assert operation.sending == expected, name


def test_who_may_call():
    for name, operation in OPERATIONS.items():
        assert not (operation.scopes and operation.basic), f"{name} wants a scope, which only a token has"
        assert bool(operation.scopes or operation.basic) != operation.public, f"{name}: who can call it?"
        security = CONTRACT[name][2]["security"]
        assert operation.public == (security == []), name
        assert operation.basic == any("basic" in choice for choice in security), name
        scopes = {scope for choice in security for scope in choice.get("customer_accessCode", ())}
        assert set(operation.scopes) == scopes, name


def test_how_large_a_page_can_be():
    for name, operation in OPERATIONS.items():
        sizes = {parameter["name"]: parameter["schema"] for parameter in parameters(name)}
        paged = {"page", "per_page"} <= sizes.keys()
        assert operation.pages == (sizes["per_page"]["maximum"] if paged else None), name


def test_only_create_lightbox_may_answer_nothing():
    assert [name for name, operation in OPERATIONS.items() if operation.empty] == ["create_lightbox"]


@every_operation
def test_the_sandbox_has_a_handler(name):
    assert name in HANDLERS


def test_the_sandbox_handles_nothing_else():
    assert HANDLERS.keys() == OPERATIONS.keys()


# Models.


def test_every_schema_has_a_class_or_a_named_enum():
    public = {name for name, schema in SCHEMAS.items() if not schema.get("x-internal")}
    assert public == set(models.__all__)
    for name in public:
        assert ("enum" in SCHEMAS[name]) == (name not in MODELS)


@every_model
def test_fields_are_those_of_the_schema(name):
    schema = SCHEMAS[name]
    assert set(schema.get("properties", {})) == set(MODELS[name].attribute_map.values())
    assert set(schema.get("required", ())) >= set(MODELS[name].required_fields)
    secret = {field for field, node in schema.get("properties", {}).items() if node.get("x-secret")}
    assert secret == set(MODELS[name].secret_fields)


def test_what_repr_hides():
    assert {name: model.secret_fields for name, model in MODELS.items() if model.secret_fields} == {
        "AccessTokenRequest": ("client_secret", "code", "refresh_token"),
        "Cookie": ("value",),
        "OauthAccessTokenResponse": ("access_token", "refresh_token", "user_token"),
        "Url": ("url",),
    }


@every_model
def test_a_model_is_as_small_as_a_struct_can_be(name):
    assert not hasattr(MODELS[name](), "__dict__")
    assert not MODELS[name].__struct_config__.gc


@every_model
def test_a_model_stands_in_a_file_of_its_name(name):
    file = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    assert MODELS[name].__module__ == f"shutterstock_api.models.{file}"
    assert importlib.import_module(MODELS[name].__module__).__dict__[name] is MODELS[name]


@every_model
def test_a_model_has_a_page_with_all_fields(name):
    page = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    for field in fields_of(MODELS[name]):
        assert f"**{field}** | " in page


@pytest.mark.parametrize("name", sorted(set(models.__all__) - MODELS.keys()))
def test_a_named_enum_is_on_the_page_of_enums(name):
    assert re.search(rf"^#+ {name}$", (ROOT / "docs" / "Enums.md").read_text("utf-8"), re.MULTILINE)


def test_bodies_of_requests_state_what_they_require():
    for name, operation in OPERATIONS.items():
        if operation.body in MODELS:
            assert (
                tuple(SCHEMAS[operation.body].get("required", ())) == MODELS[operation.body].required_fields
            ), name
