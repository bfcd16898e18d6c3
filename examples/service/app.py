"""A backend service: people search and license through it, each with a token of their own.

Each process has one client for all threads and all people. README.md in this folder says how to run it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, abort, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

import shutterstock_api
from shutterstock_api import ApiException, LicenseOutcomeUnknown

from . import metrics
from .orders import KINDS, Items, Order, Orders, Wish
from .users import Users

SEARCH_DEADLINE = 5.0
"""Seconds for all attempts of a call while a person is waiting."""
LICENSE_DEADLINE = 30.0
"""Seconds after which nobody waits for the answer to a licence request any more."""
THREADS = 16
"""How many requests a process serves at the same time, and the maximum number of its connections."""
OPEN = frozenset({"health", "metrics"})
"""Endpoints that need no key: keep the port inside your network."""

STATUSES: dict[type[ApiException], int] = {
    shutterstock_api.BadRequestError: 400,
    shutterstock_api.ApiValueError: 400,
    shutterstock_api.UnauthorizedError: 403,  # our 401 is about our own keys
    shutterstock_api.OAuthError: 403,
    shutterstock_api.ForbiddenError: 403,
    shutterstock_api.NotFoundError: 404,
    shutterstock_api.RateLimitError: 503,
    shutterstock_api.ApiTimeoutError: 504,
}
"""The status that our callers get for an error from Shutterstock; for all others it is 502."""


class TokenOfCaller:
    """The token of the person whose request this thread is serving.

    Threads of the client, such as those of `async_req`, work for the request that started them. Any other
    thread has no `g`, so its call fails, which is better than a call with the token of somebody else.
    """

    def __call__(self) -> str:
        return str(g.user.token())

    def renew(self, refused: str) -> str:
        return str(g.user.token.renew(refused))


folder = Path(os.environ["SERVICE_DATA"])
users = Users(folder, shutterstock_api.OAuth())
orders = Orders(folder / "orders.sqlite", LICENSE_DEADLINE)
client = shutterstock_api.ApiClient(
    access_token=TokenOfCaller(),
    timeout=(2, SEARCH_DEADLINE),
    license_timeout=(2, LICENSE_DEADLINE),
    deadline=SEARCH_DEADLINE,
    max_retry_wait=2,  # for a longer pause, the caller gets a 503
    connection_pool_maxsize=THREADS,
)
LICENSING: dict[str, Callable[..., Any]] = {
    "image": client.images.license_images,
    "video": client.videos.license_videos,
}
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
metrics.measure(app)


@app.before_request
def recognise() -> None:
    """Find out who is asking."""
    if request.endpoint in OPEN:
        return
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    g.user = users.with_key(key) if kind == "Bearer" else None
    if g.user is None:
        abort(401, "Send your key of this service as a Bearer token.")


@app.get("/search")
def search() -> ResponseReturnValue:
    found = client.images.search_images(
        query=request.args.get("q"),
        page=request.args.get("page", 1, int),
        fields="total_count,data(id,description,assets(huge_thumb(url)))",
    )
    images = [
        {
            "id": image.id,
            "description": image.description,
            "preview": image.assets and image.assets.huge_thumb and image.assets.huge_thumb.url,
        }
        for image in found.data or ()
    ]
    return {"total": found.total_count, "images": images}


@app.put("/orders/<name>")
def buy(name: str) -> ResponseReturnValue:
    """License images or videos. The caller chooses the name, and putting an order again buys nothing more."""
    wish = wanted()
    order = orders.begin(g.user.name, name, wish)
    if order is None:
        order = known(name)
        if order.wish != wish:
            abort(409, "There is an order of this name for something else.")
        return told(order)
    try:
        results = LICENSING[wish.medium](order.licence_request(), _deadline=LICENSE_DEADLINE)
    except LicenseOutcomeUnknown:
        return told(order)
    except ApiException:  # nothing was bought
        orders.drop(order)
        raise
    return told(settled(order, order.answered(results)))


@app.get("/orders/<name>")
def look_up(name: str) -> ResponseReturnValue:
    """Tell what became of an order. It buys nothing, so callers can ask as often as they like."""
    order = known(name)
    if order.items is None:
        order = settled(order, order.reconciled(order.doubt().reconcile(client)))
    return told(order)


@app.get("/health")
def health() -> ResponseReturnValue:
    """Tell whether this process works. It does not ask Shutterstock: a restart here would not help there."""
    orders.check()
    return {"status": "ok"}


@app.errorhandler(ApiException)
def failed(error: ApiException) -> ResponseReturnValue:
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 502)
    if status >= 500:
        app.logger.warning("%s", error)
    headers = {}
    if isinstance(error, shutterstock_api.RateLimitError):
        headers["Retry-After"] = str(math.ceil(error.retry_after or 1))
    return {"error": error.message or error.reason or type(error).__name__}, status, headers


@app.errorhandler(HTTPException)
def refused(error: HTTPException) -> ResponseReturnValue:
    return {"error": error.description}, error.code or 500


def wanted() -> Wish:
    """Return what the request asks for, without duplicates."""
    body: Any = request.get_json()
    found = [medium for medium in KINDS if isinstance(body, dict) and f"{medium}_ids" in body]
    ids = body[f"{found[0]}_ids"] if len(found) == 1 else None
    if not isinstance(ids, list) or not all(isinstance(one, str) and one for one in ids):
        abort(400, 'Send {"image_ids": ["..."]}, or {"video_ids": ["..."], "size": "hd"}.')
    if not 1 <= len(ids) <= 50:
        abort(400, "An order has 1 to 50 items.")
    wish = Wish(found[0], list(dict.fromkeys(ids)), body.get("size"))
    if wish.kind.needs_size and not wish.size:
        abort(400, "Choose a size, such as hd: the service would choose the smallest, at the same price.")
    return wish


def known(name: str) -> Order:
    """Return an order of the caller's own."""
    return orders.find(g.user.name, name) or abort(404, "You have no order of this name.")


def settled(order: Order, items: Items) -> Order:
    """Record what became of the items of an order, unless some are missing."""
    if items.keys() != set(order.wish.item_ids):
        return order
    if orders.settle(order, items):
        for item in items.values():
            metrics.LICENCES.labels(item["state"]).inc()
    return order._replace(items=items)


def told(order: Order) -> ResponseReturnValue:
    """Answer with what is known about an order, or with the address to ask later."""
    if order.items is not None:
        return {"order": order.name, "state": "settled", order.wish.kind.items: order.items}
    there = url_for("look_up", name=order.name)
    text = {"order": order.name, "state": "unknown", "look_up": there}
    return text, 202, {"Location": there, "Retry-After": "5"}
