"""Redirects, and credentials over plain http."""

from __future__ import annotations

import re
from typing import Any

import pytest
from failing_calls import error_of
from scripted_server import TOKEN, Server, answer
from urllib3.exceptions import ClosedPoolError

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiValueError,
    Configuration,
    ImagesApi,
    LicenseOutcomeUnknown,
)
from shutterstock_api.transport import pools

# Redirects.


def test_a_get_follows_on_its_own_host(api: ImagesApi, server: Server) -> None:
    server.answers(
        answer(301, "moved", Location="/v2/images/2?view=full"),
        answer(302, Location=f"{server.url}/v2/images/3"),
        answer(307, Location="4"),
        answer(200, {"id": "4"}),
    )
    assert api.get_image("1").id == "4"
    assert [request.target for request in server.requests] == [
        "/v2/images/1",
        "/v2/images/2?view=full",
        "/v2/images/3",
        "/v2/images/4",
    ]
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {TOKEN}"}
    assert server.connections == 1


def test_a_get_follows_three_times_at_most(api: ImagesApi, server: Server) -> None:
    server.always(answer(302, Location="/v2/images/1"))
    error = error_of(api)
    assert error.status == 302
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "form", ["{url}/v2/secret?q=1", "//{netloc}/v2/secret", "https://127.0.0.1:{own}/v2/secret"]
)
def test_no_redirect_leaves_the_host(api: ImagesApi, server: Server, form: str) -> None:
    other = Server()
    place = form.format(url=other.url, netloc=other.url[7:], own=server.port)
    server.answers(answer(302, Location=place))
    error = error_of(api)
    other.close()
    assert error.status == 302
    assert re.search("It redirects to .*//127.0.0.1:", str(error))
    assert "q=1" not in f"{error}{vars(error)}"
    assert "secret" not in f"{error}{vars(error)}"
    assert len(server.requests) == 1
    assert other.requests == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_write_follows_nowhere(api: ImagesApi, server: Server, status: int) -> None:
    server.answers(answer(status, Location="/v2/elsewhere"))
    with pytest.raises(ApiException, match="It redirects to /v2/elsewhere") as caught:
        api.license_images({"images": [{"image_id": "1"}]})
    assert not isinstance(caught.value, LicenseOutcomeUnknown)
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["/gw/v2/there", "/v2/there", "//{place}/v2/there", "there"])
def test_a_host_with_a_path_of_its_own(server: Server, location: str) -> None:
    place = server.url.partition("//")[2]
    server.answers(answer(302, Location=location.format(place=place)), answer(200, {"id": "1"}))
    api = ImagesApi(ApiClient(Configuration(server.url.replace("http", "HTTP") + "/gw")))
    assert api.get_image("1").id == "1"
    wanted = "/gw/v2/images/there" if location == "there" else location.partition("}")[2] or location
    assert server.requests[1].target == wanted


def test_a_redirect_whose_connection_another_thread_closes_is_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ApiClient(Configuration(f"{server.url}/gw"))
    pool_class, closed = pools.POOLS["http"], iter([False, True])
    urlopen = pool_class.urlopen

    def closed_once(pool: Any, *given: Any, **more: Any) -> Any:
        if next(closed, False):
            raise ClosedPoolError(pool, "closed")
        return urlopen(pool, *given, **more)

    monkeypatch.setattr(pool_class, "urlopen", closed_once)
    server.answers(answer(302, Location="there"), answer(200, {"id": "2"}))
    assert ImagesApi(client).get_image("1").id == "2"
    assert [request.path for request in server.requests] == ["/gw/v2/images/1", "/gw/v2/images/there"]
    client.close()


@pytest.mark.parametrize("location", ["http://[bad", "//[", "http://127.0.0.1:x/", ""])
def test_a_broken_redirect_is_an_error(api: ImagesApi, server: Server, location: str) -> None:
    server.always(answer(302, Location=location))
    assert error_of(api).status == 302


def test_a_host_that_only_begins_alike_is_another_host(api: ImagesApi, server: Server) -> None:
    server.always(answer(302, Location=f"{server.url}@evil.example/v2/images/1"))
    assert "evil.example" in str(error_of(api))
    assert len(server.requests) == 1


# Credentials stay off plain http.


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        ({"access_token": "t"}, {}),
        ({"username": "k", "password": "s"}, {}),
        ({}, {"cookie": "c"}),
        ({}, {"header_name": "X-Own", "header_value": "s"}),
        ({}, {"header_name": "authorization", "header_value": "Bearer s"}),
    ],
)
def test_credentials_over_plain_http_are_refused(credentials: dict[str, str], header: dict[str, str]) -> None:
    settings = Configuration("http://plain.invalid", retries=0, **credentials)  # type: ignore[arg-type]
    api = ImagesApi(ApiClient(settings, **header))
    with pytest.raises(
        ApiValueError, match="unencrypted to plain.invalid; use https, or set allow_insecure_host"
    ):
        api.get_image("1")
    settings.allow_insecure_host = True
    with pytest.raises(ApiConnectionError):
        api.get_image("1")


def test_credentials_of_one_call_over_plain_http_are_refused() -> None:
    api = ImagesApi(ApiClient(Configuration("http://plain.invalid", retries=0)))
    with pytest.raises(ApiValueError, match="unencrypted"):
        api.get_image("1", _headers={"authorization": "Bearer t"})
    with pytest.raises(ApiConnectionError):
        api.get_image("1")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "api.localhost", "[::1]"]
)
def test_loopback_may_have_credentials(host: str) -> None:
    client = ApiClient(Configuration(f"http://{host}:1", access_token="t", retries=0))
    assert client.rest.route().plain_to is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "0.0.0.0", "[::2]"]
)
def test_what_only_looks_like_loopback_may_not(host: str) -> None:
    with pytest.raises(ApiValueError, match="unencrypted"):
        ImagesApi(ApiClient(Configuration(f"http://{host}:1", access_token="t", retries=0))).get_image("1")
