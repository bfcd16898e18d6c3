"""The catalog of the account: collections with roles, and assets that stay."""

from __future__ import annotations

import pytest

from shutterstock_api import BadRequestError, ForbiddenError, NotFoundError, paginate
from shutterstock_api.sandbox import USERNAME

MINE, EMPTY, TO_EDIT, TO_VIEW = "293542904", "293542905", "293542906", "293542907"


def asset(id, type="image"):
    return {"asset": {"id": id, "type": type}}


def assets_in(catalog, collection_id, **more):
    found = catalog.search_catalog(collection_id=[collection_id], sort="oldest", **more)
    return [(item.asset.type, item.asset.id) for item in found.data]


def test_get_collections(catalog):
    found = catalog.get_collections(sort="oldest")
    assert [one.id for one in found.data] == [MINE, EMPTY, TO_EDIT, TO_VIEW]
    assert catalog.get_collections(sort="newest").data == found.data[::-1]
    shared = catalog.get_collections(shared=True, sort="oldest")
    assert ([one.id for one in shared.data], shared.total_count) == ([TO_EDIT, TO_VIEW], 2)
    assert list(paginate(catalog.get_collections, per_page=2, sort="oldest")) == found.data


def test_roles(catalog):
    roles = {one.id: one.role_assignments.roles for one in catalog.get_collections().data}
    emails = {
        id: [[holder.email for holder in holders] for holders in (one.owners, one.editors, one.viewers)]
        for id, one in roles.items()
    }
    me, mate, other = (f"{name}@example.com" for name in (USERNAME, "team.mate", "somebody.else"))
    assert emails[MINE] == [[me], [mate], []]
    assert emails[TO_EDIT] == [[other], [me], []]
    assert emails[TO_VIEW] == [[other], [], [me]]
    assert {holder.type for holder in roles[MINE].owners} == {"USER"}


def test_the_owner_is_the_user_of_the_token(catalog, users):
    [first, *_] = catalog.get_collections(sort="oldest").data
    assert first.role_assignments.roles.owners[0].id == users.get_user().id


def test_create_collection(catalog, clock):
    body = {"name": "Autumn", "items": [asset("17"), asset("18", "video"), asset("19", "audio")]}
    made = catalog.create_collection(body)
    assert (made.name, made.visibility, made.total_item_count) == ("Autumn", "private", 3)
    assert made.created_time == made.updated_time
    assert made.created_time.timestamp() == pytest.approx(clock.time(), abs=0.001)
    assert made.cover_asset.asset.id == "17"
    assert [role.email for role in made.role_assignments.roles.owners] == [f"{USERNAME}@example.com"]
    assert assets_in(catalog, made.id) == [("image", "17"), ("video", "18"), ("audio", "19")]
    assert catalog.create_collection({"name": "Bare", "visibility": "public"}).total_item_count == 0


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (asset("404"), "VALIDATION_INVALID_VALUE"),
        (asset("17", "elements"), "VALIDATION_INVALID_VALUE"),
        (asset("17", "editorial-image"), "VALIDATION_INVALID_VALUE"),
        ({"asset": {"type": "image"}}, "VALIDATION_REQUIRED"),
    ],
    ids=["unknown", "elements", "of another kind", "without an id"],
)
def test_an_asset_that_there_is_not(catalog, item, code):
    before = catalog.get_collections().total_count
    for call in (
        lambda: catalog.create_collection({"name": "New", "items": [asset("17"), item]}),
        lambda: catalog.add_to_collection(EMPTY, {"items": [asset("17"), item]}),
    ):
        with pytest.raises(BadRequestError) as caught:
            call()
        [error] = caught.value.errors
        assert (error["code"], error["path"]) == (code, "$.body.items[1].asset.id")
    assert catalog.get_collections().total_count == before
    assert assets_in(catalog, EMPTY) == []


def test_update_collection(catalog, sandbox, clock):
    clock.now += 60
    changed = catalog.update_collection(MINE, {"name": "Spring", "visibility": "public"})
    assert sandbox.requests[-1].method == "PATCH"
    assert (changed.name, changed.visibility, changed.total_item_count) == ("Spring", "public", 4)
    assert changed.updated_time > changed.created_time
    second = catalog.search_catalog(collection_id=[MINE], sort="oldest").data[1]
    covered = catalog.update_collection(MINE, {"cover_asset": {"id": second.id}})
    assert (covered.cover_asset, covered.name) == (second, "Spring")
    with pytest.raises(BadRequestError) as caught:  # the id of the asset is not that of the item
        catalog.update_collection(MINE, {"cover_asset": {"id": second.asset.id}})
    assert caught.value.errors[0]["path"] == "$.body.cover_asset.id"


