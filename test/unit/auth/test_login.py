"""Logging in with a browser: the listener on this machine, what it takes for the answer, and its page."""

from __future__ import annotations

import errno
import http.client
import logging
import os
import re
import socket
import threading
from base64 import b64encode
from contextlib import suppress
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from scripted_server import answer

from shutterstock_api import ApiException, ApiValueError, Configuration
from shutterstock_api.auth.login_listener import PATH, LoginListener
from shutterstock_api.auth.oauth import OAuth, OAuthError
from shutterstock_api.credentials.token import Token
from shutterstock_api.credentials.token_file import TokenFile

CODE, ACCESS = "code-of-a-person", "v2/access-token"


@pytest.fixture
def oauth(server, clock):
    server.always(answer(200, {"access_token": ACCESS}))
    made = OAuth("the-key", "the-secret", configuration=Configuration(server.url))
    made.api_client.timing = clock.timing
    yield made
    made.api_client.close()


class Page:
    """What a request to the listener got."""

    def __init__(self, redirect_uri, target, method="GET", host=None):
        url = urlsplit(redirect_uri)
        connection = http.client.HTTPConnection(host or url.hostname, url.port, timeout=10)
        connection.request(method, target)
        response = connection.getresponse()
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()
        connection.close()


class Browser:
    """Stands in for `webbrowser.open`: goes to the listener at once, as after a login.

    Args:
        answers: What the login page adds to `state`.
        before: Called with the browser before that.
    """

    def __init__(self, before=None, **answers):
        self.before = before
        self.answers = answers or {"code": CODE}

    def __call__(self, url):
        self.url = url
        query = parse_qs(urlsplit(url).query)
        (self.redirect_uri,), (self.state,) = query["redirect_uri"], query["state"]
        if self.before:
            self.before(self)
        self.page = self.get(f"{PATH}?{urlencode({**self.answers, 'state': self.state})}")
        return True

    def get(self, target, method="GET", host=None):
        return Page(self.redirect_uri, target, method, host)


def is_closed(browser):
    with socket.socket() as probe:
        probe.settimeout(10)
        return probe.connect_ex(("127.0.0.1", urlsplit(browser.redirect_uri).port)) == errno.ECONNREFUSED


def test_a_person_logs_in(oauth, server):
    browser = Browser()
    assert oauth.login("user.view licenses.create", open_browser=browser) == Token(ACCESS)
    assert browser.url.startswith(f"{server.url}/v2/oauth/authorize?")
    assert "scope=user.view+licenses.create" in browser.url
    assert re.fullmatch(r"http://localhost:\d+/login", browser.redirect_uri)
    sent = dict(parse_qsl(server.request.body.decode()))
    assert (sent["grant_type"], sent["code"], sent["expires"]) == ("authorization_code", CODE, "true")
    assert is_closed(browser)


def test_a_token_is_stored(oauth, tmp_path):
    path = tmp_path / "new folder" / "token.json"
    token = oauth.login(open_browser=Browser(), token_file=path, expires=False)
    assert TokenFile(path).read() == token


# What is the answer, and what is not.


def test_a_person_who_says_no(oauth, server):
    browser = Browser(error="access_denied", error_description="not today")
    with pytest.raises(OAuthError, match="no access was given .access_denied: not today"):
        oauth.login(open_browser=browser)
    assert browser.page.status == 200
    assert server.requests == []
    assert is_closed(browser)


def test_a_code_that_the_service_refuses(oauth, server):
    browser = Browser()
    server.always(answer(400, {"message": "Invalid code"}))
    with pytest.raises(OAuthError, match="log in again"):
        oauth.login(open_browser=browser)
    assert is_closed(browser)


