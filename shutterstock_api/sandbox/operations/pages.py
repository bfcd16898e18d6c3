"""What is served besides operations: licensed files, previews, the login page."""

from __future__ import annotations

import re
from collections.abc import Callable

from shutterstock_api.sandbox.account.login import login
from shutterstock_api.sandbox.account.oauth import LOGIN
from shutterstock_api.sandbox.http.files import file_response, only_reading
from shutterstock_api.sandbox.http.messages import Request, Response, not_found

from .call import Service

Page = Callable[[Service, Request], Response]

_PREVIEW = re.compile(r"/previews/(?P<kind>[a-z0-9_]+)/(?P<item>[1-9]\d{0,17})\.jpg")


PAGES = frozenset({"download", "preview", "login"})
"""The names under which faults know pages."""


def page_at(path: str) -> tuple[Page, str] | None:
    """What serves a path, and under which name faults know it; None where it is not a page."""
    if path.startswith("/download/"):
        return licensed_file, "download"
    if path.startswith("/previews/"):
        return preview, "preview"
    return (login_page, "login") if path == LOGIN else None


def licensed_file(service: Service, request: Request) -> Response:
    """What a link leads to."""
    only_reading(request)
    link = service.links.file(request)
    [stock] = [stock for name, stock in service.stocks.items() if name[0] == link.license_id[0]]
    data, content_type = stock.file(link.item_id, link.size)
    return file_response(request, data, content_type, f"shutterstock_{link.item_id}.{link.extension}")


def preview(service: Service, request: Request) -> Response:
    """A free picture."""
    only_reading(request)
    match = _PREVIEW.fullmatch(request.path)
    file = service.images.preview(match["item"], match["kind"]) if match else None
    if file is None:
        raise not_found()
    return file_response(request, *file)


def login_page(service: Service, request: Request) -> Response:
    """Where a customer allows or denies what an application asks for."""
    return login(service.oauth, service.contract.scopes, request)
