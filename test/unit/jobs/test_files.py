"""The files of a licence job."""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from license_service import REFUSED, SECRET, Make, Service, ids, links, lost, serve, states, telling, text_of
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    DestinationError,
    LicenseImage,
    LicenseImageVector,
    LicenseReport,
    Progress,
)
from shutterstock_api.downloads import batch, part_file
from shutterstock_api.jobs import run
from shutterstock_api.jobs.ledger import Ledger


def test_files_come_while_the_job_goes_on_buying(make: Make, service: Service, folder: Path):
    job = make(*ids(60))
    report = job.run(folder, workers=3)
    assert {path.name: text_of(path) for path in folder.iterdir()} == {
        f"{one}.jpg": f"the file of L{one}" for one in ids(60)
    }
    assert [image.path for image in report.images] == [folder / f"{one}.jpg" for one in ids(60)]
    assert report.bytes == sum(path.stat().st_size for path in folder.iterdir())
    assert service.requests("/downloads$") == []  # the links of the answer were good
    before = len(service.server.requests)
    assert job.run(folder) == report
    assert len(service.server.requests) == before


@pytest.mark.parametrize(
    ("wish", "name", "file"),
    [
        ("1", "{image_id}.{extension}", "1.jpg"),
        ("1", "{license_id}-{image_id}-{size}.{extension}", "L1-1-huge.jpg"),
        (LicenseImage(image_id="1", size="small"), "{image_id}-{size}.x", "1-small.x"),
        (LicenseImageVector(image_id="1"), "{image_id}-{size}.{extension}", "1-vector.eps"),
        (
            LicenseImage(image_id="1", size="custom", custom_dimensions={"width": 9}),
            "{license_id}{size}",
            "L1custom",
        ),
        (LicenseImage(image_id="1", format="jpg"), "{image_id}.{extension}", "1.jpg"),
        ("../../1", "{image_id}.{extension}", "_._1.jpg"),
    ],
)
def test_names(make: Make, folder: Path, wish: Any, name: str, file: str):
    report = make(wish).run(folder, name=name)
    (path,) = folder.iterdir()
    assert report.images[0].path == path
    assert path.parent == folder
    if ".." not in str(wish):
        assert path.name == file


@pytest.mark.parametrize("size", ["small", "custom", None])
def test_a_link_is_renewed_with_the_size_where_it_has_a_name(
    make: Make, service: Service, folder: Path, server: Server, size: str | None
):
    service.acts = iter([lost])
    make({"image_id": "1", "size": size}).run(folder)
    (request,) = [r for r in server.requests if r.path.endswith("/downloads")]
    assert request.json == ({"size": "small"} if size == "small" else {})


def test_a_file_that_is_gone_comes_again_and_one_that_was_changed_stays(
    make: Make, service: Service, folder: Path
):
    job = make("1", "2", "3")
    job.run(folder)
    (folder / "1.jpg").unlink()
    (folder / "2.jpg").write_text("mine now")
    report = job.run(folder)
    assert text_of(folder / "1.jpg") == "the file of L1"
    assert (folder / "2.jpg").read_text() == "mine now"
    assert len(service.requests("/files/")) == 4
    assert (len(report.licensed), len(service.bodies)) == (3, 1)


def test_files_in_another_folder(make: Make, service: Service, folder: Path, tmp_path: Path):
    job = make("1")
    assert job.run().images[0].path is None
    assert job.run(folder).images[0].path == folder / "1.jpg"
    assert job.run(tmp_path / "other").images[0].path == tmp_path / "other" / "1.jpg"
    assert job.run().images[0].path == tmp_path / "other" / "1.jpg"
    assert len(service.books) == 1


def test_a_file_that_came_before_the_ledger_knew_is_kept(make: Make, service: Service, folder: Path):
    job = make("1")
    job.run()
    folder.mkdir()
    (folder / "1.jpg").write_text("the file of L1")
    assert job.run(folder).images[0].bytes == 14
    assert service.requests("/files/") == []


