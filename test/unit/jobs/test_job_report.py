"""What has become of a licence job, as text, as a CSV file, as an error."""

from __future__ import annotations

import csv
import errno
import json
import os
import pickle
import stat
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from shutterstock_api import DestinationError, JobImage, LicenseJobError, LicenseReport
from shutterstock_api.jobs import report
from shutterstock_api.jobs.ledger import Ledger, LedgerOutcome
from shutterstock_api.support.text import MOST_LINES

LICENSED = JobImage(
    "1", "licensed", license_id="L1", charge=2, price=1.1, currency="USD", path=Path("1.jpg"), bytes=7
)
REUSED = JobImage("2", "licensed", license_id="L2", reused=True, file_error="404 Not Found")
FAILED = JobImage("3", "failed", "Image not found")
UNKNOWN = JobImage("4", "unknown", "hung up")
PLANNED = JobImage("5", "planned")
ALL = [LICENSED, REUSED, FAILED, UNKNOWN, PLANNED]


def test_what_it_tells():
    report = LicenseReport(ALL, "403 No")
    assert report.licensed == [LICENSED, REUSED]
    assert (report.failed, report.unknown, report.planned) == ([FAILED], [UNKNOWN], [PLANNED])
    assert report.without_file == [REUSED]
    assert (report.bytes, report.charge, report.prices) == (7, 2, {"USD": 1.1})
    assert str(report) == (
        "2 licensed, 1 failed, 1 unknown, 1 planned; 1 files, 7 bytes; charge 2\n"
        "  price 1.10 USD\n"
        "  stopped: 403 No\n"
        "  3 failed: Image not found\n"
        "  4 unknown: hung up\n"
        "  2 has no file: 404 Not Found"
    )
    sums = "2 licensed, 1 failed, 1 unknown, 1 planned; 1 files, 7 bytes; charge 2"
    assert repr(report) == f"<LicenseReport: {sums}; stopped: 403 No>"


def test_an_empty_one():
    report = LicenseReport([])
    assert str(report) == "0 licensed, 0 failed, 0 unknown, 0 planned; charge 0"
    assert repr(report) == f"<LicenseReport: {report}>"
    assert (report.bytes, report.charge, report.prices, report.stopped) == (0, 0, {}, None)
    report.raise_for_failures()


def test_a_table():
    records = LicenseReport(ALL, medium="video").to_records()
    assert [[*record] for record in records] == [
        ["video_id", *[field.name for field in fields(JobImage)][1:]] for _ in ALL
    ]
    assert records[0] == {
        "video_id": "1",
        "state": "licensed",
        "error": None,
        "license_id": "L1",
        "charge": 2.0,
        "price": 1.1,
        "currency": "USD",
        "reused": False,
        "path": "1.jpg",
        "bytes": 7,
        "file_error": None,
    }
    json.dumps(records)
    assert LicenseReport([]).to_records() == []


def test_a_data_frame():
    pytest.importorskip("pandas")
    frame = LicenseReport(ALL).to_pandas()
    assert dict(frame.dtypes.astype(str)) == {
        "image_id": "string",
        "state": "string",
        "error": "string",
        "license_id": "string",
        "charge": "Float64",
        "price": "Float64",
        "currency": "string",
        "reused": "boolean",
        "path": "string",
        "bytes": "Int64",
        "file_error": "string",
    }
    assert frame["charge"].sum() == 2
    assert [*LicenseReport([]).to_pandas().columns] == [*frame.columns]


def test_prices_by_currency():
    told = [(0.1, "USD"), (0.2, "USD"), (5, "EUR"), (1, None), (None, "USD")]
    report = LicenseReport([JobImage("1", "licensed", price=price, currency=name) for price, name in told])
    assert report.prices == {"USD": 0.3, "EUR": 5, "": 1}
    assert "price 0.30 USD" in str(report)


def test_fractions_of_credits():
    assert "charge 0.3" in str(LicenseReport([JobImage(one, "licensed", charge=0.1) for one in "123"]))


def test_a_long_list_of_failures_is_cut():
    long = JobImage("x", "failed", "word " * 100)
    text = str(LicenseReport([long, *(JobImage(str(one), "unknown", "lost") for one in range(10))]))
    lines = text.splitlines()
    assert (len(lines), lines[-1]) == (1 + MOST_LINES + 1, "  and 1 more")
    assert all(len(line) < 260 for line in lines)
    assert "more" not in str(LicenseReport([JobImage("1", "failed")] * MOST_LINES))


def test_files_are_told_where_there_are_any_or_should_be():
    assert "0 files, 0 bytes" in str(LicenseReport([REUSED]))
    assert "files" not in str(LicenseReport([FAILED, PLANNED]))


