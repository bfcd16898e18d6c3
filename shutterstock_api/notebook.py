"""How results look in Jupyter: HTML without scripts, in the colours of the page. Python fetches nothing.

All text of the service is escaped, and only http(s) addresses become links and pictures. A download link is
a secret: it becomes neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from pprint import pformat
from typing import TYPE_CHECKING, Any, TypeAlias

from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.license_outcomes import LicenseOutcomes
from shutterstock_api.modelkit.table import Table, kind_of_items
from shutterstock_api.modelkit.visible import visible
from shutterstock_api.models import (
    BulkImageSearchResults,
    Category,
    Collection,
    CollectionItem,
    DownloadHistory,
    FeaturedCollection,
    Image,
    LicenseImageResult,
    Recommendation,
    UpdatedMedia,
)
from shutterstock_api.schema.fields import as_list
from shutterstock_api.support.masking import without_links
from shutterstock_api.support.text import shorten

if TYPE_CHECKING:
    from shutterstock_api.jobs.report import JobImage, LicenseReport

MOST = 48
"""Pictures or rows that one output shows at most."""
MOST_IN_TEXT = 5
"""Items of a list in the text beside the HTML."""
LONGEST = 300
"""Characters of one text at most."""

Cell: TypeAlias = Callable[[Any], str]
"""Makes the HTML of a cell from an item."""


# What Jupyter asks for.


def html(thing: ApiModel) -> str | None:
    """Return the HTML of a model; `None` where it has none, so that its text is shown."""
    if isinstance(thing, Table):
        return _page(_answer(thing, MOST))
    if isinstance(thing, BulkImageSearchResults):
        searches = [part for part in as_list(thing.results) if isinstance(part, Table)][:MOST]
        return _page(*(_answer(part, MOST // len(searches)) for part in searches))
    if isinstance(thing, Image):
        return _page(_image(thing))
    return _page(listing([thing])) if type(thing) in (*_CARDS, *_COLUMNS) else None


def text(thing: ApiModel) -> str:
    """Return the `repr` of a model, of long lists the first items."""
    shown = visible(thing)
    for name, value in shown.items():
        if isinstance(value, list) and len(value) > MOST_IN_TEXT:
            shown[name] = [*value[:MOST_IN_TEXT], f"... and {len(value) - MOST_IN_TEXT} more"]
    return pformat(shown, sort_dicts=False)


def report(about: LicenseReport) -> str:
    """Return the HTML of a report on a licence job, what went wrong before what did not."""
    images = sorted(about.images, key=lambda image: image.state == "licensed" and not image.file_error)
    lines = str(about).splitlines()[: 1 + len(about.prices) + bool(about.stopped)]
    told = "".join(f"<p>{_words(line)}</p>" for line in lines)
    return _page(told, table(_JOB_COLUMNS, images[:MOST]), _rest(len(images) - MOST))


class ContactSheet:
    """Shows a selection in Jupyter: images, collections, licence results, ...

    Args:
        items: What to show, such as `get_many(api, ids).images` or `paginate(...)`.
    """

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = list(items)

    def _repr_html_(self) -> str:
        return _page(listing(self._items))

    def __repr__(self) -> str:
        return f"<ContactSheet of {len(self._items)} items>"


# Answers, lists, tables.


def _answer(answer: Any, most: int) -> str:
    """Return a line about an answer, its items, and what the service says beside them."""
    items = as_list(answer.data)
    errors = [_at(error, "message") or error for error in as_list(_at(answer, "errors"))]
    notes = "".join(f"<p>{_words(note)}</p>" for note in (_at(answer, "message"), *errors) if note)
    return f"<p>{_headline(answer, len(items))}</p>{listing(items, most)}{notes}"


def _headline(answer: Any, count: int) -> str:
    title = _TITLES.get(kind_of_items(type(answer)), "Results")
    if isinstance(answer, LicenseOutcomes):
        states = {"licensed": answer.licensed, "refused": answer.failed, "unclear": answer.unclear}
        told = ", ".join(f"{len(some)} {state}" for state, some in states.items() if some) or "none"
    else:
        total = _at(answer, "total_count")
        told = f"{count:,} of {total:,}" if type(total) is int else f"{count:,}"
        told += f", page {answer.page:,}" if type(_at(answer, "page")) is int else ""
    return f"<b>{title}</b> {told}"


def listing(items: Sequence[Any], most: int = MOST) -> str:
    """Return the pictures of models, or a table with a row for each, and how many more there are."""
    shown = [item for item in items if isinstance(item, ApiModel)][:most]
    kind = type(shown[0]) if shown else None
    if kind in _CARDS:
        body = f'<div class="sheet">{"".join(map(_CARDS[kind], shown))}</div>'
    else:
        body = table(_COLUMNS.get(kind, {}), shown)
    return body + _rest(len(items) - len(shown))


def _rest(count: int) -> str:
    return f"<p>and {count:,} more</p>" if count > 0 else ""


def table(columns: Mapping[str, Cell], rows: Iterable[Any]) -> str:
    """Return a table with a row for each item."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{cell(row)}</td>' for cell in columns.values())}</tr>" for row in rows
    )
    if not (head and body):
        return ""
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def mark(state: str, *, good: bool | None) -> str:
    """Return a state with a sign and a colour: good, bad, or neither."""
    name, sign = {True: ("good", "✓"), False: ("bad", "✕"), None: ("open", "?")}[good]
    return f'<b class="{name}">{sign}</b> {escape(state)}'


