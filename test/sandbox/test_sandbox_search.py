"""Searching over HTTP: filters, orders, pages, views, and everything that is derived from searching."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image as Pil

from shutterstock_api.sandbox.catalogue.colours import GRAYSCALE, nearest_colour
from shutterstock_api.sandbox.catalogue.vocabulary import CONTRIBUTORS


def full_page(client: Any, **query: Any) -> list[dict[str, Any]]:
    images = client.search(view="full", per_page=200, safe="false", **query)["data"]
    assert images
    return images


def width(image: dict[str, Any]) -> int:
    return image["assets"]["huge_jpg"]["width"]


def height(image: dict[str, Any]) -> int:
    return image["assets"]["huge_jpg"]["height"]


GREEK = CONTRIBUTORS[5]
FILTERS: list[tuple[dict[str, Any], Callable[[dict[str, Any]], object]]] = [
    ({"query": "cat"}, lambda i: "cat" in i["keywords"]),
    ({"query": "cat NOT sunset"}, lambda i: "cat" in i["keywords"] and "sunset" not in i["keywords"]),
    ({"query": "cats"}, lambda i: "cat" in i["keywords"]),
    ({"category": "Nature"}, lambda i: "Nature" in [c["name"] for c in i["categories"]]),
    ({"category": "12"}, lambda i: "12" in [c["id"] for c in i["categories"]]),
    ({"color": "4F21EA"}, lambda i: nearest_colour((0x4F, 0x21, 0xEA)).name in i["keywords"]),
    ({"color": "#00FF00"}, lambda i: "green" in i["keywords"]),
    ({"color": "grayscale"}, lambda i: GRAYSCALE & set(i["keywords"])),
    ({"color": "Red"}, lambda i: "red" in i["keywords"]),
    ({"orientation": "vertical"}, lambda i: i["aspect"] < 1),
    ({"orientation": "horizontal"}, lambda i: i["aspect"] > 1),
    ({"image_type": ["photo", "vector"]}, lambda i: i["image_type"] in ("photo", "vector")),
    ({"image_type": "vector"}, lambda i: "vector_eps" in i["assets"] and i["is_illustration"]),
    ({"width": 2400}, lambda i: width(i) == 2400),
    ({"width_from": 1700, "width_to": 2000}, lambda i: 1700 <= width(i) <= 2000),
    ({"height": 1600}, lambda i: height(i) == 1600),
    ({"height_from": 1700, "height_to": 2000}, lambda i: 1700 <= height(i) <= 2000),
    ({"aspect_ratio": 1.5}, lambda i: abs(i["aspect"] - 1.5) <= 0.01),
    ({"aspect_ratio_min": 1.1, "aspect_ratio_max": 1.4}, lambda i: 1.1 <= i["aspect"] <= 1.4),
    ({"contributor": GREEK.name}, lambda i: i["contributor"]["id"] == GREEK.id),
    (
        {"contributor": [GREEK.id, CONTRIBUTORS[6].id]},
        lambda i: i["contributor"]["id"] in (GREEK.id, CONTRIBUTORS[6].id),
    ),
    ({"license": "commercial"}, lambda i: not i["is_editorial"]),
    ({"license": "editorial"}, lambda i: i["is_editorial"]),
    ({"license": "enhanced"}, lambda i: i["has_property_release"] and not i["is_editorial"]),
    ({"license": ["NOT enhanced"]}, lambda i: i["is_editorial"] or not i["has_property_release"]),
    ({"people_model_released": "true"}, lambda i: i["has_model_release"] and i["models"]),
    ({"people_model_released": "false"}, lambda i: not i["has_model_release"]),
    ({"added_date": "2015-05-05"}, lambda i: i["added_date"] == "2015-05-05"),
    (
        {"added_date_start": "2015-05-05", "added_date_end": "2015-05-07"},
        lambda i: "2015-05-05" <= i["added_date"] < "2015-05-07",
    ),
    ({"people_number": 4, "query": "family"}, lambda i: "family" in i["keywords"]),
    ({"people_age": "infants"}, lambda i: "baby" in i["keywords"]),
    ({"people_gender": "male", "query": "football OR chef"}, lambda i: "chef" in i["keywords"]),
    ({"model": "5003"}, lambda i: "5003" in [m["id"] for m in i["models"]]),
]


@pytest.mark.parametrize(
    ("query", "fits"), FILTERS, ids=lambda value: str(value) if isinstance(value, dict) else ""
)
def test_filters(client: Any, query: dict[str, Any], fits: Callable[[dict[str, Any]], object]) -> None:
    assert all(fits(image) for image in full_page(client, **query))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"contributor_country": "US"}, {"contributor_country": "NOT US"}),
        (
            {"people_ethnicity": "japanese", "people_number": 1},
            {"people_ethnicity": "NOT japanese", "people_number": 1},
        ),
        ({"license": "sensitive"}, {"license": "NOT sensitive"}),
    ],
)
def test_a_filter_and_its_negation_share_the_images_out(client: Any, one: Any, other: Any) -> None:
    whole = {name: value for name, value in one.items() if name == "people_number"}
    everything = client.search(per_page=0, license=["commercial", "editorial"], **whole)["total_count"]
    counts = [
        client.search(**{"per_page": 0, "license": ["commercial", "editorial"], **query})
        for query in (one, other)
    ]
    assert [count["data"] for count in counts] == [[], []]
    assert sum(count["total_count"] for count in counts) == everything


def test_adult_images_are_left_out_unless_asked_for(client: Any) -> None:
    assert client.search(per_page=0)["total_count"] < client.search(per_page=0, safe="false")["total_count"]
    assert not any(image["is_adult"] for image in client.search(view="full", per_page=500)["data"])


def test_editorial_images_are_left_out_unless_asked_for(client: Any) -> None:
    assert not any(image["is_editorial"] for image in full_page(client))


@pytest.mark.parametrize("sort", ["popular", "relevance", "random", "newest", "oldest"])
def test_pages_cover_everything_without_repeats(client: Any, sort: str) -> None:
    query = {"query": "elephant garden", "sort": sort}
    total = client.search(per_page=0, **query)["total_count"]
    pages = [client.search(page=page, per_page=10, **query) for page in range(1, total // 10 + 3)]
    ids = [image["id"] for page in pages for image in page["data"]]
    assert len(ids) == len(set(ids)) == total > 20
    assert {page["search_id"] for page in pages} == {pages[0]["search_id"]}
    assert pages[-1]["data"] == []


def test_orders(client: Any) -> None:
    orders = {
        sort: [int(i["id"]) for i in client.search(sort=sort)["data"]]
        for sort in ("newest", "oldest", "popular", "relevance", "random")
    }
    assert orders["newest"] == sorted(orders["newest"], reverse=True)
    assert orders["oldest"] == sorted(orders["oldest"])
    assert orders["oldest"][0] < 10
    assert orders["newest"][0] > 99_990
    assert len({tuple(order) for order in orders.values()}) == 5


def test_deep_pages_are_empty(client: Any) -> None:
    assert client.search(page=10**15, per_page=500)["data"] == []


def test_views_and_fields(client: Any) -> None:
    [short] = client.search(query="cat", per_page=1)["data"]
    assert set(short) == {
        "id",
        "aspect",
        "assets",
        "contributor",
        "description",
        "has_model_release",
        "image_type",
        "media_type",
    }
    [full] = client.search(query="cat", per_page=1, view="full")["data"]
    assert full.items() > {name: value for name, value in short.items() if name != "assets"}.items()
    assert full == client.get(f"/v2/images/{short['id']}")
    assert short == client.get(f"/v2/images/{short['id']}", view="minimal")
    assert client.search(query="cat", per_page=1, fields="data(id),page") == {
        "data": [{"id": short["id"]}],
        "page": 1,
    }
    assert client.get(f"/v2/images/{short['id']}", fields="id,nonsense") == {"id": short["id"]}


@pytest.mark.parametrize(
    "tried",
    [
        "mountain lake",
        "food",
        "logo",
        "paris",
        "new york",
        "business",
        "nature",
        "moon",
        "Paris bridge",
        "london OR tokyo",
    ],
)
def test_what_people_try_first_is_found(client: Any, tried: str) -> None:
    found = client.search(query=tried, view="full", per_page=20)
    assert len(found["data"]) == 20
    assert "spellcheck_info" not in found


def test_what_stands_in_a_city_says_so(client: Any) -> None:
    for image in client.search(query="new york", view="full", per_page=20)["data"]:
        assert "in New York" in image["description"]
        assert "Buildings/Landmarks" in {category["name"] for category in image["categories"]}
    lakes = [image["description"] for image in client.search(query="mountain lake", per_page=20)["data"]]
    assert all({"mountain", "lake"} & {*text.replace(",", "").split()} for text in lakes)


@pytest.mark.parametrize("word", ["truck", "xylophone", "quokka", "beer"])
def test_a_word_that_is_like_none_is_left_as_it_is(client: Any, word: str) -> None:
    found = client.search(query=word)
    assert (found["total_count"], "spellcheck_info" in found) == (0, False)


def test_misspelt_words_are_corrected_and_told(client: Any) -> None:
    found = client.search(query="Elephent (sunst OR night)")
    assert found["spellcheck_info"] == {
        "original": "Elephent (sunst OR night)",
        "suggestion": "elephant (sunset OR night)",
        "applied": True,
    }
    assert found["total_count"] == client.search(query="elephant (sunset OR night)")["total_count"] > 0
    assert client.search(query="elephent OR the")["total_count"] == client.search()["total_count"]
    as_typed = client.search(query="elephent", spellcheck_query="false")
    assert as_typed["total_count"] == 0
    assert "spellcheck_info" not in as_typed
    assert (
        client.search(query="elephent NOT xqzzy")["total_count"]
        == client.search(query="elephant")["total_count"]
    )


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"query": "(cat"}, "$.query.query"),
        ({"color": "mauve"}, "$.query.color"),
        ({"fields": "data("}, "$.query.fields"),
        ({"ai_search": "true"}, "$.query.ai_search"),
    ],
)
def test_malformed_values(client: Any, query: dict[str, str], path: str) -> None:
    reply = client("GET", "/v2/images/search", **query)
    assert reply.status == 400
    assert [error["path"] for error in reply.json["errors"]] == [path]


def test_ai_search_gives_labels(client: Any) -> None:
    query = {"ai_search": "true", "ai_industry": "retail", "ai_objective": "awareness", "ai_labels_limit": 2}
    found = client.search(query="happy cat by the sea", **query)
    assert [label["name"] for label in found["insights"]["label_performance"]] == ["happy", "cat"]


def test_images_by_id(client: Any) -> None:
    assert client.get("/v2/images/1110335168")["id"] == "1110335168"
    assert client("GET", "/v2/images/40412").json == {"message": "Not Found"}
    found = client.get("/v2/images", id=["1", "404", "2", "1"])
    assert [image["id"] for image in found["data"]] == ["1", "2", "1"]
    assert [error["items"] for error in found["errors"]] == [[{"id": "404"}]]
    assert "errors" not in client.get("/v2/images", id="1", view="full")


def test_categories(client: Any) -> None:
    assert {"id": "1", "name": "Animals/Wildlife"} in client.get("/v2/images/categories")["data"]


@pytest.mark.parametrize("image_id", ["17", "1110335168"])
def test_similar_images_share_the_subject_and_first_the_colour(client: Any, image_id: str) -> None:
    image = client.get(f"/v2/images/{image_id}")
    found = client.get(f"/v2/images/{image_id}/similar", view="full", per_page=500)
    subject, colour = image["keywords"][0], image["keywords"][-1]
    assert all(subject in other["keywords"] for other in found["data"])
    same_colour = [colour in other["keywords"] for other in found["data"]]
    assert same_colour == sorted(same_colour, reverse=True)
    assert same_colour[0]
    assert image_id not in [other["id"] for other in found["data"]]
    assert client("GET", "/v2/images/404/similar").status == 404


def test_recommendations(client: Any) -> None:
    found = client.get("/v2/images/recommendations", id=["17", "404", "1110335168"], max_items=7)["data"]
    assert len({image["id"] for image in found} - {"17"}) == 7
    assert client.get("/v2/images/recommendations", id="404")["data"] == []
    wide = client.get("/v2/images/recommendations", id="17", max_items=500, safe="false")["data"]
    safe = client.get("/v2/images/recommendations", id="17", max_items=500)["data"]
    assert wide != safe


def test_bulk_search(client: Any) -> None:
    searches = [
        {"query": "cat"},
        {"query": "dog", "per_page": 2, "view": "full", "sort": "newest"},
        {"fields": "data/id"},
    ]
    found = client("POST", "/v2/bulk_search/images", searches, sort="oldest", per_page=3).json
    cat, dog, third = found["results"]
    assert found["bulk_search_id"]
    assert cat["data"] == client.search(query="cat", sort="oldest", per_page=3)["data"]
    assert dog["data"] == client.search(query="dog", sort="newest", per_page=2, view="full")["data"]
    assert [set(image) for image in third["data"]] == [{"id"}] * 3
    assert client("POST", "/v2/bulk_search/images", [{"page": 2.0, "per_page": 3.0}]).status == 200
    partly = client("POST", "/v2/bulk_search/images", searches, fields="results/total_count").json
    assert [set(result) for result in partly["results"]] == [{"total_count"}, {"total_count"}, set()]


@pytest.mark.parametrize(
    ("search", "path"),
    [
        ({"query": "cat OR"}, "$.body[0].query"),
        ({"fields": ")"}, "$.body[0].fields"),
        ({"per_page": 21}, "$.body[0].per_page"),
    ],
)
def test_bulk_search_tells_which_search_is_wrong(client: Any, search: dict[str, Any], path: str) -> None:
    reply = client("POST", "/v2/bulk_search/images", [search])
    assert (reply.status, reply.json["errors"][0]["path"]) == (400, path)
    assert client("POST", "/v2/bulk_search/images", [{}] * 6).status == 400


def test_suggestions_and_keywords(client: Any) -> None:
    assert client.get("/v2/images/search/suggestions", query="sunr")["data"] == ["sunrise"]
    assert len(client.get("/v2/images/search/suggestions", query="s", limit=4)["data"]) == 4
    text = "Wild horses ran along the shore. The horses were wild."
    found = client("POST", "/v2/images/search/suggestions", {"text": text}).json
    assert found == {"keywords": ["wild", "horses", "shore", "ran", "along"]}


def test_changes_in_an_interval(client: Any, clock: Any) -> None:
    found = client.get("/v2/images/updated", interval="30 MINUTE")
    assert found["total_count"] == 30
    times = [change["updated_time"] for change in found["data"]]
    assert times == sorted(times, reverse=True)
    assert times[-1] >= "2023-11-14T21:43"
    clock.now += 3600
    later = client.get("/v2/images/updated", interval="30 minutes", sort="oldest", per_page=5, page=2)
    assert len(later["data"]) == 5
    assert later["data"][0]["updated_time"] > times[0]
    assert client.get("/v2/images/updated")["total_count"] == 60
    deletions = client.get("/v2/images/updated", type="deletion", interval="1 DAY", per_page=2000)["data"]
    assert {tuple(change["updates"]) for change in deletions} == {("deletion",)}
    assert not [change for change in deletions if change["id"].startswith("404")]


def test_changes_in_a_range(client: Any) -> None:
    def count(**query: str) -> int:
        return client.get("/v2/images/updated", **query)["total_count"]

    assert count(start_date="2023-11-10", end_date="2023-11-13") == 3 * 24 * 60
    assert count(start_date="2023-11-10T10:00:00Z", end_date="2023-11-10T12:00:00.1234567+01:00") == 61
    assert count(start_date="2023-11-14") == 22 * 60 + 13 + 1
    assert count(end_date="2023-11-14") == 3 * 24 * 60
    assert (
        count(start_date="2023-11-14", end_date="2023-11-16") == 22 * 60 + 13 + 1
    )  # nothing comes from the future
    assert count(end_date="0001-01-01T00:00:00+10:00") == 0


@pytest.mark.parametrize(
    "query",
    [
        {"interval": "1 HOUR", "start_date": "2023-11-14"},
        {"interval": "a while"},
        {"interval": "4 DAY"},
        {"interval": "0 DAY"},
        {"start_date": "2023-11-01"},
        {"start_date": "2023-11-13", "end_date": "2023-11-13"},
        {"start_date": "2023-11-13T23:59:60Z"},
        {"start_date": "yesterday"},
    ],
)
def test_periods_that_break_the_rules(client: Any, query: dict[str, str]) -> None:
    assert client("GET", "/v2/images/updated", **query).status == 400


def png(colour: tuple[int, int, int]) -> str:
    out = io.BytesIO()
    Pil.new("RGB", (20, 10), colour).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_an_uploaded_picture_finds_images_of_its_colour(client: Any) -> None:
    reply = client("POST", "/v2/images", {"base64_image": png((210, 30, 40))})
    assert reply.status == 201
    found = client.get(f"/v2/images/{reply.json['id']}/similar", view="full", per_page=5)
    assert all("red" in image["keywords"] for image in found["data"])
    assert client("GET", "/v2/images/Unknown/similar").status == 404


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("not base64!", 400),
        (base64.b64encode(b"GIF89a").decode(), 400),
        (base64.b64encode(bytes(10_000_001)).decode(), 413),
    ],
    ids=["text", "gif", "large"],
)
def test_other_uploads_are_refused(client: Any, text: str, status: int) -> None:
    assert client("POST", "/v2/images", {"base64_image": text}).status == status
