"""Sound effects: what comes back, what changes, what is refused."""

from __future__ import annotations

import io
import wave

import pytest

from shutterstock_api import ApiTypeError, BadRequestError, ForbiddenError, NotFoundError, SoundEffectsApi

SUBSCRIPTION = "s78901234"


def licensed(sounds, *entries):
    """The outcomes of licensing these."""
    body = {"sound_effects": [{"subscription_id": SUBSCRIPTION, **entry} for entry in entries]}
    return sounds.license_sfx(body).data


def test_search_sfx(sounds):
    found = sounds.search_sfx(query="thunder", per_page=5, view="full")
    assert len(found.data) == 5
    assert found.search_id
    assert all("Thunder" in effect.title and "thunder" in effect.keywords for effect in found.data)
    short = sounds.search_sfx(query="thunder", per_page=1).data[0]
    assert (short.id, short.media_type, short.keywords) == (found.data[0].id, "sfx", None)
    with pytest.raises(BadRequestError):
        sounds.search_sfx(per_page=0)


@pytest.mark.parametrize("word", ["rain", "door", "dog", "explosion", "whoosh", "click", "crowd", "siren"])
def test_what_people_try_first(sounds, word):
    assert sounds.search_sfx(query=word, per_page=1).total_count > 100


def test_filters_and_orders_of_sound_effects(sounds):
    found = sounds.search_sfx(duration_from=1, duration_to=3, per_page=50)
    assert all(1 <= effect.duration <= 3 for effect in found.data)
    assert all(int(effect.duration) == 5 for effect in sounds.search_sfx(duration=5).data)
    dates = [effect.added_date for effect in sounds.search_sfx(sort="newest", per_page=50).data]
    assert dates == sorted(dates, reverse=True)
    some = sounds.search_sfx(added_date_start="2020-01-01", added_date_end="2020-02-01").data
    assert {(effect.added_date.year, effect.added_date.month) for effect in some} == {(2020, 1)}


def test_get_sfx_details(sounds):
    effect = sounds.get_sfx_details("1206114", view="full")
    assert (effect.id, effect.media_type) == ("1206114", "sfx")
    assert effect.artist
    assert sounds.get_sfx_details("1206114").artist is None
    with pytest.raises(NotFoundError):
        sounds.get_sfx_details("4041")


def test_get_sfx_list_details(sounds):
    answer = sounds.get_sfx_list_details(["17", "4041", "18"])
    assert [effect.id for effect in answer.data] == ["17", "18"]
    assert answer.errors[0].items == [{"id": "4041"}]


def test_license_sfx(sounds, sandbox, sold, web):
    effect = sounds.get_sfx_details("17")
    before = sandbox.allotment(SUBSCRIPTION)
    [wav, mp3] = licensed(sounds, {"sfx_id": "17"}, {"sfx_id": "17", "format": "mp3"})
    assert (wav.error, mp3.error) == (None, None)
    assert sandbox.allotment(SUBSCRIPTION) == before - 2
    assert [licence["id"] for licence in sold()] == [wav.license_id, mp3.license_id]
    assert wav.license_id.startswith("x")
    with wave.open(io.BytesIO(web(wav.download.url))) as file:
        assert file.getnchannels() == 2
        assert file.getnframes() / file.getframerate() == pytest.approx(effect.duration, abs=0.001)
    data = web(mp3.download.url)
    assert data[:2] == b"\xff\xfb"
    assert len(data) == pytest.approx(effect.duration * 4_000, abs=96)
    assert sounds.licenses_sfx == sounds.license_sfx


def test_layouts(sounds, web):
    channels = {"stereo": 2, "5.1": 6, "ambisonic": 4}
    refused = set()
    for sfx_id in range(1, 13):
        for layout, number in channels.items():
            [result] = licensed(sounds, {"sfx_id": str(sfx_id), "audio_layout": layout})
            if result.error:
                assert result.error == f"Layout {layout} is not available as wav"
                refused.add(layout)
            else:
                with wave.open(io.BytesIO(web(result.download.url))) as file:
                    assert file.getnchannels() == number
    assert refused == {"5.1", "ambisonic"}
    [result] = licensed(sounds, {"sfx_id": "3", "format": "mp3", "audio_layout": "5.1"})
    assert result.error == "Layout 5.1 is not available as mp3"


def test_a_subscription_is_required_and_must_be_one_for_sound_effects(sounds, sold):
    with pytest.raises(ApiTypeError, match="subscription_id: required"):
        sounds.license_sfx({"sound_effects": [{"sfx_id": "17"}]})
    [result] = licensed(sounds, {"sfx_id": "17", "subscription_id": "s12345678"})
    assert "does not pay for this" in result.error
    [unknown] = licensed(sounds, {"sfx_id": "4041"})
    assert unknown.error == "Sfx not found"
    assert sold() == []


def test_key_and_secret_license_yet_do_not_read_the_history(connect, sandbox, sold):
    client = connect(username=sandbox.key, password=sandbox.secret).api_client
    assert licensed(SoundEffectsApi(client), {"sfx_id": "17"})[0].error is None
    assert len(sold()) == 1
    with pytest.raises(ForbiddenError):
        SoundEffectsApi(connect(access_token=sandbox.token([])).api_client).get_sfx_license_list()


def test_get_sfx_license_list(sounds):
    first, second = licensed(sounds, {"sfx_id": "17"}, {"sfx_id": "18", "format": "mp3"})
    [entry] = sounds.get_sfx_license_list(license_id=second.license_id).data
    assert (entry.id, entry.sfx.id, entry.sfx.format.format) == (second.license_id, "18", "mp3")
    [entry] = sounds.get_sfx_license_list(sfx_id="17").data
    assert (entry.id, entry.subscription_id) == (first.license_id, SUBSCRIPTION)
    assert sounds.get_sfx_license_list(license_id="i1188641347").data == []


def test_download_sfx(sounds, sandbox, web):
    [result] = licensed(sounds, {"sfx_id": "17", "format": "mp3"})
    before = sandbox.allotment(SUBSCRIPTION)
    assert web(sounds.download_sfx(result.license_id).url) == web(result.download.url)
    assert sandbox.allotment(SUBSCRIPTION) == before
    with pytest.raises(NotFoundError):
        sounds.download_sfx("x1")


def test_previews_of_sound_effects(sounds, web):
    assets = sounds.get_sfx_details("17").assets
    for details, begins in ((assets.preview_mp3, b"\xff\xfb"), (assets.waveform, b"\x89PNG")):
        data = web(details.url)
        assert (data[: len(begins)], len(data)) == (begins, details.file_size)
