"""Look up any number of ids: `get_many(api, ids)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Unpack
from urllib.parse import quote

from shutterstock_api import models
from shutterstock_api.base_api import Api
from shutterstock_api.calls.binding import bind
from shutterstock_api.calls.options import CallOptions, refused_options
from shutterstock_api.paging.partial import keeps
from shutterstock_api.schema.values import ArgumentProblems, shown, text_value
from shutterstock_api.support.errors import ApiTypeError, DecodeError
from shutterstock_api.support.text import to_text

LONGEST_URL = 8000
"""Characters of a URL at most: common servers and proxies read 8 KiB for the first line of a request."""


class ManyImages(NamedTuple):
    """What `get_many` found."""

    images: list[models.Image]
    """The images in the order of the ids; one that was asked for twice stands there twice."""
    missing: list[str]
    """Ids that the service does not know, each once."""


def get_many(
    api: Api,
    ids: Iterable[str],
    *,
    view: models.View | None = None,
    search_id: str | None = None,
    fields: str | None = None,
    **options: Unpack[CallOptions],
) -> ManyImages:
    """Look up any number of images, with as few calls of `get_image_list` as its limits allow.

    All ids are checked before anything is sent, and none is sent twice.

    Args:
        api: Who asks: an `ImagesApi`.
        ids: IDs of the images, or a single one.
        view: As in `get_image_list`.
        search_id: As in `get_image_list`.
        fields: As in `get_image_list`; it must keep `data(id)`.
        **options: Options of each call.

    Raises:
        ApiException: See the tree in `shutterstock_api.exceptions`. What was found before is lost; asking
            again costs nothing.
    """
    medium = getattr(api, "medium", None)
    if medium is None:
        raise ApiTypeError(f"get_many: expected an API object such as ImagesApi(), got {shown(api)}")
    if not isinstance(ids, Iterable):
        raise ApiTypeError(f"get_many: expected ids, got {shown(ids)}")
    wanted = [ids] if isinstance(ids, str) else list(ids)
    problems = ArgumentProblems(refused_options(options))
    for index, value in enumerate(wanted):
        problems.attempt(f"ids[{index}]", text_value, value)
    if not keeps(fields, "data/id"):
        problems.append(("fields", ValueError("leaves out data(id), by which the answers are told apart")))
    problems.raise_if_any("get_many")

    lookup, client = medium.lookup, api.api_client
    given = {"view": view, "search_id": search_id, "fields": fields}

    def arguments(chunk: list[str]) -> list[Any]:
        return [{"id": chunk, **given}.get(name) for name in lookup.names]

    target, _ = bind(lookup, arguments([""]))
    room = LONGEST_URL - len(client.configuration.host) - len(target) + len("&id=")
    different = list(dict.fromkeys(wanted))
    found: dict[str, Any] = {}
    for chunk in _chunks(different, room, medium.lookup_most or len(different)):
        answer = client.call(lookup, arguments(chunk), {**options})
        if not isinstance(answer.data, list):
            raise DecodeError(reason="get_many: an answer without data", body=to_text(answer.to_json()))
        found.update((str(item.id), item) for item in answer.data if getattr(item, "id", None) is not None)
    missing = [one for one in different if one not in found]
    return ManyImages([found[one] for one in wanted if one in found], missing)


def _chunks(ids: list[str], room: int, most: int) -> Iterator[list[str]]:
    """Yield the ids in lists that fit into one request each.

    Args:
        ids: All of them.
        room: Characters that they may take up in a URL.
        most: How many a list holds at most.
    """
    chunk: list[str] = []
    length = 0
    for one in ids:
        size = len(f"&id={quote(one, safe='')}")
        if chunk and (len(chunk) == most or length + size > room):
            yield chunk
            chunk, length = [], 0
        chunk.append(one)
        length += size
    if chunk:
        yield chunk
