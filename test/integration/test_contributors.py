"""Contributors, and the sets that they show of their images."""

from __future__ import annotations

import pytest

from shutterstock_api import BadRequestError, NotFoundError, paginate
from shutterstock_api.sandbox.catalogue.vocabulary import CONTRIBUTORS

WITH_SETS = "800506"


def test_get_contributor(contributors, api):
    shown = api.search_images(query="cat", view="minimal", per_page=1).data[0]
    who = next(one for one in CONTRIBUTORS if one.id == shown.contributor.id)
    told = contributors.get_contributor(who.id)
    assert (told.id, told.display_name, told.location) == (who.id, who.name, who.country.lower())
    assert told.contributor_type
    assert told.portfolio_url.startswith("http")


def test_what_is_empty_is_left_out(contributors):
    profiles = contributors.get_contributor_list([one.id for one in CONTRIBUTORS[:40]]).data
    for name in ("about", "website", "equipment", "styles", "social_media"):
        told = [profile.to_dict().get(name) for profile in profiles]
        assert None in told, name
        assert [one for one in told if one is not None] == [one for one in told if one], name
    networks = [profile.social_media for profile in profiles if profile.social_media]
    assert any(one.twitter and one.twitter.startswith("/") for one in networks)


def test_get_contributor_list(contributors):
    found = contributors.get_contributor_list([WITH_SETS, "4041", "100000"])
    assert [one.id for one in found.data] == [WITH_SETS, "100000"]
    [error] = found.errors
    assert (error.message, error.items) == ("Contributor not found", [{"id": "4041"}])
    assert contributors.get_contributor_list("100000").errors is None


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("newest", lambda one: one.created_time),
        ("last_updated", lambda one: max(one.updated_time, one.items_updated_time)),
        ("item_count", lambda one: one.total_item_count),
    ],
)
def test_get_contributor_collections_list(contributors, sort, value):
    counts = set()
    for who in ("100000", "100037", "100074", "100111", WITH_SETS):
        found = contributors.get_contributor_collections_list(who, sort=sort)
        assert [value(one) for one in found.data] == sorted(map(value, found.data), reverse=True)
        assert found.total_count == len(found.data)
        counts.add(found.total_count)
    assert len(counts) > 2


def test_get_contributor_collections(contributors):
    listed = contributors.get_contributor_collections_list(WITH_SETS).data[0]
    shown = contributors.get_contributor_collections(WITH_SETS, listed.id)
    assert listed.created_time is not None
    assert shown.created_time is None  # as the service has it
    listed.created_time = None
    assert shown == listed


def test_a_set_belongs_to_one_contributor(contributors):
    [first, *_] = contributors.get_contributor_collections_list(WITH_SETS).data
    with pytest.raises(NotFoundError):
        contributors.get_contributor_collections("100000", first.id)
    with pytest.raises(NotFoundError):
        contributors.get_contributor_collection_items("100000", first.id)


def test_get_contributor_collection_items(contributors, api):
    maker = next(
        one.id
        for one in CONTRIBUTORS
        if any(
            each.total_item_count > 20 for each in contributors.get_contributor_collections_list(one.id).data
        )
    )
    large = contributors.get_contributor_collections_list(maker, sort="item_count").data[0]
    oldest = list(paginate(contributors.get_contributor_collection_items, maker, large.id, per_page=20))
    assert len(oldest) == large.total_item_count
    assert oldest[0].id == large.cover_item.id
    assert oldest[-1].added_time == large.items_updated_time
    newest = contributors.get_contributor_collection_items(maker, large.id, sort="newest", per_page=50).data
    assert newest == oldest[::-1][:50]
    made_by = {image.contributor.id for image in api.get_image_list([item.id for item in oldest[:5]]).data}
    assert made_by == {maker}


def test_a_page_has_fifty_items_at_most(contributors):
    with pytest.raises(BadRequestError) as caught:
        contributors.get_contributor_collection_items(WITH_SETS, "138351027", per_page=51)
    assert caught.value.errors[0]["path"] == "$.query.per_page"
