"""Videos, sounds, editorial content, subscriptions and the like, as Jupyter shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from html_checker import Checked

from shutterstock_api import (
    Audio,
    AudioRendersListResults,
    AudioSearchResults,
    ContributorProfile,
    ContributorProfileDataList,
    DownloadHistoryDataList,
    EditorialLivefeedList,
    EditorialSearchResults,
    EditorialVideoContent,
    GenreList,
    InstrumentsListResult,
    LicenseVideoResultDataList,
    Subscription,
    SubscriptionDataList,
    UserDetails,
    UserPostRequest,
    Video,
    VideoSearchResults,
)
from shutterstock_api.modelkit import html
from shutterstock_api.notebook import ContactSheet

VIDEO: dict[str, Any] = {
    "id": "181510",
    "media_type": "video",
    "description": "A boat & the sea",
    "contributor": {"id": "107437"},
    "added_date": "2024-07-09",
    "duration": 24.899,
    "assets": {
        "hd": {"width": 1920, "height": 1080, "fps": 29.97, "is_licensable": True},
        "4k": {"width": 4096, "height": 2160, "fps": 25.0, "is_licensable": True},
        "web": {"width": 426, "height": 240, "is_licensable": False},
        "thumb_jpg": {"url": "https://ak.example/1.jpg"},
        "preview_mp4": {"url": "https://ak.example/1.mp4"},
        "preview_webm": {"url": "https://ak.example/1.webm"},
    },
}
TRACK: dict[str, Any] = {
    "id": "442583",
    "title": "Distant Rain",
    "description": "Calm piano",
    "artists": [{"name": "Blue Harbor"}],
    "album": {"id": "7", "title": "Weather"},
    "duration": 185,
    "bpm": 90,
    "genres": ["Ambient", "Soul / R&B"],
    "is_instrumental": True,
    "is_adult": False,
    "assets": {
        "clean_audio": {"url": "https://download.example/signed-secret.wav"},
        "preview_mp3": {"url": "https://ak.example/1.mp3"},
        "preview_ogg": {"url": "https://ak.example/1.ogg"},
        "waveform": {"url": "https://ak.example/wave.png"},
    },
}
SUBSCRIPTION: dict[str, Any] = {
    "id": "s1",
    "license": "premier_editorial_comp",
    "asset_type": "editorial",
    "formats": [{"size": "huge", "format": "jpg"}, {"size": "wav", "format": "wav"}],
    "allotment": {
        "downloads_left": 1037,
        "downloads_limit": 1500,
        "generations_left": 3,
        "generations_limit": 10,
        "content_tiers": {"standard_images": {"downloads_left": 0, "downloads_limit": 5}},
        "end_time": "2027-01-31T00:00:00Z",
    },
    "price_per_download": {"local_amount": 1234.5, "local_currency": "EUR"},
}


def shown(thing: Any) -> Checked:
    return Checked(thing._repr_html_())


def facts(thing: Any) -> str:
    return " ".join(shown(thing).words.split())


# Films and sounds.


def test_a_video_is_a_poster_and_a_player():
    page = shown(VideoSearchResults.from_dict({"data": [VIDEO], "total_count": 10404}))
    assert [picture["src"] for picture in page.pictures] == ["https://ak.example/1.jpg"]
    assert page.pictures[0]["loading"] == "lazy"
    assert page.players == [("video", "https://ak.example/1.webm"), ("video", "https://ak.example/1.mp4")]
    assert page.links == []
    for word in ("1 of 10,404", "A boat & the sea", "181510", "0:25", "4096 × 2160", "by 107437"):  # noqa: RUF001
        assert word in page.words


def test_a_video_tells_what_can_be_licensed():
    told = facts(Video.from_dict(VIDEO))
    for word in ("hd 1920 × 1080, 29.97 fps; 4k 4096 × 2160, 25 fps", "Added 2024-07-09", "Length 0:25"):  # noqa: RUF001
        assert word in told
    assert "web" not in told
    assert "Type" not in told


def test_a_video_without_a_poster_can_be_played():
    assets = {"preview_mp4": {"url": "https://ak.example/1.mp4"}, "thumb_jpg": {"url": "javascript:alert(1)"}}
    page = shown(Video.from_dict({"id": "1", "assets": assets}))
    assert (page.pictures, page.players) == ([], [("video", "https://ak.example/1.mp4")])
    assert "no preview" not in page.words


def test_a_track_is_a_waveform_and_a_player():
    page = shown(AudioSearchResults.from_dict({"data": [TRACK]}))
    assert [picture["alt"] for picture in page.pictures] == ["Waveform of Distant Rain"]
    assert page.players == [("audio", "https://ak.example/1.mp3"), ("audio", "https://ak.example/1.ogg")]
    assert page.words.split()[:2] == ["Tracks", "1"]
    for word in ("Distant Rain", "442583", "3:05", "90 BPM", "by Blue Harbor"):
        assert word in page.words


def test_a_track_shows_what_is_known_of_it_and_no_file():
    track = Audio.from_dict(TRACK)
    told = facts(track)
    for word in (
        "Description Calm piano",
        "Album 7 Weather",
        "Genres Ambient, Soul / R&B",
        "Instrumental yes",
    ):
        assert word in told
    assert "Adult" not in told
    assert "signed-secret" not in track._repr_html_()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:audio/mp3,x", "ftp://x/1.mp3", 'https://x/"', 7]
)
def test_only_web_addresses_are_played(url: Any):
    names = ("preview_mp3", "preview_ogg", "waveform", "preview_mp4", "preview_webm", "thumb_mp4")
    assets = {name: {"url": url} for name in names}
    for kind in (Audio, Video, EditorialVideoContent):
        page = shown(kind.from_dict({"id": "1", "assets": assets}))
        assert (page.players, page.pictures) == ([], [])


def test_editorial_content_has_its_byline_and_date():
    content = {
        "id": "9763363ao",
        "title": "Film Festival",
        "byline": "Omar Eriksen/Sportshot/Shutterstock",
        "date_taken": "2017-06-27",
        "assets": {
            "watermark_450": {"url": "https://ak.example/450.jpg", "width": 450, "height": 253},
            "watermark_1500": {"url": "https://ak.example/1500.jpg"},
        },
    }
    page = shown(EditorialSearchResults.from_dict({"data": [content]}))
    assert [picture["width"] for picture in page.pictures] == ["450"]
    assert page.links == ["https://ak.example/1500.jpg"]
    for word in ("Editorial images", "9763363ao", "Film Festival", "2017-06-27"):
        assert word in page.words
    assert "Omar Eriksen/Sportshot/Shutterstock" in page.words.replace("/ ", "/")


def test_the_id_of_a_livefeed_is_whole():
    feed = {
        "id": "2026%2F11%2F24%2FFashion%20Week%2C%20Day%202",
        "name": "Fashion Week",
        "total_item_count": 40,
    }
    page = shown(EditorialLivefeedList.from_dict({"data": [feed]}))
    for word in (feed["id"], "40 items", "Editorial livefeeds"):
        assert str(word) in page.words


def test_a_selection_of_all_media():
    page = shown(ContactSheet([Video.from_dict(VIDEO), Audio.from_dict(TRACK), Video.from_dict(VIDEO)]))
    assert [tag for tag, _ in page.players] == [*["video"] * 2, *["audio"] * 2, *["video"] * 2]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *[(185, "3:05"), (24.899, "0:25"), (0.2, "0:01"), (0, "0:00"), (59.7, "1:00"), (3723, "1:02:03")],
        *[(-1, "-1"), ("long", "long"), (True, "yes"), (None, ""), (1e300, "1e+300")],
    ],
)
def test_lengths(seconds: Any, text: str):
    assert html.length(seconds) == text


# Subscriptions, licences, people.


def test_what_is_left_of_a_subscription():
    answer = SubscriptionDataList.from_dict({"data": [SUBSCRIPTION]})
    page = answer._repr_html_()
    assert '<meter min="0" max="1500" value="1037">' in page
    told = facts(answer)
    for word in (
        "Subscriptions 1",
        "1,037 of 1,500",
        "generations 3 of 10",
        "standard images 0 of 5 ✕ used up",
        "until 2027-01-31",
        "1,234.50 EUR",
        "huge jpg, wav",
    ):
        assert word in told
    assert told.index("Price") < told.index("Formats")


@pytest.mark.parametrize(("days", "over"), [(-1, True), (1, False)])
@pytest.mark.parametrize("zone", [UTC, None])
def test_a_subscription_that_has_expired_says_so(days: int, over: bool, zone: Any):
    ends = (datetime.now(UTC) + timedelta(days)).replace(tzinfo=zone)
    assert ("expired" in facts(Subscription(id="s1", expiration_time=ends))) == over


@pytest.mark.parametrize(
    "odd", ["all", {"downloads_left": "many", "downloads_limit": -1}, 7, [], {"content_tiers": 5}]
)
def test_an_odd_allotment_is_shown_as_far_as_it_goes(odd: Any):
    assert "<meter" not in shown(Subscription.from_dict({"id": "s1", "allotment": odd})).words
    assert "s1" in facts(Subscription.from_dict({"id": "s1", "allotment": odd, "price_per_download": odd}))


def test_the_history_shows_what_was_licensed_of_each_medium():
    entries = [
        {"id": f"{medium[0]}1", medium: {"id": "7", "format": {"size": "hd", "format": "mov"}}}
        for medium in ("image", "video", "audio", "sfx")
    ]
    told = facts(DownloadHistoryDataList.from_dict({"data": entries}))
    for word in ("Image", "Video", "Audio", "Sound effect", "7 mov hd"):
        assert word in told
    assert "Subscription" not in told


def test_licences_of_other_media_show_their_outcome_and_never_their_link():
    answer = LicenseVideoResultDataList.from_dict(
        {
            "data": [
                {
                    "video_id": "1",
                    "license_id": "v1",
                    "download": {"url": "https://x.example/signed-secret"},
                    "price": {"local_amount": 5, "local_currency": "USD"},
                },
                {
                    "video_id": "2",
                    "error": "Subscription is unusable",
                    "download": "https://x.example/signed-secret",
                },
            ]
        }
    )
    told = facts(answer)
    for word in ("1 licensed, 1 refused", "✓ licensed", "v1", "5.00 USD", "Subscription is unusable"):
        assert word in told
    assert "signed-secret" not in answer._repr_html_()


def test_links_of_contributors_are_links_of_the_web():
    profile = {
        "id": "1",
        "display_name": "Ana",
        "website": "https://www.ana.example/?a=1&b=2",
        "portfolio_url": "javascript:alert(1)",
        "social_media": {"facebook": "/ana", "tumblr": "http://ana.example"},
    }
    for thing in (
        ContributorProfile.from_dict(profile),
        ContributorProfileDataList.from_dict({"data": [profile]}),
    ):
        page = shown(thing)
        assert page.links == ["https://www.ana.example/?a=1&b=2", "http://ana.example"]
        for word in ("ana.example/?a=1&b=2", "/ana", "javascript:alert(1)"):
            assert word in page.words


def test_a_user_shows_what_is_so():
    told = facts(UserDetails.from_dict({"id": "u1", "is_premier": True, "only_sensitive_use": False}))
    assert told.endswith("ID u1 Premier yes")


def test_secrets_are_not_shown():
    request = UserPostRequest.from_dict({"username": "ana", "password": "s3cret", "id": "1"})
    assert "s3cret" not in (request._repr_html_() or "")
    render = {
        "id": "r1",
        "status": "CREATED",
        "progress_percent": 100,
        "files": [
            {"filename": "song.mp3", "download_url": "https://x.example/signed-secret"},
            "signed-secret",
        ],
    }
    answer = AudioRendersListResults.from_dict({"audio_renders": [render]})
    told = facts(answer)
    for word in ("Renders 1", "r1", "CREATED", "100 %", "song.mp3"):
        assert word in told
    assert "signed-secret" not in answer._repr_html_()


def test_an_instrument_can_be_heard():
    previews = [{"url": "https://ak.example/viola.mp3", "content_type": 'audio/mp3"><script>'}]
    page = shown(InstrumentsListResult.from_dict({"data": [{"id": "viola", "previews": previews}]}))
    assert page.players == [("audio", "https://ak.example/viola.mp3")]


def test_texts_are_a_line_with_a_name():
    assert facts(GenreList.from_dict({"data": ["Pop > Synth Pop", "R&B"]})).endswith(
        "Genres 2 Pop > Synth Pop, R&B"
    )
