"""`OauthApi` against the sandbox: what goes out, what comes back, which errors."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from shutterstock_api import (
    AccessTokenDetails,
    AccessTokenRequest,
    BadRequestError,
    ForbiddenError,
    ImagesApi,
    OauthAccessTokenResponse,
    OauthApi,
    ServerError,
    UnauthorizedError,
    with_http_info,
)
from shutterstock_api.sandbox import Fault

BACK = "http://localhost:3000/back"


@pytest.fixture
def oauth(client):
    """With a token in its configuration, which must stay at home."""
    return OauthApi(client)


@pytest.fixture
def request_of(sandbox):
    """Make a request for a token; `None` leaves a field out."""

    def make(**fields):
        given = {"client_id": sandbox.key, "client_secret": sandbox.secret, **fields}
        return AccessTokenRequest(**given)

    return make


def test_authorize(oauth, sandbox):
    page = oauth.authorize(sandbox.key, BACK, "code", "a b&c", scope="licenses.view", realm="customer")
    assert page.startswith(f"{sandbox.url}/login?question=")
    (request,) = sandbox.requests  # the page itself is for the browser
    assert (request.method, request.path) == ("GET", "/v2/oauth/authorize")
    assert dict(parse_qsl(request.query)) == {
        "client_id": sandbox.key,
        "redirect_uri": BACK,
        "response_type": "code",
        "state": "a b&c",
        "scope": "licenses.view",
        "realm": "customer",
    }
    assert "Authorization" not in request.headers


def test_create_access_token(oauth, sandbox, connect, clock, request_of):
    page = oauth.authorize(sandbox.key, BACK, "code", "state", scope="licenses.view")
    back = parse_qs(urlsplit(sandbox.consent(page)).query)
    assert back["state"] == ["state"]
    granted = oauth.create_access_token(
        request_of(grant_type="authorization_code", code=back["code"][0], expires=True)
    )
    assert type(granted) is OauthAccessTokenResponse
    assert (granted.token_type, granted.expires_in) == ("Bearer", 3600)
    assert type(granted.user_token) is AccessTokenDetails
    assert granted.user_token.scopes == ["licenses.view"]
    api = connect(access_token=granted.access_token)
    assert api.get_image_license_list().data
    with pytest.raises(ForbiddenError):
        api.get_lightbox_list()
    clock.now += 3600
    with pytest.raises(UnauthorizedError):
        api.get_image("1")
    renewal = request_of(grant_type="refresh_token", refresh_token=granted.refresh_token)
    fresh = oauth.create_access_token(renewal)
    assert fresh.refresh_token is None
    assert connect(access_token=fresh.access_token).get_image("1").id == "1"


@pytest.mark.parametrize("as_dict", [False, True])
def test_the_request_for_a_token_is_a_form(oauth, sandbox, request_of, as_dict):
    body = request_of(grant_type="client_credentials", expires=False)
    granted = oauth.create_access_token({**body.to_dict()} if as_dict else body)
    assert (granted.expires_in, granted.refresh_token, granted.user_token) == (None, None, None)
    (request,) = sandbox.requests
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers
    assert dict(parse_qsl(request.body.decode())) == {
        "client_id": sandbox.key,
        "client_secret": sandbox.secret,
        "grant_type": "client_credentials",
        "expires": "false",
    }


def test_denied(oauth, sandbox):
    page = oauth.authorize(sandbox.key, BACK, "code", "state")
    assert sandbox.consent(page, allow=False) == f"{BACK}?error=access_denied&state=state"


def test_with_http_info(oauth, sandbox, request_of):
    page, status, headers = with_http_info(oauth.authorize)(sandbox.key, BACK, "code", "state")
    assert (page, status) == (headers["Location"], 302)
    data, status, _ = oauth.create_access_token_with_http_info(request_of(grant_type="client_credentials"))
    assert (type(data), status) == (OauthAccessTokenResponse, 200)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "nobody"}, UnauthorizedError),
        ({"redirect_uri": "https://example.com/"}, BadRequestError),
        ({"response_type": "token"}, BadRequestError),
    ],
)
def test_refused_questions(oauth, sandbox, change, error):
    given = {
        "client_id": sandbox.key,
        "redirect_uri": BACK,
        "response_type": "code",
        "state": "state",
        **change,
    }
    with pytest.raises(error) as caught:
        oauth.authorize(**given)
    assert (caught.value.attempts, len(sandbox.requests)) == (1, 1)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"client_secret": "guess-7"}, UnauthorizedError, "Invalid client_secret"),
        ({"grant_type": "authorization_code", "code": "guess-7"}, BadRequestError, "Invalid code"),
        (
            {"grant_type": "refresh_token", "refresh_token": "guess-7"},
            BadRequestError,
            "Invalid refresh_token",
        ),
    ],
)
def test_refused_requests_for_a_token(oauth, sandbox, request_of, change, error, message):
    with pytest.raises(error) as caught:
        oauth.create_access_token(request_of(**{"grant_type": "client_credentials", **change}))
    assert caught.value.message == message
    assert "guess-7" not in str(caught.value)
    assert sandbox.secret not in str(caught.value)
    assert (caught.value.attempts, len(sandbox.requests)) == (1, 1)


def test_what_may_be_sent_again(oauth, sandbox, request_of):
    sandbox.faults.add(Fault(status=503, operation="authorize"), times=1)
    assert oauth.authorize(sandbox.key, BACK, "code", "state")
    assert len(sandbox.requests) == 2
    sandbox.faults.add(Fault(status=503, operation="create_access_token"), times=1)
    with pytest.raises(ServerError):
        oauth.create_access_token(request_of(grant_type="client_credentials"))
    assert len(sandbox.requests) == 3  # it may have used up a code


def test_without_a_token_of_its_own(connect, sandbox, request_of):
    oauth = OauthApi(connect().api_client)
    token = oauth.create_access_token(request_of(grant_type="client_credentials")).access_token
    assert ImagesApi(connect(access_token=token).api_client).get_image("1").id == "1"
