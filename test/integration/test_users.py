"""The user, the token, and the subscriptions with what is left of them."""

from __future__ import annotations

import pytest

from shutterstock_api import EditorialImagesApi, NotFoundError, UsersApi
from shutterstock_api.sandbox import SCOPES, USERNAME, Quirks

PERSON = {"email": "new.person@example.com", "password": "a secret of mine", "username": "new.person"}


def test_get_user(users):
    user = users.get_user()
    assert (user.username, user.language, user.is_premier) == (USERNAME, "en", True)
    assert user.full_name == f"{user.first_name} {user.last_name}"
    assert (user.email, user.contributor_id) == (None, None)
    assert user.id == users.get_access_token().user_id


def test_get_access_token(users, sandbox):
    token = users.get_access_token()
    assert (token.client_id, token.username, token.realm) == (sandbox.key, USERNAME, "customer")
    assert (token.scopes, token.expires_in) == (sorted(SCOPES), None)


def test_a_token_with_an_end(connect, sandbox, clock):
    token = sandbox.token(["user.view"], lifetime=600)
    users = UsersApi(connect(access_token=token).api_client)
    clock.now += 60
    found = users.get_access_token()
    assert (found.scopes, found.expires_in) == (["user.view"], 540)


def by_id(users):
    return {one.id: one for one in users.get_user_subscription_list().data}


def test_get_user_subsciption_list(users, clock):
    found = by_id(users)
    assert users.get_user_subsciption_list() == users.get_user_subscription_list()
    kinds = {(one.asset_type, one.license) for one in found.values()}
    assert kinds >= {
        ("images", "standard"),
        ("images", "enhanced"),
        ("videos", "standard"),
        ("audio", "audio_platform"),
        ("audio", "premier_music_basic"),
        ("editorial", "premier_editorial_all_digital"),
        ("editorial", "premier_editorial_video_digital_only"),
    }
    default = found["s12345678"]
    assert (default.allotment.downloads_left, default.allotment.downloads_limit) == (10_000, 10_000)
    assert default.allotment.start_time.timestamp() <= clock.now < default.allotment.end_time.timestamp()
    assert {one.size for one in default.formats} >= {"small", "medium", "huge", "vector"}
    ended = [one for one in found.values() if one.expiration_time.timestamp() < clock.now]
    assert [one.id for one in ended] == ["s45678901"]
    assert found["s34567890"].allotment.downloads_left == 0
    assert (found["s56789012"].allotment, found["s56789012"].price_per_download.local_currency) == (
        None,
        "USD",
    )
    assert {one.size for one in found["s67890124"].formats} == {"hd"}


def test_licences_lower_what_is_left(users, api, sandbox):
    api.license_images({"images": [{"image_id": "17", "subscription_id": "s12163856"}] * 2})
    EditorialImagesApi(api.api_client).license_editorial_images(
        {
            "country": "USA",
            "editorial": [{"editorial_id": "10687730b", "license": "premier_editorial_all_digital"}],
        }
    )
    found = by_id(users)
    left = {id_: found[id_].allotment.downloads_left for id_ in ("s12345678", "s12163856", "s64567801")}
    assert left == {"s12345678": 10_000, "s12163856": 9_998, "s64567801": 499}
    assert left == {id_: sandbox.allotment(id_) for id_ in left}
    assert found["s12163856"].allotment.downloads_limit == 10_000


def test_a_subscription_for_something_else(api, sold):
    [result] = api.license_images({"images": [{"image_id": "17", "subscription_id": "s67890123"}]}).data
    assert result.error == "Subscription s67890123 does not pay for this: Footage up to 4K"
    assert not sold()


def test_create_user(users, sandbox):
    made = users.create_user(PERSON)
    assert made.id.startswith("u")
    assert users.create_user(PERSON) == made
    assert users.create_user({**PERSON, "email": "somebody.else@example.com"}) != made
    assert sandbox.requests[0].json() == PERSON


def test_users_are_not_created_any_more(users, sandbox):
    sandbox.quirks = Quirks()
    with pytest.raises(NotFoundError):
        users.create_user(PERSON)
