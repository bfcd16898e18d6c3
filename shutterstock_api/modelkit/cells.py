"""The display of fields, according to their names and values: prices, dates, allotments, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shutterstock_api.modelkit.html import (
    LONGEST_WORDS,
    Cell,
    address,
    at,
    escape,
    length,
    link,
    long,
    mark,
    meter,
    sound,
    words,
)
from shutterstock_api.modelkit.visible import holds_secret
from shutterstock_api.schema.fields import Field, JsonObject, as_list, fields_of

LABELS: Mapping[str, str] = {
    "allotment": "Left",
    "allotment_charge": "Charge",
    "asset_type": "For",
    "bpm": "BPM",
    "collection_ids": "Collections",
    "contributor_type": "Type",
    "date_taken": "Taken",
    "download_time": "Downloaded",
    "duration": "Length",
    "error": "Reason",
    "expiration_time": "Expires",
    "id": "ID",
    "image_type": "Type",
    "is_downloadable": "Again",
    "is_editorial": "Licence",
    "isrc": "ISRC",
    "items_updated_time": "Items changed",
    "license": "Kind",
    "license_id": "Licence",
    "media_type": "Type",
    "portfolio_url": "Portfolio",
    "price_per_download": "Price",
    "progress_percent": "Progress",
    "sfx": "Sound effect",
    "sfx_id": "Sound effect",
    "total_item_count": "Items",
}
"""Labels of fields, if they differ from the names."""
HIDDEN = frozenset(
    {"affiliate_url", "aspect", "assets", "cover_asset", "cover_item", "hero_item", "metadata"}
    | {"role_assignments", "share_code", "share_url", "timeline", "url"}
)
"""Fields that are shown in another way, or that mean nothing to people."""


def columns_of(kind: type[JsonObject], rows: Sequence[Any]) -> dict[str, Cell]:
    """Return the columns of a table: the fields of a model that have a value in some row."""
    names = sorted(_shown_fields(kind), key=lambda name: fields_of(kind)[name].type_name.startswith("list["))
    cells = {label(name): _table_cell(name) for name in names}  # lists need much room, so they come last
    found = {name: cell for name, cell in cells.items() if any(map(cell, rows))}
    return {"Outcome": _outcome, **found} if _is_licence_result(kind) else found


def facts_of(model: JsonObject, told: Collection[str] = ()) -> dict[str, str]:
    """Return the values of a model's fields by their labels. False values are left out.

    Args:
        model: The model.
        told: Fields that are shown elsewhere.
    """
    names = [name for name in _shown_fields(type(model)) if name not in told]
    shown = {name: _field_cell(name)(model) for name in names}
    return {label(name): told for name, told in shown.items() if told and getattr(model, name) is not False}


def is_item(kind: type) -> bool:
    """Tell whether a model stands for an independent thing, which has an id or a name."""
    fields = fields_of(kind)
    return "name" in fields or any(name == "id" or name.endswith("_id") for name in fields)


def label(name: str) -> str:
    """Return the label of a field."""
    words = re.sub("^(is|has)_|_(id|time|date)$", "", name).replace("_", " ")
    return LABELS.get(name) or words[:1].upper() + words[1:]


def _shown_fields(kind: type[JsonObject]) -> Iterable[str]:
    hidden = HIDDEN.union(kind.secret_fields)
    return (name for name, field in fields_of(kind).items() if name not in hidden and _may_be_shown(field))


def _may_be_shown(field: Field) -> bool:
    """Tell whether people may see a field. Any value in place of a secret may be secret."""
    if field.name in SPECIAL:
        return True
    return not (field.name.endswith("url") or holds_secret(field.type))


def _field_cell(name: str) -> Cell:
    return lambda item: described(name, getattr(item, name, None))


def _table_cell(name: str) -> Cell:
    return lambda item: long(_field_cell(name)(item))


def described(name: str, value: Any) -> str:
    """Return the HTML of the value of a field."""
    if value is None:
        return ""
    if name in SPECIAL:
        return SPECIAL[name](value)
    if name == "id" or name.endswith("_id"):
        return _id(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_short, value)))
    return _parts(value) if isinstance(value, JsonObject) else words(value)


def _id(value: Any) -> str:
    """Return a complete id, as a call needs it, even if it looks like a path; a link is not an id."""
    plain = isinstance(value, str) and "//" not in value and len(value) <= LONGEST_WORDS
    return f"<code>{escape(value) if plain else words(value)}</code>"


def _short(value: Any) -> str:
    """Return the name of one of several things."""
    if isinstance(value, JsonObject):
        return words(at(value, "name") or at(value, "id"))
    return words(value)


def _parts(model: JsonObject) -> str:
    """Return all values of a model in one line."""
    told = [described(name, getattr(model, name)) for name in _shown_fields(type(model))]
    return " ".join(filter(None, told))


# Fields for which people want to see something other than the value.


def _price(price: Any) -> str:
    amount, currency = at(price, "local_amount"), at(price, "local_currency")
    return f"{amount:,.2f} {words(currency)}" if type(amount) in (int, float) else words(amount)


def _left(allotment: Any) -> str:
    """Return what is left of an allotment: downloads, generated content, and each tier."""
    tiers = at(allotment, "content_tiers")
    parts = [
        _count_left("", at(allotment, "downloads_left"), at(allotment, "downloads_limit")),
        _count_left("generations", at(allotment, "generations_left"), at(allotment, "generations_limit")),
        *(
            _count_left(str(name).replace("_", " "), at(tier, "downloads_left"), at(tier, "downloads_limit"))
            for name, tier in (tiers.items() if isinstance(tiers, dict) else ())
        ),
    ]
    end = at(allotment, "end_time")
    until = f"until {_day(end)}" if end is not None else ""
    return "<br>".join(filter(None, [*parts, until]))


def _count_left(what: str, left: Any, most: Any) -> str:
    if left is None:
        return ""
    of = f" of {_thousands(most)}" if most is not None else ""
    told = f"{meter(left, most)} {words(what)} {_thousands(left)}{of}".strip()
    return f"{told} {mark('used up', good=False)}" if type(left) is int and left <= 0 else told


def _thousands(value: Any) -> str:
    return f"{value:,}" if type(value) is int else words(value)


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if isinstance(moment, datetime) else words(moment)


def _expiry(moment: Any) -> str:
    if not isinstance(moment, datetime):
        return words(moment)
    ends = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    over = ends <= datetime.now(UTC)
    return f"{mark('expired', good=False)}<br>{_day(moment)}" if over else _day(moment)


def _formats(formats: Any) -> str:
    """Return what can be licensed, such as `huge jpg, vector eps`."""
    told = [(at(one, "size"), at(one, "format")) for one in as_list(formats)]
    return ", ".join(" ".join(map(words, dict.fromkeys(filter(None, one)))) for one in told)


def _progress(percent: Any) -> str:
    return f"{meter(percent, 100)} {words(percent)} %"


def _previews(previews: Any) -> str:
    clips = {at(one, "url"): at(one, "content_type") for one in as_list(previews)}
    return sound("", {url: kind for url, kind in clips.items() if isinstance(url, str)}, "Preview")


def _page(url: Any) -> str:
    """Return a link to a web page."""
    found = address(url)
    return link(found, escape(re.sub("^https?://(www[.])?", "", url)[:60])) if found else words(url)


def _pages(model: Any) -> str:
    if not isinstance(model, JsonObject):
        return words(model)
    pages = [getattr(model, name) for name in fields_of(type(model))]
    return ", ".join(_page(one) for one in pages if one is not None)


def _files(files: Any) -> str:
    return ", ".join(words(at(one, "filename")) for one in as_list(files) if isinstance(one, JsonObject))


SPECIAL: Mapping[str, Callable[[Any], str]] = {
    "allotment": _left,
    "duration": length,
    "expiration_time": _expiry,
    "expires_in": length,
    "files": _files,
    "formats": _formats,
    "is_editorial": lambda value: "editorial use only" if value is True else words(value),
    "portfolio_url": _page,
    "previews": _previews,
    "price": _price,
    "price_per_download": _price,
    "progress_percent": _progress,
    "social_media": _pages,
    "website": _page,
}


def _is_licence_result(kind: type[JsonObject]) -> bool:
    return {"download", "error"} <= fields_of(kind).keys()


def _outcome(result: Any) -> str:
    if at(result, "license_id") or at(result, "download.url"):
        return mark("licensed", good=True)
    return mark("refused", good=False) if at(result, "error") else mark("unclear", good=None)
