"""Editorial images: search with cursors, rights by country, livefeeds, changes, licences without an id."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from PIL import Image as Picture

from shutterstock_api import ApiException, BadRequestError, NotFoundError, paginate

ID = "10687730b"
NOT_FOR_THE_USA = "-USA,-CAN,+*"
NOW = datetime.fromtimestamp(1_800_000_000, UTC)
ALL_YEARS = ("2015-01-01T00:00:00Z", "2037-01-01T00:00:00Z")


@pytest.fixture
def api(editorial_images):
    return editorial_images


def walk(method, *asked, **options):
    """Yield what is on all pages, by their cursors."""
    cursor = None
    while cursor != "":
        page = method(*asked, **options, cursor=cursor)
        yield from page.data
        cursor = page.next


def ids(found):
    return [item.id for item in found.data]


@pytest.fixture
def foreign(api):
    """An image that may not be distributed in the United States."""
    changed = api.get_updated_editorial_images("addition", *ALL_YEARS, "GBR").data
    return next(item.id for item in changed if item.rights.countries == NOT_FOR_THE_USA)


def test_get_editorial_image(api, web):
    image = api.get_editorial_image(ID, "USA")
    assert image.id == ID
    assert image.title == "Rock Concert, Tokyo, Japan - 8 October 2021"
    assert image.description.endswith(image.title)
    assert image.caption == ""
    assert image.date_taken == date(2021, 10, 8)
    assert image.byline.endswith("/EPA/Shutterstock")
    assert "tokyo" in image.keywords
    assert [category.name for category in image.categories] == ["Music", "Celebrity"]
    original, thumb = image.assets.original, image.assets.thumb_220
    assert image.aspect == pytest.approx(original.width / original.height, abs=1e-3)
    assert max(image.assets.small_jpg.width, image.assets.small_jpg.height) == 500
    with Picture.open(io.BytesIO(web(thumb.url))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (thumb.width, thumb.height))
        assert max(picture.size) == 220


def test_rights_by_country(api, foreign):
    assert api.get_editorial_image(foreign, "GBR").id == foreign
    with pytest.raises(NotFoundError):
        api.get_editorial_image(foreign, "USA")
    assert ids(api.list_editorial_images([ID, foreign], "USA")) == [ID]
    assert ids(api.list_editorial_images([ID, foreign], "GBR")) == [ID, foreign]


def test_a_country_that_is_none(api):
    with pytest.raises(BadRequestError) as caught:
        api.get_editorial_image(ID, "XYZ")
    assert [error["path"] for error in caught.value.errors] == ["$.query.country"]


def test_list_editorial_images(api):
    found = api.list_editorial_images([ID, "4040000a", "nonsense"], "USA", search_id="s-1")
    assert found.data == [api.get_editorial_image(ID, "USA")]
    assert (found.total_count, found.search_id) == (1, "s-1")


def test_list_editorial_image_categories(api):
    names = [category.name for category in api.list_editorial_image_categories().data]
    assert names == sorted(set(names))
    assert {"Sport", "Awards", "Animal", "Art"} <= {*names}


def test_search_editorial_images(api):
    first = api.search_editorial_images("GBR", query="football NOT training", per_page=30, sort="newest")
    assert (len(first.data), first.per_page, first.prev) == (30, 30, "")
    assert all("Football" in item.title and "Training" not in item.description for item in first.data)
    days = [item.date_taken for item in first.data]
    assert days == sorted(days, reverse=True)
    assert days[0] > date(2026, 12, 1)
    second = api.search_editorial_images(
        "GBR", query="football NOT training", per_page=30, sort="newest", cursor=first.next
    )
    assert not {*ids(first)} & {*ids(second)}
    assert (second.total_count, second.search_id) == (first.total_count, first.search_id)
    back = api.search_editorial_images(
        "GBR", query="football NOT training", per_page=30, sort="newest", cursor=second.prev
    )
    assert back.data == first.data


@pytest.mark.parametrize("query", ["mountain lake", "food", "logo", "paris", "New York", "robots"])
def test_what_people_try_first_is_found(api, query):
    assert api.search_editorial_images("USA", query=query).total_count > 100


def test_filters_of_a_search(api):
    found = api.search_editorial_images(
        "USA",
        category="Sport, awards",
        supplier_code=["AP", "SPT"],
        date_start=date(2021, 1, 1),
        date_end=date(2024, 12, 31),
        sort="oldest",
        per_page=50,
    )
    assert found.total_count > 50
    for image in found.data:
        assert {"Sport", "Awards"} <= {category.name for category in image.categories}
        assert image.byline.split("/")[1] in ("AP", "Sportshot")
        assert date(2021, 1, 1) <= image.date_taken <= date(2024, 12, 31)
    assert api.search_editorial_images("USA", category="Sport,Weather").total_count == 0


def test_pages_stand_still_while_images_are_added(api, clock):
    options = {"query": "crowd", "sort": "newest", "per_page": 20}
    first = api.search_editorial_images("USA", **options)
    clock.now += 7 * 60 * 60
    later = api.search_editorial_images("USA", **options)
    assert later.total_count > first.total_count
    second = api.search_editorial_images("USA", **options, cursor=first.next)
    assert second.total_count == first.total_count
    assert not {*ids(first)} & {*ids(second)}


def test_the_end_of_a_search(api):
    options = {"category": "Royalty", "date_start": date(2021, 1, 1), "date_end": date(2021, 2, 28)}
    pages = list(walk(api.search_editorial_images, "GBR", **options, per_page=50))
    total = api.search_editorial_images("GBR", **options).total_count
    assert len(pages) == len({image.id for image in pages}) == total > 50


@pytest.mark.parametrize(
    ("cursor", "given", "message"),
    [
        ("nonsense", {}, "this is not a cursor"),
        ("W10=", {}, "this is not a cursor"),
        (None, {"query": "tennis"}, "the other arguments are not those of the page"),
        (None, {"country": "USA"}, "the other arguments are not those of the page"),
    ],
)
def test_cursors_that_lead_nowhere(api, cursor, given, message):
    mine = cursor or api.search_editorial_images("GBR", query="football").next
    with pytest.raises(BadRequestError, match=message) as caught:
        api.search_editorial_images(**{"country": "GBR", "query": "football", **given}, cursor=mine)
    assert [error["path"] for error in caught.value.errors] == ["$.query.cursor"]


def test_a_cursor_expires_after_a_day(api, clock):
    cursor = api.search_editorial_images("GBR").next
    clock.now += 24 * 60 * 60 - 1
    api.search_editorial_images("GBR", cursor=cursor)
    clock.now += 1
    with pytest.raises(BadRequestError, match="this cursor has expired"):
        api.search_editorial_images("GBR", cursor=cursor)


def test_get_updated_editorial_images(api):
    start, end = NOW - timedelta(days=3), NOW
    calls = ("addition", start, end, "GBR")
    first = api.get_updated_editorial_images(*calls, per_page=100)
    assert (len(first.data), first.prev) == (100, "")
    times = [item.updated_time for item in first.data]
    assert times == sorted(times, reverse=True)
    for item in first.data:
        assert start < item.updated_time == item.created_time < end
        assert (item.updates, item.commercial_status.status) == (["addition"], "available")
        assert item.supplier_code in ("AP", "EPA", "REX", "SPT")
        assert item.rights.countries
    every = list(walk(api.get_updated_editorial_images, *calls, per_page=100))
    assert len({item.id for item in every}) == len(every) > 300
    backwards = list(walk(api.get_updated_editorial_images, *calls, per_page=500, sort="oldest"))
    assert [item.id for item in backwards] == [item.id for item in every][::-1]
    assert api.get_editorial_image(first.data[0].id, "GBR").title == first.data[0].title


def test_edits_and_deletions(api):
    found = api.get_updated_editorial_images("edit", NOW - timedelta(days=9), NOW, "GBR", sort="oldest")
    assert {item.updates[0] for item in found.data} == {"edit", "deletion"}
    for item in found.data:
        assert item.updated_time > item.created_time
        deleted = item.updates == ["deletion"]
        assert (item.commercial_status.status == "unavailable") == deleted


def test_changes_of_some_images(api):
    found = api.get_updated_editorial_images(
        "addition",
        *ALL_YEARS,
        "USA",
        date_taken_start=date(2021, 3, 1),
        date_taken_end=date(2021, 3, 10),
        supplier_code=["AP"],
    )
    assert len(found.data) > 300
    assert {item.supplier_code for item in found.data} == {"AP"}
    assert all(date(2021, 3, 1) <= item.date_taken < date(2021, 3, 10) for item in found.data)


@pytest.mark.parametrize(
    ("start", "end", "path"),
    [
        ("1970-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "$.query.date_updated_start"),
        ("2020-01-01T00:00:00Z", "2038-01-19T00:00:01Z", "$.query.date_updated_end"),
        ("2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z", "$.query.date_updated_end"),
    ],
)
def test_periods_that_cannot_be(api, start, end, path):
    with pytest.raises(BadRequestError) as caught:
        api.get_updated_editorial_images("edit", start, end, "USA")
    assert [error["path"] for error in caught.value.errors] == [path]


def test_get_editorial_image_livefeed_list(api, web):
    found = api.get_editorial_image_livefeed_list("DEU", per_page=50)
    assert (found.page, found.per_page, len(found.data)) == (1, 50, 50)
    every = list(paginate(api.get_editorial_image_livefeed_list, "DEU", per_page=50))
    assert len(every) == found.total_count
    assert len(every) > len(list(paginate(api.get_editorial_image_livefeed_list, "FRA", per_page=50)))
    feed = found.data[0]
    assert feed == api.get_editorial_image_livefeed(feed.id, "DEU")
    with Picture.open(io.BytesIO(web(feed.cover_item.url))) as picture:
        assert picture.size == (feed.cover_item.width, feed.cover_item.height)


def test_get_editorial_image_livefeed(api):
    feed = api.get_editorial_image_livefeed("2018%2F07%2F17%2FFilm%20Festival%2C%20Day%201", "USA")
    assert (feed.name, feed.total_item_count) == ("Film Festival, Day 1", 40)
    assert feed.created_time == datetime(2018, 7, 17, tzinfo=UTC)
    assert api.get_editorial_image_livefeed("2018/07/17/Film Festival, Day 1", "USA") == feed
    with pytest.raises(NotFoundError):
        api.get_editorial_image_livefeed(feed.id, "FRA")
    for unknown in (
        "2018/07/18/Film Festival, Day 1",
        "2018/13/17/Film Festival, Day 1",
        "2090/01/01/Marathon",
    ):
        with pytest.raises(NotFoundError):
            api.get_editorial_image_livefeed(unknown, "USA")


def test_get_editorial_image_livefeed_items(api, clock):
    feed = api.get_editorial_image_livefeed_list("DEU").data[0]
    found = api.get_editorial_image_livefeed_items(feed.id, "DEU")
    assert len(found.data) == found.total_count == feed.total_item_count
    assert {item.title for item in found.data} == {found.data[0].title}
    assert found.data[0].title.startswith(feed.name)
    assert found.data[-1].id == feed.cover_item.id


def test_a_livefeed_grows_while_the_event_goes_on(api, clock):
    clock.now += -clock.now % (6 * 60 * 60)  # the next event begins

    def newest():
        every = api.get_editorial_image_livefeed_list("DEU", per_page=50).data
        return every[0]

    while (datetime.fromtimestamp(clock.now, UTC) - newest().created_time).total_seconds():
        clock.now += 6 * 60 * 60
    feed = newest()
    assert feed.total_item_count == 1
    clock.now += 10 * 60
    assert len(api.get_editorial_image_livefeed_items(feed.id, "DEU").data) == 3
    clock.now += 6 * 60 * 60
    assert api.get_editorial_image_livefeed(feed.id, "DEU").total_item_count == 40


def request(*items, country="USA", license="premier_editorial_all_digital", **more):
    return {
        "country": country,
        "editorial": [{"editorial_id": one, "license": license, **more} for one in items],
    }


def test_license_editorial_images(api, sandbox, sold, web):
    marker = {"customer_id": "12345"}
    body = request(ID, size="medium", metadata=marker)
    [result] = api.license_editorial_images(body).data
    assert (result.editorial_id, result.allotment_charge, result.error) == (ID, 1, None)
    assert "license_id" not in result.to_dict()
    assert sandbox.requests[-1].json() == body
    [licence] = sold()
    assert (licence["editorial_id"], licence["medium"], licence["size"]) == (ID, "editorial_images", "medium")
    assert (licence["metadata"], licence["is_downloadable"]) == (marker, False)
    assert sandbox.allotment("s64567801") == 499
    assert result.download.url.startswith(f"{sandbox.url}/api-downloads/")
    with Picture.open(io.BytesIO(web(result.download.url))) as picture:
        assert (picture.format, max(picture.size)) == ("JPEG", 1000)


def test_the_agreement_pays(api, sandbox, sold):
    for license, subscription in (
        ("premier_editorial_all_media", "s64567802"),
        ("premier_editorial_comp", "s64567803"),
    ):
        left = sandbox.allotment(subscription)
        api.license_editorial_images(request(ID, license=license))
        assert sandbox.allotment(subscription) == left - 1
        assert (sold()[-1]["license"], sold()[-1]["subscription_id"]) == (license, subscription)


def test_refusals_are_entries(api, sandbox, sold, foreign):
    body = request(ID, foreign, "4040000a")
    body["editorial"].append({"editorial_id": ID, "license": "standard"})
    results = api.license_editorial_images(body).data
    assert [result.error for result in results] == [
        None,
        "This content may not be distributed in USA",
        "Image not found",
        "The account has no agreement standard",
    ]
    assert [bool(result.download) for result in results] == [True, False, False, False]
    assert len(sold()) == 1
    assert api.license_editorial_images(request(foreign, country="GB")).data[0].error is None


def test_a_license_request_that_cannot_be(api, sold):
    for body, path in (
        (request(ID, country="XY"), "$.body.country"),
        (request(ID, size="huge"), "$.body.editorial[0].size"),
    ):
        with pytest.raises(BadRequestError) as caught:
            api.license_editorial_images(body)
        assert [error["path"] for error in caught.value.errors] == [path]
    assert not sold()


def test_an_agreement_that_is_used_up(api, sandbox):
    for _ in range(5):
        api.license_editorial_images(request(*[ID] * 10, license="premier_editorial_all_media"))
    assert sandbox.allotment("s64567802") == 0
    [result] = api.license_editorial_images(request(ID, license="premier_editorial_all_media")).data
    assert result.error == "Insufficient allotment"


def test_a_link_ends_after_eight_hours(api, web, clock):
    [result] = api.license_editorial_images(request(ID, size="small")).data
    clock.now += 8 * 60 * 60 - 1
    assert web(result.download.url).startswith(b"\xff\xd8\xff")
    clock.now += 1
    with pytest.raises(AssertionError, match="expired"):
        web(result.download.url)


def test_get_editorial_image_license_list(api, sold, clock):
    for size, license in (("small", "premier_editorial_all_digital"), ("original", "premier_editorial_comp")):
        clock.now += 60
        api.license_editorial_images(request(ID, size=size, license=license, metadata={"order": size}))
    newest, oldest = api.get_editorial_image_license_list(image_id=ID).data
    assert [oldest.id, newest.id] == [licence["id"] for licence in sold()]
    assert newest.id.startswith("e")
    assert (newest.image.id, newest.image.format.size, newest.image.format.format) == (ID, "original", "jpg")
    assert (newest.license, newest.subscription_id) == ("premier_editorial_comp", "s64567803")
    assert (newest.is_downloadable, newest.metadata) == (False, {"order": "original"})
    assert newest.download_time == datetime.fromtimestamp(clock.now, UTC)
    listed = api.get_editorial_image_license_list(license="premier_editorial_all_digital").data
    assert [entry.id for entry in listed] == [oldest.id]
    assert not api.get_editorial_image_license_list(download_availability="downloadable").data
    assert not api.get_editorial_image_license_list(image_id="10687731c").data
    assert api.get_editorial_image_license_list(per_page=0).total_count == 2


def test_the_pages_of_the_first_hundred_results(api):
    few = list(islice(walk(api.search_editorial_images, "USA", per_page=50), 100))
    assert len({image.id for image in few}) == 100
    with pytest.raises(ApiException):
        api.search_editorial_images("USA", per_page=51)
