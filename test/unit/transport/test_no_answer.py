"""No answer, or half of one."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterable
from typing import Any

import pytest
from failing_calls import error_of
from scripted_server import HANG_UP, Answer, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    Configuration,
    DecodeError,
    ImagesApi,
    NotFoundError,
)
from shutterstock_api.transport import pools


def then_close(raw: bytes) -> Answer:
    """Return an answer whose connection closes after it, whatever its headers say."""

    def parts(request: Request) -> Iterable[bytes]:
        yield raw
        raise ConnectionResetError

    return parts


def test_connection_refused(refusing: str) -> None:
    error = error_of(ImagesApi(ApiClient(Configuration(refusing))))
    assert type(error) is ApiConnectionError
    assert error.sent is False
    assert (error.status, error.body, dict(error.headers)) == (None, None, {})
    place = refusing.removeprefix("http://")
    assert str(error).startswith(
        f"GET /v2/images/1: cannot connect to {place} (from the setting host): Connection refused"
    )


def test_a_connection_that_another_thread_has_just_closed(
    api: ImagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its socket is gone: urllib3 trips over that with an AttributeError."""

    def closed(*_: Any, **__: Any) -> None:
        raise AttributeError("'NoneType' object has no attribute 'settimeout'")

    monkeypatch.setattr(pools.POOLS["http"], "urlopen", closed)
    assert isinstance(error_of(api), ApiConnectionError)


def test_ctrl_c_shows_no_frame_that_holds_the_headers(
    api: ImagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pools.POOLS["http"], "urlopen", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        api.get_image("1")
    assert "interrupted" not in [frame.name for frame in caught.traceback]


def test_no_such_name() -> None:
    error = error_of(ImagesApi(ApiClient(Configuration("https://no-such-name.invalid"))))
    assert type(error) is ApiConnectionError
    assert error.sent is False
    assert "no-such-name.invalid" in str(error)


@pytest.mark.parametrize("raw", [HANG_UP, answer(200, b"abc", 100), b"HTT"])
def test_broken_off(api: ImagesApi, server: Server, raw: bytes) -> None:
    server.answers(then_close(raw))
    error = error_of(api)
    assert type(error) is ApiConnectionError
    assert error.sent is True
    assert error.status is None


def test_too_late(api: ImagesApi, server: Server) -> None:
    server.answers(server.hang)
    error = error_of(api, _request_timeout=0.01)
    assert type(error) is ApiTimeoutError
    assert error.sent is True


def test_no_tls(server: Server) -> None:
    server.talk = lambda connection, number: connection.sendall(answer(400))  # type: ignore[method-assign]
    error = error_of(ImagesApi(ApiClient(Configuration(server.url.replace("http:", "https:")))))
    assert type(error) is ApiConnectionError
    assert error.sent is False
    assert "The encrypted connection failed; see verify_ssl and ssl_ca_cert." in str(error)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", ApiConnectionError),
        (b"HTTP/1.1 abc OK\r\n\r\n", ApiConnectionError),
        (b"HTTP/1.1 -20 OK\r\n\r\n", ApiConnectionError),
        (b"HTTP/9.9 200 OK\r\n\r\n", ApiConnectionError),
        (b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n", ApiConnectionError),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", ApiConnectionError),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", ApiConnectionError),
        (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", ApiConnectionError),
        (CHUNKED + b"5\r\n{}", ApiConnectionError),
        (CHUNKED + b"-5\r\n{}\r\n0\r\n\r\n", ApiConnectionError),
        (CHUNKED, ApiConnectionError),
        (b"HTTP/1.1 20", ApiConnectionError),
        (b"HTTP/1.1 200", ApiConnectionError),
        (b"HTTP/1.1 200 OK\r\nContent-Le", ApiConnectionError),
        (answer(200, b"{}", 3), ApiConnectionError),
        (answer(200, b"not gzip", Content_Encoding="gzip"), ApiConnectionError),
        (answer(200, b'{"id": "1"}', 2), DecodeError),
        (answer(200, b""), DecodeError),
        (answer(204), DecodeError),
        (answer(200, b"null"), DecodeError),
        (answer(200, b"[]"), DecodeError),
        (answer(200, b'"text"'), DecodeError),
        (answer(200, b"<html></html>"), DecodeError),
        (answer(200, b"\xff\xfe\x00"), DecodeError),
        (answer(200, b"[" * 100_000), DecodeError),
        (answer(200, b'{"id":' * 100_000), DecodeError),
        (answer(200, b'{"id": "1"'), DecodeError),
        (answer(200, b'{"id": "1"} x'), DecodeError),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + answer(404), NotFoundError),
        (b"HTTP/1.0 404 Not Found\r\n\r\n", NotFoundError),
    ],
)
@pytest.mark.filterwarnings("default::urllib3.exceptions.HTTPWarning")
def test_whatever_comes_is_an_api_exception(
    api: ImagesApi, server: Server, raw: bytes, kind: type[ApiException]
) -> None:
    server.answers(then_close(raw))
    error = error_of(api)
    assert type(error) is kind
    assert len(str(error)) < 1500
    assert pickle.loads(pickle.dumps(error)).reason == error.reason


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # urllib3 forgets this socket
def test_two_lengths_are_none(api: ImagesApi, server: Server) -> None:
    server.answers(then_close(b"HTTP/1.1 200 OK\r\nContent-Length: 2, 5\r\n\r\n{}"))
    assert type(error_of(api)) is ApiConnectionError
    gc.collect()


def test_a_decode_error_tells_what_came(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, b"<html></html>", X_Request_Id="r"), answer(204))
    error = error_of(api)
    assert (error.status, error.body, error.request_id) == (200, "<html></html>", "r")
    assert str(error).startswith("GET /v2/images/1: 200 cannot be read as Image")
    assert str(error_of(api)).startswith("GET /v2/images/1: 204 empty, expected Image")
