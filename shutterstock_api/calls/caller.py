"""The steps of one call: check, bind, authorise, send, decode."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from shutterstock_api.calls import failures, retry
from shutterstock_api.calls.attempts import Call, send_with_retries
from shutterstock_api.calls.binding import bind, encoded, header_arguments, place_in_body, resolve
from shutterstock_api.calls.options import ApiResponse, checked_options
from shutterstock_api.schema import decoding
from shutterstock_api.schema.headers import Headers, put_headers
from shutterstock_api.schema.values import ArgumentProblems
from shutterstock_api.support.errors import DecodeError
from shutterstock_api.support.masking import without_traceback
from shutterstock_api.support.timing import time_left, within
from shutterstock_api.telemetry.reporter import OPENTELEMETRY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shutterstock_api.calls.attempts import CallingClient
    from shutterstock_api.schema.operation import Operation
    from shutterstock_api.telemetry.tracing import Span
    from shutterstock_api.transport.service import HttpAnswer

FORM = "application/x-www-form-urlencoded"


class BoundCall(NamedTuple):
    """A call whose arguments and options are valid. Nothing has been sent yet."""

    client: CallingClient
    operation: Operation[Any]
    target: str
    body: Any
    """A form, or a value that becomes JSON."""
    options: Mapping[str, Any]


def bind_call(
    client: CallingClient, operation: Operation[Any], values: Sequence[Any], options: Mapping[str, Any]
) -> BoundCall:
    """Check the arguments and the options of a call.

    Raises:
        ApiTypeError: An argument has the wrong type, is missing or does not exist.
        ApiValueError: A value cannot be sent.
    """
    problems = ArgumentProblems()
    if options:
        options, problems = checked_options(options, operation.names, partial(place_in_body, operation))
    if operation.header:
        headers = Headers(options.get("_headers", {}))
        put_headers(headers, header_arguments(operation, values, problems))
        options = {**options, "_headers": headers}
    target, body = bind(operation, values, client.configuration.safe_chars_for_path_param, problems)
    return BoundCall(client, operation, target, body, options)


def perform(bound: BoundCall) -> Any:
    """Make a call, in its own span if spans are recorded, and return its result."""
    if OPENTELEMETRY not in sys.modules:
        return _perform(bound)
    from shutterstock_api.telemetry.tracing import traced

    operation = bound.operation
    attributes = {"http.request.method": operation.method, "url.template": operation.template}
    return traced(operation.label, attributes, _perform, bound)


def _perform(bound: BoundCall, span: Span | None = None) -> Any:
    call = _call(bound)
    answer = send_with_retries(call)
    if span:
        span.ended(answer.attempts, answer.status)
    if call.raw:
        return answer.raw
    data = _decoded(call, answer)
    if bound.options.get("_return_http_data_only") is False:
        return ApiResponse((data, answer.status, answer.headers))
    return data


def _call(bound: BoundCall) -> Call:
    """Return the request with its timeouts and retries; the deadline starts now."""
    client, operation, target, body, options = bound
    configuration, timing = client.configuration, client.timing
    asked = None
    if operation.sending == "license":
        from shutterstock_api.licensing.outcome_unknown import LicenseCall
        from shutterstock_api.licensing.request import LicenseRequest

        asked = LicenseCall(client, LicenseRequest(operation.medium, body, configuration.license_marker))
        # What an answer may need is loaded now, because that may fail after the request has been sent.
        import_module("shutterstock_api.telemetry.events")
        resolve(operation.returns or "object")
    deadline = options.get("_deadline", configuration.deadline)
    left = time_left()  # of the call that needs a token from this one
    if left is not None:
        deadline = left if deadline is None else min(deadline, left)
    policy = retry.RetryPolicy(
        retries=options.get("_retries", configuration.retries),
        longest_wait=min(options.get("_max_retry_wait", configuration.max_retry_wait), retry.LONGEST_WAIT),
        until=None if deadline is None else timing.monotonic() + deadline,
    )
    return Call(
        client=client,
        operation=operation,
        target=target,
        headers=_headers(bound, policy.until),
        body=encoded(body),
        options=options,
        timeout=options.get(
            "_request_timeout", configuration.license_timeout if asked else configuration.timeout
        ),
        policy=policy,
        asked=asked,
    )


def _headers(bound: BoundCall, until: float | None) -> dict[str, str]:
    operation, options = bound.operation, bound.options
    headers = Headers(bound.client.default_headers)
    if not operation.anonymous:
        authorization = _authorization(bound.client, operation, until)
        if authorization:
            headers["Authorization"] = authorization
    if bound.body is not None:
        headers["Content-Type"] = FORM if operation.form else "application/json"
    if "_headers" in options:
        put_headers(headers, options["_headers"])
    return headers


def _authorization(client: CallingClient, operation: Operation[Any], until: float | None) -> str | None:
    configuration = client.configuration

    def ask() -> str | None:
        if configuration.refresh_api_key_hook:
            configuration.refresh_api_key_hook(configuration)
        return configuration.authorization(operation.basic)

    return within(until, client.timing.monotonic, ask)


def _decoded(call: Call, answer: HttpAnswer) -> Any:
    operation = call.operation
    if operation.location:
        return _location(call, answer)
    nothing = answer.whole and not answer.data.strip()
    if not call.asked and (operation.returns is None or (operation.empty and nothing)):
        return None
    result: Any = None
    try:
        if not answer.whole:
            limit = call.client.configuration.max_response_size
            raise DecodeError(reason=f"the answer is larger than max_response_size ({limit} bytes)")
        result = decoding.decode(answer.data, resolve(operation.returns or "object"))
        gap = call.asked.request.left_open(result) if call.asked else None
        if gap:
            raise DecodeError(reason=gap)
        return result if operation.returns else None
    except DecodeError as error:
        failure = without_traceback(error)
    except Exception as error:  # noqa: BLE001  # whatever it is: something may have been bought
        failure = DecodeError(reason=f"the answer cannot be read ({type(error).__name__})")
    _fill_in(failure, call, answer)
    if call.asked:
        raise call.asked.outcome_unknown(failure, result) from failure
    raise failure


def _location(call: Call, answer: HttpAnswer) -> str:
    location = answer.headers.get("Location")
    if not location:
        error = DecodeError(reason="the answer has no Location header")
        _fill_in(error, call, answer)
        raise error
    return location


def _fill_in(error: DecodeError, call: Call, answer: HttpAnswer) -> None:
    failures.describe(error, answer, call.secrets())
    error.method, error.path, error.attempts = call.operation.method, call.path, answer.attempts
