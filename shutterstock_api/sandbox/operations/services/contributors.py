"""Handlers about contributors and the sets that they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shutterstock_api.sandbox.catalogue.contributors import profiles
from shutterstock_api.sandbox.catalogue.contributors.sets import ContributorSet, sets_of
from shutterstock_api.sandbox.http.messages import not_found
from shutterstock_api.sandbox.http.times import iso
from shutterstock_api.sandbox.operations.call import Answer, Call, page_of, part_of
from shutterstock_api.sandbox.operations.media.items import told_of_unknown

#: The orders of the sets, each with the largest value first.
_ORDERS: dict[str, Callable[[ContributorSet], float]] = {
    "newest": lambda one: one.created,
    "last_updated": lambda one: max(one.updated, one.items_updated),
    "item_count": lambda one: len(one.images),
}


def get_contributor_list(call: Call) -> Answer:
    """Several contributors; `errors` names unknown ids."""
    ids = call.parameters["id"]
    known = [profiles.profile(id_, call.service.base_url) for id_ in ids if profiles.knows(id_)]
    unknown = [id_ for id_ in ids if not profiles.knows(id_)]
    return Answer(200, {"data": known, **told_of_unknown("Contributor", unknown)})


def get_contributor(call: Call) -> Answer:
    """One contributor."""
    return Answer(200, profiles.profile(_contributor_id(call), call.service.base_url))


def list_sets(call: Call) -> Answer:
    """All sets of a contributor."""
    order = _ORDERS[call.parameters.get("sort", "newest")]
    found = sorted(_all_sets(call), key=order, reverse=True)
    data = [{**_shown_set(one), "created_time": iso(one.created)} for one in found]
    return Answer(200, {"data": data, "page": 1, "per_page": len(data), "total_count": len(data)})


def show_set(call: Call) -> Answer:
    """One set; like the service, without the time when it was created."""
    return Answer(200, _shown_set(_wanted_set(call)))


def list_set_items(call: Call) -> Answer:
    """The items of a set."""
    one = _wanted_set(call)
    rows = [
        {"id": image_id, "media_type": "image", "added_time": iso(one.added(position))}
        for position, image_id in enumerate(one.images)
    ]
    if call.parameters.get("sort") == "newest":
        rows.reverse()
    return page_of(call, part_of(call, rows), len(rows))


def _contributor_id(call: Call) -> str:
    contributor_id = str(call.parameters["contributor_id"])
    if not profiles.knows(contributor_id):
        raise not_found()
    return contributor_id


def _all_sets(call: Call) -> list[ContributorSet]:
    return sets_of(call.service.images.catalogue, _contributor_id(call))


def _wanted_set(call: Call) -> ContributorSet:
    for one in _all_sets(call):
        if one.id == call.parameters["id"]:
            return one
    raise not_found()


def _shown_set(one: ContributorSet) -> dict[str, Any]:
    shown = {
        "id": one.id,
        "name": one.name,
        "total_item_count": len(one.images),
        "updated_time": iso(one.updated),
        "items_updated_time": iso(one.items_updated),
    }
    if one.images:
        shown["cover_item"] = {"id": one.images[0], "media_type": "image"}
    return shown
