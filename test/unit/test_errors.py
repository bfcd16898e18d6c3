"""What a call raises: the class, what it says, and what it never says."""

from __future__ import annotations

import base64
import gc
import json
import pickle
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from scripted_server import HANG_UP, TOKEN, Answer, Request, Server, answer
from urllib3.exceptions import ClosedPoolError

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    BadRequestError,
    Configuration,
    ConflictError,
    DecodeError,
    ForbiddenError,
    ImagesApi,
    LicenseOutcomeUnknown,
    NotFoundError,
    RateLimitError,
    ServerError,
    UnauthorizedError,
    exceptions,
)
from shutterstock_api.support import errors
from shutterstock_api.support.masking import masked
from shutterstock_api.transport import pools

PAIR = base64.b64encode(b"key:secret").decode()


def error_of(api: ImagesApi, **options: Any) -> ApiException:
    """Return what `get_image` raises."""
    with pytest.raises(ApiException) as caught:
        api.get_image("1", _retries=0, **options)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, ApiException),
        (400, BadRequestError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (410, ApiException),
        (418, ApiException),
        (429, RateLimitError),
        (500, ServerError),
        (501, ServerError),
        (503, ServerError),
        (599, ServerError),
        (999, ServerError),
    ],
)
def test_class_of_a_status(api: ImagesApi, server: Server, status: int, kind: type[ApiException]) -> None:
    server.answers(answer(status, {"message": "No."}))
    error = error_of(api)
    assert type(error) is kind
    assert (error.status, error.reason, error.message) == (status, "Reason", "No.")
    assert (error.method, error.path, error.attempts) == ("GET", "/v2/images/1", 1)
    assert str(error).startswith(f"GET /v2/images/1: {status} Reason: No.")


def test_what_an_error_holds(api: ImagesApi, server: Server) -> None:
    body = {
        "message": "Validation failed",
        "errors": [
            {"code": "VALIDATION_INVALID_TYPE", "message": "must be a number", "path": "$.query.page"},
            {"code": "OTHER"},
            "not an object",
        ],
    }
    server.answers(answer(400, body, X_Request_ID="r-1"))
    error = error_of(api)
    assert (error.message, error.errors) == ("Validation failed", body["errors"][:2])
    assert json.loads(error.body or "") == body
    assert error.headers["content-TYPE"] == "application/json"
    assert error.request_id == "r-1"
    assert str(error).splitlines() == [
        "GET /v2/images/1: 400 Reason: Validation failed",
        "  - must be a number at $.query.page",
        "  - OTHER",
        "  Request id: r-1",
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "m"}, "m"),
        ({"error": "e", "error_description": "d"}, "d"),
        ({"error": "e"}, "e"),
        ({"message": {"a": 1}}, None),
        ({"errors": "text"}, None),
        ([1, 2], None),
        ("<html>Bad Gateway</html>", None),
        (b"\xff\xfe", None),
        ("[" * 100_000, None),
        ("1" * 5000, None),
        ("", None),
    ],
)
def test_message(api: ImagesApi, server: Server, body: Any, message: str | None) -> None:
    server.answers(answer(502, body))
    error = error_of(api)
    assert (error.message, error.errors) == (message, [])
    assert error.body is not None
    assert str(error)


def test_a_body_without_message_is_shown(api: ImagesApi, server: Server) -> None:
    server.answers(answer(502, "<html>\n <h1>Bad   Gateway</h1></html>"))
    assert str(error_of(api)).endswith("\n  Body: <html> <h1>Bad Gateway</h1></html>")


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "x" * 100_000,
        {"message": "x" * 100_000},
        {"errors": [{"message": "x" * 1000, "path": "y" * 1000}] * 1000},
    ],
)
def test_long_bodies_are_bounded_in_the_text_and_whole_in_body(
    api: ImagesApi, server: Server, body: Any
) -> None:
    server.answers(answer(500, body))
    error = error_of(api)
    assert len(str(error)) < 20_000
    assert error.body == (body if isinstance(body, str) else json.dumps(body))


# Hints.

NOT_ACCEPTED = "The service does not accept these credentials, or not any more."
SCOPES = "licenses.create and purchases.view."


