"""A token that stays fresh: when it is renewed, by whom, and what happens when that fails."""

from __future__ import annotations

import copy
import logging
import os
import pickle
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from scripted_server import answer

from shutterstock_api import ApiException, Configuration, ServerError
from shutterstock_api.auth.oauth import OAuth, OAuthError
from shutterstock_api.credentials.refreshing_token import EARLY, PAUSE, RefreshingToken, token_from_file
from shutterstock_api.credentials.token import Token
from shutterstock_api.credentials.token_file import TokenFile

START = datetime.fromtimestamp(1_800_000_000, UTC)
OLD, FRESH, REFRESH = "v2/old-token", "v2/fresh-token", "refresh-token"
ENDED = Token(OLD, START, REFRESH)
GOOD = Token(OLD, START + timedelta(hours=1), REFRESH)
FAILS = answer(400, {"message": "Invalid refresh_token"})
BUSY = answer(503)


def fresh(token=FRESH, seconds=3600):
    return answer(200, {"access_token": token, "expires_in": seconds})


@pytest.fixture
def oauth(server, clock):
    made = OAuth("the-key", "the-secret", configuration=Configuration(server.url, retries=0))
    made.api_client.timing = clock.timing
    yield made
    made.api_client.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "token.json"


@pytest.fixture(params=["memory", "file"])
def source_of(request, oauth, clock, path):
    """Make a source of a token that is in memory, or in a file."""

    def make(token):
        if request.param == "memory":
            return RefreshingToken(oauth, token, clock=clock.time)
        TokenFile(path).write(token)
        return RefreshingToken(oauth, TokenFile(path), clock=clock.time)

    return make


# When.


@pytest.mark.parametrize(
    ("left", "requests"), [(None, 0), (3600, 0), (EARLY + 1, 0), (EARLY, 1), (1, 1), (0, 1), (-3600, 1)]
)
def test_a_token_is_renewed_shortly_before_its_end(source_of, server, left, requests):
    server.answers(fresh())
    ends = None if left is None else START + timedelta(seconds=left)
    source = source_of(Token(OLD, ends, REFRESH))
    assert [source(), source()] == [FRESH if requests else OLD] * 2
    assert len(server.requests) == requests


def test_it_is_renewed_again_and_again(source_of, server, clock):
    server.answers(fresh("v2/one"), fresh("v2/two"))
    source = source_of(ENDED)
    assert source() == "v2/one"
    clock.now += 3600
    assert source() == "v2/two"
    assert [dict(parse_qsl(request.body.decode()))["refresh_token"] for request in server.requests] == [
        REFRESH,
        REFRESH,
    ]


def test_a_token_that_lives_no_longer_than_a_moment_is_used_all_the_same(source_of, server):
    server.answers(fresh("v2/one", 1), fresh("v2/two", 0))
    source = source_of(ENDED)
    assert [source(), source()] == ["v2/one", "v2/two"]


def test_a_refused_token_is_renewed(source_of, server):
    server.answers(fresh())
    source = source_of(GOOD)
    assert source() == OLD
    assert source.renew(OLD) == FRESH
    assert source() == FRESH


def test_a_token_that_was_replaced_meanwhile_is_not_renewed_again(source_of, server):
    server.answers(fresh())
    source = source_of(GOOD)
    assert [source.renew(OLD) for _ in range(3)] == [FRESH] * 3
    assert len(server.requests) == 1


@pytest.mark.parametrize("token", [Token(OLD), Token(OLD, START + timedelta(hours=1))])
def test_a_refused_token_that_cannot_be_renewed_stays(source_of, server, token):
    assert source_of(token).renew(OLD) == OLD
    assert server.requests == []


def test_an_ended_token_that_cannot_be_renewed(source_of, server):
    source = source_of(Token(OLD, START + timedelta(seconds=1)))
    assert source() == OLD
    source = source_of(Token(OLD, START))
    with pytest.raises(
        OAuthError, match=r"expired at 2027-01-15 08:00.* cannot be renewed\n  Log in again\."
    ):
        source()
    assert server.requests == []


# When it fails.


def test_a_failure_is_no_error_while_the_token_is_good(source_of, server, clock, caplog):
    server.answers(BUSY, BUSY, fresh())
    source = source_of(Token(OLD, START + timedelta(seconds=EARLY), REFRESH))
    with caplog.at_level(logging.WARNING):
        assert [source() for _ in range(5)] == [OLD] * 5
        assert len(server.requests) == 1
        clock.now += PAUSE
        assert [source() for _ in range(5)] == [OLD] * 5
        assert len(server.requests) == 2
        clock.now += PAUSE
        assert source() == FRESH
    assert "could not be renewed" in caplog.text
    assert not any(secret in caplog.text for secret in (OLD, FRESH, REFRESH, "the-secret"))


