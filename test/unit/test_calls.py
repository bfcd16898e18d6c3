"""One call: what is sent, what comes back, and the options of a call."""

from __future__ import annotations

import base64
import copy
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
import responses
from scripted_server import HANG_UP, TOKEN, Request, Server, answer, gzipped

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiResponse,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    CollectionCreateRequest,
    CollectionCreateResponse,
    Configuration,
    DecodeError,
    Image,
    ImagesApi,
    ImageSearchResults,
    NotFoundError,
    with_http_info,
)
from shutterstock_api.transport import pools

IMAGE = {"id": "1", "description": "A cat"}
PAIR = "Basic " + base64.b64encode(b"key:secret").decode()


# What is sent.


@pytest.mark.parametrize(
    ("method", "arguments", "target"),
    [
        ("get_image", {"id": "123"}, "/v2/images/123"),
        ("get_image", {"id": "a b/ü?#%&+"}, "/v2/images/a%20b%2F%C3%BC%3F%23%25%26%2B"),
        ("get_image", {"id": "1", "view": "full"}, "/v2/images/1?view=full"),
        ("get_image_list", {"id": ["1", "2"]}, "/v2/images?id=1&id=2"),
        ("get_image_list", {"id": ("1", "2")}, "/v2/images?id=1&id=2"),
        ("get_image_list", {"id": "12"}, "/v2/images?id=12"),
        ("search_images", {}, "/v2/images/search"),
        ("search_images", {"query": "black cat & dog"}, "/v2/images/search?query=black%20cat%20%26%20dog"),
        ("search_images", {"query": "köln/☃+#"}, "/v2/images/search?query=k%C3%B6ln%2F%E2%98%83%2B%23"),
        ("search_images", {"safe": True, "page": 2}, "/v2/images/search?page=2&safe=true"),
        (
            "search_images",
            {"safe": False, "aspect_ratio": 1.5},
            "/v2/images/search?safe=false&aspect_ratio=1.5",
        ),
        ("search_images", {"fields": "data(id,url)"}, "/v2/images/search?fields=data%28id%2Curl%29"),
        ("search_images", {"added_date": date(2026, 1, 31)}, "/v2/images/search?added_date=2026-01-31"),
        ("search_images", {"added_date": "2026-01-31"}, "/v2/images/search?added_date=2026-01-31"),
        (
            "get_image_license_list",
            {"start_date": datetime(2026, 1, 31, 12, tzinfo=timezone.utc)},
            "/v2/images/licenses?start_date=2026-01-31T12%3A00%3A00Z",
        ),
        (
            "get_image_license_list",
            {"start_date": datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2)))},
            "/v2/images/licenses?start_date=2026-01-31T12%3A00%3A00%2B02%3A00",
        ),
        ("get_updated_images", {"start_date": date(2026, 1, 31)}, "/v2/images/updated?start_date=2026-01-31"),
    ],
)
def test_verb_and_target(
    api: ImagesApi, server: Server, method: str, arguments: dict[str, Any], target: str
) -> None:
    server.answers(answer(200, {}))
    getattr(api, method)(**arguments)
    assert (server.request.verb, server.request.target) == ("GET", target)
    assert server.request.body == b""
    assert "content-type" not in server.request.headers


@pytest.mark.parametrize(
    ("method", "arguments", "verb", "target", "body"),
    [
        ("create_lightbox", {"body": {"name": "n"}}, "POST", "/v2/images/collections", {"name": "n"}),
        (
            "create_lightbox",
            {"body": CollectionCreateRequest(name="☃")},
            "POST",
            "/v2/images/collections",
            {"name": "☃"},
        ),
        (
            "rename_lightbox",
            {"id": "7", "body": {"name": "n"}},
            "POST",
            "/v2/images/collections/7",
            {"name": "n"},
        ),
        (
            "bulk_search_images",
            {"body": [{"query": "cat"}, {"query": "dog"}], "sort": "newest"},
            "POST",
            "/v2/bulk_search/images?sort=newest",
            [{"query": "cat"}, {"query": "dog"}],
        ),
    ],
)
def test_body(
    api: ImagesApi, server: Server, method: str, arguments: dict[str, Any], verb: str, target: str, body: Any
) -> None:
    server.answers(answer(200, {}))
    getattr(api, method)(**arguments)
    assert (server.request.verb, server.request.target, server.request.json) == (verb, target, body)
    assert server.request.headers["content-type"] == "application/json"


