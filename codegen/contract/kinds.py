"""The types of the contract, and how each is written in code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Plain:
    """A text, number, truth value or date: `str`, `date | datetime`."""

    names: tuple[str, ...]

    @property
    def is_date(self) -> bool:
        return "date" in self.names or "datetime" in self.names


@dataclass(frozen=True)
class EnumRef:
    """A named enum."""

    name: str


@dataclass(frozen=True)
class ModelRef:
    """A model; an open one is sent, can have any properties, and can be passed as a dict."""

    name: str
    open: bool = False


@dataclass(frozen=True)
class Array:
    item: Kind


@dataclass(frozen=True)
class Map:
    """An object with any keys, and values of one type."""

    item: Kind


@dataclass(frozen=True)
class FreeForm:
    """An object without declared fields."""


@dataclass(frozen=True)
class OneOf:
    """One of several models, or a model or text."""

    members: tuple[ModelRef | Plain, ...]


Kind: TypeAlias = Plain | EnumRef | ModelRef | Array | Map | FreeForm | OneOf


def field(kind: Kind) -> str:
    """As the annotation of a model field: `list[Category]`."""
    return _annotation(kind, free="JsonValue")


def _annotation(kind: Kind, home: str = "", free: str = "Any") -> str:
    """As an annotation.

    Args:
        kind: The type.
        home: The prefix of the names of models and enums, such as `models.`.
        free: The type of the values of an object without declared fields.
    """
    match kind:
        case Plain(names):
            return " | ".join(names)
        case ModelRef(name, open=True):
            return f"{home}{name} | dict[str, {free}]"
        case EnumRef(name) | ModelRef(name):
            return f"{home}{name}"
        case Array(OneOf() as item):  # takes a list of either kind, which list[A | B] does not
            return f"Sequence[{_annotation(item, home, free)}]"
        case Array(item):
            return f"list[{_annotation(item, home, free)}]"
        case Map(item):
            return f"dict[str, {_annotation(item, home, free)}]"
        case FreeForm():
            return f"dict[str, {free}]"
        case OneOf(members):
            return " | ".join(_annotation(member, home, free) for member in members)


def argument(kind: Kind, home: str = "") -> str:
    """As the annotation of a method's argument: `Sequence[str] | str`."""
    match kind:
        case Plain() if kind.is_date:
            return "date | str"  # a datetime is a date
        case Array(item):
            return f"Sequence[{argument(item, home)}] | {argument(item, home)}"
        case _:
            return _annotation(kind, home)


def runtime(kind: Kind) -> str:
    """As the expression that the operation table holds for an argument: `list[str]`."""
    match kind:
        case Plain(names):
            return " | ".join(names)
        case EnumRef():
            return "str"
        case Array(item):
            return f"list[{runtime(item)}]"
        case _:
            raise TypeError(kind)


def named(kind: Kind, home: str = "") -> str:
    """As the name by which the core finds a body or an answer: `list[SearchImage]`."""
    match kind:
        case Array(item):
            return f"list[{named(item, home)}]"
        case _:
            return _bare(kind, home)


def names(kind: Kind) -> Iterator[str]:
    """The models and enums that the type mentions."""
    match kind:
        case EnumRef(name) | ModelRef(name):
            yield name
        case Array(item) | Map(item):
            yield from names(item)
        case OneOf(members):
            for member in members:
                yield from names(member)
        case _:
            pass


def models(kind: Kind) -> Iterator[str]:
    """The models that the type mentions."""
    match kind:
        case EnumRef():
            pass
        case Array(item) | Map(item):
            yield from models(item)
        case _:
            yield from names(kind)


def element(kind: Kind) -> Kind:
    """The type of the items of a list, or the type itself."""
    return kind.item if isinstance(kind, Array) else kind


def _bare(kind: Kind, home: str) -> str:
    return f"{home}{kind.name}" if isinstance(kind, ModelRef) else _annotation(kind, home)
