"""Licence requests: what marks them, and what their answers leave open. `reconciliation` looks that up."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import uuid4

import msgspec

from shutterstock_api.schema.fields import as_list
from shutterstock_api.support.errors import ApiValueError

METADATA = 4
"""Keys that the service takes in `metadata` at most."""


def marked(body: bytes, key: str) -> bytes:
    """Return a licence request with a unique text under `key` in the metadata of each image.

    An image that has such a text already keeps it.

    Raises:
        ApiValueError: The metadata of an image is full, or is no object.
    """
    content = msgspec.json.decode(body)
    for index, image in enumerate(_images(content)):
        if not isinstance(image, dict):
            continue
        metadata = image.setdefault("metadata", {})
        if not isinstance(metadata, dict) or len({*metadata, key}) > METADATA:
            raise ApiValueError(
                f"body.images[{index}].metadata: the service takes {METADATA} keys, and license_marker needs "
                f"one for {key!r}; leave another out, or set Configuration.license_marker to None"
            )
        metadata.setdefault(key, uuid4().hex)
    return msgspec.json.encode(content)


def missing(answer: Any, body: bytes | None) -> str | None:
    """Say what an answer to a licence request leaves open; `None` where it tells of every image.

    `errors` tell why images are missing; a mere `message` may be a gateway's.
    """
    content = answer if isinstance(answer, dict) else answer.to_dict() if hasattr(answer, "to_dict") else {}
    data, errors = content.get("data"), content.get("errors")
    if errors and isinstance(errors, list):
        return None
    entries = [entry for entry in data if _says_something(entry)] if isinstance(data, list) else []
    if not entries:
        return "the answer says nothing about the images"
    left = Counter(str(image.get("image_id")) for image in _asked(body))
    left.subtract(str(entry["image_id"]) for entry in entries if entry.get("image_id") is not None)
    gaps = sorted((+left).elements())
    nameless = sum(entry.get("image_id") is None for entry in entries)  # `fields=` may leave the id out
    return f"the answer leaves out {', '.join(gaps)}" if len(gaps) > nameless else None


def _says_something(entry: Any) -> bool:
    return isinstance(entry, dict) and any(value is not None for value in entry.values())


def _asked(body: bytes | None) -> list[dict[str, Any]]:
    content = msgspec.json.decode(body) if body else {}
    return [image for image in _images(content) if isinstance(image, dict)]


def _images(content: Any) -> list[Any]:
    return as_list(content.get("images") if isinstance(content, dict) else None)
