"""`get_many` asks with the look-up of the medium of an API object."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_server import Server

from shutterstock_api import ApiClient, ApiTypeError, ImagesApi, OauthApi, get_many


@pytest.mark.parametrize("kind", [OauthApi, ApiClient, ImagesApi])
def test_what_licenses_nothing_is_refused(api: ImagesApi, server: Server, kind: Any) -> None:
    wrong = {OauthApi: OauthApi(api.api_client), ApiClient: api.api_client, ImagesApi: None}[kind]
    with pytest.raises(
        ApiTypeError, match=r"get_many: expected an API object such as ImagesApi\(\), or its method"
    ):
        get_many(wrong, ["1"])
    assert server.requests == []


def test_arguments_are_checked_without_ids_too(api: ImagesApi, server: Server) -> None:
    wrong: Any = 5
    with pytest.raises(ApiTypeError, match="view: expected str"):
        get_many(api, [], view=wrong)
    assert server.requests == []
