"""Codes and tokens of the sandbox."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3
from sandbox_logins import ACCESS_TOKEN, ask, code_of, exchange, page_of, status_with

from shutterstock_api.sandbox import SCOPES, Fault
from shutterstock_api.sandbox.contract.contract import load_contract

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
