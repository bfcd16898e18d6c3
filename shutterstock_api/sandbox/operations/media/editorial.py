"""Handlers that look up and search editorial images and videos, by the new paths and the old ones."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import islice
from typing import Any

from shutterstock_api.sandbox.catalogue.editorial import events
from shutterstock_api.sandbox.catalogue.editorial.archive import Filters, Item
from shutterstock_api.sandbox.catalogue.editorial.countries import COUNTRIES, allows
from shutterstock_api.sandbox.catalogue.editorial.stock import EditorialStock
from shutterstock_api.sandbox.catalogue.editorial.updates import Period, changed, positions
from shutterstock_api.sandbox.catalogue.editorial.views import FOOTAGE, editorial_update, livefeed
from shutterstock_api.sandbox.catalogue.query import QueryError
from shutterstock_api.sandbox.http.messages import Refusal, invalid, not_found
from shutterstock_api.sandbox.http.times import timestamp
from shutterstock_api.sandbox.operations.call import Answer, Call, offset, page_of
from shutterstock_api.sandbox.operations.cursors import cursor_of, cursor_page

#: How many events are listed as livefeeds: those of the last 90 days.
_LISTED = 360
#: Changes are asked for between these times: one second after 1970, and 2038-01-19T00:00:00Z.
_EARLIEST, _LATEST = 1, 2_147_472_000
#: The least width and height of each resolution.
_RESOLUTIONS = {"4k": (3840, 2160), "high_definition": (1920, 1080), "standard_definition": (0, 0)}


def _stock(call: Call) -> EditorialStock:
    stock = call.stock
    assert isinstance(stock, EditorialStock)  # nosec B101 # the table gives no others to this module
    return stock


def _asked_country(call: Call) -> str:
    country = str(call.parameters["country"])
    if country not in COUNTRIES:
        raise invalid("$.query.country", "expected a country by its three letters", data=country)
    return country


def _shown_content(call: Call, items: list[Item]) -> list[dict[str, Any]]:
    return [_stock(call).view(item, call.service.base_url) for item in items]


def _beyond_the_rights(call: Call) -> Refusal:
    """406 if the operation has that status, otherwise 404."""
    if "406" in call.operation.answers:
        return Refusal(406, f"This content may not be distributed in {call.parameters['country']}")
    return not_found()


def get_editorial(call: Call) -> Answer:
    """One item."""
    country, item_id = _asked_country(call), call.parameters["id"]
    if not call.stock.knows(item_id):
        raise not_found()
    item = _stock(call).archive.item(item_id)
    if not allows(item.event.rights, country):
        raise _beyond_the_rights(call)
    return Answer(200, _shown_content(call, [item])[0])


def list_editorial(call: Call) -> Answer:
    """Several items, without those that are unknown or not available in the country."""
    country, archive = _asked_country(call), _stock(call).archive
    items = [archive.item(item_id) for item_id in call.parameters["id"] if archive.knows(item_id)]
    shown = _shown_content(call, [item for item in items if allows(item.event.rights, country)])
    search_id = call.parameters.get("search_id", "")
    return Answer(200, {"data": shown, "search_id": search_id, "total_count": len(shown)})


def list_editorial_categories(call: Call) -> Answer:
    """All categories."""
    return Answer(200, {"data": [{"name": name} for name in events.CATEGORIES]})


def search_editorial(call: Call) -> Answer:
    """One search, from the cursor on."""
    cursor, per_page = cursor_of(call), call.parameters["per_page"]
    try:
        found = _stock(call).archive.search(
            call.parameters.get("query", ""), _search_filters(call), call.parameters["sort"], cursor.time
        )
    except QueryError as error:
        raise invalid("$.query.query", str(error)) from error
    after = cursor.start + per_page
    body = cursor_page(
        cursor,
        _shown_content(call, found.page(cursor.start, per_page)),
        max(cursor.start - per_page, 0) if cursor.start else None,
        after if after < found.total else None,
    )
    search_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"editorial {cursor.question}"))
    return Answer(200, {**body, "per_page": per_page, "total_count": found.total, "search_id": search_id})


def _search_filters(call: Call) -> Filters:
    parameters = call.parameters
    return Filters(
        country=_asked_country(call),
        categories=tuple(
            part.strip().lower() for part in parameters.get("category", "").split(",") if part.strip()
        ),
        suppliers=tuple(parameters.get("supplier_code", ())),
        since=_date_of(call, "date_start"),
        until=_date_of(call, "date_end"),
        indexes=_clips(parameters) if {"resolution", "fps"} & parameters.keys() else None,
    )


def _clips(parameters: dict[str, Any]) -> tuple[int, ...]:
    """Which of the videos of an event pass."""
    wanted = parameters.get("resolution")
    return tuple(
        number
        for number, clip in enumerate(FOOTAGE)
        if parameters.get("fps") in (None, clip.fps)
        and wanted in (None, next(name for name, least in _RESOLUTIONS.items() if clip[:2] >= least))
    )


def _date_of(call: Call, name: str) -> date | None:
    try:
        return date.fromisoformat(call.parameters[name]) if name in call.parameters else None
    except ValueError as error:  # the year 0, which passes as a date in JSON Schema
        raise invalid(f"$.query.{name}", str(error)) from error


def list_changed(call: Call) -> Answer:
    """What was added or edited in a period, from the cursor on."""
    parameters, archive, per_page = call.parameters, _stock(call).archive, call.parameters["per_page"]
    cursor, filters = cursor_of(call), _updated_filters(call)
    period = _update_period(call, cursor.time)
    first, last = positions(archive, period)
    step = -1 if parameters["sort"] == "newest" else 1
    # The cursor counts from where the list begins, so that it means the same in both orders.
    beginning = last if step < 0 else first
    start = beginning + step * cursor.start
    found = list(islice(changed(archive, period, filters, start, step), per_page + 1))
    after = abs(found[per_page].item.position - beginning) if len(found) > per_page else None
    others = changed(archive, period, filters, start - step, -step) if cursor.start else ()
    earlier = list(islice(others, per_page))
    before = abs(earlier[-1].item.position - beginning) if earlier else None
    shown = [editorial_update(change, call.service.base_url) for change in found[:per_page]]
    return Answer(200, {**cursor_page(cursor, shown, before, after), "per_page": per_page})


def _updated_filters(call: Call) -> Filters:
    return Filters(
        country=_asked_country(call),
        suppliers=tuple(call.parameters.get("supplier_code", ())),
        since=_date_of(call, "date_taken_start"),
        before=_date_of(call, "date_taken_end"),
    )


def _update_period(call: Call, now: float) -> Period:
    names = ("date_updated_start", "date_updated_end")
    start, end = (timestamp(call.parameters, name) for name in names)
    for name, time in zip(names, (start, end), strict=True):
        if not _EARLIEST <= time <= _LATEST:
            raise invalid(
                f"$.query.{name}", "expected a time from 1970-01-01T00:00:01Z to 2038-01-19T00:00:00Z"
            )
    if end < start:
        raise invalid("$.query.date_updated_end", "date_updated_end lies before date_updated_start")
    return Period(call.parameters["type"], start, min(end, now))


def list_livefeeds(call: Call) -> Answer:
    """The livefeeds of the last 90 days that may be shown in the country, newest first."""
    country, last = _asked_country(call), events.events_until(call.service.clock())
    recent = (events.event(number) for number in reversed(range(max(0, last - _LISTED), last)))
    found = [one for one in recent if allows(one.rights, country)]
    start = offset(call)
    shown = [_shown_livefeed(call, one) for one in found[start : start + call.parameters["per_page"]]]
    return page_of(call, shown, len(found))


def _shown_livefeed(call: Call, one: events.Event) -> dict[str, Any]:
    archive = _stock(call).archive
    cover = archive.at(one.number * archive.per_event)
    return livefeed(one, archive.count(one.number, call.service.clock()), cover, call.service.base_url)


def _readable_event(call: Call) -> events.Event:
    country, one = _asked_country(call), events.event_of(call.parameters["id"], call.service.clock())
    if one is None:
        raise not_found()
    if not allows(one.rights, country):
        raise _beyond_the_rights(call)
    return one


def show_livefeed(call: Call) -> Answer:
    """One livefeed."""
    return Answer(200, _shown_livefeed(call, _readable_event(call)))


def list_livefeed_items(call: Call) -> Answer:
    """The items that a livefeed has by now, newest first."""
    items = _stock(call).archive.items_of(_readable_event(call), call.service.clock())[::-1]
    return Answer(200, {"data": _shown_content(call, items), "total_count": len(items)})
