"""Videos: what comes back, what changes, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import urllib3

from shutterstock_api import BadRequestError, NotFoundError, UsersApi, VideosApi
from shutterstock_api.sandbox import USERNAME

FOOTAGE, HD_ONLY = "s67890123", "s67890124"
CLIPBOX, SHARED, FEATURED = "127351027", "127351028", "137351027"
SIZES = ("web", "sd", "hd", "_4k")


def first_with(videos, **wanted):
    """The most popular video that a search for it finds, in full."""
    return videos.search_videos(view="full", per_page=1, **wanted).data[0]


def test_search_videos(videos):
    found = videos.search_videos(query="mountain lake", per_page=5)
    assert (len(found.data), found.page, found.per_page) == (5, 1, 5)
    assert found.total_count > 100
    assert found.search_id
    for video in found.data:
        assert video.media_type == "video"
        assert {"mountain", "lake"} & {*video.description.split()}
        assert video.assets.hd is None  # the short form cannot tell what can be licensed
        assert video.assets.preview_mp4.url.endswith(f"/{video.id}.mp4")


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({"resolution": "4k"}, lambda video: video.assets._4k.height >= 2160),
        ({"resolution": "standard_definition"}, lambda video: video.assets.hd is None),
        ({"aspect_ratio": "43"}, lambda video: video.aspect_ratio == "4:3"),
        ({"orientation": "vertical"}, lambda video: video.aspect < 1),
        ({"duration_from": 10, "duration_to": 12}, lambda video: 10 <= video.duration <= 12),
        ({"duration": 15}, lambda video: int(video.duration) == 15),
        ({"fps_from": 29, "fps_to": 30}, lambda video: 29 <= video.assets.web.fps <= 30),
        ({"fps": 25}, lambda video: video.assets.web.fps == 25),
        ({"license": ["editorial"]}, lambda video: video.is_editorial),
        ({"category": "Nature"}, lambda video: "Nature" in {one.name for one in video.categories}),
        (
            {"added_date_start": "2015-01-01", "added_date_end": "2016-01-01"},
            lambda video: video.added_date.year == 2015,
        ),
    ],
)
def test_filters_of_videos(videos, wanted, holds):
    found = videos.search_videos(view="full", per_page=30, **wanted)
    assert found.data
    assert all(map(holds, found.data))
    assert (
        found.total_count < videos.search_videos(per_page=0, license=["commercial", "editorial"]).total_count
    )


@pytest.mark.parametrize("wanted", [{"aspect_ratio": "16:9"}, {"resolution": "hd"}, {"per_page": 501}])
def test_values_that_the_search_does_not_know(videos, wanted):
    with pytest.raises(BadRequestError):
        videos.search_videos(**wanted)


def test_get_video(videos):
    video = videos.get_video("1048213390")
    assert (video.id, video.media_type) == ("1048213390", "video")
    sizes = [getattr(video.assets, size) for size in SIZES if getattr(video.assets, size)]
    assert [size.is_licensable for size in sizes] == [True] * len(sizes)
    assert [size.width * size.height for size in sizes] == sorted(size.width * size.height for size in sizes)
    assert len(video.assets.thumb_jpgs.urls) == 12
    assert video.keywords
    assert videos.get_video("1048213390", view="minimal").keywords is None
    with pytest.raises(NotFoundError):
        videos.get_video("4041")


def test_get_video_list(videos):
    answer = videos.get_video_list(["17", "4041", "18"])
    assert [video.id for video in answer.data] == ["17", "18"]
    assert answer.errors[0].items == [{"id": "4041"}]
    assert answer.data[0] == videos.get_video("17", view="minimal")


def test_get_similar_videos(videos):
    subject = videos.get_video("17")
    found = videos.get_similar_videos("17", per_page=10, view="full")
    assert found.total_count > 10
    assert "17" not in {video.id for video in found.data}
    assert all(video.categories[0] == subject.categories[0] for video in found.data)


def test_get_video_categories(videos):
    categories = videos.get_video_categories().data
    assert {"Nature", "Transportation"} <= {one.name for one in categories}


def test_get_video_suggestions(videos):
    terms = videos.get_video_suggestions("mount", limit=3).data
    assert terms
    assert all(term.startswith("mount") for term in terms)


def test_get_updated_videos(videos, clock):
    now = datetime.fromtimestamp(clock.now, UTC)
    found = videos.get_updated_videos(interval="10 MINUTE", per_page=100)
    assert found.total_count == len(found.data) == 10
    assert all(now - timedelta(minutes=10) <= one.updated_time <= now for one in found.data)
    with pytest.raises(BadRequestError):
        videos.get_updated_videos(start_date="2023-01-01", end_date="2023-02-01")


# Licences.


def test_license_videos(videos, sandbox, sold, web):
    video = first_with(videos, resolution="high_definition")
    before = sandbox.allotment(FOOTAGE)
    marker = {"order": "A-1"}
    entry = {"video_id": video.id, "size": "hd", "subscription_id": FOOTAGE, "metadata": marker}
    [result] = videos.license_videos({"videos": [entry]}).data
    assert (result.video_id, result.allotment_charge, result.error) == (video.id, 1, None)
    assert sandbox.allotment(FOOTAGE) == before - 1
    [licence] = sold()
    assert (licence["id"], licence["video_id"], licence["metadata"]) == (result.license_id, video.id, marker)
    told = {one.id: one for one in UsersApi(videos.api_client).get_user_subscription_list().data}
    assert told[FOOTAGE].allotment.downloads_left == before - 1
    data = web(result.download.url)
    assert data[4:8] == b"ftyp"
    assert len(data) == video.assets.hd.file_size


def test_without_a_size_it_is_the_smallest(videos, sold, web):
    video = first_with(videos)
    [result] = videos.license_videos({"videos": [{"video_id": video.id}]}).data
    assert (sold()[0]["size"], sold()[0]["subscription_id"]) == ("web", FOOTAGE)
    assert len(web(result.download.url)) == video.assets.web.file_size


def test_a_size_in_the_query_is_for_all_that_say_none(videos, sold):
    ids = [video.id for video in videos.search_videos(resolution="high_definition", per_page=2).data]
    body = {"videos": [{"video_id": ids[0]}, {"video_id": ids[1], "size": "sd"}]}
    videos.license_videos(body, size="hd")
    assert [licence["size"] for licence in sold()] == ["hd", "sd"]


@pytest.mark.parametrize(
    ("wanted", "entry", "error"),
    [
        ({}, {"subscription_id": HD_ONLY}, "does not cover the size web"),
        ({}, {"subscription_id": "s12345678"}, "does not pay for this"),
        ({}, {"subscription_id": "s1"}, "is unknown"),
        ({"resolution": "high_definition"}, {"size": "4k"}, "Size 4k is not available"),
        ({"license": ["editorial"]}, {}, "Editorial acknowledgement is required"),
        (None, {"video_id": "4041"}, "Video not found"),
    ],
)
def test_what_is_refused_costs_nothing(videos, sandbox, sold, wanted, entry, error):
    before = sandbox.allotment(FOOTAGE)
    own = {} if wanted is None else {"video_id": first_with(videos, **wanted).id}
    [result] = videos.license_videos({"videos": [{**own, **entry}]}).data
    assert error in result.error
    assert (result.license_id, result.download) == (None, None)
    assert (sandbox.allotment(FOOTAGE), sold()) == (before, [])


def test_an_editorial_video_that_is_acknowledged(videos, sold):
    video = first_with(videos, license=["editorial"])
    entry = {"video_id": video.id, "editorial_acknowledgement": True}
    assert videos.license_videos({"videos": [entry]}).data[0].error is None
    assert len(sold()) == 1


def test_get_video_license_list(videos, clock):
    first, second = (video.id for video in videos.search_videos(per_page=2).data)
    for video_id in (first, second):
        videos.license_videos({"videos": [{"video_id": video_id, "metadata": {"order": video_id}}]})
        clock.now += 60
    history = videos.get_video_license_list()
    assert [entry.video.id for entry in history.data] == [second, first, "1048213390"]
    [entry] = videos.get_video_license_list(video_id=first).data
    assert (entry.video.format.size, entry.user.username, entry.metadata) == (
        "web",
        USERNAME,
        {"order": first},
    )
    assert entry.is_downloadable
    assert (entry.image, entry.subscription_id) == (None, FOOTAGE)


def test_download_videos(videos, sandbox, web):
    video = first_with(videos, resolution="high_definition")
    [result] = videos.license_videos({"videos": [{"video_id": video.id, "size": "hd"}]}).data
    before = sandbox.allotment(FOOTAGE)
    again = videos.download_videos(result.license_id, {})
    assert web(again.url) == web(result.download.url)
    smaller = videos.download_videos(result.license_id, {"size": "web"})
    assert len(web(smaller.url)) == video.assets.web.file_size
    assert sandbox.allotment(FOOTAGE) == before
    with pytest.raises(BadRequestError, match="Size 4k is not available"):
        videos.download_videos(result.license_id, {"size": "4k"})
    with pytest.raises(NotFoundError):
        videos.download_videos("i1188641347", {})  # the licence of an image


def test_a_link_ends_and_serves_any_range(videos, clock):
    [result] = videos.license_videos({"videos": [{"video_id": first_with(videos).id}]}).data
    url = result.download.url
    whole = urllib3.request("GET", url).data
    for start, stop in ((0, 9), (len(whole) // 2, len(whole) // 2 + 4999), (len(whole) - 7, len(whole) - 1)):
        part = urllib3.request("GET", url, headers={"Range": f"bytes={start}-{stop}"})
        assert (part.status, part.data) == (206, whole[start : stop + 1])
    clock.now += 8 * 60 * 60
    assert urllib3.request("GET", url).status == 403


# Collections.


def test_create_clipbox(videos, books):
    made = videos.create_clipbox({"name": "Balloons"})
    assert books.collection(made.id)["name"] == "Balloons"
    assert videos.get_clipbox(made.id).total_item_count == 0


def test_get_clipbox_list(videos):
    assert [one.name for one in videos.get_clipbox_list().data] == ["Clips for the trailer"]


def test_get_clipbox(videos):
    clipbox = videos.get_clipbox(CLIPBOX, embed=["share_code"])
    assert (clipbox.total_item_count, clipbox.cover_item.media_type) == (12, "video")
    assert clipbox.share_code == f"share-{CLIPBOX}"
    assert videos.get_clipbox(SHARED, share_code=f"share-{SHARED}").name == "Shared with you"
    for other in (SHARED, "126351027", FEATURED):  # somebody else's, one of images, a featured one
        with pytest.raises(NotFoundError):
            videos.get_clipbox(other)


def test_rename_clipbox(videos):
    videos.rename_clipbox(CLIPBOX, {"name": "Teaser"})
    assert videos.get_clipbox(CLIPBOX).name == "Teaser"


def test_delete_clipbox(videos):
    videos.delete_clipbox(CLIPBOX)
    with pytest.raises(NotFoundError):
        videos.get_clipbox(CLIPBOX)


def test_get_clipbox_items(videos):
    page = videos.get_clipbox_items(CLIPBOX, page=2, per_page=5)
    assert [item.id for item in page.data] == ["1006", "1007", "1008", "1009", "1010"]
    assert {item.media_type for item in page.data} == {"video"}
    assert page.total_count == 12


def test_add_clipbox_items(videos, books):
    videos.add_clipbox_items(CLIPBOX, {"items": [{"id": "17", "media_type": "video"}, {"id": "1001"}]})
    assert books.items(int(CLIPBOX))[-1]["item_id"] == "17"
    assert videos.get_clipbox(CLIPBOX).total_item_count == 13
    with pytest.raises(BadRequestError, match="no video with this id"):
        videos.add_clipbox_items(CLIPBOX, {"items": [{"id": "4041"}]})


def test_delete_clipbox_items(videos):
    videos.delete_clipbox_items(CLIPBOX, item_id=["1001", "1002"])
    assert videos.get_clipbox_items(CLIPBOX).data[0].id == "1003"


def test_get_featured_video_collection_list(videos, web):
    found = videos.get_featured_video_collection_list().data
    assert [one.id for one in found] == [FEATURED, "137351028"]
    assert web(found[0].cover_item.url)[:3] == b"\xff\xd8\xff"


def test_get_featured_video_collection(videos):
    assert videos.get_featured_video_collection(FEATURED).name == "The world from above"
    with pytest.raises(NotFoundError):
        videos.get_featured_video_collection(CLIPBOX)


def test_get_featured_video_collection_items(videos):
    page = videos.get_featured_video_collection_items(FEATURED, per_page=3)
    assert [item.id for item in page.data] == ["3001", "3002", "3003"]


# Previews.


def test_previews_are_free(videos, connect, sandbox, web):
    video = VideosApi(connect(username=sandbox.key, password=sandbox.secret).api_client).get_video("17")
    assets = video.assets
    assert web(assets.preview_mp4.url)[4:8] == web(assets.thumb_mp4.url)[4:8] == b"ftyp"
    assert web(assets.preview_webm.url)[:4] == web(assets.thumb_webm.url)[:4] == b"\x1a\x45\xdf\xa3"
    pictures = [assets.preview_jpg.url, assets.thumb_jpg.url, *assets.thumb_jpgs.urls]
    assert {web(url)[:3] for url in pictures} == {b"\xff\xd8\xff"}