def test_others_who_poke_at_the_port_are_ignored(oauth, server):
    def poke(browser):
        state = browser.state
        for target in (
            "/favicon.ico",
            "/",
            PATH,
            f"{PATH}?code=of-another",
            f"{PATH}?code=of-another&state=",
            f"{PATH}?code=of-another&state={state[:-1]}",
            f"{PATH}?code=of-another&state={state}x",
            f"{PATH}?code=of-another&state=%ff%00",
            f"{PATH}?code=of-another&state={state}&state=x",
            f"/other?code=of-another&state={state}",
            f"{PATH}/?code=of-another&state={state}",
        ):
            page = browser.get(target)
            assert page.status == 404, target
            assert state not in page.text
        assert browser.get(f"{PATH}?code=of-another&state={state}", "POST").status == 501
        for garbage in (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"\0" * 100_000 + b"\r\n\r\n"):
            with (
                socket.create_connection(("127.0.0.1", urlsplit(browser.redirect_uri).port)) as raw,
                suppress(OSError),  # it may hang up at any moment
            ):
                raw.settimeout(10)
                raw.sendall(garbage)
                raw.shutdown(socket.SHUT_WR)
                while raw.recv(1000):
                    pass

    oauth.login(open_browser=Browser(poke))
    assert dict(parse_qsl(server.request.body.decode()))["code"] == CODE


def test_who_connects_and_says_nothing_blocks_nobody(oauth):
    idle = []

    def connect(browser):
        address = "127.0.0.1", urlsplit(browser.redirect_uri).port
        idle.extend(socket.create_connection(address) for _ in range(20))

    try:
        assert oauth.login(open_browser=Browser(connect)) == Token(ACCESS)
    finally:
        for one in idle:
            one.close()


def test_the_first_answer_counts(oauth, server):
    def twice(browser):
        assert browser.get(f"{PATH}?code=first&state={browser.state}").status == 200

    oauth.login(open_browser=Browser(twice))
    assert dict(parse_qsl(server.request.body.decode()))["code"] == "first"


def test_both_kinds_of_address(oauth):
    hosts = []

    def look(browser):
        hosts.extend(browser.get("/", host=host).status for host in ("127.0.0.1", "::1"))

    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
    oauth.login(open_browser=Browser(look))
    assert hosts == [404, 404]


def test_only_this_machine_reaches_it():
    with LoginListener(0) as listener:
        assert {server.server_address[0] for server in listener._servers} <= {"127.0.0.1", "::1"}


def test_a_port_that_is_half_taken_is_not_used():
    """Somebody listens on ::1 only, where a browser would go with the code."""
    with socket.socket(socket.AF_INET6) as taken:
        try:
            taken.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OAuthError, match=f"cannot listen on port {port}: "):
            LoginListener(port)
        with LoginListener(0) as listener:
            assert urlsplit(listener.redirect_uri).port != port


def test_another_port_is_tried_where_one_is_half_taken(monkeypatch):
    from shutterstock_api.auth import login_listener

    true, tried = login_listener._listen_on_both, []

    def taken_at_first(port, handler):
        tried.append(port)
        if len(tried) < 3:
            raise OSError(errno.EADDRINUSE, "taken")
        return true(port, handler)

    monkeypatch.setattr(login_listener, "_listen_on_both", taken_at_first)
    with LoginListener(0):
        assert tried == [0, 0, 0]


def test_without_ipv6_it_listens_all_the_same(monkeypatch, oauth):
    from shutterstock_api.auth import login_listener

    def missing(*_):
        raise OSError(errno.EADDRNOTAVAIL, "no IPv6")

    monkeypatch.setattr(login_listener._Server6, "server_bind", missing)
    assert oauth.login(open_browser=Browser()) == Token(ACCESS)


# The page.


def test_the_page_tells_nobody_anything(oauth):
    browser = Browser()
    oauth.login(open_browser=browser)
    page = browser.page
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "You may close this window" in page.text
    for secret in (CODE, browser.state, ACCESS, "the-key"):
        assert secret not in page.text
        assert secret not in str(page.headers)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    (style,) = re.findall("<style>(.*)</style>", page.text, re.DOTALL)
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert not re.search(r"(src|href)=|<script|https?:", page.text)


