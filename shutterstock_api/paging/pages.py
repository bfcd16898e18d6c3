"""Walk through a list that comes in pages: `paginate(api.search_images, query="cat")`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextvars import copy_context
from typing import Any, Generic, NamedTuple, ParamSpec, Protocol, TypeVar, cast, overload

from shutterstock_api.calls.names import resolve
from shutterstock_api.calls.options import refused_options
from shutterstock_api.modelkit.table import Table, kind_of_items
from shutterstock_api.paging.partial import keeps
from shutterstock_api.paging.repeats import RecentItems
from shutterstock_api.schema.checks import count_value
from shutterstock_api.schema.fields import as_list, is_error
from shutterstock_api.schema.operation import Operation
from shutterstock_api.schema.values import ArgumentProblems, shown
from shutterstock_api.support.errors import ApiException, ApiTypeError
from shutterstock_api.support.text import to_text

P = ParamSpec("P")
T = TypeVar("T")

REFUSALS = frozenset({400, 404, 422})
"""Statuses by which a service may refuse a page that is too deep for it."""


class PaginationError(ApiException):
    """`paginate` cannot go on: a deep page was refused, or the service repeats itself.

    The items before it are good. Where a page was refused, `__cause__` is the refusal.

    Attributes:
        page: Number of the page that could not be had.
        items: How many items came before it.
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
    """Return the items of a list that comes in pages: `paginate(api.search_images, query="cat", limit=5)`.

    Nothing is sent before the first item is asked for, and each iteration starts afresh. Items come in the
    order of the service, of `bulk_search_images` the result of each search on each page. An item that comes
    again within a few pages, because the order changed meanwhile, is left out. The end is an empty page, or
    what `total_count` says; a page with fewer items than asked for is not.

    Args:
        method: A method with the arguments `page` and `per_page`.
        *args: Its arguments.
        **kwargs: Its arguments and options, these for each page. `page` is where to start; without
            `per_page` pages are as large as the service allows. Besides: `limit`, items to yield at most,
            and `prefetch=1` to ask for the next page in a thread meanwhile.

    Raises:
        ApiException: As the method does, while iterating.
        PaginationError: While iterating: a page after the first was refused, or the service repeats itself.
    """
    return Paginated(method, args, kwargs)


