"""Collections: what one operation changes, the others show, and the sandbox has written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shutterstock_api import (
    BadRequestError,
    CollectionCreateRequest,
    CollectionItem,
    CollectionItemRequest,
    NotFoundError,
)

MINE, EMPTY, SHARED = "126351027", "126351028", "126351029"
FEATURED = {"photo": "136351027", "vector": "136351028", "editorial": "136351029"}
LONG_AGO = datetime(2021, 5, 17, 9, 30, tzinfo=UTC)


def ids(found):
    return [item.id for item in found.data]


def now(clock):
    return datetime.fromtimestamp(clock.now, UTC)


def test_get_lightbox_list(api):
    found = api.get_lightbox_list()
    assert {item.id: item.name for item in found.data} == {MINE: "Summer campaign", EMPTY: "Empty collection"}
    assert (found.page, found.per_page, found.total_count) == (1, 100, 2)
    assert all(item.share_url is None and item.share_code is None for item in found.data)
    assert found.data == [api.get_lightbox(id) for id in ids(found)]


def test_pages_of_collections(api):
    for number in range(8):
        api.create_lightbox({"name": f"Number {number}"})
    pages = [api.get_lightbox_list(per_page=4, page=page) for page in (1, 2, 3, 4)]
    assert [len(page.data) for page in pages] == [4, 4, 2, 0]
    assert {page.total_count for page in pages} == {10}
    assert len({id for page in pages for id in ids(page)}) == 10


@pytest.mark.parametrize("embed", [["share_code"], ["share_url"], ["share_code", "share_url"]])
def test_get_lightbox(api, embed):
    found = api.get_lightbox(MINE, embed=embed)
    assert (found.id, found.name, found.total_item_count) == (MINE, "Summer campaign", 25)
    assert found.cover_item == CollectionItem(id="1001", media_type="image")
    assert found.created_time == found.updated_time == LONG_AGO
    assert (found.share_code is not None) == ("share_code" in embed)
    assert (found.share_url is not None) == ("share_url" in embed)


def test_an_empty_collection_has_no_cover(api):
    found = api.get_lightbox(EMPTY)
    assert (found.total_item_count, found.cover_item) == (0, None)
    assert api.get_lightbox_items(EMPTY).data == []


def test_somebody_elses_collection_needs_its_share_code(api):
    for read in (api.get_lightbox, api.get_lightbox_items):
        with pytest.raises(NotFoundError):
            read(SHARED)
        with pytest.raises(NotFoundError):
            read(SHARED, share_code="share-guess")
    code = f"share-{SHARED}"
    assert api.get_lightbox(SHARED, share_code=code).name == "Shared with you"
    assert len(api.get_lightbox_items(SHARED, share_code=code).data) == 5
    with pytest.raises(NotFoundError):
        api.rename_lightbox(SHARED, {"name": "Mine"})


def test_get_lightbox_items(api, books):
    found = api.get_lightbox_items(MINE)
    assert ids(found) == [row["item_id"] for row in books.items(int(MINE))]
    assert (found.page, found.per_page, found.total_count) == (1, 100, 25)
    assert found.data[3] == CollectionItem(
        id="1004", media_type="image", added_time=LONG_AGO + timedelta(minutes=3)
    )


def test_the_order_of_items(api):
    oldest, newest = (ids(api.get_lightbox_items(MINE, sort=sort)) for sort in ("oldest", "newest"))
    assert oldest == newest[::-1] == ids(api.get_lightbox_items(MINE))


def test_pages_of_items(api):
    pages = [ids(api.get_lightbox_items(MINE, per_page=10, page=page)) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [id for page in pages for id in page] == ids(api.get_lightbox_items(MINE))


def test_create_lightbox(api, books, clock):
    created = api.create_lightbox(CollectionCreateRequest(name="Löwen & \N{LION FACE}"))
    found = api.get_lightbox(created.id)
    assert (found.id, found.name, found.total_item_count) == (created.id, "Löwen & \N{LION FACE}", 0)
    assert found.created_time == found.updated_time == found.items_updated_time == now(clock)
    assert created.id in ids(api.get_lightbox_list())
    assert books.collection(created.id)["name"] == "Löwen & \N{LION FACE}"


def test_rename_lightbox(api, books, clock):
    assert api.rename_lightbox(MINE, {"name": "Winter campaign"}) is None
    found = api.get_lightbox(MINE)
    assert (found.name, found.total_item_count) == ("Winter campaign", 25)
    assert (found.created_time, found.updated_time, found.items_updated_time) == (
        LONG_AGO,
        now(clock),
        LONG_AGO,
    )
    assert books.collection(MINE)["name"] == "Winter campaign"


def test_delete_lightbox(api, books):
    assert api.delete_lightbox(MINE) is None
    assert ids(api.get_lightbox_list()) == [EMPTY]
    assert books.collection(MINE) is None
    assert books.items(int(MINE)) == []
    for again in (api.get_lightbox, api.get_lightbox_items, api.delete_lightbox):
        with pytest.raises(NotFoundError):
            again(MINE)
    assert api.get_image("1001").id == "1001"


def test_add_lightbox_items(api, books, clock):
    body = CollectionItemRequest(items=[CollectionItem(id="7"), CollectionItem(id="8")])
    assert api.add_lightbox_items(EMPTY, body) is None
    assert [(item.id, item.added_time) for item in api.get_lightbox_items(EMPTY).data] == [
        ("7", now(clock)),
        ("8", now(clock)),
    ]
    found = api.get_lightbox(EMPTY)
    assert (found.total_item_count, found.cover_item.id) == (2, "7")
    assert (found.updated_time, found.items_updated_time) == (LONG_AGO, now(clock))
    assert [row["item_id"] for row in books.items(int(EMPTY))] == ["7", "8"]


def test_adding_twice_changes_nothing(api):
    for _ in range(2):
        api.add_lightbox_items(MINE, {"items": [{"id": "1003"}, {"id": "9"}]})
    assert ids(api.get_lightbox_items(MINE))[-2:] == ["1025", "9"]
    assert api.get_lightbox(MINE).total_item_count == 26


def test_of_a_list_with_an_unknown_image_nothing_is_added(api):
    with pytest.raises(BadRequestError):
        api.add_lightbox_items(EMPTY, {"items": [{"id": "7"}, {"id": "404"}]})
    assert api.get_lightbox_items(EMPTY).data == []


def test_delete_lightbox_items(api, books):
    assert api.delete_lightbox_items(MINE, item_id=["1001", "1025", "31"]) is None
    left = ids(api.get_lightbox_items(MINE))
    assert left == [str(number) for number in range(1002, 1025)]
    assert left == [row["item_id"] for row in books.items(int(MINE))]
    assert api.get_lightbox(MINE).cover_item.id == "1002"


def test_deleting_one_item_or_none(api):
    api.delete_lightbox_items(MINE, item_id="1001")
    api.delete_lightbox_items(MINE)
    assert api.get_lightbox(MINE).total_item_count == 24


# Featured collections, which the service has deprecated.


def test_get_featured_lightbox_list(api):
    found = api.get_featured_lightbox_list(embed="share_url", asset_hint="2x")
    assert set(ids(found)) == set(FEATURED.values())
    assert all(item.share_url for item in found.data)
    assert found.data == [
        api.get_featured_lightbox(id, embed="share_url", asset_hint="2x") for id in ids(found)
    ]


@pytest.mark.parametrize("kinds", [["photo"], ["vector", "editorial"], "editorial"])
def test_featured_collections_of_a_kind(api, kinds):
    wanted = [kinds] if isinstance(kinds, str) else kinds
    assert ids(api.get_featured_lightbox_list(type=kinds)) == [FEATURED[kind] for kind in wanted]


def test_get_featured_lightbox(api, web):
    found = api.get_featured_lightbox(FEATURED["photo"])
    assert (found.name, found.total_item_count, found.share_url) == ("Wild and free", 40, None)
    assert found.created_time == LONG_AGO
    finer = api.get_featured_lightbox(FEATURED["photo"], asset_hint="2x")
    assert finer.cover_item.url == found.hero_item.url != found.cover_item.url
    assert web(found.cover_item.url).startswith(b"\xff\xd8\xff")


def test_get_featured_lightbox_items(api):
    found = api.get_featured_lightbox_items(FEATURED["vector"])
    assert ids(found) == [str(number) for number in range(4001, 4013)]
    assert {item.media_type for item in found.data} == {"image"}
    assert ids(api.get_featured_lightbox_items(FEATURED["vector"], per_page=5, page=3)) == ["4011", "4012"]


@pytest.mark.parametrize("method", ["get_featured_lightbox", "get_featured_lightbox_items"])
def test_an_own_collection_is_not_featured_nor_the_reverse(api, method):
    with pytest.raises(NotFoundError):
        getattr(api, method)(MINE)
    with pytest.raises(NotFoundError):
        getattr(api, method.replace("featured_", ""))(FEATURED["photo"])
