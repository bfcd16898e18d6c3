"""Licensing: what is charged, what is refused inside a 200, and the history of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shutterstock_api.sandbox.catalogue.images.images import Catalogue

IMAGES = [Catalogue().image(number) for number in range(1, 400)]
PHOTOS = [str(image.id) for image in IMAGES if image.type == "photo" and not image.is_editorial]
PHOTO = PHOTOS[0]
EDITORIAL = next(str(image.id) for image in IMAGES if image.is_editorial)
VECTOR = next(str(image.id) for image in IMAGES if image.type == "vector")


def test_a_licence_costs_one_and_comes_with_a_link(client: Any, clock: Any) -> None:
    [result] = client.license({"image_id": PHOTO, "metadata": {"job": "1"}, "search_id": "s"})
    assert result["allotment_charge"] == 1
    assert result["download"]["url"].startswith(
        f"{client.sandbox.url}/download/{result['license_id']}/huge/{PHOTO}.jpg?"
    )
    assert client.sandbox.allotment() == 9_999
    ledger = client.sandbox.licenses()[-1]
    assert ledger["id"] == result["license_id"]
    assert (
        ledger["image_id"],
        ledger["metadata"],
        ledger["search_id"],
        ledger["time"],
        ledger["charge"],
    ) == (
        PHOTO,
        {"job": "1"},
        "s",
        clock.now,
        1,
    )


def test_the_same_image_is_charged_every_time(client: Any) -> None:
    one, other = client.license(PHOTO, PHOTO)
    assert one["license_id"] != other["license_id"]
    client.license(PHOTO)
    assert client.sandbox.allotment() == 9_997


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({"image_id": "40499"}, "Image not found"),
        ({"image_id": "abc"}, "Image not found"),
        ({"image_id": EDITORIAL}, "Editorial acknowledgement is required for this image"),
        ({"image_id": PHOTO, "size": "vector"}, "This image is not available as a vector"),
        ({"image_id": PHOTO, "format": "eps"}, "This image is not available as a vector"),
        ({"image_id": PHOTO, "format": "eps", "size": "huge"}, "Size huge is not available as eps"),
        ({"image_id": VECTOR, "format": "jpg", "size": "vector"}, "Size vector is not available as jpg"),
        ({"image_id": PHOTO, "size": "custom"}, "Size custom needs custom_dimensions"),
        ({"image_id": PHOTO, "subscription_id": "s0"}, "Subscription s0 is unknown"),
        ({"image_id": PHOTO, "subscription_id": "s34567890"}, "Insufficient allotment"),
        ({"image_id": PHOTO, "subscription_id": "s45678901"}, "Subscription is expired"),
        (
            {"image_id": PHOTO, "subscription_id": "s56789012"},
            "This subscription needs a price and the metadata customer_id",
        ),
    ],
)
def test_a_refused_licence_is_an_error_in_its_entry(client: Any, entry: dict[str, Any], error: str) -> None:
    good, bad = client.license(PHOTO, entry)
    assert bad == {"image_id": entry["image_id"], "error": error}
    assert "license_id" in good
    assert client.sandbox.allotment() == 9_999


def test_acknowledged_editorial_images_are_licensed(client: Any) -> None:
    [result] = client.license({"image_id": EDITORIAL, "editorial_acknowledgement": True})
    assert "license_id" in result


def test_custom_sizes_keep_the_shape(client: Any) -> None:
    image = Catalogue().image(int(PHOTO))
    [result] = client.license({"image_id": PHOTO, "size": "custom", "custom_dimensions": {"width": 600}})
    assert f"/custom-600x{round(600 * image.height / image.width)}/" in result["download"]["url"]
    assert client("GET", result["download"]["url"]).status == 200
    [large] = client.license({"image_id": PHOTO, "size": "custom", "custom_dimensions": {"height": 5000}})
    assert "exceed" in large["error"]
    again = client("POST", f"/v2/images/licenses/{result['license_id']}/downloads", {}).json["url"]
    assert "/custom-600x" in again


def test_query_values_are_defaults_that_the_body_overrides(client: Any) -> None:
    query = {"subscription_id": "s23456789", "size": "small", "search_id": "q"}
    results = client.license(
        PHOTO, {"image_id": PHOTO, "subscription_id": "s12345678", "size": "medium"}, **query
    )
    assert ["/small/" in results[0]["download"]["url"], "/medium/" in results[1]["download"]["url"]] == [
        True,
        True,
    ]
    assert (client.sandbox.allotment("s23456789"), client.sandbox.allotment()) == (99, 9_999)
    assert client.sandbox.licenses()[-1]["search_id"] == "q"
    [vector] = client.license(VECTOR, format="eps")
    assert "/vector/" in vector["download"]["url"]


def test_the_allotment_runs_out_in_the_middle(start: Any) -> None:
    client = start(allotment=2)
    results = client.license(*PHOTOS[:4])
    assert ["error" in result for result in results] == [False, False, True, True]
    assert client.sandbox.allotment() == 0
    with pytest.raises(KeyError):
        client.sandbox.allotment("s0")


@pytest.mark.parametrize(
    "images",
    [
        [],
        [{"image_id": PHOTO}] * 51,
        [{}],
        [{"image_id": 5}],
        [{"image_id": PHOTO, "metadata": dict.fromkeys("abcde", "")}],
    ],
)
def test_malformed_requests_license_nothing(client: Any, images: list[Any]) -> None:
    assert client("POST", "/v2/images/licenses", {"images": images}).status == 400
    assert client.sandbox.allotment() == 10_000


def test_resellers_pay_a_price_and_cannot_download_again(client: Any) -> None:
    entry = {
        "image_id": PHOTO,
        "subscription_id": "s56789012",
        "price": 12.5,
        "metadata": {"customer_id": "c"},
    }
    [result] = client.license(entry)
    assert (result["allotment_charge"], result["price"]) == (
        0,
        {"local_amount": 12.5, "local_currency": "USD"},
    )
    refused = client("POST", f"/v2/images/licenses/{result['license_id']}/downloads", {})
    assert refused.status == 403
    [shown] = client.get("/v2/images/licenses", download_availability="non_downloadable")["data"]
    assert shown["revshare"] == {"purchase_amount": "12.50", "purchase_currency": "USD"}


def test_downloading_again(client: Any) -> None:
    reply = client("POST", "/v2/images/licenses/i1188641347/downloads", {"size": "small"})
    assert client("GET", reply.json["url"]).status == 200
    assert client.sandbox.allotment() == 10_000
    for unknown in ("i1", "x1188641347", "i", "i²"):
        assert client("POST", f"/v2/images/licenses/{unknown}/downloads", {}).status == 404
    [photo] = client.license(PHOTO)
    assert (
        client("POST", f"/v2/images/licenses/{photo['license_id']}/downloads", {"size": "vector"}).status
        == 400
    )


def test_history(client: Any, clock: Any) -> None:
    def ids(**query: Any) -> list[str]:
        body = client.get("/v2/images/licenses", **query)
        assert body["total_count"] >= len(body["data"])
        return [entry["id"] for entry in body["data"]]

    before = clock.now
    licences = []
    for image in PHOTOS[:3]:
        clock.now += 60
        licences += [client.license({"image_id": image, "metadata": {"marker": image}})[0]["license_id"]]
    [enhanced] = client.license(PHOTO, subscription_id="s23456789")
    newest = [enhanced["license_id"], *reversed(licences)]
    assert ids() == [*newest, "i1188641347"]
    assert ids(sort="oldest") == ["i1188641347", *licences, enhanced["license_id"]]
    assert ids(image_id=PHOTO) == [newest[0], newest[3]]
    assert ids(license="enhanced") == newest[:1]
    assert ids(license="-enhanced", start_date="2023-11-14T00:00:00Z") == newest[1:]
    assert ids(end_date="2023-11-14T00:00:00Z") == ["i1188641347"]
    assert ids(username="photo.editor", per_page=2, page=2) == [newest[2], newest[3]]
    assert ids(username="team.mate") == []
    assert ids(username="team.mate", team_history="true") == ["i1188641340"]
    assert len(ids(team_history="true")) == 6
    assert ids(download_availability="non_downloadable") == []
    assert len(ids(download_availability="downloadable")) == 5
    assert ids(page=10**17, per_page=200) == []
    [entry] = client.get("/v2/images/licenses", image_id=PHOTOS[1])["data"]
    assert entry == {
        "id": licences[1],
        "download_time": "2023-11-14T22:15:20.000Z",
        "image": {"id": PHOTOS[1], "format": {"format": "jpg", "size": "huge"}},
        "is_downloadable": True,
        "license": "standard",
        "metadata": {"marker": PHOTOS[1]},
        "subscription_id": "s12345678",
        "user": {"username": "photo.editor"},
    }
    assert before < clock.now


def test_history_from_later_to_earlier_is_refused(client: Any) -> None:
    query = {"start_date": "2023-02-01T00:00:00Z", "end_date": "2023-01-01T00:00:00Z"}
    assert client("GET", "/v2/images/licenses", **query).json["errors"][0]["path"] == "$.query.end_date"


def test_eight_threads_never_overdraw_an_allotment(start: Any) -> None:
    client = start(allotment=100)
    before = len(client.sandbox.licenses())
    with ThreadPoolExecutor(8) as threads:
        batches = list(threads.map(lambda _: client.license(*PHOTOS[:5]), range(40)))
    granted = [entry["license_id"] for batch in batches for entry in batch if "license_id" in entry]
    assert len(granted) == len(set(granted)) == 100
    assert client.sandbox.allotment() == 0
    assert len(client.sandbox.licenses()) == before + 100
