"""No secret is seen by anybody who looks at objects, logs, errors, tracebacks, pickles or other hosts."""

from __future__ import annotations

import base64
import copy
import http.client
import json
import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from planted_secrets import (
    SECRETS,
    check,
    check_error,
    check_everything_in,
    check_locals,
    check_pickle,
    check_shown,
    forms,
    found,
)
from scripted_server import HANG_UP, Clock, Server

from shutterstock_api import ApiClient, ApiException, Configuration, ImagesApi, OauthApi
from shutterstock_api.models import AccessTokenRequest, LicenseImageResultDataList

pytestmark = pytest.mark.exhaustive

COOKIE = f"theme=dark; sid={SECRETS['cookie']}; lang=en"
LINK = f"https://download.shutterstock.example/gatekeeper/{SECRETS['link']}/file.jpg?sign={SECRETS['link']}"
HELD = [SECRETS[name] for name in ("access_token", "key", "password", "cookie", "header")]
"""What the client of these tests holds in any case."""

Call = Callable[[ImagesApi], Any]
CALL: dict[str, Any] = {"_headers": {"Authorization": f"Bearer {SECRETS['call']}"}}
"""Options of a call that brings its own credentials."""

CALLS: dict[str, Call] = {
    "read": lambda api: api.get_image("1"),
    "read with its own token": lambda api: api.get_image("1", **CALL),
    "read in the background": lambda api: api.get_image("1", async_req=True).get(5),  # type: ignore[attr-defined]
    "read raw": lambda api: api.get_image("1", _preload_content=False),
    "write": lambda api: api.create_lightbox({"name": "x"}, **CALL),
    "license": lambda api: api.license_images({"images": [{"image_id": "1"}]}, **CALL),
    "redownload": lambda api: api.download_image("i1", {"size": "huge"}),
    "legacy": lambda api: api.api_client.call_api("/v2/images/1", "GET", response_type="Image"),
}


WITH_OWN_TOKEN = ("read with its own token", "write", "license")


def raw(status: int, body: bytes, *headers: str, reason: str = "Reason") -> bytes:
    """Return the bytes of an answer after which the connection closes."""
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def echo(status: int, *headers: str, also: Iterable[str] = ()) -> bytes:
    """Return an answer that repeats the secrets of the client in every form, wherever it can.

    Args:
        status: HTTP status.
        *headers: Headers besides those with an echo.
        also: Names of further secrets to repeat.
    """
    secrets = [*HELD, *(SECRETS[name] for name in also)]
    every = [form for secret in secrets for form in forms(secret)]
    entries = ", ".join(f'{{"message": "{form}", "path": "{form}"}}' for form in every)
    body = f'{{"message": "{" ".join(every)}", "errors": [{entries}]}}'.encode()
    echoed = [f"X-Echo-{number}: {form}" for number, form in enumerate(every)]
    return raw(status, body, *echoed, f"Set-Cookie: {COOKIE}", *headers, reason=" ".join(secrets))


class NoTls(Server):
    """Answers before it was asked, and in plain: no handshake ends well."""

    def talk(self, connection: socket.socket, number: int) -> None:
        connection.sendall(echo(400))


class Plant:
    """A client with a secret in every place that holds one."""

    def __init__(self, server: Server, clock: Clock, folder: Path, way: str) -> None:
        self.log = folder / "log.txt"
        proxied = way == "proxied"
        self.also = ("proxy",) if proxied else ()
        self.configuration = Configuration(
            "http://service.invalid" if proxied else server.url,
            access_token=SECRETS["access_token"],
            username=SECRETS["key"],
            password=SECRETS["password"],
            proxy=server.url.replace("//", f"//user:{_in_url('proxy')}@") if proxied else "",
            allow_insecure_host=proxied,
            retries=1,
            debug=True,
            logger_file=str(self.log),
        )
        self.client = ApiClient(self.configuration, "X-Api-Secret", SECRETS["header"], COOKIE)
        self.client.timing = clock.timing
        self.api = ImagesApi(self.client)

    def failure(self, call: Call) -> ApiException:
        with pytest.raises(ApiException) as caught:
            call(self.api)
        return caught.value


