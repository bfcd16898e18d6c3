"""The login page of the sandbox, and what it may be asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sandbox_logins import ACCESS_TOKEN, AUTHORIZE, ask, page_of, press

from shutterstock_api.sandbox.contract.contract import load_contract

# The login page.


def test_the_page_says_who_asks_for_what(client: Any) -> None:
    page = page_of(client, scope="licenses.create made.up<b>", state="<s>", realm="contributor")
    assert page.startswith(f"{client.sandbox.url}/login?question=")
    reply = client("GET", page, headers={"Authorization": None})
    html = reply.data.decode()
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for text in (
        '<html lang="en">',
        f"<code>{client.sandbox.key}</code>",
        f"<li>{load_contract().scopes['licenses.create']}<code>licenses.create</code></li>",
        "<code>made.up&lt;b&gt;</code>",
        "logged in as a contributor",
        "<code>localhost:3000</code>",
        '<button name="decision" value="allow">Allow</button>',
        '<button name="decision" value="deny">Deny</button>',
    ):
        assert text in html
    assert "<b>" not in html
    assert "<s>" not in html
    assert client("HEAD", page).status == 200


def test_a_page_without_scopes(client: Any) -> None:
    assert b"Nothing but to know that you agree." in client("GET", page_of(client, scope="")).data
    assert b"<code>user.view</code>" in client("GET", page_of(client, scope=None)).data


@pytest.mark.parametrize(
    ("redirect_uri", "form_action"),
    [
        ("http://localhost:3000/back", "'self' http://localhost:3000"),
        ("https://127.0.0.1", "'self' https://127.0.0.1"),
        ("http://[::1]:3000/", "'self' http:"),
    ],
)
def test_the_page_allows_itself_nothing_else(client: Any, redirect_uri: str, form_action: str) -> None:
    headers = client("GET", page_of(client, redirect_uri=redirect_uri)).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy.pop("style-src"))
    none = dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'")
    assert policy == {**none, "form-action": form_action}
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("decision", "answer"),
    [
        ("allow", r"http://localhost:3000/back\?a=1&code=[\w-]{32}&state=s%26t"),
        ("deny", r"http://localhost:3000/back\?a=1&error=access_denied&state=s%26t"),
    ],
)
def test_a_decision(client: Any, decision: str, answer: str) -> None:
    reply = press(client, page_of(client), decision=decision)
    assert reply.status == 302
    assert re.fullmatch(answer, reply.headers["Location"])
    pressed = client.sandbox.consent(page_of(client), allow=decision == "allow")
    assert re.fullmatch(answer, pressed)


@pytest.mark.parametrize("fields", [{}, {"decision": "perhaps"}])
def test_no_decision(client: Any, fields: dict[str, str]) -> None:
    reply = press(client, page_of(client), **fields)
    assert reply.status == 400
    assert b"Neither Allow nor Deny was pressed. Go back to the application" in reply.data
    assert "form-action 'none'" in reply.headers["Content-Security-Policy"]


def test_a_forged_page(client: Any) -> None:
    page = page_of(client)
    content, _, signature = page.partition("question=")[2].partition(".")
    other = page_of(client, scope="licenses.create").partition("question=")[2].partition(".")[0]
    for forged in ("", "x", content, f"{other}.{signature}", f"{content}.", f".{signature}", "%00.%ff"):
        for reply in (
            client("GET", f"/login?question={forged}"),
            client.pool.request(
                "POST", f"{client.sandbox.url}/login", body=f"question={forged}&decision=allow"
            ),
        ):
            assert (reply.status, "Location" in reply.headers) == (400, False)
            assert b"This page was not made here" in reply.data
    assert client("GET", page).status == 200


def test_a_token_is_no_page(client: Any) -> None:
    _, content, signature = client.sandbox.token().split("/")
    assert client("GET", f"/login?question={content}.{signature}").status == 400


def test_a_page_lasts_ten_minutes(client: Any, clock: Any) -> None:
    page = page_of(client)
    clock.now += 599
    assert client("GET", page).status == 200
    clock.now += 1
    assert b"This page has expired" in client("GET", page).data
    assert client("GET", page).status == 400


def test_other_verbs(client: Any) -> None:
    assert client("DELETE", "/login").headers["Allow"] == "GET, HEAD, POST"
    assert client("POST", AUTHORIZE).headers["Allow"] == "GET"
    assert client("GET", ACCESS_TOKEN).headers["Allow"] == "POST"


# What may be asked.


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://localhost",
        "http://localhost?x",
        "HTTP://LOCALHOST:80/",
        "https://127.0.0.1:8443/a/b?c=d",
        "http://[::1]/",
    ],
)
def test_this_machine_is_registered(client: Any, redirect_uri: str) -> None:
    assert ask(client, redirect_uri=redirect_uri).status == 302


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "localhost",
        "//localhost/",
        "http://example.com/",
        "http://localhost.example.com/",
        "http://localhost@example.com/",
        "http://me@localhost/",
        "http://example.com\\@localhost/",
        "http://localhost\\@example.com/",
        "http://localhost:80:80/",
        "http://localhost:/",
        "http://localhost:3000.example.com/",
        "http://localhost/#code",
        "http://localhost/ x",
        "http://localhost/\r\nSet-Cookie: a=b",
        "http://localhost/ä",
        "http://localhost:٣٠٠٠/",
        "http://localho\u017ft/",
        "http://127.0.0.2/",
        "http://[::2]/",
        "javascript:alert(1)//localhost/",
        "ftp://localhost/",
    ],
)
def test_nothing_else_is_registered(client: Any, redirect_uri: str) -> None:
    reply = ask(client, redirect_uri=redirect_uri)
    assert reply.status == 400
    assert reply.json["errors"][0]["path"] == "$.query.redirect_uri"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"client_id": None}, 400),
        ({"redirect_uri": None}, 400),
        ({"response_type": None}, 400),
        ({"state": None}, 400),
        ({"response_type": "token"}, 400),
        ({"realm": "other"}, 400),
        ({"colour": "red"}, 400),
        ({"client_id": "x"}, 401),
    ],
)
def test_wrong_questions(client: Any, query: dict[str, str | None], status: int) -> None:
    assert ask(client, **query).status == status
