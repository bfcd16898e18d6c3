"""An error about the settings of a client does not show the secrets among them."""

from __future__ import annotations

from typing import Any

import pytest
from planted_secrets import SECRETS, check_error

from shutterstock_api import ApiClient, ApiTypeError, ApiValueError, ImagesApi
from shutterstock_api.configuration import GUARDED


@pytest.mark.parametrize("token", [SECRETS["access_token"], SECRETS["access_token"].encode()])
def test_a_token_is_no_configuration(token: Any) -> None:
    with pytest.raises(ApiTypeError, match=r"pass a token by name: ApiClient\(access_token=\.\.\.\)") as one:
        ApiClient(token)
    check_error(one.value)
    with pytest.raises(ApiTypeError, match="expected an ApiClient or a Configuration, got") as two:
        ImagesApi(token)
    check_error(two.value)


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_no_error_shows_a_secret_among_the_settings(name: str) -> None:
    settings: dict[str, Any] = {name: SECRETS["password"], "retries": "many"}
    if name == "host":
        settings["host"] = f"https://user:{SECRETS['password']}@h.example"
    with pytest.raises((ApiTypeError, ApiValueError)) as caught:
        ApiClient(**settings)
    check_error(caught.value)
