"""With `api=`, a link that gives no file is answered by asking for one new link."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from download_server import DATA, Files, Get, left, moved, ranges
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    ApiValueError,
    DestinationError,
    DownloadError,
    DownloadHistory,
    ForbiddenError,
    Licence,
    LicenseImageResult,
    NotFoundError,
    Url,
    download,
)
from shutterstock_api.contract.media import EDITORIAL_IMAGES, IMAGES
from shutterstock_api.downloads.part_file import PartFile
from shutterstock_api.downloads.progress import ProgressMeter
from shutterstock_api.downloads.sources import DownloadSpec, SourceArgument
from shutterstock_api.downloads.transfer import DownloadContext, fetch
from shutterstock_api.schema.medium import Medium
from shutterstock_api.schema.operation import Operation
from shutterstock_api.transport.interruption import Interruption

NEW = "/v2/images/licenses/i1/downloads"


@pytest.fixture
def result(link: str) -> LicenseImageResult:
    return LicenseImageResult(image_id="7", license_id="i1", download=Url(url=link))


def fresh(server: Server, path: str = "/fresh") -> bytes:
    return answer(200, {"url": server.url + path})


def asked(server: Server) -> list[str]:
    return [request.path for request in server.requests]


REFUSALS: dict[str, Any] = {
    **{str(status): answer(status) for status in (400, 401, 402, 403, 404, 405, 409, 410, 416, 451)},
    "a page": answer(200, b"<html>", Content_Type="text/html"),
    "a page without a type": answer(200, b"<!doctype html>"),
    "JSON": answer(200, {"message": "expired"}),
    "XML": answer(200, b"<Error><Code>AccessDenied</Code></Error>"),
    "another kind": answer(200, b"GIF89a" + bytes(2000)),
    "nothing": answer(200),
    "204": answer(204),
    "a part": answer(206, DATA),
    "compressed": answer(200, DATA, Content_Encoding="gzip"),
    "no length": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + DATA,
    "a redirect nowhere": moved(""),
    "a redirect to a file": moved("file:///etc/passwd"),
    "an old redirect": moved("http://user:pw@host/x"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_answered_by_one_new_link(
    name: str, result: LicenseImageResult, server: Server, get: Get, tmp_path: Path
):
    server.answers(
        REFUSALS[name],
        *([REFUSALS[name]] * 3 if name == "a redirect nowhere" else []),
        fresh(server),
        Files(),
    )
    get(result)
    assert asked(server)[-2:] == [NEW, "/fresh"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_a_redirect_to_a_page(result: LicenseImageResult, server: Server, get: Get, tmp_path: Path):
    server.answers(moved("/login"), answer(200, b"<html>log in</html>"), fresh(server), Files())
    get(result)
    assert asked(server) == ["/files/cat.jpg", "/login", NEW, "/fresh"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


def test_one_new_link_and_no_more(result: LicenseImageResult, server: Server, get: Get, tmp_path: Path):
    server.always(lambda request: fresh(server) if request.path == NEW else answer(200, b"<html>"))
    with pytest.raises(DownloadError, match="a web page came instead of a file") as caught:
        get(result)
    assert asked(server) == ["/files/cat.jpg", NEW, "/fresh"]
    assert (caught.value.image_id, caught.value.license_id) == ("7", "i1")
    assert left(tmp_path) == []


def test_a_page_in_the_middle_of_a_file(result: LicenseImageResult, server: Server, get: Get, tmp_path: Path):
    server.answers(Files(cuts=[200_000]), answer(200, b"<html>"), fresh(server), Files())
    get(result)
    assert ranges(server) == [None, "bytes=200000-", None, "bytes=200000-"]
    assert (tmp_path / "cat.jpg").read_bytes() == DATA


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_by_itself_asks_for_no_link(
    status: int, result: LicenseImageResult, server: Server, get: Get
):
    server.answers(answer(status), Files())
    get(result)
    assert NEW not in asked(server)


def test_a_full_disk_asks_for_no_link(
    result: LicenseImageResult, server: Server, get: Get, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PartFile, "write", full)
    server.always(Files())
    with pytest.raises(DestinationError):
        get(result)
    assert NEW not in asked(server)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_who_cannot_ask_hears_why(status: int, result: LicenseImageResult, server: Server, tmp_path: Path):
    server.answers(answer(status))
    with pytest.raises(DownloadError, match="with api= to have it renewed"):
        download(result, tmp_path / "x")


def test_the_service_refuses_a_new_link(result: LicenseImageResult, server: Server, get: Get):
    server.answers(answer(403), answer(403, {"message": "No scope licenses.view"}))
    with pytest.raises(ForbiddenError, match=r"No scope licenses\.view"):
        get(result)
    assert len(server.requests) == 2


@pytest.mark.parametrize("body", [{"url": 5}, {"url": None}, {"url": []}, {}, {"url": {}}])
def test_the_service_gives_no_link(body: Any, server: Server, get: Get):
    server.answers(answer(200, body))
    with pytest.raises(DownloadError, match="the service gave no link"):
        get("i1")
    assert len(server.requests) == 1


def test_the_service_gives_a_link_that_cannot_be_followed(server: Server, get: Get):
    server.answers(answer(200, {"url": "gopher://host/x"}))
    with pytest.raises(ApiValueError, match="link: expected one such as"):
        get("i1")


# What is asked for.


def entry(size: str) -> DownloadHistory:
    return DownloadHistory.from_dict(
        {"id": "i1", "image": {"id": "7", "format": {"format": "jpg", "size": size}}}
    )


@pytest.mark.parametrize(
    ("source", "size", "body"),
    [
        (Licence("i1"), None, {}),
        (Licence("i1"), "small", {"size": "small"}),
        (Licence("i1", size="medium"), "small", {"size": "medium"}),
        (Licence("i1", size="of tomorrow"), None, {"size": "of tomorrow"}),
        ("i1", "supersize", {"size": "supersize"}),
        (entry("huge"), None, {"size": "huge"}),
        (entry("huge"), "small", {"size": "small"}),
        (entry("custom"), None, {}),
    ],
)
def test_the_size_of_a_new_link(source: Any, size: str | None, body: Any, server: Server, get: Get):
    server.answers(fresh(server), Files())
    get(source, size=size)
    assert server.requests[0].json == body


# Other media. The records for them come with their API classes.


def fetched(medium: Medium, server: Server, client: ApiClient, folder: Path) -> None:
    spec = DownloadSpec(medium, SourceArgument(f"{server.url}/x").link, "i1", "7", "huge")
    context = DownloadContext(client, True, ProgressMeter(False, 1), Interruption())
    fetch(context, SourceArgument(None), spec, folder / "x", True)


@pytest.mark.parametrize(("license_id", "hints"), [("17", 1), ("i17", 0)])
def test_the_id_of_an_image_in_place_of_that_of_a_licence(
    license_id: str, hints: int, server: Server, client: ApiClient, tmp_path: Path
):
    server.answers(answer(404))
    with pytest.raises(NotFoundError) as caught:
        download(license_id, tmp_path / "x", api=client)
    assert str(caught.value).count("Is 17 the id of an item? download() takes that of its licence") == hints


def test_a_medium_without_second_links(server: Server, client: ApiClient, tmp_path: Path):
    """As editorial images are."""
    server.answers(answer(403))
    with pytest.raises(DownloadError, match=r"\(editorial image 7\): 403 Forbidden") as caught:
        fetched(EDITORIAL_IMAGES, server, client, tmp_path)
    assert "the service gives no second link to editorial images" in str(caught.value)
    assert "Before you license it again, see its licence history" in str(caught.value)
    assert len(server.requests) == 1


def test_a_refused_link_names_the_item_of_its_medium(server: Server, client: ApiClient, tmp_path: Path):
    video = IMAGES._replace(name="video", item_id="video_id")
    server.answers(answer(403), fresh(server), answer(403))
    with pytest.raises(DownloadError, match=r"\(video 7\): 403") as caught:
        fetched(video, server, client, tmp_path)
    assert (vars(caught.value)["video_id"], caught.value.image_id) == ("7", None)


def test_a_medium_whose_links_have_no_size(server: Server, client: ApiClient, tmp_path: Path):
    """As tracks are: the licence alone is named."""
    redownload: Operation[Url] = Operation(
        "redownload_track", "POST", "/v2/audio/licenses/{id}/downloads", path={"id": str}, returns="Url"
    )
    server.answers(answer(403), fresh(server), Files())
    fetched(IMAGES._replace(name="track", redownload=redownload), server, client, tmp_path)
    assert asked(server)[1] == "/v2/audio/licenses/i1/downloads"
    assert server.requests[1].body == b""
    assert (tmp_path / "x").read_bytes() == DATA
