"""Who you are, where the service is, how patient to be."""

from __future__ import annotations

import base64
import logging
import os
from typing import TYPE_CHECKING, Any

from shutterstock_api.exceptions import ApiTypeError, ApiValueError, did_you_mean
from shutterstock_api.headers import header_text
from shutterstock_api.operation import SETTING_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LIVE = "https://api.shutterstock.com"
TEST = "https://api-sandbox.shutterstock.com"
"""The service's own test host: it wants a token and a paid subscription, and charges nothing."""

logger = logging.getLogger("shutterstock_api")


class Secret:
    """A text that no repr, pickle or dump of attributes shows."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "'***'"

    def __reduce__(self) -> str:
        raise TypeError("secrets are not pickled")


class Configuration:
    """Settings of a client. Give them here, or set the attribute of the same name at any time.

    What is not given comes from the environment: `SHUTTERSTOCK_API_TOKEN`, or `SHUTTERSTOCK_KEY` and
    `SHUTTERSTOCK_SECRET`, as credentials; `SHUTTERSTOCK_SANDBOX=true` (the service's test host), else
    `SHUTTERSTOCK_API_HOST`, else `SHUTTERSTOCK_CUSTOM_URL`, as host. An empty variable counts as unset.
    Credentials given by the program, of either kind, beat all of the environment.

    Args:
        host: Base URL, `https://api.shutterstock.com` by default.
        access_token: OAuth token. It goes out as `Bearer` and wins over `username`.
        username: Consumer key, for HTTP Basic. Enough for what needs no scope.
        password: Consumer secret.
        verify_ssl: Whether the service's certificate is checked.
        ssl_ca_cert: File of certificate authorities, instead of certifi's.
        cert_file: Client certificate (PEM).
        key_file: Its key (PEM).
        assert_hostname: Name to expect in the certificate; `False` checks none.
        proxy: URL of a proxy, or `""` for none; by default `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` decide.
        connection_pool_maxsize: Connections at most; a further thread waits its turn, five minutes at most.
        safe_chars_for_path_param: Characters that stay as they are in a path argument.
        timeout: Seconds, `(connect, read)`.
        license_timeout: The same for licensing, which takes the service longer.
        retries: How often a request is sent again at most, where that is safe.
        max_retry_wait: Longest wait before that, in seconds. A 429 that asks for more is raised.
        deadline: Seconds for all attempts and waits of a call; `None` for no bound.
        allow_insecure_host: Whether credentials may go to a plain-http host that is not this machine.
        debug: Whether the logger `shutterstock_api` reports each attempt.
        logger_file: File for these reports.
        refresh_api_key_hook: Called with this object before each call; it may set a new token. What it
            raises, the call raises. To pickle a client, give a function of a module.
    """

    def __init__(
        self,
        host: str | None = None,
        *,
        access_token: str | bytes | None = None,
        username: str | bytes | None = None,
        password: str | bytes | None = None,
        verify_ssl: bool = True,
        ssl_ca_cert: str | None = None,
        cert_file: str | None = None,
        key_file: str | None = None,
        assert_hostname: str | bool | None = None,
        proxy: str | None = None,
        connection_pool_maxsize: int = 20,
        safe_chars_for_path_param: str = "",
        timeout: tuple[float, float] = (5.0, 30.0),
        license_timeout: tuple[float, float] = (5.0, 90.0),
        retries: int = 2,
        max_retry_wait: float = 60.0,
        deadline: float | None = None,
        allow_insecure_host: bool = False,
        debug: bool = False,
        logger_file: str | None = None,
        refresh_api_key_hook: Callable[[Configuration], Any] | None = None,
    ) -> None:
        self._secrets: dict[str, Secret] = {}
        self._from_environment = False
        self.host = _host() if host is None else host
        self.verify_ssl = verify_ssl
        self.ssl_ca_cert = ssl_ca_cert
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
        self.allow_insecure_host = allow_insecure_host
        self.debug = debug
        self.logger_file = logger_file
        self.refresh_api_key_hook = refresh_api_key_hook
        given = {"access_token": access_token, "username": username, "password": password}
        if any(value is not None for value in given.values()):
            for name, value in given.items():
                self._set_secret(name, value, self._secrets)
        else:
            self._read_environment()

    def connection_settings(self) -> tuple[Any, ...]:
        """Return what connections depend on."""
        return (
            self.host,
            self.verify_ssl,
            self.ssl_ca_cert,
            self.cert_file,
            self.key_file,
            self.assert_hostname,
            self.proxy,
            self.connection_pool_maxsize,
        )

    # Credentials.

    @property
    def access_token(self) -> str | None:
        """OAuth token; wins over key and secret."""
        return self._secret("access_token")

    @access_token.setter
    def access_token(self, value: str | bytes | None) -> None:
        self._set_by_program("access_token", value)

    @property
    def username(self) -> str | None:
        """Consumer key."""
        return self._secret("username")

    @username.setter
    def username(self, value: str | bytes | None) -> None:
        self._set_by_program("username", value)

    @property
    def password(self) -> str | None:
        """Consumer secret."""
        return self._secret("password")

    @password.setter
    def password(self, value: str | bytes | None) -> None:
        self._set_by_program("password", value)

    def authorization(self, basic: bool) -> str | None:
        """Return the value of the `Authorization` header, or `None` without suitable credentials.

        Args:
            basic: Whether the operation accepts key and secret.
        """
        secrets = self._secrets
        bearer = secrets.get("Bearer")
        if bearer:
            return bearer.text
        found = secrets.get("Basic") if basic else None
        return found.text if found else None

    def get_basic_auth_token(self) -> str | None:
        """Return the `Authorization` header for key and secret."""
        return self._secret("Basic")

    def secret_texts(self) -> list[str]:
        """Return all texts that must not be shown, longest first."""
        texts = {secret.text for secret in self._secrets.values()}
        texts |= {text.partition(" ")[2] for text in texts if text.startswith("Basic ")}
        return sorted(texts, key=len, reverse=True)

    def _secret(self, name: str) -> str | None:
        secret = self._secrets.get(name)
        return secret.text if secret else None

    def _set_by_program(self, name: str, value: str | bytes | None) -> None:
        # What the program says beats all that the environment says.
        self._set_secret(name, value, {} if self._from_environment else self._secrets)
        self._from_environment = False

    def _set_secret(self, name: str, value: str | bytes | None, known: Mapping[str, Secret]) -> None:
        secrets = dict(known)  # replaced as a whole: other threads see the old or the new state
        for gone in (name, "Bearer" if name == "access_token" else "Basic"):
            secrets.pop(gone, None)
        text = "" if value is None else header_text(name, value)
        if text:
            secrets[name] = Secret(text)
        if name == "access_token" and text:
            secrets["Bearer"] = Secret(f"Bearer {text}")
        elif "username" in secrets and "password" in secrets:
            pair = f"{secrets['username'].text}:{secrets['password'].text}"
            secrets["Basic"] = Secret(f"Basic {base64.b64encode(pair.encode()).decode()}")
        self._secrets = secrets

    def _read_environment(self) -> None:
        names = {"access_token": "API_TOKEN", "username": "KEY", "password": "SECRET"}
        for name, variable in names.items():
            self._set_secret(name, os.environ.get(f"SHUTTERSTOCK_{variable}"), self._secrets)
        self._from_environment = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _ATTRIBUTES:
            hint = did_you_mean(name, _ATTRIBUTES)
            raise AttributeError(f"Configuration has no setting {name!r}{hint}", name=name, obj=self)
        if name in SETTING_CHECKS:
            try:
                value = SETTING_CHECKS[name](value)
            except TypeError as problem:
                raise ApiTypeError(f"{name}: {problem}") from None
            except ValueError as problem:
                raise ApiValueError(f"{name}: {problem}") from None
        before = vars(self).get(name)
        object.__setattr__(self, name, value)
        if name == "debug" and value != bool(before):
            _report(value)
        elif name == "logger_file" and value:
            _report_to(logging.FileHandler(value, delay=True), value)

    # Copies keep the credentials, pickles do not: whoever unpickles takes its own from the environment.

    def __copy__(self) -> Configuration:
        twin = object.__new__(type(self))
        vars(twin).update(vars(self))
        return twin

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Configuration:
        return self.__copy__()

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        if self.proxy and "@" in self.proxy:
            state["proxy"] = None  # it holds a password
        return state

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state)
        self._secrets = {}
        self._read_environment()

    def __repr__(self) -> str:
        credentials = (
            "token"
            if self.access_token
            else "key and secret"
            if self.get_basic_auth_token()
            else "no credentials"
        )
        return f"<Configuration {self.host}, {credentials}>"


_ATTRIBUTES = {*Configuration.__init__.__annotations__, "_secrets", "_from_environment"}


def _report(wanted: bool) -> None:
    """Start or end the reports to stderr."""
    if wanted:
        _report_to(logging.StreamHandler(), "stderr")
        return
    for handler in [known for known in logger.handlers if known.name == "shutterstock_api: stderr"]:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def _report_to(handler: logging.Handler, name: str) -> None:
    """Send the reports of the logger to `handler`, unless one of this name has them already."""
    handler.name = f"shutterstock_api: {name}"
    if all(known.name != handler.name for known in logger.handlers):
        logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)


def _host() -> str:
    if os.environ.get("SHUTTERSTOCK_SANDBOX", "").strip().lower() in ("true", "1", "yes", "on"):
        return TEST  # first of all: who asks for the test host must not be charged
    named = (os.environ.get(f"SHUTTERSTOCK_{name}", "").strip() for name in ("API_HOST", "CUSTOM_URL"))
    return next(filter(None, named), LIVE)
