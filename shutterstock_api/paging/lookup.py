"""Look up any number of ids: `get_many(api, ids)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar, Unpack, overload
from urllib.parse import quote

from shutterstock_api import models
from shutterstock_api.api.images_api import ImagesApi
from shutterstock_api.base_api import Api
from shutterstock_api.calls.binding import bind, resolve
from shutterstock_api.calls.client import Client
from shutterstock_api.calls.options import CallOptions, checked_options, refused_options
from shutterstock_api.modelkit.table import list_of_items
from shutterstock_api.paging.pages import Page
from shutterstock_api.paging.partial import keeps
from shutterstock_api.schema.operation import Operation
from shutterstock_api.schema.values import ArgumentProblems, shown, text_value
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiTypeError, DecodeError
from shutterstock_api.support.text import to_text

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_URL = 8000
"""The longest URL, in characters: common servers and proxies read 8 KiB for the first line of a request."""


class ManyItems(NamedTuple, Generic[T]):
    """What `get_many` found."""

    items: list[T]
    """The items in the order of the ids. An item that was requested twice appears twice."""
    missing: list[str]
    """Ids that the service does not know, without duplicates."""


class ManyImages(NamedTuple):
    """The images that `get_many` found."""

    images: list[models.Image]
    """The images in the order of the ids. An image that was requested twice appears twice."""
    missing: list[str]
    """Ids that the service does not know, without duplicates."""

    @property
    def items(self) -> list[models.Image]:
        """The same as `images`."""
        return self.images


@overload
def get_many(  # type: ignore[overload-overlap] # images have a class of their own, which is older
    api: ImagesApi,
    ids: Iterable[str],
    *,
    view: models.View | None = None,
    search_id: str | None = None,
    fields: str | None = None,
    **options: Unpack[CallOptions],
) -> ManyImages: ...
@overload
def get_many(
    api: Api,
    ids: Iterable[str],
    *,
    country: str | None = None,
    view: models.View | None = None,
    search_id: str | None = None,
    fields: str | None = None,
    **options: Unpack[CallOptions],
) -> ManyItems[Any]: ...
@overload
def get_many(
    api: Callable[Concatenate[list[str], P], Page[T]], ids: Iterable[str], *args: P.args, **kwargs: P.kwargs
) -> ManyItems[T]: ...
@overload
def get_many(
    api: Callable[Concatenate[list[str], P], Any], ids: Iterable[str], *args: P.args, **kwargs: P.kwargs
) -> ManyItems[Any]: ...
@explained
def get_many(api: Any, ids: Iterable[str], *args: Any, **kwargs: Any) -> ManyItems[Any] | ManyImages:
    """Look up any number of ids in as few calls as the limits of the service allow.

    All ids are checked before anything is sent, and no id is sent twice.

    Args:
        api: An API object with a look-up, such as `client.images`, or a method, such as
            `client.contributors.get_contributor_list`.
        ids: The ids, or a single id.
        *args: Further arguments of the method.
        **kwargs: Its arguments and options, the same for each call. `fields` must include the ids.

    Raises:
        ApiException: See the tree in `shutterstock_api.exceptions`. The items found before are lost, but
            requesting them again is free of charge.
    """
    client, lookup = _lookup_of(api)
    if len(args) >= len(lookup.required):
        raise ApiTypeError(
            f"get_many: {lookup.name} takes {len(lookup.required)} positional arguments at most"
        )
    arguments = {**dict(zip(lookup.required[1:], args, strict=False)), **kwargs}
    if not isinstance(ids, Iterable):
        raise ApiTypeError(f"get_many: expected ids, got {shown(ids)}")
    wanted = [ids] if isinstance(ids, str) else list(ids)
    name, kind = list_of_items(resolve(lookup.returns)) or ("data", object)
    problems = ArgumentProblems(refused_options(arguments))
    for index, value in enumerate(wanted):
        problems.attempt(f"ids[{index}]", text_value, value)
    if not keeps(arguments.get("fields"), f"{name}/id"):
        problems.append(
            ("fields", ValueError(f"leaves out {name}(id), which is needed to recognise the items"))
        )
    problems.raise_if_any("get_many")

    options: Any = {key: value for key, value in arguments.items() if key not in lookup.query or key == "id"}

    def values(chunk: list[str]) -> list[Any]:
        return [{**arguments, "id": chunk}.get(key) for key in lookup.names]

    _, wrong = checked_options(options.copy(), lookup.names)
    target, _ = bind(lookup, values([""]), problems=wrong)
    room = LONGEST_URL - len(client.configuration.host) - len(target) + len("&id=")
    different = list(dict.fromkeys(wanted))
    found: dict[str, Any] = {}
    for chunk in _chunks(different, room, lookup.most_ids or len(different)):
        answer: Any = client.call(lookup, values(chunk), options.copy())
        items = getattr(answer, name)
        if not isinstance(items, list):
            raise DecodeError(reason="get_many: an answer without data", body=to_text(answer.to_json()))
        found.update((str(item.id), item) for item in items if getattr(item, "id", None) is not None)
    missing = [one for one in different if one not in found]
    items = [found[one] for one in wanted if one in found]
    return ManyImages(items, missing) if kind.__name__ == "Image" else ManyItems(items, missing)


def _lookup_of(api: Any) -> tuple[Client, Operation[Any]]:
    """Return the client, and the operation that looks up ids."""
    owner = getattr(api, "__self__", api)
    operations = getattr(owner, "operations", {})
    if owner is api:
        medium = getattr(api, "medium", None)
        found = [medium.lookup] if medium else [one for one in operations.values() if one.most_ids]
    else:
        method = operations.get(getattr(api, "__name__", None))
        found = [method] if method and method.most_ids else []
    if len(found) != 1 or isinstance(owner, type):
        raise ApiTypeError(
            "get_many: expected an API object such as ImagesApi(), or its method for a list of ids, "
            f"got {shown(api)}"
        )
    return owner.api_client, found[0]


def _chunks(ids: list[str], room: int, most: int) -> Iterator[list[str]]:
    """Yield the ids in lists that fit into one request each.

    Args:
        ids: The ids.
        room: The most characters that they can take up in a URL.
        most: The most ids in a list.
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
