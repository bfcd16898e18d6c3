"""Links to files, in parts that can be shown safely."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from shutterstock_api.schema.headers import has_control
from shutterstock_api.support.errors import ApiValueError
from shutterstock_api.support.masking import MASK, Secret


class Link(NamedTuple):
    """A link in two parts. Both can be shown safely."""

    origin: str
    """Scheme, host and port."""
    target: Secret
    """Path and query."""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def until(self) -> datetime | None:
        """When it expires, if its query says so, as with S3."""
        found = _expires(self.target)
        return datetime.fromtimestamp(int(found[1]), UTC) if found else None

    @property
    def shown(self) -> str:
        """The part of it that may be shown."""
        return f"{self.origin}/{MASK}"

    def led_to(self, location: Secret) -> Link:
        """Return the link that a redirect leads to.

        Raises:
            ApiValueError: That is not a link, or one that is less safe.
        """
        there = parse_link(Secret(urljoin(f"{self.origin}{self.target}", location)))
        if self.origin.startswith("https:") and not there.origin.startswith("https:"):
            raise ApiValueError("the link redirects from https to http")
        return there


def parse_link(link: Secret) -> Link:
    """Return a link in parts.

    Raises:
        ApiValueError: It cannot be followed.
    """
    problem, origin, target = _parts_of(link)
    if problem:
        raise ApiValueError(f"link: {problem}")
    return Link(origin, target)


def _parts_of(link: Secret) -> tuple[str, str, Secret]:
    """Return why a link cannot be followed, or its parts; no frame of a traceback contains the link."""
    if has_control(link):
        return "it contains control characters", "", Secret()
    found = _parts(link)
    if not found:
        return _EXPECTED, "", Secret()
    if "@" in found[2]:
        return "it must not contain a user or password", "", Secret()
    problem, origin = _origin(found[1].lower(), found[2])
    target = found[3]
    return problem, origin, Secret(target if target.startswith("/") else f"/{target}")


_EXPECTED = "expected one such as https://download.shutterstock.com/..."
_expires = re.compile(r"[?&]expires=(\d{9,11})(?:&|$)", re.IGNORECASE).search
_parts = re.compile(r" *(https?)://([^/?#]*)([^#]*)", re.IGNORECASE).match


@lru_cache(maxsize=128)
def _origin(scheme: str, place: str) -> tuple[str, str]:
    """Return why an origin cannot be used, or its scheme, host and port; links have few different origins."""
    try:
        url = urlsplit(f"{scheme}://{place}")
        if not url.hostname or url.port == 0:
            return _EXPECTED, ""
        host = url.hostname.encode("idna").decode()
    except ValueError:  # a port, an IPv6 address or a name that is not valid
        return _EXPECTED, ""
    name = f"[{host}]" if ":" in host else host
    default = url.port in (None, {"http": 80, "https": 443}[scheme])
    return "", f"{scheme}://{name}" if default else f"{scheme}://{name}:{url.port}"
