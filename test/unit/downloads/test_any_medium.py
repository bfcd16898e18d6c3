"""Licences of every medium are downloaded alike, by what their `Medium` says."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from download_server import SECRET, Files, left
from media_files import APIS, BEGINNINGS, ONCE, RENEWED, entry_of, file_of, result_of
from scripted_server import TOKEN, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiValueError,
    AudioApi,
    Configuration,
    DownloadError,
    EditorialImagesApi,
    Licence,
    LicenseEditorialContentResult,
    Url,
    UsersApi,
    VideosApi,
    download,
    download_many,
)
from shutterstock_api.contract.media import IMAGES, MEDIA, TRACKS
from shutterstock_api.downloads.sources import SourceArgument, describe_source

anything = pytest.mark.parametrize("name", MEDIA)


def test_every_medium_has_an_api():
    assert APIS.keys() == MEDIA.keys()


# Licence results.


@anything
def test_a_licence_result(name: str, server: Server, client: ApiClient, tmp_path: Path):
    """Only its link is needed. The host of the file sees nothing of ours, whatever the medium."""
    medium = MEDIA[name]
    server.always(Files(file_of(medium.extension)))
    done = download(result_of(medium, f"{server.url}/x?sign={SECRET}"), tmp_path, api=APIS[name](client))
    assert done.path == tmp_path / f"7.{medium.extension}"
    assert done.path.read_bytes() == file_of(medium.extension)
    assert server.request.headers.keys() == {"host", "accept", "accept-encoding", "user-agent"}


@anything
def test_what_comes_is_of_the_medium(name: str, server: Server, client: ApiClient, tmp_path: Path):
    """The error of a gate, and a file of another kind: neither gets the name of a licensed file."""
    medium = MEDIA[name]
    link = f"{server.url}/file.{medium.extension}"
    alike = {"mov", "mp4"}
    others = [one for one in BEGINNINGS if one != medium.extension and {one, medium.extension} != alike]
    for body in (b"<html>log in", b'{"message": "expired"}', *map(file_of, others)):
        server.answers(answer(200, body))
        with pytest.raises(DownloadError, match="came instead of"):
            download(result_of(medium, link), tmp_path)
    assert left(tmp_path) == []


# Licences.


def service(server: Server, **links: str) -> Any:
    """Give a new link for every licence, and the file behind it."""

    def answered(request: Request) -> Any:
        if request.verb == "POST":
            return answer(200, {"url": f"{server.url}/new", **links})
        if request.path == "/old":
            return answer(403)
        medium = next(one for one in MEDIA.values() if one.redownload and asked(server, one))
        return Files(file_of(medium.extension))(request)

    return answered


def asked(server: Server, medium: Any) -> bool:
    path = medium.redownload.template.replace("{id}", "l7")
    return any(request.path == path for request in server.requests)


@pytest.mark.parametrize("name", RENEWED)
@pytest.mark.parametrize("source", ["id", "Licence", "entry", "result", "old link"])
def test_a_licence_is_downloaded_by_the_operation_of_its_medium(
    name: str, source: str, server: Server, client: ApiClient, tmp_path: Path
):
    medium = MEDIA[name]
    sources = {
        "id": "l7",
        "Licence": Licence("l7", item_id="7"),
        "entry": entry_of(medium),
        "result": result_of(medium, None),
        "old link": result_of(medium, f"{server.url}/old"),
    }
    server.always(service(server))
    done = download(sources[source], tmp_path, api=APIS[name](client))
    stem = "l7" if source == "id" else "7"
    assert left(tmp_path) == [f"{stem}.{medium.extension}"]
    assert done.bytes == len(file_of(medium.extension))
    posts = [request for request in server.requests if request.verb == "POST"]
    assert [request.path for request in posts] == [medium.redownload.template.replace("{id}", "l7")]
    assert posts[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert all("authorization" not in one.headers for one in server.requests if one.verb == "GET")


@pytest.mark.parametrize("name", RENEWED)
def test_the_size_is_named_where_the_medium_has_sizes(
    name: str, server: Server, client: ApiClient, tmp_path: Path
):
    medium = MEDIA[name]
    size = next(iter(medium.redownload_sizes), "any")
    server.always(service(server))
    download("l7", tmp_path / "file", api=APIS[name](client), size=size)
    assert server.requests[0].body == (
        b"" if not medium.redownload_sizes else b'{"size":"%s"}' % size.encode()
    )


@pytest.mark.parametrize("name", RENEWED)
@pytest.mark.parametrize("holder", ["entry", "result"])
def test_who_asks_may_be_any_client_where_the_source_tells_its_medium(
    name: str, holder: str, server: Server, client: ApiClient, tmp_path: Path
):
    medium = MEDIA[name]
    server.always(service(server))
    source = entry_of(medium) if holder == "entry" else result_of(medium, None)
    download(source, tmp_path, api=client)
    assert asked(server, medium)


def test_many_media_at_once(server: Server, client: ApiClient, tmp_path: Path):
    extensions = {name: MEDIA[name].extension for name in MEDIA}
    server.always(lambda request: Files(file_of(request.path.rpartition(".")[2]))(request))
    results = [
        result_of(MEDIA[name], f"{server.url}/x.{extension}", **{MEDIA[name].item_id: f"{number}"})
        for number, (name, extension) in enumerate(extensions.items())
    ]
    report = download_many(results, tmp_path, api=client)
    report.raise_for_failures()
    assert left(tmp_path) == sorted(f"{n}.{extension}" for n, extension in enumerate(extensions.values()))


def test_a_video_is_named_by_its_own_field(server: Server, client: ApiClient, tmp_path: Path):
    server.always(service(server))
    api = VideosApi(client)
    licence = Licence("l7", size="hd", item_id="7")
    for name in ("{video_id}-{size}.{extension}", "{item_id}-{size}.{extension}"):
        assert download(licence, tmp_path, api=api, name=name).path == tmp_path / "7-hd.mp4"
    with pytest.raises(ApiValueError, match="the source does not say its image_id"):
        download(licence, tmp_path, api=api, name="{image_id}.{extension}")


def test_an_error_names_the_item(server: Server, client: ApiClient, tmp_path: Path):
    server.answers(answer(200, {"url": f"{server.url}/x"}), answer(403), answer(404, {"message": "gone"}))
    with pytest.raises(Exception, match="gone"):
        download(Licence("l7", item_id="7"), tmp_path, api=VideosApi(client))
    server.answers(answer(402))
    with pytest.raises(DownloadError, match=r"\(video 7\): 402") as caught:
        download(result_of(MEDIA["video"], f"{server.url}/x"), tmp_path)
    assert (caught.value.item_id, caught.value.image_id, caught.value.license_id) == ("7", None, "l7")


def test_a_record_with_an_id_of_its_own_is_a_licence(server: Server, client: ApiClient, tmp_path: Path):
    """As the items of a job's report: `id` says what was licensed, and `url` may be the address of a page."""

    class Record:
        id, license_id, url = "7", "l7", "https://www.shutterstock.com/video/7"

    server.always(service(server))
    download(Record(), tmp_path, api=VideosApi(client))
    assert server.requests[0].path == "/v2/videos/licenses/l7/downloads"
    assert left(tmp_path) == ["7.mov"]


