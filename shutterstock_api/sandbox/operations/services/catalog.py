"""Handlers about the catalog of the account: assets of all media, in collections that have roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shutterstock_api.sandbox.account.database import OTHER, TEAM_MATE, USERNAME
from shutterstock_api.sandbox.account.oauth import USER_ID
from shutterstock_api.sandbox.account.services import role_in
from shutterstock_api.sandbox.catalogue import query
from shutterstock_api.sandbox.catalogue.vocabulary import WORD
from shutterstock_api.sandbox.http.messages import Refusal, invalid, not_found
from shutterstock_api.sandbox.http.times import iso
from shutterstock_api.sandbox.operations.call import Answer, Call, page_of, part_of

#: Types of assets -> the media to which they belong. The service has elements as well; the sandbox has none.
_MEDIA = {
    "image": "images",
    "video": "videos",
    "audio": "audio",
    "editorial-image": "editorial_images",
    "editorial-video": "editorial_videos",
}
_USER_IDS = {USERNAME: USER_ID, TEAM_MATE: "u12345679", OTHER: "u31415926"}
_ROLES = ("owners", "editors", "viewers")


def get_collections(call: Call) -> Answer:
    """The collections in which the account has a role, or only those of others."""
    found = call.service.store.catalog_collections()
    if call.parameters["shared"]:
        found = [one for one in found if role_in(one) != "owners"]
    if call.parameters["sort"] == "newest":
        found.reverse()
    return page_of(call, [_shown_shared(call, one) for one in part_of(call, found)], len(found))


def create_shared(call: Call) -> Answer:
    """A new collection, with its first assets."""
    assets = _assets(call)
    store, now = call.service.store, call.service.clock()
    collection_id = store.create_catalog_collection(
        call.body["name"], call.body.get("visibility", "private"), now
    )
    store.add_to_catalog(int(collection_id), assets, now)
    return _as_changed(call, collection_id, 201)


def update_shared(call: Call) -> Answer:
    """Change the name, visibility or cover; fields that the body leaves out stay."""
    one = _shared(call, "owners", "editors")
    changes = {name: call.body[name] for name in ("name", "visibility") if name in call.body}
    if "cover_asset" in call.body:
        item_id = call.body["cover_asset"]["id"]
        [changes["cover"]] = _numbers(call, one, [item_id], "$.body.cover_asset.id")
    call.service.store.change_catalog_collection(one["number"], call.service.clock(), **changes)
    return _as_changed(call, str(one["number"]))


def delete_shared(call: Call) -> Answer:
    """Delete a collection; its assets stay in the catalog."""
    call.service.store.delete_catalog_collection(_shared(call, "owners")["number"])
    return Answer(204)


def add_to_shared(call: Call) -> Answer:
    """Add assets to a collection and to the catalog; if one of them is unknown, none is added."""
    one = _shared(call, "owners", "editors")
    call.service.store.add_to_catalog(one["number"], _assets(call), call.service.clock())
    return _as_changed(call, str(one["number"]))


def delete_from_shared(call: Call) -> Answer:
    """Remove items from a collection; their assets stay in the catalog."""
    one = _shared(call, "owners", "editors")
    numbers = _numbers(call, one, [item["id"] for item in call.body["items"]], "$.body.items[{}].id")
    call.service.store.remove_from_catalog(one["number"], numbers, call.service.clock())
    return _as_changed(call, str(one["number"]))


def search_catalog(call: Call) -> Answer:
    """The assets of the catalog that pass all filters and have the words."""
    parameters = call.parameters
    try:
        node = query.parse_query(parameters.get("query", ""))
    except query.QueryError as error:
        raise invalid("$.query.query", str(error)) from error
    collections, types = set(parameters.get("collection_id", ())), parameters.get("asset_type")
    items = [
        _catalog_item(call, asset)
        for asset in call.service.store.catalog_assets()
        if (not types or asset["type"] in types)
        and (not collections or collections.intersection(asset["collection_ids"]))
    ]
    found = [item for item in items if query.matches(node, _name_words(item["asset"]))]
    if parameters["sort"] == "newest":
        found.reverse()
    return page_of(call, part_of(call, found), len(found))


def _shared(call: Call, *roles: str) -> dict[str, Any]:
    """The collection of the request, in which the account must have one of these roles."""
    one = call.service.store.catalog_collection(call.parameters["collection_id"])
    if one is None:
        raise not_found()
    if role_in(one) not in roles:
        raise Refusal(403, f"Only {' and '.join(roles)} of the collection may do this")
    return one


def _assets(call: Call) -> list[tuple[str, str]]:
    """The assets of the body, all of which must exist: type and id of each."""
    assets = []
    for number, item in enumerate(call.body.get("items", ())):
        asset, path = item.get("asset", {}), f"$.body.items[{number}].asset.id"
        type_, asset_id = asset["type"], asset.get("id")
        if asset_id is None:
            raise invalid(path, "id is required", "VALIDATION_REQUIRED")
        stock = call.service.stocks.get(_MEDIA.get(type_, ""))
        if stock is None or not stock.knows(asset_id):
            raise invalid(path, f"there is no asset of type {type_} with this id", data=asset_id)
        assets.append((type_, asset_id))
    return assets


def _numbers(call: Call, one: dict[str, Any], item_ids: Sequence[str], path: str) -> list[int]:
    """The numbers of items, all of which must be in the collection."""
    known = {str(number): number for number in call.service.store.catalog_numbers(one["number"])}
    for position, item_id in enumerate(item_ids):
        if item_id not in known:
            message = "no item of the collection has this id; the id of an asset is another"
            raise invalid(path.format(position), message, data=item_id)
    return [known[item_id] for item_id in item_ids]


def _as_changed(call: Call, collection_id: str, status: int = 200) -> Answer:
    one = call.service.store.catalog_collection(collection_id)
    if one is None:  # another request has just deleted it
        raise not_found()
    return Answer(status, _shown_shared(call, one))


def _shown_shared(call: Call, one: dict[str, Any]) -> dict[str, Any]:
    collection_id = str(one["number"])
    shown = {
        "id": collection_id,
        "name": one["name"],
        "visibility": one["visibility"],
        "total_item_count": one["total"],
        "created_time": iso(one["created"]),
        "updated_time": iso(one["updated"]),
        "role_assignments": {
            "collection_id": collection_id,
            "roles": {role: [_role_holder(name) for name in one["roles"].get(role, ())] for role in _ROLES},
        },
    }
    if one["shown"] is not None:
        shown["cover_asset"] = _catalog_item(call, call.service.store.catalog_asset(one["shown"]))
    return shown


def _role_holder(username: str) -> dict[str, str]:
    return {"id": _USER_IDS[username], "type": "USER", "email": f"{username}@example.com"}


def _catalog_item(call: Call, asset: dict[str, Any]) -> dict[str, Any]:
    shown = {"id": asset["asset_id"], "type": asset["type"]}
    if stock := call.service.stocks.get(_MEDIA[asset["type"]]):
        shown["name"] = stock.title(asset["asset_id"])
    return {
        "id": str(asset["number"]),
        "asset": shown,
        "created_time": iso(asset["created"]),
        "collection_ids": asset["collection_ids"],
    }


def _name_words(asset: dict[str, str]) -> set[str]:
    return set(WORD.findall(asset.get("name", "").lower()))
