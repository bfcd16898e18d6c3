"""Quirks: habits of the licence history, of a cache in front of it, and of the service's clock."""

from __future__ import annotations

from typing import Any

from shutterstock_api.sandbox import Quirks, Sandbox

HISTORY = "/v2/images/licenses"


def ids(client: Any, **query: Any) -> list[str]:
    return [entry["id"] for entry in client.get(HISTORY, **query)["data"]]


def license(client: Any, images: int = 1) -> list[str]:
    """License the same image so many times; return the ids of the licences, the newest first."""
    entries = [{"image_id": "17", "editorial_acknowledgement": True}] * images
    return [result["license_id"] for result in client.license(*entries)][::-1]


def test_a_history_that_lags(client: Any, clock: Any) -> None:
    client.sandbox.quirks = Quirks(history_lag=30)
    [before] = ids(client)
    [mine] = license(client)
    clock.now += 29
    assert client.get(HISTORY)["total_count"] == 1
    assert ids(client) == [before]
    assert client.sandbox.licenses()[-1]["id"] == mine
    clock.now += 1
    assert ids(client) == [mine, before]
    assert client.get(HISTORY)["total_count"] == 2


def test_a_sandbox_begins_with_quirks_and_returns_to_them(start: Any) -> None:
    client = start(quirks=Quirks(history_lag=30))
    client.sandbox.quirks = Quirks()
    [mine] = license(client)
    assert mine in ids(client)
    client.sandbox.reset()
    assert client.sandbox.quirks == Quirks(history_lag=30)
    license(client)
    assert len(ids(client)) == 1
    assert Sandbox().quirks == Quirks()
