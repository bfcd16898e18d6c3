"""From the login page to a token that stays fresh, in threads and in processes, against the sandbox."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlencode, urljoin

import pytest
import urllib3

from shutterstock_api import Configuration, ForbiddenError, OAuthError, UnauthorizedError
from shutterstock_api.auth.oauth import OAuth
from shutterstock_api.credentials.refreshing_token import RefreshingToken
from shutterstock_api.credentials.token import Token
from shutterstock_api.credentials.token_file import TokenFile
from shutterstock_api.sandbox import Sandbox

SCOPES = "collections.view licenses.view"


class Person:
    """Stands in for a browser and who sits in front of it."""

    def __init__(self, decision="allow"):
        self.decision = decision

    def __call__(self, url):
        with urllib3.PoolManager(retries=False, timeout=10) as pool:
            page = urljoin(url, pool.request("GET", url, redirect=False).headers["Location"])
            html = pool.request("GET", page).data.decode()
            action = unescape(re.search(r'<form method="post" action="(.*?)">', html)[1])
            fields = dict(re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', html))
            form = {name: unescape(text) for name, text in fields.items()} | {"decision": self.decision}
            sent = pool.request("POST", urljoin(page, action), body=urlencode(form), redirect=False)
            self.page = pool.request("GET", sent.headers["Location"])
        return True


@pytest.fixture
def oauth(sandbox, clock):
    configuration = Configuration(sandbox.url, username=sandbox.key, password=sandbox.secret)
    made = OAuth(configuration=configuration)
    made.api_client.timing = clock.timing
    yield made
    made.api_client.close()


@pytest.fixture
def renewals(sandbox):
    """How often a token was asked for since the last time."""

    def count():
        found = sum(request.path == "/v2/oauth/access_token" for request in sandbox.requests)
        sandbox.requests.clear()
        return found

    return count


def test_a_person_lets_an_application_in(oauth, connect, clock, renewals, tmp_path):
    person = Person()
    token = oauth.login(SCOPES, open_browser=person, token_file=tmp_path / "token.json")
    assert (person.page.status, b"You may close this window" in person.page.data) == (200, True)
    assert token.seconds_left(clock.now) == 3600
    assert renewals() == 1

    api = connect(access_token=RefreshingToken(oauth, TokenFile(tmp_path / "token.json"), clock=clock.time))
    for _ in range(3):
        assert api.get_lightbox_list().data
        with pytest.raises(ForbiddenError):
            api.create_lightbox({"name": "not among the scopes"})
        clock.now += 1
    assert renewals() == 0
    clock.now += 3600
    for _ in range(3):
        assert api.get_lightbox_list().data
    assert renewals() == 1


def test_a_person_says_no(oauth, sandbox, renewals):
    with pytest.raises(OAuthError, match="access_denied"):
        oauth.login(open_browser=Person("deny"))
    assert renewals() == 0


def test_a_token_of_the_application_itself(oauth, connect):
    token = oauth.client_credentials(expires=False)
    assert token.expires_at is None
    assert connect(access_token=token.access_token).get_lightbox_list().data


def test_a_refused_token_is_renewed_once_and_the_call_sent_once_again(
    oauth, connect, sandbox, clock, renewals
):
    token = oauth.client_credentials()
    api = connect(access_token=RefreshingToken(oauth, token, clock=clock.time))
    sandbox.revoke(token.access_token)
    renewals()
    assert api.create_lightbox({"name": "written once"}).id
    paths = [request.path for request in sandbox.requests]
    assert paths == ["/v2/images/collections", "/v2/oauth/access_token", "/v2/images/collections"]


def test_a_token_that_is_refused_for_good(oauth, connect, sandbox, clock, renewals):
    token = oauth.client_credentials()
    api = connect(access_token=RefreshingToken(oauth, token, clock=clock.time))
    sandbox.revoke(token.access_token)
    sandbox.revoke(token.refresh_token)
    renewals()
    with pytest.raises(OAuthError, match="log in again"):
        api.get_image("1")
    assert renewals() == 1


def test_eight_threads_renew_once(oauth, connect, sandbox, clock, renewals):
    api = connect(access_token=RefreshingToken(oauth, oauth.client_credentials(), clock=clock.time))
    renewals()
    for _ in range(3):
        clock.now += 3600
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda number: api.get_image(str(number)).id, range(1, 25)))
        assert found == [str(number) for number in range(1, 25)]
        assert renewals() == 1


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_refresh_tokens_that_work_once(clock, connect, tmp_path, kind):
    with Sandbox(images=100_000, clock=clock.time, rotate_refresh_tokens=True) as sandbox:
        oauth = OAuth(sandbox.key, sandbox.secret, configuration=Configuration(sandbox.url))
        oauth.api_client.timing = clock.timing
        token = oauth.client_credentials()
        if kind == "file":
            TokenFile(tmp_path / "token.json").write(token)
        held = token if kind == "memory" else TokenFile(tmp_path / "token.json")
        api = connect(sandbox.url, access_token=RefreshingToken(oauth, held, clock=clock.time))
        for _ in range(4):
            clock.now += 3600
            with ThreadPoolExecutor(8) as threads:
                assert len(set(threads.map(lambda number: api.get_image(str(number)).id, range(1, 9)))) == 8
        oauth.api_client.close()


# Processes.

CALL = """
import sys
import shutterstock_api
with shutterstock_api.ApiClient() as client:
    api = shutterstock_api.ImagesApi(client)
    print("ready", flush=True)
    sys.stdin.readline()
    print(api.get_lightbox_list().total_count)
