"""Arguments by name, for tests of what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shutterstock_api.calls import binding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.schema.operation import Operation


def bind(
    operation: Operation[Any], arguments: Mapping[str, Any], safe: str = "", problems: Any = ()
) -> tuple[str, bytes | None]:
    """Target and body of a call; what is not named is not given."""
    assert arguments.keys() <= set(operation.names)
    return binding.bind(operation, [arguments.get(name) for name in operation.names], safe, problems)
