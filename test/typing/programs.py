"""Programs as people write them. Type checkers find nothing to object to."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.pool import AsyncResult
from pathlib import Path
from typing import Any, cast

from urllib3 import BaseHTTPResponse

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiException,
    AudioApi,
    Configuration,
    CustomMusicApi,
    DestinationError,
    DownloadError,
    DownloadReport,
    Image,
    ImagesApi,
    ImageSize,
    ImageSort,
    JobImage,
    Licence,
    LicenseImageResult,
    LicenseJob,
    LicenseJobError,
    LicenseOutcomeUnknown,
    LicenseReport,
    NotFoundError,
    Progress,
    RateLimitError,
    ServerError,
    VideosApi,
    View,
    download,
    download_many,
    paginate,
)

log = logging.getLogger(__name__)


# A nightly job: what editors chose is licensed, once, and brought home.


def nightly(api: ImagesApi, ledger: Path, chosen: Iterable[str | Image]) -> int:
    job = LicenseJob(api, ledger, size="huge", metadata={"purchase_order": "A-1"}, marker=None)
    added: int = job.add(chosen)
    job.add({"image_id": "1", "size": "small"}, replace=True)
    log.info("%d images are new", added)
    report: LicenseReport = job.run("pictures", progress=on_the_way)
    try:
        report.raise_for_failures()
    except LicenseJobError as error:
        log.exception("stopped: %s", report.stopped)
        return len(error.report.failed) if error.report else 1
    report.export("report.csv")
    paths: list[Path] = [image.path for image in report.licensed if image.path]
    refused: list[JobImage] = job.status().failed
    print(paths, [f"{image.image_id}: {image.error}" for image in refused], report.prices.get("USD", 0.0))
    return 0


def on_the_way(now: Progress) -> None:
    print(f"{now.files} of {now.total_files}, {now.bytes / max(now.total_bytes, 1):.0%}", file=sys.stderr)


# Files.


def files(api: ImagesApi, results: list[LicenseImageResult]) -> DownloadReport:
    buffer = io.BytesIO()
    if download(results[0], buffer, api=api, progress=True).status == "downloaded":
        print(buffer.getbuffer().nbytes)
    try:
        done = download("i123", Path("pictures"), api=api, name="{image_id}.{extension}", overwrite=False)
        size: int = done.path.stat().st_size if done.path else done.bytes
        print(size)
    except DestinationError as error:
        print(error.errno, error.filename)
    except DownloadError as error:
        print(error.image_id, error.license_id)
    sources = [Licence("i124", size="small"), Licence("i125", image_id="5")]
    again = download_many(sources, "pictures", workers=4, api=api.api_client, progress=lambda now: now.files)
    for file in again.failed:
        print(file.error.hint if file.error else None)
    return download_many(results, "pictures", api=api)


def files_of_all_kinds(client: ApiClient, report: LicenseReport, folder: Path) -> int:
    images, videos, music = ImagesApi(client), VideosApi(client), AudioApi(client)
    found = images.search_images(query="cat")
    for image in found.data or ():
        if image.assets and image.assets.preview:
            download(image.assets.preview, folder, api=images)
    previews = download_many(found.data or [], folder, kind="preview", name="{item_id}-{kind}.{extension}")
    for clip in videos.license_videos({"videos": [{"video_id": "1"}]}, size="hd").licensed:
        print(download(clip, folder, api=videos).medium)
    for track in music.license_track({"audio": [{"audio_id": "1"}]}, license="audio_platform").licensed:
        download(track, folder, api=music, kind="shorts_loops_stems")
    download_many(report.licensed, folder, api=videos, size="hd")
    for render in CustomMusicApi(client).fetch_renders(["r1"]).audio_renders or ():
        download_many(render.files or (), folder)
    rows: list[dict[str, Any]] = previews.to_records()
    return len(rows)


# A web service: one client, many threads, plain answers.


@dataclass
class Card:
    title: str
    picture: str | None
    width: int | None


class Cards:
    def __init__(self, token: Callable[[], str]) -> None:
        configuration = Configuration(access_token=token, deadline=2.5, retries=1)
        configuration.connection_pool_maxsize = 32
        self._client = ApiClient(configuration)
        self._client.set_default_header("X-Team", "web")
        self._api = ImagesApi(self._client)

    def of(self, words: str, sort: ImageSort = "popular", view: View | None = None) -> list[Card]:
        found = self._api.search_images(
            query=words, sort=sort, view=view, fields="data(id,description,assets)"
        )
        return [self._card(image) for image in found.data or []]

    def all(self, searches: Iterable[str]) -> Iterator[list[Card]]:
        with ThreadPoolExecutor(8) as threads:
            yield from threads.map(self.of, searches)

    @staticmethod
    def _card(image: Image) -> Card:
        preview = image.assets.preview_1000 if image.assets else None
        return Card(
            image.description or "?", preview.url if preview else None, preview.width if preview else None
        )

    def status(self, image_id: str) -> tuple[int, str]:
        try:
            self._api.get_image(image_id, _deadline=1)
        except NotFoundError:
            return 404, "no such image"
        except RateLimitError as error:
            return 503, f"again in {error.retry_after or 60:.0f} s"
        except ServerError:
            return 502, "the service failed"
        except ApiException as error:
            return error.status or 504, str(error.message)
        return 200, "fine"


# Money: what nobody knows is looked up.


def careful(api: ImagesApi, ids: list[str], size: ImageSize) -> list[str]:
    try:
        results = api.license_images({"images": [{"image_id": id} for id in ids]}, size=size)
    except LicenseOutcomeUnknown as unknown:
        seen = unknown.reconcile(api.api_client)
        return [*seen.licensed, *(["look again"] if seen.unknown else [])]
    return [result.image_id or "" for result in results.licensed]


# Enums are hints: a value from elsewhere passes.


def enums(api: ImagesApi, from_a_file: str) -> None:
    size: ImageSize = from_a_file
    for sort in ("newest", "popular"):
        api.search_images(sort=sort, orientation="horizontal", people_ethnicity=["NOT white", from_a_file])
    api.search_images(sort=from_a_file, language="de", license=("commercial", "editorial"))
    api.license_images({"images": []}, size=size, format="jpg")


# What makes a call return something else. Its type stays that of the plain call: methods have one signature,
# so the program says what it gets. `with_http_info` and threads of one's own need no cast.


def other_answers(api: ImagesApi) -> str | None:
    pending = cast("AsyncResult[Image]", api.get_image("1", async_req=True))
    raw = cast("BaseHTTPResponse", api.get_image("1", _preload_content=False))
    try:
        print(raw.status, raw.read())
    finally:
        raw.release_conn()
    response = shutterstock_api.with_http_info(api.get_image)("1", _request_timeout=5)
    print(response.status, response.data.description)
    image, status, headers = cast(
        "shutterstock_api.ApiResponse[Image]", api.get_image("1", _return_http_data_only=False)
    )
    print(image.id, status, headers.get("Date"))
    return pending.get(10).description


# Results by the page.


def first_page_with(api: ImagesApi, word: str) -> int | None:
    for number, page in enumerate(paginate(api.search_images, query="cat", view="full").pages(), 1):
        print(page.search_id, page.spellcheck_info)
        if any(word in (image.keywords or ()) for image in page.data or ()):
            return number
    return None
