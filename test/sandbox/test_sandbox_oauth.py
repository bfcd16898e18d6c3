"""The way to a token: authorize, the login page, the code, the exchange, the refresh."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from shutterstock_api.sandbox import SCOPES, Fault
from shutterstock_api.sandbox.contract.contract import load_contract

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


# Codes and tokens.


def test_a_code_becomes_a_token_once(client: Any) -> None:
    code = code_of(client)
    granted = exchange(client, grant_type="authorization_code", code=code).json
    assert granted.keys() == {"access_token", "token_type", "expires_in"}
    assert (granted["expires_in"], granted["token_type"]) == (None, "Bearer")
    assert status_with(client, granted["access_token"], "/v2/images/licenses") == 200
    assert status_with(client, granted["access_token"], "/v2/images/collections") == 403
    assert exchange(client, grant_type="authorization_code", code=code).status == 400


def test_a_code_is_good_for_five_minutes(client: Any, clock: Any) -> None:
    first, second = code_of(client), code_of(client)
    clock.now += 299
    assert exchange(client, grant_type="authorization_code", code=first).status == 200
    clock.now += 1
    assert exchange(client, grant_type="authorization_code", code=second).status == 400


def test_codes_are_forgotten(client: Any, clock: Any) -> None:
    code = code_of(client)
    client.sandbox.reset()
    assert exchange(client, grant_type="authorization_code", code=code).status == 400
    codes = client.sandbox._now.oauth
    code_of(client)
    clock.now += 300
    code_of(client)
    assert len(codes._codes) == 1


def test_a_token_that_expires(client: Any, clock: Any) -> None:
    code = code_of(client, realm="contributor")
    granted = exchange(client, grant_type="authorization_code", code=code, expires=True).json
    assert granted["expires_in"] == 3600
    assert granted["user_token"] == {
        "client_id": client.sandbox.key,
        "user_id": "u12345678",
        "username": "photo.editor",
        "realm": "contributor",
        "scopes": ["user.view", "licenses.view"],
        "expires_in": 3600,
    }
    clock.now += 3599
    assert status_with(client, granted["access_token"]) == 200
    clock.now += 1
    assert status_with(client, granted["access_token"]) == 401


def test_a_revoked_token(client: Any) -> None:
    token = exchange(client, grant_type="client_credentials").json["access_token"]
    assert status_with(client, token) == 200
    client.sandbox.revoke(token)
    assert status_with(client, token) == 401


def test_key_and_secret_alone(client: Any) -> None:
    token = exchange(client, grant_type="client_credentials").json["access_token"]
    assert status_with(client, token, "/v2/images/collections") == 200


@pytest.mark.parametrize("rotate", [False, True])
def test_refresh(start: Any, clock: Any, rotate: bool) -> None:
    client = start(rotate_refresh_tokens=rotate)
    code = code_of(client)
    granted = exchange(client, grant_type="authorization_code", code=code, expires=True).json
    clock.now += 3600
    old = granted["refresh_token"]
    fresh = exchange(client, grant_type="refresh_token", refresh_token=old).json
    assert fresh["expires_in"] == 3600
    assert fresh["user_token"]["scopes"] == ["user.view", "licenses.view"]
    assert status_with(client, fresh["access_token"]) == 200
    assert ("refresh_token" in fresh) == rotate
    assert exchange(client, grant_type="refresh_token", refresh_token=old).status == (400 if rotate else 200)
    if rotate:
        assert fresh["refresh_token"] != old
        new = fresh["refresh_token"]
        assert exchange(client, grant_type="refresh_token", refresh_token=new).status == 200


def test_refresh_tokens_differ_and_can_be_revoked(client: Any) -> None:
    one, two = (
        exchange(client, grant_type="client_credentials", expires=True).json["refresh_token"]
        for _ in range(2)
    )
    client.sandbox.revoke(one)
    assert exchange(client, grant_type="refresh_token", refresh_token=one).status == 400
    assert exchange(client, grant_type="refresh_token", refresh_token=two).status == 200
    client.sandbox.reset()
    assert exchange(client, grant_type="refresh_token", refresh_token=one).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 200),
        ({"client_secret": None}, 401),
        ({"client_secret": None, "user_id": "u12345678"}, 200),
        ({"client_secret": None, "user_id": "u1"}, 401),
    ],
)
def test_who_may_refresh(client: Any, body: dict[str, Any], status: int) -> None:
    granted = exchange(client, grant_type="client_credentials", expires=True).json
    again = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"], **body}
    assert exchange(client, **again).status == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"client_id": "x"}, 401),
        ({"client_secret": "x"}, 401),
        ({"client_secret": None}, 401),
        ({"client_secret": None, "user_id": "u12345678"}, 401),
        ({"grant_type": "x"}, 400),
        ({"grant_type": None}, 400),
        ({"client_id": None}, 400),
        ({"grant_type": "authorization_code"}, 400),
        ({"grant_type": "authorization_code", "code": "x"}, 400),
        ({"grant_type": "refresh_token"}, 400),
        ({"grant_type": "refresh_token", "refresh_token": "r2/x/y"}, 400),
        ({"expires": "perhaps"}, 400),
    ],
)
def test_wrong_requests_for_a_token(client: Any, body: dict[str, Any], status: int) -> None:
    reply = exchange(client, **{"grant_type": "client_credentials", **body})
    assert reply.status == status
    assert client.sandbox.secret not in reply.data.decode()


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", "expires=true", 200),
        ("application/x-www-form-urlencoded; charset=utf-8", "expires=false", 200),
        ("application/x-www-form-urlencoded", "expires=1", 400),
        ("application/x-www-form-urlencoded", "grant_type=refresh_token", 400),
        ("text/plain", "", 415),
        ("", "", 415),
    ],
)
def test_forms(client: Any, kind: str, body: str, status: int) -> None:
    form = {
        "client_id": client.sandbox.key,
        "client_secret": client.sandbox.secret,
        "grant_type": "client_credentials",
    }
    url, headers = client.sandbox.url + ACCESS_TOKEN, {"Content-Type": kind, "User-Agent": "tests"}
    reply = client.pool.request("POST", url, body=f"{urlencode(form)}&{body}", headers=headers)
    assert reply.status == status, reply.data
    assert status != 200 or reply.json()["expires_in"] == (3600 if body == "expires=true" else None)


def test_a_body_that_is_no_object(client: Any) -> None:
    assert client("POST", ACCESS_TOKEN, ["no object"]).status == 400
    assert client("POST", ACCESS_TOKEN).status == 400


# Like every other operation.


@pytest.mark.parametrize("operation", ["authorize", "create_access_token"])
def test_anybody_may_call(client: Any, operation: str) -> None:
    assert load_contract().operations[operation].public
    basic = urllib3.make_headers(basic_auth="some:body")["authorization"]
    for authorization in (None, "Bearer nonsense", basic):
        client.sandbox.requests.clear()
        headers = {"Authorization": authorization}
        reply = client(
            load_contract().operations[operation].method,
            load_contract().operations[operation].path,
            headers=headers,
        )
        assert reply.status == 400  # and so not 401


def test_a_redirect_must_lead_somewhere() -> None:
    contract = load_contract()
    operation = contract.operations["authorize"]
    assert contract.violations(operation, 302, None, {"Location": "/"}) == []
    assert contract.violations(operation, 302, None) == ["authorize: status 302 lacks Location"]


@pytest.mark.parametrize("operation", ["authorize", "create_access_token", "login"])
def test_faults_strike(client: Any, operation: str) -> None:
    page = page_of(client)
    client.sandbox.faults.add(Fault(status=503, operation=operation), times=1)
    calls = {
        "authorize": lambda: ask(client),
        "create_access_token": lambda: exchange(client, grant_type="client_credentials"),
        "login": lambda: client("GET", page),
    }
    assert [calls[operation]().status, calls[operation]().status < 400] == [503, True]


def test_rate_limits_count_them(start: Any) -> None:
    client = start(rate_limit=(1, 60))
    assert ask(client).status == 302
    assert ask(client).status == 429


def test_descriptions_of_all_scopes(client: Any) -> None:
    assert set(load_contract().scopes) == set(SCOPES)
