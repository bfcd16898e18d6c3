"""Tracks of music: what comes back, what changes, what is refused."""

from __future__ import annotations

import io
import wave
import zipfile

import pytest
from PIL import Image as Picture

from shutterstock_api import BadRequestError, NotFoundError

PLATFORM, PREMIER = "s62345601", "s62345602"
SOUNDBOX, SHARED = "128351027", "128351028"


def track_of(music, **wanted):
    """The first track that a search for it finds, in full."""
    return music.search_audio(view="full", per_page=1, **wanted).data[0]


def test_search_audio(music):
    found = music.search_audio(query="guitar", per_page=5, view="full")
    assert len(found.data) == 5
    assert found.search_id
    for track in found.data:
        assert (track.media_type, track.assets.clean_audio.url) == ("audio", None)
        assert any("Guitar" in name for name in track.instruments)
    assert music.search_audio(query="guitar", per_page=0).data == []
    short = music.search_audio(query="guitar", per_page=1).data[0]
    assert (short.id, short.bpm) == (found.data[0].id, None)


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({"genre": ["Folk"]}, lambda track: "Folk" in track.genres),
        ({"moods": "happy"}, lambda track: "Happy" in track.moods),
        ({"instruments": ["Piano"]}, lambda track: "Piano" in track.instruments),
        ({"artists": ["Ada Winter"]}, lambda track: track.artists[0].name == "Ada Winter"),
        ({"is_instrumental": True}, lambda track: track.vocal_description == ""),
        ({"is_instrumental": False}, lambda track: track.vocal_description in ("male", "female")),
        ({"vocal_description": "female"}, lambda track: track.vocal_description == "female"),
        ({"bpm_from": 90, "bpm_to": 100}, lambda track: 90 <= track.bpm <= 100),
        ({"bpm": 100}, lambda track: track.bpm == 100),
        ({"duration_from": 60, "duration_to": 90}, lambda track: 60 <= track.duration <= 90),
        ({"duration": 100}, lambda track: int(track.duration) == 100),
    ],
)
def test_filters_of_music(music, wanted, holds):
    found = music.search_audio(view="full", per_page=30, **wanted)
    assert found.data
    assert all(map(holds, found.data))
    assert found.total_count < music.search_audio(per_page=0).total_count


def test_the_two_libraries_have_nothing_in_common(music):
    totals = [
        music.search_audio(per_page=0, library=name).total_count for name in ("premier", "shutterstock")
    ]
    assert music.search_audio(per_page=0).total_count == totals[0] > totals[1] > 0
    ids = [
        {track.id for track in music.search_audio(per_page=500, library=name).data}
        for name in ("premier", "shutterstock")
    ]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("bpm", lambda track: track.bpm),
        ("duration", lambda track: track.duration),
        ("title", lambda track: track.title.split()),
        ("artist", lambda track: track.artists[0].name),
        ("freshness", lambda track: track.added_date),
    ],
)
def test_orders_of_music(music, sort, key):
    for order, reverse in (("asc", False), (None, True)):  # without an order it is descending
        keys = [key(track) for track in music.search_audio(sort=sort, sort_order=order, view="full").data]
        assert keys == sorted(keys, reverse=reverse)


def test_orders_by_rank_turn_round(music):
    last_page = -(-music.search_audio(per_page=0).total_count // 500)
    for sort in ("score", "ranking_all"):
        best = music.search_audio(sort=sort, per_page=3).data
        last = music.search_audio(sort=sort, sort_order="asc", per_page=500, page=last_page).data
        assert [track.id for track in best] == [track.id for track in reversed(last)][:3]


def test_get_track(music):
    track = music.get_track("7491192", view="full")
    assert (track.id, track.media_type) == ("7491192", "audio")
    assert track.album.title
    assert track.keywords
    assert track.assets.clean_audio.file_size == 44 + 4 * round(track.duration * 48_000)
    with pytest.raises(NotFoundError):
        music.get_track("4041")


def test_get_track_list(music):
    answer = music.get_track_list(["17", "4041"])
    assert [track.id for track in answer.data] == ["17"]
    assert answer.errors[0].items == [{"id": "4041"}]


def test_get_genres(music):
    genres = music.get_genres().data
    assert "Pop > Synth Pop" in genres
    assert all(music.search_audio(genre=name, per_page=0).total_count for name in genres)


def test_get_moods(music):
    moods = music.get_moods().data
    assert "Action / Sports" in moods
    assert all(music.search_audio(moods=name, per_page=0).total_count for name in moods)


def test_get_instruments(music):
    instruments = music.get_instruments().data
    assert "Piano" in instruments
    assert all(music.search_audio(instruments=name, per_page=0).total_count for name in instruments)


# Licences.


@pytest.mark.parametrize(
    ("library", "kind", "charged"),
    [
        ("shutterstock", "audio_platform", PLATFORM),
        ("premier", "premier_music_basic", PREMIER),
    ],
)
def test_license_track(music, sandbox, sold, web, library, kind, charged):
    track = track_of(music, library=library, duration_to=40)
    before = sandbox.allotment(charged)
    [result] = music.license_track({"audio": [{"audio_id": track.id, "license": kind}]}).data
    assert (result.audio_id, result.allotment_charge, result.error) == (track.id, 1, None)
    [licence] = sold()
    assert (licence["id"], licence["license"]) == (result.license_id, kind)
    assert (licence["subscription_id"], sandbox.allotment(charged)) == (charged, before - 1)
    data = web(result.download.url)
    assert len(data) == track.assets.clean_audio.file_size
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 48_000)
        assert file.getnframes() / 48_000 == pytest.approx(track.duration, abs=0.001)


