"""Music to order: what it is made of, how it comes into being, and its files."""

from __future__ import annotations

import copy
import io
import json
import wave
from urllib.parse import urlsplit

import pytest
import urllib3

from shutterstock_api import BadRequestError, LicenseOutcomeUnknown, NotFoundError, paginate
from shutterstock_api.sandbox import Fault

TEMPO, HEARTFELT = 76, "documentary_underscore_heartfelt"
PIECE = {
    "filename": "song.mp3",
    "preset": "MASTER_MP3",
    "timeline": {
        "spans": [
            {
                "id": 1,
                "span_type": "metered",
                "time": 0,
                "tempo": TEMPO,
                "regions": [{"id": 1, "region": "music", "descriptor": HEARTFELT, "beat": 0}],
            },
            {"span_type": "unmetered", "time": 12},
        ]
    },
}


def piece(**changes):
    return {"audio_renders": [{**copy.deepcopy(PIECE), **changes}]}


def changed(*path_and_value):
    """The piece with another value somewhere in its spans."""
    *path, name, value = path_and_value
    body = piece()
    place = body["audio_renders"][0]["timeline"]["spans"]
    for step in path:
        place = place[step]
    place[name] = value
    return body


def test_list_custom_descriptors(composer):
    everything = list(paginate(composer.list_custom_descriptors, per_page=7))
    assert len({one.id for one in everything}) == len(everything) > 20
    [heartfelt] = composer.list_custom_descriptors(id=[HEARTFELT]).data
    assert heartfelt.min_tempo <= TEMPO <= heartfelt.max_tempo
    assert heartfelt in composer.list_custom_descriptors(tag="Heartfelt").data
    band, instrument = heartfelt.bands[0], heartfelt.instruments[0]
    for filter in (
        {"name": heartfelt.name},
        {"band_id": band.id},
        {"band_name": band.name},
        {"instrument_id": instrument.id},
        {"instrument_name": instrument.name},
        {
            "tempo": TEMPO,
            "tempo_from": 60,
            "tempo_to": 100,
            "render_speed_over": heartfelt.average_render_speed,
        },
    ):
        assert heartfelt in composer.list_custom_descriptors(**filter, per_page=100).data, filter
    for nothing in ({"tag": "heartfelt"}, {"tempo": 20}, {"tempo_from": 500}, {"render_speed_over": 99}):
        assert composer.list_custom_descriptors(**nothing).data == []


def test_list_custom_instruments(composer):
    everything = list(paginate(composer.list_custom_instruments, per_page=10))
    strings = composer.list_custom_instruments(tag="Strings").data
    assert strings == [one for one in everything if "Strings" in one.tags]
    assert composer.list_custom_instruments(id=[everything[3].id], name=everything[3].name).data == [
        everything[3]
    ]
    assert composer.list_custom_instruments(name=everything[3].name.lower()).data == []


def test_previews_can_be_heard(composer, web):
    for one in (composer.list_custom_descriptors().data[0], composer.list_custom_instruments().data[0]):
        [preview] = one.previews
        assert preview.content_type == "audio/mp3"
        assert web(preview.url)[:2] in (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"ID")


def test_create_audio_renders(composer, sandbox, sold):
    before = sandbox.allotment()
    made = composer.create_audio_renders({"audio_renders": [PIECE, {**PIECE, "preset": "MASTER_WAV"}]})
    first, second = made.audio_renders
    assert first.id != second.id
    assert all(len(one.id) == 28 and one.id.isalnum() for one in (first, second))
    assert (first.status, first.progress_percent, first.files) == ("WAITING_COMPOSE", 0, [])
    assert json.loads(first.timeline.to_json()) == PIECE["timeline"]
    assert (sandbox.allotment(), sold()) == (before, [])


def test_fetch_renders(composer, clock):
    [begun] = composer.create_audio_renders(piece()).audio_renders
    seen = []
    for _ in range(7):
        [now] = composer.fetch_renders([begun.id]).audio_renders
        seen.append((now.status, now.progress_percent))
        assert bool(now.files) == (now.status == "CREATED")
        clock.now += 1
    assert [status for status, _ in seen] == [
        "WAITING_COMPOSE",
        "RUNNING_COMPOSE",
        "WAITING_RENDER",
        "RUNNING_RENDER",
        *["CREATED"] * 3,
    ]
    assert [percent for _, percent in seen] == sorted(percent for _, percent in seen)
    assert seen[-1][1] == 100
    assert (now.updated_date - now.created_date).total_seconds() == 4
    assert now.created_date == begun.created_date


def test_a_render_that_fails(composer, clock):
    [begun] = composer.create_audio_renders(changed(0, "tempo", 300)).audio_renders
    clock.now += 10
    [failed] = composer.fetch_renders([begun.id]).audio_renders
    assert (failed.status, failed.files) == ("FAILED_CREATE", [])
    assert failed.progress_percent < 100


def test_an_id_is_good_for_two_days(composer, clock):
    [begun] = composer.create_audio_renders(piece()).audio_renders
    clock.now += 47 * 3600
    assert composer.fetch_renders([begun.id, "another"]).audio_renders[0].status == "CREATED"
    clock.now += 2 * 3600
    with pytest.raises(NotFoundError):
        composer.fetch_renders([begun.id])