@pytest.mark.parametrize(
    ("said", "extension"), [("mov", "mov"), ("avc1", "mp4"), (None, "mp4"), ("webm", "webm")]
)
def test_a_codec_is_no_extension(
    said: str | None, extension: str, server: Server, client: ApiClient, tmp_path: Path
):
    """The service names the codec of a video in place of its format."""
    server.answers(answer(200, {"url": f"{server.url}/new"}), Files(file_of(extension)))
    entry = entry_of(MEDIA["video"], video={"id": "7", "format": {"format": said, "size": "hd"}})
    assert download(entry, tmp_path, api=client).path == tmp_path / f"7.{extension}"


# No second link.


@pytest.mark.parametrize("name", ONCE)
def test_without_an_operation_for_it_nothing_is_downloaded_again(
    name: str, server: Server, client: ApiClient, tmp_path: Path
):
    words = f"the service gives no second link to {name}s"
    api = APIS[name](client)
    for source, shown in (
        ("l7", "licence l7"),
        (Licence("l7", item_id="7"), f"{name} 7"),
        (entry_of(MEDIA[name]), f"{name} 7"),
    ):
        with pytest.raises(DownloadError, match=f"^{shown}: {words}") as caught:
            download(source, tmp_path, api=api)
        assert (caught.value.license_id, caught.value.hint) == ("l7", None)
    assert server.requests == []


