"""The settings of a client: credentials, host, timeouts, retries."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from os import PathLike
from typing import Any, ClassVar

from shutterstock_api import telemetry
from shutterstock_api.credentials.known import (
    Credentials,
    TokenSource,
    bearer_header,
    environment_credentials,
)
from shutterstock_api.schema.checks import OTHER_NAMES, count_value, path_value, seconds_value, timeout_value
from shutterstock_api.schema.values import boolean_value, text_value
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.connection import GIVEN, ConnectionSettings
from shutterstock_api.support.errors import ApiTypeError, ApiValueError
from shutterstock_api.support.masking import Secret, as_secret
from shutterstock_api.support.text import did_you_mean
from shutterstock_api.telemetry.log_output import log_to_file, log_to_stderr

LIVE = "https://api.shutterstock.com"
TEST = "https://api-sandbox.shutterstock.com"
"""The service's own test host: it needs a token and a paid subscription, and charges nothing."""


class Configuration:
    """Settings of a client. Pass them here, or set the attribute of the same name at any time.

    Anything that you leave out comes from the environment. Credentials: `SHUTTERSTOCK_API_TOKEN`, or else
    `SHUTTERSTOCK_TOKEN_FILE`, and `SHUTTERSTOCK_KEY` with `SHUTTERSTOCK_SECRET`. Host:
    `SHUTTERSTOCK_SANDBOX=true` (the service's test host), else `SHUTTERSTOCK_API_HOST`, else
    `SHUTTERSTOCK_CUSTOM_URL`. An empty variable counts as unset. If the program sets credentials of either
    kind, those of the environment are ignored, except that its key and secret still renew a `token_file`.

    Args:
        host: Base URL, `https://api.shutterstock.com` by default.
        access_token: OAuth token, or a function that returns it and is called before each call. If it has a
            method `renew(refused)`, that is called with a token that the service refused. If one of them
            raises an error, so does the call. The token is sent as `Bearer` and wins over `token_file` and
            `username`.
        token_file: File in which `shutterstock_api.auth` keeps a token. In this and all other paths `~` is
            the home folder.
        username: Consumer key, for HTTP Basic. It is enough for operations that need no scope.
        password: Consumer secret.
        verify_ssl: Whether to check the service's certificate.
        ssl_ca_cert: File (PEM) or folder of certificate authorities. The default is the first that is set of
            `SHUTTERSTOCK_CA_BUNDLE`, `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE` and
            `SSL_CERT_DIR`, else certifi's. If you replace the file, the next connection uses the new one.
        ssl_strict: Whether to check the form of certificates as strictly as Python does since 3.13. `False`
            accepts older company authorities: chain, dates and name are still checked.
        cert_file: Client certificate (PEM).
        key_file: Its key (PEM).
        assert_hostname: Name to expect in the certificate; `False` turns this check off.
        proxy: URL of a proxy, or `""` for none; by default `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
            `NO_PROXY` decide. A SOCKS proxy (`socks5h://...`) needs PySocks.
        connection_pool_maxsize: The most connections at a time; threads wait for one for up to five minutes.
        safe_chars_for_path_param: Characters that are not encoded in a path argument.
        timeout: Seconds, `(connect, read)`; a number limits the whole attempt, `None` sets no limit.
        license_timeout: The same for licensing, which takes the service longer.
        retries: How many times a request may be sent again, if that is safe.
        max_retry_wait: The longest wait before each retry, in seconds. If a 429 asks for more, it is raised.
        deadline: Seconds for all attempts and waits of a call; `None` for no limit.
        max_response_size: The largest answer, in bytes after decompression; a larger one is a `DecodeError`.
        license_marker: The key of `metadata` under which each licence request gets a unique text, so that
            `LicenseOutcomeUnknown.reconcile()` can identify it with certainty. `metadata` holds at most four
            keys.
        allow_insecure_host: Whether credentials may be sent over plain http to a host other than this
            machine.
        debug: Whether the logger `shutterstock_api` reports each attempt.
        logger_file: File for these reports.
        refresh_api_key_hook: Called with this object before each call and after a 401; it may set a new
            token. If it raises an error, so does the call. To pickle a client, use a module-level function.
        on_request: Called with a `RequestEvent` before each attempt, in the thread of the call.
        on_response: Called with a `ResponseEvent` after each attempt, successful or not.
        on_retry: Called with a `RetryEvent` before the wait for another attempt. An error in one of these
            three hooks is logged, and the call goes on.
    """

    host: str = LIVE
    ssl_strict: bool = True
    _client_class: ClassVar[Callable[[Any], Any] | None] = None  # it renews tokens; set when it is loaded
    _credentials = Credentials()
    _host_origin = GIVEN
    _connection: ConnectionSettings | None = None

    @partial(explained, hints=OTHER_NAMES)
    def __init__(
        self,
        host: str | None = None,
        *,
        access_token: str | bytes | TokenSource | None = None,
        token_file: str | PathLike[str] | None = None,
        username: str | bytes | None = None,
        password: str | bytes | None = None,
        verify_ssl: bool = True,
        ssl_ca_cert: str | PathLike[str] | None = None,
        ssl_strict: bool = True,
        cert_file: str | PathLike[str] | None = None,
        key_file: str | PathLike[str] | None = None,
        assert_hostname: str | bool | None = None,
        proxy: str | None = None,
        connection_pool_maxsize: int = 20,
        safe_chars_for_path_param: str = "",
        timeout: float | tuple[float, float] | None = (5.0, 30.0),
        license_timeout: float | tuple[float, float] | None = (5.0, 90.0),
        retries: int = 2,
        max_retry_wait: float = 60.0,
        deadline: float | None = None,
        max_response_size: int = 64 * 2**20,
        license_marker: str | None = None,
        allow_insecure_host: bool = False,
        debug: bool = False,
        logger_file: str | PathLike[str] | None = None,
        refresh_api_key_hook: Callable[[Configuration], Any] | None = None,
        on_request: Callable[[telemetry.RequestEvent], Any] | None = None,
        on_response: Callable[[telemetry.ResponseEvent], Any] | None = None,
        on_retry: Callable[[telemetry.RetryEvent], Any] | None = None,
    ) -> None:
        given = as_secret(access_token), as_secret(username), as_secret(password)
        host, proxy = as_secret(host), as_secret(proxy)
        del access_token, username, password  # so that no later traceback shows them
        explicit = any(value is not None for value in given)
        self._credentials = Credentials() if explicit else environment_credentials()
        self._file_source: tuple[tuple[Any, ...], TokenSource] | None = None
        self.host, self._host_origin = _environment_host() if host is None else (host, GIVEN)
        self.verify_ssl = verify_ssl
        self.ssl_ca_cert = ssl_ca_cert
        self.ssl_strict = ssl_strict
        self.cert_file = cert_file
        self.key_file = key_file
        self.assert_hostname = assert_hostname
        self.proxy = proxy
        self.connection_pool_maxsize = connection_pool_maxsize
        self.safe_chars_for_path_param = safe_chars_for_path_param
        self.timeout = timeout
        self.license_timeout = license_timeout
        self.retries = retries
        self.max_retry_wait = max_retry_wait
        self.deadline = deadline
        self.max_response_size = max_response_size
        self.license_marker = license_marker
        self.allow_insecure_host = allow_insecure_host
        self.debug = debug
        self.logger_file = logger_file
        self.refresh_api_key_hook = refresh_api_key_hook
        self.on_request = on_request
        self.on_response = on_response
        self.on_retry = on_retry
        if explicit:
            self.access_token, self.username, self.password = given
        if token_file is not None:
            self.token_file = token_file

    def connection_settings(self) -> ConnectionSettings:
        """Return the settings that connections depend on; the same object until one of them changes."""
        known = self._connection
        if known is None:
            settings = {name: getattr(self, name) for name in ConnectionSettings._fields}
            self._connection = known = ConnectionSettings(**settings)
        return known

    @property
    def host_origin(self) -> str:
        """Where the host comes from, such as `from SHUTTERSTOCK_API_HOST`."""
        return self._host_origin

    # Credentials.

    @property
    def access_token(self) -> str | None:
        """OAuth token; it takes precedence over key and secret. A function or a file may supply it."""
        source = self._token_source()
        token = self._credentials.token if source is None else source()
        return None if token is None else str(token)

    @access_token.setter
    def access_token(self, value: str | bytes | TokenSource | None) -> None:
        if callable(value):
            self._give(token=None, source=value)
        else:
            self._give(token=value, source=None)

    @property
    def token_file(self) -> str | None:
        """File that holds the token."""
        return self._credentials.token_file

    @token_file.setter
    def token_file(self, value: str | PathLike[str] | None) -> None:
        known = self._credentials
        if known.from_environment:  # its key and secret renew what is in the file
            known = Credentials(username=known.username, password=known.password)
        self._credentials = known.replaced(token_file=value)

    @property
    def username(self) -> str | None:
        """Consumer key."""
        return _as_str(self._credentials.username)

    @username.setter
    def username(self, value: str | bytes | None) -> None:
        self._give(username=value)

    @property
    def password(self) -> str | None:
        """Consumer secret."""
        return _as_str(self._credentials.password)

    @password.setter
    def password(self, value: str | bytes | None) -> None:
        self._give(password=value)

    def authorization(self, basic: bool) -> str | None:
        """Return the value of the `Authorization` header, or `None` without suitable credentials.

        Args:
            basic: Whether the operation accepts key and secret.
        """
        known = self._credentials
        if known.bearer:
            return known.bearer
        source = self._token_source()
        if source:
            return bearer_header(as_secret(source()))
        return known.basic if basic else None

    def can_authorize(self, basic: bool) -> bool:
        """Tell whether there are suitable credentials, without asking anybody for a token."""
        return self._credentials.suit(basic)

    def renewed_authorization(self, basic: bool, refused: str) -> str | None:
        """Return what to send in place of an `Authorization` that the service refused; `None` for nothing.

        Args:
            basic: Whether the operation accepts key and secret.
            refused: The refused value.
        """
        if self.refresh_api_key_hook:
            self.refresh_api_key_hook(self)
        renew = getattr(self._token_source(), "renew", None)
        if renew and refused.startswith("Bearer "):
            better: str | None = bearer_header(as_secret(renew(Secret(refused[len("Bearer ") :]))))
        else:
            better = self.authorization(basic)
        return None if better == refused else better

    def get_basic_auth_token(self) -> str | None:
        """Return the `Authorization` header for key and secret."""
        return _as_str(self._credentials.basic)

    def secret_texts(self) -> list[str]:
        """Return all texts that must not be shown, longest first."""
        return sorted(self._credentials.texts(), key=len, reverse=True)

    def _token_source(self) -> TokenSource | None:
        """Return the source of the token, unless the token is known."""
        known = self._credentials
        if known.token or known.source or not known.token_file:
            return known.source
        made_for = known, self.connection_settings()  # the settings for its renewal
        if self._file_source is None or self._file_source[0] != made_for:
            from shutterstock_api.credentials.refreshing_token import token_from_file

            self._file_source = made_for, token_from_file(known.token_file, self)
        return self._file_source[1]

    def _give(self, **changes: Any) -> None:
        # Settings of the program take precedence over the environment.
        known = Credentials() if self._credentials.from_environment else self._credentials
        self._credentials = known.replaced(**changes)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _ATTRIBUTES:
            hint = did_you_mean(name, _ATTRIBUTES)
            raise AttributeError(f"Configuration has no setting {name!r}{hint}", name=name, obj=self)
        if name in GUARDED:
            value = as_secret(value)
        if name in _CHECKS:
            value = _checked(name, value, name)
        before = vars(self).get(name)
        object.__setattr__(self, name, value)
        if name in ConnectionSettings._fields:
            self._connection = None
        if name == "host":
            self._host_origin = GIVEN
        elif name == "debug" and value != bool(before):
            log_to_stderr(value)
        elif name == "logger_file" and value:
            log_to_file(value)

    # Copies keep credentials, pickles do not: the process that unpickles takes its own from the environment.

    def __copy__(self) -> Configuration:
        twin = object.__new__(type(self))
        vars(twin).update(vars(self), _file_source=None)
        return twin

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Configuration:
        return self.__copy__()

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        if self.proxy is not None:  # it may hold a password
            state["proxy"] = None if "@" in self.proxy else str(self.proxy)
        if not self._credentials.from_environment:
            state["token_file"] = self.token_file
        return state

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        settings = dict(state)
        token_file = settings.pop("token_file", None)
        vars(self).update(settings, _credentials=environment_credentials(), _file_source=None)
        if token_file:
            self.token_file = token_file

    def __repr__(self) -> str:
        return f"<Configuration {self.host}, {self._credentials!r}>"