def test_safe_chars_for_path_param(api: ImagesApi, server: Server) -> None:
    api.api_client.configuration.safe_chars_for_path_param = ":"
    server.answers(answer(200, {}))
    api.get_image("a:b c")
    assert server.request.target == "/v2/images/a:b%20c"


def test_a_host_may_have_a_path(server: Server) -> None:
    server.answers(answer(200, {}))
    with ApiClient(Configuration(server.url + "/gateway/")) as client:
        ImagesApi(client).get_image("1")
    assert server.request.target == "/gateway/v2/images/1"


@pytest.mark.parametrize(
    ("credentials", "scoped", "header"),
    [
        ({}, False, None),
        ({}, True, None),
        ({"access_token": "t"}, False, "Bearer t"),
        ({"access_token": "t"}, True, "Bearer t"),
        ({"username": "key", "password": "secret"}, False, PAIR),
        ({"username": "key", "password": "secret"}, True, None),
        ({"username": "key", "password": "secret", "access_token": "t"}, False, "Bearer t"),
        ({"username": "key"}, False, None),
    ],
)
def test_authorization(server: Server, credentials: dict[str, str], scoped: bool, header: str | None) -> None:
    server.answers(answer(200, {}))
    with ApiClient(Configuration(server.url, **credentials)) as client:  # type: ignore[arg-type]
        api = ImagesApi(client)
        api.get_lightbox_list() if scoped else api.get_image_categories()
    assert server.request.headers.get("authorization") == header


def test_headers_of_every_request(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {}))
    api.get_image_categories()
    headers = server.request.headers
    assert headers["user-agent"].startswith("shutterstock_api/")
    assert (headers["accept"], headers["accept-encoding"]) == ("application/json", "gzip")


def test_own_headers(server: Server) -> None:
    server.always(answer(200, {}))
    with ApiClient(Configuration(server.url), "X-Application", " mine\n", cookie="session=1") as client:
        client.user_agent = "my-program/2"
        client.set_default_header("Accept-Language", "de")
        ImagesApi(client).get_image_categories()
        ImagesApi(client).get_image_categories(_headers={"Accept-Language": "fr", "If-None-Match": '"x"'})
        assert client.user_agent == "my-program/2"
    first, second = (request.headers for request in server.requests)
    assert (first["user-agent"], first["x-application"], first["cookie"]) == (
        "my-program/2",
        "mine",
        "session=1",
    )
    assert (first["accept-language"], second["accept-language"]) == ("de", "fr")
    assert second["if-none-match"] == '"x"'
    assert "if-none-match" not in first


def test_a_header_is_sent_once_however_it_is_spelt(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, {}))
    api.api_client.set_default_header("user-agent", "mine/1")
    api.get_image_categories(_headers={"authorization": "Bearer other", "ACCEPT": "text/plain"})
    headers = server.request.headers
    assert (headers["user-agent"], headers["authorization"]) == ("mine/1", "Bearer other")
    assert headers["accept"] == "text/plain"
    assert api.api_client.user_agent == "mine/1"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("X-A", "a\r\nInjected: yes", ApiValueError),
        ("X-A", "snow ☃", ApiValueError),
        ("X A", "b", ApiValueError),
        ("X-A:", "b", ApiValueError),
        ("", "b", ApiValueError),
        ("X-A", 1, ApiTypeError),
    ],
)
def test_broken_headers_are_refused(
    api: ImagesApi, server: Server, name: str, value: Any, error: type[ApiException]
) -> None:
    with pytest.raises(error):
        api.get_image("1", _headers={name: value})
    with pytest.raises(error):
        api.api_client.set_default_header(name, value)
    assert server.requests == []


