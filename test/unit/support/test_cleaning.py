"""What of a server's text may carry a permission, and what is left of it."""

from __future__ import annotations

import pickle

import pytest

from shutterstock_api.support.cleaning import ServerText, cleaned, cleaned_value

KEY = "W3siZCI6InNlY3JldCJ9XQ"
LINK = f"https://download.shutterstock.com/gatekeeper/{KEY}/shutterstock_1.jpg"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"see {LINK}", "see https://download.shutterstock.com/***"),
        (f"(see {LINK}).", "(see https://download.shutterstock.com/***"),
        (LINK.replace("/", r"\/"), "https://download.shutterstock.com/***"),
        (LINK.upper(), "HTTPS://DOWNLOAD.SHUTTERSTOCK.COM/***"),
        (LINK.replace(":", "%3A").replace("/", "%2F"), "https://download.shutterstock.com/***"),
        (LINK.replace(":", "%253A").replace("/", "%252F"), "https://download.shutterstock.com/***"),
        ("https://files.example/a.jpg?sign=1", "https://files.example/***"),
        (f"//files.example?{KEY}", "//files.example/***"),
        ("https://files.example/gatekeeper/i1/a.jpg", "https://files.example/***"),
        (f"/gatekeeper/{KEY}/a.jpg", "***"),
        (f"access_token={KEY}&expires_in=1", "access_token=***&expires_in=1"),
        (f"access_token%3D{KEY}", "access_token%3D***"),
        (f"<access_token>{KEY}</access_token>", "<access_token>***</access_token>"),
        (f'{{"accessToken": "{KEY}"}}', '{"accessToken": "***"}'),
        (rf"{{\"refresh_token\": \"{KEY}\"}}", r"{\"refresh_token\": \"***\"}"),
        (f"{{'password': '{KEY}'}}", "{'password': '***'}"),
        (f"client_secret = {KEY}", "client_secret = ***"),
        (f"Bearer {KEY} is not valid", "Bearer *** is not valid"),
        (f"the token v2/{KEY}/{KEY} has ended", "the token *** has ended"),
        (f"eyJhbGciOiJIUzI1NiJ9.{KEY}.{KEY}", "***"),
    ],
)
def test_what_is_masked(text: str, shown: str) -> None:
    assert cleaned(text) == shown
    assert KEY.lower() not in cleaned(text).lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Image 17 is not available",
        "invalid token: expired",
        "and/or, n/a, 2026/11/27, application/json",
        "GET /v2/images/123456789",
        "see https://developers.shutterstock.com",
        "see https://help.example/errors/7",
        "a<b, x=1, 3 > 2",
    ],
)
def test_what_stays(text: str) -> None:
    assert cleaned(text) == text


def test_values_of_json_are_cleaned_with_their_keys() -> None:
    value = {"errors": [{LINK: 1, "data": [LINK, None, 2.5]}], "n": 1}
    shown = "https://download.shutterstock.com/***"
    assert cleaned_value(value) == {"errors": [{shown: 1, "data": [shown, None, 2.5]}], "n": 1}


def test_the_text_of_a_server_is_exact_and_shows_nothing() -> None:
    text = ServerText(f"see {LINK}")
    assert text == f"see {LINK}"
    assert f"{text}" == f"see {LINK}"
    assert KEY not in repr(text)
    twin = pickle.loads(pickle.dumps(text))
    assert (type(twin), twin) == (ServerText, "see https://download.shutterstock.com/***")


WORDS = ("a/", "token", "%2f", "a-1", "//", "token=", "bearer ", "eyJ", "v2/", "a")


@pytest.mark.parametrize("word", WORDS)
def test_a_long_text_is_read_once(word: str) -> None:
    """What looks at each place of a text again and again would take minutes here."""
    assert len(cleaned(word * 100_000 + "/")) <= len(word) * 100_000 + 1
