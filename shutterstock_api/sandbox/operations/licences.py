"""Licensing media of any kind, and the licence history."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from shutterstock_api.sandbox.account.database import USERNAME
from shutterstock_api.sandbox.account.links import LinkedFile
from shutterstock_api.sandbox.account.store import Purchase, license_number
from shutterstock_api.sandbox.http.messages import Refusal, invalid, not_found
from shutterstock_api.sandbox.http.times import iso, timestamp

from .call import Answer, Call, page_of


def license_items(call: Call) -> Answer:
    """License all entries in one transaction. A refusal is in its entry, not in the status."""
    medium = call.medium
    entries = call.body[medium.items]
    if not entries:
        message = f"expected 1 to {medium.most} {medium.items}" if medium.most else "expected 1 or more"
        raise invalid(f"$.body.{medium.items}", message, "VALIDATION_OUT_OF_RANGE")
    purchases = [_purchase(call, entry) for entry in entries]
    sales = call.service.store.license(purchases, call.service.clock(), call.service.true_time())
    return Answer(200, {"data": [_result(call, *pair) for pair in zip(entries, sales, strict=True)]})


def _purchase(call: Call, entry: dict[str, Any]) -> Purchase | str:
    """What to license, or why it cannot be licensed."""
    item_id = entry[call.medium.item_id]
    if not call.stock.knows(item_id):
        return f"{call.medium.kind.capitalize()} not found"
    beside = {name: value for name, value in call.body.items() if name != call.medium.items}
    common = {name: call.parameters[name] for name in call.given} | beside
    product = call.stock.product(item_id, entry, common)
    if isinstance(product, str):
        return product
    either = {**common, **entry}
    return Purchase(
        medium=call.medium.name,
        item_id=item_id,
        subscription_id=either.get("subscription_id"),
        size=product.size,
        format=product.format,
        metadata=entry.get("metadata"),
        price=entry.get("price"),
        search_id=either.get("search_id"),
        license=either.get("license"),
        is_downloadable=call.medium.is_downloadable,
    )


def _result(call: Call, entry: dict[str, Any], sale: dict[str, Any] | str) -> dict[str, Any]:
    item = {call.medium.item_id: entry[call.medium.item_id]}
    if isinstance(sale, str):
        return {**item, "error": sale}
    result = {
        **item,
        "license_id": sale["id"],
        "allotment_charge": sale["charge"],
        "download": _links(call, sale, sale["size"]),
    }
    if sale["price"] is not None:
        result["price"] = {"local_amount": sale["price"], "local_currency": "USD"}
    return {name: value for name, value in result.items() if name in call.medium.results}


def _links(call: Call, license_: dict[str, Any], size: str) -> dict[str, str]:
    sizes = {"url": size, **call.stock.more_files(license_["item_id"])}
    return {name: _link(call, license_, size) for name, size in sizes.items()}


def _link(call: Call, license_: dict[str, Any], size: str) -> str:
    elsewhere = None if call.medium.is_downloadable else call.medium.name
    file = LinkedFile(license_["id"], size, license_["item_id"], call.stock.extension(size), elsewhere)
    return call.service.base_url + call.service.links.path(file)


def download_again(call: Call) -> Answer:
    """A fresh link for a licence; nothing is charged."""
    license_ = call.service.store.license_of(call.medium.name, call.parameters["id"])
    if license_ is None:
        raise not_found()
    if not license_["is_downloadable"]:
        raise Refusal(403, f"This licence does not allow to download the {call.medium.kind} again")
    size = (call.body or {}).get("size", license_["size"])
    if refusal := call.stock.refusal(license_["item_id"], size):
        raise invalid("$.body.size", refusal)
    return Answer(200, _links(call, license_, size))


def license_history(call: Call) -> Answer:
    """The licence history, filtered and in pages."""
    parameters, store, quirks = call.parameters, call.service.store, call.service.quirks()
    filters = _filters(call)
    total = store.count_licenses(filters)
    start, limit = quirks.window(parameters["page"], parameters["per_page"], total)
    if quirks.history_shuffled:
        rows = store.licenses(filters)
        Random(next(call.service.shuffles)).shuffle(rows)  # nosec B311 # repeatable, not secret
        rows = rows[start : start + limit]
    else:
        rows = store.licenses(filters, parameters["sort"], limit, start)
    page = page_of(call, [_history_entry(call, row) for row in rows], total)
    return replace(page, body=quirks.with_total(page.body), checked=quirks.history_total is None)


def _filters(call: Call) -> dict[str, Any]:
    parameters = call.parameters
    dates = {name: timestamp(parameters, name) for name in ("start_date", "end_date") if name in parameters}
    if len(dates) == 2 and dates["start_date"] > dates["end_date"]:
        raise invalid("$.query.end_date", "end_date lies before start_date")
    license_, availability = parameters.get("license", ""), parameters["download_availability"]
    without = license_.startswith("-")
    lag = call.service.quirks().history_lag
    return {
        "medium": call.medium.name,
        "number": license_number(call.medium.name, parameters["license_id"])
        if "license_id" in parameters
        else None,
        "item_id": parameters.get(call.medium.history_filter),
        "owner": None if parameters["team_history"] else USERNAME,
        "username": parameters.get("username"),
        "license": None if without else parameters.get("license"),
        "other_license": license_.removeprefix("-") if without else None,
        "since": dates.get("start_date"),
        "before": dates.get("end_date"),
        "is_downloadable": None if availability == "all" else availability == "downloadable",
        "granted_until": call.service.true_time() - lag if lag else None,
    }


def _history_entry(call: Call, license_: dict[str, Any]) -> dict[str, Any]:
    entry = {
        "id": license_["id"],
        "download_time": iso(license_["time"]),
        call.medium.kind: {
            "id": license_["item_id"],
            "format": {"format": license_["format"], "size": license_["size"].partition("-")[0]},
        },
        "is_downloadable": license_["is_downloadable"],
        "license": license_["license"],
        "subscription_id": license_["subscription_id"],
        "user": {"username": license_["username"]},
    }
    if license_["metadata"] is not None:
        entry["metadata"] = license_["metadata"]
    if license_["price"] is not None:
        entry["revshare"] = {"purchase_amount": f"{license_['price']:.2f}", "purchase_currency": "USD"}
    return entry
