"""Signed links to licensed files, and the serving of files with ranges."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs

from shutterstock_api.sandbox.http.messages import Refusal, Request, Response, not_found

from .gate import Signer

#: How long a link is good for, in seconds.
LINK_LIFETIME = 8 * 60 * 60

_PATH = re.compile(
    r"/download/(?P<license>i\d+)/(?P<size>[a-z]+)(?:-(?P<w>\d+)x(?P<h>\d+))?/(?P<image>\d+)\.(?:jpg|eps)"
)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class File(NamedTuple):
    """Which file a link leads to."""

    license_id: str
    image_id: int
    size: str
    dimensions: tuple[int, int] | None = None


class Links:
    """Makes links and checks them."""

    def __init__(self, signing_key: str, clock: Callable[[], float]) -> None:
        self._signer = Signer(signing_key)
        self._clock = clock

    def path(self, file: File) -> str:
        """Path and query of a link that is good for eight hours."""
        size = file.size if file.dimensions is None else "{}-{}x{}".format(file.size, *file.dimensions)
        extension = "eps" if file.size == "vector" else "jpg"
        path = f"/download/{file.license_id}/{size}/{file.image_id}.{extension}"
        expires = int(self._clock()) + LINK_LIFETIME
        return f"{path}?expires={expires}&signature={self._signer.sign(f'{path}?{expires}')}"

    def file(self, request: Request) -> File:
        """The file that a request's link leads to; refuses links that are forged or too old."""
        match = _PATH.fullmatch(request.path)
        if match is None:
            raise not_found()
        query = parse_qs(request.query)
        expires, signature = query.get("expires", [""])[0], query.get("signature", [""])[0]
        if not self._signer.verifies(f"{request.path}?{expires}", signature):
            raise Refusal(403, "The signature of this link is not valid")
        if self._clock() >= int(expires):
            raise Refusal(403, "This link has expired")
        dimensions = (int(match["w"]), int(match["h"])) if match["w"] else None
        return File(match["license"], int(match["image"]), match["size"], dimensions)


def serve(request: Request, data: bytes, content_type: str, filename: str | None = None) -> Response:
    """Answer with a file or with the range of it that was asked for. The server drops the body of a HEAD."""
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"Content-Type": content_type, "ETag": etag, "Accept-Ranges": "bytes"}
    if filename is not None:
        headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    if request.headers.get("If-None-Match") == etag:
        return Response(304, headers)
    wanted = _range(request, len(data), etag)
    if wanted is None:
        return Response(200, headers, data)
    start, stop = wanted
    if start >= stop:
        raise Refusal(
            416, "No byte of the file is in this range", headers={"Content-Range": f"bytes */{len(data)}"}
        )
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return Response(206, headers, data[start:stop])


def _range(request: Request, length: int, etag: str) -> tuple[int, int] | None:
    """Start and end of the range to send; None for the whole file, also where several ranges are wanted."""
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if not first:
        return max(0, length - int(last)), length
    if last and int(last) < int(first):
        return None  # malformed, so it is ignored (RFC 9110, 14.1.2)
    return int(first), min(int(last) + 1, length) if last else length
