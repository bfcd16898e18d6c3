"""One client object: its settings, its API objects, and views of it with other options."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from call_samples import IMAGE
from scripted_server import TOKEN, Clock, Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiTimeoutError,
    ApiTypeError,
    Configuration,
    ImagesApi,
    RateLimitError,
    ServerError,
)
from shutterstock_api.api.objects import ApiObjects
from shutterstock_api.calls.settings import OWN, Settings
from shutterstock_api.configuration import GUARDED

STEMS = [name for name in vars(ApiObjects) if not name.startswith("_")]


# Settings.


def test_settings_are_keywords_of_a_client(server: Server) -> None:
    server.answers(answer(200, IMAGE))
    with ApiClient(host=server.url, access_token=TOKEN, retries=0) as client:
        client.images.get_image("1")
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert client.configuration.retries == 0


def test_a_client_takes_every_setting() -> None:
    settings = inspect.signature(Configuration).parameters
    assert Settings.__annotations__.keys() == settings.keys()
    for name, parameter in settings.items():
        written = Settings.__annotations__[name]
        assert getattr(written, "__forward_arg__", written) == parameter.annotation, name


def test_settings_are_given_once() -> None:
    with pytest.raises(ApiTypeError, match="timeout, retries: pass settings either"):
        ApiClient(Configuration(), timeout=5, retries=1)
    with pytest.raises(TypeError, match="acces_token"):
        ApiClient(acces_token="v2/x")  # type: ignore[call-arg]


def test_the_hint_for_a_token_names_the_class() -> None:
    with pytest.raises(ApiTypeError, match=r"write VideosApi\(Configuration\(access_token=\.\.\.\)\)"):
        shutterstock_api.VideosApi("v2/token")  # type: ignore[arg-type]


def test_what_is_no_configuration() -> None:
    with pytest.raises(ApiTypeError, match="expected a Configuration, got dict"):
        ApiClient({"access_token": "x"})  # type: ignore[arg-type]


# API objects.


@pytest.mark.parametrize("stem", STEMS)
def test_each_api_class_is_an_attribute(stem: str) -> None:
    client = ApiClient()
    api = getattr(client, stem)
    assert (api.api_client, getattr(client, stem)) == (client, api)
    assert type(api).__module__ == f"shutterstock_api.api.{stem}_api"


def test_no_api_class_is_missing() -> None:
    client = ApiClient()
    assert {type(getattr(client, stem)).__name__ for stem in STEMS} == set(shutterstock_api.api.__all__)


def test_an_api_class_is_loaded_on_first_use() -> None:
    code = (
        "import sys, shutterstock_api; client = shutterstock_api.ApiClient();"
        "loaded = lambda: sorted(n for n in sys.modules if n.startswith('shutterstock_api.api.'));"
        "print(*loaded()); client.images; print(*loaded())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20
    )
    objects = "shutterstock_api.api.objects"
    assert done.stdout == f"{objects}\nshutterstock_api.api.images_api {objects}\n"


def test_a_copy_has_api_objects_of_its_own(client: ApiClient) -> None:
    assert client.images.api_client is client
    for twin in (copy.copy(client), copy.deepcopy(client), pickle.loads(pickle.dumps(client))):
        assert twin.images.api_client is twin


def test_an_api_object_takes_a_configuration(server: Server) -> None:
    server.always(answer(200, IMAGE))
    with ImagesApi(Configuration(server.url, access_token=TOKEN)) as api:
        api.get_image("1")
        pool = api.api_client.rest.route().pool
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert api.api_client.rest.route().pool is not pool  # it was closed


def test_an_api_object_leaves_the_client_of_others_open(client: ApiClient, server: Server) -> None:
    server.always(answer(200, IMAGE))
    with ImagesApi(client) as api:
        api.get_image("1")
    client.images.get_image("1")
    assert server.connections == 1


# Views.


def test_a_view_has_other_options(server: Server, client: ApiClient, clock: Clock) -> None:
    server.always(answer(503))
    view = client.with_options(retries=0, headers={"X-Team": "web"})
    with pytest.raises(ServerError):
        view.images.get_image("1")
    assert [request.headers.get("x-team") for request in server.requests] == ["web"]
    with pytest.raises(ServerError):
        client.images.get_image("1")
    assert [request.headers.get("x-team") for request in server.requests] == ["web", None, None, None]


def test_a_view_has_its_own_time(server: Server, client: ApiClient) -> None:
    server.always(server.hang)
    with pytest.raises(ApiTimeoutError):
        client.with_options(timeout=0.05, retries=0).images.get_image("1")
    assert client.configuration.timeout == (5, 30)


def test_a_view_shares_connections_and_rate_limits(server: Server, client: ApiClient) -> None:
    server.answers(answer(200, IMAGE), answer(200, IMAGE, **{"RateLimit-Limit": "7"}))
    view = client.with_options(deadline=20.0)
    client.images.get_image("1")
    view.images.get_image("1")
    assert (server.connections, view.rest) == (1, client.rest)
    assert client.rate_limit
    assert client.rate_limit.limit == 7
    client.close()  # which forgets all hosts of files
    assert view.host_of("http://127.0.0.1:1") is client.host_of("http://127.0.0.1:1")
    assert view.with_options(retries=1)._call_threads() is client._call_threads()


def test_a_429_holds_back_the_views_too(server: Server, client: ApiClient, clock: Clock) -> None:
    server.answers(answer(429, **{"Retry-After": "30"}), answer(200, IMAGE))
    view = client.with_options(max_retry_wait=5)
    with pytest.raises(RateLimitError):
        client.with_options(retries=0).images.get_image("1")
    with pytest.raises(RateLimitError, match="not sent"):
        view.images.get_image("1")


def test_a_view_shares_credentials(client: ApiClient, server: Server) -> None:
    server.always(answer(200, IMAGE))
    view = client.with_options(timeout=60)
    client.configuration.access_token = "later"
    view.images.get_image("1")
    view.configuration.access_token = "latest"
    client.images.get_image("1")
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer later", "Bearer latest"]


def test_a_refused_token_is_renewed_for_all(server: Server) -> None:
    tokens = ["old", "new"]

    def hook(configuration: Configuration) -> None:
        configuration.access_token = tokens.pop(0)

    server.answers(answer(401), answer(200, IMAGE))
    client = ApiClient(host=server.url)
    view = client.with_options(retries=0)
    view.configuration.refresh_api_key_hook = hook
    view.images.get_image("1")
    assert (client.configuration.access_token, tokens) == ("new", [])
    client.close()


def test_to_close_a_view_closes_its_client(client: ApiClient, server: Server) -> None:
    server.always(answer(200, IMAGE))
    client.images.get_image("1")
    with client.with_options(retries=0) as view:
        view.images.get_image("1")
    client.images.get_image("1")
    assert server.connections == 2


def test_a_view_of_a_view(client: ApiClient) -> None:
    view = client.with_options(timeout=60).with_options(retries=7)
    assert (view.configuration.timeout, view.configuration.retries) == (60, 7)
    assert (client.configuration.timeout, client.configuration.retries) == ((5, 30), 2)
    assert view.configuration.host == client.configuration.host


def test_a_view_has_api_objects_of_its_own(client: ApiClient) -> None:
    images = client.images
    view = client.with_options(timeout=60)
    assert view.images is not images
    assert view.images.api_client is view


def test_a_view_keeps_the_class_of_its_client(server: Server) -> None:
    class Ours(ApiClient):
        pass

    assert type(Ours(host=server.url).with_options(retries=1)) is Ours


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda view: pickle.loads(pickle.dumps(view))])
def test_a_copy_of_a_view_stands_alone(clone: Any, client: ApiClient) -> None:
    twin = clone(client.with_options(retries=7, headers={"X-Team": "web"}))
    assert (twin.configuration.retries, twin.configuration.host) == (7, client.configuration.host)
    assert twin.default_headers["X-Team"] == "web"
    alone = copy.deepcopy(twin)
    alone.configuration.host = "https://elsewhere.example"
    assert client.configuration.host != "https://elsewhere.example"


def test_options_of_a_view_are_checked(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError, match="there is no option 'retrys'; did you mean 'retries'?"):
        client.with_options(retrys=3)  # type: ignore[call-arg]
    with pytest.raises(ApiTypeError, match="there is no option 'host'"):
        client.with_options(host="https://h.example")  # type: ignore[call-arg]
    with pytest.raises(ApiTypeError, match="timeout: expected seconds"):
        client.with_options(timeout="5")  # type: ignore[arg-type]
    with pytest.raises(ApiTypeError, match="headers: expected names and values"):
        client.with_options(headers=["X-Team"])  # type: ignore[arg-type]


def test_a_view_sets_nothing_that_connections_depend_on() -> None:
    from shutterstock_api.support.connection import ConnectionSettings

    assert not OWN & ({*ConnectionSettings._fields} | GUARDED)


def test_downloads_take_the_options_of_a_view(server: Server, client: ApiClient, tmp_path: Path) -> None:
    server.always(answer(503))
    link = shutterstock_api.Url(url=f"{server.url}/file.jpg")
    for retries in (0, 1):
        server.requests.clear()
        with pytest.raises(shutterstock_api.DownloadError):
            shutterstock_api.download(link, tmp_path, api=client.with_options(retries=retries))
        assert len(server.requests) == 1 + retries
