"""What an error says: the answer, and what to do about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from contract_facts import CONTRACT
from failing_calls import error_of
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    BadRequestError,
    Configuration,
    ConflictError,
    DestinationError,
    ForbiddenError,
    ImagesApi,
    NotFoundError,
    RateLimitError,
    ServerError,
    UnauthorizedError,
)
from shutterstock_api.support.errors import class_of


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, ApiException),
        (400, BadRequestError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (406, BadRequestError),
        (409, ConflictError),
        (410, ApiException),
        (413, BadRequestError),
        (415, BadRequestError),
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


def test_each_status_of_the_contract_has_a_class() -> None:
    told = {int(status) for _, _, operation in CONTRACT.values() for status in operation["responses"]}
    assert {status for status in told if status >= 400 and class_of(status) is ApiException} == set()
    assert 415 in told


def test_a_repr_says_as_much_as_the_text(api: ImagesApi, server: Server) -> None:
    server.answers(answer(404, {"message": "No such 'image'."}))
    error = error_of(api)
    assert repr(error) == f"NotFoundError({str(error)!r})"
    assert "No such 'image'." in f"{[error]}"
    assert repr(DestinationError(reason="disk full")) == "DestinationError('disk full')"
    with pytest.raises(ApiTypeError) as caught:
        api.get_image(1)  # type: ignore[arg-type]
    assert repr(caught.value) == f"ApiTypeError({str(caught.value)!r})"


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


NO_TIME_NAMED = (
    "The service does not say how long to wait. "
    "With retries=0 the client never waits: raise it to let the client wait."
)
NOT_ACCEPTED = "The service does not accept these credentials, or no longer accepts them."
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
            NO_TIME_NAMED,
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
