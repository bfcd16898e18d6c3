"""A licence request in its wire form: its items, its marker, and what an answer leaves open."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from uuid import uuid4

import msgspec

from shutterstock_api.licensing.item_ids import spelled
from shutterstock_api.schema.fields import as_list, value_of
from shutterstock_api.support.errors import ApiValueError

if TYPE_CHECKING:
    from shutterstock_api.schema.medium import Medium


class LicenseRequest:
    """A licence request that is about to leave.

    Args:
        medium: What it licenses, as a key of `MEDIA`; `None`: something that this release does not know.
        body: Its wire form.
        marker: Key in `metadata` under which each item gets a unique text; `None` for none. An item that has
            such a text already keeps it.

    Raises:
        ApiValueError: It asks for nothing, or the metadata of an item is full or is no object.
    """

    def __init__(self, medium: str | None, body: Any, marker: str | None) -> None:
        from shutterstock_api.contract.media import MEDIA

        self.medium: Medium | None = MEDIA.get(medium or "")
        self.marker: str | None = marker if self.medium and self.medium.metadata else None
        content = body if isinstance(body, dict) else {}
        self.entries: list[Any] = as_list(content.get(self.medium.items)) if self.medium else []
        """What it asks for, one entry for each item."""
        if self.medium and content.get(self.medium.items) == []:
            raise ApiValueError(f"body.{self.medium.items}: the list is empty; nothing was sent")
        if self.medium and self.marker:
            self._mark(self.medium, self.marker)

    def _mark(self, medium: Medium, key: str) -> None:
        for index, entry in enumerate(self.entries):
            if not isinstance(entry, dict):
                continue
            metadata = entry.setdefault("metadata", {})
            if not isinstance(metadata, dict) or len({*metadata, key}) > medium.metadata:
                raise ApiValueError(
                    f"body.{medium.items}[{index}].metadata: the service takes {medium.metadata} keys, and "
                    f"license_marker needs one for {key!r}; leave another out, or set "
                    "Configuration.license_marker to None"
                )
            metadata.setdefault(key, uuid4().hex)

    @property
    def asked(self) -> list[tuple[str, Any]]:
        """The ids of its items and their metadata, in its order."""
        name = self.medium.item_id if self.medium else ""
        return [
            (str(entry.get(name)), entry.get("metadata")) for entry in self.entries if isinstance(entry, dict)
        ]

    def left_open(self, answer: Any) -> str | None:
        """Say what an answer leaves open; `None` where it tells of every item.

        `errors` tell why items are missing; a mere `message` may be a gateway's.
        """
        errors = value_of(answer, "errors")
        if errors and isinstance(errors, list):
            return None
        lists = [value_of(answer, "data")] if self.medium else _fields(answer).values()
        entries = [entry for found in lists for entry in as_list(found) if _fields(entry)]
        if not entries:
            return "the answer says nothing about what was asked for"
        if self.medium is None:
            return None
        told = [spelled(value_of(entry, self.medium.item_id)) for entry in entries]
        left = Counter(told)  # `fields=` may leave the id out
        gaps = [item for item, _ in self.asked if not _taken(left, spelled(item))]
        return f"the answer leaves out {', '.join(sorted(gaps))}" if len(gaps) > told.count(None) else None


def medium_at(path: str) -> str | None:
    """Return what is licensed at a path, as a key of `MEDIA`; `None` where nobody knows."""
    from shutterstock_api.contract.media import MEDIA

    plain = unquote(path).lower().rstrip("/")
    return next((name for name, medium in MEDIA.items() if medium.license.template == plain), None)


def _taken(left: Counter[str | None], item: str | None) -> bool:
    """Take one of the entries about an item; tell whether there was one."""
    left[item] -= 1
    return left[item] >= 0


def _fields(entry: Any) -> dict[str, Any]:
    """Return what an answer, or an entry of it, says."""
    if isinstance(entry, msgspec.Struct):
        values = msgspec.structs.asdict(entry)
        more = values.pop("additional_properties", None) or {}
        entry = {**values, **more}
    return (
        {name: value for name, value in entry.items() if value is not None} if isinstance(entry, dict) else {}
    )
