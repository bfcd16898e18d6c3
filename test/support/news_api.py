"""An API class with lists of other kinds: by cursor, all at once, of plain texts, by ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack

from shutterstock_api.base_api import Api
from shutterstock_api.calls.options import CallOptions, PageOptions
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.table import Table
from shutterstock_api.schema.operation import Operation


class Story(ApiModel, kw_only=True):
    """A story."""

    id: str | None = None
    """Its ID."""
    title: str | None = None
    """Its title."""


class Stories(Table, ApiModel, kw_only=True):
    """Stories."""

    data: list[Story] | None = None
    """The stories."""
    next: str | None = None
    """Cursor of the next page."""
    total_count: int | None = None
    """How many there are."""


class Words(Table, ApiModel, kw_only=True):
    """Words."""

    data: list[str] | None = None
    """The words."""


class Renders(Table, ApiModel, kw_only=True):
    """Answers whose list has a name of its own."""

    renders: list[Story] | None = None
    """The stories."""


def _list(name: str, answer: Any, **facts: Any) -> Operation[Any]:
    return Operation(name, "GET", f"/{name}", returns=answer, **facts)


SEARCH = _list(
    "search_stories",
    Stories,
    query={"query": str, "per_page": int, "cursor": str, "fields": str},
    least=5,
    pages=50,
    cursor="next",
)
LOOK_UP = _list(
    "list_stories",
    Stories,
    query={"id": list[str], "country": str, "fields": str},
    required=("id", "country"),
    most_ids=3,
)
WORDS = _list("list_words", Words, query={"limit": int})
RENDERS = _list("fetch_renders", Renders, query={"id": list[str]}, required=("id",), most_ids=50)


class NewsApi(Api):
    """Stories and words."""

    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        operation.name: operation for operation in (SEARCH, LOOK_UP, WORDS, RENDERS)
    }

    def search_stories(
        self,
        *,
        query: str | None = None,
        per_page: int | None = None,
        cursor: str | None = None,
        fields: str | None = None,
        **options: Unpack[PageOptions],
    ) -> Stories:
        found: Stories = self.api_client.call(SEARCH, (query, per_page, cursor, fields), options)
        return found

    def list_stories(
        self,
        id: Sequence[str] | str,
        country: str,
        *,
        fields: str | None = None,
        **options: Unpack[PageOptions],
    ) -> Stories:
        found: Stories = self.api_client.call(LOOK_UP, (id, country, fields), options)
        return found

    def list_words(self, *, limit: int | None = None, **options: Unpack[CallOptions]) -> Words:
        found: Words = self.api_client.call(WORDS, (limit,), options)
        return found

    def fetch_renders(self, id: Sequence[str] | str, **options: Unpack[CallOptions]) -> Renders:
        found: Renders = self.api_client.call(RENDERS, (id,), options)
        return found
