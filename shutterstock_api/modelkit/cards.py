"""Cards of items with previews: pictures, films and sounds, recognised by the names of their previews."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from shutterstock_api.modelkit.cells import described, facts_of, label
from shutterstock_api.modelkit.html import (
    address,
    at,
    card,
    facts_beside,
    film,
    length,
    link,
    mark,
    picture,
    sound,
    words,
)
from shutterstock_api.modelkit.table import model_in
from shutterstock_api.schema.fields import JsonObject, as_list, fields_of, is_error

POSTERS = (
    *("preview", "watermark_450", "preview_jpg", "huge_thumb", "large_thumb", "thumb_jpg", "thumb_220"),
    *("preview_1000", "mosaic", "small_thumb", "thumb_170", "preview_1500", "watermark_1500"),
)
"""Previews; those that suit a sheet best come first: twice as large as shown, for high-resolution screens."""
LARGER = ("preview_1500", "watermark_1500", "preview_1000")
CLIPS: Mapping[str, str] = {
    "preview_webm": "video/webm",
    "preview_mp4": "video/mp4",
    "thumb_webm": "video/webm",
    "thumb_mp4": "video/mp4",
}
"""Clips and their types, best first."""
TITLES = ("title", "description", "name")
SOUNDS: Mapping[str, str] = {"preview_mp3": "audio/mpeg", "preview_ogg": "audio/ogg"}
LARGEST = ("huge_jpg", "original", "_4k", "hd", "sd", "web")
"""Files that have the item's full size in pixels."""


def way_of(kind: type[JsonObject]) -> str | None:
    """Return how models with previews are shown, as pictures, films or sounds; `None` without previews."""
    if assets := _fields_inside(kind, "assets"):
        return "sounds" if "preview_mp3" in assets else "films" if "preview_mp4" in assets else "pictures"
    return "pictures" if "url" in _fields_inside(kind, "cover_item") else None


def _fields_inside(kind: type[JsonObject], name: str) -> Collection[str]:
    """Return the names of the fields of a model inside a field."""
    field = fields_of(kind).get(name)
    inner = model_in(field.type) if field else None
    return fields_of(inner) if inner else ()


def card_of(item: Any) -> str:
    """Return the card of an item in a sheet."""
    if is_error(item):
        return card(picture(None, None, None, None), at(item, "message"), failure(item))
    maker = words(_maker(item))
    facts = [
        described("id", at(item, "id")),
        length(at(item, "duration")),
        _pixels(item),
        f"{words(at(item, 'bpm'))} BPM" if at(item, "bpm") is not None else "",
        words(at(item, "date_taken")),
        maker and f"by {maker}",
        words(at(item, "byline")).replace("/", "/<wbr>"),
        f"{words(item.total_item_count) or '?'} items" if hasattr(item, "total_item_count") else "",
    ]
    return card(_preview(item), _title(item), *filter(None, facts))


def item_alone(item: Any) -> str:
    """Return an item with everything that people want to know about it."""
    title = _title(item)
    told = {"media_type", *(name for name in TITLES if getattr(item, name, None) == title)}
    first = {"ID": described("id", at(item, "id")), "Size": _pixels(item), "Files": _licensable(item)}
    return facts_beside(_preview(item), title, {**first, **facts_of(item, told)})


def failure(entry: Any) -> str:
    """Return the kind of error that the service sent in place of an item."""
    return f"{mark('failed', good=False)} {words(at(entry, 'status_code'))} {words(at(entry, 'error'))}"


def _title(item: Any) -> Any:
    return next(filter(None, (getattr(item, name, None) for name in TITLES)), None)


def _maker(item: Any) -> Any:
    """Return the creator, by name if the answer has one."""
    artists = [at(one, "name") for one in as_list(at(item, "artists"))]
    return (
        at(item, "artist")
        or ", ".join(filter(_is_text, artists))
        or at(item, "contributor.name")
        or at(item, "contributor.id")
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _preview(item: Any) -> str:
    """Return a preview that fits the screen: a player, or a picture as a link to a larger one."""
    title = _title(item) or f"{label(type(item).__name__)} {at(item, 'id')}"
    if way_of(type(item)) == "sounds":
        waveform = at(item, "assets.waveform.url")
        shown = picture(waveform, 600, 60, f"Waveform of {title}") if address(waveform) else ""
        return sound(shown, _addresses(item, SOUNDS), title)
    clips = _addresses(item, CLIPS)
    previews = [at(item, "cover_item"), *(at(item, f"assets.{name}") for name in POSTERS)]
    found = next((preview for preview in previews if address(at(preview, "url"))), None)
    if clips and not found:
        return film('<div class="none"></div>', clips, title)
    poster = picture(at(found, "url"), at(found, "width"), at(found, "height"), title)
    larger = next(filter(None, (address(at(item, f"assets.{name}.url")) for name in LARGER)), None)
    return film(poster, clips, title) if clips else link(larger, poster)


def _addresses(item: Any, names: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses of clips with these names, and their types."""
    found = {name: at(item, f"assets.{name}.url") for name in names}
    return {url: names[name] for name, url in found.items() if address(url)}


def _pixels(item: Any) -> str:
    """Return the size of the largest file, if the answer has it, which needs `view="full"`."""
    files = (at(item, f"assets.{name}") for name in LARGEST)
    return next(filter(None, map(_sides, files)), "")


def _sides(file: Any) -> str:
    sides = [at(file, side) for side in ("width", "height")]
    return " &times; ".join(map(words, sides)) if None not in sides else ""


def _licensable(item: Any) -> str:
    """Return the sizes that can be licensed, with the names of their fields."""
    assets = at(item, "assets")
    names = fields_of(type(assets)) if isinstance(assets, JsonObject) else ()
    files = {name.strip("_").replace("_", " "): getattr(assets, name) for name in names}
    return "; ".join(
        f"{name} {_sides(file)}{f', {rate} fps' if (rate := words(at(file, 'fps'))) else ''}"
        for name, file in files.items()
        if at(file, "is_licensable") is True
    )