@pytest.mark.parametrize(
    ("status", "credentials", "scoped", "hint"),
    [
        (401, {}, False, "No credentials were configured: set access_token or SHUTTERSTOCK_API_TOKEN."),
        (401, {}, True, "No credentials were configured: set access_token or SHUTTERSTOCK_API_TOKEN."),
        (
            401,
            {"access_token": "tok"},
            False,
            NOT_ACCEPTED,
        ),
        (
            401,
            {"access_token": "tok"},
            True,
            "It needs a valid token with the scopes licenses.create and purchases.view.",
        ),
        (
            401,
            {"username": "key", "password": "sec"},
            False,
            NOT_ACCEPTED,
        ),
        (
            401,
            {"username": "key", "password": "sec"},
            True,
            f"Key and secret are not enough here: set access_token to a token with the scopes {SCOPES}",
        ),
        (
            403,
            {"access_token": "tok"},
            True,
            "It needs a valid token with the scopes licenses.create and purchases.view.",
        ),
        (403, {"access_token": "tok"}, False, None),
        (
            429,
            {},
            False,
            "Wait before the next call, or raise max_retry_wait and retries to let the client wait.",
        ),
        (404, {}, True, None),
    ],
)
def test_hints(
    server: Server, status: int, credentials: dict[str, str], scoped: bool, hint: str | None
) -> None:
    server.answers(answer(status, {"message": "m"}))
    with ApiClient(Configuration(server.url, retries=0, **credentials)) as client:  # type: ignore[arg-type]
        api = ImagesApi(client)
        with pytest.raises(ApiException) as caught:
            api.license_images({"images": [{"image_id": "1"}]}) if scoped else api.get_image("1")
    assert caught.value.hint == hint
    assert str(caught.value).endswith(hint or ": m")


# Secrets.


@pytest.mark.parametrize(
    "echo",
    [
        TOKEN,
        f"Bearer {TOKEN}",
        TOKEN.replace("/", r"\/"),
        quote(TOKEN, safe=""),
        "COOKIE",
        "OWN-SECRET",
        "CALL-SECRET",
        PAIR,
        f"Basic {PAIR}",
        "CONSUMER-SECRET",
    ],
)
def test_what_the_answer_echoes_of_a_secret_is_masked(server: Server, echo: str) -> None:
    server.always(answer(400, f'{{"message": "you sent {echo}!"}}', X_Echo=echo))
    settings = Configuration(server.url, access_token=TOKEN, username="key", password="secret")
    if "CONSUMER" in echo:
        settings.password = echo
    with ApiClient(settings, "X-Own", "OWN-SECRET", cookie="COOKIE") as client:
        error = error_of(ImagesApi(client), _headers={"authorization": "Bearer CALL-SECRET"})
    everything = (
        str(error) + repr(error) + repr(vars(error)) + repr(dict(error.headers)) + repr(pickle.dumps(error))
    )
    assert echo not in everything
    assert error.headers["X-Echo"] == "***"
    assert "you sent ***!" in str(error)


@pytest.mark.parametrize("echo", ["COOKIE-ONE", "COOKIE-TWO"])
def test_each_cookie_is_masked(server: Server, echo: str) -> None:
    server.always(answer(400, {"message": f"you sent {echo}!"}))
    with ApiClient(Configuration(server.url), cookie="session=COOKIE-ONE; track=COOKIE-TWO") as client:
        assert "you sent ***!" in str(error_of(ImagesApi(client)))


@pytest.mark.parametrize("name", ["Set-Cookie", "Set-Cookie2", "Authorization", "Proxy-Authorization"])
def test_headers_that_open_doors_are_masked_altogether(api: ImagesApi, server: Server, name: str) -> None:
    server.answers(answer(400, **{name: "session=OF-THE-SERVICE"}))
    assert error_of(api).headers[name] == "***"


def test_the_body_of_an_error_keeps_its_links(api: ImagesApi, server: Server) -> None:
    """They lead to help; those of a good answer may be signed."""
    server.answers(answer(400, {"message": "see https://help.example/errors/7"}))
    assert "see https://help.example/errors/7" in str(error_of(api))


@pytest.mark.parametrize("location", ["/login?ticket=SIGNED", "https://h.example/login?ticket=SIGNED"])
def test_where_an_error_leads_is_told_without_its_query(
    client: ApiClient, server: Server, location: str
) -> None:
    server.answers(answer(302, Location=location))
    with pytest.raises(ApiException) as caught:
        client.request("POST", "/v2/x")
    assert "SIGNED" not in f"{caught.value}{caught.value.headers!r}"


@pytest.mark.parametrize("line", [b" continued SECRET", b"SECRET without a colon"])
def test_lines_that_are_no_headers_are_not_logged(
    api: ImagesApi, server: Server, caplog: pytest.LogCaptureFixture, line: bytes
) -> None:
    caplog.set_level("DEBUG")
    server.answers(b"HTTP/1.1 404 Reason\r\nContent-Length: 0\r\nConnection: close\r\n" + line + b"\r\n\r\n")
    assert error_of(api).status == 404
    server.answers(b"HTTP/1.1 404 Reason\r\n" + line + b"\r\nConnection: close\r\n\r\n")
    assert error_of(api).status == 404
    assert "SECRET" not in caplog.text
    assert "Failed to parse headers" not in caplog.text


ODD = 'v2/~?>> b+c=d:e@f"g'


