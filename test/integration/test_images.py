"""Looking images up: what each operation tells about them, and that it agrees with the others."""

from __future__ import annotations

import base64
import io
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from PIL import Image as Picture

from shutterstock_api import ApiException, BadRequestError, NotFoundError

ID = "465011609"
UNKNOWN = "404404"
NOW = datetime.fromtimestamp(1_800_000_000, UTC)


def ids(found):
    return [item.id for item in found.data]


def encoded(colour, size=(8, 8), format="PNG"):
    """A picture of one colour, as the service wants it."""
    file = io.BytesIO()
    Picture.new("RGB", size, colour).save(file, format)
    return base64.b64encode(file.getvalue()).decode()


def test_get_image(api, web):
    image = api.get_image(ID)
    assert (image.id, image.media_type) == (ID, "image")
    assert image.image_type in ("photo", "illustration", "vector")
    assert image.is_illustration == (image.image_type != "photo")
    assert isinstance(image.added_date, date)
    assert image.contributor.id.isdigit()
    assert image.description.split()[1].lower() in image.keywords
    assert all(
        isinstance(flag, bool) for flag in (image.is_adult, image.is_editorial, image.has_property_release)
    )
    assert len(image.models) == len(image.model_releases) == len(image.releases)
    assert image.has_model_release == bool(image.models)
    huge, thumb = image.assets.huge_jpg, image.assets.large_thumb
    assert image.aspect == pytest.approx(huge.width / huge.height, abs=1e-4)
    assert (huge.format, huge.is_licensable, huge.dpi) == ("jpg", True, 300)
    with Picture.open(io.BytesIO(web(thumb.url))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (thumb.width, thumb.height))
        assert max(picture.size) == 150


@pytest.mark.parametrize("view", [None, "full", "minimal"])
def test_how_much_an_image_tells(api, view):
    image = api.get_image(ID, view=view)
    told = {name for name, value in image.to_dict().items() if value is not None}
    assert {"id", "aspect", "assets", "contributor", "description", "image_type", "media_type"} <= told
    assert ("keywords" in told) == ("categories" in told) == (view != "minimal")
    assert (image.assets.small_jpg is None) == (view == "minimal")


def test_get_image_list(api):
    found = api.get_image_list(["1", UNKNOWN, ID], view="full")
    assert found.data == [api.get_image("1"), api.get_image(ID)]
    (error,) = found.errors
    assert (error.code, error.message, error.path) == ("NOT_FOUND", "Image not found", "$.query.id")
    assert error.items == [{"id": UNKNOWN}]


def test_five_hundred_images_at_once(api):
    wanted = [str(number) for number in range(1, 505) if number != 404][:500]
    found = api.get_image_list(wanted)
    assert ids(found) == wanted
    assert found.errors is None


def test_get_image_categories(api):
    found = api.get_image_categories(language="en")
    names = {category.name: category.id for category in found.data}
    assert len(names) == len(set(names.values())) == len(found.data) > 20
    assert {"Nature", "People", "Animals/Wildlife"} <= names.keys()
    image = api.get_image(ID)
    assert all(names[category.name] == category.id for category in image.categories)


def test_get_image_recommendations(api):
    found = api.get_image_recommendations([ID, "1110335168"], max_items=10)
    assert len(set(ids(found))) == 10
    wanted = {api.get_image(id).categories[0].name for id in (ID, "1110335168")}
    for image in api.get_image_list(ids(found), view="full").data:
        assert not image.is_adult
        assert wanted & {category.name for category in image.categories}


def test_recommendations_leave_the_given_images_out(api):
    given = ids(api.get_image_recommendations(ID))
    assert len(given) == 20
    assert not set(given) & set(ids(api.get_image_recommendations(given, max_items=500)))


def test_recommendations_may_hold_what_is_not_safe(api):
    found = ids(api.get_image_recommendations(ID, max_items=500, safe=False))
    assert any(image.is_adult for image in api.get_image_list(found, view="full").data)


def test_get_similar_images(api):
    found = api.get_similar_images(ID, per_page=10, view="full")
    assert len(set(ids(found))) == found.per_page == 10
    assert found.total_count > 10
    assert found.search_id
    subject = api.get_image(ID).keywords[0]
    assert all(image.keywords[0] == subject for image in found.data)
    assert not set(ids(found)) & set(ids(api.get_similar_images(ID, per_page=10, page=2)))


