"""From a licence to its file, against the sandbox: old links, cut connections, file systems of fsspec."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import fsspec
import pytest
from scripted_server import Clock

from shutterstock_api import DownloadError, ForbiddenError, ImagesApi, Licence, download, download_many
from shutterstock_api.sandbox import Fault, Sandbox
from shutterstock_api.sandbox.account.links import LINK_LIFETIME

IDS = ["465011609", "1110335168", "1", "2", "3", "5"]


@pytest.fixture
def answer(api: ImagesApi) -> Any:
    return api.license_images({"images": [{"image_id": one} for one in IDS]}, size="small")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def expected(answer: Any, web: Any) -> dict[str, str]:
    """Hashes of the files, by image id."""
    return {result.image_id: digest(web(result.download.url)) for result in answer.licensed}


def files_of(folder: Path) -> dict[str, str]:
    return {path.stem: digest(path.read_bytes()) for path in folder.iterdir()}


def test_every_kind_of_source(api: ImagesApi, answer: Any, expected: dict[str, str], tmp_path: Path):
    history = api.get_image_license_list(per_page=200).data or []
    ours = {result.license_id for result in answer.licensed}
    sources = {
        "results": answer.licensed,
        "links": [result.download for result in answer.licensed],
        "history": [entry for entry in history if entry.id in ours],
    }
    for name, given in sources.items():
        report = download_many(given, tmp_path / name, api=api)
        assert report.failed == []
        assert files_of(tmp_path / name) == expected
    by_id = download_many([result.license_id for result in answer.licensed], tmp_path / "ids", api=api)
    assert sorted(files_of(tmp_path / "ids").values()) == sorted(expected.values())
    assert by_id.files[0].path == tmp_path / "ids" / f"{answer.licensed[0].license_id}.jpg"


def test_no_credentials_go_to_the_files(api: ImagesApi, answer: Any, sandbox: Sandbox, tmp_path: Path):
    download_many(answer.licensed, tmp_path, api=api)
    asked = [request for request in sandbox.requests if request.path.startswith("/download/")]
    assert len(asked) == len(IDS)
    for request in asked:
        assert "Authorization" not in request.headers
        assert "Cookie" not in request.headers


def test_links_that_have_grown_old_are_renewed(
    api: ImagesApi, answer: Any, expected: dict[str, str], clock: Clock, tmp_path: Path
):
    clock.now += LINK_LIFETIME + 1
    refused = download_many(answer.licensed, tmp_path)
    assert len(refused.failed) == len(IDS)
    assert "Pass a licence" in str(refused.failed[0].error)
    report = download_many(answer.licensed, tmp_path, api=api)
    assert report.failed == []
    assert files_of(tmp_path) == expected


def test_cut_connections_are_resumed(
    api: ImagesApi, answer: Any, expected: dict[str, str], sandbox: Sandbox, tmp_path: Path
):
    api.api_client.configuration.retries = 9
    for cut in (1, 100, 1000, 5000):
        sandbox.faults.add(Fault(truncate=cut, operation="download"), times=3)
    report = download_many(answer.licensed, tmp_path, api=api)
    assert report.failed == []
    assert files_of(tmp_path) == expected
    asked = [request for request in sandbox.requests if request.path.startswith("/download/")]
    assert [request for request in asked if request.headers.get("Range")]


def test_a_licence_that_gives_nothing_more(api: ImagesApi, tmp_path: Path):
    locked = api.get_image_license_list(download_availability="non_downloadable").data or []
    if locked:
        with pytest.raises(DownloadError, match="it cannot be downloaded again"):
            download(locked[0], tmp_path / "x.jpg", api=api)
        with pytest.raises(ForbiddenError):
            download(Licence(locked[0].id or ""), tmp_path / "x.jpg", api=api)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("protocol", ["memory", "file"])
def test_file_systems_of_fsspec(
    protocol: str, api: ImagesApi, answer: Any, expected: dict[str, str], sandbox: Sandbox, tmp_path: Path
):
    files = fsspec.filesystem(protocol)
    place = f"{tmp_path}/cat.jpg"
    sandbox.faults.add(Fault(truncate=5000, operation="download"), times=1)
    files.makedirs(tmp_path, exist_ok=True)
    with files.transaction, files.open(place, "wb") as file:
        download(answer.licensed[0], file, api=api)
    assert digest(files.cat_file(place)) == expected[IDS[0]]
    sandbox.faults.add(Fault(status=404, operation="download"), times=1)
    with pytest.raises(DownloadError), files.transaction, files.open(f"{tmp_path}/no.jpg", "wb") as file:
        download(answer.licensed[0].download, file)
    assert not files.exists(f"{tmp_path}/no.jpg")
