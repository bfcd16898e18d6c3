"""Suggestions for misspelt names. The sandbox uses only public names of the client, so it has its own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar, cast

C = TypeVar("C", bound=type)


def meant(name: str, known: Iterable[str]) -> str:
    """Return a suggestion for a misspelt name, or all known names."""
    known = sorted(known)
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"


def keywords_explained(made: C) -> C:
    """Make the constructor of a class suggest a name for a misspelt keyword."""
    init: Callable[..., None] = vars(made)["__init__"]
    known = inspect.signature(init).parameters.keys() - {"self"}

    @wraps(init)
    def explained_init(self: object, *args: Any, **kwargs: Any) -> None:
        for name in kwargs.keys() - known:
            raise TypeError(f"{made.__name__} has no argument {name!r}; {meant(name, known)}")
        init(self, *args, **kwargs)

    cast("Any", made).__init__ = explained_init
    return made