def test_an_image_is_not_similar_to_itself(api):
    found = api.get_similar_images("1234", per_page=500)
    assert len(found.data) <= found.total_count
    assert "1234" not in ids(found)


def test_upload_ephemeral_image(api, books):
    upload = api.upload_ephemeral_image({"base64_image": encoded("red")})
    assert upload.id.startswith("U")
    assert books.upload(upload.id)[1] == "red"
    found = api.get_similar_images(upload.id, per_page=10, view="full")
    assert len(found.data) == 10
    assert all("red" in image.keywords for image in found.data)


def test_the_same_picture_gets_the_same_id(api):
    first, again, other = (
        api.upload_ephemeral_image({"base64_image": encoded(colour, format=format)}).id
        for colour, format in (("blue", "JPEG"), ("blue", "JPEG"), ("green", "JPEG"))
    )
    assert first == again != other


def test_an_upload_that_nobody_made(api):
    with pytest.raises(NotFoundError):
        api.get_similar_images("Unobody")


def test_an_upload_that_is_too_large(api):
    with pytest.raises(ApiException) as caught:
        api.upload_ephemeral_image({"base64_image": "AAAA" * (10_000_000 // 3 + 1)})
    assert (caught.value.status, type(caught.value)) == (413, BadRequestError)
    assert "larger than 10000000 bytes" in caught.value.message


def test_get_image_suggestions(api):
    found = api.get_image_suggestions("sun", limit=5).data
    assert 1 < len(found) <= 5
    assert all(term.startswith("sun") for term in found)
    assert api.get_image_suggestions("sun", limit=25).data[: len(found)] == found
    assert api.search_images(query=found[0]).total_count > 0
    assert api.get_image_suggestions("qqq").data == []


def test_get_image_keyword_suggestions(api):
    found = api.get_image_keyword_suggestions({"text": "The cat and the dog sat on a beach; the cat slept."})
    assert found.keywords[:3] == ["cat", "dog", "beach"]
    assert (
        len(api.get_image_keyword_suggestions({"text": " ".join(f"word{n}" for n in range(99))}).keywords)
        == 10
    )


# What has changed.


def test_get_updated_images(api):
    found = api.get_updated_images(interval="6 HOUR", per_page=500)
    times = [change.updated_time for change in found.data]
    assert len(times) == found.total_count == 360
    assert times == sorted(times, reverse=True)
    assert NOW - timedelta(hours=6) <= times[-1]
    assert times[0] < NOW
    assert {kind for change in found.data for kind in change.updates} == {"addition", "deletion", "edit"}
    assert api.get_image_list(ids(found)[:100]).errors is None


def test_an_hour_of_changes_by_default(api):
    assert api.get_updated_images() == api.get_updated_images(interval="1 HOUR")
    assert api.get_updated_images().total_count == 60


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (date(2020, 5, 29), date(2020, 5, 31), 2 * 24 * 60),
        (
            datetime(2020, 5, 29, 12, tzinfo=UTC),
            datetime(2020, 5, 29, 13, 30, tzinfo=UTC),
            90,
        ),
        (datetime(2020, 5, 29, 14, tzinfo=timezone(timedelta(hours=2))), "2020-05-29T13:30:00Z", 90),
        (datetime(2020, 5, 29, 12), "2020-05-29T12:10:00+00:00", 10),
    ],
)
def test_changes_of_a_period(api, start, end, minutes):
    found = api.get_updated_images(start_date=start, end_date=end, per_page=2000, sort="oldest")
    times = [change.updated_time for change in found.data]
    assert found.total_count == minutes
    assert times == sorted(times)
    assert times[0].date() == date(2020, 5, 29)


@pytest.mark.parametrize("kinds", [["addition"], ["edit", "deletion"], "edit"])
def test_changes_of_a_kind(api, kinds):
    everything = api.get_updated_images(per_page=60).data
    found = api.get_updated_images(per_page=60, type=kinds)
    assert found.data == [change for change in everything if change.updates[0] in kinds]
    assert 0 < found.total_count < 60


def test_pages_of_changes(api):
    pages = [api.get_updated_images(interval="1 HOUR", per_page=25, page=page).data for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [25, 25, 10, 0]
    assert [change for page in pages for change in page] == api.get_updated_images(interval="1 HOUR").data
