"""One call: bind -> authorise -> send -> decode. `attempts` sends it, as often as is safe."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import nullcontext
from contextvars import copy_context
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from shutterstock_api.calls import attempts, failures, retry
from shutterstock_api.calls.attempts import Call
from shutterstock_api.calls.binding import bind, query_kinds
from shutterstock_api.calls.names import resolve
from shutterstock_api.calls.options import ApiResponse, CallOptions, checked_options
from shutterstock_api.calls.throttle import Throttle
from shutterstock_api.configuration import Configuration
from shutterstock_api.credentials.token_endpoint import TokenEndpoint
from shutterstock_api.legacy import Surface2019
from shutterstock_api.licensing import request
from shutterstock_api.schema import decoding
from shutterstock_api.schema.headers import Headers, checked_headers, is_secret, put_headers
from shutterstock_api.schema.operation import Operation
from shutterstock_api.support.deadline import time_left, within
from shutterstock_api.support.errors import ApiValueError, DecodeError
from shutterstock_api.support.masking import as_secret, without_traceback
from shutterstock_api.telemetry.reporter import OPENTELEMETRY
from shutterstock_api.transport.service import RestClient
from shutterstock_api.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Self, Unpack

    from shutterstock_api.calls.background import Threads
    from shutterstock_api.licensing.outcome_unknown import LicenseOutcomeUnknown, Reconciliation
    from shutterstock_api.telemetry.events import RateLimit
    from shutterstock_api.telemetry.tracing import Span
    from shutterstock_api.transport.file_host import FileHost
    from shutterstock_api.transport.service import HttpAnswer

T = TypeVar("T")

logging.getLogger("shutterstock_api").addHandler(logging.NullHandler())

FORM = "application/x-www-form-urlencoded"

OTHERS = 8
"""Hosts besides the service's to which connections are kept, at most."""

_NO_OPTIONS: Any = {}


