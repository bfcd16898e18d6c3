"""From a request to a response: faults, limits, credentials, contract, handler, contract again."""

from __future__ import annotations

import gzip
import re
import threading
import traceback
from collections import deque
from collections.abc import Callable
from email.utils import formatdate
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from .account.gate import Gate
from .account.login import login
from .account.oauth import LOGIN
from .catalogue.images.views import PREVIEWS
from .contract.contract import Contract
from .contract.fields import FieldsError, parse_fields, select_fields
from .contract.operation import Operation
from .http.faults import HEADER, FaultError, Faults
from .http.files import file_response, only_reading
from .http.limits import RateLimit, limit_body
from .http.messages import Refusal, Request, Response, invalid, json_response, not_found
from .operations.call import Answer, Call, Service
from .operations.table import HANDLERS, check_complete

_FORM = "application/x-www-form-urlencoded"
_COMPRESS_FROM = 1024
_REMEMBERED = 10_000
_PREVIEW = re.compile(r"/previews/(?P<kind>[a-z0-9_]+)/(?P<image>[1-9]\d{0,17})\.jpg")


class Application:
    """Serves requests. Everything that it keeps is safe for many threads."""

    def __init__(
        self,
        service: Service,
        contract: Contract,
        gate: Gate,
        rate_limit: RateLimit | None,
        log: Callable[[str], object] | None,
    ) -> None:
        check_complete(contract)
        self.faults: Faults = Faults()
        self.requests: deque[Request] = deque(maxlen=_REMEMBERED)
        self.violations: list[str] = []
        self.stopping: threading.Event = threading.Event()
        self._service = service
        self._contract = contract
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
            response = self._refuse(refusal)
        except Exception as error:  # noqa: BLE001 - a bug of the sandbox must fail the test, not hang it
            self.violations.append(
                f"{request.method} {request.path}: {''.join(traceback.format_exception(error))}"
            )
            response = json_response(500, {"message": f"{type(error).__name__}: {error}"})
        response.headers["Date"] = formatdate(self._service.clock(), usegmt=True)
        response.headers["X-Sandbox-Request-Id"] = str(number)
        if self._log is not None:
            outcome = "dropped" if response.drop else response.status
            self._log(f"{request.method} {request.path} {outcome}")
        return response

    def _with_fault(self, request: Request) -> Response:
        serve_it, operation = self._find(request)
        try:
            fault = self.faults.next(operation, request.headers.get(HEADER))
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
            response = self._refuse(refusal)
        return fault.spoil(instead or response)

    def _refuse(self, refusal: Refusal) -> Response:
        return json_response(refusal.status, refusal.body, refusal.headers)

    def _find(self, request: Request) -> tuple[Callable[[Request], Response], str | None]:
        """What serves a request, and under which name faults know it."""
        if request.path.startswith("/download/"):
            return self._download, "download"
        if request.path.startswith("/previews/"):
            return self._preview, "preview"
        if request.path == LOGIN:
            return self._login, "login"
        try:
            operation, path = self._contract.route(request.method, request.path)
        except Refusal as refusal:
            kept = refusal

            def refuse(_: Request) -> Response:
                raise kept

            return refuse, None
        return lambda request: self._limited(request, operation, path), operation.id

    # Files and pages

    def _download(self, request: Request) -> Response:
        only_reading(request)
        file = self._service.links.file(request)
        data = self._service.pictures.licensed(file.image_id, file.size, file.dimensions)
        if file.size == "vector":
            return file_response(request, data, "application/postscript", f"shutterstock_{file.image_id}.eps")
        return file_response(request, data, "image/jpeg", f"shutterstock_{file.image_id}.jpg")

    def _preview(self, request: Request) -> Response:
        only_reading(request)
        match = _PREVIEW.fullmatch(request.path)
        if (
            match is None
            or match["kind"] not in PREVIEWS
            or not self._service.catalogue.knows(match["image"])
        ):
            raise not_found()
        return file_response(
            request, self._service.pictures.preview(int(match["image"]), match["kind"]), "image/jpeg"
        )

    def _login(self, request: Request) -> Response:
        return login(self._service.oauth, self._contract.scopes, request)

    # Operations

    def _limited(self, request: Request, operation: Operation, path: dict[str, str]) -> Response:
        passes, told = (True, {}) if self._rate_limit is None else self._rate_limit.count()
        try:
            answer = self._operate(request, operation, path) if passes else Answer(429, limit_body(told))
        except Refusal as refusal:
            answer, told = Answer(refusal.status, refusal.body), refusal.headers | told
        response = self._checked(operation, answer)
        response.headers |= told
        return _compressed(request, response)

    def _operate(self, request: Request, operation: Operation, path: dict[str, str]) -> Answer:
        if not request.headers.get("User-Agent"):
            raise invalid("$.headers.User-Agent", "A User-Agent header is required", "VALIDATION_REQUIRED")
        if not operation.public:
            self._admit(request, operation)
        parameters = self._contract.parameters(operation, path, request.query)
        given = frozenset(name for name, _ in parse_qsl(request.query, keep_blank_values=True))
        try:
            selection = parse_fields(parameters["fields"]) if "fields" in given else None
        except FieldsError as error:
            raise invalid("$.query.fields", str(error), data=parameters["fields"]) from error
        body = self._body(request, operation)
        answer = HANDLERS[operation.id](Call(self._service, parameters, given, body))
        if selection is None:
            return answer
        return Answer(answer.status, select_fields(answer.body, selection), partial=True)

    def _checked(self, operation: Operation, answer: Answer) -> Response:
        """The response for an answer; a 500 for one that breaks the contract."""
        wrong = self._contract.violations(
            operation, answer.status, answer.body, answer.headers, partial=answer.partial
        )
        if wrong:
            self.violations.extend(wrong)
            return json_response(500, {"message": f"The sandbox broke the contract: {'; '.join(wrong)}"})
        if answer.body is None:
            return Response(answer.status, dict(answer.headers))
        return json_response(answer.status, answer.body, answer.headers)

    def _admit(self, request: Request, operation: Operation) -> None:
        credential = self._gate.credential(request.headers.get("Authorization"))
        if credential is None or (credential.scopes is None and not operation.allows_basic):
            raise Refusal(401, "Invalid access token")
        held = operation.scopes if credential.scopes is None else credential.scopes
        missing = [scope for scope in operation.scopes if scope not in held]
        if missing:
            raise Refusal(403, f"The access token lacks the scope {' and '.join(missing)}")

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
        body: Any
        if kind == _FORM:
            body = self._contract.form(operation, request.body.decode("utf-8", "replace"))
        else:
            body = _readjson_response(request.body)
        self._contract.check_body(operation, body)
        return _whole(body)


def _whole(value: Any) -> Any:
    """The same JSON with 5 in place of 5.0: to a schema both are integers, to Python one is not."""
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _readjson_response(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise invalid("$.body", f"This is not JSON: {error}", "VALIDATION_INVALID_JSON") from error


def _compressed(request: Request, response: Response) -> Response:
    if len(response.body) > _COMPRESS_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.body = gzip.compress(response.body, compresslevel=1, mtime=0)
        response.headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return response
