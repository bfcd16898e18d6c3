"""The settings of `Configuration` as keyword arguments of a client, and views with different settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from os import PathLike
from typing import Any, TypedDict

from shutterstock_api import telemetry
from shutterstock_api.calls.binding import names_and_values
from shutterstock_api.configuration import GUARDED, Configuration
from shutterstock_api.credentials.known import TokenSource
from shutterstock_api.schema.headers import checked_headers
from shutterstock_api.support.errors import ApiTypeError
from shutterstock_api.support.masking import as_secret
from shutterstock_api.support.text import did_you_mean


class Patience(TypedDict, total=False):
    """Timeouts and retries. `Configuration` documents each of them."""

    timeout: float | tuple[float, float] | None
    license_timeout: float | tuple[float, float] | None
    retries: int
    max_retry_wait: float
    deadline: float | None


class ClientOptions(Patience, total=False):
    """The options of `ApiClient.with_options`. `Configuration` documents each of them except `headers`."""

    license_marker: str | None
    headers: Mapping[str, str]
    """Headers to send with each request, besides those of the client."""


class Settings(Patience, total=False):
    """The settings that `Configuration` or `ApiClient` takes. `Configuration` documents each of them."""

    host: str | None
    access_token: str | bytes | TokenSource | None
    token_file: str | PathLike[str] | None
    username: str | bytes | None
    password: str | bytes | None
    verify_ssl: bool
    ssl_ca_cert: str | PathLike[str] | None
    ssl_strict: bool
    cert_file: str | PathLike[str] | None
    key_file: str | PathLike[str] | None
    assert_hostname: str | bool | None
    proxy: str | None
    connection_pool_maxsize: int
    safe_chars_for_path_param: str
    max_response_size: int
    license_marker: str | None
    allow_insecure_host: bool
    debug: bool
    logger_file: str | PathLike[str] | None
    refresh_api_key_hook: Callable[[Configuration], Any] | None
    on_request: Callable[[telemetry.RequestEvent], Any] | None
    on_response: Callable[[telemetry.ResponseEvent], Any] | None
    on_retry: Callable[[telemetry.RetryEvent], Any] | None


OWN: frozenset[str] = frozenset(ClientOptions.__annotations__) - {"headers"}
"""Settings that can differ in a view of a client; connections and credentials are shared."""


def hide_secrets(settings: dict[str, Any]) -> None:
    """Hide credentials among settings from the frames of a traceback."""
    for name in GUARDED & settings.keys():
        settings[name] = as_secret(settings[name])


def configuration_of(given: Any, settings: Mapping[str, Any]) -> Configuration:
    """Return the settings of a client, whichever way they are given.

    Raises:
        ApiTypeError: They are wrong, or given in both ways.
    """
    if given is None:
        return Configuration(**settings)
    if isinstance(given, str):
        raise ApiTypeError("configuration: pass a token by name: ApiClient(access_token=...)")
    if not isinstance(given, Configuration):
        raise ApiTypeError(f"configuration: expected a Configuration, got {type(given).__name__}")
    if settings:
        names = ", ".join(settings)
        raise ApiTypeError(f"{names}: pass settings either to the Configuration or to ApiClient, not to both")
    return given


def checked_changes(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the different settings of a view, and its headers.

    Raises:
        ApiTypeError: There is no such option, or the headers are not headers.
        ApiValueError: A header cannot be sent.
    """
    headers = checked_headers(names_and_values("headers", options.pop("headers", None)))
    for name in options.keys() - OWN:
        hint = did_you_mean(name, (*OWN, "headers"))
        raise ApiTypeError(f"with_options: there is no option {name!r}{hint}")
    return options, headers


def _of_the_base(name: str) -> Any:
    return property(lambda self: getattr(self._base, name))


class ConfigurationView(Configuration):
    """A configuration with a few settings of its own. All others are read from and set on its base.

    Args:
        base: The base.
        own: The settings that differ.
    """

    _base: Configuration

    def __init__(self, base: Configuration, own: Mapping[str, Any]) -> None:
        vars(self)["_base"] = base
        for name, value in own.items():
            setattr(self, name, value)

    host: str = _of_the_base("host")
    ssl_strict: bool = _of_the_base("ssl_strict")
    _credentials: Any = _of_the_base("_credentials")
    _connection: Any = _of_the_base("_connection")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(vars(self)["_base"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in OWN:
            super().__setattr__(name, value)
        else:
            setattr(self._base, name, value)

    # A copy or a pickle is an independent configuration.

    def __copy__(self) -> Configuration:
        twin = copy(self._base)
        for name in OWN & vars(self).keys():
            setattr(twin, name, getattr(self, name))
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        return copy, (copy(self),)