def test_the_report_says_which_files_existed_already(make: Make, folder: Path):
    """Nobody has read them: they may be others of the same name."""
    folder.mkdir()
    for one in ("1", "3"):
        (folder / f"{one}.jpg").write_bytes(b"another")
    job = make("1", "2", "3")
    report = job.run(folder, workers=1)
    assert report.kept == (folder / "1.jpg", folder / "3.jpg")
    assert "  existed already and were kept unread: 1.jpg, 3.jpg" in str(report).splitlines()
    assert "kept unread" in report._repr_html_()
    assert LicenseReport.combined([report, report]).kept == report.kept * 2
    assert (folder / "1.jpg").read_bytes() == b"another"
    again = job.run(folder)
    assert (again.kept, again.images) == ((), report.images)
    assert "kept" not in str(again)


def test_links_are_secrets_for_a_while(make: Make, service: Service, folder: Path, tmp_path: Path):
    job = make(*ids(60))
    job.run()
    assert all(SECRET in str(link) for link in links(job))
    assert SECRET in _bytes(tmp_path)
    job.run(folder)
    assert links(job) == [None] * 60
    assert SECRET not in _bytes(tmp_path)
    assert SECRET not in str(job.status()) + repr(job.status()) + repr(job)


def test_no_repr_shows_a_link(make: Make, service: Service, monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    settle = Ledger.settle

    def settled(ledger: Ledger, outcomes: Any) -> None:
        shown.append(repr(outcomes))
        settle(ledger, outcomes)

    monkeypatch.setattr(Ledger, "settle", settled)
    job = make("1")
    job.run()
    with Ledger(job._path) as ledger:
        shown += map(repr, ledger.rows("licensed"))
    assert SECRET in str(links(job)[0])
    assert [SECRET in text or "link='***'" not in text for text in shown] == [False, False]


def _bytes(folder: Path) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in folder.glob("job.sqlite*"))


