"""Handlers of the OAuth operations."""

from __future__ import annotations

from .call import Answer, Call


def authorize(call: Call) -> Answer:
    """Where the customer decides."""
    return Answer(302, headers={"Location": call.service.oauth.page(call.parameters)})


def create_access_token(call: Call) -> Answer:
    """A token for a code, a refresh token, or key and secret."""
    return Answer(200, call.service.oauth.exchange(call.body))
