"""Look up any number of images: `get_many(api, ids)`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from shutterstock_api.calls.binding import bind
from shutterstock_api.calls.options import refused_options
from shutterstock_api.paging.partial import keeps
from shutterstock_api.schema.values import ArgumentProblems, shown, text_value
from shutterstock_api.support.errors import ApiTypeError, DecodeError
from shutterstock_api.support.text import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typing_extensions import Unpack

    from shutterstock_api.api.images_api import ImagesApi
    from shutterstock_api.calls.options import CallOptions
    from shutterstock_api.models import Image, View

MOST_IDS = 500
"""Ids that `get_image_list` takes at most (the contract's limit)."""
LONGEST_URL = 8000
"""Characters of a URL at most: common servers and proxies read 8 KiB for the first line of a request."""


class ManyImages(NamedTuple):
    """What `get_many` found."""

    images: list[Image]
    """The images in the order of the ids; one that was asked for twice stands there twice."""
    missing: list[str]
    """Ids that the service does not know, each once."""


def get_many(
    api: ImagesApi,
    ids: Iterable[str],
    *,
    view: View | None = None,
    search_id: str | None = None,
    fields: str | None = None,
    **options: Unpack[CallOptions],
) -> ManyImages:
    """Look up any number of images, with as few calls of `get_image_list` as its limits allow.

    All ids are checked before anything is sent, and none is sent twice.

    Args:
        api: Who asks.
        ids: IDs of the images, or a single one.
        view: As in `get_image_list`.
        search_id: As in `get_image_list`.
        fields: As in `get_image_list`; it must keep `data(id)`.
        **options: Options of each call.

    Raises:
        ApiException: See the tree in `shutterstock_api.exceptions`. What was found before is lost; asking
            again costs nothing.
    """
    if not isinstance(ids, Iterable):
        raise ApiTypeError(f"get_many: expected ids, got {shown(ids)}")
    wanted = [ids] if isinstance(ids, str) else list(ids)
    problems = ArgumentProblems(refused_options(options))
    for index, value in enumerate(wanted):
        problems.attempt(f"ids[{index}]", text_value, value)
    if not keeps(fields, "data/id"):
        problems.append(("fields", ValueError("leaves out data(id), by which images are told apart")))
    problems.raise_if_any("get_many")
    more = {"view": view, "search_id": search_id, "fields": fields}
    found: dict[str, Image] = {}
    for chunk in _chunks(api, list(dict.fromkeys(wanted)), more):
        answer = api.get_image_list(chunk, view=view, search_id=search_id, fields=fields, **options)
        if not isinstance(answer.data, list):
            raise DecodeError(reason="get_many: an answer without data", body=to_text(answer.to_json()))
        found.update(
            (str(image.id), image) for image in answer.data if getattr(image, "id", None) is not None
        )
    missing = [image_id for image_id in dict.fromkeys(wanted) if image_id not in found]
    return ManyImages([found[image_id] for image_id in wanted if image_id in found], missing)


def _chunks(api: ImagesApi, ids: list[str], more: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the ids in lists that fit into one request each."""
    if not ids:
        return
    operation = api.operations["get_image_list"]
    values = [{"id": ids, **more}.get(name) for name in operation.names]
    target, _ = bind(operation, values)
    lengths = [len(part) + 1 for part in re.split("[?&]", target) if part.startswith("id=")]
    others = len(api.api_client.configuration.host) + len(target) - sum(lengths)
    chunk: list[str] = []
    length = others
    for image_id, size in zip(ids, lengths, strict=True):
        if chunk and (len(chunk) == MOST_IDS or length + size > LONGEST_URL):
            yield chunk
            chunk, length = [], others
        chunk.append(image_id)
        length += size
    yield chunk