def test_a_failure_is_an_error_once_the_token_has_ended(source_of, server, clock):
    server.answers(BUSY, BUSY, BUSY, fresh())
    source = source_of(Token(OLD, START + timedelta(seconds=1), REFRESH))
    assert source() == OLD
    clock.now += 1
    with pytest.raises(ServerError, match="503"):
        source()
    with pytest.raises(ServerError, match="503"):
        source.renew(OLD)
    assert source() == FRESH


@pytest.mark.parametrize("call", [lambda source: source(), lambda source: source.renew(OLD)])
def test_no_traceback_shows_a_secret(source_of, server, call):
    server.answers(FAILS)
    with pytest.raises(OAuthError) as caught:
        call(source_of(ENDED))
    frames = traceback.TracebackException(
        type(caught.value), caught.value, caught.value.__traceback__.tb_next.tb_next, capture_locals=True
    )
    shown = "".join(frames.format())
    assert "_renew" in shown
    assert not any(secret in shown for secret in (OLD, REFRESH, "the-secret"))


# Threads.


def all_at_once(count, call):
    """What `call` returns or raises in each of many threads that begin together."""
    barrier = threading.Barrier(count)

    def work(_):
        barrier.wait(10)
        try:
            return call()
        except ApiException as error:
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))


def waiting(source, count):
    """Let the server answer only once so many threads wait for it, besides the one that asks."""

    def waits(frame):
        return frame is not None and (
            (frame.f_code.co_name, frame.f_locals.get("self")) == ("_shared", source._flight)
            or waits(frame.f_back)
        )

    until = time.monotonic() + 10
    while sum(map(waits, list(sys._current_frames().values()))) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


@pytest.mark.parametrize("ask", [lambda source: source(), lambda source: source.renew(OLD)])
def test_threads_share_one_renewal(source_of, server, ask):
    source = source_of(ENDED)

    def slowly(_):
        waiting(source, 7)
        return fresh()

    server.answers(slowly)
    assert all_at_once(8, lambda: ask(source)) == [FRESH] * 8
    assert len(server.requests) == 1


def test_a_failure_reaches_all_who_wait_and_nobody_else(source_of, server):
    source = source_of(ENDED)

    def slowly(_):
        waiting(source, 7)
        return answer(500)

    server.answers(slowly, fresh())
    outcomes = all_at_once(8, source)
    assert {type(outcome) for outcome in outcomes} == {ServerError}
    assert len(server.requests) == 1
    assert all_at_once(8, source) == [FRESH] * 8
    assert len(server.requests) == 2


def test_without_waiting_on_purpose_it_is_one_renewal_too(source_of, server):
    server.answers(fresh())
    source = source_of(ENDED)
    assert all_at_once(8, source) == [FRESH] * 8
    assert len(server.requests) == 1


