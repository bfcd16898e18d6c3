"""Names that are imported when first used (PEP 562), so that `import shutterstock_api` stays cheap."""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # type checkers know the name; to import `typing` would cost more than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any


def lazy_names(
    door: str, homes: Mapping[str, str], package: str | None = None, modules: Collection[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` of the module `door`.

    Args:
        door: Name of the module, which hands names on.
        homes: Names and the modules in which they live.
        package: Where these modules are; by default in `door`.
        modules: Modules that are handed on too.
    """
    package = package or door

    def getattr_(name: str) -> Any:
        if name in homes:
            value = getattr(import_module(f"{package}.{homes[name]}"), name)
        elif name in modules:
            value = import_module(f"{package}.{name}")
        else:
            raise AttributeError(f"module {door!r} has no attribute {name!r}", name=name)
        setattr(sys.modules[door], name, value)  # the next access does not come here
        return value

    def dir_() -> list[str]:
        own = (name for name in vars(sys.modules[door]) if name.startswith("__"))
        return sorted({*own, *homes, *modules})

    return getattr_, dir_