def files_of(composer, clock, **changes):
    [begun] = composer.create_audio_renders(piece(**changes)).audio_renders
    clock.now += 5
    return composer.fetch_renders([begun.id]).audio_renders[0].files


def test_files_are_on_another_host(composer, sandbox, clock, web):
    music, heights = files_of(composer, clock)
    assert (music.filename, music.content_type, music.tracks) == ("song.mp3", "audio/mp3", ["master"])
    assert (music.bits_sample, music.frequency_hz, music.kbits_second) == (16, 48_000, 32)
    assert urlsplit(music.download_url).hostname == "localhost" != urlsplit(sandbox.url).hostname
    data = web(music.download_url)
    assert len(data) == music.size_bytes
    assert len(data) == pytest.approx(12 * 32_000 / 8, rel=0.01)
    assert (heights.content_type, heights.bits_sample, heights.kbits_second) == (
        "application/vnd.amper.waveform+json",
        0,
        0,
    )
    told = json.loads(web(heights.download_url))
    assert (told["frequency_hz"], len(told["data"])) == (heights.frequency_hz, 12 * 42)
    assert max(told["data"]) <= 1


def test_ranges_of_a_file(composer, clock, web):
    music, _ = files_of(composer, clock, preset="MASTER_WAV", filename="lied ä.wav")
    whole = web(music.download_url)
    with wave.open(io.BytesIO(whole)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(12)
    part = urllib3.request("GET", music.download_url, headers={"Range": f"bytes=1000000-{len(whole)}"})
    assert (part.status, part.data) == (206, whole[1_000_000:])
    assert part.headers["Content-Disposition"] == "attachment; filename*=UTF-8''lied%20%C3%A4.wav"


def test_stems(composer, clock, web):
    *stems, _ = files_of(composer, clock, preset="STEMS_WAV", filename="song.wav")
    [heartfelt] = composer.list_custom_descriptors(id=[HEARTFELT]).data
    named = {one.id for one in heartfelt.instruments}
    assert len(stems) == 4
    assert {stem.tracks[0] for stem in stems} <= named
    assert [stem.filename for stem in stems] == [f"song_{stem.tracks[0]}.wav" for stem in stems]
    assert len({web(stem.download_url) for stem in stems}) == 4
    timeline = changed(0, "instrument_groups", [{"instrument_group": "muted_trumpet"}])
    chosen = timeline["audio_renders"][0]["timeline"]
    only, _ = files_of(composer, clock, preset="STEMS_WAV", timeline=chosen)
    assert only.tracks == ["muted_trumpet"]


def test_links_expire_and_cannot_be_forged(composer, clock):
    music, _ = files_of(composer, clock)
    forged = music.download_url.replace("/0?", "/1?")
    assert urllib3.request("GET", forged).status == 403
    clock.now += 9 * 3600
    assert urllib3.request("GET", music.download_url).status == 403


BAD_SPANS = [
    ("no metered span", ("spans",), [{"span_type": "unmetered", "time": 1}], ".spans"),
    ("no end", ("spans",), PIECE["timeline"]["spans"][:1], ".spans"),
    ("time goes back", (1, "time"), 0, ".spans[1].time"),
    ("a time before the start", (0, "time"), -1, ".spans[0].time"),
    ("too long", (1, "time"), 3601, ".spans[1].time"),
    ("no region", (0, "regions"), [], ".spans[0].regions"),
    ("one change of tempo", (0, "tempo_changes"), [{"time": 0, "tempo": 70}], ".spans[0].tempo_changes"),
    ("no tempo", (0, "tempo"), 0, ".spans[0].tempo"),
    ("an unknown descriptor", (0, "regions", 0, "descriptor"), "?", ".spans[0].regions[0].descriptor"),
    ("half a key", (0, "regions", 0, "key"), {"tonic_note": "c"}, ".spans[0].regions[0].key"),
    (
        "an end that does not fit",
        (0, "regions", 0, "end_type"),
        {"beat": 4, "event": "ending", "type": "cut"},
        ".spans[0].regions[0].end_type.type",
    ),
    (
        "an unknown instrument",
        (0, "instrument_groups"),
        [{"instrument_group": "?"}],
        ".spans[0].instrument_groups[0].instrument_group",
    ),
    ("one id twice", (0, "regions"), PIECE["timeline"]["spans"][0]["regions"] * 2, ".spans[0].regions[1].id"),
    ("two spans with one id", (1, "id"), 1, ".spans[1].id"),
]


@pytest.mark.parametrize(
    ("path", "value", "place"), [row[1:] for row in BAD_SPANS], ids=[row[0] for row in BAD_SPANS]
)
def test_timelines_that_are_refused(composer, path, value, place):
    body = piece(timeline={"spans": value}) if path == ("spans",) else changed(*path, value)
    with pytest.raises(BadRequestError) as caught:
        composer.create_audio_renders(body)
    assert caught.value.errors[0]["path"] == f"$.body.audio_renders[0].timeline{place}"


def test_other_requests_that_are_refused(composer):
    for body in (piece(filename="../up"), piece(filename='a"b')):
        with pytest.raises(BadRequestError):
            composer.create_audio_renders(body)


def test_a_lost_answer_is_not_sent_again(composer, sandbox):
    sandbox.faults.add(Fault(close="after", operation="create_audio_renders"), times=1)
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        composer.create_audio_renders(piece())
    assert len(sandbox.requests) == 1
    assert caught.value.medium is None
