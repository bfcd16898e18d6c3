"""The limit: the cost of a program that knows only this endpoint.

It keeps a urllib3 pool, sends fixed headers, and decodes with msgspec into structs with only these fields.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import urlencode

import msgspec
import urllib3


class Contributor(msgspec.Struct):
    id: str | None = None


class Category(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class Thumbnail(msgspec.Struct):
    url: str | None = None
    width: int | None = None
    height: int | None = None


class SizeDetails(msgspec.Struct):
    display_name: str | None = None
    width: int | None = None
    height: int | None = None
    dpi: int | None = None
    format: str | None = None
    file_size: int | None = None
    is_licensable: bool | None = None


class Assets(msgspec.Struct):
    small_jpg: SizeDetails | None = None
    medium_jpg: SizeDetails | None = None
    huge_jpg: SizeDetails | None = None
    supersize_jpg: SizeDetails | None = None
    preview: Thumbnail | None = None
    small_thumb: Thumbnail | None = None
    large_thumb: Thumbnail | None = None
    huge_thumb: Thumbnail | None = None
    preview_1000: Thumbnail | None = None
    preview_1500: Thumbnail | None = None


class Image(msgspec.Struct):
    id: str | None = None
    media_type: str | None = None
    description: str | None = None
    image_type: str | None = None
    contributor: Contributor | None = None
    added_date: date | None = None
    aspect: float | None = None
    assets: Assets | None = None
    categories: list[Category] | None = None
    keywords: list[str] | None = None
    has_model_release: bool | None = None
    has_property_release: bool | None = None
    is_adult: bool | None = None
    is_editorial: bool | None = None
    is_illustration: bool | None = None


class Page(msgspec.Struct):
    data: list[Image] | None = None
    page: int | None = None
    per_page: int | None = None
    total_count: int | None = None
    search_id: str | None = None


def files(url: str, names: list[str], folder: str, workers: int) -> None:
    """Download files with several threads; nothing is checked, synced or renamed."""
    left = iter(names)
    with urllib3.connection_from_url(url, maxsize=workers, block=True) as pool:

        def work() -> None:
            for name in left:
                answer = pool.urlopen("GET", f"/{name}", preload_content=False, retries=False)
                with open(f"{folder}/{name}", "wb", buffering=0) as file:
                    file.writelines(answer.stream(2**18, decode_content=False))
                answer.release_conn()

        with ThreadPoolExecutor(workers) as threads:
            for done in [threads.submit(work) for _ in range(workers)]:
                done.result()


HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": "limit/1.0",
    "Authorization": "Bearer token",
}


class Client:
    """Search, and nothing else."""

    def __init__(self, port: int) -> None:
        timeout = urllib3.Timeout(connect=5, read=30)
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", port, maxsize=20, block=True, timeout=timeout, retries=False
        )
        self.decode = msgspec.json.Decoder(Page).decode

    def search(self, page: str, query: str, per_page: int) -> Page:
        arguments = urlencode({"query": query, "per_page": per_page})
        answer = self._pool.urlopen(
            "GET", f"/{page}/v2/images/search?{arguments}", headers=HEADERS, retries=False, redirect=False
        )
        if answer.status != 200:
            raise RuntimeError(answer.status)
        return self.decode(answer.data)

    def close(self) -> None:
        self._pool.close()
