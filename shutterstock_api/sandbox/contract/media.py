"""The names of each kind of media in the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .documents import Documents
from .operation import Operation


@dataclass(frozen=True)
class Medium:
    """The names of one kind of media in requests and answers."""

    #: The beginning of its paths, such as `/v2/images`.
    root: str
    #: The list in a licence request.
    items: str
    #: The field with the id of an item, there and in the result of licensing it.
    item_id: str
    #: The most items of one request; None if there is no limit.
    most: int | None
    #: The parameter of the licence history that selects one item.
    history_filter: str
    #: The fields of the result of licensing an item.
    results: frozenset[str]
    #: Whether a licensed file can be downloaded again.
    is_downloadable: bool

    @property
    def name(self) -> str:
        """Its name, such as `images`."""
        return self.root.removeprefix("/v2/").replace("/", "_")

    @property
    def kind(self) -> str:
        """The name of an item in answers, such as `image`."""
        return self.history_filter.removesuffix("_id")


def read_media(documents: Documents, operations: Iterable[Operation]) -> Iterator[Medium]:
    """Yield every medium that the contract licenses and keeps a history of."""
    by_route = {(operation.method, operation.path): operation for operation in operations}
    for (method, path), operation in by_route.items():
        if method == "POST" and path.endswith("/licenses") and ("GET", path) in by_route:
            history = {parameter.name for parameter in by_route["GET", path].parameters}
            again = ("POST", f"{path}/{{id}}/downloads") in by_route
            yield _read_medium(documents, path.removesuffix("/licenses"), operation, history, again)


def _read_medium(
    documents: Documents, root: str, operation: Operation, history: Iterable[str], again: bool
) -> Medium:
    fields = documents.resolve(operation.body)["properties"].items()
    [(items, array)] = [(name, node) for name, node in fields if node.get("type") == "array"]
    entry = documents.resolve(array["items"])
    required = documents.resolve(entry.get("anyOf", [entry])[0])["required"]
    result = documents.resolve(operation.answers["200"])["properties"]["data"]["items"]
    results = frozenset(documents.resolve(result)["properties"])
    [item_id] = results & {*required}
    [history_filter] = {name for name in history if name.endswith("_id")} - {"license_id"}
    return Medium(root, items, item_id, array.get("maxItems"), history_filter, results, again)