@pytest.mark.parametrize("name", ONCE)
def test_a_link_that_has_ended_is_not_asked_for_again(
    name: str, server: Server, client: ApiClient, tmp_path: Path
):
    server.answers(answer(403))
    with pytest.raises(DownloadError, match=f"403 Forbidden\n.* no second link to {name}s") as caught:
        download(result_of(MEDIA[name], f"{server.url}/x?sign={SECRET}"), tmp_path, api=APIS[name](client))
    assert "Before you license it again, see its licence history." in str(caught.value)
    assert SECRET not in f"{caught.value}{caught.value!r}{vars(caught.value)}"
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["Expires", "X-Amz-Expires", "expires"])
def test_a_link_may_say_when_it_ends(name: str, server: Server, tmp_path: Path):
    server.answers(answer(403))
    link = f"{server.url}/x?AWSAccessKeyId=A&{name}=1795795200&Signature={SECRET}"
    with pytest.raises(DownloadError, match="403 Forbidden") as caught:
        download(editorial(link), tmp_path)
    words = "is valid until 2026-11-27 16:00 UTC" if "Amz" not in name else "may be too old"
    assert f"The link {words}, and the service gives no second link" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_an_api_that_licenses_nothing_gives_no_links(server: Server, client: ApiClient, tmp_path: Path):
    server.always(service(server))
    with pytest.raises(
        DownloadError, match="licence l7: there is no link yet\n  Pass api=, the API that lic"
    ):
        download("l7", tmp_path, api=UsersApi(client))
    assert server.requests == []
    server.answers(Files(file_of("jpg")))
    download(f"{server.url}/x.jpg", tmp_path, api=UsersApi(client))


# Other hosts.


def editorial(link: str) -> LicenseEditorialContentResult:
    return LicenseEditorialContentResult(editorial_id="7a", download=Url(url=link))


def test_an_editorial_file_on_another_host(tmp_path: Path):
    """The key and secret, the token, and all that a program sends with its calls stay at home."""
    host, service_host = Server(), Server()
    try:
        host.always(Files(file_of("jpg")))
        settings = Configuration(service_host.url, access_token=TOKEN)
        settings.username, settings.password = "my-key", "my-secret"
        with ApiClient(settings, "X-Key", "my-key", cookie="sid=my-cookie") as client:
            client.set_default_header("X-Tenant", "mine")
            query = f"AWSAccessKeyId=A&Expires=1900000000&Signature={SECRET}"
            link = f"{host.url}/api-downloads/7a_original?{query}"
            done = download(editorial(link), tmp_path, api=EditorialImagesApi(client))
        assert host.request.headers.keys() == {"host", "accept", "accept-encoding", "user-agent"}
        assert host.request.target.endswith(query)
        assert service_host.requests == []
        assert SECRET not in repr(done)
        assert done.path == tmp_path / "7a.jpg"
    finally:
        host.close()
        service_host.close()


def test_an_unencrypted_link_is_followed_only_where_that_is_allowed(server: Server, tmp_path: Path):
    source = editorial(f"http://s3.example/7a.jpg?sign={SECRET}")
    server.always(Files(file_of("jpg")))
    with ApiClient(Configuration(server.url, proxy=server.url)) as client:
        with pytest.raises(ApiValueError, match=r"unencrypted to s3\.example") as caught:
            download(source, tmp_path, api=EditorialImagesApi(client))
        assert SECRET not in str(caught.value)
        assert server.requests == []
        client.configuration.allow_insecure_host = True
        assert download(source, tmp_path, api=EditorialImagesApi(client)).status == "downloaded"


def test_a_file_is_resumed_with_another_signature(server: Server, client: ApiClient, tmp_path: Path):
    """A link of today and one of tomorrow differ in their query alone."""
    server.answers(Files(file_of("jpg"), cuts=[200_000]), answer(403), Files(file_of("jpg")))
    with pytest.raises(DownloadError):
        download(editorial(f"{server.url}/7a.jpg?Signature=1"), tmp_path, api=EditorialImagesApi(client))
    assert left(tmp_path) == ["7a.jpg.part", "7a.jpg.part.json"]
    download(editorial(f"{server.url}/7a.jpg?Signature=2"), tmp_path)
    assert [request.headers.get("range") for request in server.requests] == [
        None,
        "bytes=200000-",
        "bytes=200000-",
    ]
    assert left(tmp_path) == ["7a.jpg"]


