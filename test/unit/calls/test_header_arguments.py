"""Arguments that go out as headers, as `user_agent` of `TestApi.validate` does."""

from __future__ import annotations

from typing import Any

import pytest
from bound_arguments import refusal
from scripted_server import Server, answer

from shutterstock_api import ApiClient, ApiValueError
from shutterstock_api.schema.operation import Operation

VALIDATE: Operation[Any] = Operation(
    "validate",
    "POST",
    "/test/{place}",
    path={"place": str},
    query={"id": int, "tag": list[str]},
    required=("id",),
    header={"user_agent": "user-agent", "mood": "X-Mood"},
    body="object",
    returns="object",
)


@pytest.fixture
def sent(server: Server, client: ApiClient) -> Any:
    """Call the operation and return the request."""
    server.always(answer(200, {}))

    def call(user_agent: Any = None, mood: Any = None, **options: Any) -> Any:
        client.call(VALIDATE, ("here", 7, ["a"], user_agent, mood, {"text": "x"}), options)  # type: ignore[arg-type]
        return server.requests[-1]

    return call


def test_they_stand_between_query_and_body() -> None:
    assert VALIDATE.names == ("place", "id", "tag", "user_agent", "mood", "body")


def test_they_arrive_and_replace_what_the_client_sends(sent: Any, client: ApiClient) -> None:
    request = sent("mine/1.0", "good")
    assert (request.headers["user-agent"], request.headers["x-mood"]) == ("mine/1.0", "good")
    assert (request.target, request.json) == ("/test/here?id=7&tag=a", {"text": "x"})
    request = sent()
    assert request.headers["user-agent"] == client.user_agent
    assert "x-mood" not in request.headers


def test_they_go_with_headers_of_the_call(sent: Any) -> None:
    request = sent("mine/1.0", _headers={"X-Other": "1", "User-Agent": "other"})
    assert (request.headers["user-agent"], request.headers["x-other"]) == ("mine/1.0", "1")
    assert sent(_headers={"User-Agent": "other"}).headers["user-agent"] == "other"


def test_what_no_header_can_carry(sent: Any) -> None:
    found = refusal(ApiValueError, sent, "a\nb", "\u20ac", _retries=-1)
    assert found == {
        "user_agent": "header user-agent: it contains control characters; remove them",
        "mood": "header X-Mood: it contains characters that a header cannot contain",
        "_retries": "expected a number from 0, got -1 (int)",
    }