def test_reports_combined():
    one, two = LicenseReport([LICENSED], "403"), LicenseReport([FAILED], "disk full")
    both = LicenseReport.combined(iter([one, two, one, LicenseReport([PLANNED])]))
    assert both == LicenseReport([LICENSED, FAILED, LICENSED, PLANNED], "403; disk full")
    assert LicenseReport.combined([]) == LicenseReport([])
    assert LicenseReport.combined([LicenseReport([PLANNED])]).stopped is None


@pytest.mark.parametrize(
    ("images", "stopped", "done"),
    [
        ([LICENSED], None, True),
        ([LICENSED], "403", False),
        ([LICENSED, REUSED], None, False),
        ([LICENSED, FAILED], None, False),
        ([LICENSED, UNKNOWN], None, False),
        ([LICENSED, PLANNED], None, False),
    ],
)
def test_raise_for_failures(images: list[JobImage], stopped: str | None, done: bool):
    report = LicenseReport(images, stopped)
    if done:
        report.raise_for_failures()
        return
    with pytest.raises(LicenseJobError) as caught:
        report.raise_for_failures()
    assert caught.value.report is report
    assert str(report) in str(caught.value)
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (twin.report, str(twin)) == (report, str(caught.value))


def test_pickle():
    report = LicenseReport(ALL, "403")
    assert pickle.loads(pickle.dumps(report)) == report


def test_of_a_ledger(tmp_path: Path):
    with Ledger(str(tmp_path / "job.sqlite")) as ledger:
        ledger.add([("1", "{}"), ("2", "{}"), ("3", "{}")], replace=False)
        ledger.settle(
            [
                LedgerOutcome(1, "licensed", None, "L1", 2, 1.1, "USD", False, "https://files.example/1"),
                LedgerOutcome(2, "licensed", license_id="L2", reused=True),
            ]
        )
        ledger.keep([(1, "1.jpg", 7, None), (2, None, None, "404 Not Found")])
        report = LicenseReport.of(ledger, "why")
    assert report == LicenseReport([LICENSED, REUSED, JobImage("3", "planned")], "why")
    assert (type(report.images[0].reused), type(report.images[1].reused)) == (bool, bool)


# CSV.


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_export(tmp_path: Path):
    LicenseReport(ALL).export(tmp_path / "report.csv")
    rows = read(tmp_path / "report.csv")
    assert list(rows[0]) == [field.name for field in fields(JobImage)]
    assert [row["image_id"] for row in rows] == list("12345")
    assert rows[0] == {
        "image_id": "1",
        "state": "licensed",
        "error": "",
        "license_id": "L1",
        "charge": "2",
        "price": "1.1",
        "currency": "USD",
        "reused": "False",
        "path": "1.jpg",
        "bytes": "7",
        "file_error": "",
    }
    assert os.listdir(tmp_path) == ["report.csv"]


@pytest.mark.parametrize(
    "words", ['He said "no", twice', "two\nlines", "two\r\nlines", "naïve 画像 🐈", " a;b\t", "'"]
)
def test_words_of_any_kind(tmp_path: Path, words: str):
    LicenseReport([JobImage("1", "failed", words), PLANNED]).export(str(tmp_path / "report.csv"))
    assert [row["error"] for row in read(tmp_path / "report.csv")] == [words, ""]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "report.csv"
    LicenseReport([LICENSED]).export(path)
    before = path.read_bytes()

    class Full:
        def writerow(self, row: Any) -> None: ...

        def writerows(self, rows: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(report.csv, "writer", lambda file: Full())
    with pytest.raises(DestinationError, match="No space left") as caught:
        LicenseReport(ALL).export(path)
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == before
    monkeypatch.undo()
    LicenseReport(ALL).export(path)
    assert len(read(path)) == 5


@pytest.mark.parametrize("name", ["no/folder/report.csv", ""])
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str):
    (tmp_path / "folder").mkdir()
    with pytest.raises(DestinationError):
        LicenseReport(ALL).export(tmp_path / "folder" / name)


@pytest.mark.skipif(os.name == "nt", reason="no such modes and links here")
@pytest.mark.parametrize("plant", [os.symlink, os.link])
def test_nobody_else_reads_an_export_and_no_link_leads_it_away(tmp_path: Path, plant: Any):
    victim, path = tmp_path / "victim", tmp_path / "report.csv"
    victim.write_text("precious")
    for name in ("report.csv", "report.csv.part"):
        plant(victim, tmp_path / name)
    before = os.umask(0)
    try:
        LicenseReport(ALL).export(path)
    finally:
        os.umask(before)
    assert victim.read_text() == "precious"
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert len(read(path)) == 5
    assert sorted(os.listdir(tmp_path)) == ["report.csv", "report.csv.part", "victim"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such things here")
def test_an_export_replaces_no_device(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DestinationError, match="not a regular file"):
        LicenseReport(ALL).export(tmp_path / "pipe")
    assert os.listdir(tmp_path) == ["pipe"]


def test_an_export_goes_to_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    LicenseReport(ALL).export("~/report.csv")
    assert len(read(tmp_path / "report.csv")) == 5
