"""The base of the generated API classes."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from shutterstock_api.calls.client import Client, new_client
from shutterstock_api.calls.options import with_http_info
from shutterstock_api.configuration import Configuration
from shutterstock_api.schema.medium import Medium
from shutterstock_api.schema.operation import Operation
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiTypeError


class Api:
    """The base of the generated API classes.

    Every method takes `CallOptions` in addition to its own arguments, and raises `ApiException` (see the tree
    in `shutterstock_api.exceptions`). Each also exists with the suffix `_with_http_info`, which returns
    `(data, status, headers)`.

    At the end of a `with` statement, the object closes its client if it created that itself.

    Args:
        api_client: The client that sends the requests, or the `Configuration` of a new one. By default, a
            new client takes its settings from the environment.
    """

    __test__: ClassVar[bool] = False  # pytest would take TestApi for a test

    operations: ClassVar[Mapping[str, Operation[Any]]]
    """The operation of each method."""
    medium: ClassVar[Medium | None] = None
    """The medium that its methods license; `None` if they license nothing."""

    def __init_subclass__(cls) -> None:
        named: dict[Any, Any] = {}  # a method may have several names
        for name, method in list(vars(cls).items()) if "operations" in vars(cls) else ():
            if isinstance(method, FunctionType):
                outcome = "nothing was sent, because of"
                named.setdefault(method, explained(method, method.__name__, outcome))
                setattr(cls, name, named[method])

    @explained
    def __init__(self, api_client: Client | Configuration | None = None) -> None:
        self._made_client: bool = False
        if api_client is None or isinstance(api_client, Configuration):
            api_client, self._made_client = new_client(api_client), True
        if not hasattr(api_client, "call"):
            name, own = type(api_client).__name__, type(self).__name__
            hint = f"; for a token write {own}(Configuration(access_token=...))" if name == "str" else ""
            del api_client  # it may be a token, so the error does not show it
            raise ApiTypeError(f"api_client: expected an ApiClient or a Configuration, got {name}{hint}")
        self.api_client: Client = api_client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._made_client:
            self.api_client.close()

    if not TYPE_CHECKING:  # so that type checkers find misspelt names

        def __getattr__(self, name: str) -> Any:
            method = name.removesuffix("_with_http_info")
            found = getattr(type(self), method, None) if method != name else None
            if found and {method, getattr(found, "__name__", "")} & self.operations.keys():
                return with_http_info(getattr(self, method))
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
            )


def client_of(api: Any) -> Client:
    """Return the client of an API object, or the client itself if one is given.

    Raises:
        ApiTypeError: It is neither.
    """
    client = getattr(api, "api_client", api)
    if not isinstance(client, Client):
        raise ApiTypeError(f"api: expected an ImagesApi or ApiClient, got {type(api).__name__}")
    return client
