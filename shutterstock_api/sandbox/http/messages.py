"""Requests, responses, and refusals that become responses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

#: The longest body that is read; an upload of 10 MB grows by a third in Base64.
MAX_BODY = 20_000_000
JSON = "application/json; charset=utf-8"


class Headers(Mapping[str, str]):
    """Headers by name, upper or lower case."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {name.lower(): value for name, value in pairs.items()}

    def __getitem__(self, name: str) -> str:
        return self._pairs[name.lower()]

    def __iter__(self) -> Any:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __repr__(self) -> str:
        return f"Headers({self._pairs!r})"


@dataclass(frozen=True)
class Request:
    """An unchanged request; `path` and `query` are still percent-encoded."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes

    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


@dataclass
class Response:
    """A response to send."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: Close the connection without sending anything.
    drop: bool = False
    #: Send only this many bytes of the body that `Content-Length` announces, then close.
    truncate: int | None = None
    #: Close the connection after the answer, without announcing it.
    hang_up: bool = False


def json_response(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A response with JSON."""
    return Response(status, {"Content-Type": JSON, **(headers or {})}, msgspec.json.encode(body))


class Refusal(Exception):
    """A request that cannot be served."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors: list[dict[str, str]] = errors or []
        self.headers: dict[str, str] = headers or {}

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of the refusal."""
        return {"message": self.message, "errors": self.errors} if self.errors else {"message": self.message}

    def response(self) -> Response:
        """The response with the refusal."""
        return json_response(self.status, self.body, self.headers)


def invalid(
    path: str, message: str, code: str = "VALIDATION_INVALID_VALUE", data: str | None = None
) -> Refusal:
    """A 400 with one entry in `errors`."""
    error = {"code": code, "message": message, "path": path}
    return Refusal(400, "Validation failed", [error if data is None else {**error, "data": data}])


def not_found() -> Refusal:
    """The 404 of the service."""
    return Refusal(404, "Not Found")
