"""What can be downloaded: links, licences of any medium, and previews of items that a search found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias
from urllib.parse import unquote

from shutterstock_api.calls.binding import resolve
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.downloads.verification import is_media
from shutterstock_api.modelkit.table import list_of_items
from shutterstock_api.models.url import Url
from shutterstock_api.schema.fields import JsonObject, fields_of
from shutterstock_api.schema.links import Link as Link, parse_link as parse_link
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.support.masking import Secret, as_secret
from shutterstock_api.support.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shutterstock_api.downloads.errors import DownloadError
    from shutterstock_api.schema.medium import Medium

FIELDS = (
    *dict.fromkeys(one.item_id for one in MEDIA.values()),
    "item_id",
    "license_id",
    "size",
    "kind",
    "extension",
    "name",
)
"""The fields of a file name."""
LINKS = ("url", "download_url")
"""Fields that hold the link to a file."""
EXPECTED = "source: expected a link, a licence result or a licence, got "
CODECS = {"avc1": "mp4"}
"""Sizes that stand for a format, and that format."""

_extension = re.compile(r"\.([A-Za-z0-9]{1,8})$").search


def extension_of(name: str) -> str | None:
    """Return the extension of a file name."""
    found = _extension(name)
    return found[1] if found else None


@dataclass(frozen=True)
class Licence:
    """A licence to download, by its id.

    Args:
        license_id: Its id: `license_id` in the answer to licensing, `id` in the licence history.
        size: Size to download, such as `huge`; by default the argument `size` of the download.
        image_id: The id of the image, for the name of the file.
        item_id: The id of the licensed item, of any medium, for the name of the file.
    """

    license_id: str
    size: str | None = None
    image_id: str | None = None
    item_id: str | None = None


class LinkedFile(Protocol):
    """A link to a file, such as `Url`, and previews such as `Thumbnail`."""

    @property
    def url(self) -> str | None:
        """The link."""


class RenderedFile(Protocol):
    """A file of a render, such as `AudioRendersFilesList`."""

    @property
    def download_url(self) -> str | None:
        """The link to the file."""


class ItemWithAssets(Protocol):
    """An item that a search or a look-up found, such as `Image`. `kind=` says which preview to download."""

    @property
    def assets(self) -> Any:
        """Its files and previews."""


class LicensingResult(Protocol):
    """The result for one entry of a licence request, such as `LicenseImageResult`."""

    @property
    def download(self) -> Url | None:
        """The link to the file."""


class LicensedItem(Protocol):
    """Something with a licence, such as `JobItem`."""

    @property
    def license_id(self) -> str | None:
        """The id of its licence."""


class HistoryEntry(Protocol):
    """A licence in the licence history, such as `DownloadHistory`."""

    @property
    def is_downloadable(self) -> bool | None:
        """Whether the file can be downloaded again."""


Source: TypeAlias = (
    str | Url | LinkedFile | RenderedFile | ItemWithAssets | LicensingResult | LicensedItem | HistoryEntry
)
"""What can be downloaded. A `str` with `/` or `:` is a link; any other `str` is the id of a licence."""


class DownloadSpec(NamedTuple):
    """What to download, as far as its source says."""

    medium: Medium
    link: Link | None = None
    license_id: str | None = None
    item_id: str | None = None
    """The licensed item."""
    size: str | None = None
    format: str | None = None
    refusal: str | None = None
    """Why there is nothing to download."""
    kind: str | None = None
    """Which of several files: a preview of an item that a search found, or another file of a licence."""
    filename: str | None = None
    """The service's name for the file."""

    def identity(self) -> str:
        """A text that is the same for the same file even if its link changes; it contains no link."""
        if self.license_id:
            text = f"licence {self.license_id} {self.size}" + (f" {self.kind}" if self.kind else "")
        else:
            text = f"link {self.link.origin}{self.link.path}" if self.link else ""
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def shown(self) -> str:
        """Its name in errors and progress bars."""
        if self.item_id:
            return f"{self.medium.name} {self.item_id}"
        if self.license_id:
            return f"licence {self.license_id}"
        return self.link.origin if self.link else "source"

    def remedy(self, link: Link) -> str:
        """Return what to do if a link to it gives no file."""
        age = f"is valid until {link.until:%Y-%m-%d %H:%M} UTC" if link.until else "may be too old"
        if self.kind and not self.license_id:
            return f"The link {age}. Look the {self.medium.name} up again, and pass the result."
        if self.medium.redownload is None:
            none = no_second_link(self.medium)
            return f"The link {age}, and {none}. Before you license it again, see its licence history."
        age += "" if link.until else ": it is valid for 8 hours"
        return f"The link {age}. Pass a licence or a licence result with api= to have it renewed."

    @property
    def link_name(self) -> str:
        """The service's name for the file, or the last part of its link."""
        return self.filename or (unquote(self.link.path.rpartition("/")[2]) if self.link else "")

    @property
    def own_extension(self) -> str | None:
        """The extension of files of this kind or size; kinds may end in one."""
        suffix = (self.kind or "").rpartition("_")[2]
        found = self.medium.extensions.get(self.kind or self.size or "")
        return found or (suffix if is_media(suffix) else None)

    def fields(self) -> dict[str, str | None]:
        """Return the fields of its name; `None` for a field without a value."""
        return {
            self.medium.item_id: self.item_id,
            "item_id": self.item_id,
            "license_id": self.license_id,
            "size": self.size,
            "kind": self.kind,
            "extension": (
                extension_of(self.link_name) or self.format or self.own_extension or self.medium.extension
            ),
            "name": self.link_name or None,
        }

    def name_in(self, error: DownloadError) -> None:
        """Set attributes of an error that say what it is about, such as `image_id` and `license_id`."""
        setattr(error, self.medium.item_id, self.item_id)
        error.item_id, error.license_id = self.item_id, self.license_id

    @property
    def template(self) -> str:
        """The default template of its name. No preview has the name of a licensed file."""
        kind = "-{kind}" if self.kind else ""
        if self.item_id:
            return f"{{{self.medium.item_id}}}{kind}.{{extension}}"
        return f"{{license_id}}{kind}.{{extension}}" if self.license_id else "{name}"


