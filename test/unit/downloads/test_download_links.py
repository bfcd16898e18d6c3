"""Links that are too old, and sources without one; no link is shown."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, SECRET, TIFF, Files, Get, ranges
from scripted_server import TOKEN, Request, Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiException,
    DownloadError,
    DownloadHistory,
    ImagesApi,
    Licence,
    LicenseImageResult,
    Url,
    download,
    download_many,
)

# Links that are too old, and sources without one.


@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize("with_licence", [True, False])
def test_a_link_that_is_too_old(
    status: int, with_licence: bool, server: Server, link: str, get: Get, tmp_path: Path
):
    def answered(request: Request) -> Any:
        if request.verb == "POST":
            assert request.path == "/v2/images/licenses/i1/downloads"
            assert request.json == {"size": "huge"}
            assert request.headers["authorization"] == f"Bearer {TOKEN}"
            return answer(200, {"url": f"{server.url}/fresh"})
        return Files()(request) if request.path == "/fresh" else answer(status)

    server.always(answered)
    source: Any = link
    if with_licence:
        source = LicenseImageResult(image_id="7", license_id="i1", download=Url(url=link))
        get(source, size="huge")
        assert (tmp_path / "cat.jpg").read_bytes() == DATA
        return
    with pytest.raises(DownloadError, match="it is valid for 8 hours. Pass a licence"):
        get(source)


def test_a_renewed_link_goes_on_where_the_old_one_ended(server: Server, link: str, get: Get, tmp_path: Path):
    fresh = answer(200, {"url": f"{server.url}/fresh?other"})
    server.answers(Files(cuts=[200_000]), answer(403), fresh, Files())
    get(LicenseImageResult(image_id="7", license_id="i1", download=Url(url=link)))
    assert ranges(server)[1] is not None
    assert ranges(server)[3] == ranges(server)[1]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_link_is_renewed_once(server: Server, get: Get):
    server.answers(
        answer(200, {"url": f"{server.url}/a"}),
        answer(403),
        answer(200, {"url": f"{server.url}/b"}),
        answer(403),
    )
    with pytest.raises(DownloadError, match=r"\(licence i1\): 403 Forbidden") as caught:
        get(Licence("i1"))
    assert (caught.value.license_id, caught.value.image_id) == ("i1", None)
    assert len(server.requests) == 4


def test_no_link_can_be_had(server: Server, get: Get, tmp_path: Path):
    server.answers(answer(404, {"message": "no such licence"}))
    with pytest.raises(shutterstock_api.NotFoundError, match="no such licence"):
        get("i1")
    server.answers(answer(200, {"url": ""}))
    with pytest.raises(DownloadError, match="the service gave no link"):
        get("i1")
    with pytest.raises(DownloadError, match=r"licence i1: there is no link yet\n  Pass api="):
        download("i1", tmp_path / "x")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (LicenseImageResult(image_id="7", license_id="i1"), "7.jpg"),
        (
            DownloadHistory.from_dict(
                {"id": "i1", "image": {"id": "7", "format": {"format": "eps", "size": "vector"}}}
            ),
            "7.eps",
        ),
        (Licence("i1", size="vector", image_id="../7"), "__7.eps"),
        ("i1", "i1.jpg"),
    ],
)
def test_sources_and_their_names(source: Any, name: str, server: Server, client: ApiClient, tmp_path: Path):
    server.answers(answer(200, {"url": f"{server.url}/fresh.tif"}), Files(TIFF))
    assert download(source, tmp_path, api=ImagesApi(client)).path == tmp_path / name
    assert server.requests[0].path == "/v2/images/licenses/i1/downloads"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (LicenseImageResult(image_id="7", error="Image not found"), "image 7: Image not found"),
        (LicenseImageResult(image_id="7"), "image 7: it has no link and no licence"),
        (DownloadHistory(id="i1", is_downloadable=False), "licence i1: it cannot be downloaded again"),
        (DownloadHistory(), "source: it has no licence id"),
        (Licence(""), "source: it has no licence id"),
    ],
)
def test_sources_without_a_file(source: Any, message: str, server: Server, get: Get):
    with pytest.raises(ApiException, match=message):
        get(source)
    assert server.requests == []


# Secrets.


def test_no_log_error_or_traceback_shows_a_link(
    server: Server, link: str, client: ApiClient, caplog: pytest.LogCaptureFixture, tmp_path: Path
):
    caplog.set_level(logging.DEBUG)
    client.configuration.timeout = 0.05
    server.answers(Files(cuts=[200_000]), answer(503), server.hang)
    for call in (
        lambda: download(link, tmp_path / "x", api=client),
        lambda: download_many([link], tmp_path, api=client).raise_for_failures(),
        lambda: download(link + "\n", tmp_path / "x"),
    ):
        with pytest.raises(ApiException) as caught:
            call()
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        ours = [frame for frame in shown.stack if "shutterstock_api" in frame.filename]
        assert ours
        for frame in ours:
            assert SECRET not in str(frame.locals), frame.name
        assert SECRET not in f"{caught.value}{caught.value!r}{vars(caught.value)}"
    assert "urllib3" in caplog.text
    assert SECRET not in caplog.text
    assert "/files/" not in caplog.text
