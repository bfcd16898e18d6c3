"""A licence request as it is sent: its items, its marker, and the items that an answer leaves out."""

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
    """A licence request that is about to be sent.

    Args:
        medium: What it licenses, as a key of `MEDIA`; `None` for something that this release does not know.
        body: The body, as it is sent.
        marker: The key in `metadata` under which each item gets a unique text; `None` for no text. An item
            that already has such a text keeps it.

    Raises:
        ApiValueError: It asks for nothing, or the metadata of an item is full, or is not an object.
    """

    def __init__(self, medium: str | None, body: Any, marker: str | None) -> None:
        from shutterstock_api.contract.media import MEDIA

        self.medium: Medium | None = MEDIA.get(medium or "")
        self.marker: str | None = marker if self.medium and self.medium.metadata else None
        content = body if isinstance(body, dict) else {}
        self.entries: list[Any] = as_list(content.get(self.medium.items)) if self.medium else []
        """The entries of the request, one for each item."""
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
        """The ids and the metadata of its items, in the order of the request."""
        name = self.medium.item_id if self.medium else ""
        return [
            (str(entry.get(name)), entry.get("metadata")) for entry in self.entries if isinstance(entry, dict)
        ]

    def left_open(self, answer: Any) -> str | None:
        """Say what an answer leaves open; `None` if it mentions every item.

        `errors` say why items are missing; a `message` alone may come from a gateway.
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
    """Return what is licensed at a path, as a key of `MEDIA`; `None` if that is unknown."""
    from shutterstock_api.contract.media import MEDIA

    plain = unquote(path).lower().rstrip("/")
    return next((name for name, medium in MEDIA.items() if medium.license.template == plain), None)


def _taken(left: Counter[str | None], item: str | None) -> bool:
    """Remove one of the entries about an item; tell whether there was one."""
    left[item] -= 1
    return left[item] >= 0


def _fields(entry: Any) -> dict[str, Any]:
    """Return the text of an answer, or of one of its entries."""
    if isinstance(entry, msgspec.Struct):
        values = msgspec.structs.asdict(entry)
        more = values.pop("additional_properties", None) or {}
        entry = {**values, **more}
    return (
        {name: value for name, value in entry.items() if value is not None} if isinstance(entry, dict) else {}
    )