class SourceArgument:
    """A source as it was passed, or a part of one.

    It is read by the names of its fields; a value of an unexpected type counts as missing. The repr, which a
    traceback may show, has no link.

    Args:
        source: The source.
    """

    def __init__(self, source: Any) -> None:
        self.source = source

    def has(self, name: str) -> bool:
        """Tell whether a field exists."""
        return hasattr(self.source, name)

    def part(self, name: str) -> SourceArgument:
        """Return the value of a field; nothing if it does not exist."""
        is_mapping = isinstance(self.source, Mapping)
        return SourceArgument(self.source.get(name) if is_mapping else getattr(self.source, name, None))

    @property
    def text(self) -> str | None:
        """The source, if it is a text."""
        return self.source or None if isinstance(self.source, str) else None

    @property
    def id(self) -> str | None:
        """The source, if it is an id; services also send numbers."""
        is_number = isinstance(self.source, int) and not isinstance(self.source, bool)
        return str(self.source) if is_number else self.text

    @property
    def link(self) -> Link | None:
        """The link that the source is, or contains.

        Raises:
            ApiValueError: It cannot be followed.
        """
        parts = [self] if isinstance(self.source, str) else map(self.part, LINKS)
        url = next((as_secret(part.source) for part in parts if part.source), None)
        return parse_link(url) if url and isinstance(url, Secret) else None


def describe_source(
    argument: SourceArgument, size: str | None, medium: Medium, kind: str | None = None
) -> DownloadSpec:
    """Return what a source says about itself.

    Args:
        argument: A link, a licence result, an entry of the licence history, a licence or its id, or an item
            that a search found.
        size: The size to download, if the source does not say.
        medium: The medium, if the source does not say.
        kind: Which file of the source to download.

    Raises:
        ApiTypeError: It is none of these.
        ApiValueError: Its link cannot be used, or it has no such kind of file.
    """
    if not (kind is None or isinstance(kind, str)):
        raise ApiTypeError(f"kind: expected a name such as 'preview', got {type(kind).__name__}")
    if isinstance(argument.source, str):
        if "/" in argument.source or ":" in argument.source:
            if kind:
                raise ApiValueError("kind: a link leads to one file")
            return DownloadSpec(medium, argument.link, size=size)
        argument = SourceArgument(Licence(argument.source))
    if argument.has("assets"):
        return _preview_in(argument, medium, kind)
    is_result, is_entry = argument.has("download"), argument.has("is_downloadable")
    is_record = argument.has("id") and argument.has("license_id")  # its `url` may be that of a web page
    is_link = not (is_result or is_entry or is_record) and any(map(argument.has, LINKS))
    if not (is_result or is_entry or is_link or argument.has("license_id")):
        raise ApiTypeError(f"{EXPECTED}{type(argument.source).__name__}{_meant_by(argument)}")
    medium, item_id, file = _item(argument, is_entry, medium)
    if kind and not is_link and kind not in (files := list(_further_files(medium))):
        known = did_you_mean(kind, files) or (f"; there is {', '.join(files)}" if files else "")
        raise ApiValueError(f"kind: {medium.name} licences have no {kind!r}{known}")
    holder = argument.part("download") if is_result else argument if is_link else SourceArgument(None)
    link = holder.part(kind).link if kind else holder.link
    license_id = argument.part("id" if is_entry else "license_id").id
    refusal = None
    if error := argument.part("error").source:
        refusal = cleaned(str(error))
    elif argument.part("is_downloadable").source is False:
        refusal = "it cannot be downloaded again"
    elif kind and link is None and holder.link:
        refusal = f"it has no {kind}"
    elif link is None and license_id is None:
        refusal = "it has no link and no licence" if is_result or is_link else "it has no licence id"
    elif link is None and medium.redownload is None:
        refusal = no_second_link(medium)
    size = argument.part("size").text or size or file.part("size").text
    named = file.part("format").text
    file_format = CODECS.get(named or "", named)
    filename = argument.part("filename").text if is_link else None
    return DownloadSpec(medium, link, license_id, item_id, size, file_format, refusal, kind, filename)


