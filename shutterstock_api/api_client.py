"""One call: bind -> authorise -> send -> decode, and the loop of its attempts."""

from __future__ import annotations

import logging
import os
import sys
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from shutterstock_api import decoding, diagnosis, encoding, licensing, retry
from shutterstock_api.configuration import Configuration
from shutterstock_api.exceptions import ApiConnectionError, ApiException, ApiValueError, DecodeError
from shutterstock_api.headers import SECRET_HEADERS, Headers, checked_headers, put_headers
from shutterstock_api.legacy import Surface2019
from shutterstock_api.operation import ApiResponse, CallOptions, Operation, checked_options
from shutterstock_api.rest import RestClient, drain
from shutterstock_api.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.pool import ThreadPool

    from typing_extensions import Self, Unpack
    from urllib3 import BaseHTTPResponse as Response

T = TypeVar("T")

logger = logging.getLogger("shutterstock_api")
logger.addHandler(logging.NullHandler())

MOVED = frozenset({301, 302, 303, 307, 308})
"""Statuses of a redirect."""
SHORTEST_SECRET = 4
"""Characters: a shorter text stands in too many words to be masked in an error."""
REDIRECTS = 3
"""How many redirects of its own host a GET follows."""

_NO_OPTIONS: Any = {}


class _Call(NamedTuple):
    """One request, and how patiently to send it."""

    operation: Operation[Any]
    target: str
    """Path and query."""
    headers: dict[str, str]
    body: bytes | None
    options: Mapping[str, Any]
    timeout: float | tuple[float, float]
    sent_at: float

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


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
        self.configuration = configuration or Configuration()
        self.default_headers = Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"shutterstock_api/{__version__} Python/{sys.version.split()[0]}",
            }
        )
        self._secret_headers = SECRET_HEADERS | {(header_name or "cookie").lower()}
        if header_name is not None:
            self.set_default_header(header_name, header_value or "")
        if cookie is not None:
            self.set_default_header("Cookie", cookie)
        self.timing = retry.Timing()
        self._rest = RestClient(self.configuration, self._secret_headers)
        self._threads: tuple[int, ThreadPool] | None = None

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
        put_headers(self.default_headers, checked_headers({header_name: header_value}))

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
        target, body = encoding.bind(operation, values, safe, problems)
        if options.get("async_req"):
            run = (operation, target, body, options)
            return self._background().apply_async(self._run, run)  # type: ignore[return-value]
        return self._run(operation, target, body, options)

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
        if any(part in (".", "..") for part in path.split("/")) or not path.isprintable() or " " in path:
            raise ApiValueError(f"path: {path!r} holds white space, control characters or dots to climb")
        if "?" in path or "#" in path:
            raise ApiValueError(f"path: {path!r} holds more than a path; give the rest as query=")
        decoding.resolve(returns)  # an unknown type is found now, not when the answer is here
        query = query or {}
        buys = method == "POST" and path.lower().rstrip("/").endswith("/licenses")
        operation: Operation[Any] = Operation(
            f"{method} {path}",
            method,
            path,
            query=encoding.query_kinds(query),
            body=None if body is None else "object",
            returns=returns,
            basic=True,
            sending="license" if buys else None,
            empty=not buys,
        )
        return self.call(operation, (*query.values(), *(() if body is None else (body,))), options)

    # The way of one call.

    def _run(self, operation: Operation[T], target: str, body: bytes | None, options: Mapping[str, Any]) -> T:
        configuration = self.configuration
        timeout = configuration.license_timeout if operation.sending == "license" else configuration.timeout
        timeout = options.get("_request_timeout", timeout)
        headers = self._headers(operation, body, options)
        call = _Call(operation, target, headers, body, options, timeout, self.timing.time())
        response = self._exchange(call)
        if options.get("_preload_content") is False:
            return response  # type: ignore[return-value]
        data = self._decoded(call, response)
        if options.get("_return_http_data_only") is False:
            return ApiResponse((data, response.status, response.headers))  # type: ignore[return-value]
        return data  # type: ignore[no-any-return]

    def _headers(
        self, operation: Operation[Any], body: bytes | None, options: Mapping[str, Any]
    ) -> dict[str, str]:
        configuration = self.configuration
        if configuration.refresh_api_key_hook:
            configuration.refresh_api_key_hook(configuration)
        headers = Headers(self.default_headers)
        authorization = configuration.authorization(operation.basic)
        if authorization:
            headers["Authorization"] = authorization
        if body is not None:
            headers["Content-Type"] = "application/json"
        if "_headers" in options:
            put_headers(headers, options["_headers"])
        return headers

    def _exchange(self, call: _Call) -> Response:
        """Send until there is a good answer, or a reason not to send again."""
        operation, timing = call.operation, self.timing
        deadline = call.options.get("_deadline", self.configuration.deadline)
        until = None if deadline is None else timing.monotonic() + deadline
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._follow(call, until)
                if 200 <= response.status < 300:
                    if logger.isEnabledFor(logging.DEBUG):
                        logger.debug("%s %s: %s", operation.method, call.path, response.status)
                    return response
                error, sent = self._error(call, response), True
            except ApiConnectionError as failure:
                error, sent = failure, failure.sent
                error.reason = diagnosis.masked(error.reason or "", self._secrets(call))
            outcome = error.status or type(error).__name__
            logger.debug("%s %s: %s", operation.method, call.path, outcome)
            error.method, error.path, error.attempts = operation.method, call.path, attempt
            if retry.in_doubt(operation.sending, error.status, sent):
                raise self._outcome_unknown(call, error) from error
            pause = self._pause(call, error, attempt, sent, until)
            if pause is None:
                raise error
            logger.warning("%s %s: sent again in %.1f s: %s", operation.method, call.path, pause, outcome)
            timing.sleep(pause)

    def _pause(
        self, call: _Call, error: ApiException, attempt: int, sent: bool, until: float | None
    ) -> float | None:
        """Return the seconds to wait before sending again; `None` for not at all."""
        configuration, options = self.configuration, call.options
        if attempt > options.get("_retries", configuration.retries):
            return None
        if not retry.may_resend(call.operation.sending, error.status, sent):
            return None
        named = retry.named_wait(error.headers, error.content, self.timing.time())
        longest = min(options.get("_max_retry_wait", configuration.max_retry_wait), retry.LONGEST_WAIT)
        if named is not None and named > longest:
            return None
        pause = retry.pause(attempt, self.timing.chance()) if named is None else named
        if until is not None and self.timing.monotonic() + pause >= until:
            return None
        return pause

    def _follow(self, call: _Call, until: float | None) -> Response:
        """Send once, and after redirects to the same host."""
        operation, target = call.operation, call.target
        stream = call.options.get("_preload_content") is False
        redirects = 0
        while True:
            left = None if until is None else max(0.001, until - self.timing.monotonic())
            response = self._rest.send(
                operation.method, target, call.headers, call.body, call.timeout, left, stream, redirects > 0
            )
            if response.status not in MOVED or operation.sending != "read" or redirects == REDIRECTS:
                return response
            location = response.headers.get("Location")
            there = self._rest.redirected(target, location, redirects > 0)
            if there is None:
                return response
            drain(response)
            target, redirects = there, redirects + 1

    def _decoded(self, call: _Call, response: Response) -> Any:
        operation, data = call.operation, response.data
        buys = operation.sending == "license"
        if not buys and (operation.returns is None or (operation.empty and not data.strip())):
            return None
        try:
            answer = decoding.decode(data, operation.returns or "object")
            if buys and not licensing.speaks(answer):
                raise DecodeError(reason="the answer says nothing about the images")
            return answer if operation.returns else None
        except DecodeError as error:
            diagnosis.describe(error, response, self._secrets(call))
            error.method, error.path = operation.method, call.path
            if buys:
                raise self._outcome_unknown(call, error) from error
            raise

    def _error(self, call: _Call, response: Response) -> ApiException:
        data = drain(response) if call.options.get("_preload_content") is False else None
        now, secrets = self.timing.time(), self._secrets(call)
        return diagnosis.error_of(response, call.operation, self.configuration, secrets, now, data)

    def _outcome_unknown(self, call: _Call, cause: ApiException) -> ApiException:
        return licensing.outcome_unknown(cause, call.body, call.sent_at, self)

    def _secrets(self, call: _Call) -> list[str]:
        sent = {value for name, value in call.headers.items() if name.lower() in self._secret_headers}
        sent |= {value.partition(" ")[2] for value in sent}
        texts = {*self.configuration.secret_texts(), *sent}
        return sorted((text for text in texts if len(text) >= SHORTEST_SECRET), key=len, reverse=True)

    # Life.

    def _background(self) -> ThreadPool:
        from multiprocessing.pool import ThreadPool

        with self._rest.guard():
            if self._threads is None or self._threads[0] != os.getpid():
                self._threads = os.getpid(), ThreadPool(self.configuration.connection_pool_maxsize)
            return self._threads[1]

    def close(self) -> None:
        """Close connections and background threads. A later call opens new ones."""
        threads, self._threads = self._threads, None
        if threads and threads[0] == os.getpid():
            threads[1].close()  # what is under way ends, so that nobody waits for it in vain
        self._rest.close()

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
            (name, value)
            for name, value in self.default_headers.items()
            if name.lower() not in self._secret_headers
        )
        return {
            "configuration": self.configuration,
            "default_headers": headers,
            "secret_headers": self._secret_headers,
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        ApiClient.__init__(self, state["configuration"])
        self.default_headers = state["default_headers"]
        self._secret_headers = state["secret_headers"]
        self._rest = RestClient(self.configuration, self._secret_headers)

    def __repr__(self) -> str:
        return f"<ApiClient {self.configuration!r}>"
