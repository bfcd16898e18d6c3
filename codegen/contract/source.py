"""The OpenAPI files as nodes with their places, and the problems found in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import yaml

Scalar: TypeAlias = str | int | float | bool | None

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True, eq=False)
class Node:
    """A value of a YAML file with its file, line and place (`paths./v2/images.get.parameters[2]`)."""

    value: Scalar | dict[str, Node] | list[Node]
    file: str
    line: int
    place: str

    def mapping(self) -> dict[str, Node]:
        if not isinstance(self.value, dict):
            raise SpecError(self, "a mapping is expected")
        return self.value

    def sequence(self) -> list[Node]:
        if not isinstance(self.value, list):
            raise SpecError(self, "a list is expected")
        return self.value

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise SpecError(self, "a text is expected")
        return self.value.strip()

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise SpecError(self, "true or false is expected")
        return self.value

    def number(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise SpecError(self, "a whole number is expected")
        return self.value

    def get(self, key: str) -> Node | None:
        return self.mapping().get(key)

    def need(self, key: str) -> Node:
        found = self.get(key)
        if found is None:
            raise SpecError(self, f"{key!r} is missing")
        return found

    def is_set(self, key: str) -> bool:
        found = self.get(key)
        return found is not None and found.flag()

    def without(self, key: str) -> Node:
        """The mapping, if `key` has been read already."""
        return replace(self, value={name: child for name, child in self.mapping().items() if name != key})

    def only(self, known: frozenset[str]) -> None:
        """Refuse keys that the generator does not read: each could change the meaning."""
        for key, child in self.mapping().items():
            if key not in known:
                raise SpecError(child, f"the generator does not know the key {key!r}")


class SpecError(Exception):
    """Something in the OpenAPI files that cannot be expressed in code."""

    def __init__(self, node: Node, message: str) -> None:
        super().__init__(message)
        self.node = node


class Problems:
    """All problems of the OpenAPI files, which are reported together."""

    def __init__(self) -> None:
        self._lines: set[tuple[str, int, str]] = set()

    def __bool__(self) -> bool:
        return bool(self._lines)

    def add(self, node: Node, message: str) -> None:
        where = f"{node.file}:{node.line}:" + (f" {node.place}:" if node.place else "")
        self._lines.add((node.file, node.line, f"{where} {message}"))

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Note a `SpecError` of the block, and go on after it."""
        try:
            yield
        except SpecError as error:
            self.add(error.node, str(error))

    def report(self) -> list[str]:
        return [text for _, _, text in sorted(self._lines)]


class Source:
    """All files of `openapi/`, and the targets of each `$ref`."""

    def __init__(self, folder: Path, problems: Problems) -> None:
        self.documents: dict[str, Node] = {}
        self.package = folder.parent / "shutterstock_api"
        for path in sorted(folder.glob("*.yaml")):
            with problems.collect():
                self.documents[path.name] = _load(path, f"{folder.name}/{path.name}", problems)
        if not self.documents:
            problems.add(Node(None, f"{folder.name}/", 1, ""), "there is no OpenAPI file")
        for document in self.documents.values():
            self._check_references(document, problems)

    def resolve(self, node: Node) -> Node:
        """The node itself, or the target of its `$ref`."""
        seen = [node]
        while isinstance(node.value, dict) and "$ref" in node.value:
            node = self._target(node.value["$ref"])
            if node in seen:
                raise SpecError(node, "the reference leads back to itself")
            seen.append(node)
        return node

    def _target(self, ref: Node) -> Node:
        file, _, pointer = ref.text().partition("#")
        found = self.documents.get(file or Path(ref.file).name)
        for step in pointer.strip("/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            found = found.value.get(key) if found and isinstance(found.value, dict) else None
        if found is None:
            raise SpecError(ref, f"nothing stands at {ref.text()!r}")
        return found

    def _check_references(self, node: Node, problems: Problems) -> None:
        if isinstance(node.value, dict):
            if "$ref" in node.value:
                with problems.collect():
                    self._target(node.value["$ref"])
            children = list(node.value.values())
        else:
            children = node.value if isinstance(node.value, list) else []
        for child in children:
            self._check_references(child, problems)


def _load(path: Path, file: str, problems: Problems) -> Node:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SpecError(Node(None, file, line, ""), f"not YAML: {error.problem}") from None
    if not isinstance(root, yaml.MappingNode):
        raise SpecError(Node(None, file, 1, ""), "an OpenAPI document is expected")
    return _node(root, file, root.start_mark.line + 1, "", problems)


def _node(node: yaml.Node, file: str, line: int, place: str, problems: Problems) -> Node:
    if isinstance(node, yaml.MappingNode):
        children: dict[str, Node] = {}
        for key, value in node.value:
            name, at = str(key.value), key.start_mark.line + 1
            child = _node(value, file, at, f"{place}.{name}" if place else name, problems)
            if name in children:
                problems.add(child, "the key stands here twice")
            children[name] = child
        return Node(children, file, line, place)
    if isinstance(node, yaml.SequenceNode):
        items = [
            _node(item, file, item.start_mark.line + 1, f"{place}[{index}]", problems)
            for index, item in enumerate(node.value)
        ]
        return Node(items, file, line, place)
    return Node(_scalar(node), file, line, place)


def _scalar(node: yaml.Node) -> Scalar:
    if node.tag == _TIMESTAMP:  # a date stays text, as in JSON
        return str(node.value)
    value: Scalar = yaml.constructor.SafeConstructor().construct_object(node)
    return value
