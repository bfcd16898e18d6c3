"""What an answer that holds a list can do: it is iterated like the list, and has its length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Generic, TypeVar

from shutterstock_api.schema.fields import as_list

T = TypeVar("T")


class Items(Generic[T]):
    """Iterates over the list of an answer, and counts what is in it. It is true, also where that is empty."""

    __slots__ = ()

    list_field: ClassVar[str]
    """Name of the field that holds the list."""

    def __iter__(self) -> Iterator[T]:
        return iter(as_list(getattr(self, self.list_field)))

    def __len__(self) -> int:
        return len(as_list(getattr(self, self.list_field)))

    def __bool__(self) -> bool:
        return True