# Pictures.


def _image(image: Image) -> str:
    """Return an image with all that people want to know about it."""
    names = [_at(category, "name") for category in as_list(image.categories)]
    facts = {
        "ID": f"<code>{_words(image.id)}</code>",
        "Size": _pixels(image),
        "Type": _words(image.image_type),
        "Contributor": _words(_at(image, "contributor.id")),
        "Added": _words(image.added_date),
        "Categories": _words(", ".join(name for name in names if isinstance(name, str))),
        "Keywords": _words(", ".join(word for word in as_list(image.keywords) if isinstance(word, str))),
        "Licence": "editorial use only" if image.is_editorial is True else "",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{fact}</dd>" for name, fact in facts.items() if fact)
    about = f'<p dir="auto"><b>{_words(image.description)}</b></p><dl class="facts">{rows}</dl>'
    return f'<div class="single"><figure>{_preview(image)}</figure><div>{about}</div></div>'


def _image_card(image: Any) -> str:
    contributor = _words(_at(image, "contributor.id"))
    facts = [f"<code>{_words(image.id)}</code>", _pixels(image), contributor and f"by {contributor}"]
    return _card(_preview(image), image.description, *filter(None, facts))


def _collection_card(collection: Any) -> str:
    picture = _picture(_at(collection, "cover_item.url"), None, None, collection.name)
    count = _words(collection.total_item_count)
    return _card(picture, collection.name, f"<code>{_words(collection.id)}</code>", f"{count or '?'} items")


def _card(picture: str, title: Any, *facts: str) -> str:
    words = _words(title)
    line = f'<div class="title" dir="auto" title="{words}">{words}</div>' if words else ""
    told = " ".join(f"<span>{fact}</span>" for fact in facts)
    return f"<figure>{picture}<figcaption>{line}{told}</figcaption></figure>"


def _preview(image: Any) -> str:
    """Return a preview that fits the screen, as a link to a larger one."""
    previews = [_at(image, f"assets.{name}") for name in _PREVIEWS]
    found = next((preview for preview in previews if _address(_at(preview, "url"))), None)
    description = image.description or f"Image {image.id}"
    picture = _picture(_at(found, "url"), _at(found, "width"), _at(found, "height"), description)
    larger = next(filter(None, (_address(_at(image, f"assets.{name}.url")) for name in _LARGER)), None)
    if larger is None:
        return picture
    return f'<a href="{larger}" target="_blank" rel="noopener noreferrer">{picture}</a>'


_PREVIEWS = ("preview", "huge_thumb", "large_thumb", "preview_1000", "mosaic", "small_thumb", "preview_1500")
"""Previews of an image, the best for a sheet first: twice as large as shown there, for dense screens."""
_LARGER = ("preview_1500", "preview_1000")


def _picture(url: Any, width: Any, height: Any, description: Any) -> str:
    """Return a picture. Its size is there before it is; in its place stands what it shows."""
    address = _address(url)
    if address is None:
        return '<div class="none">no preview</div>'
    good = all(type(side) is int and 0 < side < 10_000 for side in (width, height))
    width, height = (width, height) if good else (400, 300)
    return (
        f'<img src="{address}" width="{width}" height="{height}" alt="{_words(description)}" loading="lazy" '
        'decoding="async" referrerpolicy="no-referrer">'
    )


def _address(url: Any) -> str | None:
    """Return an http(s) address, ready to stand in an attribute."""
    return escape(url) if isinstance(url, str) and _ADDRESS.fullmatch(url) else None


_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f\"'<>\\^`{|}]+", re.IGNORECASE)


def _pixels(image: Any) -> str:
    """Return the size of the largest file, where the answer has it: `view="full"` asks for it."""
    sides = [_at(image, f"assets.huge_jpg.{side}") for side in ("width", "height")]
    return " &times; ".join(map(_words, sides)) if None not in sides else ""


# Words.


def _at(thing: Any, path: str) -> Any:
    """Return what a model has at `contributor.id`, `None` where something on the way is missing."""
    for name in path.split("."):
        thing = getattr(thing, name, None)
    return thing


