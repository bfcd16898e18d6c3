"""Iterates over lists that come in pages: `paginate(client.images.search_images, query="cat")`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextvars import copy_context
from functools import partial
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from shutterstock_api.calls.binding import resolve
from shutterstock_api.calls.options import refused_options
from shutterstock_api.modelkit.table import Table, list_of_items
from shutterstock_api.paging.partial import keeps
from shutterstock_api.paging.positions import Content, Position, first_position
from shutterstock_api.paging.repeats import RecentItems
from shutterstock_api.schema.checks import count_value
from shutterstock_api.schema.operation import Operation
from shutterstock_api.schema.values import ArgumentProblems, shown
from shutterstock_api.support.async_result import AsyncResult
from shutterstock_api.support.errors import ApiException, ApiTypeError
from shutterstock_api.support.text import to_text

P = ParamSpec("P")
T = TypeVar("T")

REFUSALS = frozenset({400, 404, 422})
"""Statuses with which a service may refuse a page that is too deep."""


class PaginationError(ApiException):
    """`paginate` cannot continue: a deep page was refused, or the service repeats itself.

    The items before the error are good. If a page was refused, `__cause__` is the original error.

    Attributes:
        page: Number of the page that could not be read.
        items: Number of items before that page.
    """

    page: int | None = None
    items: int = 0


class Page(Protocol[T]):
    """An answer that holds one page of a list."""

    @property
    def data(self) -> list[T] | None: ...


class BulkPage(Protocol[T]):
    """An answer that holds one page of several searches."""

    @property
    def results(self) -> list[T] | None: ...


R_co = TypeVar("R_co", bound=Page[Any] | BulkPage[Any], covariant=True)


# Pages.


def paginate(method: Callable[P, R_co], *args: P.args, **kwargs: P.kwargs) -> Paginated[R_co]:
    """Return the items of all pages of a list: `paginate(client.images.search_images, query="cat", limit=5)`.

    Nothing is sent until the first item is needed, and each iteration starts again at the beginning. Items
    have the order of the service; those of `bulk_search_images` are the results of each search on each page.
    An item that is repeated within a few pages, because the order has changed, is left out. The list ends at
    an empty page, or when `total_count` is reached; a page with fewer items than requested is not the end.
    If pages have no numbers, each page names the next one, and the last one names none. A list that comes
    all at once is a single page.

    Args:
        method: A method whose answer holds a list.
        *args: Its arguments.
        **kwargs: Its arguments, and options, which apply to each page. `page` or `cursor` says where to
            start; without `per_page`, pages are as large as the service allows. In addition: `limit`, the
            maximum number of items, and `prefetch=1` to request the next page in a thread.

    Raises:
        ApiException: While iterating: any error of the method.
        PaginationError: While iterating: a page after the first was refused, or the service repeats itself.
    """
    return Paginated(method, args, kwargs)


class Paginated(Table, Generic[R_co]):
    """The items of a list that comes in pages; `paginate` returns it."""

    def __init__(self, method: Callable[..., R_co], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self._operation = _operation_of(method)
        self._list, self._kind = _items_of(self._operation)
        _check_arguments(self._operation, self._list, kwargs)
        self._method = method
        self._args = args
        self._given = dict(kwargs)
        self._arguments = dict(kwargs)
        take = self._arguments.pop
        self._limit: int | None = take("limit", None) if "limit" not in self._operation.names else None
        self._prefetch = take("prefetch", 0) == 1

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._method, self._args, self._given)

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Read a pickle from 1.1, which contained the processed arguments."""
        names = {"page": "_start", "per_page": "_size", "limit": "_limit", "prefetch": "_prefetch"}
        arguments = {name: state[attribute] for name, attribute in names.items()}
        Paginated.__init__(self, state["_method"], state["_args"], {**state["_arguments"], **arguments})

    @overload
    def __iter__(self: Paginated[Page[T]]) -> Iterator[T]: ...
    @overload
    def __iter__(self: Paginated[BulkPage[T]]) -> Iterator[T]: ...
    def __iter__(self) -> Iterator[Any]:
        """Yield the items."""
        for page, items in self._steps():
            yield from items
            del page, items  # so that the next page can reuse the memory

    def pages(self) -> Iterator[R_co]:
        """Yield whole, unchanged answers, with repeated items and possibly more than `limit` items."""
        return (page for page, _ in self._steps())

    def _items(self) -> tuple[Any, Any]:
        return self._kind, self

    def __repr__(self) -> str:
        return f"<Paginated {self._operation.name}>"

    def _steps(self) -> Iterator[tuple[R_co, list[Any]]]:
        return _ahead(self._walk()) if self._prefetch else self._walk()

    def _walk(self) -> Iterator[tuple[R_co, list[Any]]]:
        """Yield each page that is not empty, and the items on it that are new and within the limit."""
        arguments = dict(self._arguments)
        position = first_position(self._operation, arguments, self._limit)
        given, ended, recent = 0, False, RecentItems(self._kind)
        while not ended and (self._limit is None or given < self._limit):
            number = position.number
            page = self._ask(position, arguments, given)
            content = Content.of(page, self._list)
            if not content.readable:
                raise self._failed(number, given, "cannot be read", self._about(page))
            ended = position.leave(page, content)
            if content.rows:
                fresh, repeated = recent.fresh(content.items)
                if repeated and (recent.has_keys or content.total is None):
                    raise self._failed(number, given, "is the same as the page before", self._about())
                fresh = fresh if self._limit is None else fresh[: self._limit - given]
                given += len(fresh)
                yield page, fresh
                del fresh
            elif content.failed and not given:
                yield page, content.items
            del page, content

    def _ask(self, position: Position, arguments: Mapping[str, Any], given: int) -> R_co:
        try:
            return self._method(*self._args, **arguments, **position.arguments())
        except ApiException as refusal:
            if position.number < 2 or refusal.status not in REFUSALS:
                raise
            raise self._failed(position.number, given, "was refused", refusal) from refusal

    def _about(self, page: Any = None) -> ApiException:
        body = None if page is None else to_text(page.to_json())
        return ApiException(body=body, method=self._operation.method, path=self._operation.template)

    def _failed(self, number: int, given: int, what: str, about: ApiException) -> PaginationError:
        error = PaginationError(
            about.status,
            f"page {number} {what}, after {given} items",
            body=about.body,
            headers=about.headers,
            method=about.method,
            path=about.path,
            hint="To get further, split the list, for example by date.",
        )
        error.page, error.items, error.attempts = number, given, about.attempts
        return error


