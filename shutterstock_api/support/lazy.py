"""Names that are imported when first used (PEP 562), so that `import shutterstock_api` stays cheap."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False  # type checkers know the name; to import `typing` would cost more than all the rest
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
        door: Name of the module, which hands names on.
        homes: Names and the modules in which they live.
        package: Where these modules are; by default in `door`.
        modules: Modules that are handed on too.
        rest: One of them whose names are handed on as well. They are so many that they are read only when
            one is asked for, and so is `__all__` of the door: the names of `homes` and these.
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
        setattr(sys.modules[door], name, value)  # the next access does not come here
        return value

    def dir_() -> list[str]:
        return sorted({*sys.modules[door].__all__, *modules})

    return getattr_, dir_


def stand_ins(package: str, moved: Mapping[str, str]) -> None:
    """Make modules importable, and pickles readable, under the names that they had in release 1.1.

    Args:
        package: Where they were.
        moved: Names of the modules then, and of those that have their names now.
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