_INNER = {"_connection", "_credentials", "_file_source", "_host_origin"}
_ATTRIBUTES = {*Configuration.__init__.__annotations__, *_INNER}


GUARDED: frozenset[str] = frozenset({"host", "proxy", "access_token", "username", "password"})
"""Settings that are secret, or may contain a password by mistake."""


def _as_str(text: str | None) -> str | None:
    return None if text is None else str(text)


def _environment_host() -> tuple[str, str]:
    """Return the host in the environment, and the variable that names it."""
    if os.environ.get("SHUTTERSTOCK_SANDBOX", "").strip().lower() in ("true", "1", "yes", "on"):
        # This comes first: a program that asks for the test host must not be charged.
        return TEST, "from SHUTTERSTOCK_SANDBOX"
    for name in ("SHUTTERSTOCK_API_HOST", "SHUTTERSTOCK_CUSTOM_URL"):
        if value := as_secret(os.environ.get(name, "").strip()):
            return _checked("host", value, f"host (from {name})"), f"from {name}"
    return LIVE, "the default host"


def _checked(name: str, value: Any, subject: str) -> Any:
    """Return a setting as it is kept; an error begins with its subject."""
    try:
        return _CHECKS[name](value)
    except TypeError as problem:
        raise ApiTypeError(f"{subject}: {problem}") from None
    except ValueError as problem:
        raise ApiValueError(f"{subject}: {problem}") from None


