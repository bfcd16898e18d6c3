"""Options of a call."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest
from call_samples import IMAGE
from scripted_server import Clock, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiResponse,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    Image,
    ImagesApi,
    NotFoundError,
    with_http_info,
)
from shutterstock_api.transport import pools


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
import sys, threading, time
from shutterstock_api import *
api = ImagesApi(ApiClient(Configuration(sys.argv[1])))
pending = api.get_image("1", async_req=True)
while threading.active_count() < 2: time.sleep(0.001)
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

    server.always(slow)
    assert api.get_image("1", _request_timeout=(5, 0.05), _retries=99).id == "1"  # some may be late by chance
    server.always(server.hang)
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
def test_a_deadline_does_not_loosen_the_timeouts(
    api: ImagesApi, server: Server, clock: Clock, before: bytes
) -> None:
    def stall(request: Request) -> Iterable[bytes]:
        yield before
        yield server.hang(request)

    server.answers(stall, *[answer(200, IMAGE)] * 99)
    api.api_client.configuration.timeout = (5, 0.1)
    assert api.get_image("1", _deadline=6000, _retries=99).id == "1"
    assert 2 <= len(server.requests) <= len(clock.sleeps) + 1  # some may be late by chance


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
