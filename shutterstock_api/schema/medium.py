"""Media, as data: `contract/` has a `Medium` for each kind of thing that can be licensed."""

# No `from __future__ import annotations`: each text in place of a type takes time with the first client.

import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shutterstock_api.schema.operation import Operation


class Medium(NamedTuple):
    """A kind of thing that can be licensed: the operations for it, and what they take and return."""

    name: str
    """The name of an item, such as `image`; the plural adds an `s`."""
    license: Operation[Any]
    """Buys licences."""
    items: str
    """Field of the request that lists what to license, one entry each."""
    item_id: str
    """The field of an entry, and of its result in the answer, with the id."""
    most: int | None
    """The most entries of a request; `None` if the contract does not say."""
    required: tuple[str, ...]
    """The fields that an entry must have besides its id."""
    job_settings: tuple[str, ...]
    """The settings that a licence job requires for each item: those that the service requires in its entry or
    beside the entries, and those whose default in the service is a bad one, such as the smallest size.
    """
    beside: tuple[str, ...]
    """Fields of the request beside the entries, which apply to all of them."""
    metadata: int
    """The most keys in the `metadata` of an entry; 0 if an entry has no `metadata`."""
    marker: bool
    """Whether the history repeats `metadata`, so that a text in it identifies a request with certainty."""
    has_license_id: bool
    """Whether a result holds the id of the licence; otherwise only the history has it."""
    sizes: tuple[str, ...]
    """Sizes that can be licensed; empty if there is no choice."""
    size: str | None
    """The size that is licensed if a request names none."""
    extension: str
    """The extension of a file whose link has none."""
    extensions: Mapping[str, str]
    """Sizes whose files have another extension, and additional files of a licence with their extensions."""
    history: Operation[Any]
    """Lists the licences of the account."""
    history_filter: str
    """The argument of `history` that selects the licences of one id."""
    history_item: str
    """The field of a history entry with the licensed item."""
    lookup: Operation[Any]
    """Returns the details of several items, whose ids are the argument `id`."""
    redownload: Operation[Any] | None
    """Returns a new link to a licensed file, free of charge; `None` if the service has no such operation."""
    redownload_sizes: tuple[str, ...]
    """The sizes that `redownload` accepts; empty if there is no choice."""


class Media(Mapping[str, Medium]):
    """Media by their names; each one is loaded when it is needed.

    Args:
        constants: The names of the media, and of their constants.
        module: The module with these constants.
    """

    def __init__(self, constants: Mapping[str, str], module: str) -> None:
        self._constants = constants
        self._module = sys.modules[module]

    def __getitem__(self, name: str) -> Medium:
        medium: Medium = getattr(self._module, self._constants[name])
        return medium

    def __iter__(self) -> Iterator[str]:
        return iter(self._constants)

    def __len__(self) -> int:
        return len(self._constants)
