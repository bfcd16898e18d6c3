"""The user, the access token, and the subscriptions with what is left of them."""

from __future__ import annotations

import zlib
from typing import Any

from shutterstock_api.sandbox.account.database import USERNAME
from shutterstock_api.sandbox.account.oauth import USER_ID
from shutterstock_api.sandbox.http.messages import not_found
from shutterstock_api.sandbox.operations.call import Answer, Call

_CUSTOMER = "customer"
_ORGANIZATION_ID, _CUSTOMER_ID = "77012345", "12345678"


def get_user(call: Call) -> Answer:
    """The owner of the token."""
    return Answer(
        200,
        {
            "id": USER_ID,
            "username": USERNAME,
            "full_name": "Robin Photo",
            "first_name": "Robin",
            "last_name": "Photo",
            "language": "en",
            "customer_id": _CUSTOMER_ID,
            "organization_id": _ORGANIZATION_ID,
            "is_premier": True,
            "is_premier_parent": False,
            "premier_permissions": ["humans", "comp", "editorial"],
            "only_enhanced_license": False,
            "only_sensitive_use": False,
        },
    )


def get_access_token(call: Call) -> Answer:
    """What the token allows, and until when."""
    credential = call.credential
    assert credential is not None  # nosec B101 # the contract lets nobody in without a token
    ends = credential.ends
    body: dict[str, Any] = {
        "client_id": call.service.oauth.client_id,
        "user_id": USER_ID,
        "username": USERNAME,
        "customer_id": _CUSTOMER_ID,
        "organization_id": _ORGANIZATION_ID,
        "realm": _CUSTOMER,
        "scopes": sorted(credential.scopes or ()),
        "expires_in": None if ends is None else max(0, int(ends - call.service.clock())),
    }
    return Answer(200, body)


def list_subscriptions(call: Call) -> Answer:
    """All subscriptions with what is left of them."""
    subscriptions = call.service.store.subscriptions(call.service.clock())
    return Answer(200, {"data": subscriptions})


def create_user(call: Call) -> Answer:
    """The service no longer creates users; the sandbox does so only if a quirk says so."""
    if not call.service.quirks().creates_users:
        raise not_found()
    return Answer(200, {"id": f"u{zlib.crc32(call.body['email'].encode()):010}"})