"""


def test_four_processes_renew_once(sandbox, oauth, renewals, tmp_path):
    path = tmp_path / "token.json"
    refresh_token = oauth.client_credentials().refresh_token
    TokenFile(path).write(Token("v2/ended", datetime(2020, 1, 1, tzinfo=UTC), refresh_token))
    renewals()
    environment = {
        "SHUTTERSTOCK_API_HOST": sandbox.url,
        "SHUTTERSTOCK_TOKEN_FILE": str(path),
        "SHUTTERSTOCK_KEY": sandbox.key,
        "SHUTTERSTOCK_SECRET": sandbox.secret,
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CALL],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=30)[0] for process in processes] == ["2\n"] * 4
    assert [process.returncode for process in processes] == [0] * 4
    assert renewals() == 1
    assert TokenFile(path).read().access_token != "v2/ended"
    assert sandbox.secret.encode() not in path.read_bytes()


def test_a_token_file_is_a_setting(sandbox, oauth, connect, clock, renewals, tmp_path):
    path = tmp_path / "token.json"
    token = oauth.client_credentials(expires=True)
    TokenFile(path).write(token)
    api = connect(token_file=path, username=sandbox.key, password=sandbox.secret)
    assert api.get_lightbox_list().data
    sandbox.revoke(token.access_token)
    clock.now += 1
    renewals()
    assert api.get_lightbox_list().data
    assert renewals() == 1
    reader = connect(token_file=path)  # it has no key and secret
    assert reader.get_lightbox_list().data
    sandbox.revoke(TokenFile(path).read().access_token)
    with pytest.raises(UnauthorizedError):
        reader.get_lightbox_list()
    assert renewals() == 0
    path.chmod(0o644)
    with pytest.raises(OAuthError, match="chmod 600"):
        reader.get_lightbox_list()


def test_key_and_secret_that_come_later_renew_what_is_in_a_file(sandbox, connect, tmp_path):
    """As the error says that a token without them has ended."""
    path = tmp_path / "token.json"
    ended = Token("v2/ended", datetime(2020, 1, 1, tzinfo=UTC), sandbox_refresh(sandbox))
    TokenFile(path).write(ended)
    api = connect(token_file=path)
    with pytest.raises(OAuthError, match="set username and password"):
        api.get_image("1")
    configuration = api.api_client.configuration
    configuration.username, configuration.password = sandbox.key, sandbox.secret
    assert api.get_image("1").id == "1"


def sandbox_refresh(sandbox):
    configuration = Configuration(sandbox.url, username=sandbox.key, password=sandbox.secret)
    return OAuth(configuration=configuration).client_credentials().refresh_token


def test_a_token_source_takes_the_path_of_its_file(oauth, connect, clock, tmp_path):
    path = tmp_path / "token.json"
    TokenFile(path).write(oauth.client_credentials())
    assert connect(access_token=RefreshingToken(oauth, str(path), clock=clock.time)).get_image("1").id == "1"


def test_consent_without_a_browser(sandbox, oauth):
    url, state = oauth.authorize_url("http://localhost:1/back", SCOPES)
    assert oauth.exchange(sandbox.consent(url), state).access_token
    with pytest.raises(OAuthError, match="access_denied"):
        oauth.exchange(sandbox.consent(url, False), state)


def test_no_two_tokens_are_alike(oauth):
    assert oauth.client_credentials().access_token != oauth.client_credentials().access_token


def test_a_login_that_could_not_store_its_token_has_it_in_the_error(oauth, tmp_path, monkeypatch):
    def full(*_):
        raise OAuthError(reason="cannot write: no space left")

    monkeypatch.setattr(TokenFile, "write", full)
    with pytest.raises(OAuthError, match="no space left") as caught:
        oauth.login(SCOPES, token_file=tmp_path / "token.json", open_browser=Person())
    assert caught.value.token.access_token
    assert caught.value.token.access_token not in f"{caught.value}{vars(caught.value)}"
    assert pickle.loads(pickle.dumps(caught.value)).token is None


def test_a_login_that_could_not_store_its_token_does_not_begin(oauth, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "filelock", None)
    with pytest.raises(OAuthError, match=r"needs filelock, which is not installed\n  pip install filelock$"):
        oauth.login(SCOPES, token_file=tmp_path / "new" / "token.json", open_browser=pytest.fail)
    assert list(tmp_path.iterdir()) == []