def test_ctrl_c_ends_one_thread_and_leaves_nobody_waiting(source_of, oauth, monkeypatch, server):
    source = source_of(ENDED)
    begun = threading.Event()

    def interrupted(_):
        begun.set()
        waiting(source, 1)
        raise KeyboardInterrupt

    monkeypatch.setattr(oauth, "refresh", interrupted)
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(lambda: (begun.wait(10), source()))
        with pytest.raises(KeyboardInterrupt):
            source()
        with pytest.raises(OAuthError, match="interrupted"):
            other.result(10)
    monkeypatch.undo()
    server.answers(fresh())
    assert source() == FRESH


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_renewal(source_of, server):
    source = source_of(ENDED)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_):
        begun.set()
        go_on.wait(10)
        return fresh("v2/for-the-parent")

    server.answers(slowly, fresh("v2/for-the-child"))
    with ThreadPoolExecutor(1) as threads:
        parent = threads.submit(source)
        assert begun.wait(10)
        child = os.fork()
        if child == 0:  # the child has no thread that could end what it inherited
            source._store.lock = RefreshingToken(None, ENDED)._store.lock  # the parent holds that of the file
            os._exit(0 if source() == "v2/for-the-child" else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        go_on.set()
        assert parent.result(10) in ("v2/for-the-parent", "v2/for-the-child")


# Files.


def test_a_token_that_another_process_has_renewed_is_used(oauth, path, clock, server):
    file = TokenFile(path)
    file.write(ENDED)
    source = RefreshingToken(oauth, file, clock=clock.time)
    server.answers(FAILS)
    with pytest.raises(OAuthError):
        source()
    TokenFile(path).write(Token("v2/of-another-process", START + timedelta(hours=1), "its-refresh-token"))
    assert source() == "v2/of-another-process"
    assert len(server.requests) == 1


def test_the_file_is_read_again_under_the_lock(oauth, path, clock, server, monkeypatch):
    """Somebody else renews it between the look at the token and the lock."""
    file = TokenFile(path)
    file.write(ENDED)
    lock = file.lock

    def taken_by_another():
        TokenFile(path).write(Token(FRESH, START + timedelta(hours=1), REFRESH))
        return lock()

    monkeypatch.setattr(file, "lock", taken_by_another)
    assert RefreshingToken(oauth, file, clock=clock.time)() == FRESH
    assert server.requests == []


def test_a_renewed_token_that_cannot_be_stored_is_used(oauth, path, clock, server, monkeypatch, caplog):
    def fail(*_):
        raise OSError(28, "No space left on device")

    file = TokenFile(path)
    file.write(ENDED)
    server.answers(fresh())
    monkeypatch.setattr(os, "replace", fail)
    source = RefreshingToken(oauth, file, clock=clock.time)
    assert [source(), source()] == [FRESH] * 2
    assert "not stored: cannot write" in caplog.text
    assert FRESH not in caplog.text


def test_no_request_where_there_can_be_no_lock(oauth, path, clock, server):
    TokenFile(path).write(ENDED)
    path.with_name("token.json.lock").mkdir()
    source = RefreshingToken(oauth, TokenFile(path), clock=clock.time)
    with pytest.raises(OAuthError, match="cannot lock"):
        source()
    assert server.requests == []


def test_the_secret_of_the_application_is_not_written(oauth, path, clock, server):
    TokenFile(path).write(ENDED)
    server.answers(fresh())
    assert RefreshingToken(oauth, TokenFile(path), clock=clock.time)() == FRESH
    assert FRESH.encode() in path.read_bytes()
    assert b"the-secret" not in path.read_bytes()
    assert b"the-key" not in path.read_bytes()


def test_a_file_with_key_and_secret_is_renewed(server, path, clock):
    TokenFile(path).write(ENDED)
    server.answers(fresh())
    configuration = Configuration(server.url, username="the-key", password="the-secret")
    assert token_from_file(path, configuration).renew(OLD) == FRESH


@pytest.mark.parametrize("given", [{}, {"username": "the-key"}])
def test_a_file_without_them_is_served_until_its_end(server, path, given, monkeypatch):
    for name in ("oauthlib", "filelock"):
        monkeypatch.setitem(sys.modules, name, None)
    source = token_from_file(path, Configuration(server.url, **given))
    TokenFile(path).write(Token(OLD, datetime.max.replace(tzinfo=UTC), REFRESH))
    assert (source(), source.renew(OLD)) == (OLD, OLD)
    TokenFile(path).write(Token(OLD, datetime(2020, 1, 1, tzinfo=UTC), REFRESH))
    with pytest.raises(OAuthError, match=r"Log in again, or set username and password"):
        source()
    assert server.requests == []


def test_a_copy_renews_with_its_own_key_and_secret(server, path):
    TokenFile(path).write(Token(OLD, datetime(2020, 1, 1, tzinfo=UTC), REFRESH))
    settings = Configuration(server.url, token_file=path, username="the-key", password="the-secret")
    server.always(answer(200, {"access_token": FRESH, "expires_in": 10**10}))
    assert settings._token_source() is settings._token_source()
    twin = copy.copy(settings)
    twin.username = "another-key"
    assert twin.access_token == FRESH
    assert dict(parse_qsl(server.request.body.decode()))["client_id"] == "another-key"


# Everything else.


def test_copies_share_the_token(source_of, server):
    server.answers(fresh())
    source = source_of(ENDED)
    assert [copy.copy(source)(), copy.deepcopy(source)(), source()] == [FRESH] * 3
    assert len(server.requests) == 1


def test_a_source_shows_no_secret_and_is_not_pickled(source_of):
    source = source_of(ENDED)
    assert OLD not in repr(source)
    assert repr(source).startswith("<RefreshingToken from <Token")
    with pytest.raises(TypeError, match="TokenFile"):
        pickle.dumps(source)
