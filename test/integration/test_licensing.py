"""Licensing: what is bought, charged, written down, shown again and downloaded."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import Image as Picture

from shutterstock_api import (
    CustomSizeDimensions,
    ForbiddenError,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageVector,
    LicenseRequestMetadata,
    Price,
)
from shutterstock_api.sandbox import DEFAULT_SUBSCRIPTION

CREDITS, ENHANCED, EMPTY, EXPIRED, RESELLER = "s12163856", "s23456789", "s34567890", "s45678901", "s56789012"
OLD = "i1188641347"
METADATA = {"customer_id": "12345", "geo_location": "US", "number_viewed": "15", "our_order": "A-1 ö"}


def ids(found):
    return [image.id for image in found.data]


def images(*given):
    return {"images": [{"image_id": image} if isinstance(image, str) else image for image in given]}


def pixels(data):
    with Picture.open(io.BytesIO(data)) as picture:
        assert picture.format == "JPEG"
        picture.load()
        return picture.size


@pytest.fixture
def find(api):
    """The first images that a search finds."""

    def search(number=1, **given):
        found = ids(api.search_images(per_page=number, **given))
        assert len(found) == number
        return found

    return search


def test_search_license_history_download(api, sandbox, sold, clock, web):
    found = api.search_images(query="cat", per_page=50)
    start = datetime.fromtimestamp(clock.now, UTC)
    result = api.license_images(
        LicenseImageRequest(
            images=[LicenseImage(image_id=id, search_id=found.search_id) for id in ids(found)]
        ),
        size="medium",
    )
    assert [entry.image_id for entry in result.data] == ids(found)
    assert all(
        entry.license_id and entry.allotment_charge == 1 and entry.error is None for entry in result.data
    )
    assert sandbox.allotment() == 10_000 - 50
    assert [(row["image_id"], row["size"], row["search_id"]) for row in sold()] == [
        (id, "medium", found.search_id) for id in ids(found)
    ]

    history = api.get_image_license_list(start_date=start, sort="oldest", per_page=200)
    assert history.total_count == 50
    assert [(entry.id, entry.image.id) for entry in history.data] == [
        (entry.license_id, entry.image_id) for entry in result.data
    ]
    assert {(entry.subscription_id, entry.license, entry.download_time) for entry in history.data} == {
        (DEFAULT_SUBSCRIPTION, "standard", start)
    }

    first = history.data[0]
    (image,) = api.get_image_list(first.image.id, view="full").data
    fresh = api.download_image(first.id, {}).url
    assert pixels(web(fresh)) == (image.assets.medium_jpg.width, image.assets.medium_jpg.height)
    assert web(result.data[0].download.url) == web(fresh)
    assert sandbox.allotment() == 10_000 - 50


def test_license_images(api, sandbox, sold, find):
    first, second = find(2)
    result = api.license_images(images(first, {"image_id": second, "metadata": METADATA}))
    assert [entry.license_id for entry in result.data] == [row["id"] for row in sold()]
    assert [row["metadata"] for row in sold()] == [None, METADATA]
    assert [(row["size"], row["format"], row["charge"]) for row in sold()] == [("huge", "jpg", 1)] * 2
    assert sandbox.allotment() == 9_998
    assert all(entry.price is None for entry in result.data)


def test_the_same_image_twice_is_paid_twice(api, sandbox, sold, find):
    (image,) = find()
    result = api.license_images(images(image, image))
    assert len({entry.license_id for entry in result.data}) == len(sold()) == 2
    assert sandbox.allotment() == 9_998


def test_an_image_overrides_the_query(api, sandbox, sold, find):
    plain, own, vector = *find(2), *find(image_type="vector")
    body = LicenseImageRequest(
        images=[
            LicenseImage(image_id=plain),
            LicenseImage(
                image_id=own, subscription_id=ENHANCED, size="small", search_id="mine", format="jpg"
            ),
            LicenseImageVector(image_id=vector, size="vector", format="eps"),
        ]
    )
    api.license_images(body, subscription_id=CREDITS, size="medium", search_id="common", format="jpg")
    assert [(row["subscription_id"], row["size"], row["format"], row["search_id"]) for row in sold()] == [
        (CREDITS, "medium", "jpg", "common"),
        (ENHANCED, "small", "jpg", "mine"),
        (CREDITS, "vector", "eps", "common"),
    ]
    assert (sandbox.allotment(), sandbox.allotment(CREDITS), sandbox.allotment(ENHANCED)) == (
        10_000,
        9_998,
        99,
    )
    assert [row["license"] for row in sold()] == ["standard", "enhanced", "standard"]


@pytest.mark.parametrize("body", [True, False], ids=["models", "dicts"])
def test_everything_that_an_image_can_say_arrives(api, sandbox, find, body):
    (image,) = find()
    said = {
        "image_id": image,
        "subscription_id": CREDITS,
        "size": "custom",
        "custom_dimensions": {"width": 400},
        "editorial_acknowledgement": False,
        "metadata": METADATA,
        "price": 12.34,
        "search_id": "s1",
        "auth_cookie": {"name": "session", "value": "abc"},
        "format": "jpg",
        "show_modal": False,
        "verification_code": "v",
    }
    model = LicenseImage(
        **{
            **said,
            "custom_dimensions": CustomSizeDimensions(width=400),
            "metadata": LicenseRequestMetadata(
                customer_id="12345",
                geo_location="US",
                number_viewed="15",
                additional_properties={"our_order": "A-1 ö"},
            ),
        }
    )
    assert set(said) == set(LicenseImage.attribute_map.values())
    api.license_images(LicenseImageRequest(images=[model]) if body else images(said))
    assert sandbox.requests[-1].json() == images(said)


# What is refused: an entry of its own in an answer that is a success.


def test_partial_failure(api, sandbox, sold, find, catalogue):
    good, other = find(2, image_type="photo")
    (editorial,) = find(license="editorial")
    width = catalogue.image(int(good)).width
    refused = [
        ({"image_id": "404"}, "Image not found"),
        ({"image_id": editorial}, "Editorial acknowledgement is required for this image"),
        ({"image_id": good, "size": "vector"}, "This image is not available as a vector"),
        ({"image_id": good, "format": "eps", "size": "small"}, "Size small is not available as eps"),
        ({"image_id": good, "size": "custom"}, "Size custom needs custom_dimensions"),
        (
            {"image_id": good, "size": "custom", "custom_dimensions": {"width": width + 1}},
            "custom_dimensions exceed the image",
        ),
        ({"image_id": good, "subscription_id": EMPTY}, "Insufficient allotment"),
        ({"image_id": good, "subscription_id": EXPIRED}, "Subscription is expired"),
        ({"image_id": good, "subscription_id": "s0"}, "Subscription s0 is unknown"),
        ({"image_id": good, "subscription_id": RESELLER}, "This subscription needs a price and the metadata"),
    ]
    result = api.license_images(images(good, *(image for image, _ in refused), other))
    first, *middle, last = result.data
    assert [entry.image_id for entry in result.data] == [
        good,
        *(image["image_id"] for image, _ in refused),
        other,
    ]
    assert first.license_id
    assert last.license_id
    for entry, (_, reason) in zip(middle, refused, strict=True):
        assert entry.error.startswith(reason)
        assert (entry.license_id, entry.download, entry.allotment_charge) == (None, None, None)
    assert [row["image_id"] for row in sold()] == [good, other]
    assert sandbox.allotment() == 9_998


def test_an_allotment_that_runs_out_on_the_way(api, sandbox, sold, find):
    for _ in range(2):
        api.license_images(images(*find(49)), subscription_id=ENHANCED)
    result = api.license_images(images(*find(3)), subscription_id=ENHANCED)
    assert [entry.error for entry in result.data] == [None, None, "Insufficient allotment"]
    assert (sandbox.allotment(ENHANCED), len(sold())) == (0, 100)


def test_an_editorial_image_with_acknowledgement(api, sold, find):
    (editorial,) = find(license="editorial")
    (entry,) = api.license_images(images({"image_id": editorial, "editorial_acknowledgement": True})).data
    assert entry.error is None
    assert [row["image_id"] for row in sold()] == [editorial]


# Files.


@pytest.mark.parametrize("size", ["small", "medium", "huge"])
def test_the_file_has_the_stated_size(api, find, web, size):
    (image,) = find(orientation="vertical", width_to=1200)
    (entry,) = api.license_images(images(image), size=size).data
    stated = getattr(api.get_image(image).assets, f"{size}_jpg")
    assert pixels(web(entry.download.url)) == (stated.width, stated.height)


@pytest.mark.parametrize("side", ["width", "height"])
def test_a_size_of_ones_own(api, find, web, side):
    (image,) = find()
    (entry,) = api.license_images(
        images({"image_id": image, "size": "custom", "custom_dimensions": {side: 300}})
    ).data
    width, height = pixels(web(entry.download.url))
    assert {"width": width, "height": height}[side] == 300
    assert pixels(web(api.download_image(entry.license_id, {}).url)) == (width, height)
    assert width / height == pytest.approx(api.get_image(image).aspect, rel=0.01)


@pytest.mark.parametrize(
    ("query", "own"),
    [
        ({"size": "vector"}, {}),
        ({}, {"size": "vector"}),
        ({}, {"format": "eps"}),
        ({"format": "eps"}, {}),
        ({"size": "small"}, {"size": "vector"}),
    ],
)
def test_a_vector_image_as_vector(api, sold, find, web, query, own):
    (image,) = find(image_type="vector")
    (entry,) = api.license_images(images({"image_id": image, **own}), **query).data
    assert entry.error is None
    assert web(entry.download.url).startswith(b"%!PS-Adobe-3.0 EPSF-3.0\n")
    (licence,) = api.get_image_license_list(image_id=image).data
    assert (licence.image.format.format, licence.image.format.size) == ("eps", "vector")
    assert [(row["size"], row["format"]) for row in sold()] == [("vector", "eps")]


def test_a_vector_image_as_raster(api, find, web):
    (image,) = find(image_type="vector")
    (entry,) = api.license_images(images(image), size="small").data
    assert max(pixels(web(entry.download.url))) == 500


def test_download_image(api, sandbox, sold, web):
    for size, longest in (("small", 500), ("medium", 1000)):
        assert max(pixels(web(api.download_image(OLD, {"size": size}).url))) == longest
    assert sold() == []
    assert sandbox.allotment() == 10_000


def test_a_download_link_ends_after_eight_hours(api, clock, web):
    link = api.download_image(OLD, {"size": "small"}).url
    clock.now += 8 * 60 * 60 - 1
    assert web(link)
    clock.now += 1
    with pytest.raises(AssertionError, match="This link has expired"):
        web(link)
    assert web(api.download_image(OLD, {"size": "small"}).url)


def test_a_reseller_pays_by_price_and_downloads_once(api, sandbox, sold, find):
    (image,) = find()
    body = images({"image_id": image, "price": 12.34, "metadata": METADATA})
    (entry,) = api.license_images(body, subscription_id=RESELLER).data
    assert entry.price == Price(local_amount=12.34, local_currency="USD")
    assert entry.allotment_charge == 0
    (licence,) = api.get_image_license_list(download_availability="non_downloadable").data
    assert (licence.id, licence.is_downloadable) == (entry.license_id, False)
    assert (licence.revshare.purchase_amount, licence.revshare.purchase_currency) == ("12.34", "USD")
    with pytest.raises(ForbiddenError, match="does not allow to download the image again"):
        api.download_image(licence.id, {})
    assert len(sold()) == 1


# The licence history.


def test_get_image_license_list(api, find, clock):
    first, second = find(2)
    api.license_images(images({"image_id": first, "metadata": METADATA}))
    clock.now += 60
    api.license_images(images(second), subscription_id=ENHANCED, size="small")
    newest, before, *_ = api.get_image_license_list().data
    assert [entry.image.id for entry in (newest, before)] == [second, first]
    assert newest.download_time - before.download_time == timedelta(seconds=60)
    assert (before.metadata, newest.metadata) == (METADATA, None)
    assert (newest.license, newest.subscription_id, newest.is_downloadable) == ("enhanced", ENHANCED, True)
    assert (newest.image.format.size, newest.image.format.format) == ("small", "jpg")
    assert newest.user.username == "photo.editor"
    assert (newest.video, newest.audio, newest.revshare) == (None, None, None)


def test_the_filters_of_the_history(api, find, clock):
    start = datetime.fromtimestamp(clock.now, UTC)
    first, second, third = find(3)
    for number, image in enumerate((first, second, third)):
        api.license_images(images(image), subscription_id=ENHANCED if number == 1 else CREDITS)
        clock.now += 60

    def found(**given):
        return [entry.image.id for entry in api.get_image_license_list(sort="oldest", **given).data]

    old, mates = "465011609", "1110335168"
    assert found() == [old, first, second, third]
    assert found(team_history=True) == [mates, old, first, second, third]
    assert found(team_history=True, username="team.mate") == [mates]
    assert found(image_id=second) == [second]
    assert found(license="enhanced") == [second]
    assert found(license="-enhanced") == [old, first, third]
    assert found(start_date=start) == [first, second, third]
    assert found(end_date=start) == [old]
    one, two = start + timedelta(minutes=1), start + timedelta(minutes=2)
    assert found(start_date=one, end_date=two) == [second]
    assert found(start_date=one.astimezone(timezone(timedelta(hours=-5)))) == [second, third]
    assert found(download_availability="non_downloadable") == []
    assert found(download_availability="downloadable") == found()


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_of_the_history(api, find, sort):
    api.license_images(images(*find(50)))
    pages = [api.get_image_license_list(sort=sort, per_page=20, page=page) for page in (1, 2, 3, 4)]
    assert [len(page.data) for page in pages] == [20, 20, 11, 0]
    assert {page.total_count for page in pages} == {51}
    seen = [entry.id for page in pages for entry in page.data]
    assert len(set(seen)) == 51
    whole = [entry.id for entry in api.get_image_license_list(sort=sort, per_page=200).data]
    assert seen == whole
