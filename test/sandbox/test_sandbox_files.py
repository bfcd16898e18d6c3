"""Pictures and links: real files of the stated size, signed, expiring, with ranges."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image as Pil, ImageChops

from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.images.pictures import Pictures, draw

VECTOR = next(str(n) for n in range(1, 99) if Catalogue().image(n).type == "vector")
PHOTO = next(
    str(n)
    for n in range(1, 99)
    if Catalogue().image(n).type == "photo" and not Catalogue().image(n).is_editorial
)


def opened(data: bytes) -> Pil.Image:
    picture = Pil.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("image_id", [PHOTO, "465011609"])
def test_previews_have_the_stated_size_and_need_no_credentials(client: Any, image_id: str) -> None:
    assets = client.get(f"/v2/images/{image_id}")["assets"]
    for kind, height in [
        ("small_thumb", 100),
        ("large_thumb", 150),
        ("huge_thumb", 260),
        ("preview", 450),
        ("preview_1000", 1000),
        ("preview_1500", 1500),
    ]:
        asset = assets[kind]
        reply = client("GET", asset["url"], headers={"Authorization": None})
        picture = opened(reply.data)
        assert (picture.format, picture.size) == ("JPEG", (asset["width"], asset["height"]))
        assert reply.headers["Content-Type"] == "image/jpeg"
        assert (asset["height"] if kind == "huge_thumb" else max(picture.size)) == height


def test_only_previews_have_a_watermark() -> None:
    catalogue = Catalogue()
    pictures, image = Pictures(catalogue), catalogue.image(int(PHOTO))

    def difference(data: bytes) -> int:
        picture = opened(data)
        levels = (
            ImageChops.difference(picture, draw(image, *picture.size))
            .convert("L")
            .point(lambda v: 255 * (v > 25))
        )
        return 100 * levels.histogram()[255] // (picture.width * picture.height)

    assert difference(pictures.preview(image.id, "preview")) >= 3
    assert difference(pictures.preview(image.id, "preview_1500")) >= 3
    assert difference(pictures.preview(image.id, "huge_thumb")) == 0
    assert difference(pictures.licensed(image.id, "medium")) == 0


def test_pictures_are_the_same_every_time_and_differ_from_each_other() -> None:
    one, other = Pictures(Catalogue()), Pictures(Catalogue(10))
    assert one.licensed(17, "small") == other.licensed(17, "small") != one.licensed(18, "small")


@pytest.mark.parametrize("size", ["small", "medium", "huge", "supersize"])
def test_licensed_files_have_the_stated_size(client: Any, size: str) -> None:
    [result] = client.license(PHOTO)
    stated = client.get(f"/v2/images/{PHOTO}")["assets"][f"{size}_jpg"]
    link = client("POST", f"/v2/images/licenses/{result['license_id']}/downloads", {"size": size}).json["url"]
    reply = client("GET", link, headers={"Authorization": None})
    assert opened(reply.data).size == (stated["width"], stated["height"])
    assert reply.headers["Content-Disposition"] == f'attachment; filename="shutterstock_{PHOTO}.jpg"'
    assert reply.headers["Content-Length"] == str(len(reply.data))


def test_vectors_are_eps(client: Any) -> None:
    [result] = client.license({"image_id": VECTOR, "size": "vector"})
    reply = client("GET", result["download"]["url"])
    assert reply.data.startswith(b"%!PS-Adobe-3.0 EPSF-3.0")
    assert reply.headers["Content-Type"] == "application/postscript"
    assert reply.headers["Content-Disposition"].endswith('.eps"')


@pytest.fixture
def link(client: Any) -> str:
    [result] = client.license({"image_id": PHOTO, "size": "small"})
    return str(result["download"]["url"])


def test_links_expire_after_eight_hours(client: Any, clock: Any, link: str) -> None:
    clock.now += 8 * 3600 - 1
    assert client("GET", link).status == 200
    clock.now += 1
    reply = client("GET", link)
    assert (reply.status, reply.json) == (403, {"message": "This link has expired"})


@pytest.mark.parametrize(
    "forge",
    [
        lambda link: link[:-2],
        lambda link: link.replace("/small/", "/huge/"),
        lambda link: link.replace("expires=1", "expires=2"),
        lambda link: link.partition("?")[0],
    ],
)
def test_forged_links_are_refused(client: Any, link: str, forge: Any) -> None:
    assert client("GET", forge(link)).status == 403


@pytest.mark.parametrize(
    "path", ["/download/x", "/previews/poster/1.jpg", "/previews/preview/4041.jpg", "/previews/preview/1.gif"]
)
def test_other_files_do_not_exist(client: Any, path: str) -> None:
    assert client("GET", path).status == 404


def test_files_are_read_only(client: Any, link: str) -> None:
    assert client("DELETE", link).headers["Allow"] == "GET, HEAD"
    assert client("POST", "/previews/preview/1.jpg").status == 405


def test_head(client: Any, link: str) -> None:
    whole, head = client("GET", link), client("HEAD", link)
    assert (head.status, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=5-99999999", slice(5, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_ranges(client: Any, link: str, wanted: str, part: slice) -> None:
    whole = client("GET", link).data
    reply = client("GET", link, headers={"Range": wanted})
    start, stop, _ = part.indices(len(whole))
    assert (reply.status, reply.data) == (206, whole[part])
    assert reply.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_ranges_beyond_the_end(client: Any, link: str, wanted: str) -> None:
    reply = client("GET", link, headers={"Range": wanted})
    assert reply.status == 416
    assert reply.headers["Content-Range"] == f"bytes */{len(client('GET', link).data)}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=9-2", "bytes=-", "lines=1-2"])
def test_ranges_that_are_ignored(client: Any, link: str, wanted: str) -> None:
    assert client("GET", link, headers={"Range": wanted}).status == 200


def test_conditions(client: Any, link: str) -> None:
    etag = client("GET", link).headers["ETag"]
    assert client("GET", link, headers={"Range": "bytes=0-9", "If-Range": etag}).status == 206
    assert client("GET", link, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status == 200
    reply = client("GET", link, headers={"If-None-Match": etag})
    assert (reply.status, reply.data) == (304, b"")
