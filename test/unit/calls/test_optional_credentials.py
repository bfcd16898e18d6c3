"""Operations that need no credentials, or a token without any scope."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_server import Server, answer

from shutterstock_api import ApiClient, Configuration, UnauthorizedError
from shutterstock_api.schema.operation import Operation

OPEN: Operation[Any] = Operation("echo", "GET", "/echo", returns="object", public=True, basic=True)
CLOSED: Operation[Any] = Operation("ask", "GET", "/ask", returns="object", public=True)
OWN: Operation[Any] = Operation("user", "GET", "/user", returns="object")


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        ({}, None),
        ({"access_token": "tok"}, "Bearer tok"),
        ({"username": "key", "password": "sec"}, "Basic a2V5OnNlYw=="),
    ],
)
def test_credentials_are_sent_where_there_are_any(
    server: Server, settings: dict[str, str], sent: str | None
) -> None:
    server.always(answer(200, {}))
    with ApiClient(Configuration(server.url, **settings)) as client:
        for operation in (OPEN, CLOSED):
            client.call(operation, ())
    assert [request.headers.get("authorization") for request in server.requests] == [sent, None]


def test_a_refusal_speaks_of_the_credentials_that_were_sent(server: Server) -> None:
    server.always(answer(401, {}))
    with ApiClient(Configuration(server.url, access_token="tok")) as client:
        with pytest.raises(UnauthorizedError, match="does not accept these credentials"):
            client.call(OPEN, ())
        with pytest.raises(UnauthorizedError, match="Are client_id and client_secret those"):
            client.call(CLOSED, ())


def test_a_token_without_a_scope(server: Server) -> None:
    server.always(answer(401, {}))
    client = ApiClient(Configuration(server.url, username="key", password="sec"))
    with client, pytest.raises(UnauthorizedError) as caught:
        client.call(OWN, ())
    assert caught.value.hint == "Key and secret are not enough here: set access_token to a token."


def test_better_credentials_are_fetched_for_an_open_operation_too(server: Server) -> None:
    server.answers(answer(401, {}), answer(200, {}))
    configuration = Configuration(server.url, access_token="old")
    configuration.refresh_api_key_hook = lambda settings: setattr(
        settings, "access_token", f"token {len(server.requests)}"
    )
    with ApiClient(configuration) as client:
        client.call(OPEN, ())
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer token 0",
        "Bearer token 1",
    ]
