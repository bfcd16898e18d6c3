"""Every list of every class in the sandbox: `paginate`, tables and Jupyter; `get_many` of every look-up."""

from __future__ import annotations

from every_call import FIRST_CALLS, calls_where, method
from html_checker import Checked

import shutterstock_api
from shutterstock_api import get_many, paginate
from shutterstock_api.calls.binding import resolve
from shutterstock_api.modelkit.table import Table, list_of_items

PAGES = 3
"""Pages that are walked through at most: some lists have thousands."""
EMPTY = {"get_editorial_image_license_list", "get_editorial_video_license_list"}
"""Lists in which a new account has nothing."""


def is_list(operation):
    answers = resolve(operation.returns) if operation.returns else None
    return operation.method == "GET" and answers is not None and list_of_items(answers) is not None


def items_of(answer):
    name, _ = list_of_items(type(answer))
    return getattr(answer, name)


def page_by_page(call, ask, size):
    """Return the items of the first pages, as a program asks for them that knows this list."""
    if call.operation.pages is None:
        return items_of(ask())
    found, cursor = [], None
    for number in range(1, PAGES + 1):
        place = {"cursor": cursor} if call.operation.cursor else {"page": number}
        answer = ask(**{name: value for name, value in place.items() if value}, per_page=size)
        found += items_of(answer)
        cursor = getattr(answer, call.operation.cursor or "", None)
        if not items_of(answer) or (call.operation.cursor and not cursor):
            break
    return found


@calls_where(is_list)
def test_pages_of_a_list(api, sandbox, call):
    size = max(call.operation.least, 2)
    paged = {"per_page": size, "limit": PAGES * size} if call.operation.pages else {}
    found = paginate(method(api, call), **call.required, **paged)
    items = list(found)
    asked = len(sandbox.requests)
    assert bool(items) != (call.operation.label in EMPTY)
    assert items == page_by_page(call, lambda **more: method(api, call)(**call.required, **more), size)
    assert asked == (-(-len(items) // size) if call.operation.pages and items else 1)
    assert len(found.to_records()) == len(items)


@calls_where(lambda operation: is_list(operation) and operation.cursor)
def test_cursors_lead_to_the_end(api, sandbox, call):
    narrow = {"query": "marathon paris"} if "query" in call.operation.names else {}
    ask = method(api, call)
    ids = [item.id for item in paginate(ask, **call.required, **narrow, limit=3000)]
    assert len(ids) == len(set(ids)) > call.operation.pages
    total = ask(**call.required, **narrow).to_dict().get("total_count")
    assert total in (None, len(ids))
    assert len(sandbox.requests) > 2


@calls_where(is_list)
def test_what_a_list_looks_like(api, call):
    answer = method(api, call)(**call.required)
    assert isinstance(answer, Table)
    page = Checked(answer._repr_html_())
    assert len(page.words) > 15
    for item in items_of(answer)[:2]:
        assert isinstance(item, str) or Checked(item._repr_html_()).words
    frame = answer.to_pandas()
    assert len(frame) == len(items_of(answer))
    assert all(list(frame.columns) == list(record) for record in answer.to_records())


@calls_where(lambda operation: operation.most_ids)
def test_many_ids(api, sandbox, call):
    operation = call.operation
    others = {name: value for name, value in call.required.items() if name != "id"}
    known = call.required.get("id") or call.optional["id"]
    requests = 1 if operation.label == "fetch_renders" else 3  # it answers 404 where none is known
    unknown = [str(10**8 + number) for number in range((requests - 1) * operation.most_ids or 3)]
    sandbox.requests.clear()
    found = get_many(method(api, call), [*known, *unknown], **others)
    assert [item.id for item in found.items[: len(known)]] == known
    assert {item.id for item in found.items}.isdisjoint(found.missing)
    assert len(found.items) + len(found.missing) == len(known) + len(unknown)
    assert len(sandbox.requests) == requests


def test_all_operations_are_looked_at():
    by_ids = {
        call.operation
        for call in FIRST_CALLS.values()
        if call.required.keys() >= {"id"} and is_list(call.operation)
    }
    by_ids = {operation.label for operation in by_ids if operation.query.get("id") == list[str]}
    recommended = "get_image_recommendations"  # what goes with images is found by their ids, but not them
    looked_up = {call.operation.label for call in FIRST_CALLS.values() if call.operation.most_ids}
    assert looked_up == by_ids - {recommended}
    looked_at = [call for call in FIRST_CALLS.values() if is_list(call.operation)]
    assert len(looked_at) >= 60
    assert {call.operation.api for call in looked_at} >= {
        name for name in shutterstock_api.api.__all__ if name not in ("OauthApi", "TestApi")
    }
