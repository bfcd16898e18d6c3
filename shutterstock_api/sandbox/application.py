"""From a request to a response: faults, cache, limits, credentials, contract, handler, contract again."""

from __future__ import annotations

import gzip
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from .account.gate import Credential, Gate
from .contract.fields import FieldsError, parse_fields, select_fields
from .contract.operation import Operation
from .contract.values import read_json, with_whole_numbers
from .http.cache import Cache
from .http.faults import HEADER, FaultError, Faults
from .http.limits import RateLimit, limit_body
from .http.messages import Refusal, Request, Response, invalid, json_response
from .operations.call import Answer, Call, Service
from .operations.pages import PAGES, page_at
from .operations.table import HANDLERS, check_complete

_FORM = "application/x-www-form-urlencoded"
_COMPRESS_FROM = 1024
_REMEMBERED = 10_000


class Application:
    """Serves requests. All its data can be used by many threads."""

    def __init__(
        self,
        service: Service,
        gate: Gate,
        rate_limit: RateLimit | None,
        log: Callable[[str], object] | None,
    ) -> None:
        check_complete(service.contract)
        named = {name for operation in service.contract.operations.values() for name in operation.names}
        self.faults: Faults = Faults(named | PAGES)
        self.cache: Cache = Cache(service.true_time)
        self.requests: deque[Request] = deque(maxlen=_REMEMBERED)
        self.violations: list[str] = []
        self.stopping: threading.Event = threading.Event()
        self._service = service
        self._contract = service.contract
        self._gate = gate
        self._rate_limit = rate_limit
        self._log = log
        self._numbers = count(1)

    def handle(self, request: Request) -> Response:
        """Serve one request, whatever happens."""
        self.requests.append(request)
        number = next(self._numbers)
        try:
            response = self._with_fault(request)
        except Refusal as refusal:
            response = refusal.response()
        except Exception as error:  # noqa: BLE001 - a bug of the sandbox must fail the test, not hang it
            self.violations.append(
                f"{request.method} {request.path}: {''.join(traceback.format_exception(error))}"
            )
            response = json_response(500, {"message": f"{type(error).__name__}: {error}"})
        response.headers.setdefault("Date", self._service.date())
        response.headers["X-Sandbox-Request-Id"] = str(number)
        if self._log is not None:
            outcome = "dropped" if response.drop else response.status
            self._log(f"{request.method} {request.path} {outcome}")
        return response

    def _with_fault(self, request: Request) -> Response:
        serve_it, names = self._find(request)
        try:
            fault = self.faults.next(names, request.headers.get(HEADER))
        except FaultError as error:
            raise invalid(f"$.headers.{HEADER}", str(error)) from error
        if fault is None:
            return serve_it(request)
        if fault.delay:
            self.stopping.wait(fault.delay)
        if fault.close == "before":
            return Response(0, drop=True)
        instead = fault.instead(self._service.clock())
        if instead is not None and not fault.works:
            return fault.spoil(instead)
        try:
            response = serve_it(request)
        except Refusal as refusal:
            response = refusal.response()
        return fault.spoil(instead or response)

    def _find(self, request: Request) -> tuple[Callable[[Request], Response], tuple[str, ...]]:
        """The handler of a request, and its names in faults."""
        if page := page_at(request.path):
            serve, name = page
            return lambda request: serve(self._service, request), (name,)
        try:
            operation, path = self._contract.route(request.method, request.path)
        except Refusal as refusal:
            refused = refusal.response()
            return lambda _: refused, ()
        return lambda request: self._cached(request, operation, path), operation.names

    def _cached(self, request: Request, operation: Operation, path: dict[str, str]) -> Response:
        quirks = self._service.quirks()
        if not quirks.cache or not operation.lists_licenses:
            return self._limited(request, operation, path)
        return self.cache.answer(request, quirks, lambda: self._limited(request, operation, path))

    def _limited(self, request: Request, operation: Operation, path: dict[str, str]) -> Response:
        passes, told = (True, {}) if self._rate_limit is None else self._rate_limit.count()
        try:
            answer = self._operate(request, operation, path) if passes else Answer(429, limit_body(told))
        except Refusal as refusal:
            answer, told = Answer(refusal.status, refusal.body), refusal.headers | told
        response = self._checked(operation, answer)
        response.headers |= {"Date": self._service.date(), **told}
        return _compressed(request, response)

    def _operate(self, request: Request, operation: Operation, path: dict[str, str]) -> Answer:
        if not request.headers.get("User-Agent"):
            raise invalid("$.headers.User-Agent", "A User-Agent header is required", "VALIDATION_REQUIRED")
        # Optional credentials must be valid if they are sent.
        asked = not operation.public or (operation.allows_basic and "Authorization" in request.headers)
        credential = self._admitted(request, operation) if asked else None
        parameters = self._contract.parameters(operation, path, request.query, request.headers)
        given = frozenset(name for name, _ in parse_qsl(request.query, keep_blank_values=True))
        try:
            selection = parse_fields(parameters["fields"]) if "fields" in given else None
        except FieldsError as error:
            raise invalid("$.query.fields", str(error), data=parameters["fields"]) from error
        body = self._body(request, operation)
        answer = HANDLERS[operation.id](Call(self._service, operation, parameters, given, body, credential))
        if selection is None:
            return answer
        return replace(answer, body=select_fields(answer.body, selection), partial=True)

    def _checked(self, operation: Operation, answer: Answer) -> Response:
        """The response for an answer; a 500 for one that breaks the contract."""
        wrong = answer.checked and self._contract.violations(
            operation, answer.status, answer.body, answer.headers, partial=answer.partial
        )
        if wrong:
            self.violations.extend(wrong)
            return json_response(500, {"message": f"The sandbox broke the contract: {'; '.join(wrong)}"})
        if answer.body is None:
            return Response(answer.status, dict(answer.headers))
        return json_response(answer.status, answer.body, answer.headers)

    def _admitted(self, request: Request, operation: Operation) -> Credential:
        credential = self._gate.credential(request.headers.get("Authorization"))
        if credential is None or (credential.scopes is None and not operation.allows_basic):
            raise Refusal(401, "Invalid access token")
        held = operation.scopes if credential.scopes is None else credential.scopes
        missing = [scope for scope in operation.scopes if scope not in held]
        if missing:
            raise Refusal(403, f"The access token lacks the scope {' and '.join(missing)}")
        return credential

    def _body(self, request: Request, operation: Operation) -> Any:
        if operation.body is None:
            return None
        if not request.body:
            if operation.body_required:
                raise invalid("$.body", "A body is required", "VALIDATION_REQUIRED")
            return {}
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in operation.media:
            expected = " or ".join(operation.media)
            raise Refusal(415, f"Expected {expected}, not {kind or 'a body without Content-Type'}")
        if kind == _FORM:
            body = self._contract.form(operation, request.body.decode("utf-8", "replace"))
        else:
            body = read_json(request.body)
        self._contract.check_body(operation, body)
        return with_whole_numbers(body)


def _compressed(request: Request, response: Response) -> Response:
    if len(response.body) > _COMPRESS_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.body = gzip.compress(response.body, compresslevel=1, mtime=0)
        response.headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return response