def test_refresh_api_key_hook_is_called_before_each_call(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, {}))
    tokens = iter(["first", "second"])

    def hook(configuration: Configuration) -> None:
        configuration.access_token = next(tokens)

    api.api_client.configuration.refresh_api_key_hook = hook
    api.get_image("1")
    api.get_image("1")
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer first",
        "Bearer second",
    ]


# What comes back.


def test_a_model_comes_back(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, IMAGE))
    image = api.get_image("1")
    assert isinstance(image, Image)
    assert (image.id, image.description) == ("1", "A cat")


def test_gzip(api: ImagesApi, server: Server) -> None:
    server.answers(gzipped({"data": [IMAGE] * 50}))
    assert len(api.search_images(query="cat").data or ()) == 50


def test_chunks(api: ImagesApi, server: Server) -> None:
    chunks = b"5\r\n" + b'{"id"' + b"\r\n5\r\n" + b': "1"' + b"\r\n1\r\n}\r\n0\r\n\r\n"
    server.answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert api.get_image("1").id == "1"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_void_methods_give_none(api: ImagesApi, server: Server, status: int) -> None:
    server.answers(answer(status))
    assert api.delete_lightbox("1") is None  # type: ignore[func-returns-value]
    assert server.request.verb == "DELETE"


@pytest.mark.parametrize(
    ("body", "result"), [(b"", None), (b" \n", None), ({"id": "7"}, CollectionCreateResponse(id="7"))]
)
def test_create_lightbox_takes_an_empty_answer(
    api: ImagesApi, server: Server, body: Any, result: CollectionCreateResponse | None
) -> None:
    server.answers(answer(201, body))
    assert api.create_lightbox({"name": "n"}) == result


def test_with_responses(exchanges: responses.RequestsMock) -> None:
    exchanges.get(
        "https://api.shutterstock.com/v2/images/1",
        json=IMAGE,
        match=[responses.matchers.header_matcher({"Authorization": "Bearer t"})],
    )
    assert ImagesApi(ApiClient(Configuration(access_token="t"))).get_image("1").description == "A cat"


# Options of a call.


def test_http_info(api: ImagesApi, server: Server) -> None:
    server.always(answer(201, IMAGE, X_Request_Id="r1"))
    forms = [
        api.get_image_with_http_info("1"),  # type: ignore[attr-defined]
        with_http_info(api.get_image)("1"),
        api.get_image("1", _return_http_data_only=False),
        api.get_image_with_http_info("1", async_req=True).get(),  # type: ignore[attr-defined]
    ]
    for form in forms:
        assert isinstance(form, ApiResponse)
        data, status, headers = form
        assert (data.id, status, headers["x-request-ID"]) == ("1", 201, "r1")
        assert (form.data, form.status, form.headers) == (data, status, headers)
    assert isinstance(api.get_image("1", _return_http_data_only=True), Image)


def test_a_raw_response(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, b"not json at all"))
    for _ in range(2):
        response: Any = api.get_image("1", _preload_content=False)
        assert (response.status, response.read(3), response.read()) == (200, b"not", b" json at all")
        response.release_conn()
    assert server.connections == 1


def test_a_raw_response_is_not_read_ahead(api: ImagesApi, server: Server) -> None:
    more = threading.Event()

    def two_parts(request: Request) -> Iterable[bytes]:
        yield answer(200, b"first second")[:-7]
        more.wait(5)
        yield b" second"

    server.answers(two_parts)
    response: Any = api.get_image("1", _preload_content=False)
    assert response.read(5) == b"first"
    more.set()
    assert response.read() == b" second"
    response.release_conn()


def test_an_error_is_an_error_of_a_raw_response_too(api: ImagesApi, server: Server) -> None:
    server.answers(answer(404, {"message": "Not Found"}), answer(200, IMAGE))
    with pytest.raises(NotFoundError, match="Not Found"):
        api.get_image("1", _preload_content=False)
    assert api.get_image("1").id == "1"
    assert server.connections == 1


