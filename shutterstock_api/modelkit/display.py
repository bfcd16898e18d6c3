"""How models look in Jupyter, by the names of their classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pprint import pformat
from typing import Any, NamedTuple

from shutterstock_api.modelkit.html import (
    MOST,
    Cell,
    address,
    and_more,
    at,
    card,
    cell,
    code,
    facts_beside,
    link,
    mark,
    page,
    paragraphs,
    picture,
    sheet,
    table,
    words,
)
from shutterstock_api.modelkit.license_outcomes import LicenseOutcomes
from shutterstock_api.modelkit.table import Table, list_of_items
from shutterstock_api.modelkit.visible import visible
from shutterstock_api.schema.fields import JsonObject, as_list, fields_of, is_error

MOST_IN_TEXT = 5
"""Items of a list in the text beside the HTML."""


class Look(NamedTuple):
    """How the models of a class look."""

    plural: str
    """What several of them are called."""
    columns: Mapping[str, Cell] = {}
    """Columns of a table that has a row for each."""
    card: Cell | None = None
    """The card of one, where they are shown as pictures."""
    alone: Cell | None = None
    """How one looks alone; by default as in a list of one."""


# What Jupyter asks for.


def to_html(model: JsonObject) -> str | None:
    """Return the HTML of a model; `None` where it has none, so that its text is shown."""
    if isinstance(model, Table):
        return page(_answer_html(model, MOST))
    if "results" in fields_of(type(model)):
        return page(listing(as_list(at(model, "results"))))
    look = LOOKS.get(type(model).__name__)
    return page(look.alone(model) if look.alone else listing([model])) if look else None


def to_short_text(model: JsonObject) -> str:
    """Return the `repr` of a model, of long lists the first items."""
    shown = visible(model)
    for name, value in shown.items():
        if isinstance(value, list) and len(value) > MOST_IN_TEXT:
            shown[name] = [*value[:MOST_IN_TEXT], f"... and {len(value) - MOST_IN_TEXT} more"]
    return pformat(shown, sort_dicts=False)


# Answers and lists.


def _answer_html(answer: Any, most: int) -> str:
    """Return a line about an answer, its items, and what the service says beside them."""
    items = as_list(answer.data)
    errors = [at(error, "message") or error for error in as_list(at(answer, "errors"))]
    notes = paragraphs([at(answer, "message"), *errors])
    return f"<p>{_headline(answer, len(items))}</p>{listing(items, most)}{notes}"


def _headline(answer: Any, count: int) -> str:
    made_of: Any = type(answer)
    _, kind = list_of_items(made_of) or ("data", JsonObject)
    look = LOOKS.get(kind.__name__)
    if issubclass(type(answer), LicenseOutcomes):
        states = {"licensed": answer.licensed, "refused": answer.failed, "unclear": answer.unclear}
        told = ", ".join(f"{len(some)} {state}" for state, some in states.items() if some) or "none"
    else:
        total = at(answer, "total_count")
        told = f"{count:,} of {total:,}" if type(total) is int else f"{count:,}"
        told += f", page {answer.page:,}" if type(at(answer, "page")) is int else ""
    title = f"<b>{look.plural if look else 'Results'}</b> {told}"
    return f"{title}, {_failure(answer)}" if is_error(answer) else title


def _failure(entry: Any) -> str:
    """Return what kind of error stands in the place of what was asked for."""
    return f"{mark('failed', good=False)} {words(at(entry, 'status_code'))} {words(at(entry, 'error'))}"


def listing(items: Sequence[Any], most: int = MOST, more: int | None = 0) -> str:
    """Return models as pictures, as tables or as text.

    Args:
        items: The models, or texts.
        most: How many are shown at most.
        more: How many there are besides; `None` where nobody knows.
    """
    shown = [item for item in items if isinstance(item, (JsonObject, str))][:most]
    left = None if more is None else len(items) - len(shown) + more
    return "".join(_group_html(list(group)) for _, group in groupby(shown, _way_to_show)) + and_more(left)


def _way_to_show(model: Any) -> str:
    """Return what models have in common that are shown together: pictures, or the columns of a table."""
    name = type(model).__name__
    look = LOOKS.get(name)
    return "pictures" if look and look.card else name


def _group_html(models: Sequence[Any]) -> str:
    if isinstance(models[0], str):
        return f"<p>{', '.join(map(words, models))}</p>"
    if isinstance(models[0], Table):
        return "".join(_answer_html(model, max(1, MOST // len(models))) for model in models)
    looks = [LOOKS.get(type(model).__name__) for model in models]
    if looks[0] is None:
        return paragraphs(models)
    if looks[0].card is None:
        return table(looks[0].columns, models)
    return sheet(look.card(model) for look, model in zip(looks, models, strict=True) if look and look.card)


# Images and collections.


def _image_alone(image: Any) -> str:
    """Return an image with all that people want to know about it."""
    names = [at(category, "name") for category in as_list(image.categories)]
    facts = {
        "ID": f"<code>{words(image.id)}</code>",
        "Size": _pixels(image),
        "Type": words(image.image_type),
        "Contributor": words(at(image, "contributor.id")),
        "Added": words(image.added_date),
        "Categories": words(", ".join(name for name in names if isinstance(name, str))),
        "Keywords": words(", ".join(word for word in as_list(image.keywords) if isinstance(word, str))),
        "Licence": "editorial use only" if image.is_editorial is True else "",
    }
    return facts_beside(_preview(image), image.description, facts)


def _image_card(image: Any) -> str:
    if is_error(image):
        return card(picture(None, None, None, None), image.message, _failure(image))
    contributor = words(at(image, "contributor.id"))
    facts = [f"<code>{words(image.id)}</code>", _pixels(image), contributor and f"by {contributor}"]
    return card(_preview(image), image.description, *filter(None, facts))


def _collection_card(collection: Any) -> str:
    cover = picture(at(collection, "cover_item.url"), None, None, collection.name)
    count = words(collection.total_item_count)
    return card(cover, collection.name, f"<code>{words(collection.id)}</code>", f"{count or '?'} items")


def _preview(image: Any) -> str:
    """Return a preview that fits the screen, as a link to a larger one."""
    previews = [at(image, f"assets.{name}") for name in _PREVIEWS]
    found = next((preview for preview in previews if address(at(preview, "url"))), None)
    description = image.description or f"Image {image.id}"
    larger = next(filter(None, (address(at(image, f"assets.{name}.url")) for name in _LARGER)), None)
    return link(larger, picture(at(found, "url"), at(found, "width"), at(found, "height"), description))


_PREVIEWS = ("preview", "huge_thumb", "large_thumb", "preview_1000", "mosaic", "small_thumb", "preview_1500")
"""Previews of an image, the best for a sheet first: twice as large as shown there, for dense screens."""
_LARGER = ("preview_1500", "preview_1000")


def _pixels(image: Any) -> str:
    """Return the size of the largest file, where the answer has it: `view="full"` asks for it."""
    sides = [at(image, f"assets.huge_jpg.{side}") for side in ("width", "height")]
    return " &times; ".join(map(words, sides)) if None not in sides else ""


# Licences.


def _result_mark(result: Any) -> str:
    if at(result, "license_id") or at(result, "download.url"):
        return mark("licensed", good=True)
    return mark("refused", good=False) if at(result, "error") else mark("unclear", good=None)


LOOKS: Mapping[str, Look] = {
    "Category": Look("Categories", {"ID": code("id"), "Name": cell("name")}),
    "Collection": Look(
        "Collections",
        {
            "ID": code("id"),
            "Name": cell("name"),
            "Items": cell("total_item_count"),
            "Created": cell("created_time"),
            "Items changed": cell("items_updated_time"),
        },
    ),
    "CollectionItem": Look(
        "Items", {"ID": code("id"), "Type": cell("media_type"), "Added": cell("added_time")}
    ),
    "DownloadHistory": Look(
        "Licences",
        {
            "Licence": code("id"),
            "Image": code("image.id"),
            "Kind": cell("license"),
            "Downloaded": cell("download_time"),
            "Size": cell("image.format.size"),
            "Again": cell("is_downloadable"),
        },
    ),
    "FeaturedCollection": Look("Collections", card=_collection_card),
    "Image": Look("Images", card=_image_card, alone=_image_alone),
    "LicenseImageResult": Look(
        "Licences",
        {
            "Outcome": _result_mark,
            "Image": code("image_id"),
            "Licence": code("license_id"),
            "Charge": cell("allotment_charge"),
            "Reason": cell("error"),
        },
    ),
    "Recommendation": Look("Recommendations", {"ID": code("id")}),
    "UpdatedMedia": Look(
        "Updates", {"ID": code("id"), "Updated": cell("updated_time"), "Kinds": cell("updates")}
    ),
}
"""The look of each class by its name; a class without one is shown as text."""
