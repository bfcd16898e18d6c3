"""Operations and models are what `openapi/` says."""

from __future__ import annotations

import importlib
import inspect
import re
from datetime import date, datetime

import pytest
from contract_facts import (
    ALIASES,
    CLASSES,
    CONTRACT,
    CONTRACTS,
    MODELS,
    OPERATIONS,
    ROOT,
    SCHEMAS,
    every_model,
    every_operation,
    method,
    parameters,
    resolved,
    section,
)

from shutterstock_api import ImagesApi, OauthApi, models
from shutterstock_api.calls.binding import resolve
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox.operations.table import HANDLERS
from shutterstock_api.schema.fields import fields_of


def file_of(name):
    """The module of a model: `SFXDataList` -> `sfx_data_list`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


# Operations.


def test_operations_are_those_of_the_contract():
    assert OPERATIONS.keys() == CONTRACT.keys()
    assert (len(ImagesApi.operations), len(OauthApi.operations)) == (25, 2)


@pytest.mark.parametrize("api", CLASSES, ids=lambda api: api.__name__)
def test_methods_are_those_of_the_contract(api):
    public = {
        name: made for name, made in inspect.getmembers(api, inspect.isfunction) if not name.startswith("_")
    }
    names = {
        alias: getattr(api, operation.name)
        for operation in api.operations.values()
        for alias in (operation.name, *CONTRACT[operation.label][2].get("x-aliases", ()))
    }
    assert public == names


def test_an_operation_id_is_a_method_and_its_class_where_several_have_it():
    for file, content in CONTRACTS.items():
        api = f"{file.removesuffix('.yaml').title().replace('_', '')}Api"
        for item in content.get("paths", {}).values():
            for node in item.values():
                operation = OPERATIONS[node["operationId"]]
                assert node["operationId"] in (operation.name, f"{api}.{operation.name}")
                assert operation.api == api


@every_operation
def test_verb_and_path(name):
    verb, path, _ = CONTRACT[name]
    operation = OPERATIONS[name]
    assert (operation.label, operation.method, operation.template) == (name, verb.upper(), path)
    assert re.findall(r"{(\w+)}", path) == list(operation.path)


@every_operation
def test_parameters_of_the_contract_the_operation_and_the_method(name):
    operation, contract = OPERATIONS[name], parameters(name)
    for place, names in (("path", operation.path), ("query", operation.query)):
        assert [parameter["name"] for parameter in contract if parameter["in"] == place] == list(names)
    headers = [parameter["name"] for parameter in contract if parameter["in"] == "header"]
    assert list(operation.header.items()) == [(header.replace("-", "_"), header) for header in headers]
    required = {parameter["name"] for parameter in contract if parameter.get("required")}
    if "requestBody" in CONTRACT[name][2]:
        required.add("body")
    assert (operation.body is not None) == ("body" in required)
    assert set(operation.required) == required - set(operation.path) - {"body"}

    _, *given, options = inspect.signature(method(name)).parameters.values()
    assert (options.name, options.kind) == ("options", options.VAR_KEYWORD)
    assert {item.name for item in given} == set(operation.names)
    for item in given:
        if item.name in required:
            assert (item.kind, item.default) == (item.POSITIONAL_OR_KEYWORD, item.empty), item
        else:
            assert (item.kind, item.default) == (item.KEYWORD_ONLY, None), item
        assert item.annotation is not item.empty


@every_operation
def test_types_of_query_arguments(name):
    plain = {"string": str, "integer": int, "number": float, "boolean": bool}
    for parameter in (one for one in parameters(name) if one["in"] != "header"):
        kind = {**OPERATIONS[name].path, **OPERATIONS[name].query}.get(parameter["name"])
        schema = resolved(parameter["schema"])
        if schema.get("type") == "array" or kind == list[str]:
            assert kind == list[plain[resolved(schema.get("items", {})).get("type", "string")]]
        elif {kind} <= {date, datetime, date | datetime}:
            assert "date" in str(schema)
        else:
            assert kind is plain[schema.get("type", "string")], parameter["name"]


@every_operation
def test_the_docstring_names_verb_and_path_on_a_line(name):
    operation = OPERATIONS[name]
    lines = inspect.getdoc(method(name)).splitlines()
    assert f"`{operation.method} {operation.template}`" in lines
    assert lines[0].endswith(".")
    documented = {match[1] for line in lines if (match := re.match(r"    (\w+): \S", line))}
    assert documented >= set(operation.names)


@every_operation
def test_the_reference_page_has_a_section(name):
    operation, text = OPERATIONS[name], section(name)
    for argument in operation.names:
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
        spends = CONTRACT[name][2].get("x-sending") == "license"
        expected = "license" if spends else "read" if operation.method == "GET" else "write"
        assert operation.sending == expected, name
    spending = [name for name, operation in OPERATIONS.items() if operation.sending == "license"]
    assert "license_images" in spending
    assert len(spending) >= len(MEDIA)


def test_who_may_call():
    for name, operation in OPERATIONS.items():
        assert not (operation.scopes and operation.basic), f"{name} wants a scope, which only a token has"
        assert not (operation.scopes and operation.public), f"{name} wants a scope, and anybody may call it"
        security = CONTRACT[name][2]["security"]
        assert operation.public == (security == [] or {} in security), name
        assert operation.basic == any("basic" in choice for choice in security), name
        scopes = {scope for choice in security for scope in choice.get("customer_accessCode", ())}
        assert set(operation.scopes) == scopes, name


def test_how_large_a_page_can_be():
    for name, operation in OPERATIONS.items():
        sizes = {parameter["name"]: parameter["schema"] for parameter in parameters(name)}
        assert operation.cursor == CONTRACT[name][2].get("x-cursor"), name
        paged = {"cursor" if operation.cursor else "page", "per_page"} <= sizes.keys()
        assert operation.pages == (sizes["per_page"]["maximum"] if paged else None), name
        assert max(1, operation.least) == (max(1, sizes["per_page"].get("minimum", 0)) if paged else 1), name


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
    assert public | ALIASES.keys() == set(models.__all__)
    for name in public:
        assert ("enum" in SCHEMAS[name]) == (name not in MODELS)


def test_further_names_of_models():
    told = {alias: name for name, schema in SCHEMAS.items() for alias in schema.get("x-aliases", ())}
    assert {alias: item.__name__ for alias, item in ALIASES.items()} == told
    for alias in told:
        module = importlib.import_module(f"shutterstock_api.models.{file_of(alias)}")
        assert getattr(module, alias) is ALIASES[alias]


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
        "AudioRendersFilesList": ("download_url",),
        "AudioUrl": ("url", "shorts_loops_stems"),
        "Cookie": ("value",),
        "OauthAccessTokenResponse": ("access_token", "refresh_token", "user_token"),
        "SfxUrl": ("url",),
        "Url": ("url",),
        "UserPostRequest": ("password",),
    }


@every_model
def test_a_model_is_as_small_as_a_struct_can_be(name):
    assert not hasattr(MODELS[name](), "__dict__")
    assert not MODELS[name].__struct_config__.gc


@every_model
def test_a_model_stands_in_a_file_of_its_name(name):
    assert MODELS[name].__module__ == f"shutterstock_api.models.{file_of(name)}"
    assert importlib.import_module(MODELS[name].__module__).__dict__[name] is MODELS[name]


@every_model
def test_a_model_has_a_page_with_all_fields(name):
    page = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    for field in fields_of(MODELS[name]):
        assert f"**{field}** | " in page


@pytest.mark.parametrize("name", sorted(set(models.__all__) - MODELS.keys() - ALIASES.keys()))
def test_a_named_enum_is_on_the_page_of_enums(name):
    assert re.search(rf"^#+ {name}$", (ROOT / "docs" / "Enums.md").read_text("utf-8"), re.MULTILINE)


def test_bodies_of_requests_state_what_they_require():
    for name, operation in OPERATIONS.items():
        if operation.body in MODELS:
            assert (
                tuple(SCHEMAS[operation.body].get("required", ())) == MODELS[operation.body].required_fields
            ), name