def test_a_truncated_error_of_a_raw_response(api: ImagesApi, server: Server) -> None:
    server.always(answer(404, b'{"message"', 100))
    with pytest.raises(NotFoundError) as caught:
        api.get_image("1", _preload_content=False)
    assert caught.value.path == "/v2/images/1"


def test_a_raw_response_after_a_redirect(api: ImagesApi, server: Server) -> None:
    server.answers(answer(302, b"moved", Location="/v2/images/2"), answer(200, IMAGE))
    response: Any = api.get_image("1", _preload_content=False)
    assert b"cat" in response.read()
    response.release_conn()
    assert server.connections == 1


def test_async(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, IMAGE), answer(404, {"message": "Not Found"}))
    pending: Any = api.get_image("1", async_req=True)
    assert pending.get(5).id == "1"
    pending = api.get_image("2", async_req=True)
    with pytest.raises(NotFoundError):
        pending.get(5)


def test_async_refuses_bad_arguments_at_once(api: ImagesApi) -> None:
    with pytest.raises(ApiTypeError):
        api.get_image(1, async_req=True)  # type: ignore[arg-type]


def test_close_lets_a_pending_call_end(api: ImagesApi, server: Server) -> None:
    asked, go = threading.Event(), threading.Event()

    def late(request: Request) -> bytes:
        asked.set()
        go.wait(5)
        return answer(200, IMAGE)

    server.answers(late)
    pending: Any = api.get_image("1", async_req=True)
    assert asked.wait(5)
    api.api_client.close()
    go.set()
    assert pending.get(5).id == "1"


def in_subprocess(code: str, *arguments: str) -> str:
    """Run a program with strict warnings; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=20,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_pending_call_does_not_keep_the_process_alive(server: Server) -> None:
    server.always(server.hang)
    code = """
import sys, time
from shutterstock_api import *
api = ImagesApi(ApiClient(Configuration(sys.argv[1])))
pending = api.get_image("1", async_req=True)
while not pending._pool._pool: time.sleep(0.001)
print("end")
"""
    began = time.monotonic()
    assert in_subprocess(code, server.url) == "end\n"
    assert time.monotonic() - began < 9  # the server hangs for 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_client_survives_a_fork(server: Server) -> None:
    server.always(answer(200, IMAGE))
    code = """
import os, sys
from shutterstock_api import *
client = ApiClient(Configuration(sys.argv[1]))
api = ImagesApi(client)
api.get_image("parent")
client.rest.guard().acquire()  # as another thread may hold it during the fork
child = os.fork()
if not child:
    api.get_image("child")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