# Nothing is logged or left behind.


def test_code_and_state_are_not_logged(oauth, capfd, caplog):
    browser = Browser(lambda browser: browser.get(f"{PATH}?code=other-code&state=other-state"))
    with caplog.at_level(logging.DEBUG):
        oauth.login(open_browser=browser)
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", address(browser))
    for secret in (CODE, browser.state, ACCESS, "other-code", "other-state", "the-secret"):
        assert secret not in caplog.text


def address(browser):
    """What a person reads who sees no browser."""
    return f"To log in, open this address in a browser on this machine:\n{browser.url}\n"


@pytest.mark.parametrize("opened", [False, None, True])
def test_the_address_is_printed_whether_a_browser_opens_or_not(oauth, capsys, opened):
    """In a container, over SSH or with a launcher that only starts another program, nobody can tell."""
    printed = []

    def look(_):
        printed.append(capsys.readouterr())

    browser = Browser(look)
    oauth.login(open_browser=lambda url: browser(url) and opened)
    assert [(text.out, text.err) for text in printed] == [("", address(browser))]  # before it opens


def test_the_browser_of_the_machine_is_the_default(oauth, monkeypatch):
    browser = Browser()
    monkeypatch.setattr("webbrowser.open", browser)
    assert oauth.login() == Token(ACCESS)


def test_nobody_logs_in(oauth, clock, server):
    browser = Browser()

    def dawdle(url):
        browser.redirect_uri = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        clock.now += 60
        return True

    with pytest.raises(OAuthError, match="nobody logged in before the timeout"):
        oauth.login(timeout=60, open_browser=dawdle)
    assert is_closed(browser)
    assert server.requests == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_the_listener_ends_with_the_login(oauth, error):
    def interrupt(browser):
        raise error

    browser, before = Browser(interrupt), threading.active_count()
    with pytest.raises(error):
        oauth.login(open_browser=browser)
    assert is_closed(browser)
    assert threading.active_count() <= before + 1  # one that serves the test may be about to end


def test_a_port_of_ones_own(oauth, refusing):
    port = urlsplit(refusing).port
    with pytest.raises(OAuthError, match=f"cannot listen on port {port}: ") as caught:
        oauth.login(port=port, open_browser=lambda url: pytest.fail("there is nobody who would listen"))
    assert isinstance(caught.value, ApiException)
    with LoginListener(0) as listener:
        free = urlsplit(listener.redirect_uri).port
    browser = Browser()
    oauth.login(port=free, open_browser=browser)
    assert browser.redirect_uri == f"http://localhost:{free}/login"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        *(({"port": port}, ApiValueError) for port in (-1, 65536, "80", 8.5, True, None)),
        *(({"timeout": timeout}, ApiValueError) for timeout in (0, -1, float("nan"), "soon", None)),
        ({"token_file": os.devnull}, OAuthError),
        ({"token_file": "/dev/null/token.json"}, OAuthError),
    ],
    ids=str,
)
def test_mistakes_are_found_before_a_browser_opens(oauth, given, kind):
    with pytest.raises(kind):
        oauth.login(open_browser=lambda url: pytest.fail("too late"), **given)


def test_the_last_port_is_one(monkeypatch):
    from shutterstock_api.auth import login_listener

    def taken(port, handler):
        raise OSError(errno.EADDRINUSE, "taken")

    monkeypatch.setattr(login_listener, "_listen_on_both", taken)
    with pytest.raises(OAuthError, match="cannot listen on port 65535: taken"):
        LoginListener(65535)


def test_a_token_file_that_others_can_read_is_found_before_too(oauth, tmp_path):
    path = tmp_path / "token.json"
    path.write_text("{}")
    path.chmod(0o644)
    with pytest.raises(OAuthError, match="chmod 600"):
        oauth.login(token_file=path, open_browser=lambda url: pytest.fail("too late"))
