"""A host of files, and what is left of a download."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from scripted_server import HANG_UP, Request, Server, answer

from shutterstock_api.downloads.part_file import PartFile
from shutterstock_api.downloads.verification import FileVersion

JPEG, TIFF = b"\xff\xd8\xff", b"II*\0"
DATA = JPEG + (bytes(range(256)) * 1200)[3:]  # 300 KiB: two pieces
SECRET = "signature-of-the-link"
OLD = {"Last_Modified": "Wed, 01 Jan 2020 00:00:00 GMT", "Date": "Fri, 01 Jan 2021 00:00:00 GMT"}
can_lock = pytest.mark.skipif(os.name == "nt", reason="no such locks here")


class Files:
    """A file behind a link, with ranges. `cuts`: after how many bytes of the file each answer ends."""

    def __init__(self, data: bytes = DATA, cuts: Iterable[int] = (), **headers: str) -> None:
        self.data = data
        self.cuts = iter(cuts)
        self.headers = headers or {"ETag": '"one"'}

    def __call__(self, request: Request) -> list[bytes]:
        validators = {self.headers.get("ETag"), self.headers.get("Last_Modified")}
        found = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        start = int(found[1]) if found and request.headers.get("if-range") in validators else 0
        end = next(self.cuts, len(self.data))
        headers = dict(self.headers)
        if start:
            headers["Content_Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
        whole = answer(206 if start else 200, self.data[start:], **headers)
        head = len(whole) - (len(self.data) - start)
        return [whole] if end >= len(self.data) else [whole[: head + max(0, end - start)], HANG_UP]


Get = Callable[..., Any]


def ranges(server: Server) -> list[str | None]:
    return [request.headers.get("range") for request in server.requests]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def chunked(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return b'HTTP/1.1 200 OK\r\nETag: "one"\r\nTransfer-Encoding: chunked\r\n\r\n' + body + end


def moved(location: str, status: int = 302) -> bytes:
    return answer(status, Location=location)


def interrupted(path: Path, identity: str, saved: bytes = DATA[:200_000]) -> None:
    part = PartFile(path, lambda: identity, lambda: 0)
    part.begin(FileVersion("ETag", '"one"', len(DATA)))
    part.write(saved)
    part.close()


def identity_of(link: str) -> str:
    from shutterstock_api.contract.media import IMAGES
    from shutterstock_api.downloads.sources import SourceArgument, describe_source

    return describe_source(SourceArgument(link), None, IMAGES).identity()
