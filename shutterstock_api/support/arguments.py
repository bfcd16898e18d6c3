"""Explains which arguments of a call do not fit the signature; Python's own errors say little about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from shutterstock_api.support.errors import ApiTypeError
from shutterstock_api.support.text import did_you_mean, first_lines

F = TypeVar("F", bound=Callable[..., Any])


def explained(
    function: F,
    name: str | None = None,
    outcome: str = "wrong arguments",
    hints: Mapping[str, str] | None = None,
) -> F:
    """Return `function`, made to raise an `ApiTypeError` that explains which arguments do not fit.

    Args:
        function: Any function or method.
        name: Its name in the error.
        outcome: The consequence, for the error.
        hints: What to write instead of arguments that people expect, by their names without underscores.
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # it comes from inside
            problems = list(_problems(function, args, kwargs, hints or {}))
            subject = name or _subject(function, args)
        finally:
            del args, kwargs  # no traceback shows them
        lines = "".join(f"\n  - {problem}" for problem in problems)
        raise ApiTypeError(f"{subject}: {outcome}{lines}")

    return cast("F", call)


def _subject(function: Any, args: Sequence[Any]) -> str:
    """Return the name of a function; for a constructor, that of the class."""
    own: str = function.__qualname__
    return type(args[0]).__name__ if own.endswith(".__init__") else own


def _problems(
    function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], hints: Mapping[str, str]
) -> Iterator[str]:
    """Yield the arguments that do not fit, and what to write instead."""
    import inspect

    parameters = inspect.signature(function).parameters
    kinds = {parameter.kind for parameter in parameters.values()}
    by_place = [name for name, item in parameters.items() if item.kind in _BY_PLACE]
    if len(args) > len(by_place) and inspect.Parameter.VAR_POSITIONAL not in kinds:
        yield _too_many(parameters, by_place, len(args))
    placed = by_place[: len(args)]
    for name, item in parameters.items():
        if name in placed and name in kwargs:
            yield f"{name}: given twice, by position and by name"
        elif item.default is item.empty and item.kind in _NAMED and name not in {*placed, *kwargs}:
            yield f"{name}: required{_text_of(function, name)}"
    if inspect.Parameter.VAR_KEYWORD not in kinds:
        for name in kwargs.keys() - parameters.keys():
            known = [name for name in parameters if name != "self"]
            hint = hints.get(name.replace("_", "")) or did_you_mean(name, known)
            hint = hint or f"; there are {', '.join(first_lines(known))}"
            yield f"{name}: no such argument{hint}"


_BY_PLACE = (0, 1)
"""Kinds of parameters in `inspect`: positional only, and positional or by name."""
_NAMED = (*_BY_PLACE, 3)
"""These, and those by name alone."""


def _too_many(parameters: Mapping[str, Any], by_place: Sequence[str], given: int) -> str:
    own = by_place[:1] == ["self"]
    takes = " and ".join(by_place[own:])
    by_name = [name for name, item in parameters.items() if item.kind == item.KEYWORD_ONLY]
    if not by_name:
        return f"it takes {takes or 'no argument'}, but {given - own} were given"
    example = "query" if "query" in by_name else by_name[0]
    some = f"only {takes} may come without a name; give the others" if takes else "give each argument"
    return f"{some} by name, such as {example}=..."


def _text_of(function: Any, name: str) -> str:
    """Return the first sentence of the docstring about an argument."""
    text = rf"^( +){name}: (.+?)(?=\n\1\w|\n *\n|\Z)"
    found = re.search(text, function.__doc__ or "", re.MULTILINE | re.DOTALL)
    return f" ({' '.join(found[2].split()).partition('. ')[0].rstrip('.')})" if found else ""
