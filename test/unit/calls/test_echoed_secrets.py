"""Secrets that an answer echoes are in no error."""

from __future__ import annotations

import base64
import json
import pickle
import re
from urllib.parse import quote, quote_plus

import pytest
from failing_calls import PAIR, error_of
from scripted_server import TOKEN, Server, answer

from shutterstock_api import ApiClient, ApiException, Configuration, DecodeError, ImagesApi, NotFoundError
from shutterstock_api.support.masking import masked


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