# Stems of a track.

STEMS = {"kind": "shorts_loops_stems"}


def track(server: Server, **links: Any) -> Any:
    return result_of(TRACKS, None, download={"url": f"{server.url}/x.wav", **links})


def test_the_stems_of_a_track_are_a_zip_file(server: Server, client: ApiClient, tmp_path: Path):
    result = track(server, shorts_loops_stems=f"{server.url}/y?sign={SECRET}")
    server.always(lambda request: Files(file_of("wav" if request.path == "/x.wav" else "zip"))(request))
    assert download(result, tmp_path, api=client).path == tmp_path / "7.wav"
    done = download(result, tmp_path, api=client, **STEMS)
    assert done.path == tmp_path / "7-shorts_loops_stems.zip"
    assert done.path.read_bytes() == file_of("zip")
    report = download_many([result.download], tmp_path, api=client, **STEMS)
    report.raise_for_failures()
    assert report.files[0].path == tmp_path / "y"


def test_a_track_is_no_zip_file(server: Server, client: ApiClient, tmp_path: Path):
    server.answers(Files(file_of("wav")))
    with pytest.raises(DownloadError, match="WAV came instead of ZIP"):
        download(track(server, shorts_loops_stems=f"{server.url}/y"), tmp_path / "stems", **STEMS)


@pytest.mark.parametrize("source", ["id", "old link"])
def test_a_new_link_to_the_stems(source: str, server: Server, client: ApiClient, tmp_path: Path):
    links = {"url": f"{server.url}/x.wav", "shorts_loops_stems": f"{server.url}/stems"}
    new = answer(200, links)
    server.answers(*([answer(403)] if source == "old link" else []), new, Files(file_of("zip")))
    given = "l7" if source == "id" else track(server, shorts_loops_stems=f"{server.url}/old")
    download(given, tmp_path / "stems.zip", api=AudioApi(client), **STEMS)
    assert [request.path for request in server.requests][-2:] == [
        "/v2/audio/licenses/l7/downloads",
        "/stems",
    ]
    assert left(tmp_path) == ["stems.zip"]


def test_a_track_without_stems(server: Server, client: ApiClient, tmp_path: Path):
    api = AudioApi(client)
    with pytest.raises(DownloadError, match="track 7: it has no shorts_loops_stems"):
        download(track(server), tmp_path, api=api, **STEMS)
    server.answers(answer(200, {"url": f"{server.url}/x.wav"}))
    with pytest.raises(DownloadError, match="licence l7: it has no shorts_loops_stems"):
        download("l7", tmp_path, api=api, **STEMS)
    server.answers(answer(200, {}))
    with pytest.raises(DownloadError, match="the service gave no link"):
        download("l7", tmp_path, api=api, **STEMS)


def test_other_licences_have_one_file(server: Server, client: ApiClient, tmp_path: Path):
    with pytest.raises(
        ApiValueError, match=r"kind: track licences have no 'stems'; did you mean 'shorts_loops_stems'\?"
    ):
        download("l7", tmp_path, api=AudioApi(client), kind="stems")
    for name in MEDIA.keys() - {"track"}:
        api = APIS[name](client)
        with pytest.raises(ApiValueError, match=f"kind: {name} licences have no 'preview'$"):
            download(result_of(MEDIA[name], f"{server.url}/x"), tmp_path, api=api, kind="preview")
    with pytest.raises(ApiValueError, match="kind: a link leads to one file"):
        download(f"{server.url}/x", tmp_path, kind="preview")
    assert server.requests == []


def test_the_stems_are_another_file_than_the_track():
    """So neither is resumed with what is there of the other."""
    specs = [describe_source(SourceArgument("l7"), None, TRACKS, kind) for kind in (None, STEMS["kind"])]
    assert specs[0].identity() != specs[1].identity()
    # What an earlier release left goes on.
    known = hashlib.sha256(b"licence i1 huge").hexdigest()
    assert describe_source(SourceArgument("i1"), "huge", IMAGES).identity() == known
