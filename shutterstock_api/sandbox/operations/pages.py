"""Pages besides the operations: licensed files, previews, the login page."""

from __future__ import annotations

import re
from collections.abc import Callable

from shutterstock_api.sandbox.account.links import LinkedFile
from shutterstock_api.sandbox.account.login import login
from shutterstock_api.sandbox.account.oauth import LOGIN
from shutterstock_api.sandbox.account.store import letter_of
from shutterstock_api.sandbox.catalogue.stock import Stock
from shutterstock_api.sandbox.http.files import file_response, only_reading
from shutterstock_api.sandbox.http.messages import Request, Response, not_found

from .call import Service
from .services.custom_music import music_preview, render_file

Page = Callable[[Service, Request], Response]

_PREVIEW = re.compile(
    r"/previews/(?:(?P<medium>[a-z]+)/)?(?P<kind>[a-z0-9_]+)/(?P<item>[1-9]\d{0,17})\.(?P<extension>\w+)"
)
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
}

_EDITORIAL_PREVIEW = re.compile(
    r"/editorial-previews/(?P<medium>images|videos)/(?P<kind>[a-z0-9_]+)/(?P<item>\w+)\.(jpg|mp4|webm)"
)


PAGES = frozenset({"download", "preview", "login"})
"""The names of pages in faults."""


def page_at(path: str) -> tuple[Page, str] | None:
    """The handler of a path, and its name in faults; None if it is not a page."""
    if path.startswith(("/download/", "/api-downloads/")):
        return licensed_file, "download"
    if path.startswith("/renders/"):
        return render_file, "download"
    if path.startswith("/previews/music/"):
        return music_preview, "preview"
    if path.startswith("/previews/"):
        return preview, "preview"
    if path.startswith("/editorial-previews/"):
        return editorial_preview, "preview"
    return (login_page, "login") if path == LOGIN else None


def licensed_file(service: Service, request: Request) -> Response:
    """The file that a link leads to."""
    only_reading(request)
    link = service.links.file(request)
    stock = _stock_of(service, link)
    data, content_type = stock.file(link.item_id, link.size)
    return file_response(request, data, content_type, f"shutterstock_{link.item_id}.{link.extension}")


def _stock_of(service: Service, link: LinkedFile) -> Stock:
    if link.medium is not None:
        return service.stocks[link.medium]
    return next(stock for name, stock in service.stocks.items() if letter_of(name) == link.license_id[0])


def editorial_preview(service: Service, request: Request) -> Response:
    """A free picture or clip of an event."""
    only_reading(request)
    match = _EDITORIAL_PREVIEW.fullmatch(request.path)
    stocks = {"images": service.editorial_images, "videos": service.editorial_videos}
    file = stocks[match["medium"]].preview(match["item"], match["kind"]) if match else None
    if file is None:
        raise not_found()
    return file_response(request, *file)


def preview(service: Service, request: Request) -> Response:
    """A free picture, clip or sound."""
    only_reading(request)
    match = _PREVIEW.fullmatch(request.path)
    shelf = service.shelves.get(match["medium"] or "images") if match else None
    file = shelf.preview(match["item"], match["kind"]) if match and shelf else None
    if match is None or file is None or _EXTENSIONS[file.content_type] != match["extension"]:
        raise not_found()
    return file_response(request, *file)


def login_page(service: Service, request: Request) -> Response:
    """The page on which a customer allows or denies what an application asks for."""
    return login(service.oauth, service.contract.scopes, request)
