"""The client that programs use."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from shutterstock_api.api.objects import ApiObjects
from shutterstock_api.calls.client import Client
from shutterstock_api.configuration import Configuration as Configuration


class ApiClient(ApiObjects, Client):
    """A client of the service. One client can be shared by all threads of a program.

    Its attributes `images`, `videos`, `users` and so on have the methods of the API. It connects when it is
    first called, and connects again after `close()` or a fork.

    Args:
        configuration: Settings; by default they come from the environment.
        header_name: The name of a header to send with each request.
        header_value: Its value.
        cookie: A cookie to send with each request.
        **settings: Settings instead of `configuration`, with the names that `Configuration` uses:
            `ApiClient(access_token="v2/...", timeout=10)`.

    Raises:
        ApiTypeError: `configuration` is not a `Configuration`, or both it and settings are given.
    """

    _made_anew: ClassVar[Collection[str]] = frozenset(vars(ApiObjects))
