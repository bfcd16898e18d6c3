"""Searching: filters let through what they say and nothing else; pages cover all; bulk is many."""

from __future__ import annotations

import re
from datetime import date

import pytest

from shutterstock_api import SearchImage

PERIOD = {"added_date_start": date(2020, 5, 1), "added_date_end": date(2020, 5, 29)}
OPEN = {"safe": False, "license": ["commercial", "editorial"], **PERIOD}
"""A search that leaves out nothing but the rest of the years."""


def ids(found):
    return [image.id for image in found.data]


def words(image):
    return {
        word.lower() for text in (image.description, *image.keywords) for word in re.findall(r"\w+", text)
    }


def shape(image):
    return image.assets.huge_jpg.width, image.assets.huge_jpg.height


def ratio(image):
    width, height = shape(image)
    return width / height


@pytest.fixture
def everything(api):
    """All images of some weeks."""
    found = api.search_images(**OPEN, per_page=500, view="full")
    assert 300 < len(found.data) == found.total_count
    return found.data


# Filters: how the parameter is set, and what it lets through. `i` is the image as the client shows it,
# `k` what the catalogue knows about it beyond that.

FILTERS = [
    ({"query": "beach"}, lambda i, k: "beach" in words(i)),
    ({"query": "sea sunset"}, lambda i, k: {"sea", "sunset"} <= words(i)),
    ({"query": "sea AND sunset"}, lambda i, k: {"sea", "sunset"} <= words(i)),
    ({"query": "cat OR dog"}, lambda i, k: words(i) & {"cat", "dog"}),
    ({"query": "sunrise NOT beach"}, lambda i, k: "sunrise" in words(i) and "beach" not in words(i)),
    (
        {"query": "(sea OR snow) NOT photo"},
        lambda i, k: words(i) & {"sea", "snow"} and "photo" not in words(i),
    ),
    ({"category": "Nature"}, lambda i, k: "Nature" in [category.name for category in i.categories]),
    ({"category": "12"}, lambda i, k: "12" in [category.id for category in i.categories]),
    ({"image_type": ["photo"]}, lambda i, k: i.image_type == "photo"),
    ({"image_type": ["vector", "illustration"]}, lambda i, k: i.image_type in ("vector", "illustration")),
    ({"license": ["commercial"]}, lambda i, k: not i.is_editorial),
    ({"license": "editorial"}, lambda i, k: i.is_editorial),
    ({"license": "enhanced"}, lambda i, k: i.has_property_release and not i.is_editorial),
    ({"license": "sensitive"}, lambda i, k: k.is_sensitive),
    ({"license": "NOT sensitive"}, lambda i, k: not k.is_sensitive),
    ({"safe": True}, lambda i, k: not i.is_adult),
    ({"orientation": "horizontal"}, lambda i, k: ratio(i) > 1),
    ({"orientation": "vertical"}, lambda i, k: ratio(i) < 1),
    ({"color": "E01020"}, lambda i, k: k.colour.name == "red"),
    ({"color": "#2D5FBE"}, lambda i, k: k.colour.name == "blue"),
    ({"color": "grayscale"}, lambda i, k: k.colour.name in ("white", "gray", "black")),
    ({"aspect_ratio": 1.7778}, lambda i, k: ratio(i) == pytest.approx(16 / 9)),
    ({"aspect_ratio": 1}, lambda i, k: ratio(i) == 1),
    ({"aspect_ratio_min": 1.5}, lambda i, k: ratio(i) >= 1.5),
    ({"aspect_ratio_max": 1.3333}, lambda i, k: ratio(i) <= 1.3333),
    ({"width_from": 2000}, lambda i, k: shape(i)[0] >= 2000),
    ({"width_to": 1800}, lambda i, k: shape(i)[0] <= 1800),
    ({"height_from": 1800}, lambda i, k: shape(i)[1] >= 1800),
    ({"height_to": 1350}, lambda i, k: shape(i)[1] <= 1350),
    ({"width_from": 1800, "width_to": 2000}, lambda i, k: 1800 <= shape(i)[0] <= 2000),
    ({"width": 2400}, lambda i, k: shape(i)[0] == 2400),
    ({"height": 1600}, lambda i, k: shape(i)[1] == 1600),
    ({"added_date": date(2020, 5, 7)}, lambda i, k: i.added_date == date(2020, 5, 7)),
    ({"added_date_start": "2020-05-20"}, lambda i, k: i.added_date >= date(2020, 5, 20)),
    ({"added_date_end": date(2020, 5, 20)}, lambda i, k: i.added_date < date(2020, 5, 20)),
    ({"contributor_country": ["US", "CA"]}, lambda i, k: k.contributor.country in ("US", "CA")),
    ({"contributor_country": "NOT US"}, lambda i, k: k.contributor.country != "US"),
    ({"people_number": 0}, lambda i, k: k.subject.people.number == 0),
    ({"people_number": 1}, lambda i, k: k.subject.people.number == 1),
    ({"people_gender": "female"}, lambda i, k: k.subject.people.gender == "female"),
    ({"people_age": "30s"}, lambda i, k: k.subject.people.age == "30s"),
    ({"people_model_released": True}, lambda i, k: i.has_model_release),
    (
        {"people_ethnicity": ["japanese", "chinese"]},
        lambda i, k: k.subject.people.number and k.ethnicity in ("japanese", "chinese"),
    ),
    (
        {"people_ethnicity": "NOT japanese"},
        lambda i, k: k.subject.people.number and k.ethnicity != "japanese",
    ),
]
NO_FILTERS = {
    "sort",
    "page",
    "per_page",
    "view",
    "language",
    "fields",
    "region",
    "library",
    "spellcheck_query",
}
NO_FILTERS |= {"keyword_safe_search", "ai_search", "ai_industry", "ai_objective", "ai_labels_limit"}