class Paginated(Table, Generic[R_co]):
    """The items of a list that comes in pages; made by `paginate`."""

    def __init__(self, method: Callable[..., R_co], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self._operation = _operation_of(method)
        _check_arguments(self._operation, kwargs)
        self._method = method
        self._args = args
        self._given = dict(kwargs)
        self._arguments = dict(kwargs)
        take = self._arguments.pop
        self._limit: int | None = take("limit", None)
        self._prefetch = take("prefetch", 0) == 1
        page = take("page", None)
        self._start: int = 1 if page is None else page
        self._size = self._page_size(take("per_page", None))

    def _page_size(self, per_page: int | None) -> int:
        """Return how many results to ask for at once: no more than `limit` needs, in as few pages."""
        size = per_page if per_page is not None else cast("int", self._operation.pages)
        # The size of a page says where the others begin: it stays the same, and after `page` it is given.
        if not self._limit or not size or self._start > 1 or _is_bulk(self._operation):
            return size
        if per_page is not None:
            return min(size, self._limit)
        pages = -(-self._limit // size)
        return -(-self._limit // pages)

    @overload
    def __iter__(self: Paginated[Page[T]]) -> Iterator[T]: ...
    @overload
    def __iter__(self: Paginated[BulkPage[T]]) -> Iterator[T]: ...
    def __iter__(self) -> Iterator[Any]:
        """Yield the items."""
        for page, items in self._steps():
            yield from items
            del page, items  # so that the next page takes this memory, not new one

    def pages(self) -> Iterator[R_co]:
        """Yield the answers, whole and as they came: repeats are in them, and more than `limit` may be."""
        return (page for page, _ in self._steps())

    def _items(self) -> tuple[Any, Any]:
        return self._kind_of_items(), self

    def _kind_of_items(self) -> Any:
        return kind_of_items(resolve(self._operation.returns))

    def __repr__(self) -> str:
        return f"<Paginated {self._operation.name}>"

    def _steps(self) -> Iterator[tuple[R_co, list[Any]]]:
        return _ahead(self._walk()) if self._prefetch else self._walk()

    def _walk(self) -> Iterator[tuple[R_co, list[Any]]]:
        """Yield each page that is not empty, and the items on it that are new and within the limit."""
        number, given, recent = self._start, 0, RecentItems(self._kind_of_items())
        came = passed = (number - 1) * self._size  # results that came, and that the pages stand for
        while self._limit is None or given < self._limit:
            page = self._ask(number, given)
            content = _Content.of(page)
            if not content.readable:
                raise self._failed(number, given, "cannot be read", self._about(page))
            if not content.rows:
                if content.failed and number == self._start:
                    yield page, content.items
                return
            fresh, repeated = recent.fresh(content.items)
            if repeated and (recent.has_keys or content.total is None):
                raise self._failed(number, given, "is the one before once more", self._about())
            fresh = fresh if self._limit is None else fresh[: self._limit - given]
            given += len(fresh)
            came, passed, number = came + content.rows, passed + content.served, number + 1
            # The service may leave results out of a page; a total below what came already is no total.
            ended = content.total is not None and came <= content.total <= passed
            yield page, fresh
            if ended:
                return
            del page, content, fresh

    def _ask(self, number: int, given: int) -> R_co:
        try:
            return self._method(*self._args, **self._arguments, page=number, per_page=self._size)
        except ApiException as refusal:
            if number < 2 or refusal.status not in REFUSALS:
                raise
            raise self._failed(number, given, "was refused", refusal) from refusal

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
            hint="To get further, ask for less at once: by dates, for instance.",
        )
        error.page, error.items, error.attempts = number, given, about.attempts
        return error


def first_items(found: Paginated[Any], most: int) -> tuple[list[Any], int | None]:
    """Return the first items of a list, and how many more there are; `None` where the service does not say.

    Of a bulk search these are the results of the first page.
    """
    limit = most if found._limit is None else min(most, found._limit)
    short = Paginated(found._method, found._args, {**found._given, "limit": limit, "prefetch": None})
    items: list[Any] = []
    total: int | None = None
    for page, fresh in short._walk():
        items += fresh
        total = _Content.of(page).total
        if _is_bulk(found._operation):
            return items, 0
    if len(items) < limit or limit == found._limit:  # that is all
        return items, 0
    if total is None:
        return items, None
    ends = total - (found._start - 1) * short._size
    return items, max(0, min(ends, found._limit or ends) - len(items))


class _Content(NamedTuple):
    """What an answer says about its page."""

    items: list[Any]
    rows: int
    """Results on this page. Searches of a bulk search stand side by side: the longest counts."""
    served: int
    """Results that the page stands for, by its own account."""
    total: int | None
    """Results on all pages together."""
    readable: bool
    failed: bool = False
    """Whether some of the searches failed."""

    @classmethod
    def of(cls, page: Any) -> _Content:
        items = page.data if hasattr(page, "data") else page.results
        told = any(getattr(page, name, None) for name in ("errors", "error", "message"))
        if items is None and not told:  # left out, as some services do with an empty list
            return cls([], 0, 0, None, True)
        if not isinstance(items, list):
            return cls([], 0, 0, None, False)
        parts = [page] if hasattr(page, "data") else [part for part in items if not _has_failed(part)]
        rows = max((len(as_list(getattr(part, "data", None))) for part in parts), default=0)
        totals = [_count_in(part, "total_count") for part in parts]
        total = None if None in totals else max(cast("list[int]", totals), default=None)
        served = max((_count_in(part, "per_page") or 0 for part in parts), default=0)
        readable = bool(rows or not getattr(page, "errors", None))
        return cls(items, rows, served or rows, total, readable, len(parts) < len(items))


def _has_failed(search: Any) -> bool:
    """Tell whether a search of a bulk search has errors and no results."""
    results = as_list(getattr(search, "data", None))
    return (
        all(map(is_error, results)) if results else is_error(search) or bool(getattr(search, "errors", None))
    )


def _count_in(part: Any, name: str) -> int | None:
    number = getattr(part, name, None)
    return number if type(number) is int else None


_END: Any = object()


def _ahead(steps: Iterator[T]) -> Iterator[T]:
    """Yield the steps, each next one already on its way while the caller works on this one."""
    step = next(steps, _END)
    while step is not _END:
        following = _Step(steps)
        yield step
        step = following.result()


class _Step(threading.Thread):
    """The next step of a walk. The thread ends with it, whether or not somebody waits."""

    def __init__(self, steps: Iterator[Any]) -> None:
        super().__init__(name="shutterstock_api next page", daemon=True)
        self._steps = steps
        self._context = copy_context()
        self._step: Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._step = self._context.run(next, self._steps, _END)
        except BaseException as error:  # noqa: BLE001 - the caller gets it, when it comes to this page
            self._error = error

    def result(self) -> Any:
        self.join()
        if self._error is not None:
            raise self._error
        return self._step


# What can be walked through.


def _operation_of(method: Any) -> Operation[Any]:
    operations = getattr(getattr(method, "__self__", None), "operations", {})
    operation: Operation[Any] | None = operations.get(getattr(method, "__name__", None))
    if operation is None:
        raise ApiTypeError(
            f"paginate: expected a method of an API class, such as api.search_images, got {shown(method)}; "
            "not what with_http_info makes of it, and without calling it"
        )
    if operation.pages is None:
        raise ApiTypeError(f"paginate: the answer of {operation.name} does not come in pages")
    return operation


def _is_bulk(operation: Operation[Any]) -> bool:
    """Tell whether an answer holds several lists: only then the searches come in a body."""
    return operation.body is not None


def _check_arguments(operation: Operation[Any], arguments: Mapping[str, Any]) -> None:
    """Refuse what cannot be walked through. All other arguments are checked by the first call."""
    problems = ArgumentProblems(refused_options(arguments))
    checks: list[tuple[str, Callable[[Any], object]]] = [
        *((name, count_value) for name in ("limit", "page", "per_page")),
        ("prefetch", _prefetch_value),
    ]
    for name, check in checks:
        if arguments.get(name) is not None:
            problems.attempt(name, check, arguments[name])
    items = "results" if _is_bulk(operation) else "data"
    if not keeps(arguments.get("fields"), items):
        problems.append(("fields", ValueError(f"leaves out {items!r}, and with it all items")))
    problems.raise_if_any(f"paginate {operation.name}")


def _prefetch_value(value: Any) -> None:
    if not isinstance(value, bool) and count_value(value) > 1:
        raise ValueError(f"expected 0 or 1, got {shown(value)}")
