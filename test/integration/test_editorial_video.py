"""Editorial videos: looked up, found and licensed."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image as Picture

from shutterstock_api import ApiException, NotFoundError

ID = "10001234a"
VIDEO = "premier_editorial_video_digital_only"


@pytest.fixture
def api(editorial_video):
    return editorial_video


def test_get_editorial_video(api, web):
    video = api.get_editorial_video(ID, "USA")
    assert (video.id, video.title) == (ID, "Football Cup Final, Milan, Italy - 19 March 2010")
    assert video.date_taken == date(2010, 3, 19)
    original = video.assets.original
    assert (original.format, original.is_licensable) == ("avc1", True)
    assert video.aspect == pytest.approx(original.width / original.height, abs=1e-3)
    with Picture.open(io.BytesIO(web(video.assets.thumb_jpg.url))) as picture:
        assert picture.format == "JPEG"
        assert picture.width / picture.height == pytest.approx(video.aspect, abs=0.01)
    assert web(video.assets.preview_mp4.url)[4:8] == b"ftyp"
    assert web(video.assets.preview_webm.url)


def test_a_video_beyond_the_rights(api):
    shown = [video.id for video in api.search_editorial_videos("USA", per_page=50).data]
    assert len(shown) == len(api.list_editorial_videos(shown, "USA").data) == 50
    [foreign, *_] = [
        one for one in shown if one not in {v.id for v in api.list_editorial_videos(shown, "FRA").data}
    ]
    with pytest.raises(ApiException) as caught:
        api.get_editorial_video(foreign, "FRA")
    assert (caught.value.status, caught.value.message) == (406, "This content may not be distributed in FRA")
    with pytest.raises(NotFoundError):
        api.get_editorial_video("4040000a", "FRA")


def test_list_editorial_videos(api):
    found = api.list_editorial_videos([ID, "10005678b", "4040000a"], "USA")
    assert found.data == [api.get_editorial_video(one, "USA") for one in (ID, "10005678b")]
    assert found.total_count == 2


def test_list_editorial_video_categories(api, editorial_images):
    assert api.list_editorial_video_categories() == editorial_images.list_editorial_image_categories()


def test_search_editorial_videos(api):
    options = {"query": "football", "sort": "oldest", "per_page": 7}
    first = api.search_editorial_videos("USA", **options)
    second = api.search_editorial_videos("USA", **options, cursor=first.next)
    assert all("Football" in video.title for video in (*first.data, *second.data))
    assert len({video.id for video in (*first.data, *second.data)}) == 14
    assert api.search_editorial_videos("USA", **options, cursor=second.prev).data == first.data


@pytest.mark.parametrize(
    ("resolution", "name"), [("4k", "4K"), ("high_definition", "HD"), ("standard_definition", "SD")]
)
def test_what_the_files_are_like(api, resolution, name):
    found = api.search_editorial_videos("USA", resolution=resolution)
    assert {video.assets.original.display_name for video in found.data} >= {name}
    rates = {video.assets.original.fps for video in found.data}
    [*_, fps] = rates
    slower = api.search_editorial_videos("USA", resolution=resolution, fps=fps)
    assert 0 < slower.total_count <= found.total_count
    assert {video.assets.original.fps for video in slower.data} == {fps}
    assert api.search_editorial_videos("USA", fps=12).total_count == 0


def request(*items, license=VIDEO):
    return {"country": "USA", "editorial": [{"editorial_id": one, "license": license} for one in items]}


def test_license_editorial_video(api, sandbox, sold, web):
    video = api.get_editorial_video(ID, "USA")
    ok, unknown = api.license_editorial_video(request(ID, "4040000a")).data
    assert (ok.editorial_id, ok.allotment_charge, ok.error) == (ID, 1, None)
    assert (unknown.error, unknown.download) == ("Video not found", None)
    assert sandbox.allotment("s65678901") == 99
    [licence] = sold()
    assert (licence["medium"], licence["license"], licence["size"]) == ("editorial_videos", VIDEO, "original")
    assert ok.download.url.startswith(f"{sandbox.url}/api-downloads/editorial_videos/e")
    assert web(ok.download.url)[4:8] == b"ftyp"
    assert video.id == ID


def test_an_agreement_that_the_account_lacks(api, sold):
    [result] = api.license_editorial_video(request(ID, license="premier_editorial_video_all_media")).data
    assert result.error == "The account has no agreement premier_editorial_video_all_media"
    assert not sold()


def test_get_editorial_video_license_list(api, editorial_images, sold):
    api.license_editorial_video(request(ID, license="premier_editorial_video_comp"))
    [entry] = api.get_editorial_video_license_list(video_id=ID).data
    assert [licence["id"] for licence in sold()] == [entry.id]
    assert (entry.video.id, entry.image, entry.license) == (ID, None, "premier_editorial_video_comp")
    assert (entry.video.format.format, entry.is_downloadable) == ("mp4", False)
    assert not editorial_images.get_editorial_image_license_list().data