def test_all_filters_are_tried(api):
    tried = {name for given, _ in FILTERS for name in given} | {"contributor", "model"}
    assert tried | NO_FILTERS == set(api.operations["search_images"].query)


@pytest.mark.parametrize(("given", "passes"), FILTERS, ids=[str(given) for given, _ in FILTERS])
def test_a_filter_lets_through_what_it_says(api, catalogue, everything, given, passes):
    found = api.search_images(**{**OPEN, **given}, per_page=500)
    wanted = {image.id for image in everything if passes(image, catalogue.image(int(image.id)))}
    assert set(ids(found)) == wanted
    assert 0 < found.total_count == len(wanted) < len(everything)


def test_images_by_a_contributor(api, catalogue, everything):
    maker = everything[0].contributor.id
    wanted = {image.id for image in everything if image.contributor.id == maker}
    name = catalogue.image(int(everything[0].id)).contributor.name
    for given in (maker, [maker, "nobody"], name, name.upper()):
        assert set(ids(api.search_images(**OPEN, contributor=given, per_page=500))) == wanted


def test_images_that_show_a_model(api, everything):
    model = next(image for image in everything if image.models).models[-1].id
    wanted = {image.id for image in everything if model in [shown.id for shown in image.models]}
    assert set(ids(api.search_images(**OPEN, model=model, per_page=500))) == wanted


def test_filters_narrow_step_by_step(api):
    given, before = {}, api.search_images(per_page=0).total_count
    for name, value in [
        ("query", "sea"),
        ("orientation", "horizontal"),
        ("image_type", "photo"),
        ("width_from", 2000),
        ("added_date_start", date(2018, 1, 1)),
        ("category", "Nature"),
    ]:
        given[name] = value
        now = api.search_images(**given, per_page=0).total_count
        assert 0 < now < before
        before = now


@pytest.mark.parametrize(
    "given",
    [{"language": "de"}, {"region": "US"}, {"region": "198.51.100.7"}, {"keyword_safe_search": False}],
)
def test_what_filters_nothing(api, given):
    assert api.search_images(query="cat", **given).total_count == api.search_images(query="cat").total_count


def test_search_images(api):
    found = api.search_images(query="cat", per_page=30, view="full")
    assert len(set(ids(found))) == found.per_page == 30
    assert (found.page, found.errors, found.message, found.spellcheck_info) == (1, None, None, None)
    assert found.data == [api.get_image(id, search_id=found.search_id) for id in ids(found)]
    assert all(
        "cat" in image.keywords and not image.is_adult and not image.is_editorial for image in found.data
    )


def test_nothing_is_found(api):
    found = api.search_images(query="xylophonist quokka", spellcheck_query=False)
    assert (found.data, found.total_count) == ([], 0)


