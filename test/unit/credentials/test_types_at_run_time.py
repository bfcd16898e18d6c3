"""What the annotations of settings and tokens name can be looked up at run time."""

from __future__ import annotations

import inspect
import typing

import pytest

from shutterstock_api import Configuration, OAuthError, RateLimitError
from shutterstock_api.auth import AuthorizeUrl, OAuth, RefreshingToken, Token, TokenFile
from shutterstock_api.credentials.known import TokenSource

CLASSES = (AuthorizeUrl, Configuration, OAuth, OAuthError, RateLimitError, RefreshingToken, Token, TokenFile)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_annotations_resolve(kind):
    typing.get_type_hints(kind)
    for name, item in inspect.getmembers(kind):
        function = item.fget if isinstance(item, property) else item
        if inspect.isfunction(function) and (not name.startswith("_") or name in ("__init__", "__call__")):
            assert "return" in typing.get_type_hints(function), name


def test_they_are_what_they_say():
    hints = typing.get_type_hints(Configuration.__init__)
    assert hints["access_token"] == str | bytes | TokenSource | None
    assert typing.get_type_hints(OAuthError)["token"] == Token | None
