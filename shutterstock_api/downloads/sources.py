"""What can be downloaded: links, licence results, entries of the licence history, licence ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias
from urllib.parse import unquote

from shutterstock_api.contract.media import MEDIA
from shutterstock_api.models.url import Url
from shutterstock_api.schema.links import Link as Link, parse_link as parse_link
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.errors import ApiTypeError
from shutterstock_api.support.masking import Secret, as_secret

if TYPE_CHECKING:
    from shutterstock_api.downloads.errors import DownloadError
    from shutterstock_api.schema.medium import Medium

FIELDS = (*dict.fromkeys(one.item_id for one in MEDIA.values()), "license_id", "size", "extension", "name")
"""What the name of a file may be made of."""

_extension = re.compile(r"\.([A-Za-z0-9]{1,8})$").search


def extension_of(name: str) -> str | None:
    """Return the extension that a name of a file has."""
    found = _extension(name)
    return found[1] if found else None


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


class LicensingResult(Protocol):
    """What a licence request says of one entry, such as `LicenseImageResult`."""

    @property
    def download(self) -> Url | None:
        """The link to its file."""


class HistoryEntry(Protocol):
    """A licence in the licence history, such as `DownloadHistory`."""

    @property
    def is_downloadable(self) -> bool | None:
        """Whether the file can be downloaded again."""


Source: TypeAlias = str | Url | LicensingResult | HistoryEntry | Licence
"""What can be downloaded. A `str` with `/` or `:` is a link, any other the id of a licence."""


class DownloadSpec(NamedTuple):
    """What is to be downloaded, as far as its source says."""

    medium: Medium
    link: Link | None = None
    license_id: str | None = None
    item_id: str | None = None
    """What was licensed."""
    size: str | None = None
    format: str | None = None
    refusal: str | None = None
    """Why there is nothing to download."""

    def identity(self) -> str:
        """A text that is the same for the same file, whatever its link of today; it shows no link."""
        if self.license_id:
            text = f"licence {self.license_id} {self.size}"
        else:
            text = f"link {self.link.origin}{self.link.path}" if self.link else ""
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def shown(self) -> str:
        """How an error or a bar calls it."""
        if self.item_id:
            return f"{self.medium.name.replace('_', ' ')} {self.item_id}"
        if self.license_id:
            return f"licence {self.license_id}"
        return self.link.origin if self.link else "source"

    @property
    def link_name(self) -> str:
        """The last part of its link."""
        return unquote(self.link.path.rpartition("/")[2]) if self.link else ""

    @property
    def usual_extension(self) -> str:
        """The extension of a file of this size."""
        return self.medium.extensions.get(self.size or "", self.medium.extension)

    def fields(self) -> dict[str, str | None]:
        """Return the fields of its name; `None` where it does not say."""
        return {
            self.medium.item_id: self.item_id,
            "license_id": self.license_id,
            "size": self.size,
            "extension": extension_of(self.link_name) or self.format or self.usual_extension,
            "name": self.link_name or None,
        }

    def name_in(self, error: DownloadError) -> None:
        """Say in an error what it is about, as `image_id` and `license_id` do."""
        setattr(error, self.medium.item_id, self.item_id)
        error.license_id = self.license_id

    @property
    def template(self) -> str:
        """The template of its name where the caller gives none."""
        if self.item_id:
            return f"{{{self.medium.item_id}}}.{{extension}}"
        return "{license_id}.{extension}" if self.license_id else "{name}"


class SourceArgument:
    """A source as the caller gave it, or a part of one.

    It is read by the names of its fields; a value of a type that nobody expects counts as none. The repr,
    which a traceback may show, has no link.

    Args:
        source: The source.
    """

    def __init__(self, source: Any) -> None:
        self.source = source

    def has(self, name: str) -> bool:
        """Tell whether there is such a field."""
        return hasattr(self.source, name)

    def part(self, name: str) -> SourceArgument:
        """Return what a field holds; nothing where there is no such field."""
        is_mapping = isinstance(self.source, Mapping)
        return SourceArgument(self.source.get(name) if is_mapping else getattr(self.source, name, None))

    @property
    def text(self) -> str | None:
        """The text that it is."""
        return self.source or None if isinstance(self.source, str) else None

    @property
    def id(self) -> str | None:
        """The id that it is; services send numbers, too."""
        is_number = isinstance(self.source, int) and not isinstance(self.source, bool)
        return str(self.source) if is_number else self.text

    @property
    def link(self) -> Link | None:
        """The link that it is, or holds as `url`.

        Raises:
            ApiValueError: It cannot be followed.
        """
        url = as_secret(self.source if isinstance(self.source, str) else self.part("url").source)
        return parse_link(url) if url and isinstance(url, Secret) else None


def describe_source(argument: SourceArgument, size: str | None, medium: Medium) -> DownloadSpec:
    """Return what a source says of itself.

    Args:
        argument: A link, a licence result, an entry of the licence history, a licence or its id.
        size: Size to download where the source does not say.
        medium: What it is of where the source does not say.

    Raises:
        ApiTypeError: It is none of these.
        ApiValueError: Its link cannot be used.
    """
    if isinstance(argument.source, str):
        if "/" in argument.source or ":" in argument.source:
            return DownloadSpec(medium, argument.link, size=size)
        argument = SourceArgument(Licence(argument.source))
    is_result, is_entry = argument.has("download"), argument.has("is_downloadable")
    is_link = argument.has("url") and not argument.has("id")  # what a search finds has a page of its own
    if not (is_result or is_entry or is_link or argument.has("license_id")):
        kind = type(argument.source).__name__
        raise ApiTypeError(f"source: expected a link, a licence result or a licence, got {kind}")
    medium, item_id, file = _item(argument, is_entry, medium)
    link = argument.part("download").link if is_result else argument.link if is_link else None
    license_id = argument.part("id" if is_entry else "license_id").id
    refusal = None
    if error := argument.part("error").source:
        refusal = cleaned(str(error))
    elif argument.part("is_downloadable").source is False:
        refusal = "it cannot be downloaded again"
    elif link is None and license_id is None:
        refusal = "it has no link and no licence" if is_result or is_link else "it has no licence id"
    size = argument.part("size").text or size or file.part("size").text
    return DownloadSpec(medium, link, license_id, item_id, size, file.part("format").text, refusal)


def _item(
    argument: SourceArgument, is_entry: bool, medium: Medium
) -> tuple[Medium, str | None, SourceArgument]:
    """Return what was licensed: of which medium, its id, and what is said of the file."""
    # Several media may share the names of fields: the expected one goes first, then what has a second link.
    for one in sorted(MEDIA.values(), key=lambda one: (one != medium, one.redownload is None)):
        item = argument.part(one.history_item if is_entry else one.item_id)
        item_id = item.part("id").id or item.id
        if item_id:
            return one, item_id, item.part("format")
    return medium, None, SourceArgument(None)
