"""Editorial content: rules for countries, events by the clock, files on another path of the service."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image as Picture

from shutterstock_api.sandbox import Sandbox
from shutterstock_api.sandbox.catalogue.editorial.archive import Archive
from shutterstock_api.sandbox.catalogue.editorial.countries import allows, country_of
from shutterstock_api.sandbox.catalogue.editorial.events import KINDS, PLACES, event, event_of, events_until

ID = "10687730b"
NOW = 1_700_000_000.0


def license(client: Any, medium: str = "images", license: str = "premier_editorial_all_digital") -> str:
    body = {"country": "USA", "editorial": [{"editorial_id": ID, "license": license, "size": "original"}]}
    reply = client("POST", f"/v2/editorial/{medium}/licenses", body)
    assert reply.status == 200, reply.data
    url: str = reply.json["data"][0]["download"]["url"]
    return url


@pytest.mark.parametrize(
    ("rule", "countries"),
    [
        ("*", {"USA", "CAN", "FRA"}),
        ("CAN,+USA,-*", {"USA", "CAN"}),
        ("-FRA,+*", {"USA", "CAN"}),
        ("-USA,-CAN,+*", {"FRA"}),
        ("-*", set()),
        ("FRA", {"FRA"}),
    ],
)
def test_rules_for_countries(rule: str, countries: set[str]) -> None:
    assert {country for country in ("USA", "CAN", "FRA") if allows(rule, country)} == countries


def test_countries_by_three_letters_and_two() -> None:
    assert (country_of("DEU"), country_of("DE"), country_of("XX"), country_of("USA")) == (
        "DEU",
        "DEU",
        None,
        "USA",
    )


def test_days_of_a_festival_follow_each_other() -> None:
    first = event_of("2018/07/17/Film Festival, Day 1", NOW)
    assert first is not None
    days = [event(first.number + 4 * day) for day in range(3)]
    assert [one.kind.name for one in days] == [kind.name for kind in KINDS[:3]]
    assert len({(one.place, one.supplier, one.rights) for one in days}) == 1


def test_events_differ() -> None:
    month = [event(number) for number in range(30_000, 30_120)]
    assert len({one.kind for one in month}) == len(KINDS)
    assert len({one.place for one in month}) > len(PLACES) // 2
    assert len({one.livefeed for one in month}) == 120
    assert all(event_of(one.livefeed, 2e9) == one for one in month)


def test_time_has_a_beginning_and_an_end() -> None:
    assert events_until(0) == events_until(1_500_000_000) == 14_608  # up to 2020, as by every clock
    assert events_until(1e12) == event(events_until(1e12) - 1).number + 1 == 43_828


@pytest.mark.parametrize(("item_id", "known"), [(ID, True), ("9763363ao", True), ("4041234a", False)])
def test_ids(item_id: str, known: bool) -> None:
    assert Archive.knows(item_id) == known
    assert not Archive.knows(item_id[:-1].rstrip("a") or "1")
    assert not Archive.knows(f"{item_id}bc")


def test_every_item_has_its_own_id_and_is_found_by_it() -> None:
    archive = Archive(per_event=40, step=300)
    items = [archive.at(position) for position in range(687_700, 687_800)]
    assert len({item.id for item in items}) == 100
    assert [archive.item(item.id) for item in items] == items
    assert archive.item(ID) in items


def test_a_wrong_query(client: Any) -> None:
    reply = client("GET", "/v2/editorial/images/search", country="USA", query="football (")
    assert reply.status == 400
    assert reply.json["errors"][0]["path"] == "$.query.query"


def test_previews(client: Any) -> None:
    image = client.get(f"/v2/editorial/images/{ID}", country="USA")
    for kind in ("thumb_170", "watermark_450", "watermark_1500"):
        asset = image["assets"][kind]
        reply = client("GET", asset["url"])
        with Picture.open(io.BytesIO(reply.data)) as picture:
            assert picture.size == (asset["width"], asset["height"])
    for path in (
        "images/thumb_9/10687730b.jpg",
        "images/thumb_170/17.jpg",
        "videos/preview_avi/10687730b.avi",
    ):
        assert client("GET", f"/editorial-previews/{path}").status == 404


def test_ranges_of_a_licensed_file(client: Any) -> None:
    url = license(client)
    whole = client("GET", url, headers={"Authorization": None})
    assert whole.headers["Content-Type"] == "image/jpeg"
    assert whole.headers["Content-Disposition"] == f'attachment; filename="shutterstock_{ID}.jpg"'
    with Picture.open(io.BytesIO(whole.data)) as picture:
        original = client.get(f"/v2/editorial/images/{ID}", country="USA")["assets"]["original"]
        assert picture.size == (original["width"], original["height"])
    part = client("GET", url, headers={"Range": "bytes=100-199"})
    assert (part.status, part.data) == (206, whole.data[100:200])
    rest = client("GET", url, headers={"Range": f"bytes={len(whole.data) - 5}-"})
    assert rest.data == whole.data[-5:]


def test_a_video_file(client: Any) -> None:
    url = license(client, "videos", "premier_editorial_video_digital_only")
    reply = client("GET", url)
    assert (reply.status, reply.headers["Content-Type"], reply.data[4:8]) == (200, "video/mp4", b"ftyp")
    header = reply.data.index(b"mvhd") + 4
    ticks, length = struct.unpack_from(">LL", reply.data, header + 12)
    assert length / ticks == pytest.approx(21.0)
    width, height = struct.unpack_from(">HH", reply.data, reply.data.index(b"avc1", 200) + 28)
    original = client.get(f"/v2/editorial/videos/{ID}", country="USA")["assets"]["original"]
    assert (width, height) == (original["width"], original["height"])
    part = client("GET", url, headers={"Range": "bytes=500000-500099"})
    assert (part.status, part.data) == (206, reply.data[500_000:500_100])


def test_previews_of_a_video(client: Any) -> None:
    assets = client.get(f"/v2/editorial/videos/{ID}", country="USA")["assets"]
    webm = client("GET", assets["preview_webm"]["url"])
    assert (webm.headers["Content-Type"], webm.data[:4]) == ("video/webm", bytes.fromhex("1A45DFA3"))
    mp4 = client("GET", assets["preview_mp4"]["url"])
    assert (mp4.headers["Content-Type"], mp4.data[4:8]) == ("video/mp4", b"ftyp")
    assert client("GET", assets["thumb_jpg"]["url"]).headers["Content-Type"] == "image/jpeg"


def test_links_are_signed(client: Any) -> None:
    url = license(client)
    assert client("GET", url).status == 200
    for forged in (
        url.replace("original", "medium"),
        url.replace("editorial_images", "editorial_videos"),
        url.replace("/api-downloads/editorial_images/", "/download/"),
    ):
        assert client("GET", forged).status == 403
    assert client("GET", "/api-downloads/editorial_images/nonsense").status == 404


def test_links_outlive_a_reset(client: Any) -> None:
    url = license(client)
    client.sandbox.reset()
    assert client("GET", url).status == 200
    assert client.get("/v2/editorial/images/licenses")["data"] == []


def test_a_clock_that_is_far_off(start: Any) -> None:
    for now in (1.0, 99_999_999_999.0):
        client = start(clock=lambda now=now: now)
        assert client.get("/v2/editorial/images/search", country="USA", query="food")["total_count"] > 100
        assert client.get("/v2/editorial/images/livefeeds", country="USA")["data"]
        assert client.get("/v2/user/subscriptions")["data"]


def test_subscriptions_of_an_older_database(tmp_path: Any) -> None:
    file = tmp_path / "sandbox.sqlite"
    with Sandbox(database=file) as sandbox:
        sandbox._now.store._rows("DELETE FROM subscription WHERE id = 's64567801'")
        sandbox._now.store._rows("UPDATE subscription SET allotment = 7 WHERE id = 's12345678'")
    with Sandbox(database=file) as sandbox:
        assert (sandbox.allotment("s64567801"), sandbox.allotment()) == (500, 7)
