"""Turns the arguments of `add` into entries of licence requests, and checks them."""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from shutterstock_api.calls.binding import bind, resolve
from shutterstock_api.licensing.item_ids import checked_id, spelled
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.schema import encoding
from shutterstock_api.schema.fields import fields_of
from shutterstock_api.schema.values import ArgumentProblems, number_hint, shown
from shutterstock_api.support.errors import ApiTypeError

if TYPE_CHECKING:
    from shutterstock_api.calls.client import Client
    from shutterstock_api.schema.medium import Medium


class Wishes:
    """Creates the entries of licence requests.

    Args:
        client: The client with the settings.
        medium: The medium of the job.
        defaults: Settings for entries that do not have their own.
        metadata: Details for each entry, in addition to its own.
        marker: The key of the job's marker; `None` for no marker.

    Raises:
        ApiValueError: The defaults cannot be sent.
    """

    def __init__(
        self,
        client: Client,
        medium: Medium,
        defaults: Mapping[str, Any],
        metadata: Any,
        marker: str | None,
    ) -> None:
        self._medium = medium
        self._defaults = defaults
        self._metadata = metadata
        self._marker = marker
        self._configuration = client.configuration
        told_by_items = dict.fromkeys((medium.item_id, *medium.job_settings), "0")
        self._checked([{**told_by_items, **self._defaults, **self._details({})}])

    def entries(self, wishes: Any) -> list[tuple[str, dict[str, Any]]]:
        """Return the ids of the items to license, and their entries.

        Raises:
            ApiTypeError: A wish is not something that can be licensed.
            ApiValueError: One of them cannot be sent.
        """
        single = isinstance(wishes, (str, Mapping))
        if not single and not isinstance(wishes, (Iterable, ApiModel)):
            name = self._medium.items
            raise ApiTypeError(
                f"{name}: expected ids or {name} to license, got {shown(wishes)}{number_hint(wishes)}"
            )
        several = [wishes] if single or not isinstance(wishes, Iterable) else wishes
        entries = [self._entry(wish, place) for place, wish in enumerate(several)]
        self._see_requirements(entries)
        checked = self._checked(entries)
        return [(entry[self._medium.item_id], entry) for entry in checked]

    def _entry(self, wish: Any, place: int) -> Any:
        """Return the entry for a wish; the check finds anything that is not one."""
        defaults = self._defaults
        if isinstance(wish, self._thing):  # the service can spell its ids in any way
            entry = {self._medium.item_id: spelled(wish.id) or wish.id}
        elif isinstance(wish, (str, int, float)):  # for a number, the check says how to write it
            entry = {self._medium.item_id: wish}
        else:
            wire = encoding.to_wire(wish, f"{self._medium.items}[{place}]")
            if not isinstance(wire, dict):
                return wire
            entry = {name: value for name, value in wire.items() if value is not None}
            defaults = {**defaults, **_only_size(type(wish))}
        return {**defaults, **entry, **self._details(entry.get("metadata") or {})}

    def _see_requirements(self, entries: Iterable[Any]) -> None:
        """Refuse entries without a setting that the service must be told."""
        problems, medium = ArgumentProblems(), self._medium
        for place, entry in enumerate(entries):
            for name in medium.job_settings if isinstance(entry, dict) else ():
                if entry.get(name) in (None, ""):
                    words = _MISSING.format(name=name, medium=medium.name)
                    problems.append((f"{medium.items}[{place}].{name}", ValueError(words)))
        problems.raise_if_any("LicenseJob")

    def _details(self, metadata: Any) -> dict[str, Any]:
        """Return the combined metadata of an entry, as a field; nothing if there is only its own."""
        if not self._metadata or not isinstance(metadata, dict):
            return {}
        common = self._metadata
        return {"metadata": {**common, **metadata} if isinstance(common, dict) else common}

    @property
    def _thing(self) -> type[Any]:
        """The model of the items, as a search finds them."""
        answer = fields_of(resolve(self._medium.lookup.returns))["data"].type
        listed = next(kind for kind in typing.get_args(answer) if typing.get_origin(kind) is list)
        thing: type[Any] = typing.get_args(listed)[0]
        return thing

    def _checked(self, entries: list[Any]) -> list[dict[str, Any]]:
        """Return the entries as they are sent; refuse those that cannot be sent."""
        if not entries:
            return []
        medium = self._medium
        beside = [_picked(entry, medium.beside) for entry in entries]
        items = [_without(entry, medium.beside) for entry in entries]
        checked: list[dict[str, Any]] = self._bound({medium.items: items, **beside[0]})[medium.items]
        for other in beside[1:] if medium.beside else ():
            self._bound({medium.items: items[:1], **other})
        checked = [{**entry, **beside[index]} for index, entry in enumerate(checked)]
        problems = ArgumentProblems()
        markers = {self._marker, self._configuration.license_marker} - {None}
        for index, entry in enumerate(checked):
            problems.attempt(f"{medium.items}[{index}].{medium.item_id}", checked_id, entry[medium.item_id])
            place, keys = f"{medium.items}[{index}].metadata", entry.get("metadata", {}).keys()
            if medium.metadata and len(markers | keys) > medium.metadata:
                problems.append((place, ValueError(_TOO_MANY.format(medium.metadata))))
            elif self._marker in keys:
                problems.append((place, ValueError(_TAKEN.format(self._marker))))
        problems.raise_if_any("LicenseJob")
        return checked

    def _bound(self, body: dict[str, Any]) -> Any:
        """Return the body of a request as it is sent."""
        operation = self._medium.license
        return bind(operation, [body if name == "body" else None for name in operation.names])[1]


def _picked(entry: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: entry[name] for name in names if isinstance(entry, dict) and name in entry}


def _without(entry: Any, names: Collection[str]) -> Any:
    if not names or not isinstance(entry, dict):
        return entry
    return {name: entry[name] for name in entry if name not in names}


_MISSING = "required; pass LicenseJob({name}=...), or set it for the {medium}"
_TOO_MANY = "the service takes {} keys, the job's marker among them; leave one out"
_TAKEN = "{!r} is the key of the job's marker; leave it out, or pass another marker="


def _only_size(model: type[Any]) -> dict[str, str]:
    """Return the size of a model that has only one, as a field of an entry."""
    if not issubclass(model, ApiModel) or "size" not in fields_of(model):
        return {}
    named = [typing.get_args(kind) for kind in typing.get_args(fields_of(model)["size"].type)]
    sizes = [size for sizes in named for size in sizes]
    return {"size": sizes[0]} if len(sizes) == 1 else {}
