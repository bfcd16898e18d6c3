"""Signed links to licensed files."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs

from shutterstock_api.sandbox.http.messages import Refusal, Request, not_found

from .gate import Signer

#: How long a link is valid, in seconds.
LINK_LIFETIME = 8 * 60 * 60

_PATH = re.compile(
    r"(?:/download|/api-downloads/(?P<medium>\w+))/(?P<license_id>[a-z]\d+)/"
    r"(?P<size>[a-z0-9]+(?:-[a-z0-9.]+)?)/(?P<item_id>\w+)\.(?P<extension>\w+)"
)


class LinkedFile(NamedTuple):
    """The file that a link leads to."""

    license_id: str
    size: str
    item_id: str
    extension: str
    #: Set for media whose files are on another host of the service; here it is another path.
    medium: str | None = None


class Links:
    """Creates and checks links."""

    def __init__(self, signing_key: str, clock: Callable[[], float]) -> None:
        self._signer = Signer(signing_key)
        self._clock = clock

    def path(self, file: LinkedFile) -> str:
        """Path and query of a link that is valid for eight hours."""
        host = "/download" if file.medium is None else f"/api-downloads/{file.medium}"
        return self.signed(host + "/{}/{}/{}.{}".format(*file))

    def signed(self, path: str) -> str:
        """The path, with a query that makes it valid for eight hours."""
        expires = int(self._clock()) + LINK_LIFETIME
        return f"{path}?expires={expires}&signature={self._signer.sign(f'{path}?{expires}')}"

    def file(self, request: Request) -> LinkedFile:
        """The file that the link of a request leads to; refuses links that are forged or too old."""
        match = _PATH.fullmatch(request.path)
        if match is None:
            raise not_found()
        self.check(request)
        return LinkedFile(**match.groupdict())

    def check(self, request: Request) -> None:
        """Refuse a request whose link is forged or too old."""
        query = parse_qs(request.query)
        expires, signature = query.get("expires", [""])[0], query.get("signature", [""])[0]
        if not self._signer.verifies(f"{request.path}?{expires}", signature):
            raise Refusal(403, "The signature of this link is not valid")
        if self._clock() >= int(expires):
            raise Refusal(403, "This link has expired")
