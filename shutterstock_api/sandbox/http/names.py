"""What a misspelt name was meant to be. The sandbox knows nothing of the client, so it has its own words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar, cast

C = TypeVar("C", bound=type)


def meant(name: str, known: Iterable[str]) -> str:
    """Return a guess at what a misspelt name was meant to be, or the names that there are."""
    known = sorted(known)
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"


def keywords_explained(made: C) -> C:
    """Let the constructor of a class say what a misspelt keyword was meant to be."""
    init: Callable[..., None] = vars(made)["__init__"]
    known = inspect.signature(init).parameters.keys() - {"self"}

    @wraps(init)
    def explained_init(self: object, *args: Any, **kwargs: Any) -> None:
        for name in kwargs.keys() - known:
            raise TypeError(f"{made.__name__} has no argument {name!r}; {meant(name, known)}")
        init(self, *args, **kwargs)

    cast("Any", made).__init__ = explained_init
    return made
