"""Previews of what a search found, and other files that need no licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from download_server import SECRET, Files, left, moved
from media_files import APIS, file_of
from scripted_server import Request, Server, answer

from shutterstock_api import (
    SFX,
    ApiClient,
    ApiTypeError,
    Audio,
    AudioRenderResult,
    DownloadError,
    EditorialContent,
    EditorialLivefeed,
    EditorialUpdatedContent,
    EditorialVideoApi,
    EditorialVideoContent,
    Image,
    ImageSearchResults,
    ImageSizeDetails,
    Video,
    download,
    download_many,
)

KINDS = [
    (Image, "preview", "x-260nw-7.jpg", "image", "7-preview.jpg"),
    (Image, "huge_thumb", "x", "image", "7-huge_thumb.jpg"),
    (Video, "preview_mp4", "x", "video", "7-preview_mp4.mp4"),
    (Video, "thumb_webm", "x.webm", "video", "7-thumb_webm.webm"),
    (Video, "preview_jpg", "x", "video", "7-preview_jpg.jpg"),
    (Audio, "preview_mp3", "x", "track", "7-preview_mp3.mp3"),
    (Audio, "preview_ogg", "x.ogg", "track", "7-preview_ogg.ogg"),
    (Audio, "waveform", "x.png", "track", "7-waveform.png"),
    (SFX, "preview_mp3", "x.mp3", "sound effect", "7-preview_mp3.mp3"),
    (EditorialContent, "watermark_450", "x", "editorial item", "7-watermark_450.jpg"),
    (EditorialUpdatedContent, "thumb_170", "x.jpg", "editorial item", "7-thumb_170.jpg"),
    (EditorialVideoContent, "preview_webm", "x", "editorial video", "7-preview_webm.webm"),
]
each_kind = pytest.mark.parametrize(("model", "kind", "path", "medium", "name"), KINDS)


def item(model: Any, kind: str, link: str, **more: Any) -> Any:
    return model.from_dict({"id": "7", "assets": {kind: {"url": link}, **more}})


@each_kind
@pytest.mark.parametrize("with_api", [True, False])
def test_a_preview_of_what_a_search_found(
    model: Any,
    kind: str,
    path: str,
    medium: str,
    name: str,
    with_api: bool,
    server: Server,
    client: ApiClient,
    tmp_path: Path,
):
    """Its name is not that of the licensed file, in whose place it would stand."""
    server.answers(Files(file_of(name.rpartition(".")[2])))
    api = APIS[medium](client) if with_api else None
    done = download(item(model, kind, f"{server.url}/{path}"), tmp_path, api=api, kind=kind)
    assert left(tmp_path) == [name]
    assert (done.path, done.status) == (tmp_path / name, "downloaded")
    assert server.request.headers.keys() == {"host", "accept", "accept-encoding", "user-agent"}


@each_kind
def test_an_error_names_the_medium_of_the_preview(
    model: Any, kind: str, path: str, medium: str, name: str, server: Server, tmp_path: Path
):
    server.answers(answer(404))
    with pytest.raises(DownloadError, match=rf"\({medium} 7\): 404") as caught:
        download(item(model, kind, f"{server.url}/{path}"), tmp_path, kind=kind)
    assert f"Look the {medium} up again" in str(caught.value)
    assert (caught.value.item_id, caught.value.license_id) == ("7", None)


@each_kind
def test_a_page_is_no_preview(
    model: Any, kind: str, path: str, medium: str, name: str, server: Server, tmp_path: Path
):
    server.answers(answer(200, b"<html>log in"))
    with pytest.raises(DownloadError, match="a web page came instead of a file"):
        download(item(model, kind, f"{server.url}/{path}"), tmp_path, kind=kind)
    assert left(tmp_path) == []


@each_kind
def test_one_of_the_assets(
    model: Any, kind: str, path: str, medium: str, name: str, server: Server, tmp_path: Path
):
    data = file_of(name.rpartition(".")[2])
    server.answers(Files(data))
    asset = getattr(item(model, kind, f"{server.url}/{path}").assets, kind)
    assert download(asset, tmp_path / name).bytes == len(data)
    assert left(tmp_path) == [name]


def test_previews_of_a_whole_page(server: Server, client: ApiClient, tmp_path: Path):
    found = ImageSearchResults.from_dict(
        {"data": [{"id": f"{n}", "assets": {"preview": {"url": f"{server.url}/{n}.jpg"}}} for n in range(3)]}
    )
    assert found.data
    found.data[1].assets = None
    server.always(Files(file_of("jpg")))
    report = download_many(found.data, tmp_path, api=client, kind="preview")
    assert left(tmp_path) == ["0-preview.jpg", "2-preview.jpg"]
    assert [str(file.error) for file in report.failed] == ["image 1: it has no preview"]
    named = download_many(found.data[:1], tmp_path, kind="preview", name="{image_id}_{kind}.{extension}")
    assert named.files[0].path == tmp_path / "0_preview.jpg"


# What is no licence.


@pytest.mark.parametrize(
    ("model", "buy"),
    [
        (Image, "license_images"),
        (Video, "license_videos"),
        (Audio, "license_track"),
        (SFX, "license_sfx"),
        (EditorialVideoContent, "license_editorial_video"),
    ],
)
def test_what_a_search_found_is_no_licence(model: Any, buy: str, tmp_path: Path):
    """Without `kind` nobody knows what is wanted, and what it costs."""
    previews = {"preview_mp3": {"url": "https://host/7"}, "preview_mp4": {"url": "https://host/7"}}
    previews["preview"] = {"url": "https://host/7"}
    source = model.from_dict({"id": "7", "url": "https://www.shutterstock.com/7", "assets": previews})
    known = next(name for name in reversed(previews) if hasattr(type(source.assets), name))
    words = (
        rf"^source: got {model.__name__} 7, which is no licence: license it first, by {buy}, and give the "
        rf"result, or choose a preview by kind= \({known}\)$"
    )
    with pytest.raises(ApiTypeError, match=words):
        download(source, tmp_path)
    report = download_many([source], tmp_path)
    assert f"by {buy}" in str(report)
    with pytest.raises(ApiTypeError, match="choose a preview by kind=$"):
        download(model(id="7"), tmp_path)
    assert left(tmp_path) == []


def test_a_kind_that_it_does_not_have(server: Server, tmp_path: Path):
    image = item(Image, "preview", f"{server.url}/x", huge_jpg={"file_size": 17, "is_licensable": True})
    video = item(Video, "preview_mp4", f"{server.url}/x", **{"4k": {"file_size": 17}})
    video.assets.thumb_jpgs = {"urls": ["https://host/1.jpg"]}
    for source, kind, words in (
        (image, "previw", "image 7: it has no previw; did you mean 'preview'\\?"),
        (image, "mosaic", "image 7: it has no mosaic; there are preview$"),
        (image, "huge_jpg", "image 7: huge_jpg has no link: license it first, by license_images"),
        (video, "4k", "video 7: 4k has no link: license it first, by license_videos"),
        (video, "thumb_jpgs", "video 7: thumb_jpgs has several files: pass one of them"),
        (image, 5, "kind: expected a name such as 'preview', got int"),
    ):
        with pytest.raises((DownloadError, ApiTypeError), match=words):
            download(source, tmp_path, kind=kind)
    assert server.requests == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (ImageSizeDetails(file_size=17), "got ImageSizeDetails, which is not a file yet: lic"),
        (Video.from_dict({"assets": {"hd": {}}}).assets.hd, "got VideoSizeDetails, which is not a file yet"),
        (
            ImageSearchResults(data=[]),
            "got ImageSearchResults; give one of its data, or call download_many()",
        ),
        (AudioRenderResult(files=[]), "got AudioRenderResult; give one of its files"),
    ],
)
def test_what_has_no_file_says_what_to_give(source: Any, words: str, tmp_path: Path):
    with pytest.raises(ApiTypeError, match=words):
        download(source, tmp_path)


def test_the_size_of_a_track_is_no_file(tmp_path: Path):
    track = Audio.from_dict({"id": "7", "assets": {"clean_audio": {"file_size": 35_188_408}}})
    with pytest.raises(DownloadError, match="track 7: clean_audio has no link: license it first"):
        download(track, tmp_path, kind="clean_audio")
    with pytest.raises(DownloadError, match="it has no link and no licence"):
        download(track.assets.clean_audio, tmp_path)


# Parts, covers, renders.


def test_a_part_of_a_track(server: Server, client: ApiClient, tmp_path: Path):
    stems = {"stems": {"Drums": {"url": f"{server.url}/drums.mp3"}}}
    track = Audio.from_dict({"id": "7", "assets": {"shorts_loops_stems": stems}})
    with pytest.raises(DownloadError, match="shorts_loops_stems has several files: pass one of them"):
        download(track, tmp_path, api=client, kind="shorts_loops_stems")
    server.answers(Files(file_of("mp3")))
    download(track.assets.shorts_loops_stems.stems["Drums"], tmp_path, api=client)
    assert left(tmp_path) == ["drums.mp3"]


def test_the_cover_of_a_livefeed(server: Server, tmp_path: Path):
    feed = EditorialLivefeed.from_dict({"id": "f", "cover_item": {"id": "7a", "url": f"{server.url}/7a.jpg"}})
    server.answers(Files(file_of("jpg")))
    assert download(feed.cover_item, tmp_path).path == tmp_path / "7a.jpg"


def render(link: str, filename: str | None = "song.mp3") -> AudioRenderResult:
    file = {"filename": filename, "content_type": "audio/mp3", "download_url": link}
    return AudioRenderResult.from_dict({"id": "r1", "status": "CREATED", "files": [file]})


def test_the_files_of_a_render(server: Server, client: ApiClient, tmp_path: Path):
    """They lie on another host, which may redirect; each has the name that was asked for."""

    def answered(request: Request) -> Any:
        return moved(f"{server.url}/stored") if request.path == "/r1" else Files(file_of("mp3"))(request)

    server.always(answered)
    files = render(f"{server.url}/r1?sign={SECRET}").files
    assert files
    report = download_many(files, tmp_path, api=client)
    report.raise_for_failures()
    assert left(tmp_path) == ["song.mp3"]
    assert (tmp_path / "song.mp3").read_bytes() == file_of("mp3")
    for request in server.requests:
        assert request.headers.keys() == {"host", "accept", "accept-encoding", "user-agent"}
    assert SECRET not in repr(report)


def test_what_a_render_sends_must_be_what_its_name_says(server: Server, tmp_path: Path):
    server.answers(answer(200, b'{"message": "expired"}' * 100), answer(403))
    [file] = render(f"{server.url}/x?sign={SECRET}").files or []
    for words in ("JSON came instead of a file", "403 Forbidden"):
        with pytest.raises(DownloadError, match=words) as caught:
            download(file, tmp_path)
        assert SECRET not in f"{caught.value}{vars(caught.value)}"
    assert left(tmp_path) == []


def test_the_waveform_of_a_render_is_json(server: Server, tmp_path: Path):
    server.always(Files(b'{"bits": 0}' * 200))
    [file] = render(f"{server.url}/x", "waveform.json").files or []
    assert download(file, tmp_path).path == tmp_path / "waveform.json"


def test_an_api_for_the_medium_goes_first(server: Server, client: ApiClient, tmp_path: Path):
    source = EditorialVideoContent.from_dict({"id": "7"})
    with pytest.raises(DownloadError, match="^editorial video 7: it has no preview_mp4"):
        download(source, tmp_path, api=EditorialVideoApi(client), kind="preview_mp4")
