"""What `openapi/` says, beside what the package makes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from shutterstock_api import ImagesApi, OauthApi, models

ROOT = Path(__file__).parents[2]
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