def test_a_cover_that_leaves(catalog):
    first, second, *_ = catalog.search_catalog(collection_id=[MINE], sort="oldest").data
    catalog.update_collection(MINE, {"cover_asset": {"id": second.id}})
    assert catalog.delete_from_collection(MINE, {"items": [{"id": second.id}]}).cover_asset == first


def test_add_to_collection(catalog):
    added = catalog.add_to_collection(EMPTY, {"items": [asset("17"), asset("99", "video"), asset("17")]})
    assert added.total_item_count == 2
    assert catalog.add_to_collection(EMPTY, {"items": [asset("17")]}).total_item_count == 2
    items = {item.asset.id: item for item in catalog.search_catalog(collection_id=[EMPTY]).data}
    assert sorted(items["17"].collection_ids) == [EMPTY, TO_EDIT]
    with pytest.raises(BadRequestError):
        catalog.add_to_collection(EMPTY, {"items": [asset(str(id)) for id in range(1, 52)]})


def test_delete_from_collection(catalog, sandbox):
    first, second, *_ = catalog.search_catalog(collection_id=[MINE], sort="oldest").data
    left = catalog.delete_from_collection(MINE, {"items": [{"id": first.id}]})
    request = sandbox.requests[-1]
    assert (request.method, request.json()) == ("DELETE", {"items": [{"id": first.id}]})
    assert (left.total_item_count, left.cover_asset) == (3, second)
    assert first.asset.id not in [id for _, id in assets_in(catalog, MINE)]
    kept = {item.id: item for item in catalog.search_catalog().data}
    assert not kept[first.id].collection_ids
    with pytest.raises(BadRequestError) as caught:
        catalog.delete_from_collection(MINE, {"items": [{"id": second.id}, {"id": second.asset.id}]})
    assert caught.value.errors[0]["path"] == "$.body.items[1].id"
    assert second.asset.id in [id for _, id in assets_in(catalog, MINE)]


def test_delete_collection(catalog):
    before = catalog.search_catalog().total_count
    assert catalog.delete_collection(MINE) is None
    assert MINE not in [one.id for one in catalog.get_collections().data]
    after = catalog.search_catalog()
    assert after.total_count == before
    assert all(MINE not in item.collection_ids for item in after.data)
    with pytest.raises(NotFoundError):
        catalog.delete_collection(MINE)


def test_what_a_role_allows(catalog):
    assert catalog.update_collection(TO_EDIT, {"name": "Edited"}).name == "Edited"
    assert catalog.add_to_collection(TO_EDIT, {"items": [asset("21")]}).total_item_count == 2
    with pytest.raises(ForbiddenError, match="Only owners of the collection"):
        catalog.delete_collection(TO_EDIT)
    for call in (
        lambda: catalog.update_collection(TO_VIEW, {"name": "Mine now"}),
        lambda: catalog.add_to_collection(TO_VIEW, {"items": [asset("21")]}),
        lambda: catalog.delete_from_collection(TO_VIEW, {"items": [{"id": "1"}]}),
        lambda: catalog.delete_collection(TO_VIEW),
    ):
        with pytest.raises(ForbiddenError):
            call()
    assert assets_in(catalog, TO_VIEW) == [("image", "18")]


def test_search_catalog(catalog, api):
    word = api.get_image("17").description.split()[1]
    assert ("image", "17") in [
        (one.asset.type, one.asset.id) for one in catalog.search_catalog(query=word).data
    ]
    others = catalog.search_catalog(query=f"NOT {word}")
    assert others.total_count < catalog.search_catalog().total_count
    assert all(word not in item.asset.name.lower().split() for item in others.data)
    assert {item.asset.type for item in catalog.search_catalog(asset_type=["video", "audio"]).data} == {
        "video",
        "audio",
    }
    both = catalog.search_catalog(collection_id=[TO_EDIT, TO_VIEW])
    assert {item.asset.id for item in both.data} == {"17", "18"}
    assert list(paginate(catalog.search_catalog, per_page=2)) == catalog.search_catalog().data
    counts = catalog.search_catalog(per_page=0)
    assert (counts.data, counts.total_count) == ([], 6)


def test_every_kind_of_asset_has_a_name(catalog):
    added = [asset("10687730b", "editorial-image"), asset("10001234a", "editorial-video")]
    catalog.add_to_collection(MINE, {"items": added})
    found = catalog.search_catalog(collection_id=[MINE]).data
    assert {item.asset.type for item in found} == {
        "image",
        "video",
        "audio",
        "editorial-image",
        "editorial-video",
    }
    assert all(item.asset.name for item in found)


def test_a_query_that_is_malformed(catalog):
    with pytest.raises(BadRequestError) as caught:
        catalog.search_catalog(query="(lake")
    assert caught.value.errors[0]["path"] == "$.query.query"
