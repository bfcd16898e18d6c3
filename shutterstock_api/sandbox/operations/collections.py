"""Handlers for collections, one's own and featured ones."""

from __future__ import annotations

from typing import Any

from shutterstock_api.sandbox.account.store import USERNAME
from shutterstock_api.sandbox.http.messages import invalid, not_found
from shutterstock_api.sandbox.http.times import iso

from .call import Answer, Call, offset, page_of

#: Who owns the featured collections; their kinds are `photo`, `vector` and `editorial`.
_PUBLISHER = "shutterstock"
_FEATURED = ("photo", "vector", "editorial")


def _share_code(collection: dict[str, Any]) -> str:
    return f"share-{collection['number']}"


def _readable(call: Call) -> dict[str, Any]:
    """A collection of the account, or somebody else's whose share code the request knows."""
    collection = call.service.store.collection(call.parameters["id"])
    if collection is None or collection["kind"] != "own":
        raise not_found()
    code = call.parameters.get("share_code")
    if code != _share_code(collection) and (collection["owner"] != USERNAME or code is not None):
        raise not_found()
    return collection


def _owned(call: Call) -> dict[str, Any]:
    collection = call.service.store.collection(call.parameters["id"])
    if collection is None or collection["kind"] != "own" or collection["owner"] != USERNAME:
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


def _show(call: Call, collection: dict[str, Any]) -> dict[str, Any]:
    embed = call.parameters.get("embed", [])
    shown = _common(call, collection, embed)
    if collection["cover"] is not None:
        shown["cover_item"] = {"id": collection["cover"], "media_type": "image"}
    if "share_code" in embed:
        shown["share_code"] = _share_code(collection)
    return shown


def _show_featured(call: Call, collection: dict[str, Any]) -> dict[str, Any]:
    embed = call.parameters.get("embed", [])
    shown = _common(call, collection, [embed] if isinstance(embed, str) else embed)
    hint = call.parameters.get("asset_hint", "1x")
    kinds = {"cover_item": "preview", "hero_item": "preview_1000"}
    if hint == "2x":
        kinds = {"cover_item": "preview_1000", "hero_item": "preview_1500"}
    for name, kind in kinds.items():
        shown[name] = {"url": f"{call.service.base_url}/previews/{kind}/{collection['cover']}.jpg"}
    return shown


def _items(call: Call, collection: dict[str, Any]) -> Answer:
    page, per_page = call.parameters["page"], call.parameters["per_page"]
    newest = call.parameters.get("sort") == "newest"
    number = collection["number"]
    rows = call.service.store.items(number, newest=newest, limit=per_page, offset=offset(call))
    data = [{"id": row["image_id"], "media_type": "image", "added_time": iso(row["added"])} for row in rows]
    return Answer(200, {"data": data, "page": page, "per_page": per_page, "total_count": collection["total"]})


def get_lightbox_list(call: Call) -> Answer:
    """The account's collections."""
    body = page_of(call, call.service.store.collections(["own"], USERNAME))
    return Answer(200, {**body, "data": [_show(call, collection) for collection in body["data"]]})


def create_lightbox(call: Call) -> Answer:
    """A new collection."""
    return Answer(201, {"id": call.service.store.create_collection(call.body["name"], call.service.clock())})


def get_lightbox(call: Call) -> Answer:
    """One collection."""
    return Answer(200, _show(call, _readable(call)))


def rename_lightbox(call: Call) -> Answer:
    """Another name for a collection."""
    call.service.store.rename_collection(_owned(call)["number"], call.body["name"], call.service.clock())
    return Answer(204)


def delete_lightbox(call: Call) -> Answer:
    """No collection any more."""
    call.service.store.delete_collection(_owned(call)["number"])
    return Answer(204)


def get_lightbox_items(call: Call) -> Answer:
    """What is in a collection."""
    return _items(call, _readable(call))


def add_lightbox_items(call: Call) -> Answer:
    """More images in a collection; none is added where one of them is unknown."""
    collection = _owned(call)
    ids = [item["id"] for item in call.body["items"]]
    for number, image_id in enumerate(ids):
        if not call.service.catalogue.knows(image_id):
            raise invalid(f"$.body.items[{number}].id", "there is no image with this id", data=image_id)
    call.service.store.add_items(collection["number"], ids, call.service.clock())
    return Answer(204)


def delete_lightbox_items(call: Call) -> Answer:
    """Fewer images in a collection; without `item_id` it stays as it is."""
    ids = call.parameters.get("item_id", [])
    call.service.store.delete_items(_owned(call)["number"], ids, call.service.clock())
    return Answer(204)


def get_featured_lightbox_list(call: Call) -> Answer:
    """The featured collections."""
    found = call.service.store.collections(call.parameters.get("type") or _FEATURED, _PUBLISHER)
    return Answer(200, {"data": [_show_featured(call, collection) for collection in found]})


def _featured(call: Call) -> dict[str, Any]:
    collection = call.service.store.collection(call.parameters["id"])
    if collection is None or collection["kind"] not in _FEATURED:
        raise not_found()
    return collection


def get_featured_lightbox(call: Call) -> Answer:
    """One featured collection."""
    return Answer(200, _show_featured(call, _featured(call)))


def get_featured_lightbox_items(call: Call) -> Answer:
    """What is in a featured collection."""
    return _items(call, _featured(call))
