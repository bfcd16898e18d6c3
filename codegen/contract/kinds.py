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
    """A model; an open one has free additional properties and may be given as a dict."""

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
    match kind:
        case Plain(names):
            return " | ".join(names)
        case ModelRef(name, open=True):
            return f"{name} | dict[str, JsonValue]"
        case EnumRef(name) | ModelRef(name):
            return name
        case Array(OneOf() as item):
            return f"Sequence[{field(item)}]"  # takes a list of either kind, which list[A | B] does not
        case Array(item):
            return f"list[{field(item)}]"
        case Map(item):
            return f"dict[str, {field(item)}]"
        case FreeForm():
            return "dict[str, JsonValue]"
        case OneOf(members):
            return " | ".join(field(member) for member in members)


def argument(kind: Kind) -> str:
    """As the annotation of a method's argument: `Sequence[str] | str`."""
    match kind:
        case Plain() if kind.is_date:
            return "date | str"  # a datetime is a date
        case Array(item):
            return f"Sequence[{argument(item)}] | {argument(item)}"
        case _:
            return field(kind)


def body(kind: Kind) -> str:
    """As the annotation of a request body: `LicenseImageRequest | Mapping[str, Any]`."""
    match kind:
        case Array(item):
            return f"Sequence[{body(item)}]"
        case _:
            return f"{_bare(kind)} | Mapping[str, Any]"


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


def named(kind: Kind) -> str:
    """As the core looks a body or an answer up by name: `list[SearchImage]`."""
    match kind:
        case Array(item):
            return f"list[{named(item)}]"
        case _:
            return _bare(kind)


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
    """What a list holds, or the type itself."""
    return kind.item if isinstance(kind, Array) else kind


def _bare(kind: Kind) -> str:
    return kind.name if isinstance(kind, ModelRef) else field(kind)
