"""What a report on downloads says as a table, and in Jupyter."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from download_server import SECRET, Files
from html_checker import Checked
from media_files import file_of, result_of
from scripted_server import Server

from shutterstock_api import ApiClient, DownloadReport, DownloadResult, Image, download, download_many
from shutterstock_api.contract.media import MEDIA

COLUMNS = ["status", "medium", "item_id", "license_id", "kind", "path", "bytes", "error"]


@pytest.fixture
def report(server: Server, client: ApiClient, tmp_path: Path) -> DownloadReport:
    """A video, a link, a file that is there, a refused track, something that is no source."""
    server.always(lambda request: Files(file_of(request.path.rpartition(".")[2]))(request))
    (tmp_path / "there.jpg").write_bytes(b"x")
    sources = [
        result_of(MEDIA["video"], f"{server.url}/x.mov?sign={SECRET}"),
        f"{server.url}/link.jpg?sign={SECRET}",
        f"{server.url}/there.jpg?sign={SECRET}",
        result_of(MEDIA["track"], None, license_id=None, error="No <b>licence</b> for this"),
        5,
    ]
    return download_many(sources, tmp_path, api=client)


def test_records(report: DownloadReport, tmp_path: Path):
    records = report.to_records()
    assert [list(record) for record in records] == [COLUMNS] * 5
    size = len(file_of("mov"))
    told: list[list[Any]] = [list(record.values()) for record in records]
    assert told[0] == ["downloaded", "video", "7", "l7", None, str(tmp_path / "7.mov"), size, None]
    assert told[1][:6] == ["downloaded", None, None, None, None, str(tmp_path / "link.jpg")]
    assert told[2][0] == "skipped"
    assert told[3] == ["failed", "track", "7", None, None, None, 0, "track 7: No <b>licence</b> for this"]
    assert told[4][-1] == "source: expected a link, a licence result or a licence, got int"
    assert SECRET not in str(records)


def test_an_empty_report_has_no_rows():
    assert DownloadReport([]).to_records() == []


def test_a_preview_says_its_kind(server: Server, tmp_path: Path):
    server.always(Files(file_of("jpg")))
    image = Image.from_dict({"id": "7", "assets": {"preview": {"url": f"{server.url}/x.jpg"}}})
    done = download(image, tmp_path, kind="preview")
    assert (done.medium, done.item_id, done.license_id, done.kind) == ("image", "7", None, "preview")


def test_one_that_broke_off_says_what_it_was(server: Server, client: ApiClient, tmp_path: Path):
    client.configuration.retries = 0
    server.always(Files(file_of("mov"), cuts=[1000]))
    source = result_of(MEDIA["video"], f"{server.url}/x.mov")
    [failed] = download_many([source], tmp_path, api=client).failed
    assert (failed.medium, failed.item_id, failed.path) == ("video", "7", tmp_path / "7.mov")


def test_two_of_one_name_say_which(server: Server, client: ApiClient, tmp_path: Path):
    server.always(Files(file_of("mov")))
    sources = [result_of(MEDIA["video"], f"{server.url}/x.mov", license_id=f"l{n}") for n in range(2)]
    [failed] = download_many(sources, tmp_path, api=client).failed
    assert (failed.license_id, failed.path) == ("l1", None)


def test_in_jupyter_what_failed_comes_first(report: DownloadReport):
    page = Checked(report._repr_html_())
    assert "2 downloaded, 1 skipped, 2 failed" in page.words
    assert page.words.index("got int") < page.words.index("7.mov")
    assert "No <b>licence</b> for this" in page.words
    assert SECRET not in report._repr_html_()
    many = DownloadReport([DownloadResult(None, Path("x"), "downloaded", 1)] * 60)
    assert "<p>and 12 more</p>" in many._repr_html_()


def test_a_report_pickles(report: DownloadReport):
    again = pickle.loads(pickle.dumps(DownloadReport([*report.files[:1]])))
    assert again.to_records() == report.to_records()[:1]