class ApiClient(Surface2019):
    """A client of the service: share one among all threads of a program.

    It opens its first connection at its first call, and again after `close()` or a fork.

    Args:
        configuration: Settings; by default those of the environment.
        header_name: Name of a header to send with each request.
        header_value: Its value.
        cookie: Cookie to send with each request.
    """

    def __init__(
        self,
        configuration: Configuration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
    ) -> None:
        header_value, cookie = as_secret(header_value), as_secret(cookie)
        self.configuration: Configuration = configuration or Configuration()
        self.default_headers: Headers = Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"shutterstock_api/{__version__} Python/{sys.version.split()[0]}",
            }
        )
        self.secret_header: str = (header_name or "").lower()
        if header_name is not None:
            self.set_default_header(header_name, header_value or "")
        if cookie is not None:
            self.set_default_header("Cookie", cookie)
        self.timing: retry.Timing = retry.Timing()
        self.throttle: Throttle = Throttle()
        self.rest: RestClient = RestClient(self.configuration, self.secret_header)
        self._threads: tuple[int, Threads] | None = None
        self._others: dict[str, FileHost] = {}

    # What goes with every request.

    @property
    def user_agent(self) -> str:
        """How the program introduces itself; the service refuses requests without it."""
        return self.default_headers["User-Agent"]

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self.set_default_header("User-Agent", value)

    def set_default_header(self, header_name: str, header_value: str) -> None:
        """Send a header with every request."""
        header_value = as_secret(header_value)
        put_headers(self.default_headers, checked_headers({header_name: header_value}))

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the service said last about how many requests it takes; `None` while it has said nothing."""
        return self.throttle.last

    # Calls.

    def call(self, operation: Operation[T], values: Sequence[Any], options: CallOptions = _NO_OPTIONS) -> T:
        """Call an operation. All methods of the API classes come here.

        Args:
            operation: What to call.
            values: Its arguments in the order of `operation.names`; `None` where not given.
            options: Options of this call.

        Raises:
            ApiException: See the tree in `shutterstock_api.exceptions`.
        """
        problems: list[tuple[str, Exception]] = []
        if options:
            options, problems = checked_options(options, operation.names)  # type: ignore[assignment]
        safe = self.configuration.safe_chars_for_path_param
        target, body = bind(operation, values, safe, problems)
        run = self._traced if OPENTELEMETRY in sys.modules else self._run
        if options.get("async_req"):
            return self._in_background(run, operation, target, body, options)  # type: ignore[no-any-return]
        return run(operation, target, body, options)

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
        """Call any endpoint, also one that this library has no method for.

        It is authorised, sent, retried and decoded like every other call.

        Args:
            method: HTTP verb.
            path: Path below the host, such as `/v2/images/123`.
            query: Query arguments; a list repeats its parameter.
            body: A model, or anything that JSON can say.
            returns: Type of the answer: a model class, text such as `list[Image]`; plain Python values
                by default; `None` for no answer.
            **options: Options of the call.

        Raises:
            ApiException: See the tree in `shutterstock_api.exceptions`.
        """
        method = method.upper()
        if not path.startswith("/") or not method.isalpha():
            raise ApiValueError(f"{method} {path}: expected a verb and a path that starts with '/'")
        plain = unquote(path)
        if any(part in (".", "..") for part in plain.split("/")) or not plain.isprintable() or " " in path:
            raise ApiValueError(f"path: {path!r} holds white space, control characters or dots to climb")
        if "?" in path or "#" in path:
            raise ApiValueError(f"path: {path!r} holds more than a path; give the rest as query=")
        resolve(returns)  # an unknown type is found now, not when the answer is here
        query = query or {}
        buys = method == "POST" and plain.lower().rstrip("/").endswith("/licenses")
        operation: Operation[Any] = Operation(
            f"{method} {path}",
            method,
            path,
            query=query_kinds(query),
            body=None if body is None else "object",
            returns=returns,
            basic=True,
            sending="license" if buys else None,
            empty=not buys,
        )
        return self.call(operation, (*query.values(), *(() if body is None else (body,))), options)

    def reconcile(self, error: LicenseOutcomeUnknown) -> Reconciliation:
        """Look in the licence history which items of a request were licensed; see `LicenseOutcomeUnknown`."""
        from shutterstock_api.licensing.reconciliation import reconcile

        return reconcile(error, self)

    # The way of one call.

    def _traced(
        self, operation: Operation[T], target: str, body: bytes | None, options: Mapping[str, Any]
    ) -> T:
        """Run a call in a span of its own."""
        from shutterstock_api.telemetry.tracing import traced

        attributes = {"http.request.method": operation.method, "url.template": operation.template}
        return traced(operation.label, attributes, self._run, operation, target, body, options)  # type: ignore[no-any-return]

    def _run(
        self,
        operation: Operation[T],
        target: str,
        body: bytes | None,
        options: Mapping[str, Any],
        span: Span | None = None,
    ) -> T:
        configuration, timing = self.configuration, self.timing
        buys = operation.sending == "license"
        marker = configuration.license_marker if buys and body else None
        if marker and body:
            body = request.marked(body, marker)
        timeout = configuration.license_timeout if buys else configuration.timeout
        deadline = options.get("_deadline", configuration.deadline)
        left = time_left()  # of the call for which this one gets a token
        if left is not None:
            deadline = left if deadline is None else min(deadline, left)
        until = None if deadline is None else timing.monotonic() + deadline
        call = Call(
            client=self,
            operation=operation,
            target=target,
            headers=self._headers(operation, body, options, until),
            body=body,
            options=options,
            timeout=options.get("_request_timeout", timeout),
            sent_at=timing.time(),
            policy=retry.RetryPolicy(
                options.get("_retries", configuration.retries),
                min(options.get("_max_retry_wait", configuration.max_retry_wait), retry.LONGEST_WAIT),
                until,
            ),
            marker=marker,
        )
        answer = attempts.send_with_retries(call)
        if span:
            span.ended(answer.attempts, answer.status)
        if call.raw:
            return answer.raw  # type: ignore[no-any-return]
        data = self._decoded(call, answer)
        if options.get("_return_http_data_only") is False:
            return ApiResponse((data, answer.status, answer.headers))  # type: ignore[return-value]
        return data  # type: ignore[no-any-return]

    def _headers(
        self, operation: Operation[Any], body: bytes | None, options: Mapping[str, Any], until: float | None
    ) -> dict[str, str]:
        headers = Headers(self.default_headers)
        if not operation.public:
            authorization = self._authorization(operation, until)
            if authorization:
                headers["Authorization"] = authorization
        if body is not None:
            headers["Content-Type"] = FORM if operation.form else "application/json"
        if "_headers" in options:
            put_headers(headers, options["_headers"])
        return headers

    def _authorization(self, operation: Operation[Any], until: float | None) -> str | None:
        configuration = self.configuration
        with nullcontext() if until is None else within(until, self.timing.monotonic):
            if configuration.refresh_api_key_hook:
                configuration.refresh_api_key_hook(configuration)
            return configuration.authorization(operation.basic)

    def _decoded(self, call: Call, answer: HttpAnswer) -> Any:
        operation = call.operation
        if operation.location:
            return self._location(call, answer)
        buys = operation.sending == "license"
        nothing = answer.whole and not answer.data.strip()
        if not buys and (operation.returns is None or (operation.empty and nothing)):
            return None
        result: Any = None
        try:
            if not answer.whole:
                limit = self.configuration.max_response_size
                raise DecodeError(reason=f"the answer is larger than max_response_size ({limit} bytes)")
            result = decoding.decode(answer.data, resolve(operation.returns or "object"))
            gap = request.missing(result, call.body) if buys else None
            if gap:
                raise DecodeError(reason=gap)
            return result if operation.returns else None
        except DecodeError as error:
            failure = without_traceback(error)
        self._describe(failure, call, answer)
        if buys:
            raise attempts.outcome_unknown(call, failure, result) from failure
        raise failure

    def _location(self, call: Call, answer: HttpAnswer) -> str:
        location = answer.headers.get("Location")
        if not location:
            error = DecodeError(reason="the answer does not say where to go on")
            self._describe(error, call, answer)
            raise error
        return location

    def _describe(self, error: DecodeError, call: Call, answer: HttpAnswer) -> None:
        failures.describe(error, answer, call.secrets())
        error.method, error.path, error.attempts = call.operation.method, call.path, answer.attempts

    # Life.

    def host_of(self, origin: str) -> FileHost:
        """Return the way to a host of files: it never sees credentials.

        Args:
            origin: Its scheme, host and port.
        """
        host = self._others.get(origin)
        if host is None:
            from shutterstock_api.transport.file_host import FileHost

            with self.rest.guard():
                host = self._others.setdefault(origin, FileHost(self.configuration, origin))
                gone = [self._others.pop(next(iter(self._others)))] if len(self._others) > OTHERS else []
            for one in gone:
                one.close()  # what it is still reading it reads to the end
        return host

    def _in_background(self, run: Callable[..., Any], *arguments: Any) -> Any:
        from shutterstock_api.calls.background import Threads

        with self.rest.guard():
            if self._threads is None or self._threads[0] != os.getpid():
                self._threads = os.getpid(), Threads(self.configuration.connection_pool_maxsize)
            return self._threads[1].apply_async(copy_context().run, (run, *arguments))

    def close(self) -> None:
        """Close connections and background threads. A later call opens new ones."""
        with self.rest.guard():
            threads, self._threads = self._threads, None
            if threads and threads[0] == os.getpid():
                threads[1].close()  # what is under way ends, so that nobody waits for it in vain
        others, self._others = self._others, {}
        for rest in (self.rest, *others.values()):
            rest.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Copies keep what is secret, pickles do not.

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
        ApiClient.__init__(self, state["configuration"])
        self.default_headers = state["default_headers"]
        self.secret_header = state["secret_header"]
        self.rest = RestClient(self.configuration, self.secret_header)

    def __repr__(self) -> str:
        return f"<ApiClient {self.configuration!r}>"


TokenEndpoint.new_client = ApiClient  # what renews the token of a file
