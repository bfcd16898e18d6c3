"""What the contract says about each operation: its examples are the arguments that the tests send."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import yaml

import shutterstock_api
from shutterstock_api import models
from shutterstock_api.schema.operation import Operation

_FOLDER = Path(__file__).parents[2] / "openapi"
_FILES = {
    path.name: yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for path in _FOLDER.glob("*.yaml")
}
APIS = {
    name: getattr(shutterstock_api, f"{name.title().replace('_', '')}Api")
    for name in sorted(path.removesuffix(".yaml") for path, content in _FILES.items() if "paths" in content)
    if name != "oauth"  # whose calls carry the application's own key: see test_oauth.py
}
"""The classes by the names of their files."""
_INTERVAL_OR_DATES: list[set[str]] = [{"interval"}, {"start_date", "end_date"}]
_EXCLUDING = dict.fromkeys(("get_updated_images", "get_updated_videos"), _INTERVAL_OR_DATES)
"""Arguments that the contract does not allow together."""


class Call(NamedTuple):
    """A call of an operation with everything that it takes."""

    api: Any
    """The class that has it."""
    operation: Operation[Any]
    path: str
    status: int
    """What the contract promises on success."""
    required: dict[str, Any]
    """Arguments that go by position, in their order."""
    optional: dict[str, Any]
    wire: dict[str, list[str]]
    """The query as it must arrive."""
    body: Any
    """The body as it must arrive."""
    headers: dict[str, str]
    """Headers that are arguments, as they must arrive."""
    choices: dict[str, list[str]]
    """Values that enumerated arguments may have."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {**self.required, **self.optional}

    @property
    def returns(self) -> Any:
        """Class of what comes back."""
        return getattr(models, self.operation.returns) if self.operation.returns else type(None)


def _resolved(node: Any, file: str) -> tuple[Any, str]:
    while "$ref" in node:
        target, _, pointer = node["$ref"].partition("#/")
        file = target.removeprefix("./") or file
        node = _FILES[file]
        for part in pointer.split("/"):
            node = node[part]
    return node, file


def _python(kind: Any, example: Any) -> Any:
    """Return an example as the type that fits its argument best."""
    if kind is datetime:
        return datetime.fromisoformat(example)
    if kind in (date, date | datetime):
        return date.fromisoformat(example)
    return example


def _texts(example: Any) -> list[str]:
    values = example if isinstance(example, list) else [example]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def _choices(schema: Any, file: str) -> list[str]:
    schema, file = _resolved(schema, file)
    return _choices(schema["items"], file) if "items" in schema else schema.get("enum", [])


def _call(file: str, path: str, node: Any, left_out: set[str]) -> Call:
    api = APIS[file]
    operation = api.operations[node["operationId"].rpartition(".")[2]]
    parameters = [_resolved(parameter, f"{file}.yaml") for parameter in node.get("parameters", ())]
    parameters = [(parameter, file) for parameter, file in parameters if parameter["name"] not in left_out]
    headers = {wire: name for name, wire in operation.header.items()}
    examples = {parameter["name"]: parameter["example"] for parameter, _ in parameters}
    if "share_code" in examples:
        examples["share_code"] = f"share-{examples['id']}"
    sent_as_headers = {headers[name]: examples.pop(name) for name in headers if name in examples}
    kinds = {**operation.path, **operation.query}
    values = {name: _python(kinds[name], example) for name, example in examples.items()}
    required = {name: values.pop(name) for name in (*operation.path, *operation.required)}
    content = node.get("requestBody", {}).get("content", {}).get("application/json", {})
    if content:
        required["body"] = content["example"]
    return Call(
        api,
        operation,
        path.format(**{name: quote(str(examples[name]), safe="") for name in operation.path}),
        int(next(status for status in node["responses"] if status.startswith("2"))),
        required,
        {**values, **sent_as_headers},
        {name: _texts(example) for name, example in examples.items() if name not in operation.path},
        content.get("example"),
        {operation.header[name]: value for name, value in sent_as_headers.items()},
        {parameter["name"]: _choices(parameter["schema"], file) for parameter, file in parameters},
    )


def _calls() -> dict[str, Call]:
    found = {}
    for file in APIS:
        for path, item in _FILES[f"{file}.yaml"]["paths"].items():
            for node in item.values():
                name = node["operationId"]
                for number, left_out in enumerate(_EXCLUDING.get(name, [set()])):
                    found[f"{name}-{number + 1}" if number else name] = _call(file, path, node, left_out)
    return found


CALLS = _calls()
"""Calls by the id of their operation; a second call of an operation has a `-2` behind it."""
OPERATIONS = {name: call.operation for name, call in CALLS.items() if not name.endswith("-2")}
"""Operations by their ids."""
