"""Whole files, or the requested range."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote

from .messages import Refusal, Request, Response

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Repeating:
    """A long file that needs little memory: `head`, then `pattern` repeated up to `length` bytes."""

    head: bytes
    pattern: bytes
    length: int

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self.length)
        at = max(start - len(self.head), 0)
        skipped = at % len(self.pattern)
        wanted = max(stop - max(start, len(self.head)), 0)
        times = -(-(skipped + wanted) // len(self.pattern))
        return self.head[start:stop] + (self.pattern * times)[skipped : skipped + wanted]


#: The bytes of a file.
Content = bytes | Repeating


def _fingerprint(data: Content) -> str:
    seen = data if isinstance(data, bytes) else b"%d %b %b" % (data.length, data.head, data.pattern)
    return hashlib.sha256(seen).hexdigest()[:32]


def only_reading(request: Request) -> None:
    """Refuse a request that is neither a GET nor a HEAD."""
    if request.method not in ("GET", "HEAD"):
        raise Refusal(405, "Method Not Allowed", headers={"Allow": "GET, HEAD"})


def file_response(
    request: Request, data: Content, content_type: str, filename: str | None = None
) -> Response:
    """Answer with a file or with the requested range. The server drops the body of a HEAD."""
    etag = f'"{_fingerprint(data)}"'
    headers = {"Content-Type": content_type, "ETag": etag, "Accept-Ranges": "bytes"}
    if filename is not None:
        headers["Content-Disposition"] = _attachment(filename)
    if request.headers.get("If-None-Match") == etag:
        return Response(304, headers)
    wanted = _wanted_range(request, len(data), etag)
    if wanted is None:
        return Response(200, headers, data[:])
    start, stop = wanted
    if start >= stop:
        raise Refusal(
            416, "No byte of the file is in this range", headers={"Content-Range": f"bytes */{len(data)}"}
        )
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return Response(206, headers, data[start:stop])


def _attachment(filename: str) -> str:
    if filename.isascii():
        return f'attachment; filename="{filename}"'
    return f"attachment; filename*=UTF-8''{quote(filename)}"


def _wanted_range(request: Request, length: int, etag: str) -> tuple[int, int] | None:
    """Start and end of the range to send; None for the whole file, even if several ranges are requested."""
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if not first:
        return max(0, length - int(last)), length
    if last and int(last) < int(first):
        return None  # malformed, so it is ignored (RFC 9110, 14.1.2)
    return int(first), min(int(last) + 1, length) if last else length