client.rest.guard().release()
api.get_image("parent")
client.close()
"""
    in_subprocess(code, server.url)
    assert [(request.path[-6:], request.connection) for request in server.requests] == [
        ("parent", 1),
        ("/child", 2),
        ("parent", 1),
    ]


def drip(request: Request) -> Iterable[bytes]:
    """Send one byte every few milliseconds: never late, never done."""
    for byte in answer(200, b" " * 400):
        time.sleep(0.005)
        yield bytes([byte])


def test_a_number_bounds_a_dripping_answer_as_a_whole(api: ImagesApi, server: Server) -> None:
    server.answers(drip)
    with pytest.raises(ApiTimeoutError, match="Set Configuration.timeout or _request_timeout"):
        api.get_image("1", _request_timeout=0.05, _retries=0)


def test_two_numbers_bound_each_read(api: ImagesApi, server: Server) -> None:
    def slow(request: Request) -> Iterable[bytes]:
        for byte in answer(200, IMAGE):
            time.sleep(0.0005)
            yield bytes([byte])

    server.answers(slow, server.hang)
    assert api.get_image("1", _request_timeout=(5, 0.05)).id == "1"
    with pytest.raises(ApiTimeoutError):
        api.get_image("1", _request_timeout=(5, 0.01), _retries=0)


@pytest.mark.parametrize("kind", ["license", "other"])
def test_timeouts_of_the_configuration(api: ImagesApi, server: Server, kind: str) -> None:
    server.always(server.hang)
    settings = api.api_client.configuration
    settings.retries = 0
    settings.timeout, settings.license_timeout = (5, 0.01), (5, 0.02)
    call: Any = api.license_images if kind == "license" else api.get_image
    with pytest.raises(ApiException, match="timeout=0.02" if kind == "license" else "timeout=0.01"):
        call({"images": [{"image_id": "1"}]} if kind == "license" else "1")


@pytest.mark.parametrize("before", [b"", answer(200, IMAGE)[:-5]])
def test_a_deadline_does_not_loosen_the_timeouts(api: ImagesApi, server: Server, before: bytes) -> None:
    def stall(request: Request) -> Iterable[bytes]:
        yield before
        yield server.hang(request)

    server.answers(stall, answer(200, IMAGE))
    api.api_client.configuration.timeout = (5, 0.1)
    assert api.get_image("1", _deadline=60).id == "1"
    assert len(server.requests) == 2


def test_nothing_is_read_when_time_is_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pools._BoundedSocket(ours, until=0.0).makefile("rb") as incoming:
        theirs.sendall(b"too late")
        with pytest.raises(TimeoutError, match="the answer took too long"):
            incoming.read(1)


@pytest.mark.parametrize("deadline", [float("inf"), 1e300])
def test_a_deadline_may_be_far_away(api: ImagesApi, server: Server, deadline: float) -> None:
    server.answers(answer(200, IMAGE))
    assert api.get_image("1", _deadline=deadline).id == "1"


@pytest.mark.parametrize("timeout", [2**32 / 1000, (5, 2**32 / 1000)])
def test_a_timeout_may_be_longer_than_sockets_take(api: ImagesApi, server: Server, timeout: Any) -> None:
    """Of so many milliseconds the system would see the last 32 bits: 0."""
    server.answers(answer(200, IMAGE))
    assert api.get_image("1", _request_timeout=timeout).id == "1"


def test_retries_and_waits_per_call(api: ImagesApi, server: Server) -> None:
    server.always(answer(503))
    for retries in (0, 1, 4):
        server.requests.clear()
        with pytest.raises(ApiException):
            api.get_image("1", _retries=retries)
        assert len(server.requests) == 1 + retries


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"_request_timout": 1}, "_request_timout: no such argument; did you mean '_request_timeout'?"),
        ({"langage": "de"}, "langage: no such argument; did you mean 'language'?"),
        ({"xyzzy": 1}, "xyzzy: no such argument"),
        ({"_request_timeout": "1"}, "_request_timeout: expected seconds or (connect, read)"),
        ({"_request_timeout": True}, "_request_timeout: expected seconds"),
        ({"_request_timeout": (1, 2, 3)}, "_request_timeout: expected seconds"),
        ({"_retries": 1.5}, "_retries: expected int, got 1.5"),
        ({"_retries": True}, "_retries: expected int"),
        ({"_max_retry_wait": "x"}, "_max_retry_wait: expected seconds"),
        ({"_preload_content": 0}, "_preload_content: expected True or False"),
        ({"async_req": "yes"}, "async_req: expected True or False"),
        ({"_headers": {"X-A": 3}}, "_headers: header X-A: expected str or bytes, got int"),
    ],
)
def test_bad_options_are_reported_with_all_else(
    api: ImagesApi, server: Server, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ApiTypeError) as caught:
        api.get_image(7, view=True, **options)  # type: ignore[arg-type]
    text = str(caught.value)
    assert text.startswith("get_image: nothing was sent, because of") or "nothing was sent" in text
    assert f"\n  - {problem}" in text
    assert "\n  - id: expected str, got 7" in text
    assert "\n  - view: expected str" in text
    assert server.requests == []


@pytest.mark.parametrize(
    "options",
    [
        {"_request_timeout": 0},
        {"_request_timeout": -1},
        {"_request_timeout": float("nan")},
        {"_request_timeout": float("inf")},
        {"_request_timeout": (5, 0)},
        {"_retries": -1},
        {"_deadline": -0.5},
        {"_deadline": float("nan")},
        {"_max_retry_wait": float("nan")},
        {"_headers": {"X-A": "a\nb"}},
    ],
)
def test_bad_values_of_options(api: ImagesApi, server: Server, options: dict[str, Any]) -> None:
    with pytest.raises(ApiValueError, match=f"  - {next(iter(options))}: "):
        api.get_image("1", **options)
    assert server.requests == []


@pytest.mark.parametrize("name", ["_request_timeout", "_retries", "_headers", "_deadline", "async_req"])
def test_an_option_of_none_is_not_given(api: ImagesApi, server: Server, name: str) -> None:
    server.answers(answer(200, IMAGE))
    assert api.get_image("1", **{name: None}).id == "1"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"timeout": "5"}, ApiTypeError),
        ({"timeout": [5, -1]}, ApiValueError),
        ({"retries": "2"}, ApiTypeError),
        ({"retries": -1}, ApiValueError),
        ({"deadline": "soon"}, ApiTypeError),
        ({"max_retry_wait": None}, ApiTypeError),
        ({"connection_pool_maxsize": 0}, ApiValueError),
        ({"host": "api.shutterstock.com"}, ApiValueError),
        ({"host": "ftp://x.example"}, ApiValueError),
        ({"host": "https://u:p@x.example"}, ApiValueError),
        ({"host": "https://x.example/?a=b"}, ApiValueError),
        ({"host": "https://["}, ApiValueError),
        ({"host": None}, ApiTypeError),
        ({"proxy": "ftp://x.example"}, ApiValueError),
        ({"proxy": "http://[::x"}, ApiValueError),
        ({"ssl_ca_cert": "/no/such/file"}, ApiValueError),
        ({"ssl_ca_cert": __file__}, ApiValueError),
    ],
)
def test_broken_settings_are_refused(
    refusing: str, settings: dict[str, Any], error: type[ApiException]
) -> None:
    configuration = Configuration(refusing.replace("http:", "https:"))
    ((name, value),) = settings.items()

    def set_and_call() -> None:
        setattr(configuration, name, value)
        ImagesApi(ApiClient(configuration)).get_image("1")

    with pytest.raises(error, match=name.partition("_")[0]):
        set_and_call()


@pytest.mark.parametrize("timeout", [None, 5, 5.0, [5, 5], (5, 5)])
@pytest.mark.parametrize("deadline", [None, 60])
def test_forms_of_a_timeout(api: ImagesApi, server: Server, timeout: Any, deadline: float | None) -> None:
    server.always(answer(200, IMAGE))
    api.api_client.configuration.deadline = deadline
    assert api.get_image("1", _request_timeout=timeout).id == "1"
    api.api_client.configuration.timeout = timeout
    assert api.get_image("1").id == "1"


# Other ways to call.


def test_request(client: ApiClient, server: Server) -> None:
    server.always(answer(200, {"data": [IMAGE]}))
    plain = client.request("get", "/v2/new", query={"id": ["1", "2"], "safe": True, "n": 1, "none": None})
    typed = client.request("POST", "/v2/new", body={"a": date(2026, 1, 31)}, returns="ImageSearchResults")
    assert plain == {"data": [IMAGE]}
    assert isinstance(typed, ImageSearchResults)
    assert client.request("GET", "/v2/new", returns=None) is None
    first, second, _ = server.requests
    assert (first.verb, first.target) == ("GET", "/v2/new?id=1&id=2&safe=true&n=1")
    assert (second.verb, second.json) == ("POST", {"a": "2026-01-31"})
    assert first.headers["authorization"] == f"Bearer {TOKEN}"


def test_request_takes_an_empty_answer_and_options(client: ApiClient, server: Server) -> None:
    server.answers(answer(204), answer(503))
    assert client.request("DELETE", "/v2/new/1") is None
    with pytest.raises(ApiException) as caught:
        client.request("GET", "/v2/new", _retries=0)
    assert (caught.value.status, caught.value.method, caught.value.path) == (503, "GET", "/v2/new")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "v2/images"),
        ("GET", ""),
        ("GET", "/v2/../admin"),
        ("GET", "/v2/./x"),
        ("GET", "/v2/%2e%2e/admin"),
        ("GET", "/v2/%2E./admin"),
        ("GET", "/v2/a%2f..%2fb"),
        ("GET", "/v2/a%00b"),
        ("GET", "/v2/a%0d%0ab"),
        ("GET", "/v2/a b"),
        ("GET", "/v2/a\nb"),
        ("GET", "/v2/a?b=c"),
        ("GET", "/v2/a#b"),
        ("GET /x", "/v2/a"),
        ("", "/v2/a"),
    ],
)
def test_request_refuses_broken_targets(client: ApiClient, server: Server, method: str, path: str) -> None:
    with pytest.raises(ApiValueError):
        client.request(method, path)
    assert server.requests == []


@pytest.mark.parametrize("query", [{"q": "x"}, [("q", "x")]])
def test_call_api(client: ApiClient, server: Server, query: Any) -> None:
    server.always(answer(200, IMAGE))
    data, status, headers = client.call_api(
        "/v2/images/{id}", "GET", {"id": "a/b"}, query, {"X-A": "b"}, response_type="Image"
    )
    assert (data.id, status, headers["content-type"]) == ("1", 200, "application/json")
    assert server.request.target == "/v2/images/a%2Fb?q=x"
    assert server.request.headers["x-a"] == "b"


def test_forms_of_call_api(client: ApiClient, server: Server) -> None:
    server.always(answer(200, IMAGE))
    assert client.call_api("/v2/x", "GET")[0] is None
    assert (
        client.call_api("/v2/x", "POST", body=[1], response_type="object", _return_http_data_only=True)
        == IMAGE
    )
    assert client.call_api("/v2/x", "GET", response_type="Image", async_req=True).get(5)[0].id == "1"
    raw = client.call_api("/v2/x", "GET", _preload_content=False)
    assert b"cat" in raw.read()
    raw.release_conn()
    assert server.requests[1].json == [1]
    with pytest.raises(ApiValueError, match="give a body"):
        client.call_api("/v2/x", "POST", post_params={"a": "b"})


@pytest.mark.parametrize("data", ['[{"id": "1"}]', b'[{"id": "1"}]'])
def test_deserialize(client: ApiClient, data: str | bytes) -> None:
    assert client.deserialize(SimpleNamespace(data=data), "list[Image]") == [Image(id="1")]
    with pytest.raises(DecodeError, match="expected Image, got list"):
        client.deserialize(SimpleNamespace(data=data), Image)


def test_deserialize_other_kinds(client: ApiClient) -> None:
    response = SimpleNamespace(data='{"a": {"id": "1"}}')
    assert client.deserialize(response, "dict(str, Image)") == {"a": Image(id="1")}
    assert client.deserialize(response, "object") == {"a": {"id": "1"}}
    assert client.deserialize(SimpleNamespace(data='"2026-01-31"'), "date") == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (Image(id="1", added_date=date(2026, 1, 31)), {"id": "1", "added_date": "2026-01-31"}),
        ([Image(id="1")], [{"id": "1"}]),
        (("a", 1, None, True), ["a", 1, None, True]),
        ({"a": Image(id="1")}, {"a": {"id": "1"}}),
        (datetime(2026, 1, 31, tzinfo=timezone.utc), "2026-01-31T00:00:00Z"),
    ],
)
def test_sanitize_for_serialization(client: ApiClient, value: Any, wire: Any) -> None:
    assert client.sanitize_for_serialization(value) == wire


def test_sanitize_for_serialization_refuses_what_json_lacks(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError):
        client.sanitize_for_serialization({"a": object()})


# Life of a client.


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
    with pytest.raises(ApiTypeError, match="lacks a value"):
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
