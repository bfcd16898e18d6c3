"""Answers that contain a list can be iterated like the list, and have its length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Generic, TypeVar

from shutterstock_api.schema.fields import as_list

T = TypeVar("T")


class Items(Generic[T]):
    """Iterates over the list of an answer, and counts its items. The answer is true even without any."""

    __slots__ = ()

    list_field: ClassVar[str]
    """Name of the field that holds the list."""

    def __iter__(self) -> Iterator[T]:
        return iter(as_list(getattr(self, self.list_field)))

    def __len__(self) -> int:
        return len(as_list(getattr(self, self.list_field)))

    def __bool__(self) -> bool:
        return True
