"""Names that are imported when first used (PEP 562), so that `import shutterstock_api` stays cheap."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False  # type checkers know the name; importing `typing` would take longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any


def lazy_names(
    door: str,
    homes: Mapping[str, str],
    package: str | None = None,
    modules: Collection[str] = (),
    rest: str = "",
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` of the module `door`.

    Args:
        door: The name of the module that re-exports names.
        homes: Names and the modules that define them.
        package: The package of these modules; by default `door`.
        modules: Modules that are re-exported, too.
        rest: One of these, all of whose names are re-exported. There are many, so they are read only when one
            of them is needed, and so is the `__all__` of `door`: the names of `homes` and these.
    """
    package = package or door

    def getattr_(name: str) -> Any:
        if name in homes:
            value = getattr(import_module(f"{package}.{homes[name]}"), name)
        elif name in modules:
            value = import_module(f"{package}.{name}")
        elif name == "__all__" and rest:
            value = [*homes, *getattr_(rest).__all__]
        elif rest and name in getattr_(rest).__all__:
            value = getattr(getattr_(rest), name)
        else:
            raise AttributeError(f"module {door!r} has no attribute {name!r}", name=name)
        setattr(sys.modules[door], name, value)  # so that the next access is direct
        return value

    def dir_() -> list[str]:
        return sorted({*sys.modules[door].__all__, *modules})

    return getattr_, dir_


def stand_ins(package: str, moved: Mapping[str, str]) -> None:
    """Make modules importable, and pickles readable, under the names that they had in release 1.1.

    Args:
        package: The package in which they were.
        moved: The old names of modules, and the modules that have their contents now.
    """

    def stand_in(homes: list[str]) -> Callable[[str], Any]:
        def getattr_(name: str) -> Any:
            for home in () if name.startswith("__") else homes:  # Python asks every module for some of these
                found = import_module(f"{package}.{home}")
                if hasattr(found, name):
                    return getattr(found, name)
            raise AttributeError(name)

        return getattr_

    for old, new in moved.items():
        module = sys.modules[f"{package}.{old}"] = ModuleType(f"{package}.{old}")
        vars(module)["__getattr__"] = stand_in(new.split())
