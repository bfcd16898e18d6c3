"""Names that are imported when first used (PEP 562), so that `import shutterstock_api` stays cheap."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


def lazy_names(
    package: str, modules: Mapping[str, str], doors: Collection[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` of `package`.

    Args:
        package: Its name.
        modules: Its public names, each with the module that it lives in.
        doors: Public modules of the package itself. Others can be imported, but `dir()` does not show them.
    """

    def getattr_(name: str) -> Any:
        if name in doors:
            return import_module(f"{package}.{name}")
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)
        value = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, value)  # the next access does not come here
        return value

    def dir_() -> list[str]:
        return sorted({*vars(sys.modules[package])["__all__"], *modules, *doors})

    return getattr_, dir_
