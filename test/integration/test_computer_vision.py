"""Pictures that are uploaded: what they are found to be, and what resembles them."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, ImageDraw

from shutterstock_api import ApiException, BadRequestError, NotFoundError

ID = "465011609"


def picture(*colours, size=(40, 20), format="PNG"):
    """A picture of stripes, encoded."""
    drawn = Image.new("RGB", size, colours[0])
    pen = ImageDraw.Draw(drawn)
    for number, colour in enumerate(colours):
        pen.rectangle((number * size[0] // len(colours), 0, size[0], size[1]), fill=colour)
    out = io.BytesIO()
    drawn.save(out, format)
    return encoded(out.getvalue())


def encoded(data):
    return {"base64_image": base64.b64encode(data).decode()}


def test_upload_image(vision):
    first = vision.upload_image(picture("red")).upload_id
    assert (first[0], len(first)) == ("U", 33)
    assert vision.upload_image(picture("red")).upload_id == first
    assert vision.upload_image(picture("red", format="JPEG")).upload_id != first


def test_an_upload_is_forgotten_after_a_day(vision, clock):
    uploaded = vision.upload_image(picture("blue")).upload_id
    clock.now += 23 * 3600
    assert vision.get_keywords(uploaded).data
    clock.now += 2 * 3600
    for look_up in (vision.get_keywords, vision.get_similar_images, vision.get_similar_videos):
        with pytest.raises(NotFoundError):
            look_up(uploaded)


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (encoded(b"GIF89a"), 415, "neither a JPEG nor a PNG"),
        (encoded(base64.b64decode(picture("red")["base64_image"])[:30]), 415, "neither a JPEG nor a PNG"),
        (encoded(bytes(10_000_001)), 413, "larger than 10000000 bytes"),
        (picture("red", size=(10_001, 2)), 413, "more than 10000 pixels"),
    ],
    ids=["gif", "cut", "large", "long"],
)
def test_pictures_that_are_refused(vision, body, status, message):
    with pytest.raises(ApiException, match=message) as caught:
        vision.upload_image(body)
    assert caught.value.status == status


def test_what_is_not_base64_is_refused(vision):
    with pytest.raises(BadRequestError) as caught:
        vision.upload_image({"base64_image": "***"})
    assert caught.value.errors[0]["path"] == "$.body.base64_image"


def test_get_keywords(vision, api):
    words = vision.get_keywords(ID).data
    assert set(api.get_image(ID).keywords) <= {*words}
    assert 15 <= len(words) == len(set(words)) <= 30


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (picture("red"), {"red", "horizontal", "colorful"}),
        (picture("#f0f0f0", size=(20, 40)), {"white", "bright", "vertical", "monochrome"}),
        (picture("black", size=(20, 20)), {"black", "dark", "square", "monochrome"}),
        (picture("#2d5fbe", "#f0d23c"), {"blue", "yellow", "colorful"}),
    ],
    ids=["red", "white", "black", "two colours"],
)
def test_keywords_tell_what_can_be_seen(vision, body, seen):
    words = vision.get_keywords(vision.upload_image(body).upload_id).data
    assert seen <= {*words}
    assert 15 <= len(words) <= 30


def test_a_picture_of_the_library_is_known_again(vision, api, web):
    shown = api.get_image(ID)
    uploaded = vision.upload_image(encoded(web(shown.assets.preview.url))).upload_id
    assert {*shown.keywords} <= {*vision.get_keywords(uploaded).data}
    alike = [image.id for image in vision.get_similar_images(uploaded, per_page=20).data]
    assert alike == [image.id for image in vision.get_similar_images(ID, per_page=20).data]


def test_computervisionapi_get_similar_images(vision, api):
    page = vision.get_similar_images(ID, view="full", per_page=30)
    assert {image.keywords[0] for image in page.data} == {api.get_image(ID).keywords[0]}
    assert not any(image.is_editorial or image.is_adult for image in page.data)
    news = vision.get_similar_images(ID, license=["editorial"], view="full", per_page=30)
    assert all(image.is_editorial for image in news.data)
    both = vision.get_similar_images(ID, license=["commercial", "editorial"])
    assert both.total_count == page.total_count + news.total_count > page.total_count
    assert vision.get_similar_images(ID, safe=False).total_count > page.total_count
    assert vision.get_similar_images("1234", per_page=500).data
    assert "1234" not in [image.id for image in vision.get_similar_images("1234", per_page=500).data]


def test_computervisionapi_get_similar_videos(vision, api):
    uploaded = vision.upload_image(picture("red")).upload_id
    page = vision.get_similar_videos(uploaded, view="full", per_page=5)
    assert page.total_count > 5
    assert {video.media_type for video in page.data} == {"video"}
    assert all("red" in video.keywords for video in page.data)
    assert vision.get_similar_videos(uploaded, page=2, per_page=5).data[0].id != page.data[0].id
    subject = api.get_image(ID).keywords[0]
    assert all(subject in video.keywords for video in vision.get_similar_videos(ID, view="full").data)


def test_both_kinds_of_uploads_are_good_everywhere(vision, api):
    old = api.upload_ephemeral_image(picture("green")).id
    assert "green" in vision.get_keywords(old).data
    assert vision.get_similar_images(old).data
    new = vision.upload_image(picture("green")).upload_id
    assert api.get_similar_images(new).data


@pytest.mark.parametrize("asset_id", ["404", "Unobody"])
def test_pictures_that_there_are_not(vision, asset_id):
    for look_up in (vision.get_keywords, vision.get_similar_images, vision.get_similar_videos):
        with pytest.raises(NotFoundError):
            look_up(asset_id)
