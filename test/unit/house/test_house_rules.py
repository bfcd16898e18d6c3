"""Every operation has its method, page and sandbox handler; every schema its model and page; and so on."""

from __future__ import annotations

import importlib
import inspect
import re
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

import shutterstock_api
from shutterstock_api import ImagesApi, OauthApi, models
from shutterstock_api.calls.names import resolve
from shutterstock_api.sandbox.operations.table import HANDLERS
from shutterstock_api.schema.fields import fields_of

ROOT = Path(__file__).parents[3]
APIS = {name: api for api in (ImagesApi, OauthApi) for name in api.operations}
OPERATIONS = {name: api.operations[name] for name, api in APIS.items()}
MODELS = {name: item for name in models.__all__ if isinstance(item := getattr(models, name), type)}
VERBS = {"get", "post", "put", "patch", "delete", "head"}

CONTRACTS = {
    path.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "openapi").glob("*.yaml"))
}
CONTRACT = {
    operation["operationId"]: (verb, path, operation)
    for content in CONTRACTS.values()
    for path, item in content.get("paths", {}).items()
    for verb, operation in item.items()
    if verb in VERBS
}
SCHEMAS = {
    name: schema
    for content in CONTRACTS.values()
    for name, schema in content["components"]["schemas"].items()
}

every_operation = pytest.mark.parametrize("name", sorted(OPERATIONS))
every_model = pytest.mark.parametrize("name", sorted(MODELS))


def resolved(node):
    """What a node of the contract says, itself or by reference. Names are unique among the files."""
    if "$ref" not in node:
        return node
    *_, group, name = node["$ref"].split("/")
    found = [content["components"].get(group, {}).get(name) for content in CONTRACTS.values()]
    return next(item for item in found if item is not None)


def parameters(name):
    """Parameters of an operation, as the contract has them."""
    _, path, operation = CONTRACT[name]
    shared = next(
        content["paths"][path] for content in CONTRACTS.values() if path in content.get("paths", {})
    )
    return [resolved(node) for node in [*shared.get("parameters", ()), *operation.get("parameters", ())]]


def section(name):
    """The section of a method in the reference page."""
    page = (ROOT / "docs" / f"{APIS[name].__name__}.md").read_text("utf-8")
    found = re.search(rf"^# \*\*{name}\*\*\n(.*?)(?=^# \*\*|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"{name} has no section"
    return found[1]


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


# Names and sizes.


@pytest.mark.parametrize("package", [shutterstock_api, models], ids=lambda package: package.__name__)
def test_public_names_are_there(package):
    assert len(set(package.__all__)) == len(package.__all__)
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Imagee'") as caught:
        _ = package.Imagee
    assert caught.value.name == "Imagee"


@pytest.mark.parametrize("path", sorted((ROOT / "shutterstock_api").glob("*.py")), ids=lambda path: path.name)
def test_a_core_module_fits_in_a_head(path):
    assert len(path.read_text("utf-8").splitlines()) < 400


def test_the_map_for_contributors_names_every_core_module():
    modules = {path.name for path in (ROOT / "shutterstock_api").glob("*.py")}
    named = set(re.findall(r"\b\w+\.py\b", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert modules - named == {"__init__.py", "version.py"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "shutterstock_api" / "models").glob("*.py")), ids=lambda path: path.name
)
def test_generated_files_say_so(path):
    assert path.read_text("utf-8").startswith("# Generated by `python -m codegen`")
