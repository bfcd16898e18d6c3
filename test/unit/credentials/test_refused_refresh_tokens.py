"""A refresh token that the service has refused is not sent again, until there is another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from scripted_server import answer

from shutterstock_api import ApiClient, Configuration, ImagesApi, OAuthError, ServerError
from shutterstock_api.auth import OAuth, RefreshingToken, Token, TokenFile
from shutterstock_api.credentials import token_endpoint

ENDED = Token("v2/ended", datetime(2020, 1, 1, tzinfo=UTC), "refresh-token")
REFUSED = answer(400, {"message": "Invalid refresh_token"})
PAGE = "<!doctype html><title>Who are you?</title>"


def fresh():
    return answer(200, {"access_token": "v2/fresh", "expires_in": 10**9})


@pytest.fixture
def path(tmp_path):
    TokenFile(tmp_path / "token.json").write(ENDED)
    return tmp_path / "token.json"


@pytest.fixture
def settings(server, path):
    """Make settings as a program does; each time it gets others."""

    def make(**changes):
        given = {"username": "the-key", "password": "the-secret", "retries": 0, **changes}
        return Configuration(server.url, token_file=path, **given)

    return make


def asks(*configurations):
    """Call each of these, and return what they raise."""
    errors = []
    for configuration in configurations:
        with ApiClient(configuration) as client, pytest.raises(OAuthError) as caught:
            ImagesApi(client).get_image("1")
        errors.append(caught.value)
    return errors


@pytest.mark.parametrize("status", [400, 401])
def test_it_is_sent_once(server, settings, status):
    server.always(answer(status, {"message": "Invalid refresh_token"}))
    configuration = settings()
    errors = asks(configuration, configuration, settings(), settings())
    assert len(server.requests) == 1
    assert len({str(error) for error in errors}) == 1
    assert len({id(error) for error in errors}) == 4  # so that no traceback grows
    assert "log in again" in str(errors[-1])
    assert (errors[-1].status, errors[-1].path) == (status, "/v2/oauth/access_token")


def test_in_memory_too(server):
    server.always(REFUSED)
    oauth = OAuth("the-key", "the-secret", configuration=Configuration(server.url))
    source = RefreshingToken(oauth, ENDED)
    for ask in (source, source, lambda: source.renew("v2/ended"), lambda: oauth.refresh(ENDED)):
        with pytest.raises(OAuthError, match="log in again"):
            ask()
    assert len(server.requests) == 1


def test_another_one_in_the_file_is_used(server, settings, path):
    server.answers(REFUSED, fresh())
    configuration = settings()
    asks(configuration, configuration)
    TokenFile(path).write(Token("v2/ended", ENDED.expires_at, "of-another-login"))
    assert configuration.access_token == "v2/fresh"
    assert len(server.requests) == 2


@pytest.mark.parametrize("change", [{"username": "another-key"}, {"password": "another-secret"}])
def test_another_key_or_secret_is_another_matter(server, settings, change):
    server.answers(REFUSED, fresh())
    configuration = settings()
    asks(configuration)
    for name, value in change.items():
        setattr(configuration, name, value)
    assert configuration.access_token == "v2/fresh"


def test_so_is_another_host(server, settings):
    server.always(REFUSED)
    first, second = settings(), settings()
    second.host = server.url.replace("127.0.0.1", "localhost")
    asks(first, second, first, second)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (answer(500), ServerError),
        (answer(403, {"message": "Forbidden"}), OAuthError),
        (answer(400, PAGE, Content_Type="text/html"), OAuthError),
        (answer(401, f"\n{PAGE}"), OAuthError),
    ],
)
def test_what_may_come_from_something_in_between_is_asked_again(server, settings, refusal, kind):
    server.answers(refusal, fresh())
    configuration = settings()
    with pytest.raises(kind):
        _ = configuration.access_token
    assert configuration.access_token == "v2/fresh"


def test_only_so_many_are_remembered(server, monkeypatch):
    monkeypatch.setattr(token_endpoint, "MOST_REFUSED", 2)
    server.always(REFUSED)
    oauth = OAuth("the-key", "the-secret", configuration=Configuration(server.url))
    for name in ("one", "two", "three", "three", "two", "one"):
        with pytest.raises(OAuthError):
            oauth.refresh(Token("v2/x", ENDED.expires_at + timedelta(days=1), name))
    assert len(server.requests) == 4
