"""What can be licensed, as data: `contract/` has one `Medium` for each kind."""

# No `from __future__ import annotations`: each text in place of a type takes time with the first client.

import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shutterstock_api.schema.operation import Operation


class Medium(NamedTuple):
    """A kind of thing that can be licensed: the operations for it, and what they take and return."""

    name: str
    """The name of one, such as `image`; the plural adds an `s`."""
    license: Operation[Any]
    """Buys licences."""
    items: str
    """Field of the request that lists what to license, one entry each."""
    item_id: str
    """Field of an entry, and of its result in the answer, that holds the id."""
    most: int | None
    """How many entries a request takes at most; `None` if the contract does not say."""
    required: tuple[str, ...]
    """What an entry must have besides its id."""
    job_settings: tuple[str, ...]
    """What a licence job must be told of each item: what the service requires in its entry or beside the
    entries, and what is not left to the service, such as a size that is the smallest by default.
    """
    beside: tuple[str, ...]
    """Fields of the request beside the entries, which hold for all of them."""
    metadata: int
    """How many keys the `metadata` of an entry takes at most; 0 where an entry has none."""
    marker: bool
    """Whether the history repeats `metadata`, so that a text in it tells for certain which request bought."""
    has_license_id: bool
    """Whether a result holds the id of the licence; otherwise only the history has it."""
    sizes: tuple[str, ...]
    """Sizes that can be licensed; empty if there is no choice."""
    size: str | None
    """The size that is licensed where a request names none."""
    extension: str
    """Extension of a file whose link names none."""
    extensions: Mapping[str, str]
    """Sizes whose files have another extension, and further files of a licence with theirs."""
    history: Operation[Any]
    """Lists the licences that the account has."""
    history_filter: str
    """Argument of `history` that selects the licences of one id."""
    history_item: str
    """Field of an entry of the history that says what was licensed."""
    lookup: Operation[Any]
    """Returns the details of several, by their ids: the argument `id`."""
    redownload: Operation[Any] | None
    """Returns a new link to a licensed file, free of charge; `None` if the service has no way to."""
    redownload_sizes: tuple[str, ...]
    """Sizes that `redownload` takes; empty if there is no choice."""


class Media(Mapping[str, Medium]):
    """Media by their names; each is loaded when it is asked for.

    Args:
        constants: The names of media, and of the constants that hold them.
        module: Where these are.
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