def _words(value: Any) -> str:
    """Return a value as text, bounded, without links, escaped for content and attributes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return escape(f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}")
    words = value if isinstance(value, str) else str(visible(value)).removesuffix(".0")
    return escape(shorten(without_links(words), LONGEST))


def _cell(path: str) -> Cell:
    return lambda item: _words(_at(item, path))


def _code(path: str) -> Cell:
    return lambda item: f"<code>{words}</code>" if (words := _words(_at(item, path))) else ""


def _job_state(image: JobImage) -> str:
    return mark(image.state, good={"licensed": True, "failed": False}.get(image.state))


def _state(result: Any) -> str:
    if _at(result, "license_id") or _at(result, "download.url"):
        return mark("licensed", good=True)
    return mark("refused", good=False) if _at(result, "error") else mark("unclear", good=None)


_TITLES: Mapping[Any, str] = {
    Category: "Categories",
    Collection: "Collections",
    CollectionItem: "Items",
    DownloadHistory: "Licences",
    FeaturedCollection: "Collections",
    Image: "Images",
    LicenseImageResult: "Licences",
    Recommendation: "Recommendations",
    UpdatedMedia: "Updates",
}
_CARDS: Mapping[Any, Cell] = {Image: _image_card, FeaturedCollection: _collection_card}
_COLUMNS: Mapping[Any, Mapping[str, Cell]] = {
    Category: {"ID": _code("id"), "Name": _cell("name")},
    Collection: {
        "ID": _code("id"),
        "Name": _cell("name"),
        "Items": _cell("total_item_count"),
        "Created": _cell("created_time"),
        "Items changed": _cell("items_updated_time"),
    },
    CollectionItem: {"ID": _code("id"), "Type": _cell("media_type"), "Added": _cell("added_time")},
    DownloadHistory: {
        "Licence": _code("id"),
        "Image": _code("image.id"),
        "Kind": _cell("license"),
        "Downloaded": _cell("download_time"),
        "Size": _cell("image.format.size"),
        "Again": _cell("is_downloadable"),
    },
    LicenseImageResult: {
        "Outcome": _state,
        "Image": _code("image_id"),
        "Licence": _code("license_id"),
        "Charge": _cell("allotment_charge"),
        "Reason": _cell("error"),
    },
    Recommendation: {"ID": _code("id")},
    UpdatedMedia: {"ID": _code("id"), "Updated": _cell("updated_time"), "Kinds": _cell("updates")},
}
_JOB_COLUMNS: Mapping[str, Cell] = {
    "Outcome": _job_state,
    "Image": _code("image_id"),
    "Licence": _code("license_id"),
    "Charge": _cell("charge"),
    "File": _cell("path"),
    "Reason": lambda image: _words(image.error or image.file_error),
}


# The page brings its colours and fonts: ours are shades that are good on light and dark.


def _page(*parts: str) -> str:
    whole = f'<div class="shutterstock"><style>{_STYLE}</style>{"".join(parts)}</div>'
    return whole.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be stored


_STYLE = """
.shutterstock {max-width: 100%; line-height: 1.4}
.shutterstock p {margin: .5em 0}
.shutterstock .sheet {display: grid; gap: 1.2em 1em;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 150px), 1fr))}
.shutterstock figure {margin: 0; min-width: 0}
.shutterstock figure img, .shutterstock .none {display: block; width: 100%; height: auto; margin: 0;
  object-fit: contain; background: rgba(128, 128, 128, .14); border-radius: 4px}
.shutterstock .sheet img, .shutterstock .none {aspect-ratio: 4 / 3}
.shutterstock .none {display: grid; place-items: center}
.shutterstock figcaption, .shutterstock .none {font-size: .85em; overflow-wrap: anywhere;
  color: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, inherit))}
.shutterstock .title {margin-top: .4em; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 2;
  -webkit-box-orient: vertical; color: var(--jp-content-font-color1, var(--vscode-foreground, inherit))}
.shutterstock figcaption span {white-space: nowrap; margin-right: .5em}
.shutterstock .single {display: flex; flex-wrap: wrap; gap: 1em}
.shutterstock .single figure {flex: 1 1 280px; max-width: 450px}
.shutterstock .single > div {flex: 2 1 280px; min-width: 0; overflow-wrap: anywhere}
.shutterstock dl.facts {display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; margin: 0}
.shutterstock dl.facts > * {float: none; width: auto; margin: 0; padding: 0}
.shutterstock dl.facts > dt {font-weight: normal;
  color: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, inherit))}
.shutterstock .wide {overflow-x: auto}
.shutterstock .wide table {margin: 0}
.shutterstock .wide :is(th, td) {text-align: left; white-space: nowrap; padding: .3em 1.2em .3em .3em}
.shutterstock .wide td:last-child {white-space: normal; min-width: 10em}
.shutterstock .good {color: var(--jp-success-color1, var(--vscode-testing-iconPassed, #2e9e4f))}
.shutterstock .bad {color: var(--jp-error-color1, var(--vscode-testing-iconFailed, #d9534f))}
.shutterstock .open {color: var(--jp-warn-color1, var(--vscode-testing-iconQueued, #c77c11))}
"""