def _in_url(name: str) -> str:
    return SECRETS[name].replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")


@pytest.fixture(params=["direct", "proxied"])
def plant(
    request: pytest.FixtureRequest, server: Server, clock: Clock, tmp_path: Path, watched: list[Any]
) -> Iterator[Plant]:
    plant = Plant(server, clock, tmp_path, request.param)
    yield plant
    plant.client.close()
    check("the log file", plant.log.read_bytes() if plant.log.exists() else b"")


@pytest.fixture(autouse=True)
def watched(capsys: pytest.CaptureFixture[str]) -> Iterator[list[logging.LogRecord]]:
    """Every record of every logger, and all that is printed: searched when the test is over."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    root, ours = logging.getLogger(), logging.getLogger("shutterstock_api")
    before = root.level, list(ours.handlers), ours.level
    loggers = [logging.getLogger(name) for name in ("urllib3", "asyncio", "http.client", "concurrent")]
    for logger in (root, *loggers):
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield records
    root.removeHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.NOTSET)
    root.setLevel(before[0])
    for added in set(ours.handlers) - set(before[1]):
        ours.removeHandler(added)
        added.close()
    ours.setLevel(before[2])
    for record in records:
        check(f"a record of {record.name}", f"{record.getMessage()} {vars(record)!r}")
    printed = capsys.readouterr()
    check("stdout", printed.out)
    check("stderr", printed.err)


def test_the_search_finds_every_form() -> None:
    for name, secret in SECRETS.items():
        assert [found(f"before {form} after") for form in forms(secret)] == [[name]] * len(forms(secret))
    pair = f"{SECRETS['key']}:{SECRETS['password']}".encode()
    assert found(base64.b64encode(pair)) == ["key", "password"]


# Objects.


def test_objects(plant: Plant, server: Server) -> None:
    server.always(raw(200, b'{"id": "1"}'))
    plant.api.get_image("1", **CALL)
    client, configuration = plant.client, plant.configuration
    for thing in (client, configuration, plant.api, client.default_headers, copy.copy(client)):
        check_shown(thing)
    for thing in (client, configuration, plant.api, copy.copy(client)):
        check_everything_in(thing)
    for thing in (copy.deepcopy(client), copy.copy(configuration), copy.deepcopy(configuration)):
        check_shown(thing)
    for thing in (client, configuration, plant.api):
        check_pickle(thing)
    sent = server.request.headers
    assert sent["x-api-secret"] == SECRETS["header"]
    assert sent["cookie"] == COOKIE
    assert sent["authorization"] == f"Bearer {SECRETS['call']}"
    assert http.client.HTTPConnection.debuglevel == 0


def test_what_goes_out_after_a_copy(plant: Plant, server: Server) -> None:
    server.always(raw(200, b'{"id": "1"}'))
    with copy.deepcopy(plant.client) as twin:
        ImagesApi(twin).get_image("1")
    assert server.request.headers["authorization"] == f"Bearer {SECRETS['access_token']}"


@pytest.mark.parametrize("call", ["license", "redownload"])
def test_links_in_answers(plant: Plant, server: Server, call: str) -> None:
    url = {"url": LINK}
    answer = url if call == "redownload" else {"data": [{"image_id": "1", "download": url}]}
    server.always(raw(200, json.dumps(answer).encode()))
    result = CALLS[call](plant.api)
    link = result.data[0].download.url if isinstance(result, LicenseImageResultDataList) else result.url
    assert link == LINK  # whoever asks for it gets it; the records of the loggers are searched


# Errors.


STATUSES = [300, 304, 400, 401, 403, 404, 405, 409, 418, 422, 429, 503, 599]


@pytest.mark.parametrize(
    ("status", "call"), [*((status, "read") for status in STATUSES), *((500, call) for call in CALLS)]
)
def test_statuses_with_an_echo(plant: Plant, server: Server, status: int, call: str) -> None:
    own = ("call",) if call in WITH_OWN_TOKEN else ()
    server.always(echo(status, also=(*plant.also, *own)))
    check_error(plant.failure(CALLS[call]))


BROKEN: dict[str, bytes] = {
    "no answer": HANG_UP,
    "no HTTP": " ".join(HELD).encode() + b"\r\n\r\n",
    "a bad status": f"HTTP/1.1 {HELD[0]} {HELD[1]}\r\n\r\n".encode(),
    "a bad header": raw(200, b"{}", f"no colon {HELD[0]}", f"X-Echo: {HELD[0]}"),
    "a bad length": raw(200, b"{}").replace(b"Length: 2", b"Length: " + HELD[0].encode()),
    "a bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + HELD[0].encode() + b"\r\n",
    "half an answer": raw(200, b"{").replace(b"Length: 1", b"Length: 9"),
    "no gzip": raw(200, " ".join(HELD).encode(), "Content-Encoding: gzip"),
    "no JSON": echo(200).replace(b'"errors"', b"'errors'"),
    "a cut link": raw(200, f'{{"data": [{{"download": {{"url": "{LINK}'.encode()),
    "a cut link in another form": raw(200, f'{{"data": [{{"url": "{LINK}'.replace("/", r"\/").encode()),
    "a wrong type": raw(200, json.dumps([LINK, *HELD]).encode()),
}


@pytest.mark.parametrize("call", ["read", "license"])
@pytest.mark.parametrize("broken", BROKEN)
def test_broken_answers(plant: Plant, server: Server, broken: str, call: str) -> None:
    server.always(BROKEN[broken])
    try:
        CALLS[call](plant.api)
    except ApiException as error:
        check_error(error)
    else:
        assert broken in ("a bad header", "a bad length", "a wrong type")


@pytest.mark.parametrize("call", ["read", "license"])
def test_time_outs(plant: Plant, server: Server, call: str) -> None:
    server.always(server.hang)
    plant.configuration.timeout = plant.configuration.license_timeout = (5, 0.03)
    check_error(plant.failure(CALLS[call]))


@pytest.mark.parametrize("call", ["read", "license"])
@pytest.mark.parametrize("host", ["http", "https"])
def test_connections_that_are_refused(plant: Plant, refusing: str, host: str, call: str) -> None:
    configuration = plant.configuration
    if configuration.proxy:
        configuration.proxy = refusing.replace("//", f"//user:{_in_url('proxy')}@")
    else:
        configuration.host = refusing.replace("http", host)
    check_error(plant.failure(CALLS[call]))


@pytest.mark.parametrize("call", ["read", "license"])
def test_no_encryption(plant: Plant, call: str) -> None:
    server = NoTls()
    plant.configuration.host, plant.configuration.proxy = server.url.replace("http", "https"), ""
    check_error(plant.failure(CALLS[call]))
    server.close()


@pytest.mark.parametrize("call", ["read", "license"])
@pytest.mark.parametrize("status", [302, 403, 407, 503])
def test_a_proxy_that_refuses(server: Server, tmp_path: Path, clock: Clock, status: int, call: str) -> None:
    server.always(echo(status, also=["proxy"]))
    plant = Plant(server, clock, tmp_path, "proxied")
    plant.configuration.host = "https://service.invalid"
    check_error(plant.failure(CALLS[call]))
    plant.client.close()
    assert server.requests
    for request in server.requests:  # it reads none of what is meant for the service
        own = {name: value for name, value in request.headers.items() if name != "proxy-authorization"}
        check("a proxy", repr(request._replace(headers=own)))


# Tokens.


def ask_for_a_token(plant: Plant) -> Any:
    form = {name: SECRETS[name] for name in FORM}
    request = AccessTokenRequest(client_id="app", grant_type="authorization_code", **form)
    check_shown(request)
    return OauthApi(plant.client).create_access_token(request)


FORM = ("client_secret", "code", "refresh_token")


def test_a_token(plant: Plant, server: Server) -> None:
    token = {"access_token": SECRETS["access_token"], "refresh_token": SECRETS["refresh_token"]}
    server.always(raw(200, json.dumps({**token, "token_type": "Bearer", "expires_in": 3600}).encode()))
    answer = ask_for_a_token(plant)
    assert (answer.access_token, answer.refresh_token) == tuple(token.values())
    check_shown(answer)
    assert "authorization" not in server.request.headers


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_no_token(plant: Plant, server: Server, status: int) -> None:
    server.always(echo(status, also=(*plant.also, *FORM)).replace(b'"errors"', b"'errors'"))
    check_error(plant.failure(lambda _: ask_for_a_token(plant)))


def test_a_token_that_is_cut_off(plant: Plant, server: Server) -> None:
    server.always(raw(200, f'{{"access_token": "{SECRETS["access_token"]}'.encode()))
    check_error(plant.failure(lambda _: ask_for_a_token(plant)))
    server.always(raw(200, f'{{"refresh_token": "{SECRETS["link"]}'.encode()))
    check_error(plant.failure(lambda _: ask_for_a_token(plant)))


# Arguments that are refused.

REFUSED: dict[str, Callable[[str], Any]] = {
    "token": lambda secret: Configuration(access_token=f"{secret}\x00"),
    "token in bytes": lambda secret: Configuration(
        access_token=f"{secret}\udcff".encode("utf-8", "surrogateescape")
    ),
    "token in Greek": lambda secret: Configuration(access_token=f"{secret}\u03b1"),
    "token of a wrong type": lambda secret: Configuration(access_token=[secret]),  # type: ignore[arg-type]
    "token set later": lambda secret: setattr(Configuration(), "access_token", f"{secret}\n\n{secret}"),
    "key": lambda secret: Configuration(username=f"{secret}\x00", password=secret),
    "password": lambda secret: Configuration(username="key", password=f"{secret}\x00"),
    "header": lambda secret: ApiClient(header_name="X-Secret", header_value=f"{secret}\x00"),
    "cookie": lambda secret: ApiClient(cookie=f"a={secret}\x00"),
    "default header": lambda secret: ApiClient().set_default_header("X-Secret", f"{secret}\x00"),
    "host": lambda secret: ImagesApi(
        ApiClient(Configuration(f"https://user:{_in_url('password')}@h.example?{secret}"))
    ).get_image("1"),
    "proxy": lambda secret: ImagesApi(
        ApiClient(Configuration("http://h.example", proxy=f"ftp://user:{secret}@h.example"))
    ).get_image("1"),
    "proxy without a host": lambda secret: ImagesApi(
        ApiClient(Configuration("http://h.example", proxy=f"http://user:{_in_url('proxy')}@"))
    ).get_image("1"),
    "insecure host": lambda secret: ImagesApi(
        ApiClient(Configuration("http://h.example", access_token=secret, proxy=""))
    ).get_image("1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_settings_that_are_refused(name: str) -> None:
    with pytest.raises(ApiException) as caught:
        REFUSED[name](SECRETS["access_token"])
    check_error(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda api: api.get_image(5, **CALL),
        lambda api: api.get_image("..", **CALL),
        lambda api: api.get_image("1", veiw="full", **CALL),
        lambda api: api.license_images({"images": [{"image": "1"}]}, **CALL),
        lambda api: api.get_image("1", _retries=-1, **CALL),
        lambda api: api.get_image("1", _headers={"Authorization": f"{SECRETS['call']}\x00"}),
        lambda api: api.api_client.request("GET", "nowhere"),
    ],
)
def test_arguments_that_are_refused(plant: Plant, call: Call) -> None:
    check_error(plant.failure(call))


def test_a_hook_that_fails(plant: Plant) -> None:
    def hook(_: Configuration) -> None:
        raise OSError("no network")

    plant.configuration.refresh_api_key_hook = hook
    with pytest.raises(OSError, match="no network") as caught:
        plant.api.get_image("1", **CALL)
    check_locals(caught.value)


# Other hosts.


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("call", ["read", "write", "license"])
def test_redirects_to_another_host(plant: Plant, server: Server, status: int, call: str) -> None:
    other = Server()
    other.always(raw(200, b'{"id": "1"}'))
    for place in (other.url, f"http://localhost:{server.port}", server.url.replace("http", "https")):
        server.always(echo(status, f"Location: {place}/v2/images/1?{SECRETS['link']}"))
        check_error(plant.failure(CALLS[call]))
    other.close()
    assert other.requests == []