@pytest.mark.parametrize(
    "form",
    [
        ODD,
        json.dumps(ODD)[1:-1],
        json.dumps(ODD)[1:-1].replace("/", r"\/"),
        "".join(f"\\u{ord(letter):04x}" if letter.isalnum() else letter for letter in ODD),
        quote_plus(ODD),
        *(quote(ODD, safe=safe) for safe in ("", "/", "/+=", "/:+=@")),
        re.sub("%..", lambda escape: escape[0].lower(), quote(ODD, safe="")),
        base64.b64encode(ODD.encode()).decode().rstrip("="),
        base64.b64encode(ODD.encode()).decode().rstrip("=").replace("/", r"\/"),
        base64.urlsafe_b64encode(ODD.encode()).decode().rstrip("="),
    ],
)
def test_a_secret_is_masked_in_whatever_form(form: str) -> None:
    assert masked(f"<{form}>", [ODD]) == "<***>"


def test_what_a_good_but_broken_answer_echoes_is_masked(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, f"oops {TOKEN}"))
    error = error_of(api)
    assert isinstance(error, DecodeError)
    assert TOKEN not in str(error) + repr(vars(error))


def test_the_query_is_not_in_the_text(api: ImagesApi, server: Server) -> None:
    server.answers(answer(404))
    with pytest.raises(NotFoundError) as caught:
        api.search_images(query="confidential")
    assert "confidential" not in str(caught.value)


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


# No answer, or half of one.


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
    assert str(error).startswith("GET /v2/images/1: Failed to establish a new connection: ")
    assert "refused" in str(error)


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


# As objects.


def test_the_form_of_2019() -> None:
    error = ApiException(status=404, reason="Not Found")
    assert (error.status, error.reason, error.body) == (404, "Not Found", None)
    assert str(error) == "404 Not Found"
    response = SimpleNamespace(status=400, reason="Bad", data=b'{"message": "m"}', headers={"A": "b"})
    error = ApiException(http_resp=response)
    assert (error.status, error.reason, error.body) == (400, "Bad", '{"message": "m"}')
    assert (error.message, error.headers) == ("m", {"A": "b"})
    assert str(ApiException()) == "failed"


ALL = [
    value
    for value in vars(exceptions).values()
    if isinstance(value, type) and issubclass(value, ApiException)
]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_all_pickle(kind: type[ApiException]) -> None:
    error = kind("reason") if issubclass(kind, errors._Refused) else kind(500, "reason")  # type: ignore[arg-type]
    error.body, error.hint, error.attempts, error.headers = '{"message": "m"}', "hint", 3, {"A": "b"}
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is kind
    assert vars(twin) == vars(error)
    assert str(twin) == str(error)


def test_pickle_of_a_real_one(api: ImagesApi, server: Server) -> None:
    server.answers(answer(429, {"message": "m"}, Retry_After="900"))
    error = error_of(api)
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.retry_after, twin.headers["retry-after"], twin.message) == (900.0, "900", "m")


def test_the_tree() -> None:
    assert issubclass(ApiTimeoutError, ApiConnectionError)
    assert issubclass(ApiTypeError, TypeError)
    assert issubclass(ApiValueError, ValueError)
    for kind in ALL:
        assert kind.__name__ in exceptions.__doc__ or kind.__name__.startswith("_")
        assert kind.__name__.startswith("_") or getattr(shutterstock_api, kind.__name__) is kind


def test_attempts_are_told(api: ImagesApi, server: Server) -> None:
    server.always(answer(503))
    with pytest.raises(ServerError, match="Tried 3 times") as caught:
        api.get_image("1")
    assert caught.value.attempts == 3


def test_rest_has_the_exception_of_2019() -> None:
    from shutterstock_api.transport.service import ApiException as Imported

    assert Imported is ApiException


def test_a_reason_that_echoes_a_secret_is_masked(server: Server) -> None:
    api = ImagesApi(ApiClient(Configuration(server.url, access_token="planted-secret", retries=0)))
    server.always(b"HTTP/1.1 400 bad token planted-secret\r\nContent-Length: 0\r\n\r\n")
    assert str(error_of(api)).count("***") == 1
    server.always(b"garbage planted-secret\r\n\r\n")
    with pytest.raises(ApiConnectionError) as caught:
        api.get_image("1")
    assert "planted-secret" not in str(caught.value)


def test_an_api_wants_a_client() -> None:
    with pytest.raises(ApiTypeError, match="expected an ApiClient, got Configuration"):
        ImagesApi(Configuration())  # type: ignore[arg-type]


def test_an_answer_that_cannot_be_read_tells_its_attempts(api: ImagesApi, server: Server) -> None:
    server.answers(answer(503), answer(200, b"{"))
    with pytest.raises(DecodeError, match="Tried 2 times") as caught:
        api.get_image("1")
    assert caught.value.attempts == 2
