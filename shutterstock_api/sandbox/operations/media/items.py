"""The handlers that all media share; the record of each medium says how it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shutterstock_api.sandbox.catalogue.searching import Found, SearchError
from shutterstock_api.sandbox.catalogue.stock import Shelf
from shutterstock_api.sandbox.catalogue.terms import suggestions
from shutterstock_api.sandbox.catalogue.updates import changes, period
from shutterstock_api.sandbox.catalogue.vocabulary import CATEGORIES
from shutterstock_api.sandbox.http.messages import invalid, not_found
from shutterstock_api.sandbox.http.times import iso
from shutterstock_api.sandbox.operations.call import Answer, Call, page_of, part_of


def _shown(call: Call, shelf: Shelf, item_ids: Iterable[int], view: str) -> list[dict[str, Any]]:
    return [shelf.shown(item_id, view, call.service.base_url) for item_id in item_ids]


def item_of(call: Call) -> int:
    """The item that a path names."""
    if not call.shelf.knows(call.parameters["id"]):
        raise not_found()
    return int(call.parameters["id"])


def show_item(call: Call) -> Answer:
    """One item."""
    return Answer(200, _shown(call, call.shelf, [item_of(call)], call.parameters.get("view", "full"))[0])


def show_items(call: Call) -> Answer:
    """Several items; `errors` names unknown ids."""
    ids = call.parameters["id"]
    known = [int(item_id) for item_id in ids if call.shelf.knows(item_id)]
    shown = _shown(call, call.shelf, known, call.parameters.get("view", "minimal"))
    unknown = [item_id for item_id in ids if not call.shelf.knows(item_id)]
    return Answer(200, {"data": shown, **told_of_unknown(call.medium.kind.capitalize(), unknown)})


def told_of_unknown(kind: str, ids: list[str]) -> dict[str, Any]:
    """What a look-up says about unknown ids: one entry in `errors` for each."""
    told = {"code": "NOT_FOUND", "message": f"{kind} not found", "path": "$.query.id"}
    return {"errors": [{**told, "items": [{"id": one}]} for one in ids]} if ids else {}


def search_items(call: Call) -> Answer:
    """One search."""
    return Answer(200, searched(call, call.shelf, call.parameters, "$.query"))


def searched(call: Call, shelf: Shelf, parameters: Mapping[str, Any], place: str) -> dict[str, Any]:
    """One page of what a search finds."""
    try:
        found = shelf.searcher.search(parameters)
    except SearchError as error:
        raise invalid(f"{place}.{error.parameter}", str(error)) from error
    return found_page(call, shelf, found, parameters)


def found_page(call: Call, shelf: Shelf, found: Found, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """One page of what has been found."""
    page, per_page = parameters["page"], parameters["per_page"]
    body = {
        "data": _shown(call, shelf, found.results.page(page, per_page), parameters.get("view", "minimal")),
        "page": page,
        "per_page": per_page,
        "search_id": found.search_id,
        "total_count": found.results.total,
    }
    return body if found.spellcheck_info is None else {**body, "spellcheck_info": found.spellcheck_info}


def list_similar(call: Call) -> Answer:
    """Items like another one."""
    found = call.shelf.searcher.similar_item(item_of(call))
    return Answer(200, found_page(call, call.shelf, found, call.parameters))


def list_categories(call: Call) -> Answer:
    """All categories."""
    return Answer(200, {"data": [{"id": id_, "name": name} for name, id_ in CATEGORIES.items()]})


def list_suggestions(call: Call) -> Answer:
    """Completions of the beginning of a search term."""
    return Answer(200, {"data": suggestions(call.parameters["query"], call.parameters["limit"])})


def list_changes(call: Call) -> Answer:
    """The items that changed in a period."""
    now = call.service.clock()
    start, end = period(call.parameters, call.given, now)
    catalogue = call.shelf.searcher.catalogue
    found = changes(catalogue, max(start, 0.0), min(end, now), call.parameters.get("type", ()))
    if call.parameters["sort"] == "newest":
        found.reverse()
    shown = [
        {"id": change.item_id, "updated_time": iso(change.time), "updates": [change.kind]}
        for change in part_of(call, found)
    ]
    return page_of(call, shown, len(found))
