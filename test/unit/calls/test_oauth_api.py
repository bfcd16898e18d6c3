"""What the two OAuth operations send and return: no credentials, a form, the place of a redirect."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiValueError,
    BadRequestError,
    Configuration,
    DecodeError,
    ImagesApi,
    OauthApi,
)

GRANT = {
    "client_id": "key",
    "client_secret": "hunter2",
    "grant_type": "refresh_token",
    "refresh_token": "r/999",
}
LOGIN = "https://accounts.example/login?client=key"


def ask(api: OauthApi, **options: Any) -> str:
    return api.authorize("key", "http://localhost:1/back", "code", "st4te", **options)


@pytest.fixture
def oauth(client: ApiClient) -> OauthApi:
    return OauthApi(client)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_authorize_returns_where_it_leads_and_goes_nowhere(
    oauth: OauthApi, server: Server, status: int
) -> None:
    server.answers(answer(status, Location=LOGIN), answer(status, Location="/login"))
    assert ask(oauth, scope="user.view licenses.create") == LOGIN
    assert ask(oauth) == "/login"
    first = server.requests[0]
    assert dict(first.query) == {
        "client_id": "key",
        "redirect_uri": "http://localhost:1/back",
        "response_type": "code",
        "state": "st4te",
        "scope": "user.view licenses.create",
    }
    assert "authorization" not in first.headers
    assert len(server.requests) == 2


@pytest.mark.parametrize("raw", [answer(302), answer(200, "<html>")])
def test_authorize_that_leads_nowhere(oauth: OauthApi, server: Server, raw: bytes) -> None:
    server.always(raw)
    with pytest.raises(DecodeError, match="the answer has no Location header"):
        ask(oauth)


def test_a_redirect_counts_even_where_its_body_is_cut_off(oauth: OauthApi, server: Server) -> None:
    server.answers(answer(302, b"moved", 100, Location=LOGIN))
    assert ask(oauth) == LOGIN


def test_another_get_with_a_redirect_elsewhere_is_still_an_error(api: ImagesApi, server: Server) -> None:
    server.answers(answer(302, Location=LOGIN))
    with pytest.raises(ApiException, match="302"):
        api.get_image("1")


def test_a_token_is_asked_for_in_a_form(oauth: OauthApi, server: Server) -> None:
    server.answers(answer(200, {"access_token": "v2/x", "token_type": "Bearer", "expires_in": 60}))
    token = oauth.create_access_token(GRANT)
    assert (token.access_token, token.expires_in) == ("v2/x", 60)
    request = server.request
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert (
        request.body == b"client_id=key&client_secret=hunter2&grant_type=refresh_token&refresh_token=r%2F999"
    )


def test_nobody_is_asked_for_credentials(server: Server) -> None:
    def asked(*_: object) -> str:
        raise AssertionError

    configuration = Configuration(server.url, access_token=asked, refresh_api_key_hook=asked)
    server.answers(answer(200, {"access_token": "v2/x"}), answer(401, {"message": "Invalid client_secret"}))
    with ApiClient(configuration) as client:
        OauthApi(client).create_access_token(GRANT)
        with pytest.raises(ApiException, match="Invalid client_secret"):
            OauthApi(client).create_access_token(GRANT)
    assert len(server.requests) == 2


def test_a_header_of_the_program_is_not_renewed(server: Server) -> None:
    configuration = Configuration(server.url, access_token="token-of-a-person")
    server.always(answer(401, {"message": "Invalid client_secret"}))
    client = ApiClient(configuration, "Authorization", "Basic of-a-gateway")
    with client, pytest.raises(ApiException, match="Invalid client_secret"):
        OauthApi(client).create_access_token(GRANT)
    assert server.request.headers["authorization"] == "Basic of-a-gateway"


def test_no_secret_goes_over_plain_http() -> None:
    with ApiClient(Configuration("http://h.example")) as client:
        with pytest.raises(ApiValueError, match="unencrypted to h.example") as caught:
            OauthApi(client).create_access_token(GRANT)
        assert "hunter2" not in str(caught.value)


def test_a_code_is_used_once(oauth: OauthApi, server: Server) -> None:
    server.answers(answer(500))
    with pytest.raises(ApiException):
        oauth.create_access_token(GRANT)
    server.answers(answer(200, b"{", 99))
    with pytest.raises(ApiConnectionError):
        oauth.create_access_token(GRANT)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "raw",
    [
        answer(400, {"message": "hunter2 and r/999 and r\\/999 are wrong"}),
        answer(200, '{"access_token": "v2/top-secret", "refresh_token": "r2/top'),
        answer(200, '{"access_token": "v2/top\\"-secret"'),
        answer(200, "hunter2 r%2F999"),
    ],
)
def test_errors_show_no_secret(
    oauth: OauthApi, server: Server, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers(raw)
    with pytest.raises((BadRequestError, DecodeError)) as caught:
        oauth.create_access_token(GRANT)
    shown = f"{caught.value}{vars(caught.value)}{caplog.text}"
    assert not [secret for secret in ("hunter2", "r/999", "r%2F999", "secret", "r2/top") if secret in shown]
