"""PATCH, and DELETE with a body: what they send, and that they are sent once."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_server import HANG_UP, Server, answer

from shutterstock_api import ApiClient, ApiConnectionError, ServerError
from shutterstock_api.schema.operation import Operation

VERBS = ["PATCH", "DELETE"]


def change(verb: str, **more: Any) -> Operation[Any]:
    return Operation(
        "change", verb, "/v2/things/{id}", path={"id": str}, body="object", returns="object", **more
    )


@pytest.mark.parametrize("verb", VERBS)
def test_the_body_arrives(server: Server, client: ApiClient, verb: str) -> None:
    server.always(answer(200, {"id": "7"}))
    assert client.call(change(verb), ("7", {"items": [{"id": "1"}]})) == {"id": "7"}
    request = server.request
    assert (request.verb, request.path, request.json) == (verb, "/v2/things/7", {"items": [{"id": "1"}]})
    assert request.headers["content-type"] == "application/json"
    assert request.headers["content-length"] == str(len(request.body))


@pytest.mark.parametrize("verb", VERBS)
def test_it_is_a_write(server: Server, client: ApiClient, verb: str) -> None:
    assert change(verb).sending == "write"
    for reply, error in ((answer(500, {}), ServerError), (HANG_UP, ApiConnectionError)):
        server.always(reply)
        with pytest.raises(error) as caught:
            client.call(change(verb), ("7", {}))
        assert caught.value.attempts == 1
    server.answers(answer(429, {}), answer(200, {}))
    client.call(change(verb), ("7", {}))
    assert len(server.requests) == 4
