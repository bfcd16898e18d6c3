"""The client: what programs call."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from shutterstock_api.api.objects import ApiObjects
from shutterstock_api.calls.client import Client
from shutterstock_api.configuration import Configuration as Configuration


class ApiClient(ApiObjects, Client):
    """A client of the service: share one among all threads of a program.

    Its attributes `images`, `videos`, `users` and so on have the methods of the API. It opens its first
    connection at its first call, and again after `close()` or a fork.

    Args:
        configuration: Settings; by default those of the environment.
        header_name: Name of a header to send with each request.
        header_value: Its value.
        cookie: Cookie to send with each request.
        **settings: Settings in place of `configuration`, by the names that `Configuration` has for them:
            `ApiClient(access_token="v2/...", timeout=10)`.

    Raises:
        ApiTypeError: `configuration` is none, or both it and settings are given.
    """

    made_anew: ClassVar[Collection[str]] = frozenset(vars(ApiObjects))
