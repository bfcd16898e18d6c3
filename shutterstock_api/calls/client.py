"""The client: its calls, its views, its copies, its end."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from contextvars import copy_context
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, Unpack, cast, overload

from shutterstock_api import telemetry
from shutterstock_api.calls import caller
from shutterstock_api.calls.binding import bind, free_operation, names_and_values, query_pairs, type_of_answer
from shutterstock_api.calls.options import CallOptions
from shutterstock_api.calls.settings import (
    ClientOptions,
    ConfigurationView,
    Settings,
    checked_changes,
    configuration_of,
    hide_secrets,
)
from shutterstock_api.calls.throttle import Throttle
from shutterstock_api.configuration import Configuration
from shutterstock_api.schema import decoding
from shutterstock_api.schema.headers import Headers, checked_headers, is_secret, put_headers
from shutterstock_api.schema.operation import Operation
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiTypeError, ApiValueError, DecodeError
from shutterstock_api.support.masking import as_secret
from shutterstock_api.support.text import to_text
from shutterstock_api.support.timing import Timing
from shutterstock_api.transport.service import RestClient
from shutterstock_api.version import __version__

if TYPE_CHECKING:
    from shutterstock_api.calls.async_calls import CallThreads
    from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown, Reconciliation
    from shutterstock_api.transport.file_host import FileHost
else:
    FileHost = Any  # loaded with the first file
    LicenseOutcomeUnknown = Reconciliation = Any  # ... and with the first licence

T = TypeVar("T")

logging.getLogger("shutterstock_api").addHandler(logging.NullHandler())

OTHERS = 8
"""The most file hosts to which connections are kept."""

_NO_OPTIONS: Any = {}


class Client:
    """The base of `ApiClient`, without its API objects, which belong to a higher layer."""

    _made_anew: ClassVar[Collection[str]] = ()
    """Attributes that a view of the client does not share."""
    _whole: Client | None = None
    """The client that this one is a view of; see `with_options`."""

    @explained
    def __init__(
        self,
        configuration: Configuration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        header_value, cookie = as_secret(header_value), as_secret(cookie)
        hide_secrets(cast("dict[str, Any]", settings))
        if isinstance(configuration, (str, bytes)):  # it may be a token, so the error does not show it
            configuration = as_secret(configuration)
        self.configuration: Configuration = configuration_of(configuration, settings)
        self.default_headers: Headers = Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"shutterstock_api/{__version__} Python/{sys.version.split()[0]}",
            }
        )
        if header_name is not None:
            self.set_default_header(header_name, header_value or "")
        self.secret_header: str = (header_name or "").lower()
        if cookie is not None:
            self.set_default_header("Cookie", cookie)
        self.timing: Timing = Timing()
        self.throttle: Throttle = Throttle()
        self.rest: RestClient = RestClient(self.configuration, self.secret_header)
        self._threads: tuple[int, CallThreads] | None = None
        self._others: dict[str, FileHost] = {}

    # Headers.

    @property
    def user_agent(self) -> str:
        """The `User-Agent` header; the service refuses requests without one."""
        return self.default_headers["User-Agent"]

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self.set_default_header("User-Agent", value)

    def set_default_header(self, header_name: str, header_value: str) -> None:
        """Send a header with every request."""
        header_value = as_secret(header_value)
        if not isinstance(header_name, str):
            raise ApiTypeError(f"header_name: expected str, got {type(header_name).__name__}")
        put_headers(self.default_headers, checked_headers({header_name: header_value}))

    @property
    def rate_limit(self) -> telemetry.RateLimit | None:
        """The rate limit, as the service last stated it; `None` if it has not stated one yet."""
        return self.throttle.last

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """Return a view of this client with other options, such as `with_options(timeout=60, retries=0)`.

        Both share connections, tokens and rate limits; closing one closes both.

        Args:
            **options: Settings of `Configuration` that differ, and `headers` to send besides those of this
                client.

        Raises:
            ApiTypeError: There is no such option, or a value has the wrong type.
            ApiValueError: A value cannot be used.
        """
        changes, headers = checked_changes(cast("dict[str, Any]", options))
        view = object.__new__(type(self))
        own = {name: value for name, value in vars(self).items() if name not in self._made_anew}
        vars(view).update(own, _whole=self._whole or self)
        view.configuration = ConfigurationView(self.configuration, changes)
        view.default_headers = Headers(self.default_headers)
        put_headers(view.default_headers, headers)
        return view

    # Calls.

    def call(self, operation: Operation[T], values: Sequence[Any], options: CallOptions = _NO_OPTIONS) -> T:
        """Call an operation. All methods of the API classes come here.

        Args:
            operation: What to call.
            values: Its arguments in the order of `operation.names`; `None` if not given.
            options: Options of this call.

        Raises:
            ApiException: See the tree in `shutterstock_api.exceptions`.
        """
        bound = caller.bind_call(self, operation, values, options)
        if bound.options.get("async_req"):
            in_context = partial(copy_context().run, caller.perform, bound)
            return self._call_threads().start(in_context)  # type: ignore[return-value]
        result: T = caller.perform(bound)
        return result

    @overload
    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        returns: type[T],
        **options: Unpack[CallOptions],
    ) -> T: ...
    @overload
    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        returns: Any = "object",
        **options: Unpack[CallOptions],
    ) -> Any: ...
    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        returns: Any = "object",
        **options: Unpack[CallOptions],
    ) -> Any:
        """Call any endpoint, even one that this library has no method for.

        The call is authorised, sent, retried and decoded like every other call.

        Args:
            method: HTTP verb.
            path: Path below the host, such as `/v2/images/123`.
            query: Query arguments; a list repeats its parameter.
            body: A model, or anything that can be written as JSON.
            returns: Type of the answer: a model class, or text such as `list[Image]`; plain Python values
                by default; `None` for no answer.
            **options: Options of the call.

        Raises:
            ApiException: See the tree in `shutterstock_api.exceptions`.
        """
        query = names_and_values("query", query)
        operation = free_operation(method, path, query, body is not None, returns)
        return self.call(operation, (*query.values(), *(() if body is None else (body,))), options)

    def reconcile(self, error: LicenseOutcomeUnknown) -> Reconciliation:
        """Find out from the licence history what a request licensed; see `LicenseOutcomeUnknown`."""
        from shutterstock_api.licensing.reconciliation import reconcile

        return reconcile(error, self)

    # Methods for programs that were written for the 2019 client.

    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: Mapping[str, Any] | None = None,
        query_params: Any = None,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Any = None,
        files: Any = None,
        response_type: Any = None,
        auth_settings: Any = None,
        async_req: bool | None = None,
        _return_http_data_only: bool | None = None,
        collection_formats: Any = None,
        _preload_content: bool = True,
        _request_timeout: Any = None,
    ) -> Any:
        """Call an endpoint as programs for the 2019 client do; new programs should use `request`.

        `auth_settings` is ignored: the configuration decides.

        Returns:
            `(data, status, headers)`, or only the data with `_return_http_data_only=True`.
        """
        header_params = Headers(names_and_values("header_params", header_params))
        if post_params or files:
            raise ApiValueError("post_params, files: this API takes JSON; pass body instead")
        formats = names_and_values("collection_formats", collection_formats).values()
        if any(one not in ("multi", None) for one in formats):
            raise ApiValueError("collection_formats: only `multi` works here, one parameter per value")
        query: dict[str, Any] = {}
        for name, value in query_pairs(query_params):
            if value is None:
                continue
            query.setdefault(name, []).extend(value if isinstance(value, (list, tuple)) else [value])
        parts = {name: str(part) for name, part in names_and_values("path_params", path_params).items()}
        operation: Operation[Any] = Operation(
            f"{method} {resource_path}", method, str(resource_path), path=dict.fromkeys(parts, str)
        )
        safe = self.configuration.safe_chars_for_path_param
        path, _ = bind(operation, tuple(parts.values()), safe)
        if "{" in path:
            raise ApiTypeError(f"path_params: no value for {path}")
        return self.request(
            method,
            path,
            query=query,
            body=body,
            returns=response_type,
            async_req=bool(async_req),
            _return_http_data_only=bool(_return_http_data_only),
            _preload_content=_preload_content,
            _request_timeout=_request_timeout,
            _headers=header_params,
        )

    def sanitize_for_serialization(self, obj: Any) -> Any:
        """Convert models, dates and tuples to JSON values, leaving out fields that are `None`."""
        from shutterstock_api.schema.encoding import to_wire

        return to_wire(obj)

    def deserialize(self, response: Any, response_type: Any) -> Any:
        """Decode `response.data` as a type such as `Image`, `"list[Image]"` or `"dict(str, Image)"`.

        Raises:
            DecodeError: The data does not have that type.
        """
        if response_type is None:
            return None
        kind = type_of_answer(response_type)
        try:
            return decoding.decode(response.data, kind)
        except DecodeError:
            if kind not in (str, Any):
                raise
            return to_text(response.data)

    # Connections.

    def host_of(self, origin: str) -> FileHost:
        """Return the connection to a file host, which never gets credentials.

        Args:
            origin: The scheme, host and port.
        """
        if self._whole:
            return self._whole.host_of(origin)
        host = self._others.get(origin)
        if host is None:
            from shutterstock_api.transport.file_host import FileHost

            with self.rest.guard():
                host = self._others.setdefault(origin, FileHost(self.configuration, origin))
                gone = [self._others.pop(next(iter(self._others)))] if len(self._others) > OTHERS else []
            for one in gone:
                one.close()  # a download that is running is read to its end
        return host

    def _call_threads(self) -> CallThreads:
        if self._whole:
            return self._whole._call_threads()
        with self.rest.guard():
            if self._threads is None or self._threads[0] != os.getpid():
                from shutterstock_api.calls.async_calls import CallThreads

                self._threads = os.getpid(), CallThreads(self.configuration.connection_pool_maxsize)
            return self._threads[1]

    def close(self) -> None:
        """Close the connections. A later call opens new ones; background calls that are running finish."""
        if self._whole:
            return self._whole.close()
        others, self._others = self._others, {}
        for rest in (self.rest, *others.values()):
            rest.close()
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Copies keep secrets, pickles do not.

    def __copy__(self) -> Self:
        return self._twin(self.configuration)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self._twin(copy(self.configuration))

    def _twin(self, configuration: Configuration) -> Self:
        twin = object.__new__(type(self))
        twin.__setstate__({**self.__getstate__(), "configuration": configuration})
        twin.default_headers = Headers(self.default_headers)
        twin.timing = self.timing
        return twin

    def __getstate__(self) -> dict[str, Any]:
        headers = Headers(
            (name, str(value))
            for name, value in self.default_headers.items()
            if not is_secret(name, self.secret_header)
        )
        return {
            "configuration": self.configuration,
            "default_headers": headers,
            "secret_header": self.secret_header,
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        Client.__init__(self, state["configuration"])
        self.default_headers = state["default_headers"]
        self.secret_header = state["secret_header"]
        self.rest = RestClient(self.configuration, self.secret_header)

    def __repr__(self) -> str:
        known = vars(self).get("configuration")  # missing if the settings were refused
        return f"<ApiClient {known!r}>"


def new_client(configuration: Configuration | None = None) -> Client:
    """Return an `ApiClient`, found through the package, because this layer may not import it."""
    client: Client = sys.modules["shutterstock_api"].ApiClient(configuration)
    return client


Configuration._client_class = Client  # it renews the tokens of token files