def first_items(found: Paginated[Any], most: int) -> tuple[list[Any], int | None]:
    """Return the first items of a list, and how many more there are; `None` if the service does not say.

    For a bulk search, the items are the results of the first page.
    """
    limit = most if found._limit is None else min(most, found._limit)
    short = Paginated(found._method, found._args, {**found._given, "limit": limit, "prefetch": None})
    items: list[Any] = []
    total: int | None = None
    for page, fresh in short._walk():
        items += fresh
        content = Content.of(page, found._list)
        total = content.rows if found._operation.pages is None else content.total
        if _is_bulk(found._operation):
            return items, 0
    if len(items) < limit or limit == found._limit:  # there are no more
        return items, 0
    if total is None:
        return items, None
    ends = total - first_position(short._operation, dict(short._arguments), short._limit).skipped
    return items, max(0, min(ends, found._limit or ends) - len(items))


_END: Any = object()


def _ahead(steps: Iterator[T]) -> Iterator[T]:
    """Yield the steps, and request the next one while the caller works on the current one."""
    step = next(steps, _END)
    while step is not _END:
        following: AsyncResult[T] = AsyncResult()
        ask = partial(copy_context().run, next, steps, _END)
        threading.Thread(
            target=following.run, args=(ask,), name="shutterstock_api next page", daemon=True
        ).start()  # the thread ends with the step, whether or not somebody waits
        yield step
        step = following.get()


# Methods with lists.


def _operation_of(method: Any) -> Operation[Any]:
    operations = getattr(getattr(method, "__self__", None), "operations", {})
    operation: Operation[Any] | None = operations.get(getattr(method, "__name__", None))
    if operation is None:
        raise ApiTypeError(
            f"paginate: expected a method of an API class, such as api.search_images, got {shown(method)}; "
            "pass the method itself, without calling it, and without with_http_info"
        )
    return operation


def _items_of(operation: Operation[Any]) -> tuple[str, Any]:
    """Return the name of the list in an answer, and the type of its items."""
    found = list_of_items(resolve(operation.returns))
    if found is None or (operation.pages is None and operation.sending != "read"):
        raise ApiTypeError(f"paginate: {operation.name} does not return a list")
    return found


def _is_bulk(operation: Operation[Any]) -> bool:
    """Tell whether an answer holds several lists: only then are the searches in a body."""
    return operation.body is not None


def _check_arguments(operation: Operation[Any], items: str, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that make it impossible to iterate. The first call checks all others."""
    problems = ArgumentProblems(refused_options(arguments))
    checks: list[tuple[str, Callable[[Any], object]]] = [
        *((name, count_value) for name in ("limit", "page", "per_page")),
        ("prefetch", _prefetch_value),
    ]
    for name, check in checks:
        if arguments.get(name) is not None:
            problems.attempt(name, check, arguments[name])
    if not keeps(arguments.get("fields"), items):
        problems.append(("fields", ValueError(f"leaves out {items!r}, and with it all items")))
    if operation.cursor and not keeps(arguments.get("fields"), operation.cursor):
        left_out = f"leaves out {operation.cursor!r}, and with it all pages but the first"
        problems.append(("fields", ValueError(left_out)))
    problems.raise_if_any(f"paginate {operation.name}")


def _prefetch_value(value: Any) -> None:
    if not isinstance(value, bool) and count_value(value) > 1:
        raise ValueError(f"expected 0 or 1, got {shown(value)}")