def test_a_name_is_on_the_disk_before_its_link_is_forgotten(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    steps: list[str] = []
    keep = Ledger.keep

    def kept(ledger: Ledger, files: Any, found: Any) -> None:
        files = list(files)
        steps.extend(str(path and Path(path).name) for _, path, _, _ in files)
        keep(ledger, files, found)

    monkeypatch.setattr(Ledger, "keep", kept)
    monkeypatch.setattr(batch, "sync_folder", lambda path: steps.append(f"sync {path.name}"))
    make("1").run(folder)
    assert steps == ["sync images", "1.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="no such modes here")
def test_nobody_else_may_read_the_ledger(make: Make, folder: Path, tmp_path: Path):
    job = make("1")
    seen: dict[str, int] = {}

    def progress(_: Progress) -> None:
        seen.update((path.name, stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.glob("job.sqlite*"))

    before = os.umask(0)
    try:
        job = make("1")
        job.run(folder, progress=progress)
    finally:
        os.umask(before)
    assert {"job.sqlite", "job.sqlite.lock", "job.sqlite-wal"} <= set(seen)
    assert set(seen.values()) == {0o600}


def test_a_download_that_fails_is_tried_once_more(
    make: Make, service: Service, client: ApiClient, folder: Path
):
    client.configuration.retries = 0
    tried: Counter[str] = Counter()

    def file(licence: str) -> bytes | None:
        tried[licence] += 1
        wanted = {"L1": 1, "L2": 99}.get(licence, 0)
        return answer(503) if tried[licence] <= wanted else None

    service.file = file
    service.refusals = {"4": REFUSED}
    job = make("1", "2", "3", "4")
    report = job.run(folder)
    assert tried == {"L1": 2, "L2": 2, "L3": 1}
    assert [image.image_id for image in report.without_file] == ["2"]
    assert "503" in str(report.images[1].file_error)
    assert report.images[1].state == "licensed"
    assert SECRET in str(links(job)[1])
    tried["L2"] = 99
    report = job.run(folder)
    assert (report.without_file, report.images[1].path) == ([], folder / "2.jpg")


def test_a_download_that_cannot_go_better_is_not_tried_again(make: Make, service: Service, folder: Path):
    service.file = lambda licence: answer(200, "<html>", Content_Type="text/html")
    report = make("1").run(folder)
    assert len(service.requests("/files/")) == 2  # the second by a new link
    assert "a web page came instead of a file" in str(report.images[0].file_error)
    assert SECRET not in str(report.images[0])


def test_a_licence_that_gives_no_new_link_is_good_for_its_first(make: Make, service: Service, folder: Path):
    service.renewal = lambda licence: answer(403)
    job = make("1", "2")
    job.run()
    service.file = lambda licence: answer(403) if licence == "L2" else None
    report = job.run(folder)
    assert [image.path for image in report.images] == [folder / "1.jpg", None]
    assert "403" in str(report.images[1].file_error)


def test_a_licence_without_id_has_a_file_if_its_name_allows(make: Make, service: Service, folder: Path):
    service.acts = iter([telling(lambda data: [{**entry, "license_id": None} for entry in data]), serve])
    job = make("1")
    job.run()
    job.add("2")
    report = job.run(folder, name="{license_id}.jpg")
    assert states(report) == {"1": "licensed", "2": "licensed"}
    assert report.images[0].file_error == "name: the source does not say its license_id"
    assert report.images[1].path == folder / "L2.jpg"
    report = job.run(folder, name="{image_id}.jpg")
    assert report.images[0].path == folder / "1.jpg"


def test_two_images_do_not_share_a_file(make: Make, service: Service, folder: Path):
    """Where a system takes two names for one, the second image has none."""
    job = make("a/b", "a:b", "A/B", "ab")
    for _ in range(2):
        report = job.run(folder, workers=1)
        assert [image.path and image.path.name for image in report.images] == [
            "a_b.jpg",
            None,
            None,
            "ab.jpg",
        ]
        assert (
            report.images[1].file_error
            == "name: 'a_b.jpg' is taken by image a/b; give a template with more fields"
        )
    assert text_of(folder / "a_b.jpg") == "the file of L1"
    assert len(job.run(folder, name="{image_id}-{license_id}.jpg").without_file) == 0


def test_a_file_stays_with_its_image(make: Make, service: Service, folder: Path, chunks_of_two: None):
    service.acts = iter([telling(lambda data: data[1:])])
    service.history = lambda request: answer(403)
    job = make("a:b", "a/b")
    assert job.run(folder).images[1].path == folder / "a_b.jpg"
    service.history = lambda request: None
    for _ in range(2):
        report = job.run(folder)
        assert [image.path for image in report.images] == [None, folder / "a_b.jpg"]
        assert "is taken by image a/b" in str(report.images[0].file_error)


def test_a_full_disk_stops_the_buying(
    make: Make, service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = make("1")
    job.run()
    job.add(ids(500))
    monkeypatch.setattr(part_file.PartFile, "write", full)
    keep = run.JobRun._keep_files
    monkeypatch.setattr(run.JobRun, "_keep_files", lambda run, seconds: keep(run, 9))  # waits for all
    report = job.run(folder, workers=1)
    requests = len(service.bodies) - 1  # none, if the first file is quick to fail
    assert requests in (0, 1)
    assert len(service.requests("/files/")) == 1  # the others are not asked for
    assert "No space left" in str(report.stopped)
    assert {image.file_error is None for image in report.licensed} == {False}
    assert len(report.planned) == 499 - 50 * requests
    monkeypatch.undo()
    report = job.run(folder)
    assert (len(report.licensed), report.without_file, report.stopped) == (500, [], None)
    assert service.sold == Counter(ids(500))


def test_a_folder_that_cannot_be_made(make: Make, server: Server, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DestinationError):
        make("1").run(tmp_path / "file" / "images")
    assert server.requests == []
