"""The files of every medium, against the sandbox: licensed, cut, grown old, downloaded again, previewed."""

from __future__ import annotations

import hashlib
import wave
import zipfile
from pathlib import Path
from typing import Any

import pytest
from media_files import APIS, BEGINNINGS, ONCE, RENEWED
from scripted_server import Clock

from shutterstock_api import ApiClient, DownloadError, ImagesApi, NotFoundError, download, download_many
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox import Fault, Sandbox
from shutterstock_api.sandbox.account.links import LINK_LIFETIME

USA = {"country": "USA"}
BUY: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "image": ({}, {"size": "small"}, "jpg"),
    "video": ({}, {"size": "web"}, "mov"),
    "track": ({}, {"license": "premier_music_basic"}, "wav"),
    "sound effect": ({"subscription_id": "s78901234", "format": "mp3"}, {}, "mp3"),
    "editorial image": ({"license": "premier_editorial_all_digital", "size": "small"}, USA, "jpg"),
    "editorial item": ({"license": "premier_editorial_all_digital", "size": "small"}, USA, "jpg"),
    "editorial video": ({"license": "premier_editorial_video_digital_only"}, USA, "mp4"),
}
"""What an entry of a request has besides its id, what the request has besides its entries, the file."""
FIND = {
    "image": ("search_images", (), "preview"),
    "video": ("search_videos", (), "preview_webm"),
    "track": ("search_audio", (), "preview_ogg"),
    "sound effect": ("search_sfx", (), "preview_mp3"),
    "editorial image": ("search_editorial_images", ("USA",), "watermark_450"),
    "editorial item": ("search_editorial", ("USA",), "thumb_170"),
    "editorial video": ("search_editorial_videos", ("USA",), "preview_mp4"),
}
"""How items are found, and a kind of preview."""
anything = pytest.mark.parametrize("name", MEDIA)


def found(name: str, client: ApiClient) -> Any:
    search, arguments, _ = FIND[name]
    return getattr(APIS[name](client), search)(*arguments, per_page=3).data[0]


def bought(name: str, client: ApiClient, item_id: str) -> Any:
    """License an item; return the result."""
    medium = MEDIA[name]
    entry, beside, _ = BUY[name]
    place = beside if medium.beside else {}
    body = {medium.items: [{medium.item_id: item_id, **entry}], **place}
    options = {} if medium.beside else beside
    [result] = getattr(APIS[name](client), medium.license.name)(body, **options).data
    assert result.error is None
    return result


@pytest.fixture
def result(name: str, client: ApiClient) -> Any:
    return bought(name, client, found(name, client).id)


def history(name: str, client: ApiClient) -> list[Any]:
    """Return the licences of a medium, the newest first."""
    operation = MEDIA[name].history
    api = next(api for api in APIS.values() if operation.api == api.__name__)
    return getattr(api(client), operation.name)().data


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def asked(sandbox: Sandbox) -> list[Any]:
    return [one for one in sandbox.requests if one.path.startswith(("/download/", "/api-downloads/"))]


@anything
def test_a_licensed_file(name: str, result: Any, client: ApiClient, sandbox: Sandbox, tmp_path: Path):
    before = len(asked(sandbox))
    report = download_many([result], tmp_path, api=APIS[name](client))
    report.raise_for_failures()
    item_id = getattr(result, MEDIA[name].item_id)
    path = tmp_path / f"{item_id}.{BUY[name][2]}"
    assert report.to_records()[0]["path"] == str(path)
    assert path.read_bytes().startswith(BEGINNINGS[BUY[name][2]][:2])
    [request] = asked(sandbox)[before:]
    assert not {"Authorization", "Cookie"} & set(request.headers)
    again = download_many([result], tmp_path, api=APIS[name](client))
    assert [file.status for file in again.files] == ["skipped"]


@anything
def test_a_file_that_is_cut_off_is_resumed(
    name: str, result: Any, client: ApiClient, sandbox: Sandbox, tmp_path: Path
):
    api = APIS[name](client)
    download(result, tmp_path / "whole", api=api)
    client.configuration.retries = 9
    for cut in (1, 1000, 5000):
        sandbox.faults.add(Fault(truncate=cut, operation="download"), times=2)
    download(result, tmp_path / "resumed", api=api)
    assert digest(tmp_path / "resumed") == digest(tmp_path / "whole")
    assert any(request.headers.get("Range") for request in asked(sandbox))


@pytest.mark.parametrize("name", RENEWED)
def test_a_licence_of_long_ago(name: str, result: Any, client: ApiClient, clock: Clock, tmp_path: Path):
    api = APIS[name](client)
    download(result, tmp_path / "first", api=api)
    clock.now += LINK_LIFETIME + 1
    entry = next(one for one in history(name, client) if one.id == result.license_id)
    for number, source in enumerate((result, result.license_id, entry)):
        path = download(source, tmp_path / f"{number}", api=api).path
        assert path
        if name != "image" or number != 1:  # the service has a size of its own for an image by its id
            assert digest(path) == digest(tmp_path / "first")


@pytest.mark.parametrize("name", ONCE)
def test_an_editorial_link_of_long_ago(
    name: str, result: Any, client: ApiClient, clock: Clock, sandbox: Sandbox, tmp_path: Path
):
    clock.now += LINK_LIFETIME + 1
    api = APIS[name](client)
    with pytest.raises(DownloadError, match=f"no second link to {name}s.*see its licence history"):
        download(result, tmp_path, api=api)
    entry = history(name, client)[0]
    with pytest.raises(DownloadError, match=f"{name} .*(no second link|cannot be downloaded again)"):
        download(entry, tmp_path, api=api)
    with pytest.raises(NotFoundError):
        download(entry.id, tmp_path, api=ImagesApi(client))  # it costs nothing to try
    assert list(tmp_path.iterdir()) == []


@anything
def test_a_preview(name: str, client: ApiClient, tmp_path: Path):
    item, kind = found(name, client), FIND[name][2]
    path = download(item, tmp_path, api=APIS[name](client), kind=kind).path
    assert path
    assert path.name.startswith(f"{item.id}-{kind}.")
    assert path.read_bytes().startswith(BEGINNINGS[path.suffix[1:]])
    asset = getattr(item.assets, kind)
    assert digest(download(asset, tmp_path / f"asset{path.suffix}").path or path) == digest(path)


def test_the_stems_of_a_track(client: ApiClient, tmp_path: Path):
    api = APIS["track"](client)
    tracks = api.search_audio(per_page=5).data
    results = [bought("track", client, track.id) for track in tracks]
    [result, *_] = [one for one in results if one.download.shorts_loops_stems]
    with wave.open(str(download(result, tmp_path, api=api).path)) as file:
        assert file.getframerate() == 48_000
    stems = download(result, tmp_path, api=api, kind="shorts_loops_stems").path
    assert stems == tmp_path / f"{result.audio_id}-shorts_loops_stems.zip"
    with zipfile.ZipFile(stems) as archive:
        assert archive.testzip() is None
        assert archive.namelist()
    again = download(result.license_id, tmp_path, api=api, kind="shorts_loops_stems").path
    assert again
    assert digest(again) == digest(stems)
