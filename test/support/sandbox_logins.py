"""Logging in at the sandbox."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

AUTHORIZE, ACCESS_TOKEN = "/v2/oauth/authorize", "/v2/oauth/access_token"
BACK = "http://localhost:3000/back?a=1"


def ask(client: Any, **query: str | None) -> Any:
    """Ask for a login page."""
    given = {
        "client_id": client.sandbox.key,
        "redirect_uri": BACK,
        "response_type": "code",
        "state": "s&t",
        "scope": "user.view licenses.view",
        **query,
    }
    return client("GET", AUTHORIZE, **{name: text for name, text in given.items() if text is not None})


def page_of(client: Any, **query: str | None) -> str:
    reply = ask(client, **query)
    assert (reply.status, reply.data) == (302, b"")
    return reply.headers["Location"]


def press(client: Any, page: str, **pressed: str) -> Any:
    """Send the form of a login page, as a browser does."""
    html = client("GET", page).data.decode()
    [form] = re.findall(r'<form method="post" action="(.*?)">', html)
    fields = dict(re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', html))
    body = urlencode({name: unescape(text) for name, text in fields.items()} | pressed)
    return client.pool.request("POST", client.sandbox.url + form, body=body, redirect=False)


def code_of(client: Any, **query: str | None) -> str:
    target = press(client, page_of(client, **query), decision="allow").headers["Location"]
    return parse_qs(urlsplit(target).query)["code"][0]


def exchange(client: Any, **body: Any) -> Any:
    """Ask for a token."""
    given = {"client_id": client.sandbox.key, "client_secret": client.sandbox.secret, **body}
    given = {name: value for name, value in given.items() if value is not None}
    return client("POST", ACCESS_TOKEN, given, headers={"Authorization": None})


def status_with(client: Any, token: str, path: str = "/v2/images/1") -> int:
    return client("GET", path, headers={"Authorization": f"Bearer {token}"}).status