def test_the_license_may_stand_in_the_query(music, sold):
    track = track_of(music, library="shutterstock")
    [result] = music.license_track({"audio": [{"audio_id": track.id}]}, license="audio_platform").data
    assert (result.error, len(sold())) == (None, 1)


@pytest.mark.parametrize(
    ("library", "kind", "error"),
    [
        ("premier", "audio_platform", "License audio_platform does not cover the library premier"),
        ("shutterstock", "premier_music_basic", "does not cover the library shutterstock"),
        ("premier", "premier_music_pro", "The account has no agreement premier_music_pro"),
        ("premier", None, "A kind of license is required"),
    ],
)
def test_a_license_that_does_not_fit(music, sold, library, kind, error):
    entry = {"audio_id": track_of(music, library=library).id, **({"license": kind} if kind else {})}
    [result] = music.license_track({"audio": [entry]}).data
    assert error in result.error
    assert (result.license_id, result.download, sold()) == (None, None, [])


def test_stems_come_as_a_zip(music, web):
    tracks = music.search_audio(library="shutterstock", view="full", duration_to=40, per_page=20).data
    having = next(track for track in tracks if track.assets.shorts_loops_stems)
    lacking = next(track for track in tracks if not track.assets.shorts_loops_stems)
    body = {"audio": [{"audio_id": track.id} for track in (having, lacking)]}
    with_stems, without = music.license_track(body, license="audio_platform").data
    assert without.download.shorts_loops_stems is None
    archive = zipfile.ZipFile(io.BytesIO(web(with_stems.download.shorts_loops_stems)))
    names = [f"{having.title}/stems/{name}.wav" for name in ("drums", "bass", "melody")]
    assert archive.namelist() == names
    for name in names:
        with wave.open(archive.open(name)) as part:
            assert part.getnframes() > 48_000
    stems = having.assets.shorts_loops_stems.stems
    assert stems.keys() == {"drums", "bass", "melody"}
    assert web(stems["bass"].url)[:2] == b"\xff\xfb"


def test_download_tracks(music, sandbox, web):
    tracks = music.search_audio(library="shutterstock", view="full", duration_to=40, per_page=20).data
    track = next(track for track in tracks if track.assets.shorts_loops_stems)
    [result] = music.license_track({"audio": [{"audio_id": track.id}]}, license="audio_platform").data
    before = sandbox.allotment(PLATFORM)
    again = music.download_tracks(result.license_id)
    assert web(again.url) == web(result.download.url)
    assert web(again.shorts_loops_stems) == web(result.download.shorts_loops_stems)
    assert sandbox.allotment(PLATFORM) == before
    with pytest.raises(NotFoundError):
        music.download_tracks("a1")


def test_get_audio_license_list(music):
    track = track_of(music, library="shutterstock")
    [result] = music.license_track({"audio": [{"audio_id": track.id}]}, license="audio_platform").data
    [entry] = music.get_audio_license_list(audio_id=track.id).data
    assert (entry.id, entry.audio.id, entry.license) == (result.license_id, track.id, "audio_platform")
    assert (entry.audio.format.format, entry.metadata, entry.image) == ("wav", None, None)
    count = music.get_audio_license_list(per_page=0)
    assert (count.data, count.total_count) == ([], 2)


# Collections.


def test_create_soundbox(music, books):
    made = music.create_soundbox({"name": "Calm"})
    assert books.collection(made.id)["name"] == "Calm"


def test_get_soundbox_list(music):
    assert [one.name for one in music.get_soundbox_list().data] == ["Background music"]


def test_get_soundbox(music):
    soundbox = music.get_soundbox(SOUNDBOX)
    assert (soundbox.total_item_count, soundbox.cover_item.media_type) == (8, "audio")
    assert music.get_soundbox(SHARED, share_code=f"share-{SHARED}").total_item_count == 5
    with pytest.raises(NotFoundError) as caught:
        music.get_soundbox("1")
    assert caught.value.message == "Not Found"


def test_rename_soundbox(music):
    music.rename_soundbox(SOUNDBOX, {"name": "Loud"})
    assert music.get_soundbox(SOUNDBOX).name == "Loud"


def test_delete_soundbox(music):
    music.delete_soundbox(SOUNDBOX)
    assert music.get_soundbox_list().data == []


def test_get_soundbox_items(music):
    page = music.get_soundbox_items(SOUNDBOX, per_page=2)
    assert [(item.id, item.media_type) for item in page.data] == [("1001", "audio"), ("1002", "audio")]


def test_add_soundbox_items(music):
    music.add_soundbox_items(SOUNDBOX, {"items": [{"id": "17"}]})
    assert music.get_soundbox_items(SOUNDBOX).data[-1].id == "17"
    with pytest.raises(BadRequestError, match="no audio with this id"):
        music.add_soundbox_items(SOUNDBOX, {"items": [{"id": "4041"}]})


def test_delete_soundbox_items(music):
    music.delete_soundbox_items(SOUNDBOX, item_id="1001")
    assert music.get_soundbox(SOUNDBOX).total_item_count == 7


# Previews.


def test_previews_of_music(music, web):
    assets = music.get_track("17", view="full").assets
    for kind, begins in (("preview_mp3", b"\xff\xfb"), ("preview_ogg", b"OggS"), ("album_art", b"\x89PNG")):
        details = getattr(assets, kind)
        data = web(details.url)
        assert (data[: len(begins)], len(data)) == (begins, details.file_size)
    waveform = Picture.open(io.BytesIO(web(assets.waveform.url)))
    assert (waveform.format, waveform.size) == ("PNG", (600, 100))
    other = music.get_track("18").assets
    assert web(other.waveform.url) != web(assets.waveform.url)
