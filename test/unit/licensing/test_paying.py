"""Which subscriptions can pay for a medium and a size, and what is left of them."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_server import Server, answer

from shutterstock_api import ApiClient, ApiTypeError, PayingSubscription, Subscription, subscriptions_for
from shutterstock_api.sandbox import DEFAULT_SUBSCRIPTION, Sandbox


@pytest.fixture(scope="module")
def account() -> Any:
    with Sandbox() as sandbox, sandbox.client() as client:
        yield sandbox, client


def ids(found: list[PayingSubscription]) -> list[str]:
    return [one.id for one in found]


def test_a_medium_and_a_size(account: Any) -> None:
    _, client = account
    assert ids(subscriptions_for(client.videos, size="hd")) == ["s67890123", "s67890124"]
    assert ids(subscriptions_for(client.videos, size="4k")) == ["s67890123"]
    assert subscriptions_for(client.videos, size="8k") == []
    [only] = subscriptions_for(client.audio, license="premier_music_basic")
    assert (only.id, only.left, only.subscription.description) == (
        "s62345602",
        100,
        "Premier music, basic licence",
    )
    assert "s78901234" in ids(subscriptions_for(client.sound_effects, size="wav"))
    assert ids(subscriptions_for(client.editorial_images, license="premier_editorial_comp")) == ["s64567803"]


def test_it_shows_itself_in_one_line(account: Any) -> None:
    found = subscriptions_for(account[1].videos, size="4k")
    assert repr(found) == "[<PayingSubscription s67890123, left=500, 'Footage up to 4K'>]"
    odd = found[0]._replace(left=None, subscription=Subscription(description="\x1b[2J" + "x" * 9_000))
    assert "\x1b" not in repr(odd)
    assert len(repr(odd)) < 600


def test_what_has_ended_or_is_used_up_pays_nothing(account: Any) -> None:
    _, client = account
    found = subscriptions_for(client.images, size="huge")
    assert {"s34567890", "s45678901"}.isdisjoint(ids(found))
    assert (found[-1].id, found[-1].left) == ("s56789012", None)  # it has a price for each licence


def test_what_is_left(account: Any) -> None:
    sandbox, client = account
    [before, *_] = [one for one in subscriptions_for(client.images) if one.id == DEFAULT_SUBSCRIPTION]
    client.images.license_images(["17"], subscription_id=before.id)
    [after, *_] = [one for one in subscriptions_for(client.images) if one.id == DEFAULT_SUBSCRIPTION]
    assert before.left
    assert after.left == before.left - 1 == sandbox.allotment()


def test_the_most_credits_come_first(account: Any) -> None:
    left = [one.left or 0 for one in subscriptions_for(account[1].images)]
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize(
    ("subscription", "pays"),
    [
        ({}, True),
        ({"formats": [], "allotment": {}}, True),
        ({"formats": [{"size": "small"}]}, False),
        ({"expiration_time": "2000-01-01T00:00:00"}, False),
        ({"expiration_time": "1970-01-01T00:00:00"}, False),
        ({"expiration_time": "some day"}, True),
        ({"allotment": {"downloads_left": 0}}, False),
        ({"allotment": {"downloads_left": "many"}}, True),
        ({"allotment": {"downloads_left": "0"}}, False),
        ({"allotment": {"downloads_left": -3}}, False),
        ({"allotment": "many"}, True),
        ({"formats": "all"}, True),
        ({"formats": ["huge", {"size": {}}]}, True),
        ({"formats": [None, {"size": "small"}]}, False),
        ({"asset_type": "videos"}, False),
        ({"asset_type": None}, False),
        ({"id": None}, False),
    ],
)
def test_odd_subscriptions(client: ApiClient, server: Server, subscription: Any, pays: bool) -> None:
    server.answers(answer(200, {"data": [{"id": "s1", "asset_type": "images", **subscription}]}))
    assert bool(subscriptions_for(client.images, size="huge")) is pays


def test_subscriptions_that_are_none(client: ApiClient, server: Server) -> None:
    server.answers(answer(200, {"data": ["text", None, {"id": 17, "asset_type": "images"}]}))
    assert ids(subscriptions_for(client.images)) == ["17"]


def test_an_api_that_licenses_nothing(client: ApiClient, server: Server) -> None:
    for api in (client.users, client):
        with pytest.raises(ApiTypeError, match=r"such as client\.images, got (UsersApi|ApiClient)"):
            subscriptions_for(api)  # type: ignore[arg-type]
    assert not server.requests
