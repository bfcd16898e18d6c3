"""The life of a client: made, copied, pickled, closed, forked."""

from __future__ import annotations

import copy
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from call_samples import IMAGE
from scripted_server import HANG_UP, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    ImagesApi,
    NotFoundError,
)
from shutterstock_api.transport import pools


def test_connections_are_kept(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, IMAGE), answer(404), answer(204), answer(200, IMAGE))
    api.get_image("1")
    with pytest.raises(NotFoundError):
        api.get_image("2")
    api.delete_lightbox("1")
    api.get_image("1")
    assert server.connections == 1


def test_a_connection_that_the_server_closed_is_replaced(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, IMAGE, Connection="close"), answer(200, IMAGE))
    api.get_image("1")
    api.get_image("1")
    assert server.connections == 2


def test_close_and_again(server: Server) -> None:
    server.always(answer(200, IMAGE))
    with ApiClient(Configuration(server.url)) as client:
        api = ImagesApi(client)
        api.get_image("1")
    client.close()
    api.get_image("1")
    pending: Any = api.get_image("1", async_req=True)
    pending.get(5)
    client.close()
    assert server.connections == 2


def test_a_changed_host_takes_effect(api: ImagesApi, server: Server) -> None:
    other = Server()
    server.always(answer(200, IMAGE))
    other.always(answer(200, IMAGE))
    api.get_image("1")
    api.api_client.configuration.host = other.url
    api.get_image("1")
    assert (len(server.requests), len(other.requests)) == (1, 1)
    other.close()


def test_nothing_happens_at_construction(server: Server) -> None:
    threads = threading.active_count()
    with ApiClient(Configuration(server.url)) as client:
        ImagesApi(client)
    assert (server.connections, threading.active_count()) == (0, threads)
    assert isinstance(ImagesApi().api_client, ApiClient)


def with_cookie() -> ApiClient:
    settings = Configuration("https://h.example", access_token="TOKEN")
    client = ApiClient(settings, "X-Api-Key", "OWN-SECRET", cookie="COOKIE")
    client.user_agent = "mine/1"
    return client


def test_a_pickled_client_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pickle.dumps(with_cookie())
    assert not any(secret in data for secret in (b"TOKEN", b"COOKIE", b"OWN-SECRET"))
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", "local")
    arrived = pickle.loads(data)
    assert (arrived.configuration.host, arrived.user_agent) == ("https://h.example", "mine/1")
    assert arrived.configuration.access_token == "local"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copied_client_keeps_all(copied: Any) -> None:
    first = with_cookie()
    second = copied(first)
    assert second.default_headers == first.default_headers
    assert second.configuration.access_token == "TOKEN"
    second.set_default_header("X-More", "1")
    assert "X-More" not in first.default_headers


def test_a_pickled_api_works(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, IMAGE))
    arrived = pickle.loads(pickle.dumps(api))
    assert arrived.get_image("1").id == "1"
    assert "authorization" not in server.request.headers
    arrived.api_client.close()


def test_connection_pool_maxsize_is_a_hard_cap(server: Server) -> None:
    most, now, lock = 0, 0, threading.Lock()

    def count(request: Request) -> bytes:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.002)
        with lock:
            now -= 1
        return answer(200, IMAGE)

    server.always(count)
    with ApiClient(Configuration(server.url, connection_pool_maxsize=2)) as client:
        api = ImagesApi(client)
        with ThreadPoolExecutor(8) as threads:
            images = list(threads.map(api.get_image, map(str, range(40))))
    assert (len(images), server.connections, most) == (40, 2, 2)


def test_waiting_for_a_connection_is_bounded(server: Server) -> None:
    server.always(answer(200, IMAGE))
    with ApiClient(Configuration(server.url, connection_pool_maxsize=1)) as client:
        api = ImagesApi(client)
        unread: Any = api.get_image("1", _preload_content=False)
        with pytest.raises(ApiTimeoutError, match="raise connection_pool_maxsize") as caught:
            api.get_image("1", _request_timeout=0.01, _retries=0)
        assert caught.value.sent is False
        unread.release_conn()


