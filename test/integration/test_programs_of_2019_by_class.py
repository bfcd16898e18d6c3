"""Programs of 2019 for the other classes of that client go on working: their lines, as they were."""

from __future__ import annotations

from pprint import pformat

import pytest

import shutterstock_api
from shutterstock_api.models.license_audio import LicenseAudio
from shutterstock_api.models.license_audio_request import LicenseAudioRequest
from shutterstock_api.models.license_video import LicenseVideo
from shutterstock_api.models.license_video_request import LicenseVideoRequest
from shutterstock_api.models.video import Video
from shutterstock_api.rest import ApiException


@pytest.fixture
def api_client(sandbox):
    configuration = shutterstock_api.Configuration()
    configuration.host = sandbox.url
    configuration.access_token = sandbox.token()
    with shutterstock_api.ApiClient(configuration) as client:
        yield client


def test_videos(api_client, sandbox):
    api_instance = shutterstock_api.VideosApi(api_client)
    body = shutterstock_api.CollectionCreateRequest()
    body.name = "Reel"
    try:
        found = api_instance.search_videos(query="ocean", per_page=3)
        video = api_instance.get_video(found.data[0].id, view="full")
        clipbox = api_instance.create_clipbox(body)
        api_instance.add_clipbox_items(
            clipbox.id, {"items": [{"id": each.id, "media_type": "video"} for each in found.data]}
        )
        items = api_instance.get_clipbox_items(clipbox.id)
        request = LicenseVideoRequest(videos=[LicenseVideo(video_id=video.id)])
        result = api_instance.license_videos(request, subscription_id="s67890123", size="hd")
    except ApiException as e:
        pytest.fail("Exception when calling VideosApi: %s\n" % e)  # noqa: UP031
    assert isinstance(video, Video)
    assert video.media_type == video.to_dict()["media_type"] == "video"
    assert [item.id for item in items.data] == [each.id for each in found.data]
    assert result.data[0].download.url.startswith(sandbox.url)
    assert sandbox.allotment("s67890123") == 499


def test_audio(api_client, capsys):
    api_instance = shutterstock_api.AudioApi(api_client)
    found = api_instance.search_audio(query="piano", per_page=2)
    print(pformat(api_instance.get_track(found.data[0].id)))
    assert "'media_type': 'audio'" in capsys.readouterr().out
    [track] = api_instance.get_track_list(["7491192"]).data
    request = LicenseAudioRequest(audio=[LicenseAudio(audio_id=track.id)])
    result = api_instance.license_track(request, license="audio_platform")
    data, status, headers = api_instance.get_audio_license_list_with_http_info(audio_id=track.id)
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, "application/json")
    assert [entry.id for entry in data.data] == [result.data[0].license_id, "a1188641342"]


@pytest.mark.filterwarnings("default::DeprecationWarning")
def test_editorial(api_client):
    api_instance = shutterstock_api.EditorialApi(api_client)
    found = api_instance.search_editorial("USA", query="football")
    item = api_instance.get_editorial_image(found.data[0].id, "USA")
    assert item.to_dict()["id"] == found.data[0].id
    assert api_instance.get_editorial_categories().data[0].name
    assert api_instance.get_editorial_livefeed_list("USA").data


def test_users(api_client):
    api_instance = shutterstock_api.UsersApi(api_client)
    assert api_instance.get_user().username == "photo.editor"
    assert "licenses.create" in api_instance.get_access_token().scopes
    subscriptions = api_instance.get_user_subscription_list().data
    left = {each.id: each.allotment.downloads_left for each in subscriptions if each.allotment}
    assert left["s12345678"] == 10_000
    thread = api_instance.get_user_subscription_list(async_req=True)
    assert thread.get().data == subscriptions


def test_contributors(api_client):
    api_instance = shutterstock_api.ContributorsApi(api_client)
    contributor = api_instance.get_contributor("800506")
    assert api_instance.get_contributor_list(["800506"]).data == [contributor]
    sets = api_instance.get_contributor_collections_list("800506")
    items = api_instance.get_contributor_collection_items("800506", sets.data[0].id)
    assert items.data[0].id


def test_test(api_client):
    api_instance = shutterstock_api.TestApi(api_client)
    assert api_instance.echo(text="hello").text == "hello"
    answer = api_instance.validate(7, tag=["a", "b"], user_agent="gallery/1.0")
    assert (answer.query.id, answer.query.tag, answer.header.user_agent) == (7, ["a", "b"], "gallery/1.0")
