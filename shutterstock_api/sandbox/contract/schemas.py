"""Schemas of the contract, prepared for the validating library."""

from __future__ import annotations

from typing import Any

_ANNOTATIONS = frozenset(("description", "example", "examples", "deprecated", "title"))


def for_validation(node: Any, *, names: bool = False) -> Any:
    """A schema without annotations, and with references to `$defs`. `names`: the keys are property names."""
    if isinstance(node, dict):
        return {
            key: _definition(value)
            if key == "$ref" and not names
            else for_validation(value, names=key == "properties" and not names)
            for key, value in node.items()
            if names or not (key in _ANNOTATIONS or key.startswith("x-"))
        }
    return [for_validation(item) for item in node] if isinstance(node, list) else node


def closed(node: Any, *, partial: bool, names: bool = False) -> Any:
    """The schema for the sandbox's answers: no undeclared fields, and all required ones unless `partial`."""
    if isinstance(node, dict):
        result = {
            key: closed(value, partial=partial, names=key == "properties" and not names)
            for key, value in node.items()
            if names or not (partial and key == "required")
        }
        if not names and "properties" in node:
            result.setdefault("additionalProperties", False)
        return result
    return [closed(item, partial=partial) for item in node] if isinstance(node, list) else node


def _definition(reference: str) -> str:
    document, _, pointer = reference.partition(".yaml#/components/schemas/")
    return f"#/$defs/{document}.{pointer}"
