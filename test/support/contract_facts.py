"""What `openapi/` says, beside what the package makes of it. Operations go by their operationId."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import shutterstock_api
from shutterstock_api import models

ROOT = Path(__file__).parents[2]
CLASSES = [getattr(shutterstock_api, name) for name in shutterstock_api.api.__all__]
APIS = {operation.label: api for api in CLASSES for operation in api.operations.values()}
OPERATIONS = {operation.label: operation for api in CLASSES for operation in api.operations.values()}
NAMED = {name: item for name in models.__all__ if isinstance(item := getattr(models, name), type)}
MODELS = {name: item for name, item in NAMED.items() if item.__name__ == name}
ALIASES = {name: item for name, item in NAMED.items() if item.__name__ != name}
"""Further names of models."""
VERBS = {"get", "post", "put", "patch", "delete", "head"}


def _with_files(node, file):
    """The node, and in each reference of it the file that it leads to."""
    if isinstance(node, list):
        return [_with_files(item, file) for item in node]
    if not isinstance(node, dict):
        return node
    if str(node.get("$ref", "")).startswith("#"):
        return {**node, "$ref": f"{file}{node['$ref']}"}
    return {key: _with_files(value, file) for key, value in node.items()}


CONTRACTS = {
    path.name: _with_files(yaml.safe_load(path.read_text("utf-8")), path.name)
    for path in sorted((ROOT / "openapi").glob("*.yaml"))
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
    for name, schema in content.get("components", {}).get("schemas", {}).items()
}
every_operation = pytest.mark.parametrize("name", sorted(OPERATIONS))
every_model = pytest.mark.parametrize("name", sorted(MODELS))


def resolved(node):
    """What a node of the contract says, itself or by reference."""
    while "$ref" in node:
        file, _, pointer = node["$ref"].partition("#/")
        node = CONTRACTS[file]
        for step in pointer.split("/"):
            node = node[step]
    return node


def parameters(name):
    """Parameters of an operation, as the contract has them."""
    _, path, operation = CONTRACT[name]
    shared = next(
        content["paths"][path] for content in CONTRACTS.values() if path in content.get("paths", {})
    )
    return [resolved(node) for node in [*shared.get("parameters", ()), *operation.get("parameters", ())]]


def method(name):
    """The method of an operation."""
    return getattr(APIS[name], OPERATIONS[name].name)


def section(name):
    """The section of a method in the reference page."""
    page = (ROOT / "docs" / f"{APIS[name].__name__}.md").read_text("utf-8")
    shown = CONTRACT[name][2].get("x-preferred-name", OPERATIONS[name].name)
    found = re.search(rf"^# \*\*{shown}\*\*\n(.*?)(?=^# \*\*|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"{name} has no section"
    return found[1]