def test_one_client_serves_many_threads(api: ImagesApi, server: Server) -> None:
    server.always(lambda request: answer(200, {"id": request.path.rpartition("/")[2]}))
    ids = [str(number) for number in range(100)]
    with ThreadPoolExecutor(8) as threads:
        assert [image.id for image in threads.map(api.get_image, ids)] == ids


def test_ctrl_c_ends_a_call_and_resends_nothing(
    api: ImagesApi, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    server.always(answer(503))
    api.api_client.timing = api.api_client.timing._replace(sleep=interrupted)
    with pytest.raises(KeyboardInterrupt):
        api.get_image("1")
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["get_imag", "get_imag_with_http_info", "operation", "_with_http_info"])
def test_a_misspelt_attribute_of_the_api(api: ImagesApi, name: str) -> None:
    with pytest.raises(AttributeError, match=f"'ImagesApi' object has no attribute '{name}'"):
        getattr(api, name)


def test_a_closed_connection_is_a_connection_error(api: ImagesApi, server: Server) -> None:
    server.answers(HANG_UP)
    with pytest.raises(ApiConnectionError):
        api.get_image("1", _retries=0)


GOOD = answer(200, {"id": "1"})


def test_a_thread_that_waits_for_a_connection_outlives_its_pool(client: ApiClient, server: Server) -> None:
    client.configuration.connection_pool_maxsize = 1
    server.always(GOOD)
    api = ImagesApi(client)
    raw = api.get_image("1", _preload_content=False)  # holds the only connection
    waiting = api.get_image("2", async_req=True)
    pool = client.rest.route().pool
    for _ in range(500):
        if pool.num_requests == 2:
            break
        time.sleep(0.01)
    client.configuration.connection_pool_maxsize = 2
    assert api.get_image("3").id == "1"  # this opens a new pool and closes the old one
    assert waiting.get(10).id == "1"  # type: ignore[attr-defined]
    raw.release_conn()  # type: ignore[attr-defined]


def test_raw_answers_that_nobody_releases_end_in_an_error(
    client: ApiClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "LONGEST_TURN", 0.01)
    client.configuration.connection_pool_maxsize = 1
    server.always(GOOD)
    raw = ImagesApi(client).get_image("1", _preload_content=False)
    with pytest.raises(ApiTimeoutError, match="release raw responses"):
        ImagesApi(client).get_image("2", _retries=0)
    raw.release_conn()  # type: ignore[attr-defined]


def test_headers_show_no_secret(server: Server) -> None:
    settings = Configuration(server.url, access_token="planted")
    client = ApiClient(settings, "X-Own", "planted", cookie="planted")
    assert "planted" not in repr(vars(client))
    assert "gzip" in repr(client.default_headers)


def test_call_api_says_what_it_cannot_do(client: ApiClient) -> None:
    with pytest.raises(ApiValueError, match="collection_formats"):
        client.call_api("/v2/images", "GET", collection_formats={"id": "csv"})
    with pytest.raises(ApiTypeError, match="no value for"):
        client.call_api("/v2/images/{id}", "GET")


def test_call_api_leaves_out_what_is_none(client: ApiClient, server: Server) -> None:
    server.always(GOOD)
    client.call_api("/v2/images/1", "GET", query_params=[("view", None), ("language", "de")])
    assert server.requests[0].target == "/v2/images/1?language=de"


def test_deserialize_text_that_is_no_json(client: ApiClient) -> None:
    response = SimpleNamespace(data=b"plain text")
    assert client.deserialize(response, "str") == "plain text"
    assert client.deserialize(response, None) is None
    with pytest.raises(ApiTypeError, match="no type of answer"):
        client.deserialize(response, "file")


def test_safe_characters_never_end_a_path(client: ApiClient, server: Server) -> None:
    server.always(GOOD)
    client.configuration.safe_chars_for_path_param = "?#%/"
    ImagesApi(client).get_image("1?x#%2e")
    assert server.requests[0].target == "/v2/images/1%3Fx%23%252e"
