"""Sets of image ids as bits of one Python int: bit `i` says whether image `i` is in the set."""

from __future__ import annotations

import random
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from math import gcd
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

_NOT_ZERO = re.compile(rb"[^\0]", re.DOTALL)
_BITS = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]
#: Above this share of members, going through the whole order is faster than sorting the members.
_DENSE = 32


def repeat(positions: Iterable[int], length: int, size: int) -> int:
    """The set of all numbers below `size` whose remainder by `length` is one of `positions`."""
    bits = 0
    for position in positions:
        bits |= 1 << position
    while length < size:
        bits |= bits << length
        length *= 2
    return bits & ((1 << size) - 1)


def span(start: int, stop: int) -> int:
    """The set of all numbers from `start` up to, but not including, `stop`."""
    return ((1 << stop) - 1) & ~((1 << start) - 1) if stop > start else 0


def members(bits: int) -> Iterator[int]:
    """Yield the numbers of a set in ascending order."""
    for match in _NOT_ZERO.finditer(bits.to_bytes(bits.bit_length() // 8 + 1, "little")):
        base = match.start() * 8
        for bit in _BITS[match[0][0]]:
            yield base + bit


class Pattern(Generic[T]):
    """One attribute: its values in a fixed shuffled order, which repeats along the ids."""

    def __init__(self, name: str, length: int, values: Sequence[T], size: int) -> None:
        self.values: list[T] = [values[position % len(values)] for position in range(length)]
        random.Random(f"sandbox {name}").shuffle(self.values)  # nosec B311 # the same every time
        self._length = length
        self._size = size

    def of(self, image_id: int) -> T:
        """The value that the image has."""
        return self.values[image_id % self._length]

    def where(self, accepts: Callable[[T], object]) -> int:
        """The set of images whose value is accepted."""
        positions = [position for position, value in enumerate(self.values) if accepts(value)]
        return repeat(positions, self._length, self._size) if positions else 0


class Order:
    """A fixed permutation of 1..size: `step` apart on a circle, beginning at `start`."""

    def __init__(self, size: int, step: int, start: int = 0) -> None:
        self.size = size
        while gcd(step, size) != 1:
            step += 1
        self._step = step % size or 1
        self._start = start % size
        self._inverse = pow(self._step, -1, size) if size > 1 else 0

    def __iter__(self) -> Iterator[int]:
        size, step, at = self.size, self._step, self._start
        for _ in range(size):
            yield at + 1
            at += step
            if at >= size:
                at -= size

    def rank(self, number: int) -> int:
        """How far from the beginning `number` comes."""
        return (number - 1 - self._start) * self._inverse % self.size


def in_order(bits: int, order: Order) -> Iterator[int]:
    """Yield the numbers of a set in the given order, reading only as many as are requested."""
    if bits.bit_count() * _DENSE < order.size:
        yield from sorted(members(bits), key=order.rank)
        return
    data = bits.to_bytes(order.size // 8 + 1, "little")
    for number in order:
        if data[number >> 3] >> (number & 7) & 1:
            yield number


class Results:
    """The results of a search in order, computed only as far as pages have been requested. Thread-safe."""

    def __init__(self, total: int, ids: Iterator[int]) -> None:
        self.total = total
        self._ids = ids
        self._known = array("Q")
        self._lock = Lock()

    def page(self, page: int, per_page: int) -> list[int]:
        """The ids of one page, counted from 1."""
        start = (page - 1) * per_page
        stop = min(start + per_page, self.total)
        with self._lock:
            if stop > len(self._known):
                self._known.extend(islice(self._ids, stop - len(self._known)))
            return self._known[start:stop].tolist()


class Ranking(Order):
    """An order that is a list."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(len(numbers), 1)
        self._numbers = numbers
        self._ranks = {number: rank for rank, number in enumerate(numbers)}

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def rank(self, number: int) -> int:
        """How far from the beginning `number` comes."""
        return self._ranks[number]
