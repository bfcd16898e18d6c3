"""Collections: one's own, shared and featured ones."""

from __future__ import annotations

from typing import Any

import pytest

OWN, FEATURED = "/v2/images/collections", "/v2/images/collections/featured"


def test_a_collection_from_birth_to_death(client: Any, clock: Any) -> None:
    created = client("POST", OWN, {"name": "Spring"})
    assert created.status == 201
    path = f"{OWN}/{created.json['id']}"
    clock.now += 60
    assert client("POST", path, {"name": "Spring and summer"}).status == 204
    clock.now += 60
    assert (
        client(
            "POST", f"{path}/items", {"items": [{"id": "1"}, {"id": "2"}, {"id": "1"}, {"id": "3"}]}
        ).status
        == 204
    )
    assert client("DELETE", f"{path}/items", item_id=["2", "77"]).status == 204
    assert client("DELETE", f"{path}/items").status == 204
    assert client.get(path) == {
        "id": created.json["id"],
        "name": "Spring and summer",
        "total_item_count": 2,
        "cover_item": {"id": "1", "media_type": "image"},
        "created_time": "2023-11-14T22:13:20.000Z",
        "updated_time": "2023-11-14T22:14:20.000Z",
        "items_updated_time": "2023-11-14T22:15:20.000Z",
    }
    assert [item["id"] for item in client.get(f"{path}/items")["data"]] == ["1", "3"]
    assert client("DELETE", path).status == 204
    assert client("GET", path).status == 404


def test_the_list_of_collections(client: Any) -> None:
    body = client.get(OWN, embed=["share_code", "share_url"], per_page=1)
    assert body["total_count"] == 2
    [first] = body["data"]
    assert (first["id"], first["share_code"]) == ("126351027", "share-126351027")
    assert first["share_url"].startswith(client.sandbox.url)
    [empty] = client.get(OWN, per_page=1, page=2)["data"]
    assert empty.keys() & {"cover_item", "share_code", "share_url"} == set()


def test_items_in_pages_and_orders(client: Any) -> None:
    path = f"{OWN}/126351027/items"
    oldest = [item["id"] for page in (1, 2, 3) for item in client.get(path, per_page=10, page=page)["data"]]
    assert oldest == [str(number) for number in range(1001, 1026)]
    assert client.get(path, sort="newest", per_page=2)["data"][0] == {
        "id": "1025",
        "media_type": "image",
        "added_time": "2021-05-17T09:54:00.000Z",
    }
    assert client.get(path, page=10**17)["data"] == []


def test_share_codes_open_the_collections_of_others(client: Any) -> None:
    path = f"{OWN}/126351029"
    assert client("GET", path).status == 404
    assert client.get(path, share_code="share-126351029")["name"] == "Shared with you"
    assert client.get(f"{path}/items", share_code="share-126351029")["total_count"] == 5
    assert client("GET", path, share_code="share-1").status == 404
    assert client("GET", f"{OWN}/126351027", share_code="share-1").status == 404
    assert client.get(f"{OWN}/126351027", share_code="share-126351027")["id"] == "126351027"
    assert client("POST", path, {"name": "Mine"}).status == 404


@pytest.mark.parametrize("collection", ["1", "abc", "136351027", "9" * 30])
def test_unknown_collections(client: Any, collection: str) -> None:
    path = f"{OWN}/{collection}"
    replies = [
        client("GET", path),
        client("POST", path, {"name": "x"}),
        client("DELETE", path),
        client("GET", f"{path}/items"),
        client("POST", f"{path}/items", {"items": []}),
        client("DELETE", f"{path}/items", item_id="1"),
    ]
    assert [reply.status for reply in replies] == [404] * 6


def test_unknown_images_are_not_added(client: Any) -> None:
    reply = client("POST", f"{OWN}/126351028/items", {"items": [{"id": "1"}, {"id": "404"}]})
    assert (reply.status, reply.json["errors"][0]["path"]) == (400, "$.body.items[1].id")
    assert client.get(f"{OWN}/126351028")["total_item_count"] == 0


def test_featured_collections(client: Any) -> None:
    everything = client.get(FEATURED)["data"]
    assert [collection["id"] for collection in everything] == ["136351027", "136351028", "136351029"]
    assert [collection["id"] for collection in client.get(FEATURED, type="vector")["data"]] == ["136351028"]
    one = client.get(f"{FEATURED}/136351027", embed="share_url", asset_hint="2x")
    assert one["share_url"].startswith(client.sandbox.url)
    assert "/preview_1000/" in one["cover_item"]["url"]
    assert client("GET", one["hero_item"]["url"]).status == 200
    assert client.get(f"{FEATURED}/136351027/items", per_page=3)["total_count"] == 40
    assert client("GET", f"{FEATURED}/126351027").status == 404
    assert client("GET", f"{FEATURED}/1/items").status == 404