def test_the_counts_alone(api):
    found = api.search_images(query="cat", per_page=0)
    assert found.data == []
    assert found.total_count == api.search_images(query="cat").total_count


def test_a_misspelt_word_is_corrected_unless_unwanted(api):
    found = api.search_images(query="moutain")
    assert found.spellcheck_info == {"original": "moutain", "suggestion": "mountain", "applied": True}
    assert found.total_count == api.search_images(query="mountain").total_count > 0
    assert api.search_images(query="moutain", spellcheck_query=False).total_count == 0


def test_insights_which_the_service_has_withdrawn(api):
    found = api.search_images(
        query="cat on a beach",
        ai_search=True,
        ai_industry="retail",
        ai_objective="awareness",
        ai_labels_limit=2,
    )
    assert [label.name for label in found.insights.label_performance] == ["cat", "beach"]
    assert all(0 < label.percentile_performance < 100 for label in found.insights.label_performance)


# Order and pages.


@pytest.mark.parametrize("sort", ["newest", "oldest", "popular", "relevance", "random"])
def test_pages_cover_everything_without_repeats(api, everything, sort):
    pages = [api.search_images(**OPEN, sort=sort, per_page=99, page=page) for page in range(1, 8)]
    seen = [id for page in pages for id in ids(page)]
    assert len(seen) == len(set(seen))
    assert set(seen) == {image.id for image in everything}
    assert {page.total_count for page in pages} == {len(everything)}
    assert {page.search_id for page in pages} == {pages[0].search_id}
    assert pages[-1].data == []


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_the_order_by_date(api, sort):
    days = [
        image.added_date for image in api.search_images(**OPEN, sort=sort, per_page=500, view="full").data
    ]
    assert days == sorted(days, reverse=sort == "newest")
    assert days[0] != days[-1]


def test_orders_differ(api):
    orders = {
        sort: tuple(ids(api.search_images(sort=sort)))
        for sort in ("popular", "relevance", "newest", "random")
    }
    assert len(set(orders.values())) == 4
    assert tuple(ids(api.search_images())) == orders["popular"]


# Many at once.

SEARCHES = [
    {"query": "cat", "license": ["editorial"]},
    {"query": "dog", "orientation": "vertical", "per_page": 20},
    {"category": "Nature", "sort": "newest", "view": "full", "page": 3},
    {"added_date_start": "2020-05-01", "added_date_end": "2020-05-04", "people_number": 1},
    {"query": "moutain", "color": "grayscale", "aspect_ratio_min": 1.5, "image_type": ["photo", "vector"]},
]


def test_bulk_search_images(api, sandbox):
    answer = api.bulk_search_images(SEARCHES)
    assert len(sandbox.requests) == 1
    assert len(answer.results) == 5
    assert answer.bulk_search_id
    assert answer.results == [api.search_images(**search) for search in SEARCHES]
    assert all(result.total_count for result in answer.results)


def test_bulk_defaults_give_way_to_what_a_search_says(api):
    defaults = {
        "per_page": 5,
        "view": "full",
        "sort": "oldest",
        "orientation": "horizontal",
        "image_type": ["photo"],
    }
    answer = api.bulk_search_images(SEARCHES, **defaults)
    assert answer.results == [api.search_images(**{**defaults, **search}) for search in SEARCHES]
    assert [len(result.data) for result in answer.results][:3] == [5, 20, 5]


def test_bulk_searches_as_models(api):
    models = [SearchImage(query="cat", per_page=2), SearchImage(query="dog", added_date=date(2020, 5, 7))]
    answer = api.bulk_search_images(models)
    assert answer.results == [
        api.search_images(query="cat", per_page=2),
        api.search_images(query="dog", added_date=date(2020, 5, 7)),
    ]


def test_each_bulk_search_may_leave_fields_out(api):
    answer = api.bulk_search_images([{"query": "cat", "fields": "data(id)"}, {"query": "cat"}])
    part, whole = answer.results
    assert ids(part) == ids(whole)
    assert (part.total_count, part.search_id, part.data[0].description) == (None, None, None)
    assert whole.total_count


def test_fields_of_a_whole_bulk_search(api):
    answer = api.bulk_search_images([{"query": "cat"}], fields="results(data(id),total_count)")
    assert answer.bulk_search_id is None
    assert answer.results[0].to_json().startswith(b'{"data":[{"id":')
