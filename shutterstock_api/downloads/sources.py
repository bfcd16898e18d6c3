"""What can be downloaded: links, licence results, entries of the licence history, licence ids."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

from shutterstock_api.schema.headers import has_control
from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.support.masking import MASK, Secret

if TYPE_CHECKING:
    from shutterstock_api.models import DownloadHistory, LicenseImageResult, Url

FIELDS = ("image_id", "license_id", "size", "extension", "name")
"""What the name of a file may be made of."""

_is_suffix = re.compile(r"[A-Za-z0-9]{1,8}").fullmatch


@dataclass(frozen=True)
class Licence:
    """A licence to download from, by its id.

    Args:
        license_id: Its id, as `license_id` in the answer to licensing and as `id` in the licence history.
        size: Size to download, such as `huge`; by default the argument `size` of the download.
        image_id: The image, for the name of the file.
    """

    license_id: str
    size: str | None = None
    image_id: str | None = None


class Link(NamedTuple):
    """A link in two parts. Both are harmless to show."""

    origin: str
    """Scheme, host and port."""
    target: Secret
    """Path and query."""

    @property
    def shown(self) -> str:
        """What may be seen of it."""
        return f"{self.origin}/{MASK}"

    def led_to(self, location: Secret) -> Link:
        """Return where a redirect leads.

        Raises:
            ApiValueError: That is no link, or one that is less safe.
        """
        there = parse_link(Secret(urljoin(f"{self.origin}{self.target}", location)))
        if self.origin.startswith("https:") and not there.origin.startswith("https:"):
            raise ApiValueError("the link redirects from https to http")
        return there


class DownloadSpec(NamedTuple):
    """What a source says of itself."""

    link: Link | None = None
    license_id: str | None = None
    image_id: str | None = None
    size: str | None = None
    format: str | None = None
    refusal: str | None = None
    """Why there is nothing to download."""

    def identity(self) -> str:
        """A text that is the same for the same file, whatever its link of today; it shows no link."""
        if self.license_id:
            text = f"licence {self.license_id} {self.size}"
        else:
            text = f"link {self.link.origin}{self.link.target.partition('?')[0]}" if self.link else ""
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def shown(self) -> str:
        """How an error or a bar calls it."""
        if self.image_id:
            return f"image {self.image_id}"
        if self.license_id:
            return f"licence {self.license_id}"
        return self.link.origin if self.link else "source"

    def fields(self) -> dict[str, str | None]:
        """Return the fields of its name; `None` where it does not say."""
        path = self.link.target.partition("?")[0] if self.link else ""
        name = unquote(path.rpartition("/")[2]) or None
        suffix = name.rpartition(".")[2] if name and "." in name else ""
        guess = "eps" if self.size == "vector" else "jpg"
        extension = suffix if _is_suffix(suffix) else self.format or guess
        return {
            "image_id": self.image_id,
            "license_id": self.license_id,
            "size": self.size,
            "extension": extension,
            "name": name,
        }

    @property
    def template(self) -> str:
        """The template of its name where the caller gives none."""
        if self.image_id:
            return "{image_id}.{extension}"
        return "{license_id}.{extension}" if self.license_id else "{name}"


Source: TypeAlias = "str | Url | LicenseImageResult | DownloadHistory | Licence"
"""What can be downloaded. A `str` with `/` or `:` is a link, any other the id of a licence."""


def describe_source(source: Any, size: str | None = None) -> DownloadSpec:
    """Return what is known of a source.

    Args:
        source: A link, a licence result, an entry of the licence history, a licence or its id.
        size: Size to download where the source does not say.

    Raises:
        ApiTypeError: It is none of these.
        ApiValueError: Its link or id cannot be used.
    """
    if isinstance(source, str):
        if "/" in source or ":" in source:
            return DownloadSpec(parse_link(Secret(source)), size=size)
        source = Licence(source)
    from shutterstock_api.models import DownloadHistory, LicenseImageResult, Url

    if isinstance(source, Url):
        return DownloadSpec(_link_of(source), size=size)
    if isinstance(source, Licence):
        return DownloadSpec(None, _id(source.license_id), source.image_id, source.size or size)
    if isinstance(source, LicenseImageResult):
        link = _link_of(source.download)
        refusal = source.error or (None if link or source.license_id else "it has no link and no licence")
        return DownloadSpec(link, source.license_id, source.image_id, size, refusal=refusal)
    if isinstance(source, DownloadHistory):
        media = source.image or source.video or source.audio
        details = media.format if media else None
        kind, stored = (details.format, details.size) if details else (None, None)
        refusal = "it cannot be downloaded again" if source.is_downloadable is False else None
        image_id = media.id if media else None
        return DownloadSpec(None, _id(source.id), image_id, size or stored, kind, refusal)
    raise ApiTypeError(f"source: expected a link, a licence result or a licence, got {type(source).__name__}")


class SourceArgument:
    """A source as the caller gave it. Its repr, which a traceback may show, has no link."""

    def __init__(self, source: Any) -> None:
        self.source = source

    def spec(self, size: str | None) -> DownloadSpec:
        """Return what is known of it; see `describe_source`."""
        return describe_source(Secret(self.source) if isinstance(self.source, str) else self.source, size)


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
    """Return why a link cannot be followed, or its parts. No frame that raises holds it in the open."""
    if has_control(link):
        return "it holds control characters", "", Secret()
    found = _parts(link)
    if not found:
        return _EXPECTED, "", Secret()
    if "@" in found[2]:
        return "it must not hold user and password", "", Secret()
    problem, origin = _origin(found[1].lower(), found[2])
    target = found[3]
    return problem, origin, Secret(target if target.startswith("/") else f"/{target}")


_EXPECTED = "expected one such as https://download.shutterstock.com/..."
_parts = re.compile(r" *(https?)://([^/?#]*)([^#]*)", re.IGNORECASE).match


@lru_cache(maxsize=128)
def _origin(scheme: str, place: str) -> tuple[str, str]:
    """Return why a place cannot be reached, or scheme, host and port of it: a link has few of these."""
    try:
        url = urlsplit(f"{scheme}://{place}")
        if not url.hostname or url.port == 0:
            return _EXPECTED, ""
        host = url.hostname.encode("idna").decode()
    except ValueError:  # a port, an IPv6 address or a name that is none
        return _EXPECTED, ""
    name = f"[{host}]" if ":" in host else host
    default = url.port in (None, {"http": 80, "https": 443}[scheme])
    return "", f"{scheme}://{name}" if default else f"{scheme}://{name}:{url.port}"


def _link_of(url: Url | None) -> Link | None:
    return parse_link(Secret(url.url)) if url is not None and url.url else None


def _id(license_id: Any) -> str:
    if not isinstance(license_id, str) or not license_id:
        raise ApiValueError("source: it has no licence id")
    return license_id
