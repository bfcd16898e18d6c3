"""Which credentials a request carries, and what happens when the service refuses them."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    ForbiddenError,
    ImagesApi,
    OauthApi,
    RateLimitError,
    UnauthorizedError,
)
from shutterstock_api.support.timing import time_left

GOOD = answer(200, {"id": "1"})
REFUSED = answer(401, {"message": "Invalid access token"})


class Renewable:
    """Hands out `t1`, then `t2` and so on after each renewal."""

    def __init__(self) -> None:
        self.number = 1
        self.refused: list[str] = []

    def __call__(self) -> str:
        return f"t{self.number}"

    def renew(self, refused: str) -> str:
        self.refused.append(refused)
        self.number += 1
        return self()


def api_of(server: Server, clock: Any, token: Any, **settings: Any) -> ImagesApi:
    client = ApiClient(Configuration(server.url, access_token=token, **settings))
    client.timing = clock.timing
    return ImagesApi(client)


def sent(server: Server) -> list[str | None]:
    return [request.headers.get("authorization") for request in server.requests]


# Functions that know the token.


def test_a_function_is_asked_before_each_call(server: Server, clock: Any) -> None:
    tokens = iter(["one", "two\n"])
    api = api_of(server, clock, lambda: next(tokens))
    server.always(GOOD)
    api.get_image("1")
    api.get_image("1")
    assert sent(server) == ["Bearer one", "Bearer two"]


def test_what_it_raises_the_call_raises(server: Server, clock: Any) -> None:
    def broken() -> str:
        raise LookupError("the vault is closed")

    with pytest.raises(LookupError, match="the vault is closed"):
        api_of(server, clock, broken).get_image("1")
    assert server.requests == []


def test_what_cannot_stand_in_a_header_is_refused(server: Server, clock: Any) -> None:
    with pytest.raises(ApiValueError, match="access_token: it contains control characters"):
        api_of(server, clock, lambda: "a\r\nX: y").get_image("1")
    assert server.requests == []


def test_nobody_is_asked_for_a_token_but_calls() -> None:
    def called() -> str:
        raise AssertionError

    configuration = Configuration("https://h.example", access_token=called)
    ApiClient(configuration)
    assert repr(configuration) == "<Configuration https://h.example, renewable token>"
    assert copy.copy(configuration).can_authorize(basic=False)
    assert not pickle.loads(pickle.dumps(configuration)).can_authorize(basic=True)


def test_a_text_in_its_place_wins_and_none_ends_it(server: Server, clock: Any) -> None:
    api = api_of(server, clock, lambda: "function")
    configuration = api.api_client.configuration
    assert configuration.access_token == "function"
    server.always(GOOD)
    configuration.access_token = "text"
    api.get_image("1")
    configuration.access_token = None
    api.get_image("1")
    assert sent(server) == ["Bearer text", None]


def test_a_function_in_place_of_a_text_is_asked(server: Server, clock: Any) -> None:
    api = api_of(server, clock, "text")
    api.api_client.configuration.access_token = lambda: "function"
    server.always(GOOD)
    api.get_image("1")
    assert sent(server) == ["Bearer function"]


# After a 401.


def call_search(api: ImagesApi) -> object:
    return api.get_image("1")


def call_license(api: ImagesApi) -> object:
    return api.license_images({"images": [{"image_id": "1"}]})


@pytest.mark.parametrize("call", [call_search, call_license])
def test_a_refused_token_is_renewed_and_the_call_sent_once_again(
    server: Server, clock: Any, call: Callable[[ImagesApi], object]
) -> None:
    source = Renewable()
    api = api_of(server, clock, source, retries=0)
    server.answers(REFUSED, answer(200, {"id": "1", "data": [{"image_id": "1", "license_id": "L"}]}))
    call(api)
    assert sent(server) == ["Bearer t1", "Bearer t2"]
    assert (source.refused, clock.sleeps) == (["t1"], [])


def test_once_is_enough(server: Server, clock: Any) -> None:
    source = Renewable()
    api = api_of(server, clock, source)
    server.always(REFUSED)
    with pytest.raises(UnauthorizedError) as caught:
        api.get_image("1")
    assert (caught.value.attempts, sent(server)) == (2, ["Bearer t1", "Bearer t2"])


def test_a_renewal_takes_none_of_the_retries(server: Server, clock: Any) -> None:
    api = api_of(server, clock, Renewable(), retries=1)
    server.answers(answer(429, Retry_After="1"), REFUSED, GOOD)
    api.get_image("1")
    server.answers(REFUSED, answer(429, Retry_After="1"), answer(429, Retry_After="1"))
    with pytest.raises(RateLimitError):
        api.get_image("1")
    assert len(server.requests) == 6


def test_a_function_without_renew_is_asked_again(server: Server, clock: Any) -> None:
    tokens = iter(["old", "new", "new", "new"])
    api = api_of(server, clock, lambda: next(tokens))
    server.answers(REFUSED, GOOD, REFUSED)
    api.get_image("1")
    with pytest.raises(UnauthorizedError):
        api.get_image("1")  # there is nothing newer
    assert sent(server) == ["Bearer old", "Bearer new", "Bearer new"]


def test_the_hook_is_called_again(server: Server, clock: Any) -> None:
    tokens = iter(["old", "new"])

    def hook(configuration: Configuration) -> None:
        configuration.access_token = next(tokens)

    api = api_of(server, clock, "x", refresh_api_key_hook=hook)
    server.answers(REFUSED, GOOD)
    api.get_image("1")
    assert sent(server) == ["Bearer old", "Bearer new"]


def test_what_another_thread_has_set_meanwhile_is_used(server: Server, clock: Any) -> None:
    api = api_of(server, clock, "old")

    def refuse(_: Request) -> bytes:
        api.api_client.configuration.access_token = "new"
        return REFUSED

    server.answers(refuse, GOOD)
    api.get_image("1")
    assert sent(server) == ["Bearer old", "Bearer new"]


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
def test_the_token_of_one_call_is_its_own_business(server: Server, clock: Any, name: str) -> None:
    source = Renewable()
    server.always(REFUSED)
    with pytest.raises(UnauthorizedError):
        api_of(server, clock, source).get_image("1", _headers={name: "Bearer mine"})
    assert (sent(server), source.refused) == (["Bearer mine"], [])


def test_a_plain_token_is_sent_once(server: Server, clock: Any) -> None:
    server.always(REFUSED)
    with pytest.raises(UnauthorizedError):
        api_of(server, clock, "text").get_image("1")
    assert len(server.requests) == 1


def test_a_403_renews_nothing(server: Server, clock: Any) -> None:
    source = Renewable()
    server.always(answer(403, {"message": "a scope is missing"}))
    with pytest.raises(ForbiddenError):
        api_of(server, clock, source).get_image("1")
    assert (len(server.requests), source.refused) == (1, [])


def test_the_renewed_token_is_masked_too(server: Server, clock: Any) -> None:
    tokens = iter(["secret-one", "secret-two"])

    def echo(request: Request) -> bytes:
        return answer(401, {"message": f"no {request.headers['authorization']}"})

    server.always(echo)
    with pytest.raises(UnauthorizedError) as caught:
        api_of(server, clock, lambda: next(tokens)).get_image("1")
    assert len(server.requests) == 2
    assert "secret" not in f"{caught.value}{vars(caught.value)}"


# Where they come from.


@pytest.mark.parametrize(
    ("variables", "given", "shown"),
    [
        ({"TOKEN_FILE": "f"}, {}, "token file"),
        ({"TOKEN_FILE": "f", "API_TOKEN": "t"}, {}, "token"),
        ({"TOKEN_FILE": "f", "KEY": "k", "SECRET": "s"}, {}, "token file"),
        ({"TOKEN_FILE": "f"}, {"access_token": "t"}, "token"),
        ({"TOKEN_FILE": "f"}, {"username": "k", "password": "s"}, "key and secret"),
        ({"API_TOKEN": "t"}, {"token_file": "f"}, "token file"),
        ({}, {"token_file": Path("f")}, "token file"),
        ({}, {"token_file": "f", "access_token": "t"}, "token"),
        ({}, {"token_file": "f", "access_token": Renewable()}, "renewable token"),
        ({"TOKEN_FILE": ""}, {}, "no credentials"),
    ],
)
def test_which_wins(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], given: dict[str, Any], shown: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"SHUTTERSTOCK_{name}", value)
    assert repr(Configuration("https://h.example", **given)) == f"<Configuration https://h.example, {shown}>"


def test_a_token_file_is_renewed_with_key_and_secret_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHUTTERSTOCK_KEY", "k")
    monkeypatch.setenv("SHUTTERSTOCK_SECRET", "s")
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", "t")
    configuration = Configuration(token_file="f")
    assert (configuration.token_file, configuration.username, configuration.password) == ("f", "k", "s")


def test_a_pickle_keeps_the_name_of_a_token_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUTTERSTOCK_TOKEN_FILE", "of-the-environment")
    assert pickle.loads(pickle.dumps(Configuration(token_file="mine"))).token_file == "mine"
    there = pickle.dumps(Configuration())
    monkeypatch.setenv("SHUTTERSTOCK_TOKEN_FILE", "of-the-worker")
    assert pickle.loads(there).token_file == "of-the-worker"


def test_a_username_with_a_colon_is_refused() -> None:
    with pytest.raises(ApiValueError, match="username: it contains a colon"):
        Configuration(username="a:b", password="c")


def test_a_host_with_a_password_is_refused() -> None:
    with pytest.raises(ApiValueError, match="host: give it without user and password") as caught:
        Configuration("https://me:hunter2@h.example")
    assert "hunter2" not in str(caught.value)


def test_eight_threads_with_a_refused_token(server: Server, clock: Any) -> None:
    """Each asks for a renewal with the token that was refused: the source tells who comes late."""
    source = Renewable()
    api = api_of(server, clock, source)

    def by_token(request: Request) -> bytes:
        return REFUSED if request.headers["authorization"] == "Bearer t1" else GOOD

    server.always(by_token)
    threads = [threading.Thread(target=api.get_image, args=("1",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert set(source.refused) <= {"t1"}
    assert len(server.requests) == 8 + len(source.refused)


def test_a_renewal_has_no_more_time_than_the_call(server: Server, clock: Any) -> None:
    """What asks for the token over the network gives up when the deadline of the call has come."""
    token_server = Server()
    token_server.always(token_server.hang)
    other = OauthApi(ApiClient(Configuration(token_server.url, retries=5)))

    def source() -> str:
        grant = {"client_id": "k", "grant_type": "client_credentials"}
        return other.create_access_token(grant).access_token or ""

    api = ImagesApi(ApiClient(Configuration(server.url, access_token=source)))
    with pytest.raises(ApiTimeoutError, match="/v2/oauth/access_token"):
        api.get_image("1", _deadline=0.05)
    token_server.close()
    assert len(token_server.requests) == 1
    assert time_left() is None


@pytest.mark.parametrize("value", [5, ["f"], b"f"])
def test_a_token_file_is_a_path(value: Any) -> None:
    with pytest.raises(ApiTypeError, match="token_file: expected the path of a file"):
        Configuration(token_file=value)


def test_a_path_without_nul() -> None:
    with pytest.raises(ApiValueError, match="token_file: it contains a NUL"):
        Configuration(token_file="a\0b")


def test_what_may_stand_for_a_token_is_said() -> None:
    with pytest.raises(
        ApiTypeError, match="access_token: expected str or bytes, or a function that returns it"
    ):
        Configuration(access_token=5)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["X-Api-Key", "X-Auth", "My-Token", "Cookie", "X-Client-Secret"])
def test_headers_that_may_be_secret_are(server: Server, name: str) -> None:
    with ApiClient(Configuration(server.url)) as client:
        client.set_default_header(name, "hunter2")
        client.set_default_header("X-Team", "red")
        server.always(answer(400, {"message": "no hunter2"}))
        with pytest.raises(ApiException) as caught:
            ImagesApi(client).get_image("1")
        assert "hunter2" not in f"{caught.value}{vars(caught.value)}"
        twin = pickle.loads(pickle.dumps(client))
        assert (twin.default_headers.get(name), twin.default_headers["X-Team"]) == (None, "red")
    with ApiClient(Configuration("http://h.example")) as client:
        client.set_default_header(name, "hunter2")
        with pytest.raises(ApiValueError, match="unencrypted"):
            ImagesApi(client).get_image("1")


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"username": "k"}, "Only one of username and password is set"),
        ({"password": "s"}, "Only one of username and password is set"),
        ({}, "No credentials were configured"),
    ],
)
def test_the_hint_says_what_is_missing(server: Server, settings: dict[str, str], hint: str) -> None:
    server.always(REFUSED)
    with ApiClient(Configuration(server.url, **settings)) as client:
        with pytest.raises(UnauthorizedError, match=hint):
            ImagesApi(client).get_image("1")
        with pytest.raises(UnauthorizedError, match="Are client_id and client_secret"):
            OauthApi(client).create_access_token({"client_id": "k", "grant_type": "x"})
