"""The files of `openapi/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml


class Documents(dict[str, Any]):
    """The files by their names without `.yaml`; every reference in them names its file."""

    def __init__(self, contents: Mapping[str, Any]) -> None:
        super().__init__({name: _with_file_names(content, name) for name, content in contents.items()})

    def resolve(self, node: Any) -> Any:
        """The contents of a node, or of the one that it refers to."""
        while "$ref" in node:
            document, _, pointer = node["$ref"].partition("#/")
            node = self[document.removesuffix(".yaml")]
            for part in pointer.split("/"):
                node = node[part]
        return node

    def components(self, kind: str) -> Iterator[tuple[str, str, Any]]:
        """Yield file, title and content of every component of a kind, such as `schemas`."""
        for name, content in self.items():
            for title, component in content.get("components", {}).get(kind, {}).items():
                yield name, title, component


def load_documents() -> Documents:
    """The files that came with the package, or else those of the checkout."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    inside = files("shutterstock_api") / "openapi"
    folder = inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "openapi"
    return Documents(
        {
            file.name.removesuffix(".yaml"): yaml.load(file.read_text("utf-8"), loader)  # nosec B506 # a safe one
            for file in folder.iterdir()
            if file.name.endswith(".yaml")
        }
    )


def _with_file_names(node: Any, document: str) -> Any:
    if isinstance(node, dict):
        return {
            key: (f"{document}.yaml{value}" if value.startswith("#") else value.removeprefix("./"))
            if key == "$ref" and isinstance(value, str)
            else _with_file_names(value, document)
            for key, value in node.items()
        }
    return [_with_file_names(item, document) for item in node] if isinstance(node, list) else node