def _item(
    argument: SourceArgument, is_entry: bool, medium: Medium
) -> tuple[Medium, str | None, SourceArgument]:
    """Return the medium and the id of the licensed item, and the description of its file."""
    if not is_entry and not argument.has("download"):
        for name in (medium.item_id, "item_id", "id"):  # a `Licence` does not say its medium: the API does
            if item_id := argument.part(name).id:
                return medium, item_id, SourceArgument(None)
    for one in _media(medium):
        item = argument.part(one.history_item if is_entry else one.item_id)
        item_id = item.part("id").id or item.id
        if item_id:
            return one, item_id, item.part("format")
    return medium, None, SourceArgument(None)


def _media(expected: Medium) -> Iterator[Medium]:
    """Yield all media, first the expected one, then those with new links: some have the same field names."""
    yield expected
    yield from sorted(MEDIA.values(), key=lambda one: one.redownload is None)


def _further_files(medium: Medium) -> Iterator[str]:
    """Yield the names of additional files of a licence."""
    if medium.redownload:
        yield from (name for name in fields_of(resolve(medium.redownload.returns)) if name not in LINKS)


# Items that a search found.


def _preview_in(argument: SourceArgument, expected: Medium, kind: str | None) -> DownloadSpec:
    """Return one of the previews of an item.

    Raises:
        ApiTypeError: No kind was given: perhaps the item was mistaken for a licence.
    """
    assets = argument.part("assets")
    medium = next((one for one in _media(expected) if _has_assets(one, assets.source)), expected)
    fields = fields_of(type(assets.source)) if isinstance(assets.source, JsonObject) else {}
    previews = [field.wire for name, field in fields.items() if assets.part(name).part("url").text]
    buy = f"license it first, by {medium.license.name}, and give the result"
    spec = DownloadSpec(medium, item_id=argument.part("id").id, kind=kind)
    if not kind:
        name = f"{type(argument.source).__name__} {spec.item_id or ''}".rstrip()
        listed = f" ({', '.join(previews)})" if previews else ""
        raise ApiTypeError(
            f"source: got {name}, which is no licence: {buy}, or choose a preview by kind={listed}"
        )
    asset = assets.part(next((name for name, field in fields.items() if field.wire == kind), kind))
    link = asset.link
    refusal = None
    if asset.source is None:
        others = f"; there are {', '.join(previews)}" if previews else ""
        refusal = f"it has no {kind}{did_you_mean(kind, previews) or others}"
    elif link is None and asset.has("file_size"):
        refusal = f"{kind} has no link: {buy}"
    elif link is None:
        refusal = f"{kind} has several files: pass one of them"
    return spec._replace(link=link, refusal=refusal)


def _has_assets(medium: Medium, assets: Any) -> bool:
    """Tell whether these are the files and previews of an item of this medium."""
    answer = list_of_items(resolve(medium.lookup.returns))
    return answer is not None and isinstance(assets, fields_of(answer[1])["assets"].type)


def no_second_link(medium: Medium) -> str:
    """Say that there is no other link to the file of a licence."""
    return f"the service gives no second link to {medium.name}s, only the one in the licence result"


def _meant_by(argument: SourceArgument) -> str:
    """Return what the caller may have meant by something that has no file."""
    if argument.has("is_licensable"):
        return ", which is not a file yet: license it, and pass the result"
    found = next((name for name in ("files", "urls", "data", "results") if argument.has(name)), None)
    several = found in ("data", "results") or isinstance(argument.source, (list, tuple))
    ways = [f"give one of its {found}"] * bool(found) + ["call download_many()"] * several
    return f"; {', or '.join(ways)}" if ways else ""
