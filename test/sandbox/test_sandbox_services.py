"""The catalog, uploads and renders: kept in a database, forgotten in time, and served as files."""

from __future__ import annotations

import base64
import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pil

from shutterstock_api.sandbox import Fault
from shutterstock_api.sandbox.catalogue.contributors.profiles import profile
from shutterstock_api.sandbox.catalogue.contributors.sets import sets_of
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.images.pictures import Pictures
from shutterstock_api.sandbox.catalogue.images.recognition import (
    UnreadablePictureError,
    keywords,
    recognise,
)
from shutterstock_api.sandbox.catalogue.vocabulary import CONTRIBUTORS

SPANS = [
    {
        "span_type": "metered",
        "time": 0,
        "regions": [{"id": 1, "region": "music", "descriptor": "cinematic_minimal_tense", "beat": 0}],
    },
    {"span_type": "unmetered", "time": 2},
]
RENDERS = {"audio_renders": [{"filename": "a.mp3", "preset": "MASTER_MP3", "timeline": {"spans": SPANS}}]}
MINE = "293542904"


def upload(client: Any) -> str:
    out = io.BytesIO()
    Pil.new("RGB", (9, 9), "green").save(out, "PNG")
    reply = client("POST", "/v2/cv/images", {"base64_image": base64.b64encode(out.getvalue()).decode()})
    assert reply.status == 201
    return str(reply.json["upload_id"])


def test_they_outlive_a_restart(start: Any, tmp_path: Path) -> None:
    database = tmp_path / "sandbox.sqlite"
    first = start(database=database)
    assert first("DELETE", f"/v2/catalog/collections/{MINE}").status == 204
    made = first("POST", "/v2/catalog/collections", {"name": "Kept"}).json["id"]
    picture = upload(first)
    [render] = first("POST", "/v2/ai/audio/renders", RENDERS).json["audio_renders"]
    first.sandbox.stop()
    second = start(database=database)
    ids = [one["id"] for one in second.get("/v2/catalog/collections")["data"]]
    assert made in ids
    assert MINE not in ids
    assert "green" in second.get("/v2/cv/keywords", asset_id=picture)["data"]
    assert second.get("/v2/ai/audio/renders", id=render["id"])["audio_renders"] == [render]
    second.sandbox.reset()
    ids = [one["id"] for one in second.get("/v2/catalog/collections")["data"]]
    assert MINE in ids
    assert made not in ids
    assert second("GET", "/v2/ai/audio/renders", id=render["id"]).status == 404


def test_a_database_without_them_gets_them(start: Any, tmp_path: Path) -> None:
    database = tmp_path / "sandbox.sqlite"
    start(database=database).sandbox.stop()
    with closing(sqlite3.connect(database)) as connection:
        for table in ("catalog_collection", "catalog_asset", "catalog_place", "render"):
            connection.execute(f"DROP TABLE {table}")
        for column in ("words", "time"):
            connection.execute(f"ALTER TABLE upload DROP COLUMN {column}")
        connection.execute("INSERT INTO upload VALUES ('Uold', 'cat', 'red')")
        connection.commit()
    client = start(database=database)
    assert client.get("/v2/catalog/collections")["total_count"] == 4
    assert client("GET", "/v2/cv/keywords", asset_id="Uold").status == 404  # nobody knows how old it is
    assert client.get("/v2/cv/keywords", asset_id=upload(client))["data"]


def test_faults_strike_the_files_of_renders_as_downloads(client: Any, clock: Any) -> None:
    [render] = client("POST", "/v2/ai/audio/renders", RENDERS).json["audio_renders"]
    clock.now += 4
    [done] = client.get("/v2/ai/audio/renders", id=render["id"])["audio_renders"]
    link = done["files"][0]["download_url"]
    client.sandbox.faults.add(Fault(status=503, operation="download"), times=1)
    assert [client("GET", link).status for _ in range(2)] == [503, 200]
    assert client("POST", link, {}).status == 405


def test_two_links_to_one_file_are_alike_and_made_anew(client: Any, clock: Any) -> None:
    [render] = client("POST", "/v2/ai/audio/renders", RENDERS).json["audio_renders"]
    clock.now += 4

    def link() -> str:
        [done] = client.get("/v2/ai/audio/renders", id=render["id"])["audio_renders"]
        return str(done["files"][0]["download_url"])

    first = link()
    clock.now += 7 * 3600
    assert link() != first
    assert client("GET", link()).data == client("GET", first).data


@pytest.mark.parametrize(
    "path",
    [
        "/renders/short/0",
        f"/renders/{'a' * 28}",
        "/previews/music/cow_bell.mp3",
        "/previews/music/cinematic_minimal_tense.wav",
    ],
)
def test_files_that_there_are_not(client: Any, path: str) -> None:
    assert client("GET", path).status == 404


def test_a_render_without_a_signature(client: Any) -> None:
    assert client("GET", f"/renders/{'a' * 28}/0").status == 403


def test_the_first_render_is_always_there(client: Any, clock: Any) -> None:
    clock.now += 10 * 365 * 24 * 3600
    [render] = client.get("/v2/ai/audio/renders", id="L2w7h9VNFlkzpllSUunSYayenKjN")["audio_renders"]
    assert render["status"] == "CREATED"


def test_ids_of_renders_are_those_of_every_sandbox(start: Any) -> None:
    ids = [start()("POST", "/v2/ai/audio/renders", RENDERS).json["audio_renders"][0]["id"] for _ in range(2)]
    assert ids[0] == ids[1]


def test_pictures_are_recognised_alike_every_time() -> None:
    catalogue = Catalogue(100)
    pictures = Pictures(catalogue)
    for image_id in (17, 465011609):
        image = catalogue.image(image_id)
        for size in ("small", "huge"):
            seen = recognise(pictures.licensed(image_id, size), catalogue)
            assert (seen.subject, seen.colour) == (image.subject.text, image.colour.name)
            assert seen.words[:5] == tuple(keywords(image)[:5])
    with pytest.raises(UnreadablePictureError):
        recognise(b"\xff\xd8\xff broken", catalogue)


def test_every_image_has_enough_keywords() -> None:
    catalogue = Catalogue(2_000)
    counts = [len(keywords(catalogue.image(number))) for number in range(1, 2_000, 7)]
    assert max(counts) <= 30
    assert min(counts) >= 12


def test_contributors_are_the_same_in_every_catalogue() -> None:
    small, large = Catalogue(10), Catalogue(100_000)
    for who in ("800506", CONTRIBUTORS[7].id):
        assert sets_of(small, who) == sets_of(large, who)
        assert profile(who, "http://x") == profile(who, "http://x")


def test_sets_of_different_contributors_have_different_ids() -> None:
    catalogue = Catalogue(10)
    ids = [one.id for who in CONTRIBUTORS for one in sets_of(catalogue, who.id)]
    assert len(ids) == len(set(ids)) > len(CONTRIBUTORS)
    for who in ("1", "99999999999"):
        assert all(one.id.isdigit() for one in sets_of(catalogue, who))


@pytest.mark.parametrize("sent", [{}, {"Authorization": None}])
def test_optional_credentials(client: Any, sent: dict[str, Any]) -> None:
    assert client("GET", "/v2/test", headers=sent, text="x").json == {"text": "x"}
    assert client("GET", "/v2/test", headers={"Authorization": "Bearer v2/old"}).status == 401
    assert client("GET", "/v2/test", headers={"Authorization": "Basic !"}).status == 401