def _checked_host(value: Any) -> str:
    if isinstance(value, str) and "@" in value:
        raise ValueError("give it without user and password: these are username= and password=")
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {type(value).__name__}")
    return str(value)


def _checked_hook(value: Any) -> Any:
    if not callable(value):
        raise TypeError(f"expected a function, got {value!r}")
    return value


def _or_none(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else check(value)


def _home_path(value: Any) -> str:
    return os.path.expanduser(path_value(value))


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "host": _checked_host,
    "timeout": _or_none(timeout_value),
    "license_timeout": _or_none(timeout_value),
    "retries": count_value,
    "max_retry_wait": seconds_value,
    "deadline": _or_none(seconds_value),
    "connection_pool_maxsize": lambda value: count_value(value, least=1),
    "max_response_size": lambda value: count_value(value, least=1),
    "license_marker": _or_none(text_value),
    "token_file": _or_none(path_value),  # a pickle keeps `~`, which `TokenFile` understands, too
    **dict.fromkeys(("ssl_ca_cert", "cert_file", "key_file", "logger_file"), _or_none(_home_path)),
    "verify_ssl": boolean_value,
    "ssl_strict": boolean_value,
    "allow_insecure_host": boolean_value,
    "debug": boolean_value,
    **dict.fromkeys(("on_request", "on_response", "on_retry"), _or_none(_checked_hook)),
    "safe_chars_for_path_param": text_value,
}
