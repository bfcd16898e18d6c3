"""Collections of media of any kind: the account's own and featured ones."""

from __future__ import annotations

from typing import Any

from shutterstock_api.sandbox.account.database import PUBLISHER, USERNAME
from shutterstock_api.sandbox.http.messages import invalid, not_found
from shutterstock_api.sandbox.http.times import iso

from .call import Answer, Call, offset, page_of, part_of


def _share_code(collection: dict[str, Any]) -> str:
    return f"share-{collection['number']}"


def _find(call: Call, *, featured: bool = False) -> dict[str, Any]:
    collection = call.service.store.collection(call.parameters["id"])
    if collection is None or collection["medium"] != call.medium.name:
        raise not_found()
    if (collection["owner"] == PUBLISHER) is not featured:
        raise not_found()
    return collection


def _readable(call: Call) -> dict[str, Any]:
    """A collection of the account, or of another user if the request has its share code."""
    collection = _find(call)
    code = call.parameters.get("share_code")
    if code != _share_code(collection) and (collection["owner"] != USERNAME or code is not None):
        raise not_found()
    return collection


def _owned(call: Call) -> dict[str, Any]:
    collection = _find(call)
    if collection["owner"] != USERNAME:
        raise not_found()
    return collection


def _common(call: Call, collection: dict[str, Any], embed: list[str]) -> dict[str, Any]:
    shown = {
        "id": str(collection["number"]),
        "name": collection["name"],
        "total_item_count": collection["total"],
        "created_time": iso(collection["created"]),
        "updated_time": iso(collection["updated"]),
        "items_updated_time": iso(collection["items_updated"]),
    }
    if "share_url" in embed:
        shown["share_url"] = (
            f"{call.service.base_url}/collections/{collection['number']}-{_share_code(collection)}"
        )
    return shown


def _own_collection(call: Call, collection: dict[str, Any]) -> dict[str, Any]:
    embed = call.parameters.get("embed", [])
    shown = _common(call, collection, embed)
    if collection["cover"] is not None:
        shown["cover_item"] = {"id": collection["cover"], "media_type": call.medium.kind}
    if "share_code" in embed:
        shown["share_code"] = _share_code(collection)
    return shown


def _featured_collection(call: Call, collection: dict[str, Any]) -> dict[str, Any]:
    embed = call.parameters.get("embed", [])
    shown = _common(call, collection, [embed] if isinstance(embed, str) else embed)
    large = call.parameters.get("asset_hint") == "2x"
    for name, path in call.stock.covers(collection["cover"], large=large).items():
        shown[name] = {"url": call.service.base_url + path}
    return shown


def _items(call: Call, collection: dict[str, Any]) -> Answer:
    newest = call.parameters.get("sort") == "newest"
    limit = call.parameters["per_page"]
    rows = call.service.store.items(collection["number"], newest=newest, limit=limit, offset=offset(call))
    kind = call.medium.kind
    data = [{"id": row["item_id"], "media_type": kind, "added_time": iso(row["added"])} for row in rows]
    return page_of(call, data, collection["total"])


def list_collections(call: Call) -> Answer:
    """The account's collections."""
    mine = call.service.store.collections(call.medium.name, USERNAME)
    shown = [_own_collection(call, collection) for collection in part_of(call, mine)]
    return page_of(call, shown, len(mine))


def create_collection(call: Call) -> Answer:
    """A new collection."""
    now = call.service.clock()
    return Answer(201, {"id": call.service.store.create_collection(call.medium.name, call.body["name"], now)})


def show_collection(call: Call) -> Answer:
    """One collection."""
    return Answer(200, _own_collection(call, _readable(call)))


def rename_collection(call: Call) -> Answer:
    """Rename a collection."""
    call.service.store.rename_collection(_owned(call)["number"], call.body["name"], call.service.clock())
    return Answer(204)


def delete_collection(call: Call) -> Answer:
    """Delete a collection."""
    call.service.store.delete_collection(_owned(call)["number"])
    return Answer(204)


def list_items(call: Call) -> Answer:
    """List the items of a collection."""
    return _items(call, _readable(call))


def add_items(call: Call) -> Answer:
    """Add items to a collection; if one of them is unknown, none is added."""
    collection = _owned(call)
    ids = [item["id"] for item in call.body["items"]]
    for number, item_id in enumerate(ids):
        if not call.stock.knows(item_id):
            message = f"there is no {call.medium.kind} with this id"
            raise invalid(f"$.body.items[{number}].id", message, data=item_id)
    call.service.store.add_items(collection["number"], ids, call.service.clock())
    return Answer(204)


def delete_items(call: Call) -> Answer:
    """Remove items from a collection; without `item_id` nothing changes."""
    ids = call.parameters.get("item_id", [])
    call.service.store.delete_items(_owned(call)["number"], ids, call.service.clock())
    return Answer(204)


def list_featured(call: Call) -> Answer:
    """The featured collections."""
    kinds = call.parameters.get("type")
    found = call.service.store.collections(call.medium.name, PUBLISHER)
    shown = [_featured_collection(call, one) for one in found if not kinds or one["kind"] in kinds]
    return Answer(200, {"data": shown})


def show_featured(call: Call) -> Answer:
    """One featured collection."""
    return Answer(200, _featured_collection(call, _find(call, featured=True)))


def list_featured_items(call: Call) -> Answer:
    """List the items of a featured collection."""
    return _items(call, _find(call, featured=True))
