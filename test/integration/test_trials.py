"""The connection is tried: a text comes back, and arguments as they arrived."""

from __future__ import annotations

import pytest

from shutterstock_api import BadRequestError, UnauthorizedError


def test_echo(trials):
    assert trials.echo().text == "ok"
    assert trials.echo(text="ä & ö").text == "ä & ö"


def test_validate(trials, sandbox):
    answer = trials.validate(123, tag=["a", "b"], user_agent="my-program/1.0")
    assert (answer.query.id, answer.query.tag) == (123, ["a", "b"])
    assert answer.header.user_agent == "my-program/1.0"
    [request] = sandbox.requests
    assert request.headers["User-Agent"] == "my-program/1.0"
    assert "user_agent" not in request.query


def test_validate_tells_the_usual_user_agent(trials):
    answer = trials.validate(1)
    assert answer.header.user_agent.startswith("shutterstock_api/")
    assert answer.query.tag is None


def test_an_id_that_is_no_number(trials, client):
    with pytest.raises(BadRequestError) as caught:
        client.request("GET", "/v2/test/validate", query={"id": "x"})
    assert (caught.value.errors[0]["code"], caught.value.errors[0]["path"]) == (
        "VALIDATION_INVALID_TYPE",
        "$.query.id",
    )


def test_credentials_are_not_needed_and_must_be_valid(trials, connect):
    api = type(trials)
    assert api(connect().api_client).echo().text == "ok"
    with pytest.raises(UnauthorizedError):
        api(connect(access_token="v2/old").api_client).echo()
