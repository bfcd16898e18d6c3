"""Models in Jupyter: cards if they have previews, otherwise tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pprint import pformat
from typing import Any

from shutterstock_api.modelkit.cards import card_of, failure, item_alone, way_of
from shutterstock_api.modelkit.cells import columns_of, facts_of, is_item
from shutterstock_api.modelkit.html import (
    MOST,
    and_more,
    at,
    facts_list,
    page,
    paragraphs,
    sheet,
    table,
    words,
)
from shutterstock_api.modelkit.license_outcomes import LicenseOutcomes
from shutterstock_api.modelkit.table import Table, list_of_items
from shutterstock_api.modelkit.visible import visible
from shutterstock_api.schema.fields import JsonObject, as_list, fields_of, is_error

MOST_IN_TEXT = 5
"""How many items of a list the text beside the HTML shows."""


PLURALS: Mapping[str, str] = {
    "Audio": "Tracks",
    "AudioRenderResult": "Renders",
    "CatalogCollection": "Collections",
    "CatalogCollectionItem": "Items",
    "CollectionItem": "Items",
    "ContributorProfile": "Contributors",
    "DownloadHistory": "Licences",
    "EditorialContent": "Editorial images",
    "EditorialUpdatedContent": "Updates",
    "EditorialVideoContent": "Editorial videos",
    "FeaturedCollection": "Collections",
    "SFX": "Sound effects",
    "UpdatedMedia": "Updates",
}
"""Names for several models of a class, if these differ from the name of the class."""


# Hooks of Jupyter.


def to_html(model: JsonObject) -> str | None:
    """Return the HTML of a model; `None` if it has none, so that its text is shown."""
    if isinstance(model, Table):
        return page(_answer_html(model, MOST))
    if "results" in fields_of(type(model)):
        return page(listing(as_list(at(model, "results"))))
    kind = type(model)
    if way_of(kind):
        return page(item_alone(model))
    return page(facts_list(facts_of(model))) if is_item(kind) else None


def to_short_text(model: JsonObject) -> str:
    """Return the `repr` of a model, with only the first items of long lists."""
    shown = visible(model)
    for name, value in shown.items():
        if isinstance(value, list) and len(value) > MOST_IN_TEXT:
            shown[name] = [*value[:MOST_IN_TEXT], f"... and {len(value) - MOST_IN_TEXT} more"]
    return pformat(shown, sort_dicts=False)


# Answers and lists.


def _answer_html(answer: Any, most: int) -> str:
    """Return a line about an answer, its items, and the service's messages."""
    made_of: Any = type(answer)
    name, kind = list_of_items(made_of) or ("data", JsonObject)
    items = as_list(at(answer, name))
    errors = [at(error, "message") or error for error in as_list(at(answer, "errors"))]
    notes = paragraphs([at(answer, "message"), *errors])
    return f"<p>{_headline(answer, kind, len(items))}</p>{listing(items, most)}{notes}"


def _headline(answer: Any, kind: Any, count: int) -> str:
    if issubclass(type(answer), LicenseOutcomes):
        states = {"licensed": answer.licensed, "refused": answer.failed, "unclear": answer.unclear}
        told = ", ".join(f"{len(some)} {state}" for state, some in states.items() if some) or "none"
    else:
        total = at(answer, "total_count")
        told = f"{count:,} of {total:,}" if type(total) is int else f"{count:,}"
        told += f", page {answer.page:,}" if type(at(answer, "page")) is int else ""
    title = f"<b>{plural(type(answer) if kind is str else kind)}</b> {told}"
    return f"{title}, {failure(answer)}" if is_error(answer) else title


def plural(kind: type) -> str:
    """Return the name for several models of a class, or for the texts that an answer lists."""
    name = kind.__name__
    if name in PLURALS:
        return PLURALS[name]
    if issubclass(kind, Table):
        name = re.sub("(Data)?List$", "", name)
    elif re.fullmatch("License[A-Za-z]+Result", name):
        name = "Licence"
    text = re.sub("(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
    return (
        text if text.endswith("s") else f"{text.removesuffix('y')}ies" if text.endswith("y") else f"{text}s"
    )


def listing(items: Sequence[Any], most: int = MOST, more: int | None = 0) -> str:
    """Return models as pictures, as tables or as text.

    Args:
        items: The models, or texts.
        most: The most items to show.
        more: How many more items there are; `None` if that is unknown.
    """
    shown = [item for item in items if isinstance(item, (JsonObject, str))][:most]
    left = None if more is None else len(items) - len(shown) + more
    return "".join(_group_html(list(group)) for _, group in groupby(shown, _way_to_show)) + and_more(left)


def _way_to_show(model: Any) -> str:
    """Return how to show several models together: as cards, or with the columns of a table."""
    kind = type(model)
    return (isinstance(model, JsonObject) and way_of(kind)) or kind.__name__


def _group_html(models: Sequence[Any]) -> str:
    kind: Any = type(models[0])
    if kind is str:
        return f"<p>{', '.join(map(words, models))}</p>"
    if issubclass(kind, Table):
        return "".join(_answer_html(model, max(1, MOST // len(models))) for model in models)
    if way := way_of(kind):
        return sheet(map(card_of, models), way)
    return table(columns_of(kind, models), models) if is_item(kind) else paragraphs(models)
