"""OAuth: what is sent to the login page and to the service, and what may come back."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import traceback
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from scripted_server import answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiValueError,
    Configuration,
    DecodeError,
    NotFoundError,
)
from shutterstock_api.auth.oauth import OAuth, OAuthError
from shutterstock_api.credentials.token import Token

KEY, SECRET = "the-key", "the-secret/of+it"
CODE, ACCESS, REFRESH = "code-of-a-person", "v2/access-token", "refresh-token/1"
GOOD = answer(200, {"access_token": ACCESS, "expires_in": 3600, "refresh_token": REFRESH})
REDIRECT = "http://localhost:3000/answer"
NOW = datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.fixture
def oauth(server, clock):
    made = OAuth(KEY, SECRET, configuration=Configuration(server.url))
    made.api_client.timing = clock.timing
    yield made
    made.api_client.close()


def form(request):
    return dict(parse_qsl(request.body.decode(), strict_parsing=True))


def shown(error):
    """What a traceback with local variables shows, from the first frame of the library on."""
    lines = traceback.TracebackException(
        type(error), error, error.__traceback__.tb_next, capture_locals=True
    ).format()
    return "".join(lines)


# Tokens.


def test_a_token_shows_no_secret():
    token = Token(ACCESS, NOW, REFRESH)
    assert repr(token) == "<Token, ends 2027-01-15 08:00:00 UTC, can be renewed>"
    assert repr(Token(ACCESS)) == "<Token, never ends>"
    assert token.__rich_repr__() == [("expires_at", NOW)]


def test_a_token_compares_and_never_changes():
    token = Token(ACCESS, NOW, REFRESH)
    assert token == Token(ACCESS, NOW, REFRESH) != Token(ACCESS, NOW)
    assert len({token, copy.copy(token), copy.deepcopy(token)}) == 1
    with pytest.raises(AttributeError):
        token.access_token = "another"


def test_a_token_is_not_pickled():
    with pytest.raises(TypeError, match="TokenFile"):
        pickle.dumps(Token(ACCESS))


def test_a_token_ends_in_a_time_zone():
    with pytest.raises(ApiValueError, match="time zone"):
        Token(ACCESS, datetime(2027, 1, 1))
    assert Token(ACCESS, NOW).seconds_left(1_800_000_000 - 5) == 5
    assert Token(ACCESS).seconds_left(1e300) == float("inf")


# The application.


def test_key_and_secret_come_from_the_configuration_or_the_environment(monkeypatch):
    configuration = Configuration(username=KEY, password=SECRET, access_token="v2/other")
    for made in (OAuth(configuration=configuration), OAuth(KEY, SECRET)):
        assert (made.api_client.configuration.username, made.api_client.configuration.password) == (
            KEY,
            SECRET,
        )
        assert made.api_client.configuration.access_token is None
    assert configuration.access_token == "v2/other"
    monkeypatch.setenv("SHUTTERSTOCK_KEY", "from the environment")
    monkeypatch.setenv("SHUTTERSTOCK_SECRET", "too")
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", "v2/too")
    assert OAuth().api_client.configuration.username == "from the environment"
    assert OAuth(KEY).api_client.configuration.password == "too"


@pytest.mark.parametrize("given", [{}, {"client_id": KEY}, {"client_secret": SECRET}])
def test_an_application_has_key_and_secret(given):
    with pytest.raises(ApiValueError, match="SHUTTERSTOCK_KEY"):
        OAuth(**given)


def test_a_hook_of_the_configuration_is_not_called(server):
    def hook(configuration):
        pytest.fail("the hook may be what asks for a token")

    server.always(GOOD)
    OAuth(
        KEY, SECRET, configuration=Configuration(server.url, refresh_api_key_hook=hook)
    ).client_credentials()


# The login page.


def test_the_address_of_the_login_page(oauth, server):
    url, state = oauth.authorize_url(REDIRECT, ["user.view", "licenses.create"], realm="contributor")
    base, _, query = url.partition("?")
    assert base == f"{server.url}/v2/oauth/authorize"
    assert dict(parse_qsl(query, strict_parsing=True)) == {
        "client_id": KEY,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "user.view licenses.create",
        "state": state,
        "realm": "contributor",
    }
    assert server.requests == []
    assert SECRET not in url


def test_scopes_may_be_one_text_or_none(oauth):
    assert "scope=user.view+licenses.view&" in oauth.authorize_url(REDIRECT, "user.view licenses.view").url
    assert "scope" not in oauth.authorize_url(REDIRECT).url
    assert "realm" not in oauth.authorize_url(REDIRECT).url


def test_every_state_is_another_one_that_nobody_guesses(oauth):
    states = {oauth.authorize_url(REDIRECT).state for _ in range(50)}
    assert len(states) == 50
    assert min(len(state) for state in states) >= 22  # characters of 6 bits: 128 bits at least


@pytest.mark.parametrize(
    "host", ["https://gateway.example/shutterstock", "https://gateway.example/shutterstock/"]
)
def test_a_host_may_have_a_path(host):
    oauth = OAuth(KEY, SECRET, configuration=Configuration(host))
    assert oauth.authorize_url(REDIRECT).url.startswith(
        "https://gateway.example/shutterstock/v2/oauth/authorize?"
    )


@pytest.mark.parametrize(
    "redirect_uri", ["", "localhost", "/answer", "javascript:alert(1)", "ftp://h/", "https://"]
)
def test_an_answer_goes_to_a_url(oauth, redirect_uri):
    with pytest.raises(ApiValueError, match="redirect_uri"):
        oauth.authorize_url(redirect_uri)


@pytest.mark.parametrize("call", [lambda oauth: oauth.authorize_url(REDIRECT), OAuth.client_credentials])
@pytest.mark.parametrize("host", ["http://gateway.example", "javascript://x", "gateway"])
def test_nothing_secret_goes_over_plain_http(call, host):
    oauth = OAuth(KEY, SECRET, configuration=Configuration(host))
    with pytest.raises(ApiValueError, match="host: "):
        call(oauth)


def test_plain_http_where_the_program_says_so():
    oauth = OAuth(
        KEY, SECRET, configuration=Configuration("http://gateway.example", allow_insecure_host=True)
    )
    assert oauth.authorize_url(REDIRECT).url.startswith("http://gateway.example/v2/")


# From its answer to a token.


def test_a_code_is_exchanged(oauth, server):
    server.answers(GOOD)
    assert oauth.exchange(CODE) == Token(ACCESS, NOW + timedelta(hours=1), REFRESH)
    request = server.request
    assert (request.verb, request.path) == ("POST", "/v2/oauth/access_token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert form(request) == {
        "grant_type": "authorization_code",
        "client_id": KEY,
        "client_secret": SECRET,
        "code": CODE,
        "expires": "true",
    }


def test_the_answer_of_the_login_page_is_exchanged(oauth, server):
    server.always(GOOD)
    oauth.exchange(f"{REDIRECT}?code=a%2Fb%26c&state=s#_", "s", expires=False)
    assert (form(server.request)["code"], form(server.request)["expires"]) == ("a/b&c", "false")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"code={CODE}", "another login"),
        (f"code={CODE}&state=", "another login"),
        (f"code={CODE}&state=other", "another login"),
        ("error=access_denied&state=other", "another login"),
        (f"code={CODE}&state=s&state=other", "another login"),
        ("state=s", "missing_code"),
        ("code=&state=s", "missing_code"),
        ("error=access_denied&state=s", "access_denied"),
        (f"error=access_denied&code={CODE}&state=s", "access_denied"),
        ("error=strange&error_description=why+not&state=s", "strange: why not"),
        ("", "another login"),
    ],
)
def test_other_answers_of_the_login_page_are_errors(oauth, server, query, words):
    with pytest.raises(OAuthError, match=words) as caught:
        oauth.exchange(f"{REDIRECT}?{query}", "s")
    assert server.requests == []
    assert isinstance(caught.value, ApiException)
    assert CODE not in shown(caught.value)


@pytest.mark.parametrize(
    ("given", "state"), [(f"{REDIRECT}?code=x&state=", ""), (REDIRECT, None), (CODE, "s")]
)
def test_an_answer_and_its_state_go_together(oauth, server, given, state):
    with pytest.raises(ApiValueError, match="state: "):
        oauth.exchange(given, state)
    assert server.requests == []


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [(60, 60), (60.5, 60.5), ("60", 60), (0, 0), (-5, -5)]
    + [(unclear, None) for unclear in (None, "soon", [], 1e300, "nan")],
)
def test_when_a_token_ends(oauth, server, expires_in, seconds):
    server.answers(answer(200, {"access_token": ACCESS, "expires_in": expires_in}))
    token = oauth.client_credentials()
    assert token.expires_at == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_a_token_of_the_application_itself(oauth, server):
    server.always(answer(200, {"access_token": f" {ACCESS}\n", "expires_in": None}))
    assert oauth.client_credentials(expires=False) == Token(ACCESS)
    assert form(server.request) == {
        "grant_type": "client_credentials",
        "client_id": KEY,
        "client_secret": SECRET,
        "expires": "false",
    }


@pytest.mark.parametrize("content", [{}, {"access_token": None}, {"access_token": " "}, {"access_token": 5}])
def test_an_answer_without_a_token(oauth, server, content):
    server.answers(answer(200, content))
    with pytest.raises(OAuthError, match="without a token"):
        oauth.client_credentials()


# Refreshing.


def test_a_token_is_refreshed(oauth, server):
    server.answers(answer(200, {"access_token": "v2/fresh", "expires_in": 60, "refresh_token": "another"}))
    assert oauth.refresh(Token(ACCESS, NOW, REFRESH)) == Token(
        "v2/fresh", NOW + timedelta(minutes=1), "another"
    )
    assert form(server.request) == {
        "grant_type": "refresh_token",
        "client_id": KEY,
        "client_secret": SECRET,
        "refresh_token": REFRESH,
        "expires": "true",
    }


@pytest.mark.parametrize("more", [{}, {"refresh_token": None}, {"refresh_token": ""}, {"refresh_token": 7}])
def test_a_refresh_token_stays_where_no_other_comes(oauth, server, more):
    server.answers(answer(200, {"access_token": "v2/fresh", **more}))
    assert oauth.refresh(Token(ACCESS, NOW, REFRESH)).refresh_token == REFRESH


def test_a_token_that_cannot_be_refreshed(oauth, server):
    with pytest.raises(OAuthError, match=r"cannot be renewed\n  Log in again"):
        oauth.refresh(Token(ACCESS, NOW))
    assert server.requests == []


# Errors.


@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [
        (400, OAuthError, "log in again"),
        (401, OAuthError, "log in again"),
        (403, OAuthError, "log in again"),
        (404, NotFoundError, None),
    ],
)
@pytest.mark.parametrize(
    "call",
    [lambda oauth: oauth.exchange(CODE), lambda oauth: oauth.refresh(Token(ACCESS, NOW, REFRESH))],
    ids=["exchange", "refresh"],
)
def test_a_refusal_says_what_to_do_and_echoes_no_secret(oauth, server, status, kind, hint, call):
    server.answers(lambda request: answer(status, {"message": "Invalid", "sent": form(request)}))
    with pytest.raises(kind) as caught:
        call(oauth)
    error = caught.value
    assert (hint or "") in (error.hint or "")
    assert error.content["sent"]["client_secret"] == "***"
    everything = f"{error}{error.body}{shown(error)}{pickle.dumps(error)!r}"
    for secret in (SECRET, CODE, REFRESH):
        assert secret not in everything


def test_key_and_secret_alone_may_be_wrong(oauth, server):
    server.answers(answer(401, {"message": "Invalid client_secret"}))
    with pytest.raises(OAuthError, match="client_id and client_secret"):
        oauth.client_credentials()


@pytest.mark.parametrize(
    "body", [f'{{"access_token": "{ACCESS}", "refresh_token": "{REFRESH}"', f'["{ACCESS}", "{REFRESH}"]']
)
def test_a_garbled_answer_shows_no_token(oauth, server, body):
    server.answers(answer(200, body))
    with pytest.raises(DecodeError) as caught:
        oauth.exchange(CODE)
    everything = f"{caught.value}{shown(caught.value)}{pickle.dumps(caught.value)!r}"
    for secret in (SECRET, CODE, ACCESS, REFRESH):
        assert secret not in everything


def test_a_code_is_not_sent_twice(oauth, server):
    server.always(answer(503))
    with pytest.raises(ApiException):
        oauth.exchange(CODE)
    assert len(server.requests) == 1


def test_what_is_missing_is_named(oauth, monkeypatch):
    for name in ("oauthlib", "oauthlib.oauth2", "oauthlib.oauth2.rfc6749.parameters"):
        monkeypatch.setitem(sys.modules, name, None)
    for call in (
        lambda: oauth.authorize_url(REDIRECT),
        lambda: oauth.exchange(f"{REDIRECT}?code=x&state=s", "s"),
    ):
        with pytest.raises(OAuthError, match=r"needs oauthlib, which .*\n  pip install oauthlib$"):
            call()


def test_tokens_of_programs_need_no_library_for_logins(oauth, server, monkeypatch):
    monkeypatch.setitem(sys.modules, "oauthlib", None)
    server.always(GOOD)
    for call in (oauth.client_credentials, lambda: oauth.refresh(Token(ACCESS, NOW, REFRESH))):
        assert call() == Token(ACCESS, NOW + timedelta(hours=1), REFRESH)


def test_the_import_is_cheap():
    code = (
        "import sys, shutterstock_api.auth, shutterstock_api.credentials.refreshing_token\n"
        "lazy = 'oauthlib', 'filelock', 'http.server', 'webbrowser'\n"
        "print([name for name in lazy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_application_opens_nothing_before_its_first_call(server):
    oauth = OAuth(KEY, SECRET, configuration=Configuration(server.url))
    oauth.authorize_url(REDIRECT)
    assert server.connections == 0
    assert isinstance(oauth.api_client, ApiClient)
    assert urlsplit(oauth.authorize_url(REDIRECT).url).port == server.port
