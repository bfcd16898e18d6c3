"""A ledger of 1.1.0, which has format 1, goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from release_1_1_0 import DATA
from scripted_server import Clock, Request, Server, answer

import shutterstock_api
from shutterstock_api import ImagesApi, JobImage, LicenseJob, LicenseReport


@pytest.fixture
def job(tmp_path: Path, api: ImagesApi) -> LicenseJob:
    shutil.copyfile(DATA / "ledger.sqlite", tmp_path / "job.sqlite")
    return LicenseJob(api, tmp_path / "job.sqlite", size="huge", metadata={"customer_id": "7"})


LOST = "POST /v2/images/licenses: the outcome is unknown (Connection aborted: there was no answer)"
NO_FILE = (
    "GET http://127.0.0.1:9/*** (image 2): "
    "Failed to establish a new connection: [Errno 111] Connection refused"
)
SOLD = {"charge": 1, "price": 1.5, "currency": "USD"}


def test_what_stands_in_a_ledger(job: LicenseJob) -> None:
    assert job.status() == LicenseReport(
        [
            JobImage("4", "unknown", LOST),
            JobImage("1", "licensed", license_id="L1", path=Path("images/1.jpg"), bytes=7, **SOLD),
            JobImage("2", "licensed", license_id="L2", file_error=NO_FILE, **SOLD),
            JobImage("3", "failed", "Image not found"),
            JobImage("5", "planned"),
        ]
    )


def test_a_ledger_knows_its_images(job: LicenseJob) -> None:
    assert job.add(["1", "2", "3", "4", "5"]) == 0
    assert job.add("6") == 1
    with pytest.raises(shutterstock_api.LedgerError, match="with another size"):
        job.add({"image_id": "1", "size": "small"})


def test_a_ledger_of_format_1_is_one_of_images(tmp_path: Path, api: ImagesApi) -> None:
    shutil.copyfile(DATA / "ledger.sqlite", tmp_path / "job.sqlite")
    before = (tmp_path / "job.sqlite").read_bytes()
    with pytest.raises(shutterstock_api.LedgerError, match="this ledger licenses images, not videos"):
        LicenseJob(shutterstock_api.VideosApi(api.api_client), tmp_path / "job.sqlite", size="hd")
    assert (tmp_path / "job.sqlite").read_bytes() == before
    assert len(LicenseJob(api, tmp_path / "job.sqlite").status().items) == 5


def test_a_job_goes_on(
    job: LicenseJob, server: Server, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks 4 up, which was bought, asks for 3 and 5, and downloads what has no file: 2 by its link."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "1.jpg").write_bytes(b"picture")
    monkeypatch.chdir(tmp_path)
    clock.now += 3600
    bought: list[str] = []

    def serve(request: Request) -> bytes:
        *_, last = request.path.split("/")
        if last.endswith(".jpg"):
            return answer(200, b"\xff\xd8\xff" + f"the file of {last}".encode())
        if last == "downloads":
            licence = request.path.split("/")[-2]
            return answer(200, {"url": f"{server.url}/{licence}.jpg"})
        if request.verb == "GET":
            return answer(200, {"data": [found_in_the_history], "total_count": 1, "page": 1})
        wanted = [image["image_id"] for image in request.json["images"]]
        bought.extend(wanted)
        data = [
            {
                "image_id": one,
                "license_id": f"L{one}",
                "allotment_charge": 1,
                "download": {"url": f"{server.url}/{one}.jpg"},
            }
            for one in wanted
        ]
        return answer(200, {"data": data})

    with closing(sqlite3.connect(tmp_path / "job.sqlite")) as ledger:
        ((ledger_id,),) = ledger.execute("SELECT value FROM job WHERE key = 'id'")
        ledger.execute("UPDATE item SET link = ? WHERE item = '2'", (f"{server.url}/L2.jpg",))
        ledger.commit()
    found_in_the_history = {
        "id": "L4",
        "image": {"id": "4"},
        "download_time": "2027-01-15T08:00:02Z",
        "is_downloadable": True,
        "metadata": {"customer_id": "7", "license_job": f"{ledger_id}-1"},
    }
    server.always(serve)
    report = job.run("images", name="{image_id}.jpg")
    assert sorted(bought) == ["3", "5"]
    assert [(image.image_id, image.state, image.license_id) for image in report.images] == [
        (one, "licensed", f"L{one}") for one in "41235"
    ]
    report.raise_for_failures()
    assert sorted(os.listdir("images")) == [f"{one}.jpg" for one in "12345"]
    assert Path("images/1.jpg").read_bytes() == b"picture"
    assert Path("images/2.jpg").read_bytes() == b"\xff\xd8\xffthe file of L2.jpg"
    assert job.status() == report
    assert job.run("images").planned == []
    assert sorted(bought) == ["3", "5"]
