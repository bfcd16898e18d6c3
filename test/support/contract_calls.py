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

OPERATIONS = {
    operation.label: operation
    for name in shutterstock_api.api.__all__
    for operation in getattr(shutterstock_api, name).operations.values()
    if not operation.anonymous
}
"""All that go out with credentials if there are any, by their operationId: OAuth has tests of its own."""
_FOLDER = Path(__file__).parents[2] / "openapi"
_FILES = {
    path.name: yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for path in _FOLDER.glob("*.yaml")
}
_INTERVAL_OR_DATES: list[set[str]] = [{"interval"}, {"start_date", "end_date"}]
_EXCLUDING = dict.fromkeys(("get_updated_images", "get_updated_videos"), _INTERVAL_OR_DATES)
"""Arguments that the contract does not allow together."""


class Call(NamedTuple):
    """A call of an operation with everything that it takes."""

    operation: Operation[Any]
    path: str
    status: int
    """What the contract promises on success."""
    required: dict[str, Any]
    """Arguments that go by position, in their order."""
    optional: dict[str, Any]
    wire: dict[str, list[str]]
    """The query as it must arrive."""
    headers: dict[str, str]
    """Headers that arguments stand for."""
    body: Any
    """The body as it must arrive."""
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


def _call(operation: Operation[Any], path: str, node: Any, file: str, left_out: set[str]) -> Call:
    found = [_resolved(parameter, file) for parameter in node.get("parameters", ())]
    names = {header: name for name, header in operation.header.items()}
    parameters = {
        names.get(parameter["name"], parameter["name"]): (parameter, home) for parameter, home in found
    }
    parameters = {name: found for name, found in parameters.items() if name not in left_out}
    examples = {name: parameter["example"] for name, (parameter, _) in parameters.items()}
    if "share_code" in examples:
        examples["share_code"] = f"share-{examples['id']}"
    kinds = {**operation.path, **operation.query}
    values = {name: _python(kinds.get(name, str), example) for name, example in examples.items()}
    required = {name: values.pop(name) for name in (*operation.path, *operation.required)}
    content = node.get("requestBody", {}).get("content", {}).get("application/json", {})
    if content:
        required["body"] = content["example"]
    return Call(
        operation,
        path.format(**{name: quote(str(examples[name]), safe="") for name in operation.path}),
        int(next(status for status in node["responses"] if status.startswith("2"))),
        required,
        values,
        {name: _texts(example) for name, example in examples.items() if name in operation.query},
        {header: examples[name] for name, header in operation.header.items() if name in examples},
        content.get("example"),
        {name: _choices(parameter["schema"], home) for name, (parameter, home) in parameters.items()},
    )


def _calls() -> dict[str, Call]:
    found = {}
    nodes = [
        (file, path, node)
        for file, content in sorted(_FILES.items())
        for path, item in content.get("paths", {}).items()
        for node in item.values()
        if node["operationId"] in OPERATIONS
    ]
    for file, path, node in nodes:
        name = node["operationId"]
        for number, left_out in enumerate(_EXCLUDING.get(name, [set()])):
            call = _call(OPERATIONS[name], path, node, file, left_out)
            found[f"{name}-{number + 1}" if number else name] = call
    return found


CALLS = _calls()
"""Calls by the id of their operation; a second call of an operation has a `-2` behind it."""
