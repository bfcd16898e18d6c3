"""Handlers that license images and show what has been licensed."""

from __future__ import annotations

from typing import Any

from shutterstock_api.sandbox.account.links import File
from shutterstock_api.sandbox.account.store import DEFAULT_SUBSCRIPTION, USERNAME, Purchase, Sale
from shutterstock_api.sandbox.catalogue.images.images import Image
from shutterstock_api.sandbox.http.messages import Refusal, invalid, not_found
from shutterstock_api.sandbox.http.times import iso, timestamp

from .call import Answer, Call, offset


def license_images(call: Call) -> Answer:
    """License up to 50 images in one transaction. What is refused is told in its entry, not by the status."""
    entries = call.body["images"]
    if not entries:
        raise invalid("$.body.images", "expected 1 to 50 images", "VALIDATION_OUT_OF_RANGE")
    purchases = [_purchase(call, entry) for entry in entries]
    sales = call.service.store.license(purchases, call.service.clock())
    return Answer(200, {"data": [_result(call, *pair) for pair in zip(entries, sales, strict=True)]})


def _purchase(call: Call, entry: dict[str, Any]) -> Purchase | str:
    """What is to be licensed, or why it cannot be."""
    if not call.service.catalogue.knows(entry["image_id"]):
        return "Image not found"
    image = call.service.catalogue.image(int(entry["image_id"]))
    size = _size(call, entry)
    if image.is_editorial and not entry.get("editorial_acknowledgement"):
        return "Editorial acknowledgement is required for this image"
    if size == "vector" and image.type != "vector":
        return "This image is not available as a vector"
    if size == "vector" and entry.get("format") == "jpg":
        return "Size vector is not available as jpg"
    if size != "vector" and entry.get("format", call.parameters.get("format")) == "eps":
        return f"Size {size} is not available as eps"
    if size == "custom":
        dimensions = _dimensions(image, entry.get("custom_dimensions", {}))
        if isinstance(dimensions, str):
            return dimensions
        size = "custom-{}x{}".format(*dimensions)
    return Purchase(
        image_id=entry["image_id"],
        subscription_id=_subscription(call, entry),
        size=size,
        format="eps" if size == "vector" else "jpg",
        metadata=entry.get("metadata"),
        price=entry.get("price"),
        search_id=entry.get("search_id", call.parameters.get("search_id")),
    )


def _size(call: Call, entry: dict[str, Any]) -> str:
    """The size by what the image says itself, or else by the query; `eps` alone means `vector`."""
    own, common = entry.get("size"), call.parameters.get("size", "huge")
    if own is not None:
        return str(own)
    if "size" not in call.given and entry.get("format", call.parameters.get("format")) == "eps":
        return "vector"
    return str(common)


def _subscription(call: Call, entry: dict[str, Any]) -> str:
    return str(entry.get("subscription_id", call.parameters.get("subscription_id", DEFAULT_SUBSCRIPTION)))


def _dimensions(image: Image, wanted: dict[str, int]) -> tuple[int, int] | str:
    if not wanted:
        return "Size custom needs custom_dimensions"
    scale = min(
        wanted.get("width", image.width) / image.width,
        wanted.get("height", image.height) / image.height,
    )
    if max(wanted.get("width", 0) / image.width, wanted.get("height", 0) / image.height) > 1:
        return f"custom_dimensions exceed the image, which has {image.width} x {image.height} pixels"
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _result(call: Call, entry: dict[str, Any], sale: Sale) -> dict[str, Any]:
    image_id = entry["image_id"]
    if sale.error is not None or sale.license_id is None:
        return {"image_id": image_id, "error": sale.error}
    [license_] = call.service.store.licenses("number = ?", (int(sale.license_id[1:]),))
    result = {
        "image_id": image_id,
        "license_id": sale.license_id,
        "allotment_charge": sale.charge,
        "download": {"url": _link(call, license_, license_["size"])},
    }
    if sale.price is not None:
        result["price"] = {"local_amount": sale.price, "local_currency": "USD"}
    return result


def _link(call: Call, license_: dict[str, Any], size: str) -> str:
    kind, _, pixels = size.partition("-")
    width, _, height = pixels.partition("x")
    dimensions = (int(width), int(height)) if pixels else None
    file = File(license_["id"], int(license_["image_id"]), kind, dimensions)
    return call.service.base_url + call.service.links.path(file)


def download_image(call: Call) -> Answer:
    """A fresh link for a licence; nothing is charged."""
    license_id = call.parameters["id"]
    number = license_id[1:]
    known = license_id.startswith("i") and number.isascii() and number.isdigit() and len(number) < 18
    found = call.service.store.licenses("number = ?", (int(number),)) if known else []
    if not found:
        raise not_found()
    [license_] = found
    if not license_["is_downloadable"]:
        raise Refusal(403, "This licence does not allow to download the image again")
    size = call.body.get("size", license_["size"])
    if size == "vector" and call.service.catalogue.image(int(license_["image_id"])).type != "vector":
        raise invalid("$.body.size", "This image is not available as a vector")
    return Answer(200, {"url": _link(call, license_, size)})


def get_image_license_list(call: Call) -> Answer:
    """The licence history, filtered and in pages."""
    parameters, store = call.parameters, call.service.store
    where, values = _conditions(parameters)
    order = "DESC" if parameters["sort"] == "newest" else "ASC"
    page, per_page = parameters["page"], parameters["per_page"]
    tail = f"ORDER BY time {order}, number {order} LIMIT {per_page:d} OFFSET {offset(call):d}"
    body = {
        "data": [_entry(license_) for license_ in store.licenses(where, values, tail)],
        "page": page,
        "per_page": per_page,
        "total_count": store.count_licenses(where, values),
    }
    return Answer(200, body)


def _conditions(parameters: dict[str, Any]) -> tuple[str, list[Any]]:
    """The filters as SQL: fixed texts, with the values apart."""
    conditions: dict[str, list[Any]] = {}
    if not parameters["team_history"]:
        conditions["username = ?"] = [USERNAME]
    if "image_id" in parameters:
        conditions["image_id = ?"] = [parameters["image_id"]]
    if "username" in parameters:
        conditions["username = ? "] = [parameters["username"]]
    if "license" in parameters:
        name = parameters["license"]
        conditions["license <> ?" if name.startswith("-") else "license = ?"] = [name.removeprefix("-")]
    if "start_date" in parameters:
        conditions["time >= ?"] = [timestamp(parameters, "start_date")]
    if "end_date" in parameters:
        conditions["time < ?"] = [timestamp(parameters, "end_date")]
    if (
        "start_date" in parameters
        and "end_date" in parameters
        and conditions["time >= ?"] > conditions["time < ?"]
    ):
        raise invalid("$.query.end_date", "end_date lies before start_date")
    if parameters["download_availability"] != "all":
        conditions["is_downloadable = ?"] = [parameters["download_availability"] == "downloadable"]
    return " AND ".join(conditions) or "1", [value for values in conditions.values() for value in values]


def _entry(license_: dict[str, Any]) -> dict[str, Any]:
    entry = {
        "id": license_["id"],
        "download_time": iso(license_["time"]),
        "image": {
            "id": license_["image_id"],
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
